package people_test

import (
	"slices"
	"testing"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/people"
)

func TestFirstAdministratorOnlyOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.first()
		_, err := h.CreateFirst(ctx, people.NewAccount{Name: "Eve Fictive", Login: "eve"})
		want(t, err, errs.Conflict, "err.people.first")
	})
}

func TestRolesKeepTheirRegime(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		patrol, watch := h.unit(ada.Actor, access.RegimePatrol), h.unit(ada.Actor, access.RegimeWatch)
		omar := h.hire(ada.Actor, "omar", patrol, access.PatrolOfficer)
		check(t, h.Roles(ctx, ada.Actor, omar.Actor.Person, []access.Role{access.DutyLead, access.PatrolOfficer}))
		got, err := h.Actor(ctx, omar.Token)
		check(t, err)
		if !got.Has(access.DutyLead) {
			t.Fatal("the new role does not count at once")
		}
		for _, roles := range [][]access.Role{{access.WatchAnalyst}, {access.PatrolOfficer, access.WatchAnalyst}, {}, {"king"},
			{access.DutyLead, access.Auditor}, {access.Administrator}, {access.Specialised}, {access.PatrolOfficer, access.Specialised}} {
			err := h.Roles(ctx, ada.Actor, omar.Actor.Person, roles)
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%v: %v", roles, err)
			}
		}
		_, err = h.Create(ctx, ada.Actor, people.NewAccount{Name: "N Fictif", Login: "s", Roles: []access.Role{access.Specialised}, Unit: watch})
		want(t, err, errs.Invalid, "err.people.specialised")
		if sana := h.hire(ada.Actor, "sana", watch, access.WatchAnalyst, access.Specialised); !sana.Actor.Has(access.Specialised) {
			t.Error("an analyst cannot be specialised")
		}
		_, err = h.Create(ctx, ada.Actor, people.NewAccount{Name: "N Fictif", Login: "n", Roles: []access.Role{access.PatrolOfficer}, Unit: watch})
		want(t, err, errs.Invalid, "err.people.unit")
		_, err = h.Create(ctx, ada.Actor, people.NewAccount{Name: "N Fictif", Login: "OMAR", Roles: []access.Role{access.PatrolOfficer}, Unit: patrol})
		want(t, err, errs.Conflict, "err.people.login_taken")
		_, err = h.Create(ctx, omar.Actor, people.NewAccount{Name: "N Fictif", Login: "n", Roles: []access.Role{access.PatrolOfficer}, Unit: patrol})
		want(t, err, errs.Denied, "err.denied")
	})
}

func TestPatrolCannotListWatchStaff(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		patrol, watch := h.unit(ada.Actor, access.RegimePatrol), h.unit(ada.Actor, access.RegimeWatch)
		omar := h.hire(ada.Actor, "omar", patrol, access.PatrolOfficer)
		lin := h.hire(ada.Actor, "lin", patrol, access.DutyLead)
		wei := h.hire(ada.Actor, "wei", watch, access.WatchAnalyst)
		for _, c := range []struct {
			by   access.Actor
			sees []somebody
		}{{omar.Actor, []somebody{omar, lin}}, {lin.Actor, []somebody{omar, lin}}, {wei.Actor, []somebody{wei}}, {ada.Actor, []somebody{ada, omar, lin, wei}}} {
			got, err := h.List(ctx, c.by)
			check(t, err)
			var handles, wanted []string
			for _, a := range got {
				handles = append(handles, a.Handle)
			}
			for _, s := range c.sees {
				wanted = append(wanted, s.Actor.Handle)
			}
			slices.Sort(wanted)
			if !slices.Equal(handles, wanted) {
				t.Errorf("%s sees %v, want %v", c.by.Handle, handles, wanted)
			}
		}
		_, err := h.AskUnmask(ctx, lin.Actor, wei.Actor.Handle, "je veux savoir")
		_, absent := h.AskUnmask(ctx, lin.Actor, "W-00000", "je veux savoir")
		want(t, err, errs.NotFound, "err.not_found")
		want(t, absent, errs.NotFound, "err.not_found")
	})
}

func TestCards(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		eva := h.hire(ada.Actor, "eva", "", access.Auditor)
		handles := []string{eva.Actor.Handle, "P-nobody"}
		for range 1200 {
			handles = append(handles, "X-0")
		}
		check(t, h.db.Read(ctx, func(tx *db.Tx) error {
			cards, err := h.Cards(ctx, tx, append(handles, ada.Actor.Handle))
			if len(cards) != 2 || cards[eva.Actor.Handle].Roles[0] != access.Auditor {
				t.Errorf("%+v", cards)
			}
			return err
		}))
	})
}
