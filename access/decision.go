package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cedar-policy/cedar-go"
)

// Resource is what is asked for: one row, or a kind as a whole when only Kind
// is set ("may I have an inbox?"). A room fills the fields that its kind has;
// an empty field permits nothing by itself.
type Resource struct {
	Kind     string   // "conversation", "alert", …; empty means the verb's kind
	ID       string   // row id
	Unit     string   // unit that the row belongs to; empty while none does
	Owner    string   // person id: who leads it, or whose account it is
	State    string   // the row's state, for example [Leaving]
	Drafter  string   // person id of the first person of a decision that takes two
	Assigned []string // person ids who work on it
	Denied   []string // person ids to whom it is closed by name
	Regime   string   // one of the regimes, for people, officers and accounts
	Guarded  bool     // of exploitation: only for specialised staff
}

// Leaving is the state of an alert whose way out of the watch an analyst has
// asked for and nobody has confirmed yet.
const Leaving = "leaving"

// Suspected is the state of an exhibit that is suspected to show abuse.
const Suspected = "suspected"

// Regimes under which staff acts; the service handle shows it.
const (
	RegimePatrol        = "patrol"
	RegimeWatch         = "watch"
	RegimeInvestigation = "investigation"
	RegimeAuthority     = "authority"
	RegimeProtection    = "protection"
	RegimeLiaison       = "liaison"
	RegimeGuest         = "guest"
	RegimeControl       = "control"
)

func (r Resource) row() bool { return r.ID != "" || r.Unit != "" || r.Owner != "" }

// Decision is the answer to one question. Known says whether somebody who is
// refused may be told that the thing exists; if not, the answer is the same as
// for nothing. Reasons are the rules that decided; none means that no rule
// permits it.
type Decision struct {
	Allowed bool
	Known   bool
	Reasons []Reason
}

// Reason is one rule: its name in policies/*.cedar and its sentence.
type Reason struct {
	Policy string
	Why    string
}

// Decide says whether by may do verb ("conversation.take") to r. A verb that
// is not in [Verbs], or a resource of another kind, is refused.
func Decide(by Actor, verb string, r Resource) Decision {
	kind, _, _ := strings.Cut(verb, ".")
	if r.Kind == "" {
		r.Kind = kind
	}
	if _, ok := book.byVerb[verb]; !ok || r.Kind != kind {
		return Decision{Reasons: []Reason{{"access.unknown-verb", "No rule knows this verb for this kind of thing."}}}
	}
	w := newWorld(by, r)
	d := w.decide(verb)
	d.Known = d.Allowed
	list := kind + ".list"
	if !d.Known && list != verb && slices.Contains(Verbs, list) {
		d.Known = w.decide(list).Allowed
	}
	return d
}

// world is the little that Cedar sees: who asks, and for what.
type world struct {
	principal, resource cedar.Entity
}

// none stands for the unit, or the account, of somebody who has none: it must
// not equal the empty field of a row.
const none = "-"

func newWorld(by Actor, r Resource) *world {
	roles := make([]cedar.EntityUID, len(by.Roles))
	for i, role := range by.Roles {
		roles[i] = cedar.NewEntityUID("Role", cedar.String(role))
	}
	return &world{
		principal: cedar.Entity{
			UID:     cedar.NewEntityUID("Person", cedar.String(by.Handle)),
			Parents: cedar.NewEntityUIDSet(roles...),
			Attributes: cedar.NewRecord(cedar.RecordMap{
				"person": cedar.String(cmp.Or(by.Person, none)),
				"unit":   cedar.String(cmp.Or(by.Unit, none)),
				"regime": cedar.String(by.Regime),
			}),
		},
		resource: cedar.Entity{
			UID: cedar.NewEntityUID(typeOf(r.Kind), cedar.String(r.ID)),
			Attributes: cedar.NewRecord(cedar.RecordMap{
				"row":      cedar.Boolean(r.row()),
				"unit":     cedar.String(r.Unit),
				"owner":    cedar.String(r.Owner),
				"state":    cedar.String(r.State),
				"drafter":  cedar.String(r.Drafter),
				"regime":   cedar.String(r.Regime),
				"guarded":  cedar.Boolean(r.Guarded),
				"assigned": persons(r.Assigned),
				"denied":   persons(r.Denied),
			}),
		},
	}
}

// Get finds one of the two entities; Cedar calls it.
func (w *world) Get(uid cedar.EntityUID) (cedar.Entity, bool) {
	switch uid {
	case w.principal.UID:
		return w.principal, true
	case w.resource.UID:
		return w.resource, true
	}
	return cedar.Entity{}, false
}

func (w *world) decide(verb string) Decision {
	allowed, why := cedar.Authorize(book.byVerb[verb], w, cedar.Request{
		Principal: w.principal.UID,
		Action:    cedar.NewEntityUID("Action", cedar.String(verb)),
		Resource:  w.resource.UID,
	})
	// A rule that cannot be computed must not be passed over: a "forbid"
	// might be among them.
	d := Decision{Allowed: allowed == cedar.Allow && len(why.Errors) == 0}
	for _, reason := range why.Reasons {
		d.Reasons = append(d.Reasons, Reason{string(reason.PolicyID), book.why[reason.PolicyID]})
	}
	for _, e := range why.Errors {
		d.Reasons = append(d.Reasons, Reason{string(e.PolicyID), e.Message})
	}
	return d
}

// persons makes a set of person ids. The empty id, which citizens and machines
// have, is nobody's and never a member.
func persons(ids []string) cedar.Set {
	values := make([]cedar.Value, 0, len(ids))
	for _, id := range ids {
		if id != "" {
			values = append(values, cedar.String(id))
		}
	}
	return cedar.NewSet(values...)
}

// typeOf turns a kind into its Cedar type: "conversation" → "Conversation".
func typeOf(kind string) cedar.EntityType {
	if kind == "" {
		return ""
	}
	return cedar.EntityType(strings.ToUpper(kind[:1]) + kind[1:])
}

// Ever says whether there is anything at all on which by may do verb. A door
// asks it before it shows the way to a page; the room then asks [Decide] for
// the row itself.
func Ever(by Actor, verb string) bool {
	kind, _, _ := strings.Cut(verb, ".")
	other := "per_" + none // somebody else
	for _, regime := range []string{"", RegimePatrol, RegimeWatch, RegimeInvestigation} {
		for _, r := range []Resource{
			{},
			{ID: none, Unit: by.Unit, Owner: other, Drafter: other, State: Leaving},
			{ID: none, Unit: by.Unit, Owner: by.Person, Drafter: other, Assigned: []string{by.Person}},
			{ID: none, Unit: by.Unit, Owner: other, Drafter: by.Person},
		} {
			r.Kind, r.Regime = kind, regime
			if Decide(by, verb, r).Allowed {
				return true
			}
		}
	}
	return false
}
