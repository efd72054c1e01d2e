package mandate

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"ronde/internal/errs"
	"ronde/lexicon"
)

// Limits of a proposal.
const (
	MinPurpose     = 20        // letters: a purpose is a sentence
	MaxText        = 4000      // letters of one field
	MaxReference   = 300       // letters of a reference
	MaxSources     = 100       // sources of one mandate
	MaxAddress     = 2000      // bytes of a source's address
	MaxDailyVolume = 5_000_000 // posts a day
	day            = int64(24 * 60 * 60 * 1_000_000)
)

// SourceIn is a source as it is proposed.
type SourceIn struct {
	Kind    SourceKind
	Name    string
	Address string // feed: an http or https URL; else empty
}

// Proposal is what a drafter asks for.
type Proposal struct {
	Text
	Basis       string // id of an act of the legal profile; empty: "public-watch"
	Regime      string
	Sources     []SourceIn
	Categories  []string
	Languages   []string
	DailyVolume int64
	Starts      int64 // microseconds UTC
	Ends        int64
	Review      int64 // 0: at the end
}

// normal fills what may be left out and trims.
func (p Proposal) normal() Proposal {
	for _, f := range []*string{&p.Purpose, &p.Act, &p.DPIA, &p.Consultation, &p.Necessity, &p.Proportionality, &p.Territory, &p.Basis} {
		*f = strings.TrimSpace(*f)
	}
	p.Decision, p.Stopped = "", "" // not for the drafter to write
	if p.Basis == "" {
		p.Basis = "public-watch"
	}
	if p.Regime == "" {
		p.Regime = Regimes[0]
	}
	if p.Review == 0 {
		p.Review = p.Ends
	}
	p.Categories = compact(p.Categories)
	p.Languages = compact(p.Languages)
	return p
}

func compact(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}

// check refuses a proposal that is incomplete, that the legal profile does not
// allow, or that would watch what is never watched. now is the time of asking.
func (p Proposal) check(law *Profile, now int64) error {
	for _, step := range []func() error{p.checkTexts, p.checkLists, p.checkSources,
		func() error { return p.checkLaw(law) }, func() error { return p.checkTimes(law, now) }, func() error { return p.checkSubjects(law) }} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (p Proposal) checkTexts() error {
	for _, f := range []struct {
		name, text string
		min, max   int
	}{
		{"purpose", p.Purpose, MinPurpose, MaxText},
		{"act", p.Act, 1, MaxReference},
		{"dpia", p.DPIA, 1, MaxReference},
		{"consultation", p.Consultation, 0, MaxReference},
		{"necessity", p.Necessity, MinPurpose, MaxText},
		{"proportionality", p.Proportionality, MinPurpose, MaxText},
		{"territory", p.Territory, 0, MaxReference},
	} {
		n := utf8.RuneCountInString(f.text)
		switch {
		case !utf8.ValidString(f.text):
			return errs.Field(f.name, "err.not_text", "draft mandate: "+f.name+" is not valid UTF-8")
		case n < f.min && n == 0:
			return errs.Field(f.name, "err.required", "draft mandate: "+f.name+" is missing")
		case n < f.min:
			return errs.Field(f.name, "err.too_short", "draft mandate: "+f.name+" is too short", "min", f.min)
		case n > f.max:
			return errs.Field(f.name, "err.too_long", "draft mandate: "+f.name+" is too long", "max", f.max)
		}
	}
	return nil
}

func (p Proposal) checkLists() error {
	if len(p.Categories) == 0 {
		return errs.Field("categories", "err.required", "draft mandate: no category")
	}
	for _, c := range p.Categories {
		if !slices.Contains(Categories, c) {
			return errs.Field("categories", "err.mandate.category", "draft mandate: unknown category")
		}
	}
	for _, l := range p.Languages {
		if !slices.Contains(lexicon.Languages(), l) {
			return errs.Field("languages", "err.mandate.language", "draft mandate: unknown language")
		}
	}
	if p.DailyVolume < 1 || p.DailyVolume > MaxDailyVolume {
		return errs.Field("daily_volume", "err.mandate.volume", "draft mandate: volume a day is missing or too high", "max", MaxDailyVolume)
	}
	return nil
}

func (p Proposal) checkSources() error {
	if len(p.Sources) == 0 {
		return errs.Field("sources", "err.required", "draft mandate: no source")
	}
	if len(p.Sources) > MaxSources {
		return errs.Field("sources", "err.too_many", "draft mandate: too many sources", "max", MaxSources)
	}
	seen := map[string]bool{}
	for _, s := range p.Sources {
		if err := s.check(); err != nil {
			return err
		}
		if s.Kind == Feed && seen[s.Address] {
			return errs.Field("sources", "err.mandate.source_twice", "draft mandate: one feed is there twice")
		}
		seen[s.Address] = true
	}
	return nil
}

func (s SourceIn) check() error {
	if n := utf8.RuneCountInString(s.Name); n == 0 || n > MaxReference || !utf8.ValidString(s.Name) {
		return errs.Field("sources", "err.mandate.source_name", "draft mandate: a source has no name, or too long a one")
	}
	if !slices.Contains(sourceKinds, s.Kind) {
		return errs.Field("sources", "err.mandate.source_kind", "draft mandate: unknown kind of source")
	}
	if s.Kind != Feed {
		if s.Address != "" {
			return errs.Field("sources", "err.mandate.source_address", "draft mandate: only a feed has an address")
		}
		return nil
	}
	u, err := url.Parse(s.Address)
	if err != nil || len(s.Address) > MaxAddress || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return errs.Field("sources", "err.mandate.source_address", "draft mandate: a feed's address is not an http or https URL")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsUnspecified() {
		return errs.Field("sources", "err.mandate.source_address", "draft mandate: a feed's address names no machine")
	}
	return nil
}

func (p Proposal) checkLaw(law *Profile) error {
	act := law.Act(p.Basis)
	if !act.Allowed {
		return errs.Field("basis", "err.mandate.not_allowed", "draft mandate: the legal profile does not allow "+p.Basis)
	}
	if !slices.Contains(act.Regimes, p.Regime) {
		return errs.Field("regime", "err.mandate.regime", "draft mandate: the legal profile does not allow this regime")
	}
	return nil
}

func (p Proposal) checkTimes(law *Profile, now int64) error {
	longest := int64(law.Act(p.Basis).MaxDays) * day
	switch {
	case p.Ends <= p.Starts || p.Ends <= now:
		return errs.Field("ends", "err.mandate.ends", "draft mandate: it ends before it begins, or has already ended")
	case p.Ends-p.Starts > longest:
		return errs.Field("ends", "err.mandate.too_long", "draft mandate: longer than the legal profile allows", "days", law.Act(p.Basis).MaxDays)
	case p.Review < p.Starts || p.Review > p.Ends:
		return errs.Field("review", "err.mandate.review", "draft mandate: the review day is not within the mandate")
	}
	return nil
}

// checkSubjects looks at what would be watched, not at why it is necessary:
// there a drafter may well write that protests are left out.
func (p Proposal) checkSubjects(law *Profile) error {
	fields := []struct{ name, text string }{{"purpose", p.Purpose}, {"territory", p.Territory}}
	for _, s := range p.Sources {
		fields = append(fields, struct{ name, text string }{"sources", s.Name + " " + s.Address})
	}
	for _, f := range fields {
		if x, found := law.subjectOf(f.text); found {
			return errs.Field(f.name, "err.mandate.excluded."+x.ID, "draft mandate: "+x.ID+" are never watched")
		}
	}
	return nil
}
