package desk

import (
	"context"
	"slices"
	"testing"
	"time"

	"ronde/internal/errs"
	"ronde/patrol"
)

// bells are where rings arrive in a test.
type bells struct {
	rung   []Ringing
	result string
}

func (h *house) bells() *bells {
	b := &bells{result: RingSent}
	h.RingBy(func(_ context.Context, r Ringing) string {
		b.rung = append(b.rung, r)
		return b.result
	}, func(way, to string) string {
		if slices.Contains([]string{"mail", "hook", "sms"}, way) && to != "" {
			return ""
		}
		return way
	})
	return b
}

func (b *bells) to() (all []string) {
	for _, r := range b.rung {
		all = append(all, r.To)
	}
	return all
}

func (h *house) steps() int {
	h.t.Helper()
	n, err := h.CallStep(ctx)
	must(h.t, err)
	return n
}

// Danger that nobody looks at rings one place after the other, at last the room
// that is always staffed, until somebody opens it.
func TestDangerRingsUntilSomebodyLooks(t *testing.T) {
	each(t, func(h *house) {
		t, b := h.t, h.bells()
		wants(t, h.AddContact(ctx, agnes, ContactIn{Way: "mail", Label: "x", To: "x@exemple.test", Wait: 5}), errs.NotFound)
		wants(t, h.AddContact(ctx, lead, ContactIn{Way: "dove", Label: "x", To: "x", Wait: 5}), errs.Invalid)
		for _, c := range []ContactIn{{Way: "mail", Label: "Astreinte", To: "canari@exemple.test", Wait: 5}, {Way: "sms", Label: "Astreinte 2", To: "+33600000000", Wait: 3}, {Way: "hook", Label: "Salle", To: "room", Room: true, Wait: 2}} {
			must(t, h.AddContact(ctx, lead, c))
		}
		if where := h.finds("canari@exemple"); len(where) != 0 {
			t.Fatalf("an address of staff lies in clear in %v", where)
		}
		h.writes("Bonjour, une simple question.")
		con := h.idOf(h.writes("J'ai envie de mourir."))
		if n := h.steps(); n != 1 || b.rung[0].To != "canari@exemple.test" || b.rung[0].Kind != CallDanger || b.rung[0].Conversation != con {
			t.Fatalf("%d %+v", n, b.rung)
		}
		if h.steps() != 0 {
			t.Fatal("the next is rung before the first had time")
		}
		for _, wait := range []time.Duration{5 * minute, 3 * minute, 2 * minute, 2 * minute} {
			h.clock.Move(wait + time.Second)
			if h.steps() != 1 {
				t.Fatalf("after %s nobody was rung", wait)
			}
		}
		if got := b.to(); !slices.Equal(got, []string{"canari@exemple.test", "+33600000000", "room", "room", "room"}) {
			t.Fatalf("%v", got)
		}
		_, err := h.Open(ctx, bruno, con)
		must(t, err)
		h.clock.Move(hour)
		if h.steps() != 0 {
			t.Fatal("somebody looked, and it still rings")
		}
		o, err := h.OnCall(ctx, lead)
		must(t, err)
		if len(o.Calls) != 1 || o.Calls[0].Handle != bruno.Handle || o.Contacts[2].Result != RingSent {
			t.Fatalf("%+v", o)
		}
		if n := h.counts(); n["call.danger"] != 1 || n["call.answered"] != 1 || n["call.within.15m"] != 1 {
			t.Fatalf("%v", n)
		}
	})
}

// Where somebody is on duty, they get a moment first; who cannot be reached is
// passed over at once; the order can be changed.
func TestRingingPassesOver(t *testing.T) {
	each(t, func(h *house) {
		t, b := h.t, h.bells()
		_, err := h.faces.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agent 7", Unit: "Patrouille", Languages: []string{"fr"}, Channels: []string{"portal"}, Hours: "mon-sun 00:00-24:00"})
		must(t, err)
		for _, to := range []string{"a@exemple.test", "b@exemple.test"} {
			must(t, h.AddContact(ctx, lead, ContactIn{Way: "mail", Label: to, To: to, Wait: 5}))
		}
		o, err := h.OnCall(ctx, lead)
		must(t, err)
		must(t, h.RaiseContact(ctx, lead, o.Contacts[1].ID))
		must(t, h.Configure(ctx, lead, 10, 10))
		con := h.idOf(h.writes("Il est armé, il va me tuer."))
		h.clock.Move(9 * minute)
		if h.steps() != 0 {
			t.Fatal("who is there got no moment")
		}
		b.result = RingUnreachable
		h.clock.Move(2 * minute)
		h.steps()
		h.clock.Move(ringAgain + time.Second)
		b.result = RingSent
		if h.steps(); !slices.Equal(b.to(), []string{"b@exemple.test", "a@exemple.test"}) {
			t.Fatalf("%v", b.to())
		}
		must(t, h.Take(ctx, agnes, con))
		result, err := h.TestContact(ctx, lead, o.Contacts[0].ID)
		if err != nil || result != RingSent || b.rung[2].Kind != CallTest || b.rung[2].Conversation != "" {
			t.Fatalf("%s %v %+v", result, err, b.rung)
		}
		must(t, h.RemoveContact(ctx, lead, o.Contacts[0].ID))
		wants(t, h.RemoveContact(ctx, lead, o.Contacts[0].ID), errs.NotFound)
	})
}

// An officer who wants it gets a word when something is handed to them and they
// do not look; never about anybody else's.
func TestOwnNotice(t *testing.T) {
	each(t, func(h *house) {
		t, b := h.t, h.bells()
		must(t, h.SetOwn(ctx, bruno, "mail", "bruno@exemple.test"))
		con := h.idOf(h.writes("Une lettre qui change de main."))
		must(t, h.Take(ctx, agnes, con))
		must(t, h.Handover(ctx, agnes, con, bruno.Handle, "fin de service"))
		if h.steps() != 0 {
			t.Fatal("no moment to look")
		}
		h.clock.Move(ownDelay + time.Second)
		if h.steps() != 1 || b.rung[0].To != "bruno@exemple.test" || b.rung[0].Kind != CallHanded {
			t.Fatalf("%+v", b.rung)
		}
		h.clock.Move(hour)
		if h.steps() != 0 {
			t.Fatal("told twice")
		}
		must(t, h.SetOwn(ctx, bruno, "", ""))
		if own, err := h.Own(ctx, bruno); err != nil || own.To != "" {
			t.Fatalf("%+v %v", own, err)
		}
	})
}

// A program that died between writing a ring down and its end rings again.
func TestARingIsNeverLost(t *testing.T) {
	each(t, func(h *house) {
		t, b := h.t, h.bells()
		must(t, h.AddContact(ctx, lead, ContactIn{Way: "mail", Label: "Astreinte", To: "a@exemple.test", Wait: 30}))
		h.writes("J'ai envie de mourir.")
		_, call, _, err := h.nextRing(ctx, false) // and then it dies
		must(t, err)
		if call.ID == "" || h.steps() != 0 {
			t.Fatalf("%+v", call)
		}
		h.clock.Move(ringLease + time.Second)
		if h.steps() != 1 || b.rung[0].To != "a@exemple.test" {
			t.Fatalf("%+v", b.rung)
		}
	})
}
