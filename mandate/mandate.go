package mandate

import (
	"slices"

	"ronde/access"
)

// State is where a mandate stands.
type State string

// The states. Lapsed is never written: it is what an approved or suspended
// mandate is from its end on.
const (
	Draft     State = "draft"
	Approved  State = "approved"
	Suspended State = "suspended"
	Refused   State = "refused"
	Lapsed    State = "lapsed"
)

// Categories are what a mandate can ask for: the seven of `ronde scan`.
var Categories = []string{"drugs-offer", "crime-recruitment", "violence-for-hire", "fraud-offer",
	"cybercrime-service", "police-impersonation", "exploitation-coded"}

// Regimes are the two bodies of law that a processing can stand under.
var Regimes = []string{"law-enforcement", "gdpr"}

// SourceKind says how posts of a source arrive.
type SourceKind string

// The kinds of source. Paste is an analyst's own hand, Archive a file that an
// analyst has: a web archive or a network's export.
const (
	Feed    SourceKind = "feed"
	Stream  SourceKind = "stream"
	Paste   SourceKind = "paste"
	Archive SourceKind = "archive"
)

var sourceKinds = []SourceKind{Feed, Stream, Paste, Archive}

// Source is one place that a mandate names.
type Source struct {
	ID      string
	Mandate string
	Kind    SourceKind
	Name    string // what staff call it
	Address string // the feed's URL; empty for the other kinds
	HasKey  bool   // a stream that somebody may post to
	Removed bool
}

// Text is the part of a mandate that is written by a person and sealed.
type Text struct {
	Purpose         string
	Act             string // reference of the act or decree that allows the processing
	DPIA            string // reference of the impact assessment
	Consultation    string // prior consultation of the supervisory authority, where one was due
	Necessity       string
	Proportionality string
	Territory       string

	// Why it was approved or refused, and why it was last suspended or resumed:
	// written by who decided, never by the drafter.
	Decision string `json:",omitempty"`
	Stopped  string `json:",omitempty"`
}

// Mandate is what an authority decided, and what it decided on.
type Mandate struct {
	ID   string
	Unit string
	Text
	LegalProfile string // code of the legal profile it was drafted under
	Basis        string // id of the profile's act
	Regime       string
	Sources      []Source
	Categories   []string
	Languages    []string // empty: every language
	Excluded     []string // subjects refused by the profile, said in every mandate
	DailyVolume  int64    // posts a day
	Starts       int64    // microseconds UTC
	Ends         int64
	Review       int64 // when the authority looks again
	RenewalOf    string
	Drafter      string // service handle
	Decider      string // service handle of who approved or refused
	DraftedAt    int64
	DecidedAt    int64
	State        State // computed for the moment of reading

	stored     State
	drafterKey []byte
}

// StateAt is the state at a moment. A mandate whose end has come has lapsed,
// whatever was written.
func (m *Mandate) StateAt(now int64) State {
	if (m.stored == Approved || m.stored == Suspended) && now >= m.Ends {
		return Lapsed
	}
	return m.stored
}

// Live reports whether acts are permitted at that moment.
func (m *Mandate) Live(now int64) bool {
	return m.StateAt(now) == Approved && now >= m.Starts
}

// Covers reports whether the mandate asks for a category.
func (m *Mandate) Covers(category string) bool { return slices.Contains(m.Categories, category) }

// resource is the mandate as the policies see it. The drafter is known only
// as "the one who asks" or "somebody else": the row keeps a keyed hash.
func (s *Service) resource(m *Mandate, by access.Actor, now int64) access.Resource {
	r := access.Resource{Kind: "mandate", ID: m.ID, Unit: m.Unit, State: string(m.StateAt(now))}
	if by.Person != "" && string(s.personKey(by)) == string(m.drafterKey) {
		r.Drafter = by.Person
	}
	return r
}

// personKey stands for a person in the two-person rule: the map between a
// handle and a person is not ours to keep (promise 6).
func (s *Service) personKey(by access.Actor) []byte {
	return s.keys.Hash("mandate.person", []byte(by.Person))
}
