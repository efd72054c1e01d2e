package lexicon

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var shareDay = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// formats are both ways of exchange.
var formats = map[string]struct {
	write func(*Lexicon, io.Writer, ExportOptions) ([]Loss, error)
	read  func(io.Reader, ImportOptions) (*Imported, error)
}{
	"misp": {(*Lexicon).WriteMISP, ImportMISP},
	"stix": {(*Lexicon).WriteSTIX, ImportSTIX},
}

// sharedForTest is the shipped lexicon, and the least number of its entries; under the
// race detector one language of it.
func sharedForTest(t testing.TB) (*Lexicon, int) {
	t.Helper()
	if !underRace {
		return shippedForTest(t), 30_000
	}
	some := fstest.MapFS{}
	names, err := fs.Glob(shipped, "entries/et/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, "sources.txt") {
		data, err := fs.ReadFile(shipped, name)
		if err != nil {
			t.Fatal(err)
		}
		some[name] = &fstest.MapFile{Data: data}
	}
	l, err := Load(some)
	if err != nil {
		t.Fatal(err)
	}
	return l, 1000
}

// mergedInto imports into a folder that has nothing yet.
func mergedInto(t testing.TB, im *Imported) *Lexicon {
	t.Helper()
	files, losses, err := Merge(fstest.MapFS{}, im, Source{"partner-x", "2026-11", "https://partner.example/list"})
	if err != nil || len(losses) != 0 {
		t.Fatal(err, losses)
	}
	l, err := Load(mapped(files))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func mapped(files map[string][]byte) fs.FS {
	out := fstest.MapFS{}
	for name, data := range files {
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}

// without blanks what an import says it does not take over.
func without(entries []Entry) map[string]Entry {
	out := map[string]Entry{}
	for _, e := range entries {
		e.Source, e.SourceURL, e.SourceDate, e.Reliability, e.Reviewer, e.Strength, e.Weight, e.File, e.Line = "", "", "", "", "", 0, 0, "", 0
		out[e.ID] = e
	}
	return out
}

// TestShareRoundTrip: what is exported, imported and exported again is the
// same apart from the loss list, for every shipped entry.
func TestShareRoundTrip(t *testing.T) {
	l, least := sharedForTest(t)
	opt := ExportOptions{At: shareDay, Exploitation: true}
	for name, f := range formats {
		t.Run(name, func(t *testing.T) {
			var first, second, third bytes.Buffer
			losses, err := f.write(l, &first, opt)
			if err != nil || len(losses) < 3 {
				t.Fatal(err, losses)
			}
			im, err := f.read(bytes.NewReader(first.Bytes()), ImportOptions{Known: []*Lexicon{l}})
			if err != nil {
				t.Fatal(err)
			}
			for _, loss := range im.Losses {
				if loss.Why != otherSource {
					t.Fatalf("not carried: %+v", loss)
				}
			}
			b := mergedInto(t, im)
			want, _ := l.exported(opt)
			got, _ := b.exported(opt)
			if len(got) != len(want) || len(want) < least {
				t.Fatalf("%d entries came back, %d went out", len(got), len(want))
			}
			back := without(got)
			for id, e := range without(want) {
				if fmt.Sprintf("%+v", back[id]) != fmt.Sprintf("%+v", e) {
					t.Fatalf("went out %+v\ncame back %+v", e, back[id])
				}
			}
			for _, e := range got {
				if e.Strength != ImportStrength || e.Reliability != "U" || e.Reviewer != "" || e.Source != "partner-x" {
					t.Fatalf("trusted what is from outside: %+v", e)
				}
			}
			if _, err := f.write(b, &second, opt); err != nil {
				t.Fatal(err)
			}
			im, err = f.read(bytes.NewReader(second.Bytes()), ImportOptions{Known: []*Lexicon{l}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.write(mergedInto(t, im), &third, opt); err != nil || !bytes.Equal(second.Bytes(), third.Bytes()) {
				t.Fatal("an import of our own export changes it", err)
			}
		})
	}
}

// TestExportKeepsStaffAndVettedLists: names of reviewers do not leave, vetted
// lists only when asked for, and the loss list says both.
func TestExportKeepsStaffAndVettedLists(t *testing.T) {
	l, err := Load(fstest.MapFS{
		"sources.txt":                        {Data: []byte("own U 2026-11 docs/lexicon.md\n")},
		"entries/fr/drugs-offer.txt":         {Data: []byte("[product] reviewer=inv-handle-7\nzigouigoui\n")},
		"entries/mul/exploitation-coded.txt": {Data: []byte("[sign]\nzogzog\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range formats {
		var b, all bytes.Buffer
		losses, err := f.write(l, &b, ExportOptions{At: shareDay})
		if err != nil || strings.Contains(b.String(), "inv-handle-7") || strings.Contains(b.String(), "zogzog") || !strings.Contains(b.String(), "zigouigoui") {
			t.Errorf("%s: %v\n%s", name, err, &b)
		}
		said := map[string]int{}
		for _, loss := range losses {
			said[loss.Field] = loss.Count
		}
		if said["reviewer"] != 1 || said["entry"] != 1 || said["weight"] != 1 {
			t.Errorf("%s: not said: %v", name, said)
		}
		if _, err := f.write(l, &all, ExportOptions{At: shareDay, Exploitation: true}); err != nil || !strings.Contains(all.String(), "zogzog") {
			t.Errorf("%s: asked for and not there: %v", name, err)
		}
	}
}

// TestExportHasWhatTheFormatsRequire checks every object against the required
// and the allowed fields of the MISP galaxy schemas and of STIX 2.1.
func TestExportHasWhatTheFormatsRequire(t *testing.T) {
	l := shippedForTest(t)
	need := func(where string, o map[string]any, required, allowed string) {
		t.Helper()
		for _, key := range strings.Fields(required) {
			if v, ok := o[key]; !ok || v == "" {
				t.Fatalf("%s has no %s", where, key)
			}
		}
		for key := range o {
			if !slices.Contains(strings.Fields(required+" "+allowed), key) {
				t.Fatalf("%s has %s", where, key)
			}
		}
	}
	var galaxy, cluster, bundle bytes.Buffer
	if err := WriteGalaxy(&galaxy, ExportOptions{At: shareDay}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.WriteMISP(&cluster, ExportOptions{At: shareDay}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.WriteSTIX(&bundle, ExportOptions{At: shareDay}); err != nil {
		t.Fatal(err)
	}
	g, c, b := parsed(t, galaxy.Bytes()), parsed(t, cluster.Bytes()), parsed(t, bundle.Bytes())
	need("galaxy", g, "description icon name namespace type uuid version", "kill_chain_order")
	need("cluster file", c, "authors category description name source type uuid values version", "")
	if g["type"] != c["type"] || g["version"] != 20261122.0 {
		t.Error("galaxy and clusters do not belong together", g["type"], c["type"], g["version"])
	}
	seen := map[string]bool{}
	for _, v := range c["values"].([]any) {
		v := v.(map[string]any)
		need("cluster", v, "value description uuid meta", "")
		key := strings.ToLower(v["value"].(string))
		if seen[key] || seen[v["uuid"].(string)] {
			t.Fatalf("%s twice", key)
		}
		seen[key], seen[v["uuid"].(string)] = true, true
		for k, m := range v["meta"].(map[string]any) {
			if list, ok := strs(m); !ok || slices.Contains(list, "") {
				t.Fatalf("%s: meta %s", key, k)
			}
		}
	}
	needs := map[string]string{
		"identity":             "type spec_version id created modified name identity_class",
		"extension-definition": "type spec_version id created_by_ref created modified name schema version extension_types description",
		"indicator":            "type spec_version id created modified pattern pattern_type valid_from",
	}
	may := "created_by_ref name description indicator_types labels confidence external_references extensions"
	for _, o := range b["objects"].([]any) {
		o := o.(map[string]any)
		kind := o["type"].(string)
		need(kind, o, needs[kind], map[string]string{"indicator": may}[kind])
		if !stixID.MatchString(o["id"].(string)) || !strings.HasPrefix(o["id"].(string), kind+"--") || o["spec_version"] != "2.1" || seen[o["id"].(string)] {
			t.Fatalf("%v", o)
		}
		seen[o["id"].(string)] = true
		from, err := time.Parse(stixTime, o["created"].(string))
		to, err2 := time.Parse(stixTime, o["modified"].(string))
		if err != nil || err2 != nil || to.Before(from) {
			t.Fatalf("%v", o)
		}
	}
}

func parsed(t *testing.T, data []byte) (out map[string]any) {
	t.Helper()
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// foreignCluster has the shape of a cluster file of the MISP galaxy
// repository, with invented content.
const foreignCluster = `{
  "authors": ["Invented Desk"], "category": "slang", "description": "Invented list.", "name": "Invented slang", "source": "Open Source Intelligence",
  "type": "invented-slang", "uuid": "d7dd3f0c-de73-4148-a786-f8ad3661d290", "version": 3, "values": [
    {"description": "first", "meta": {"refs": ["https://list.example/1"], "synonyms": ["zabriska blanche", "[x"], "type": ["cryptojacker"], "complexity": "High"},
     "related": [{"dest-uuid": "20e563b0-f0c9-4253-aedd-a4542d6689ed", "tags": ["estimative-language:likelihood-probability=\"likely\""], "type": "similar"}],
     "uuid": "fa9cbe22-0ef7-4fbd-8a33-ce395eaa6df9", "value": "zabriska"},
    {"value": "zogue*", "meta": {"confidence": "certain", "innocent-readings": ["jardin: pelouse, tuteur", "sans mots"], "first-seen": "last year", "reviewer": "somebody", "weight": "3"}},
    {"value": "zabriska"},
    {"value": 7},
    {"value": "zix", "meta": {"family": "no-such-family"}},
    {"value": "zix", "meta": {"category": "no-such-category"}},
    {"value": "zix", "meta": {"language": "xx"}}
  ]}`

func TestForeignGalaxy(t *testing.T) {
	l := shippedForTest(t)
	im, err := ImportMISP(strings.NewReader(foreignCluster), ImportOptions{Known: []*Lexicon{l}, Language: "fr", Category: "drugs-offer", Family: "product"})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, e := range im.Entries {
		texts = append(texts, e.Text)
		if e.Strength != ImportStrength || e.Confidence != "low" || e.Reviewer != "" || e.FirstSeen != "" || e.Sense != "product" {
			t.Errorf("%+v", e)
		}
	}
	if !slices.Equal(texts, []string{"zabriska", "zabriska blanche", "zogue*"}) {
		t.Errorf("%q", texts)
	}
	said := map[string]string{}
	for _, loss := range im.Losses {
		said[loss.Object+"|"+loss.Field] = loss.Why
	}
	for at, why := range map[string]string{
		"zabriska|meta.refs":       otherSource,
		"zabriska|related":         "not carried over",
		"zabriska|meta.complexity": "not understood",
		"zabriska|text":            refused, // "[x" and the second cluster
		"zogue*|confidence":        `"certain" is not`,
		"zogue*|innocent reading":  "left out",
		"zogue*|first seen":        "left out",
		"zogue*|reviewer":          "left out",
		"zogue*|meta.weight":       otherWeight,
		"cluster 4|value":          refused,
		"zix|family":               refused + `unknown family "no-such-family"`,
		"zix|category":             refused + `unknown category "no-such-category"`,
		"zix|language":             refused + `unknown language "xx"`,
	} {
		if !strings.HasPrefix(said[at], why) {
			t.Errorf("%s: said %q", at, said[at])
		}
	}
	if im, err = ImportMISP(strings.NewReader(foreignCluster), ImportOptions{Known: []*Lexicon{l}}); err != nil || len(im.Entries) != 0 {
		t.Error("a list that does not say what it is about became entries", err, im.Entries)
	}
}

// stixWith is a bundle with one indicator, changed by edit.
func stixWith(edit func(o, ours map[string]any)) string {
	ours := map[string]any{"extension_type": "property-extension", "entry_text": "zabriska*", "entry_language": "fr", "category": "drugs-offer", "family": "product", "sense": "powder"}
	o := map[string]any{"type": "indicator", "spec_version": "2.1", "id": "indicator--d81f86b9-975b-4c0b-875e-810c5ad45a4f", "created": "2026-06-29T13:49:37.079Z",
		"modified": "2026-06-29T13:49:37.079Z", "name": "zabriska", "indicator_types": []string{"malicious-activity"}, "pattern": "zabriska", "pattern_type": "pcre",
		"valid_from": "2026-06-29T13:49:37.079Z", "confidence": 50, "extensions": map[string]any{stixExtensionID: ours}}
	edit(o, ours)
	text, _ := json.Marshal(map[string]any{"type": "bundle", "id": "bundle--44af6c39-c09b-49c5-9de2-394224b04982", "objects": []any{o}})
	return string(text)
}

func TestForeignIndicators(t *testing.T) {
	l := shippedForTest(t)
	for name, test := range map[string]struct {
		edit  func(o, ours map[string]any)
		taken int
		said  Loss // field and the beginning of why; empty: nothing is lost
	}{
		"as it should be": {func(o, ours map[string]any) {}, 1, Loss{}},
		"a STIX pattern as in the specification": {func(o, ours map[string]any) {
			o["pattern"], o["pattern_type"] = "[url:value = 'http://x4z9arb.example/4712/']", "stix"
			delete(o, "extensions")
		}, 0, Loss{Field: "extensions", Why: refused + `without our extension; a pattern of type "stix"`}},
		"no pattern":      {func(o, ours map[string]any) { delete(o, "pattern") }, 0, Loss{Field: "pattern", Why: refused + "STIX 2.1 requires"}},
		"no valid_from":   {func(o, ours map[string]any) { delete(o, "valid_from") }, 0, Loss{Field: "valid_from", Why: refused}},
		"version 2.0":     {func(o, ours map[string]any) { o["spec_version"] = "2.0" }, 0, Loss{Field: "spec_version", Why: refused}},
		"revoked":         {func(o, ours map[string]any) { o["revoked"] = true }, 0, Loss{Field: "revoked", Why: refused}},
		"no identifier":   {func(o, ours map[string]any) { o["id"] = "indicator--1" }, 0, Loss{Field: "id", Why: refused}},
		"another type":    {func(o, ours map[string]any) { o["type"] = "malware" }, 0, Loss{Field: "type", Why: `objects of type "malware"`}},
		"marked":          {func(o, ours map[string]any) { o["object_marking_refs"] = []string{"marking-definition--x"} }, 1, Loss{Field: "object_marking_refs", Why: "left out"}},
		"kill chain":      {func(o, ours map[string]any) { o["kill_chain_phases"] = []any{} }, 1, Loss{Field: "kill_chain_phases", Why: "not carried"}},
		"an unknown word": {func(o, ours map[string]any) { ours["colour"] = "blue" }, 1, Loss{Field: "colour", Why: "not understood"}},
		"a weight":        {func(o, ours map[string]any) { ours["weight"] = 3 }, 1, Loss{Field: "weight", Why: otherWeight}},
		"a reviewer":      {func(o, ours map[string]any) { ours["reviewer"] = "somebody" }, 1, Loss{Field: "reviewer", Why: "left out"}},
		"text a number":   {func(o, ours map[string]any) { ours["entry_text"] = 7 }, 0, Loss{Field: "entry_text", Why: refused}},
		"confidence 101":  {func(o, ours map[string]any) { o["confidence"] = 101 }, 1, Loss{Field: "confidence", Why: "left out"}},
		"two lines":       {func(o, ours map[string]any) { ours["entry_text"] = "a\n[product] weight=3\nb" }, 0, Loss{}},
		"a wide star":     {func(o, ours map[string]any) { ours["entry_text"] = "a*" }, 0, Loss{Field: "text", Why: refused + "a star needs"}},
		"only a star":     {func(o, ours map[string]any) { ours["entry_text"] = "*" }, 0, Loss{Field: "text", Why: refused}},
		"too long":        {func(o, ours map[string]any) { ours["entry_text"] = strings.Repeat("z", maxEntryBytes+1) }, 0, Loss{Field: "text", Why: refused + "it is longer than 200"}},
		"an attribute":    {func(o, ours map[string]any) { ours["sense"] = "powder weight=3" }, 0, Loss{Field: "sense", Why: refused}},
		"a region's tail": {func(o, ours map[string]any) { ours["region"] = "fr weight=3" }, 1, Loss{Field: "region", Why: "left out"}},
	} {
		im, err := ImportSTIX(strings.NewReader(stixWith(test.edit)), ImportOptions{Known: []*Lexicon{l}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "two lines" { // white space in a text is one space
			if len(im.Entries) != 0 && im.Entries[0].Text != "a [product] weight=3 b" {
				t.Errorf("%s: %q", name, im.Entries[0].Text)
			}
			mergedInto(t, im)
			continue
		}
		said := slices.ContainsFunc(im.Losses, func(l Loss) bool { return l.Field == test.said.Field && strings.HasPrefix(l.Why, test.said.Why) })
		if len(im.Entries) != test.taken || test.said.Field == "" != (len(im.Losses) == 0) || test.said.Field != "" && !said {
			t.Errorf("%s: %d entries, %+v", name, len(im.Entries), im.Losses)
		}
		for _, e := range im.Entries {
			if e.Strength != ImportStrength || e.Reviewer != "" {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	deep := strings.Repeat(`{"a":`, maxShareDepth+1) + "1" + strings.Repeat("}", maxShareDepth+1)
	for name, test := range map[string]struct{ text, why string }{
		"empty":         {"", "not well-formed"},
		"cut":           {`{"values":[{"value":"a"`, "not well-formed"},
		"a list":        {`[]`, "not a JSON object"},
		"another file":  {`{"a":1}`, `no "values"`},
		"not a list":    {`{"values":{}}`, "not a list"},
		"not objects":   {`{"values":["a"]}`, "not an object"},
		"a key twice":   {`{"values":[{"value":"a","value":"b"}]}`, `key "value" twice`},
		"values twice":  {`{"values":[],"values":[]}`, `key "values" twice`},
		"deep":          {`{"values":[{"value":` + deep + `}]}`, "deeper than 16 levels"},
		"deep lists":    {strings.Repeat("[", 100_000), "deeper than 16 levels"},
		"bytes":         {"{\"values\":[{\"value\":\"\xff\"}]}", "not UTF-8"},
		"a long string": {`{"values":[{"value":"` + strings.Repeat("a", maxShareString+1) + `"}]}`, "longer than 65536 bytes"},
		"a tail":        {`{"values":[]} {}`, "something follows"},
		"too many":      {`{"values":[` + strings.Repeat("{},", MaxShareObjects) + `{}]}`, "more than 200000 objects"},
	} {
		if _, err := ImportMISP(strings.NewReader(test.text), ImportOptions{}); err == nil || !strings.Contains(err.Error(), test.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ImportMISP(io.LimitReader(endless{}, MaxShareBytes+10), ImportOptions{}); err == nil || !strings.Contains(err.Error(), "larger than 128 MiB") {
		t.Errorf("endless: %v", err)
	}
	for text, why := range map[string]string{
		`{"type":"report","id":"bundle--44af6c39-c09b-49c5-9de2-394224b04982"}`: "not a STIX bundle",
		`{"type":"bundle","id":"b"}`: "no identifier",
		`{"type":"bundle","id":"bundle--44af6c39-c09b-49c5-9de2-394224b04982","spec_version":"2.0"}`: "want STIX 2.1",
	} {
		if _, err := ImportSTIX(strings.NewReader(text), ImportOptions{}); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestMergeKeepsWhatIsThere: an import adds below, touches nothing above, and
// an approved source cannot vouch for it.
func TestMergeKeepsWhatIsThere(t *testing.T) {
	had := "# a note of ours\n[product powder] weight=1.5 reviewer=anna\nzog\n! zog | jeu: console"
	dir := fstest.MapFS{
		"sources.txt":                {Data: []byte("own U 2026-11 docs/lexicon.md\npress B 2026-11 https://press.example/")},
		"entries/fr/drugs-offer.txt": {Data: []byte(had)},
	}
	im := &Imported{Entries: []Entry{
		{ID: "fr/drugs-offer/product/zog", Text: "zog", Language: "fr", Category: "drugs-offer", Family: "product", Sense: "powder", Strength: ImportStrength, Confidence: "low"},
		{ID: "fr/drugs-offer/product/zug", Text: "zug", Language: "fr", Category: "drugs-offer", Family: "product", Sense: "powder", Strength: ImportStrength, Confidence: "low"},
	}}
	files, losses, err := Merge(dir, im, Source{"partner-x", "2026-11", "https://partner.example/"})
	if err != nil || len(losses) != 1 || losses[0].Object != "fr/drugs-offer/product/zog" {
		t.Fatal(err, losses)
	}
	text := string(files["entries/fr/drugs-offer.txt"])
	if !strings.HasPrefix(text, had) || strings.Count(text, "zog") != strings.Count(had, "zog") || !strings.Contains(text, "to be reviewed") || !strings.HasSuffix(text, "zug\n") {
		t.Errorf("%s", text)
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, []string{"entries/fr/drugs-offer.txt", "sources.txt"}) {
		t.Errorf("%v", got)
	}
	for _, src := range []Source{{"press", "2026-11", "https://press.example/"}, {"a b", "2026-11", "x"}, {"new", "yesterday", "x"}, {"new", "2026-11", "x y"}, {"new", "2026-11", ""}} {
		if _, _, err := Merge(dir, im, src); err == nil {
			t.Errorf("source %+v was taken", src)
		}
	}
}

// fuzzShare: whatever a file holds, what is taken of it loads, and nothing of
// it is trusted.
func fuzzShare(f *testing.F, read func(io.Reader, ImportOptions) (*Imported, error)) {
	l, err := Shipped()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		im, err := read(bytes.NewReader(data), ImportOptions{Known: []*Lexicon{l}, Language: "fr", Category: "drugs-offer", Family: "product"})
		if err != nil {
			return
		}
		for _, e := range im.Entries {
			if e.Strength != ImportStrength || e.Reviewer != "" || e.Source != "" {
				t.Fatalf("%+v", e)
			}
		}
		if len(im.Entries) == 0 {
			return
		}
		files, _, err := Merge(fstest.MapFS{}, im, Source{"partner-x", "2026-11", "x"})
		if err != nil {
			t.Fatal(err)
		}
		back, err := Load(mapped(files))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range im.Entries {
			e, ok := back.Entry(want.ID)
			if !ok || e.Strength != ImportStrength || len(e.Innocent) != len(want.Innocent) {
				t.Fatalf("%+v became %+v", want, e)
			}
		}
	})
}

func FuzzImportMISP(f *testing.F) {
	f.Add([]byte(foreignCluster))
	f.Add([]byte(`{"values":[{"value":"fr/drugs-offer/product/zog","meta":{"synonyms":["zog"],"innocent-readings":["a: b, c"],"read-backwards":"yes","last-seen":"2026-11-30"}}]}`))
	fuzzShare(f, ImportMISP)
}

func FuzzImportSTIX(f *testing.F) {
	f.Add([]byte(stixWith(func(o, ours map[string]any) {})))
	f.Add([]byte(stixWith(func(o, ours map[string]any) {
		ours["innocent_readings"] = []any{map[string]any{"reading": "jeu", "words": []string{"console"}}}
	})))
	fuzzShare(f, ImportSTIX)
}
