package desk

import (
	"strings"
	"testing"
	"time"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// A text is used once another has agreed to it; the newer takes the place of
// the older; what it leaves open is filled.
func TestAgreedTexts(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		in := TextIn{Name: "Argent facile", Lang: "fr", Kind: TextReply, Body: "Bonjour, je suis {name}. Référence {ref}."}
		id, err := h.DraftText(ctx, lead, in)
		must(t, err)
		wants(t, h.DecideText(ctx, lead, id, true), errs.NotFound)
		wants(t, h.DecideText(ctx, agnes, id, true), errs.NotFound)
		other := lead
		other.Person, other.Handle = "per_8", "L-8"
		list, err := h.Texts(ctx, other, false)
		must(t, err)
		if len(list) != 1 || !list[0].May || list[0].State != TextDraft {
			t.Fatalf("%+v", list)
		}
		must(t, h.DecideText(ctx, other, id, true))
		wants(t, h.DecideText(ctx, other, id, false), errs.Conflict)
		newer, err := h.DraftText(ctx, agnes, in)
		must(t, err)
		must(t, h.DecideText(ctx, lead, newer, true))
		if list, err = h.Texts(ctx, agnes, false); err != nil || len(list) != 1 || list[0].ID != newer {
			t.Fatalf("%+v %v", list, err)
		}
		must(t, h.RetireText(ctx, bruno, newer))
		wants(t, h.RetireText(ctx, bruno, newer), errs.Conflict)
		_, err = h.Texts(ctx, analyst, false)
		wants(t, err, errs.NotFound)
		for _, bad := range []TextIn{{"", "fr", TextReply, "x"}, {"x", "f", TextReply, "x"}, {"x", "fr", "poem", "x"}, {"x", "fr", TextReply, ""}, {"x", "fr", TextReply, "{nom}"}, {"x", "fr", TextAway, "Nous sommes fermés."}} {
			if _, err := h.DraftText(ctx, agnes, bad); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if got := Fill(in.Body, map[string]string{"name": "Agent 7"}); got != "Bonjour, je suis Agent 7. Référence {ref}." {
			t.Fatal(got)
		}
	})
}

// Outside hours who writes gets one automatic answer a day, labelled, in their
// language; it ends nobody's waiting, and nobody gets it who is being read.
func TestAutomaticAnswers(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		step := func() int {
			n, err := h.AwayStep(ctx)
			must(t, err)
			return n
		}
		h.Speak(Speech{Service: "Patrouille", Emergency: "112", Hours: func(_ string, at time.Time) string { return at.Format("15:04") }})
		must(t, h.faces.SetHours(ctx, lead, "portal", "mon-fri 08:00-18:00", 3))
		id, err := h.DraftText(ctx, agnes, TextIn{Name: "Absence", Lang: "fr", Kind: TextAway, Body: "Nous sommes là à {hours}. En danger : {emergency}."})
		must(t, err)
		must(t, h.DecideText(ctx, lead, id, true))
		code := h.writes("Une question pendant les heures.")
		if step() != 0 {
			t.Fatal("somebody is there")
		}
		h.clock.Move(12 * hour)
		if step() != 0 {
			t.Fatal("what came in hours is answered by people")
		}
		night := h.writes("Une question de nuit.")
		read := h.idOf(h.writes("Une autre, que quelqu'un lit déjà."))
		_, err = h.Open(ctx, agnes, read)
		must(t, err)
		in := h.letter("A question at night, in another language.")
		in.Lang = "en"
		_, err = h.Receive(ctx, in)
		must(t, err)
		if n := step(); n != 1 || step() != 0 {
			t.Fatalf("%d automatic answers", n)
		}
		v, err := h.Return(ctx, "", night)
		must(t, err)
		if m := v.Messages[1]; !m.Auto || !m.Ours || m.Text != "Nous sommes là à 08:00. En danger : 112." || v.State != Untaken || v.Waiting == 0 {
			t.Fatalf("%+v", v)
		}
		must(t, h.Add(ctx, "", night, "Et encore.", "form-add-away-0001"))
		if step() != 0 {
			t.Fatal("twice in a day")
		}
		if v, err = h.Return(ctx, "", code); err != nil || len(v.Messages) != 1 {
			t.Fatalf("%+v %v", v, err)
		}
	})
}

