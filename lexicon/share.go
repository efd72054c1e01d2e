package lexicon

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of what comes from outside. Our own export of the shipped entries is
// half as large.
const (
	MaxShareBytes   = 128 << 20 // of a file
	MaxShareObjects = 200_000   // clusters or STIX objects of a file
	MaxShareLosses  = 1_000_000 // lines of a loss list
	maxShareDepth   = 16        // levels of JSON
	maxShareString  = 64 << 10  // bytes of one JSON string

	maxEntryBytes   = 200 // of an entry's text
	maxNameBytes    = 64  // of a sense, region or platform
	maxReadings     = 16  // innocent readings of an entry
	maxReadingWords = 64  // of one reading
)

// ImportStrength is the weight of every imported entry, whatever the outside
// says: far from firm (1), until an analyst has reviewed it.
const ImportStrength = 0.3

// Loss is something that an exchange did not carry.
type Loss struct {
	Object string `json:"object,omitempty"` // as the outside names it; empty: not one alone
	Field  string `json:"field"`
	Why    string `json:"why"`
	Count  int    `json:"count"` // objects or entries that it concerns
}

// refused begins why an object became no entry at all.
const refused = "refused: "

const (
	otherSource = "left out: the source is the one that the import names"
	otherWeight = "left out: what an entry weighs is for those who review it"
)

// Refused says that the object became no entry, rather than a poorer one.
func (l Loss) Refused() bool { return strings.HasPrefix(l.Why, refused) }

// ExportOptions say what an export holds. At dates the document.
type ExportOptions struct {
	At time.Time
	// Exploitation includes the category exploitation-coded. Vetted lists of it
	// are an agency's own, so it stays out unless asked for.
	Exploitation bool
}

// ImportOptions say where an import comes from and what to think of objects
// that do not say. Language, Category, Family and Sense stand in where an
// object has none of its own; empty, such an object is refused by name.
type ImportOptions struct {
	Known                             []*Lexicon // whose families are known
	Language, Category, Family, Sense string
}

// Imported is what a file from outside brought. Its entries have no source, no
// reviewer and the weight of an import; [Merge] gives them the source.
type Imported struct {
	Entries []Entry
	Losses  []Loss
	Objects int // clusters or indicators read

	seen map[string]bool
	opt  ImportOptions
}

// exported chooses the entries of an export and says what stays behind.
func (l *Lexicon) exported(opt ExportOptions) (out []Entry, losses []Loss) {
	tally := map[string]int{}
	for e := range l.Entries {
		if e.Family == "innocent" && e.Category == About.String() && e.Sense == "innocent-reading" {
			continue // the words of a reading travel with their entry
		}
		if e.Category == ExploitationCoded.String() && !opt.Exploitation {
			tally["entry"]++
			continue
		}
		out = append(out, e)
		tally["weight"]++
		if e.Reviewer != "" {
			tally["reviewer"]++
		}
		if strings.ContainsAny(e.Text, "*<") || strings.Contains(e.Text, "..") {
			tally["text"]++
		}
	}
	slices.SortFunc(out, func(x, y Entry) int { return cmp.Compare(x.ID, y.ID) })
	for _, w := range [...]struct{ field, why string }{
		{"entry", "entries of exploitation-coded stay out unless asked for"},
		{"weight", "what an entry weighs is our judgement and means nothing beside other weights"},
		{"reviewer", "the names of staff do not leave"},
		{"text", "stars, <n> and .. are read as such by Ronde alone"},
	} {
		if n := tally[w.field]; n > 0 {
			losses = append(losses, Loss{Field: w.field, Why: w.why, Count: n})
		}
	}
	if len(out) > MaxShareObjects {
		losses = append(losses, Loss{Field: "entry", Why: fmt.Sprintf("an import of ours refuses a file of more than %d: export folders apart", MaxShareObjects), Count: len(out)})
	}
	return out, append(losses,
		Loss{Field: "disguise", Why: "what the engine undoes (look-alikes, spacing, leet) is no part of an entry", Count: len(out)},
		Loss{Field: "recogniser", Why: "prices, quantities, hours and telephones are recognised by code", Count: l.recog.n})
}

// HasFamily says whether a category has a family of that name.
func (l *Lexicon) HasFamily(category, family string) bool {
	_, ok := l.famByKey[category+"/"+family]
	return ok
}

func newImported(opt ImportOptions) *Imported {
	return &Imported{seen: map[string]bool{}, opt: opt}
}

func (im *Imported) lose(object, field, why string) {
	if len(im.Losses) == MaxShareLosses {
		im.Losses = append(im.Losses, Loss{Field: "loss list", Why: fmt.Sprintf("longer than %d lines; counted on this one", MaxShareLosses)})
	}
	if len(im.Losses) > MaxShareLosses {
		im.Losses[MaxShareLosses].Count++
		return
	}
	im.Losses = append(im.Losses, Loss{object, field, why, 1})
}

