package lexicon

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// GalaxyType is the type that ties our galaxy to its clusters, and the name
// that both files have in MISP's folders galaxies/ and clusters/.
const GalaxyType = "ronde-coded-offers"

// mispGalaxy and mispCluster have the fields of schema_galaxies.json and
// schema_clusters.json of the MISP galaxy repository, in the order in which it
// keeps them: sorted.
type mispGalaxy struct {
	Description string `json:"description"`
	Icon        string `json:"icon"`
	Name        string `json:"name"`
	Namespace   string `json:"namespace"`
	Type        string `json:"type"`
	UUID        string `json:"uuid"`
	Version     int    `json:"version"`
}

type mispCluster struct {
	Authors     []string    `json:"authors"`
	Category    string      `json:"category"`
	Description string      `json:"description"`
	Name        string      `json:"name"`
	Source      string      `json:"source"`
	Type        string      `json:"type"`
	UUID        string      `json:"uuid"`
	Values      []mispValue `json:"values"`
	Version     int         `json:"version"`
}

type mispValue struct {
	Description string         `json:"description"`
	Meta        map[string]any `json:"meta"` // strings and lists of strings
	UUID        string         `json:"uuid"`
	Value       string         `json:"value"`
}

const (
	galaxyName = "Coded offers in public posts"
	galaxyText = "Words and emoji by which offers and recruitment are coded in public posts. One of them alone proves nothing: each has innocent readings, and a finding needs two kinds of evidence."
)

func (o ExportOptions) version() int {
	n, _ := strconv.Atoi(o.At.UTC().Format("20060102")) // digits by its form
	return n
}

// WriteGalaxy writes the galaxy file that the clusters of [Lexicon.WriteMISP]
// belong to.
func WriteGalaxy(w io.Writer, opt ExportOptions) error {
	return writeShared(w, mispGalaxy{galaxyText, "comments", galaxyName, "ronde", GalaxyType, uuidOf("galaxy"), opt.version()})
}

// WriteMISP writes the entries as a MISP galaxy cluster file and returns what
// it could not carry.
func (l *Lexicon) WriteMISP(w io.Writer, opt ExportOptions) ([]Loss, error) {
	entries, losses := l.exported(opt)
	out := mispCluster{[]string{"Ronde lexicon"}, "coded-offer", galaxyText, galaxyName, "Ronde lexicon " + l.Hash(),
		GalaxyType, uuidOf("cluster"), make([]mispValue, 0, len(entries)), opt.version()}
	for _, e := range entries {
		out.Values = append(out.Values, mispOf(e))
	}
	return losses, writeShared(w, out)
}

// mispOf puts what MISP has a field for into that field and the rest into
// meta, which is free in form.
func mispOf(e Entry) mispValue {
	meta := map[string]any{"synonyms": []string{e.Text}, "language": e.Language, "category": e.Category, "family": e.Family, "sense": e.Sense,
		"confidence": e.Confidence, "source-key": e.Source, "reliability": e.Reliability}
	for key, value := range map[string]string{"region": e.Region, "platform": e.Platform, "first-seen": e.FirstSeen, "last-seen": e.LastSeen} {
		if value != "" {
			meta[key] = value
		}
	}
	if isWeb(e.SourceURL) {
		meta["refs"] = []string{e.SourceURL}
	}
	if e.Backwards {
		meta["read-backwards"] = "yes"
	}
	var readings []string
	for _, in := range e.Innocent {
		readings = append(readings, in.Reading+": "+strings.Join(in.Words, ", "))
	}
	if readings != nil {
		meta["innocent-readings"] = readings
	}
	return mispValue{describe(e), meta, uuidOf("entry/" + e.ID), e.ID}
}

func describe(e Entry) string {
	return fmt.Sprintf("%q: %s, %s (%s), language %s.", e.Text, e.Category, e.Family, e.Sense, e.Language)
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}

