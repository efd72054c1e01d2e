package casefile

import (
	"strings"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/watch"
)

// State of a case.
const (
	Open   = "open"
	Closed = "closed"
	Erased = "erased"
)

// Where a case came from.
const (
	FromAlert        = "alert"
	FromConversation = "conversation"
	FromFile         = "file" // a suspected abuse image, opened by specialised staff
)

// Standings of a note: a fact, or what somebody makes of it.
const (
	Fact       = "fact"
	Assessment = "assessment"
)

// Outcomes of a case. Each is a measure or says that there was none.
var Outcomes = []string{"crime-report", "forwarded", "removal", "warning", "child-welfare", "referred", "no-offence", "no-action"}

// Limits, in characters.
const (
	MaxTitle   = 200
	MaxText    = 8000
	reviewDays = 90 // a case is looked at again at the latest then (LED art. 5)
)

// Case is the part of a case that names nobody.
type Case struct {
	ID       string
	Number   string // 2026-0017
	State    string
	Unit     string
	Lead     string // service handle
	FromKind string
	FromID   string
	Mandate  string
	Category string
	OpenedAt int64 // microseconds UTC
	ClosedAt int64
	Outcome  string
	ReviewAt int64

	container string
	sealed    []byte
}

// Words are the sealed part of a case.
type Words struct {
	Title string `json:"title"`
	Basis string `json:"basis"` // the legal basis of this processing, its own
}

// Note is one entry of the dossier; it is never changed.
type Note struct {
	ID       string
	At       int64
	Author   string // service handle
	Standing string
	Text     string

	container string
	sealed    []byte
}

// Opening is what somebody says when opening a case.
type Opening struct {
	Title string
	Basis string
}

func (o *Opening) check() error {
	o.Title, o.Basis = strings.TrimSpace(o.Title), strings.TrimSpace(o.Basis)
	if err := text("title", o.Title, MaxTitle); err != nil {
		return err
	}
	return text("basis", o.Basis, MaxText)
}

func text(field, s string, limit int) error {
	switch {
	case s == "":
		return errs.Field(field, "err.required", "check case: "+field+" is empty")
	case !utf8.ValidString(s):
		return errs.Field(field, "err.text.invalid", "check case: "+field+" is not UTF-8")
	case utf8.RuneCountInString(s) > limit:
		return errs.Field(field, "err.too_long", "check case: "+field+" is too long", "max", limit)
	}
	return nil
}

// Guarded reports whether the case is for specialised staff, and for who works
// on it by name.
func (c Case) Guarded() bool { return watch.GuardedCategory(c.Category) }

// resource is the case as the policies see it. The row knows service handles
// only, so a person is named to the policies only when it is the one who asks.
func (c Case) resource(by access.Actor, member, denied bool) access.Resource {
	r := access.Resource{Kind: "case", ID: c.ID, Unit: c.Unit, State: c.State, Guarded: c.Guarded()}
	if by.Person == "" {
		return r
	}
	if c.Lead == by.Handle {
		r.Owner = by.Person
	}
	if member {
		r.Assigned = []string{by.Person}
	}
	if denied {
		r.Denied = []string{by.Person}
	}
	return r
}

// Accounted names the tables whose rows the ledger accounts for.
var Accounted = []string{"casefile_cases", "casefile_notes"}
