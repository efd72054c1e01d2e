package access

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var roles = append([]Role{Citizen, Machine}, Staff...)

// kinds are the kinds of the verbs, once each, in their order.
func kinds() []string {
	var all []string
	for _, v := range Verbs {
		if kind, _, _ := strings.Cut(v, "."); !slices.Contains(all, kind) {
			all = append(all, kind)
		}
	}
	return all
}

var someone = rapid.Custom(func(t *rapid.T) Actor {
	return Actor{
		Person: rapid.SampledFrom([]string{"per_a", "per_b", ""}).Draw(t, "person"),
		Handle: rapid.SampledFrom([]string{"P-1", "W-2"}).Draw(t, "handle"),
		Roles:  rapid.SliceOfNDistinct(rapid.SampledFrom(roles), 0, 3, rapid.ID).Draw(t, "roles"),
		Unit:   rapid.SampledFrom([]string{"uni_a", "uni_b", ""}).Draw(t, "unit"),
		Regime: rapid.SampledFrom([]string{"", RegimePatrol, RegimeWatch, RegimeInvestigation}).Draw(t, "regime"),
	}
})

func thing(kind string) *rapid.Generator[Resource] {
	person := rapid.SampledFrom([]string{"per_a", "per_b", ""})
	return rapid.Custom(func(t *rapid.T) Resource {
		return Resource{
			Kind: kind, ID: "x_1",
			Unit:     rapid.SampledFrom([]string{"uni_a", "uni_b", ""}).Draw(t, "unit"),
			Owner:    person.Draw(t, "owner"),
			State:    rapid.SampledFrom([]string{"", "new", "draft", Leaving}).Draw(t, "state"),
			Drafter:  person.Draw(t, "drafter"),
			Assigned: rapid.SliceOfN(person, 0, 2).Draw(t, "assigned"),
			Denied:   rapid.SliceOfN(person, 0, 1).Draw(t, "denied"),
			Regime:   rapid.SampledFrom([]string{"", RegimePatrol, RegimeWatch, RegimeInvestigation}).Draw(t, "regime"),
			Guarded:  slices.Contains(guardedKinds, kind) && rapid.Bool().Draw(t, "guarded"),
		}
	})
}

// A list shows exactly the rows that the rules permit to list, and nothing can
// be opened that no list would show.
func TestScopeAndDecisionAgree(t *testing.T) {
	for _, kind := range kinds() {
		if !slices.Contains(Verbs, kind+".list") {
			continue
		}
		t.Run(kind, rapid.MakeCheck(func(t *rapid.T) {
			by, r := someone.Draw(t, "by"), thing(kind).Draw(t, "row")
			scope, list := ScopeOf(by, kind), Decide(by, kind+".list", r)
			if scope.Sees(r) != list.Allowed {
				t.Fatalf("scope %+v sees %v, but the rules say %+v", scope, scope.Sees(r), list)
			}
			if page := Decide(by, kind+".list", Resource{Kind: kind}); page.Allowed == scope.None {
				t.Fatalf("may have a list: %v, but scope is %+v", page.Allowed, scope)
			}
			if slices.Contains(Verbs, kind+".open") && Decide(by, kind+".open", r).Allowed != list.Allowed {
				t.Fatal("what is listed opens, and nothing else")
			}
		}))
	}
}