// ImportMISP reads a MISP galaxy cluster file. Its errors name the place; what
// of a single cluster was not taken is in the loss list.
func ImportMISP(r io.Reader, opt ImportOptions) (*Imported, error) {
	im := newImported(opt)
	top, err := readShared(r, "values", func(v map[string]any) error { im.mispValue(v); return nil })
	if err != nil {
		return nil, err
	}
	if _, ok := top["values"]; !ok {
		return nil, fmt.Errorf(`read file: it has no "values": not a MISP galaxy cluster file`)
	}
	for _, key := range slices.Sorted(maps.Keys(top)) {
		if !slices.Contains(mispTop, key) {
			im.lose("", short(key), "not understood")
		}
	}
	return im, nil
}

// mispTop are the fields about the file as a whole. None of them says anything
// of an entry.
var mispTop = []string{"authors", "category", "description", "name", "source", "type", "uuid", "values", "version"}

// mispValue reads one cluster.
func (im *Imported) mispValue(v map[string]any) {
	im.Objects++
	value, ok := str(v, "value")
	object := short(value)
	if !ok || value == "" {
		im.lose(fmt.Sprintf("cluster %d", im.Objects), "value", refused+"it has none that is a string")
		return
	}
	for _, key := range slices.Sorted(maps.Keys(v)) {
		switch key {
		case "value", "description", "uuid", "meta":
		default:
			im.lose(object, short(key), "not carried over")
		}
	}
	meta, ok := v["meta"].(map[string]any)
	if _, there := v["meta"]; there && !ok {
		im.lose(object, "meta", "not understood")
	}
	im.mispEntries(object, value, meta)
}

// mispEntries makes the entries of a cluster: its synonyms when it is one of
// ours, whose value is an identifier; else its value and its synonyms.
func (im *Imported) mispEntries(object, value string, meta map[string]any) {
	var e Entry
	fields := map[string]*string{"language": &e.Language, "category": &e.Category, "family": &e.Family, "sense": &e.Sense,
		"confidence": &e.Confidence, "region": &e.Region, "platform": &e.Platform, "first-seen": &e.FirstSeen, "last-seen": &e.LastSeen,
		"reviewer": &e.Reviewer}
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(meta)) {
		list, ok := strs(meta[key])
		switch to := fields[key]; {
		case !ok:
			im.lose(object, "meta."+short(key), "not understood: neither a string nor a list of strings")
		case key == "synonyms":
			texts = list
		case key == "innocent-readings":
			e.Innocent = im.mispReadings(object, list)
		case key == "read-backwards":
			e.Backwards = len(list) == 1 && list[0] == "yes"
		case key == "refs" || key == "source-key" || key == "reliability":
			im.lose(object, "meta."+key, otherSource)
		case key == "weight":
			im.lose(object, "meta."+key, otherWeight)
		case to == nil:
			im.lose(object, "meta."+short(key), "not understood")
		case len(list) != 1:
			im.lose(object, "meta."+key, fmt.Sprintf("left out: want one string, got %d", len(list)))
		default:
			*to = list[0]
		}
	}
	if prefix := e.Language + "/" + e.Category + "/" + e.Family + "/"; !strings.HasPrefix(value, prefix) || len(texts) == 0 {
		texts = append([]string{value}, texts...)
	}
	for _, text := range texts {
		e.Text = text
		im.take(object, e)
	}
}

func (im *Imported) mispReadings(object string, list []string) (out []InnocentReading) {
	for _, s := range list {
		reading, words, ok := strings.Cut(s, ":")
		if !ok {
			im.lose(object, "innocent reading", `left out: want "reading: word, word"`)
			continue
		}
		out = append(out, InnocentReading{strings.TrimSpace(reading), commas(words)})
	}
	return out
}

// commas cuts a list as our files do.
func commas(list string) (out []string) {
	for _, w := range strings.Split(list, ",") {
		if w = singleSpaced(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}
