package desk

import (
	"testing"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// Two threads of one writer are shown as one, get one answer each, wait in one
// place, and come apart again. What a child only asked is joined with nothing.
func TestThreadsOfOneWriter(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		codes := []string{h.writes("Première lettre, un peu avant."), h.writes("Deuxième lettre, j'ai envie de mourir."), h.writes("Bonjour, c'est quoi un mandat ?")}
		var ids []string
		for _, code := range codes {
			ids = append(ids, h.idOf(code))
		}
		wants(t, h.Merge(ctx, agnes, ids[1], ids[0], "même écriture"), errs.Denied)
		for _, one := range ids {
			must(t, h.Take(ctx, agnes, one))
		}
		wants(t, h.Merge(ctx, agnes, ids[1], ids[0], "x"), errs.Invalid)
		must(t, h.MarkQuestion(ctx, agnes, ids[2], true))
		wants(t, h.Merge(ctx, agnes, ids[2], ids[0], "même écriture"), errs.Conflict)
		wants(t, h.Merge(ctx, agnes, ids[0], ids[2], "même écriture"), errs.Conflict)
		must(t, h.Merge(ctx, agnes, ids[1], ids[0], "même écriture"))
		wants(t, h.Merge(ctx, agnes, ids[1], ids[0], "même écriture"), errs.Conflict)
		wants(t, h.MarkQuestion(ctx, agnes, ids[0], true), errs.Conflict)
		rows := h.inboxOf(agnes, ShowMine).Rows
		if len(rows) != 2 || rows[0].ID != ids[0] || len(rows[0].Danger) == 0 || rows[0].Unread != 2 {
			t.Fatalf("%+v", rows)
		}
		talk, err := h.Open(ctx, agnes, ids[0])
		must(t, err)
		if len(talk.Messages) != 2 || talk.Messages[1].Thread != ids[1] || len(talk.Threads) != 1 {
			t.Fatalf("%+v", talk)
		}
		must(t, h.Answer(ctx, agnes, ids[0], Reply{Text: "Je suis là.", Revision: talk.Revision}))
		for _, code := range codes[:2] {
			if v, err := h.Return(ctx, "", code); err != nil || len(v.Messages) != 2 || v.State != Answered {
				t.Fatalf("%+v %v", v, err)
			}
		}
		must(t, h.Add(ctx, "", codes[1], "Merci, et encore une chose.", "form-add-merge-01"))
		if rows = h.inboxOf(agnes, ShowOpen).Rows; len(rows) != 2 || rows[0].ID != ids[0] || rows[0].State != Added {
			t.Fatalf("what is added to the other thread waits elsewhere: %+v", rows)
		}
		must(t, h.Handover(ctx, agnes, ids[0], bruno.Handle, "fin de service"))
		wants(t, h.Split(ctx, agnes, ids[1]), errs.Denied)
		must(t, h.Split(ctx, bruno, ids[1]))
		wants(t, h.Split(ctx, bruno, ids[1]), errs.Conflict)
		if rows = h.inboxOf(bruno, ShowMine).Rows; len(rows) != 2 {
			t.Fatalf("%+v", rows)
		}
		must(t, h.Merge(ctx, bruno, ids[1], ids[0], "encore la même"))
		must(t, h.db.Write(ctx, func(tx *db.Tx) error { return h.EraseIn(ctx, tx, dpo, ids[0], "rgt_1") }))
		must(t, h.Finish(ctx))
		if rows = h.inboxOf(bruno, ShowMine).Rows; len(rows) != 1 || rows[0].ID != ids[1] {
			t.Fatalf("the other thread is lost with the erased one: %+v", rows)
		}
	})
}

// A name is not given to who chose to have none.
func TestAnonymousIsNotJoinedWithNamed(t *testing.T) {
	each(t, func(h *house) {
		in := h.letter("Je donne mon nom.")
		in.Identify, in.Name = Named, "Inès Cazaubon"
		r, err := h.Receive(ctx, in)
		must(h.t, err)
		named, none := h.idOf(r.Code), h.idOf(h.writes("Je ne donne pas mon nom."))
		must(h.t, h.Take(ctx, agnes, named))
		must(h.t, h.Take(ctx, agnes, none))
		wants(h.t, h.Merge(ctx, agnes, none, named, "même écriture"), errs.Conflict)
	})
}

