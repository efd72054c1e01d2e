package watch

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ronde/internal/errs"
	"ronde/lexicon"
)

// ProposalState is where a proposed entry stands.
type ProposalState string

// The states of a proposal.
const (
	Proposed ProposalState = "proposed"
	Trial    ProposalState = "trial" // counted in silence, flags nothing
	Live     ProposalState = "live"  // part of the lexicon
	Retired  ProposalState = "retired"
	Refused  ProposalState = "refused"
)

// TrialFor is the shortest silent trial, and TrialPosts the fewest posts it
// must have seen.
const (
	TrialFor   = 7 * day
	TrialPosts = 1000

	maxCode    = 80   // letters
	maxSaid    = 2000 // letters of evidence
	maxInnocen = 20   // innocent readings
)

// Code is a proposed entry of the lexicon.
type Code struct {
	Language string // of lexicon.Languages
	Category string
	Family   string // "product", "place", …
	Sense    string // one word: "cocaine", "pick-up"
	Text     string
	Innocent []lexicon.InnocentReading
	Evidence string // where it was seen and why it means that
	Retires  bool   `json:",omitempty"` // an entry that was loaded is to be taken out
}

// Proposal is a code on its way into the lexicon, or out of it.
type Proposal struct {
	ID string
	Code
	State      ProposalState
	Proposer   string // service handles
	Reviewer   string
	ProposedAt int64
	TrialAt    int64
	LiveAt     int64
	EndedAt    int64
	Counts     TrialCounts

	proposerKey []byte
	sealed      []byte
}

// TrialCounts are what a silent trial saw, in posts.
type TrialCounts struct {
	Posts   int64 // read while it ran
	Hits    int64 // with the code
	Flagged int64 // of the hits, flagged by the live lexicon
}

// Entry is the id that the lexicon gives the code.
func (c Code) Entry() string { return c.Language + "/" + c.Category + "/" + c.Family + "/" + c.Text }

func (c Code) file() string { return "entries/" + c.Language + "/" + c.Category + ".txt" }

// lines is the code in the lexicon's own form. Its source is "own" until a
// public one confirms it, and its weight half that of a confirmed entry.
func (c Code) lines() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n[%s %s] source=own weight=0.5\n%s\n", c.Family, c.Sense, c.Text)
	for _, in := range c.Innocent {
		fmt.Fprintf(&b, "! %s | %s: %s\n", c.Text, in.Reading, strings.Join(in.Words, ", "))
	}
	return b.String()
}

// check refuses what could not stand in a lexicon's file.
func (c Code) check() error {
	switch {
	case !slices.Contains(lexicon.Languages(), c.Language) && c.Language != "mul":
		return errs.Field("language", "err.mandate.language", "propose code: unknown language")
	case severity[c.Category] == 0:
		return errs.Field("category", "err.mandate.category", "propose code: unknown category")
	case !word(c.Family):
		return errs.Field("family", "err.text", "propose code: the family is not one word")
	case !word(c.Sense):
		return errs.Field("sense", "err.text", "propose code: the sense is not one word")
	case !plain(c.Text):
		return errs.Field("text", "err.text", "propose code: the code is not plain text, or too long")
	case checkEvidence(c.Evidence) != nil:
		return checkEvidence(c.Evidence)
	case len(c.Innocent) > maxInnocen:
		return errs.Field("innocent", "err.too_many", "propose code: too many innocent readings", "max", maxInnocen)
	}
	for _, in := range c.Innocent {
		if !plain(in.Reading) || len(in.Words) == 0 || len(in.Words) > maxInnocen || slices.ContainsFunc(in.Words, func(w string) bool { return !plain(w) }) {
			return errs.Field("innocent", "err.text", "propose code: an innocent reading needs a name and the words that show it")
		}
	}
	return nil
}

func checkEvidence(s string) error {
	if n := utf8.RuneCountInString(s); n < MinReason || n > maxSaid || !utf8.ValidString(s) {
		return errs.Field("evidence", "err.required", "propose code: say where it was seen")
	}
	return nil
}

func word(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-0123456789") == ""
}

// plain keeps the signs of the file's form, and all that does not print, out.
func plain(s string) bool {
	n := utf8.RuneCountInString(s)
	if n == 0 || n > maxCode || !utf8.ValidString(s) || strings.TrimSpace(s) != s || strings.ContainsAny(s, ",|[]#!*:=/") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
}

// files is a lexicon's folder with codes added to it.
type files struct {
	base  fs.FS
	only  bool // nothing of the base but its sources and weights
	added map[string][]byte
	gone  map[string][]Code
}

func withCodes(base fs.FS, only bool, codes []Code) *files {
	f := &files{base: base, only: only, added: map[string][]byte{}}
	for _, c := range codes {
		f.added[c.file()] = append(f.added[c.file()], c.lines()...)
	}
	return f
}

// Open is fs.FS; what the loader asks for goes by ReadFile and Glob.
func (f *files) Open(name string) (fs.File, error) { return f.base.Open(name) }

// ReadFile is fs.ReadFileFS.
func (f *files) ReadFile(name string) ([]byte, error) {
	extra, has := f.added[name]
	if f.only && has {
		return extra, nil
	}
	text, err := fs.ReadFile(f.base, name)
	if gone := f.gone[name]; len(gone) > 0 {
		text = cutOut(text, gone)
	}
	if has && err != nil {
		return extra, nil
	}
	return bytes.Join([][]byte{text, extra}, []byte("\n")), err
}

// Glob is fs.GlobFS.
func (f *files) Glob(pattern string) ([]string, error) {
	var names []string
	if !f.only {
		var err error
		if names, err = fs.Glob(f.base, pattern); err != nil {
			return nil, err
		}
	}
	for name := range f.added {
		if ok, err := path.Match(pattern, name); err != nil || !ok {
			continue
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}
