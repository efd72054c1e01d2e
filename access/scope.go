package access

import "slices"

// Scope is which rows of a kind somebody's lists and searches may touch. A
// query takes it into its WHERE clause:
//
//   - None: no row; answer as if there were none.
//   - otherwise a row is in scope when All holds, or its unit is in Units, or
//     Person owns it or is assigned to it, or its state is in States;
//   - and, when Regimes is not nil, its regime is in Regimes;
//   - and its list of denied persons does not hold Denied;
//   - and, unless Guarded is set or Person owns it or is assigned to it, it is
//     not guarded.
//
// [Scope.Sees] is the same in Go, for one row.
type Scope struct {
	None    bool
	All     bool
	Units   []string // "" is among them where rows that no unit has yet are for every unit
	Person  string   // empty where assignment opens nothing
	States  []string
	Regimes []string
	Denied  string
	Guarded bool // guarded rows are in scope, too
}

// Sees says whether the row is in scope.
func (s Scope) Sees(r Resource) bool {
	switch {
	case s.None:
		return false
	case s.Denied != "" && slices.Contains(r.Denied, s.Denied):
		return false
	case r.Guarded && !s.Guarded && !s.owns(r):
		return false
	case s.Regimes != nil && !slices.Contains(s.Regimes, r.Regime):
		return false
	case s.All:
		return true
	}
	return slices.Contains(s.Units, r.Unit) || r.State != "" && slices.Contains(s.States, r.State) || s.owns(r)
}

func (s Scope) owns(r Resource) bool {
	return s.Person != "" && (r.Owner == s.Person || slices.Contains(r.Assigned, s.Person))
}

// guardedKinds are the kinds of which some rows are for specialised staff.
var guardedKinds = []string{"alert", "case", "exhibit"}

// reach is how far one role's list of a kind goes.
type reach struct {
	all      bool
	unit     bool // rows of the person's unit
	unrouted bool // rows of no unit yet
	assigned bool
	states   []string
	regime   string
}

var everything = reach{all: true}

// reaches says for each kind with rows how far each role sees. It is the row
// form of the rules "….list" in policies/*.cedar; the property test holds the
// two together.
var reaches = map[string]map[Role]reach{
	"conversation": {
		PatrolOfficer: {unit: true, unrouted: true, assigned: true},
		DutyLead:      {unit: true, unrouted: true, assigned: true},
		Investigator:  {assigned: true},
	},
	"file": {Specialised: everything}, // those for specialised staff; the others are read with their conversation
	"mandate": {
		WatchAnalyst: {unit: true, unrouted: true}, DutyLead: {unit: true, unrouted: true}, Investigator: {unit: true, unrouted: true},
		MandateAuthority: everything, Magistrate: everything, DataProtection: everything, Auditor: everything,
	},
	"source": {
		WatchAnalyst: {unit: true, unrouted: true}, DutyLead: {unit: true, unrouted: true},
		MandateAuthority: everything, Magistrate: everything, DataProtection: everything, Auditor: everything,
	},
	"alert": {
		WatchAnalyst: {unit: true}, DutyLead: {unit: true}, Investigator: {states: []string{Leaving}},
	},
	"case":    caseReach,
	"exhibit": caseReach,
	"rights": {
		PatrolOfficer: {unit: true, unrouted: true}, DutyLead: {unit: true, unrouted: true}, Investigator: {unit: true, unrouted: true},
		DataProtection: everything,
	},
	"lexicon": {
		WatchAnalyst: everything, DutyLead: everything, Investigator: everything, MandateAuthority: everything,
		Magistrate: everything, DataProtection: everything, Auditor: everything,
	},
	"people": {
		PatrolOfficer: {unit: true, regime: RegimePatrol}, DutyLead: {unit: true, regime: RegimePatrol},
		WatchAnalyst: {unit: true, regime: RegimeWatch}, Investigator: {unit: true, regime: RegimeInvestigation},
		Administrator: everything, DataProtection: everything, Auditor: everything,
	},
	"logbook": {
		PatrolOfficer: {unit: true}, DutyLead: {unit: true},
	},
	"channel": {
		PatrolOfficer: everything, DutyLead: everything, Administrator: everything, Auditor: everything,
	},
	"booking": {
		PatrolOfficer: everything, DutyLead: everything,
	},
	"official": nil, "account": nil, "hours": nil, "event": nil, // public
}

var caseReach = map[Role]reach{
	Investigator: {unit: true, assigned: true}, DutyLead: {unit: true, assigned: true},
	WatchAnalyst: {assigned: true}, Magistrate: {assigned: true}, PlatformLiaison: {assigned: true}, PartnerLiaison: {assigned: true},
}

// narrow are the roles that see nothing outside their few kinds, whatever else
// the person is.
var narrow = map[Role][]string{
	Administrator:     {"people", "account", "official", "hours", "event", "channel"},
	PreventionPartner: {"account", "official", "hours", "event"},
}

// ScopeOf gives the rows of a kind that by may list.
func ScopeOf(by Actor, kind string) Scope {
	byRole, ok := reaches[kind]
	if !ok {
		return Scope{None: true}
	}
	for _, role := range by.Roles {
		if kinds, ok := narrow[role]; ok && !slices.Contains(kinds, kind) {
			return Scope{None: true}
		}
	}
	s := Scope{None: byRole != nil, All: byRole == nil, Denied: by.Person, Guarded: !slices.Contains(guardedKinds, kind) || by.Has(Specialised)}
	for _, role := range by.Roles {
		if kind == "conversation" && by.hidden() && by.Has(DutyLead) && role != Investigator {
			continue // rule conversation.leads-of-the-patrol
		}
		if (kind == "booking" || kind == "logbook") && by.hidden() {
			continue // rules booking.no-hidden-hand, logbook.no-hidden-hand
		}
		if r, ok := byRole[role]; ok {
			s.widen(by, r)
		}
	}
	if s.All {
		s.Units, s.Person, s.States, s.Regimes = nil, "", nil, nil
	}
	return s
}

func (s *Scope) widen(by Actor, r reach) {
	s.None = false
	s.All = s.All || r.all
	if r.unit && by.Unit != "" && !slices.Contains(s.Units, by.Unit) {
		s.Units = append(s.Units, by.Unit)
	}
	if r.unrouted && !slices.Contains(s.Units, "") {
		s.Units = append(s.Units, "")
	}
	if r.assigned {
		s.Person = by.Person
	}
	for _, state := range r.states {
		if !slices.Contains(s.States, state) {
			s.States = append(s.States, state)
		}
	}
	if r.regime != "" && !slices.Contains(s.Regimes, r.regime) {
		s.Regimes = append(s.Regimes, r.regime)
	}
}
