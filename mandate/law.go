package mandate

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pelletier/go-toml/v2"
	"ronde/access"
	"ronde/internal/errs"
	"ronde/lexicon"
)

//go:embed law/*.toml
var lawFiles embed.FS

// Profile is a country's law as data (design 5). Every line says where it
// comes from and when it is to be looked at again.
type Profile struct {
	Code       string            `toml:"code"`
	Names      map[string]string `toml:"names"`
	Acts       []Act             `toml:"act"`
	Excluded   []Subject         `toml:"excluded"`
	Terms      []Term            `toml:"term"`
	Helplines  []Helpline        `toml:"helpline"`
	Numberings []Numbering       `toml:"numbering"`
	Rules      []Rule            `toml:"rule"`
}

// Origin is where a line of law comes from and when it is looked at again.
type Origin struct {
	Source    string `toml:"source"`
	Review    string `toml:"review"`    // day, YYYY-MM-DD
	Confirmed bool   `toml:"confirmed"` // read at the source; else from memory or weak
}

// Act is something that may be done under a mandate, or may not.
type Act struct {
	ID         string            `toml:"id"`
	Names      map[string]string `toml:"names"`
	Allowed    bool              `toml:"allowed"`
	Articles   []string          `toml:"articles"`
	Regimes    []string          `toml:"regimes"`
	Authorises []access.Role     `toml:"authorises"`
	MaxDays    int               `toml:"max_days"`
	Permits    []string          `toml:"permits"` // "read", "match", "capture", "seal"
	Origin
}

// Subject is what is never watched, with the words that show it.
type Subject struct {
	ID    string            `toml:"id"`
	Names map[string]string `toml:"names"`
	Words []string          `toml:"words"` // folded; the end may differ ("manifestation" finds "manifestations")
	Origin
}

// Term is a time limit in days.
type Term struct {
	ID   string `toml:"id"`
	Days int    `toml:"days"`
	Origin
}

// Helpline is a number that people are sent to.
type Helpline struct {
	Number string            `toml:"number"`
	Names  map[string]string `toml:"names"`
	Hours  string            `toml:"hours"`
	Origin
}

// Numbering pairs an article with its place after a recodification. From is
// empty while the entry into force is not confirmed (D 2.81).
type Numbering struct {
	Before string `toml:"before"`
	After  string `toml:"after"`
	From   string `toml:"from"`
	Origin
}

// Rule is a duty in words: habilitation, nullity, marking.
type Rule struct {
	ID    string            `toml:"id"`
	Texts map[string]string `toml:"texts"`
	Origin
}

// permits are the acts that a [Permit] can be asked for.
var permits = []string{"read", "match", "capture", "seal"}

// LoadProfile reads an embedded legal profile: "fr", or "default", which
// denies. An unknown code is errs.Invalid: law is never guessed.
func LoadProfile(code string) (*Profile, error) {
	text, err := fs.ReadFile(lawFiles, "law/"+code+".toml")
	if err != nil {
		return nil, errs.New(errs.Invalid, "err.law.unknown", "load legal profile: none is called "+fmt.Sprintf("%q", code))
	}
	return ParseProfile(code, text)
}

// ParseProfile reads a legal profile and refuses one whose lines do not say
// their source and review day.
func ParseProfile(code string, text []byte) (*Profile, error) {
	p := &Profile{}
	dec := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := dec.Decode(p); err != nil {
		return nil, errs.As(errs.Wrap(err, "parse legal profile "+code), errs.Invalid, "err.law.broken")
	}
	if err := p.check(code); err != nil {
		return nil, errs.As(errs.Wrap(err, "check legal profile "+code), errs.Invalid, "err.law.broken")
	}
	return p, nil
}

func (p *Profile) check(code string) error {
	if p.Code != code {
		return fmt.Errorf("its code is %q", p.Code)
	}
	for _, l := range p.lines() {
		if strings.TrimSpace(l.origin.Source) == "" {
			return fmt.Errorf("%s has no source", l.name)
		}
		if _, err := time.Parse(time.DateOnly, l.origin.Review); err != nil {
			return fmt.Errorf("%s has no review day", l.name)
		}
	}
	for _, a := range p.Acts {
		if err := a.check(); err != nil {
			return fmt.Errorf("act %s: %w", a.ID, err)
		}
	}
	return nil
}

func (a Act) check() error {
	if !a.Allowed {
		return nil
	}
	if a.MaxDays <= 0 || len(a.Authorises) == 0 || len(a.Regimes) == 0 {
		return fmt.Errorf("allowed, but without a longest time, an authority or a regime")
	}
	for _, r := range a.Authorises {
		if !slices.Contains(access.Staff, r) {
			return fmt.Errorf("unknown authority %q", r)
		}
	}
	for _, v := range a.Permits {
		if !slices.Contains(permits, v) {
			return fmt.Errorf("unknown permit %q", v)
		}
	}
	for _, r := range a.Regimes {
		if !slices.Contains(Regimes, r) {
			return fmt.Errorf("unknown regime %q", r)
		}
	}
	return nil
}

type line struct {
	name   string
	origin Origin
}

func (p *Profile) lines() []line {
	var all []line
	for _, a := range p.Acts {
		all = append(all, line{"act " + a.ID, a.Origin})
	}
	for _, x := range p.Excluded {
		all = append(all, line{"excluded " + x.ID, x.Origin})
	}
	for _, t := range p.Terms {
		all = append(all, line{"term " + t.ID, t.Origin})
	}
	for _, h := range p.Helplines {
		all = append(all, line{"helpline " + h.Number, h.Origin})
	}
	for _, n := range p.Numberings {
		all = append(all, line{"numbering " + n.Before, n.Origin})
	}
	for _, r := range p.Rules {
		all = append(all, line{"rule " + r.ID, r.Origin})
	}
	return all
}

// Due lists the lines whose review day has come, for the data-protection
// officer.
func (p *Profile) Due(now int64) []string {
	today := time.UnixMicro(now).UTC().Format(time.DateOnly)
	var due []string
	for _, l := range p.lines() {
		if l.origin.Review <= today {
			due = append(due, l.name)
		}
	}
	return due
}

// Act finds an act by its id. What the profile does not name is not allowed.
func (p *Profile) Act(id string) Act {
	for _, a := range p.Acts {
		if a.ID == id {
			return a
		}
	}
	return Act{ID: id}
}

// TermDays is a time limit of the profile, or the given one where it has none.
func (p *Profile) TermDays(id string, otherwise int) int {
	for _, t := range p.Terms {
		if t.ID == id {
			return t.Days
		}
	}
	return otherwise
}

// subjectOf finds an excluded subject in a text. Words are compared folded,
// from their beginning.
func (p *Profile) subjectOf(text string) (Subject, bool) {
	words := strings.FieldsFunc(lexicon.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, x := range p.Excluded {
		for _, w := range x.Words {
			if slices.ContainsFunc(words, func(have string) bool { return begins(have, lexicon.Fold(w)) }) {
				return x, true
			}
		}
	}
	return Subject{}, false
}

// begins allows for an ending of three letters: plurals and the like.
func begins(have, word string) bool {
	return strings.HasPrefix(have, word) && len(have) <= len(word)+3
}
