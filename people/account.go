package people

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"ronde/access"
	"ronde/internal/errs"
)

// Accounted are the tables whose rows the ledger accounts for.
var Accounted = []string{"people_units", "people_accounts", "people_unmask"}

// The states of an account.
const (
	Invited  = "invited" // has a one-time password and no second factor yet
	Active   = "active"
	Disabled = "disabled"
)

// Limits of what is typed.
const (
	maxLogin  = 64
	maxName   = 120
	maxEmail  = 254
	maxReason = 1000
	maxCards  = 500 // handles in one call of Cards
)

// Account is what colleagues and control see: never a name.
type Account struct {
	ID      string
	Handle  string
	Regime  string
	Roles   []access.Role
	Unit    string // uni_…, or empty
	State   string
	Created int64 // microseconds UTC
}

// Card is the least that another room shows of a colleague.
type Card struct {
	Handle string
	Roles  []access.Role
	Unit   string
}

// Person is who stands behind a handle. It leaves this room only to the
// person's own page and through an unmasking by two people.
type Person struct {
	Name  string
	Login string
	Email string
}

// NewAccount is what an administrator types.
type NewAccount struct {
	Name  string
	Login string
	Email string // may be empty
	Roles []access.Role
	Unit  string
}

// Unit is a part of the organisation.
type Unit struct {
	ID      string
	Name    string
	Regime  string
	Created int64
}

func (a Account) actor() access.Actor {
	return access.Actor{Person: a.ID, Handle: a.Handle, Roles: a.Roles, Unit: a.Unit, Regime: a.Regime}
}

func (a Account) resource() access.Resource {
	return access.Resource{Kind: "people", ID: a.ID, Owner: a.ID, Unit: a.Unit, State: a.State, Regime: a.Regime}
}

// letters of the handles, by regime.
var letters = map[string]string{
	access.RegimePatrol: "P", access.RegimeWatch: "W", access.RegimeInvestigation: "I", access.RegimeAuthority: "M",
	access.RegimeProtection: "D", access.RegimeLiaison: "L", access.RegimeGuest: "G", access.RegimeControl: "A",
}

// regimes says under which regime a role acts.
var regimes = map[access.Role]string{
	access.PatrolOfficer: access.RegimePatrol, access.WatchAnalyst: access.RegimeWatch, access.Investigator: access.RegimeInvestigation,
	access.MandateAuthority: access.RegimeAuthority, access.Magistrate: access.RegimeAuthority,
	access.DataProtection: access.RegimeProtection, access.PlatformLiaison: access.RegimeLiaison, access.PartnerLiaison: access.RegimeLiaison,
	access.PreventionPartner: access.RegimeGuest, access.Auditor: access.RegimeControl, access.Administrator: access.RegimeControl,
}

// regimeOf gives the one regime that the roles act under. A duty lead leads
// under the regime of the unit or of the other roles. Roles of two regimes
// are refused: uniformed and hidden work never meet in one account (promise
// 6), and who controls does not also work.
func regimeOf(roles []access.Role, unit string) (string, error) {
	if len(roles) == 0 {
		return "", errs.Field("roles", "err.required", "choose roles: none")
	}
	if len(roles) > 1 && slices.Contains(roles, access.Administrator) {
		return "", errs.Field("roles", "err.people.roles", "choose roles: who runs the house neither works nor controls")
	}
	regime := ""
	for i, role := range roles {
		if !slices.Contains(access.Staff, role) || slices.Contains(roles[:i], role) {
			return "", errs.Field("roles", "err.people.roles", "choose roles: unknown or twice: "+string(role))
		}
		if role == access.DutyLead || role == access.Specialised {
			continue
		}
		if regime != "" && regime != regimes[role] {
			return "", errs.Field("roles", "err.people.roles", fmt.Sprintf("choose roles: %v act under two regimes", roles))
		}
		regime = regimes[role]
	}
	regime, err := leading(roles, regime, unit)
	if err == nil && slices.Contains(roles, access.Specialised) && regime != access.RegimeWatch && regime != access.RegimeInvestigation {
		return "", errs.Field("roles", "err.people.specialised", "choose roles: specialised stands beside the work of a watch or an investigation")
	}
	return regime, err
}

// leading is the regime of roles of which one may lead.
func leading(roles []access.Role, regime, unit string) (string, error) {
	switch lead := slices.Contains(roles, access.DutyLead); {
	case lead && regime == "" && unit != "":
		regime = unit
	case lead && regime == "":
		regime = access.RegimePatrol
	case lead && !slices.Contains([]string{access.RegimePatrol, access.RegimeWatch, access.RegimeInvestigation}, regime):
		return "", errs.Field("roles", "err.people.roles", fmt.Sprintf("choose roles: %v: control does not lead", roles))
	}
	return regime, nil
}

// newHandle draws a handle; nothing of the person is in it.
func newHandle(regime string) string {
	n, err := rand.Int(rand.Reader, big.NewInt(90000))
	if err != nil {
		panic(err) // the machine has no randomness; nothing may go on
	}
	return fmt.Sprintf("%s-%d", letters[regime], 10000+n.Int64())
}

// foldLogin makes logins that look alike to a person equal.
func foldLogin(login string) string {
	return strings.ToLower(strings.TrimSpace(norm.NFKC.String(login)))
}

func (n *NewAccount) check() error {
	n.Name, n.Login, n.Email = strings.TrimSpace(norm.NFC.String(n.Name)), foldLogin(n.Login), strings.TrimSpace(n.Email)
	switch {
	case n.Name == "":
		return errs.Field("name", "err.required", "create account: no name")
	case !plain(n.Name, maxName):
		return errs.Field("name", "err.text", "create account: name too long or not plain text")
	case n.Login == "":
		return errs.Field("login", "err.required", "create account: no login")
	case !plain(n.Login, maxLogin) || strings.ContainsFunc(n.Login, unicode.IsSpace):
		return errs.Field("login", "err.people.login", "create account: login too long or not one word")
	}
	if n.Email == "" {
		return nil
	}
	if _, err := mail.ParseAddress(n.Email); err != nil || !plain(n.Email, maxEmail) {
		return errs.Field("email", "err.people.email", "create account: not an e-mail address")
	}
	return nil
}

// plain says whether text is valid, short and free of control and direction
// marks.
func plain(s string, limit int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.C, r) })
}

func joinRoles(roles []access.Role) string {
	var s []string
	for _, r := range access.Staff { // one order, whatever was typed
		if slices.Contains(roles, r) {
			s = append(s, string(r))
		}
	}
	return strings.Join(s, " ")
}

func splitRoles(s string) []access.Role {
	var roles []access.Role
	for _, r := range strings.Fields(s) {
		roles = append(roles, access.Role(r))
	}
	return roles
}