// Who may act on a row of an open kind may also see that row, except those
// who carry out a decision without reading.
func TestActingNeedsSeeing(t *testing.T) {
	blind := []string{
		".erase", ".restrict", ".purge", ".lapse", ".raise", // carried out, not read
		".receive", ".return", ".create", ".read", ".seal", "mandate.hold", "mandate.release", "account.", "people.", "room.enter",
		"alert.count", "alert.review-glass", // numbers, and who broke the glass: not the post
		"desk.", "text.", // settings and agreed texts of the desk: nobody's row
	}
	rapid.Check(t, func(t *rapid.T) {
		verb := rapid.SampledFrom(Verbs).Draw(t, "verb")
		kind, _, _ := strings.Cut(verb, ".")
		by, r := someone.Draw(t, "by"), thing(kind).Draw(t, "row")
		if !Decide(by, verb, r).Allowed || slices.ContainsFunc(blind, func(b string) bool { return strings.Contains(verb, b) }) {
			return
		}
		if kind == "room" || kind == "file" && !by.Has(Specialised) {
			kind = "conversation" // seen with it, not by a list of their own
		}
		if !ScopeOf(by, kind).Sees(r) {
			t.Fatalf("may %s but not see it", verb)
		}
	})
}

func TestDecisionsThatTakeTwo(t *testing.T) {
	for verb, role := range map[string]Role{
		"mandate.approve": MandateAuthority, "mandate.refuse": MandateAuthority, "mandate.resume": MandateAuthority,
		"alert.confirm-leave": DutyLead, "alert.review-glass": DutyLead, "rights.decide": DataProtection, "lexicon.approve": WatchAnalyst, "official.review": DutyLead,
		"people.confirm-unmask": Magistrate, "conversation.confirm-unmask": DutyLead,
	} {
		all := Actor{Person: "per_a", Handle: "P-1", Unit: "uni_a", Roles: []Role{role, DutyLead, WatchAnalyst, Investigator}}
		r := Resource{ID: "x", Unit: "uni_a", State: Leaving, Drafter: "per_b"}
		if !Decide(all, verb, r).Allowed {
			t.Errorf("%s: another person is refused", verb)
		}
		r.Drafter = "per_a"
		d := Decide(all, verb, r)
		if d.Allowed || len(d.Reasons) != 1 || !strings.HasSuffix(d.Reasons[0].Policy, "-not-drafter") &&
			!strings.HasSuffix(d.Reasons[0].Policy, "-another") && !strings.HasSuffix(d.Reasons[0].Policy, "-not-preparer") {
			t.Errorf("%s: the first person is also the second: %+v", verb, d)
		}
	}
}

func TestAdministratorSeesNoContent(t *testing.T) {
	for _, role := range Staff {
		by := Actor{Person: "per_a", Handle: "A-1", Unit: "uni_a", Roles: []Role{role, Administrator}}
		for _, verb := range Verbs {
			kind, _, _ := strings.Cut(verb, ".")
			if slices.Contains([]string{"people", "account", "official", "hours", "event", "figures", "register", "channel"}, kind) {
				continue
			}
			r := Resource{ID: "x", Unit: "uni_a", Owner: "per_a", Assigned: []string{"per_a"}, State: Leaving}
			if d := Decide(by, verb, r); d.Allowed || d.Known {
				t.Errorf("administrator with role %s: %s: %+v", role, verb, d)
			}
		}
	}
}

func TestPatrolCannotListWatchStaff(t *testing.T) {
	for _, role := range []Role{PatrolOfficer, DutyLead} {
		by := Actor{Person: "per_a", Handle: "P-1", Unit: "uni_a", Roles: []Role{role}}
		for _, regime := range []string{RegimeWatch, RegimeInvestigation} {
			hidden := Resource{Kind: "people", ID: "per_w", Unit: "uni_a", Regime: regime}
			if d := Decide(by, "people.list", hidden); d.Allowed || d.Known {
				t.Errorf("%s sees %s staff: %+v", role, regime, d)
			}
			if d := Decide(by, "official.publish", Resource{ID: "off_1", Unit: "uni_a", Regime: regime}); d.Allowed {
				t.Errorf("%s publishes %s staff", role, regime)
			}
		}
	}
}

