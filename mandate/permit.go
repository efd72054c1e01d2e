package mandate

import (
	"slices"

	"ronde/internal/errs"
)

// Permit is the right to act under one mandate, for one act and one source.
// Only [Service.Permit] makes one that works: its fields are its own, and the
// empty Permit permits nothing. It is a value: copying it widens nothing.
type Permit struct {
	mandate      string
	act          string
	source       string
	starts, ends int64
	categories   []string
	languages    []string
}

// Mandate is the id of the mandate that permits.
func (p Permit) Mandate() string { return p.mandate }

// Act is what is permitted: "read", "match", "capture" or "seal".
func (p Permit) Act() string { return p.act }

// Source is the id of the source it is permitted for; empty for acts on what
// was already collected.
func (p Permit) Source() string { return p.source }

// Covers reports whether the mandate asks for a category.
func (p Permit) Covers(category string) bool { return slices.Contains(p.categories, category) }

// Reads reports whether the mandate asks for posts in a language. A post that
// says no language is read: its language cannot be known before.
func (p Permit) Reads(language string) bool {
	return len(p.languages) == 0 || language == "" || slices.Contains(p.languages, primary(language))
}

// Check refuses, with errs.Lapsed, outside the mandate's time. It does not see
// a suspension: [Service.Check] does.
func (p Permit) Check(now int64) error {
	switch {
	case p.mandate == "":
		return errs.New(errs.Lapsed, "err.mandate.none", "check permit: there is no mandate")
	case now < p.starts:
		return errs.New(errs.Lapsed, "err.mandate.not_begun", "check permit: mandate has not begun")
	case now >= p.ends:
		return errs.New(errs.Lapsed, "err.mandate.lapsed", "check permit: mandate has lapsed")
	}
	return nil
}

// refusal says why a mandate permits nothing at a moment, or nil.
func (m *Mandate) refusal(now int64) error {
	switch m.StateAt(now) {
	case Approved:
		if now < m.Starts {
			return errs.New(errs.Lapsed, "err.mandate.not_begun", "permit: mandate has not begun")
		}
		return nil
	case Suspended:
		return errs.New(errs.Lapsed, "err.mandate.suspended", "permit: mandate is suspended")
	case Lapsed:
		return errs.New(errs.Lapsed, "err.mandate.lapsed", "permit: mandate has lapsed")
	case Refused:
		return errs.New(errs.Lapsed, "err.mandate.refused", "permit: mandate was refused")
	}
	return errs.New(errs.Lapsed, "err.mandate.not_approved", "permit: mandate is not approved")
}

// primary is the language without its region: "fr" for "fr-BE".
func primary(language string) string {
	for i := range len(language) {
		if c := language[i]; c == '-' || c == '_' {
			return language[:i]
		}
	}
	return language
}
