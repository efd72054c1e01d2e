package access

import "testing"

// The lead of the analysts is curious: the same role opens the citizens' inbox
// and the public pages to the lead of the patrol.
func TestHiddenLeadFindsNoCitizenAndPublishesNothing(t *testing.T) {
	for regime, want := range map[string]bool{RegimePatrol: true, RegimeWatch: false, RegimeInvestigation: false} {
		by := Actor{Person: "per_l", Handle: "X-1", Unit: "uni_l", Regime: regime, Roles: []Role{DutyLead}}
		if got := !ScopeOf(by, "conversation").None; got != want {
			t.Errorf("lead of %s: has an inbox: %v", regime, got)
		}
		for _, ask := range []struct {
			verb string
			r    Resource
		}{
			{"conversation.list", Resource{}},
			{"conversation.open", Resource{ID: "con_1"}},
			{"conversation.take", Resource{ID: "con_1"}},
			{"conversation.open", Resource{ID: "con_1", Unit: "uni_l"}},
			{"official.publish", Resource{}},
			{"official.withdraw", Resource{ID: "off_1"}},
			{"account.publish", Resource{}},
			{"account.withdraw", Resource{ID: "acc_1"}},
			{"hours.roster", Resource{}},
			{"hours.own", Resource{}},
			{"event.publish", Resource{}},
			{"booking.open", Resource{ID: "boo_1"}},
			{"booking.answer", Resource{ID: "boo_1"}},
			{"logbook.list", Resource{}},
			{"logbook.write", Resource{ID: "log_1", Unit: "uni_l"}},
			{"logbook.hand", Resource{ID: "log_1", Unit: "uni_l", Owner: "per_l"}},
		} {
			if d := Decide(by, ask.verb, ask.r); d.Allowed != want {
				t.Errorf("lead of %s: %s %+v: %+v", regime, ask.verb, ask.r, d)
			}
		}
	}
}
