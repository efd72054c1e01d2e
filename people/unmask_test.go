package people_test

import (
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/errs"
)

func TestUnmaskTakesTwo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		eva := h.hire(ada.Actor, "eva", "", access.Auditor)
		max := h.hire(ada.Actor, "max", "", access.DataProtection)
		omar := h.hire(ada.Actor, "omar", h.unit(ada.Actor, access.RegimePatrol), access.PatrolOfficer)
		_, err := h.AskUnmask(ctx, ada.Actor, omar.Actor.Handle, "curieuse")
		want(t, err, errs.Denied, "err.denied")
		id, err := h.AskUnmask(ctx, eva.Actor, omar.Actor.Handle, "contrôle 12")
		check(t, err)
		_, err = h.OpenUnmask(ctx, eva.Actor, id)
		want(t, err, errs.Conflict, "err.people.unmask_state")
		want(t, h.ConfirmUnmask(ctx, eva.Actor, id), errs.Denied, "err.denied")
		list, err := h.Unmaskings(ctx, max.Actor)
		check(t, err)
		if len(list) != 1 || list[0].Reason != "contrôle 12" || list[0].Handle != omar.Actor.Handle || list[0].Asker != eva.Actor.Handle {
			t.Fatalf("%+v", list)
		}
		check(t, h.ConfirmUnmask(ctx, max.Actor, id))
		_, err = h.OpenUnmask(ctx, max.Actor, id)
		want(t, err, errs.Denied, "err.denied")
		p, err := h.OpenUnmask(ctx, eva.Actor, id)
		check(t, err)
		if p.Name != "OMAR Fictif" || p.Login != "omar" {
			t.Fatalf("%+v", p)
		}
		_, err = h.OpenUnmask(ctx, eva.Actor, id)
		want(t, err, errs.Conflict, "err.people.unmask_state")
		late, err := h.AskUnmask(ctx, eva.Actor, omar.Actor.Handle, "contrôle 13")
		check(t, err)
		h.clock.Move(25 * time.Hour)
		want(t, h.ConfirmUnmask(ctx, max.Actor, late), errs.Lapsed, "err.people.unmask_lapsed")
		said := strings.Join(h.verbs(), "\n")
		for _, v := range []string{"people.ask-unmask " + eva.Actor.Handle, "people.confirm-unmask " + max.Actor.Handle, "people.open-unmask " + eva.Actor.Handle} {
			if !strings.Contains(said, v) {
				t.Errorf("ledger does not say %q", v)
			}
		}
	})
}
