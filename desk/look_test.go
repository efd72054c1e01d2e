package desk

import (
	"testing"

	"ronde/internal/errs"
)

// What was closed without action is drawn, looked at again by another, and
// waits again if something has to be done.
func TestSecondLooks(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		must(t, h.Configure(ctx, lead, 5, 100))
		closed := func(outcome string) string {
			con := h.idOf(h.writes("Une lettre close avec " + outcome))
			must(t, h.Take(ctx, agnes, con))
			must(t, h.Close(ctx, agnes, con, outcome, ""))
			return con
		}
		closed(Advice)
		con := closed(NoAction)
		if own, err := h.Looks(ctx, agnes); err != nil || len(own) != 0 {
			t.Fatalf("%+v %v", own, err)
		}
		looks, err := h.Looks(ctx, bruno)
		must(t, err)
		if len(looks) != 1 || looks[0].Conversation != con {
			t.Fatalf("%+v", looks)
		}
		wants(t, h.LookAgain(ctx, agnes, looks[0].ID, LookAgreed), errs.Denied)
		wants(t, h.LookAgain(ctx, bruno, looks[0].ID, "fine"), errs.Invalid)
		must(t, h.LookAgain(ctx, bruno, looks[0].ID, LookReopen))
		wants(t, h.LookAgain(ctx, bruno, looks[0].ID, LookAgreed), errs.Conflict)
		if r := h.inboxOf(bruno, ShowOpen).Rows; len(r) != 1 || r[0].ID != con || r[0].State != Added {
			t.Fatalf("%+v", r)
		}
		if n := h.counts(); n["look.drawn"] != 1 || n["look.reopen"] != 1 {
			t.Fatalf("%v", n)
		}
		once, again := h.drawn(con, 37), h.drawn(con, 37)
		if h.drawn(con, 0) || !h.drawn(con, 100) || once != again {
			t.Fatal("the draw cannot be done over")
		}
	})
}

// Somebody is sent on with a yes, what was passed on lies sealed, and the
// receipt is written down once.
func TestReferral(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		con := h.idOf(h.writes("Il veut publier mes photos."))
		must(t, h.Take(ctx, agnes, con))
		wants(t, h.Refer(ctx, agnes, con, "3018", "nobody", "mot-canari photos"), errs.Invalid)
		wants(t, h.Refer(ctx, bruno, con, "3018", ConsentWriter, "mot-canari photos"), errs.Denied)
		must(t, h.Refer(ctx, agnes, con, "3018", ConsentWriter, "mot-canari photos"))
		if where := h.finds("mot-canari"); len(where) != 0 {
			t.Fatalf("in clear in %v", where)
		}
		talk, err := h.Open(ctx, agnes, con)
		must(t, err)
		must(t, h.TakenOver(ctx, agnes, con, talk.Referrals[0].ID, "Camille B."))
		wants(t, h.TakenOver(ctx, agnes, con, talk.Referrals[0].ID, "encore"), errs.Conflict)
		if talk, err = h.Open(ctx, agnes, con); err != nil || talk.Referrals[0].Who != "Camille B." || talk.Referrals[0].Passed != "mot-canari photos" {
			t.Fatalf("%+v %v", talk.Referrals, err)
		}
	})
}