// take judges one candidate: what is wrong with its heart refuses it, what is
// wrong beside it is left out, and both are said.
func (im *Imported) take(object string, e Entry) {
	e.Language, e.Category = cmp.Or(e.Language, im.opt.Language), cmp.Or(e.Category, im.opt.Category)
	e.Family = cmp.Or(e.Family, im.opt.Family)
	e.Sense = cmp.Or(e.Sense, im.opt.Sense, e.Family)
	e.Text = singleSpaced(e.Text)
	if field, why := im.refuse(e); field != "" {
		im.lose(object, field, refused+why)
		return
	}
	e.ID = e.Language + "/" + e.Category + "/" + e.Family + "/" + e.Text
	if im.seen[e.ID] {
		im.lose(object, "text", refused+"the file has this entry twice")
		return
	}
	im.seen[e.ID] = true
	im.mend(object, &e)
	e.Strength = ImportStrength
	im.Entries = append(im.Entries, e)
}

// refuse says what makes a candidate no entry of ours.
func (im *Imported) refuse(e Entry) (field, why string) {
	switch _, known := ParseCategory(e.Category); {
	case e.Category == "":
		return "category", "it says none"
	case !known:
		return "category", fmt.Sprintf("unknown category %q", short(e.Category))
	}
	switch _, known := languageBit(e.Language); {
	case e.Language == "":
		return "language", "it says none"
	case !known:
		return "language", fmt.Sprintf("unknown language %q", short(e.Language))
	}
	switch {
	case e.Family == "":
		return "family", "it says none"
	case !im.knows(e.Category, e.Family):
		return "family", fmt.Sprintf("unknown family %q of %s", short(e.Family), e.Category)
	case !name.MatchString(e.Sense):
		return "sense", "want up to 64 small letters, digits and hyphens"
	}
	if why := badText(e.Text); why != "" {
		return "text", why
	}
	return "", ""
}

func (im *Imported) knows(category, family string) bool {
	return slices.ContainsFunc(im.opt.Known, func(l *Lexicon) bool { return l.HasFamily(category, family) })
}

var (
	name   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	place  = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}.:/+_-]{0,63}$`)
	aMonth = regexp.MustCompile(`^(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$`)
)

// mend leaves out what would not stand in a file of ours.
func (im *Imported) mend(object string, e *Entry) {
	switch e.Confidence {
	case "high", "medium", "low":
	case "":
		e.Confidence = "low"
		im.lose(object, "confidence", "it says none: low")
	default:
		im.lose(object, "confidence", fmt.Sprintf("%q is not high, medium or low: low", short(e.Confidence)))
		e.Confidence = "low"
	}
	for _, f := range [...]struct {
		name  string
		value *string
		form  *regexp.Regexp
	}{{"region", &e.Region, place}, {"platform", &e.Platform, place}, {"first seen", &e.FirstSeen, aMonth}, {"last seen", &e.LastSeen, aMonth}} {
		if *f.value != "" && !f.form.MatchString(*f.value) {
			im.lose(object, f.name, "left out: not of the form that an entry has")
			*f.value = ""
		}
	}
	if e.Reviewer != "" {
		im.lose(object, "reviewer", "left out: nobody of ours has reviewed it")
		e.Reviewer = ""
	}
	var kept []InnocentReading
	for _, in := range e.Innocent {
		if why := badReading(in); why != "" || len(kept) == maxReadings {
			im.lose(object, "innocent reading", "left out: "+cmp.Or(why, fmt.Sprintf("more than %d", maxReadings)))
			continue
		}
		kept = append(kept, in)
	}
	e.Innocent = kept
}

// badText says why a text cannot stand in an entries file, or nothing.
func badText(text string) string {
	switch {
	case text == "":
		return "it is empty"
	case len(text) > maxEntryBytes:
		return fmt.Sprintf("it is longer than %d bytes", maxEntryBytes)
	case strings.ContainsAny(text, ",|\n\r"):
		return "a comma, a bar or a line's end separates entries"
	case strings.ContainsAny(text[:1], "#[!"):
		return "it begins with a sign that means something in our files"
	}
	for _, r := range text {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return "it has a control character or one that is no character"
		}
	}
	if err := newIndex().add(canonical(text)); err != nil {
		_, why, _ := strings.Cut(err.Error(), ": ")
		return cmp.Or(why, err.Error())
	}
	return ""
}

func badReading(in InnocentReading) string {
	switch {
	case in.Reading == "" || len(in.Reading) > maxEntryBytes || strings.ContainsAny(in.Reading, "|:\n\r"):
		return "it has no name that our files can hold"
	case len(in.Words) == 0 || len(in.Words) > maxReadingWords:
		return fmt.Sprintf("want 1 to %d words that show it", maxReadingWords)
	}
	for _, w := range in.Words {
		if why := badText(w); why != "" || w != singleSpaced(w) {
			return "a word that shows it cannot stand in our files"
		}
	}
	return ""
}

// short bounds what a stranger wrote before it is said again.
func short(s string) string {
	if len(s) <= maxNameBytes {
		return s
	}
	return strings.ToValidUTF8(s[:maxNameBytes], "") + "…"
}
