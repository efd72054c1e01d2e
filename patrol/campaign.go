package patrol

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ronde/internal/errs"
)

// The kinds of public text that a second person reads first.
const (
	KindCampaign     = "campaign"     // advice, a warning, an invitation
	KindCorrection   = "correction"   // of a false statement of fact (D 1.5)
	KindIntroduction = "introduction" // what officers say when they come somewhere (D 2.27)
)

// Kinds lists them.
var Kinds = []string{KindCampaign, KindCorrection, KindIntroduction}

// The states of a public text.
const (
	Draft  = "draft"
	Review = "review" // waits for the second person
	// Published and Withdrawn are those of a card.
)

// Everywhere is the platform of a text that is said on any.
const Everywhere = "portal"

// The limits of a public text.
const (
	MaxTitle     = 120  // runes
	MaxAim       = 1000 // runes of an aim, an audience, a remark
	MaxClaim     = 500  // runes
	MaxBody      = 6000 // runes of one text
	MaxTexts     = 40   // of one campaign: platforms times languages
	MaxSources   = 20   // of one correction
	MaxCampaigns = 5000 // rows
	MaxReach     = 1 << 40
)

// Checks are what the second person looks at. The last two are for
// corrections: they answer a statement that can be checked, and nobody's
// opinion, and they name nobody (D 2.52, 2.53, 2.90).
var Checks = []string{"tone", "objective", "recognise", "fact", "nobody"}

// ChecksOf are those of a kind.
func ChecksOf(kind string) []string {
	if kind == KindCorrection {
		return Checks
	}
	return Checks[:3]
}

// Campaign is a public text with what it is for. It has no field for who said
// what a correction answers, and refuses one in every other field.
type Campaign struct {
	ID        string // cam_…
	Kind      string
	Title     string
	Aim       string
	Audience  string
	Claim     string   // the statement of fact that is corrected
	Sources   []Source // what the correction rests on
	State     string
	Author    string // service handle of who drafted it
	Reviewer  string // service handle of who let it be published
	Remark    string // what the reviewer asked to change
	Revision  int64  // of the texts
	Made      int64
	Published int64
	Withdrawn int64
	Texts     []Text
	Reach     []Reach

	Mine    bool // drafted by who asks
	drafter string
}

// Source is what a correction rests on.
type Source struct{ Title, URL string }

// Text is one version of a campaign.
type Text struct {
	Platform string // "portal" stands on our own site
	Language string
	Title    string
	Body     string
}

// Reach is how many people a text was shown to, as the platform tells it.
type Reach struct {
	Platform string
	N        int64
	Noted    int64
}

// CampaignIn is what a drafter writes.
type CampaignIn struct {
	ID       string // of the draft to change, or empty
	Revision int64  // of the draft that was read
	Kind     string
	Title    string
	Aim      string
	Audience string
	Claim    string
	Sources  string // one a line: "Title | https://…"
	Texts    []Text
}

func (in CampaignIn) read() (Campaign, error) {
	c := Campaign{Kind: in.Kind, State: Draft}
	if !slices.Contains(Kinds, in.Kind) {
		return c, errs.Field("kind", "err.patrol.kind", "draft: no such kind")
	}
	var err error
	for _, f := range []struct {
		name string
		in   string
		most int
		must bool
		to   *string
	}{
		{"title", in.Title, MaxTitle, true, &c.Title}, {"aim", in.Aim, MaxAim, true, &c.Aim},
		{"audience", in.Audience, MaxAim, in.Kind != KindIntroduction, &c.Audience}, {"claim", in.Claim, MaxClaim, in.Kind == KindCorrection, &c.Claim},
	} {
		if *f.to, err = prose(f.name, f.in, f.most, f.must); err != nil {
			return c, err
		}
	}
	if in.Kind != KindCorrection {
		c.Claim = ""
	} else if c.Sources, err = readSources(in.Sources); err != nil {
		return c, err
	}
	if c.Texts, err = readTexts(in.Kind, in.Texts); err != nil {
		return c, err
	}
	if in.Kind == KindCorrection {
		return c, c.namesNobody()
	}
	return c, nil
}