func TestRefusalSaysWhatMayBeKnown(t *testing.T) {
	officer := Actor{Person: "per_a", Handle: "P-1", Unit: "uni_a", Roles: []Role{PatrolOfficer}}
	mine := Resource{ID: "con_1", Unit: "uni_a"}
	if d := Decide(officer, "conversation.answer", mine); d.Allowed || !d.Known {
		t.Errorf("seen in the list but not taken: %+v", d)
	}
	theirs := Resource{ID: "con_1", Unit: "uni_b"}
	if d := Decide(officer, "conversation.answer", theirs); d.Allowed || d.Known {
		t.Errorf("another unit's: %+v", d)
	}
	closed := Resource{ID: "con_1", Unit: "uni_a", Denied: []string{"per_a"}}
	d := Decide(officer, "conversation.open", closed)
	if d.Allowed || d.Known || len(d.Reasons) != 1 || d.Reasons[0].Policy != "common.denied" {
		t.Errorf("closed by name: %+v", d)
	}
}

func TestUnknownIsRefused(t *testing.T) {
	lead := Actor{Person: "per_a", Handle: "P-1", Unit: "uni_a", Roles: Staff[:9]}
	for _, q := range []struct {
		verb string
		r    Resource
	}{{"conversation.delete", Resource{ID: "x", Unit: "uni_a"}}, {"", Resource{}}, {"conversation.open", Resource{Kind: "official", ID: "x", Unit: "uni_a"}}} {
		if d := Decide(lead, q.verb, q.r); d.Allowed || d.Known || len(d.Reasons) == 0 {
			t.Errorf("%q: %+v", q.verb, d)
		}
	}
	if s := ScopeOf(lead, "secret"); !s.None {
		t.Errorf("scope of an unknown kind: %+v", s)
	}
	for _, verb := range Verbs {
		if d := Decide(Actor{Handle: "x", Roles: []Role{"king"}}, verb, Resource{ID: "x"}); d.Allowed &&
			!slices.ContainsFunc(d.Reasons, func(r Reason) bool {
				return r.Policy == "official.everyone-checks" || r.Policy == "public.figures" || r.Policy == "account.own"
			}) {
			t.Errorf("an unknown role may %s: %+v", verb, d)
		}
	}
}

func TestEveryVerbHasARule(t *testing.T) {
	for _, verb := range Verbs {
		permitted := slices.ContainsFunc(book.byVerb[verb], func(r rule) bool { return bool(r.policy.Effect()) })
		if !permitted {
			t.Errorf("no rule permits %s to anybody", verb)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	by := Actor{Person: "per_a", Handle: "P-1", Unit: "uni_a", Roles: []Role{PatrolOfficer, DutyLead}}
	r := Resource{ID: "con_1", Unit: "uni_a", Assigned: []string{"per_b", "per_a"}}
	for _, verb := range []string{"conversation.open", "conversation.confirm-unmask", "case.open"} {
		b.Run(verb, func(b *testing.B) {
			for b.Loop() {
				Decide(by, verb, r)
			}
		})
	}
}

// Whoever may do something to a row may find the way to it, and a way leads
// somewhere.
func TestEverMeetsDecide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		verb := rapid.SampledFrom(Verbs).Draw(t, "verb")
		kind, _, _ := strings.Cut(verb, ".")
		by, r := someone.Draw(t, "by"), thing(kind).Draw(t, "row")
		if by.Person == "" || by.Unit == "" {
			return // staff has both, except guests, who work by assignment
		}
		if Decide(by, verb, r).Allowed && !Ever(by, verb) {
			t.Fatalf("may %s, but no way leads there", verb)
		}
	})
	for _, c := range columns {
		by := Actor{Person: "per_me", Handle: "X-1", Roles: []Role{c.role}, Unit: "uni_mine"}
		for _, verb := range Verbs {
			if c.role == Citizen || c.role == Machine {
				continue
			}
			if got, want := Ever(by, verb), cell(c.role, verb) != "–"; got != want {
				t.Errorf("%s, %s: ever %v, table says %v", c.role, verb, got, want)
			}
		}
	}
}
