package desk

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
)

const chain = "Partagez ce message avec la police sinon votre compte sera fermé demain à minuit !"

// A flood of one text is one line; each writer keeps a code and gets the answer.
// A danger word always has its own line.
func TestFloodIsOneLine(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		var codes []string
		for range 5 {
			codes = append(codes, h.writes(chain))
			h.clock.Move(minute)
		}
		h.writes("bonjour")
		h.writes("bonjour") // short: two people
		for range 3 {
			h.writes("Au secours, il est armé et il dit qu'il va me tuer, je suis rue des Lilas")
		}
		in := h.inboxOf(agnes, ShowOpen)
		if len(in.Rows) != 6 || in.Rows[3].Same != 4 || len(in.Rows[2].Danger) == 0 {
			t.Fatalf("%d lines: %+v", len(in.Rows), in.Rows)
		}
		must(t, h.Add(ctx, "", codes[3], "Moi c'est sérieux.", "form-add-00000003"))
		if in = h.inboxOf(agnes, ShowOpen); len(in.Rows) != 7 {
			t.Fatalf("who adds has no own line: %d", len(in.Rows))
		}
		head := h.idOf(codes[0])
		must(t, h.Take(ctx, agnes, head))
		must(t, h.Answer(ctx, agnes, head, Reply{Text: "C'est une chaîne, ignorez-la."}))
		must(t, h.Close(ctx, agnes, head, Advice, ""))
		for i, c := range codes {
			v, err := h.Return(ctx, "", c)
			must(t, err)
			if alone := i == 3; (v.State == Closed) == alone || (len(v.Messages) == 2) != true {
				t.Fatalf("writer %d: %+v", i, v)
			}
		}
		if n := h.counts(); n["outcome.advice"] != 1 || n["conversation.received"] != 10 {
			t.Fatalf("%v", n)
		}
		h.clock.Move(hour)
		h.writes(chain)
		if in = h.inboxOf(agnes, ShowOpen); len(in.Rows) != 7 {
			t.Fatalf("an hour later it is a new line: %d", len(in.Rows))
		}
	})
}

func TestDangerIsNeverSlowedDown(t *testing.T) {
	each(t, func(h *house) {
		var err error
		for range maxArrivals + 1 {
			in := h.letter("spam")
			in.Caller = "flood"
			_, err = h.Receive(ctx, in)
		}
		wants(h.t, err, errs.Limit)
		in := h.letter("je veux mourir")
		in.Caller = "flood"
		r, err := h.Receive(ctx, in)
		must(h.t, err)
		if !r.Danger {
			h.t.Fatal("the receipt says nothing of 112")
		}
	})
}

// What was added later speaks of danger: it goes on top too.
func TestDangerThatIsAdded(t *testing.T) {
	each(t, func(h *house) {
		h.writes("Un premier message, plus ancien.")
		h.clock.Move(minute)
		code := h.writes("Je ne sais pas comment le dire.")
		must(h.t, h.Add(ctx, "", code, "J'ai envie de mourir.", "form-add-00000004"))
		if r := h.inboxOf(agnes, ShowOpen).Rows; r[0].ID != h.idOf(code) || r[0].Danger[0] != "envie de mourir" {
			h.t.Fatalf("%+v", r)
		}
	})
}

// The order of the inbox is one and the same in SQL and in Before, whatever the
// conversations are.
func TestInboxOrder(t *testing.T) {
	each(t, func(h *house) {
		rapid.Check(h.t, func(rt *rapid.T) {
			must(h.t, h.db.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, "DELETE FROM desk_conversations")
				return err
			}))
			n := rapid.IntRange(0, 12).Draw(rt, "n")
			for i := range n {
				c := conversation{ID: fmt.Sprintf("con_%026d", i), Channel: Portal, Lang: "fr", Identify: Anonymous, Received: 1,
					State: rapid.SampledFrom([]State{Untaken, Taken, Answered, Added}).Draw(rt, "state"), Danger: rapid.Bool().Draw(rt, "danger"),
					Holder: agnes.Handle, Waiting: rapid.Int64Range(1, 4).Draw(rt, "waiting")}
				if !c.State.Waits() {
					c.Waiting = 0
				}
				must(h.t, h.db.Write(ctx, func(tx *db.Tx) error { return insertConversation(ctx, tx, c, []byte{byte(i)}) }))
			}
			var got []Row
			must(h.t, h.db.Read(ctx, func(tx *db.Tx) error {
				all, err := selectInbox(ctx, tx, access.Scope{All: true}, agnes.Handle, ShowMine, 0, 100)
				for _, c := range all {
					r := Row{ID: c.ID, State: c.State, Waiting: c.Waiting}
					if c.Danger {
						r.Danger = []string{"x"}
					}
					got = append(got, r)
				}
				return err
			}))
			if len(got) != n {
				rt.Fatalf("%d of %d", len(got), n)
			}
			for i := range got {
				for j := range got {
					if (i < j) != Before(got[i], got[j]) && i != j {
						rt.Fatalf("%+v against %+v at %d, %d", got[i], got[j], i, j)
					}
				}
			}
		})
		must(h.t, h.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM desk_conversations")
			return err
		}))
	})
}
