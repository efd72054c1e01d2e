package desk

import (
	"testing"

	"ronde/internal/db"
	"ronde/internal/errs"
)

// Colleagues see who has a conversation open and who writes; it is forgotten
// within a minute, and a glance tells no word of what was written and is no
// list view in the book.
func TestWhoIsHere(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		con := h.idOf(h.writes("Bonjour, mot-canari, j'ai une question."))
		must(t, h.Take(ctx, agnes, con))
		must(t, h.SaveDraft(ctx, agnes, con, "Bonjour"))
		_, err := h.Open(ctx, lead, con)
		must(t, err)
		first, err := h.Changes(ctx)
		must(t, err)
		verbs := h.verbs()
		g, err := h.Glance(ctx, bruno, Filter{})
		must(t, err)
		if p := g.Rows[0].Present; len(p) != 2 || !p[1].Writing && !p[0].Writing || g.Rows[0].Excerpt != "" || len(g.Mine) != 0 {
			t.Fatalf("%+v", g)
		}
		if h.verbs() != verbs {
			t.Fatal("a glance is no new list view")
		}
		p, err := h.Pulse(ctx, agnes, con)
		must(t, err)
		if len(p.Present) != 1 || p.Present[0].Handle != lead.Handle || p.Present[0].Writing || p.Holder != agnes.Handle {
			t.Fatalf("%+v", p)
		}
		must(t, h.Gone(ctx, lead, con))
		if now, _ := h.Changes(ctx); now == first {
			t.Fatal("a page that is live does not learn that somebody has gone")
		}
		h.clock.Move(presentFor + 1)
		if g, err = h.Glance(ctx, agnes, Filter{Show: ShowMine}); err != nil || len(g.Rows) != 1 || len(g.Rows[0].Present) != 0 || g.Mine[0].ID != con {
			t.Fatalf("%+v %v", g, err)
		}
		_, err = h.Glance(ctx, analyst, Filter{})
		wants(t, err, errs.NotFound)
		wants(t, h.Here(ctx, root, con, false), errs.NotFound)
		_, err = h.Pulse(ctx, root, con)
		wants(t, err, errs.NotFound)
	})
}

// An answer that is begun is its writer's alone, lies sealed, and ends with the
// answer, the closing, and the erasure.
func TestDrafts(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		con := h.idOf(h.writes("Bonjour, j'ai une question pour vous."))
		wants(t, h.SaveDraft(ctx, agnes, con, "trop tôt"), errs.Denied)
		must(t, h.Take(ctx, agnes, con))
		must(t, h.SaveDraft(ctx, agnes, con, "mot-canari, je réfléchis"))
		must(t, h.SaveDraft(ctx, agnes, con, "mot-canari, j'ai réfléchi"))
		if where := h.finds("mot-canari"); len(where) != 0 {
			t.Fatalf("the draft lies in clear in %v", where)
		}
		mine, err := h.Open(ctx, agnes, con)
		must(t, err)
		others, err := h.Open(ctx, lead, con)
		must(t, err)
		if mine.Begun.Text != "mot-canari, j'ai réfléchi" || mine.Begun.At == 0 || others.Begun.At != 0 {
			t.Fatalf("%+v %+v", mine.Begun, others.Begun)
		}
		if r := h.inboxOf(agnes, ShowMine).Rows; !r[0].Draft {
			t.Fatal("the list does not say that an answer is begun")
		}
		must(t, h.Answer(ctx, agnes, con, Reply{Text: "Voici."}))
		if mine, err = h.Open(ctx, agnes, con); err != nil || mine.Begun.At != 0 {
			t.Fatalf("%+v %v", mine.Begun, err)
		}
		must(t, h.SaveDraft(ctx, agnes, con, "encore"))
		must(t, h.SaveDraft(ctx, agnes, con, " "))
		must(t, h.SaveDraft(ctx, agnes, con, "et encore"))
		must(t, h.db.Write(ctx, func(tx *db.Tx) error { return h.EraseIn(ctx, tx, dpo, con, "rgt_1") }))
		must(t, h.Finish(ctx))
		var n int
		must(t, h.db.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(ctx, "SELECT COUNT(*) FROM desk_drafts").Scan(&n)
		}))
		if n != 0 {
			t.Fatal("the draft outlives the conversation")
		}
		wants(t, h.SaveDraft(ctx, agnes, con, "trop tard"), errs.Denied)
	})
}