// Handing over ends with a receipt: the first look of who got it.
func TestHandoverHasAReceipt(t *testing.T) {
	each(t, func(h *house) {
		con := h.idOf(h.writes("Une lettre qui change de main."))
		must(h.t, h.Take(ctx, agnes, con))
		must(h.t, h.Handover(ctx, agnes, con, bruno.Handle, "fin de service"))
		talk, err := h.Open(ctx, agnes, con)
		must(h.t, err)
		if talk.Handed == nil || talk.Handed.Seen != 0 {
			h.t.Fatalf("%+v", talk.Handed)
		}
		_, err = h.Open(ctx, bruno, con)
		must(h.t, err)
		if talk, err = h.Open(ctx, lead, con); err != nil || talk.Handed.Seen == 0 || talk.Handed.Taker != bruno.Handle {
			h.t.Fatalf("%+v %v", talk.Handed, err)
		}
	})
}

// Where the organisation says so, a second person agrees before an identity is
// opened, never the first, once, within a day.
func TestTwoOpenAnIdentity(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		wants(t, h.Protect(ctx, lead, true, 0), errs.NotFound)
		must(t, h.Protect(ctx, dpo, true, 0))
		in := h.letter("Un faux compte utilise mes photos.")
		in.Identify, in.Name, in.Contact = Confidential, "Inès Cazaubon", "ines@exemple.test"
		r, err := h.Receive(ctx, in)
		must(t, err)
		con := h.idOf(r.Code)
		must(t, h.Take(ctx, lead, con))
		_, err = h.Unmask(ctx, lead, con, "rappeler la personne")
		wants(t, err, errs.Conflict)
		must(t, h.AskReveal(ctx, lead, con, "mot-canari rappeler"))
		if where := h.finds("mot-canari"); len(where) > 0 {
			t.Fatalf("the reason lies in clear in %v", where)
		}
		wants(t, h.AskReveal(ctx, lead, con, "rappeler encore"), errs.Conflict)
		talk, err := h.Open(ctx, lead, con)
		must(t, err)
		id := talk.Reveal.ID
		if talk.Reveal.May || talk.Reveal.Ready || !talk.Two {
			t.Fatalf("%+v", talk.Reveal)
		}
		_, err = h.OpenReveal(ctx, lead, con, id)
		wants(t, err, errs.Conflict)
		wants(t, h.ConfirmReveal(ctx, lead, con, id, true), errs.Denied)
		wants(t, h.ConfirmReveal(ctx, bruno, con, id, true), errs.Denied)
		second := lead
		second.Person, second.Handle = "per_9", "P-99"
		if waits, err := h.Reveals(ctx, second); err != nil || len(waits) != 1 || waits[0].Reason != "mot-canari rappeler" {
			t.Fatalf("%+v %v", waits, err)
		}
		must(t, h.ConfirmReveal(ctx, second, con, id, true))
		_, err = h.OpenReveal(ctx, second, con, id)
		wants(t, err, errs.Denied)
		p, err := h.OpenReveal(ctx, lead, con, id)
		must(t, err)
		if p.Name != "Inès Cazaubon" {
			t.Fatalf("%+v", p)
		}
		_, err = h.OpenReveal(ctx, lead, con, id)
		wants(t, err, errs.Conflict)
		must(t, h.AskReveal(ctx, lead, con, "une autre fois"))
		h.clock.Move(day + minute)
		talk, err = h.Open(ctx, lead, con)
		must(t, err)
		wants(t, h.ConfirmReveal(ctx, second, con, talk.Reveal.ID, true), errs.Conflict)
	})
}

// What leaves as a file leaves with the identity covered, and in the book; a
// list has no word of what was written.
func TestExports(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		con := h.idOf(h.writes("Une lettre qui part sur papier."))
		_, err := h.Export(ctx, agnes, con)
		wants(t, err, errs.Denied)
		must(t, h.Take(ctx, agnes, con))
		talk, err := h.Export(ctx, agnes, con)
		must(t, err)
		rows, err := h.ExportList(ctx, agnes, ShowMine)
		must(t, err)
		if len(talk.Messages) != 1 || len(rows) != 1 || rows[0].Excerpt != "" {
			t.Fatalf("%+v %+v", talk, rows)
		}
		_, err = h.ExportList(ctx, root, ShowOpen)
		wants(t, err, errs.NotFound)
	})
}
