package access

import "slices"

// Role is what a person's post lets them ask for (design 6).
type Role string

// The roles. Citizen and Machine sign in to nothing.
const (
	Citizen           Role = "citizen"
	PatrolOfficer     Role = "patrol-officer"
	DutyLead          Role = "duty-lead"
	WatchAnalyst      Role = "watch-analyst"
	Investigator      Role = "investigator"
	MandateAuthority  Role = "mandate-authority"
	Magistrate        Role = "magistrate"
	PlatformLiaison   Role = "platform-liaison"
	PartnerLiaison    Role = "partner-liaison"
	PreventionPartner Role = "prevention-partner"
	DataProtection    Role = "data-protection-officer"
	Auditor           Role = "auditor"
	Administrator     Role = "administrator"
	Machine           Role = "machine"

	// Specialised is a qualification beside another role: material of
	// exploitation is for who holds it, and for nobody else.
	Specialised Role = "specialised"
)

// Staff lists the roles that a person can be given, in the order they are shown.
var Staff = []Role{PatrolOfficer, DutyLead, WatchAnalyst, Investigator, MandateAuthority, Magistrate,
	PlatformLiaison, PartnerLiaison, PreventionPartner, DataProtection, Auditor, Administrator, Specialised}

// Actor is who acts: what the service handle in the ledger is, and what the
// policies may ask. It never carries a person's name.
type Actor struct {
	Person string // account id (per_…); empty for citizens and machines
	Handle string // service handle, the only name the ledger and colleagues see
	Roles  []Role
	Unit   string // unit id (uni_…)
	Regime string // regime of the account (patrol, watch, …); empty for citizens and machines
}

// hidden says whether the actor works where nobody has a public face.
func (a Actor) hidden() bool {
	return a.Regime == RegimeWatch || a.Regime == RegimeInvestigation
}

// Has reports whether the actor holds the role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// AsCitizen is somebody at the public door.
func AsCitizen() Actor { return Actor{Handle: "citizen", Roles: []Role{Citizen}} }

// AsMachine is a part of the program that acts by the clock, never by choice.
func AsMachine(part string) Actor { return Actor{Handle: "machine:" + part, Roles: []Role{Machine}} }