// prose accepts lines of visible text.
func prose(field, s string, most int, must bool) (string, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	hidden := func(r rune) bool { return r != '\n' && r != '\u200d' && r != '\ufe0f' && invisible(r) }
	switch {
	case s == "" && must:
		return "", errs.Field(field, "err.patrol.missing", "draft: "+field+" is empty")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, hidden):
		return "", errs.Field(field, "err.patrol.invisible", "draft: "+field+" has characters that cannot be seen")
	case utf8.RuneCountInString(s) > most:
		return "", errs.Field(field, "err.patrol.long", "draft: "+field+" is too long", "max", most)
	}
	return s, nil
}

func readSources(s string) (out []Source, err error) {
	for l := range strings.Lines(s) {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		title, address, ok := strings.Cut(l, "|")
		if !ok {
			title, address = l, l
		}
		title, address = strings.TrimSpace(title), strings.TrimSpace(address)
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(address) > MaxURL || strings.ContainsFunc(l, invisible) {
			return nil, errs.Field("sources", "err.patrol.sources", "draft: a source is not “title | https://…”")
		}
		out = append(out, Source{title, address})
	}
	if len(out) == 0 {
		return nil, errs.Field("sources", "err.patrol.sources", "draft: a correction without a source")
	}
	if len(out) > MaxSources {
		return nil, errs.Field("sources", "err.patrol.long", "draft: too many sources", "max", MaxSources)
	}
	return out, nil
}

func writeSources(list []Source) string {
	var out []string
	for _, s := range list {
		out = append(out, s.Title+" | "+s.URL)
	}
	return strings.Join(out, "\n")
}

func readTexts(kind string, in []Text) (out []Text, err error) {
	portal := false
	for _, t := range in {
		t.Body = strings.TrimSpace(t.Body)
		if t.Body == "" && strings.TrimSpace(t.Title) == "" {
			continue
		}
		if t.Platform != Everywhere && !slices.Contains(platforms, t.Platform) {
			return nil, errs.Field("texts", "err.patrol.word", "draft: not a platform's name", "word", clip(t.Platform))
		}
		if !tongue.MatchString(t.Language) {
			return nil, errs.Field("texts", "err.patrol.word", "draft: not a language", "word", clip(t.Language))
		}
		if t.Title, err = prose("texts", t.Title, MaxTitle, t.Platform == Everywhere && kind != KindIntroduction); err != nil {
			return nil, err
		}
		if t.Body, err = prose("texts", t.Body, MaxBody, true); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(o Text) bool { return o.Platform == t.Platform && o.Language == t.Language }) {
			return nil, errs.Field("texts", "err.patrol.text_twice", "draft: two texts for one place and language")
		}
		portal = portal || t.Platform == Everywhere
		out = append(out, t)
	}
	if !portal {
		return nil, errs.Field("texts", "err.patrol.text_portal", "draft: nothing for our own site")
	}
	if len(out) > MaxTexts {
		return nil, errs.Field("texts", "err.patrol.long", "draft: too many texts", "max", MaxTexts)
	}
	return out, nil
}

// pointer finds what points at somebody's account.
var pointer = regexp.MustCompile(`(^|[^\pL\pN.@])@[\pL\pN_.]{2,}|(^|[\s(/])u/[\pL\pN_-]{3,}`)

// pointsAt reports whether a text names an account or leads to a network on
// which people speak.
func pointsAt(text string) bool {
	if pointer.MatchString(text) {
		return true
	}
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>\"'()|,;", r) }) {
		if !strings.Contains(w, ".") || !strings.Contains(w, "/") {
			continue
		}
		if a, ok := readAddress(w); ok && social(a.host) {
			return true
		}
	}
	return false
}

func social(host string) bool {
	for h := range hosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// namesNobody keeps a correction from becoming a file on who said something:
// it answers a statement, wherever it was made.
func (c Campaign) namesNobody() error {
	fields := map[string]string{"title": c.Title, "aim": c.Aim, "audience": c.Audience, "claim": c.Claim, "sources": writeSources(c.Sources)}
	for _, name := range []string{"claim", "sources", "title", "aim", "audience"} {
		if pointsAt(fields[name]) {
			return errs.Field(name, "err.patrol.points", "draft: a correction names somebody's account")
		}
	}
	for _, t := range c.Texts {
		if pointsAt(t.Title) || pointsAt(t.Body) {
			return errs.Field("texts", "err.patrol.points", "draft: a correction names somebody's account")
		}
	}
	return nil
}