// What is announced is measured against what was, by channel and never by
// officer.
func TestAnswerTimesAreMeasured(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		must(t, h.faces.SetHours(ctx, lead, "portal", "mon-fri 08:00-18:00", 3))
		for i, wait := range []time.Duration{30 * minute, 10 * day} {
			con := h.idOf(h.writes("Une lettre qui attend, numéro " + strings.Repeat("x", i)))
			h.clock.Move(wait)
			must(t, h.Take(ctx, agnes, con))
			must(t, h.Answer(ctx, agnes, con, Reply{Text: "Voici."}))
		}
		p, err := h.Paces(ctx, lead, "2026-11-01", "2026-12-31")
		must(t, err)
		if len(p) != 1 || p[0].Announced != 3 || p[0].InTime != 1 || p[0].Late != 1 || p[0].Spans["1h"] != 1 || p[0].Spans["more"] != 1 {
			t.Fatalf("%+v", p)
		}
	})
}

// Steps stand beside the kind of danger that was written, and are ticked by
// who does them.
func TestProtocols(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		con := h.idOf(h.writes("J'ai envie de mourir."))
		must(t, h.Take(ctx, agnes, con))
		must(t, h.Tick(ctx, agnes, con, "suicide", "ask", true))
		wants(t, h.Tick(ctx, agnes, con, "suicide", "dance", true), errs.Invalid)
		wants(t, h.Tick(ctx, bruno, con, "suicide", "where", true), errs.Denied)
		talk, err := h.Open(ctx, agnes, con)
		must(t, err)
		if len(talk.Protocols) != 1 || talk.Protocols[0].Name != "suicide" || talk.Protocols[0].Steps[1].By != agnes.Handle || talk.Protocols[0].Steps[0].By != "" {
			t.Fatalf("%+v", talk.Protocols)
		}
		must(t, h.Tick(ctx, agnes, con, "suicide", "ask", false))
		calm := h.idOf(h.writes("Bonjour, c'est quoi un mandat ?"))
		if talk, err = h.Open(ctx, agnes, calm); err != nil || len(talk.Protocols) != 0 {
			t.Fatalf("%+v %v", talk.Protocols, err)
		}
	})
}

// The sheet for the emergency desk: in danger one person is enough, also where
// two open an identity. An address stands on it only if the organisation said
// so beforehand, for its hours.
func TestSheetAndWindow(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		send := func(text string) string {
			in := h.letter(text)
			in.Identify, in.Name, in.Contact, in.Caller = Confidential, "Inès Cazaubon", "ines@exemple.test", "192.0.2.77"
			r, err := h.Receive(ctx, in)
			must(t, err)
			con := h.idOf(r.Code)
			must(t, h.Take(ctx, agnes, con))
			return con
		}
		before := send("J'ai envie de mourir.")
		wants(t, h.Protect(ctx, dpo, true, MaxWindow+1), errs.Invalid)
		must(t, h.Protect(ctx, dpo, true, 24))
		unsaid := send("Il me frappe, il va me tuer.") // by a form that was given before, and said "never"
		h.clock.Move(SaidFor + minute)
		if s, err := h.Sheet(ctx, agnes, unsaid, "danger de mort"); err != nil || len(s.Kept) != 0 {
			t.Fatalf("an address is kept of who was told that none is: %+v %v", s, err)
		}
		after, calm := send("Il est armé, il va me tuer."), send("Bonjour, c'est quoi un mandat ?")
		if where := h.finds("192.0.2.77"); len(where) != 0 {
			t.Fatalf("an address lies in clear in %v", where)
		}
		_, err := h.Sheet(ctx, agnes, calm, "par curiosité")
		wants(t, err, errs.Conflict)
		_, err = h.Sheet(ctx, bruno, after, "danger de mort")
		wants(t, err, errs.Denied)
		s, err := h.Sheet(ctx, agnes, before, "danger de mort")
		must(t, err)
		if s.Person.Contact != "ines@exemple.test" || len(s.Kept) != 0 || len(s.Messages) != 1 {
			t.Fatalf("%+v", s)
		}
		if s, err = h.Sheet(ctx, agnes, after, "danger de mort"); err != nil || len(s.Kept) != 1 || s.Kept[0].Address != "192.0.2.77" {
			t.Fatalf("%+v %v", s, err)
		}
		h.clock.Move(25 * hour)
		if s, err = h.Sheet(ctx, agnes, after, "danger de mort"); err != nil || len(s.Kept) != 0 {
			t.Fatalf("an address outlives its hours: %+v %v", s, err)
		}
		must(t, h.db.Write(ctx, func(tx *db.Tx) error { _, err := h.ExpireIn(ctx, tx); return err }))
		var n int
		must(t, h.db.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, "SELECT COUNT(*) FROM desk_addresses").Scan(&n) }))
		if n != 0 || h.counts()["conversation.sheet"] != 4 {
			t.Fatalf("%d addresses, %v", n, h.counts())
		}
	})
}
