package desk

import (
	"context"
	"io"
	"strings"
	"testing"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/media"
)

const circular = "Bonjour, je voudrais savoir comment signaler un compte qui me demande de l'argent."

// Somebody who knows the text of another's message sends the same one, to be
// answered together with them and so to read what they are told.
func TestTheSameTextDoesNotReadAnothersAnswer(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		named := h.letter(circular)
		named.Identify, named.Name, named.Contact = Named, "Mme Duval", "06 00 00 00 01"
		first, err := h.Receive(ctx, named)
		must(t, err)
		spy := h.writes(circular)
		victim := h.idOf(first.Code)
		must(t, h.Take(ctx, agnes, victim))
		must(t, h.Answer(ctx, agnes, victim, Reply{Text: "Madame Duval, nous vous appelons au 06 00 00 00 01."}))
		notTold(h, spy, "Duval")
	})
}

// The one that stands for the others adds something of its own; what it is
// answered then is for it alone, also when the copy comes afterwards.
func TestWhatTheFirstAddsIsAnsweredToTheFirstAlone(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		first := h.writes(circular)
		before, other := h.writes(circular), h.writes(circular)
		must(t, h.Add(ctx, "", first, "J'habite 12 rue des Lilas.", "form-add-00000001"))
		after := h.writes(circular)
		victim := h.idOf(first)
		must(t, h.Take(ctx, agnes, victim))
		must(t, h.Answer(ctx, agnes, victim, Reply{Text: "Un collègue passe rue des Lilas."}))
		for _, code := range []string{before, other, after} {
			notTold(h, code, "Lilas")
		}
		if in := h.inboxOf(agnes, ShowOpen); len(in.Rows) != 2 || in.Rows[0].Same != 1 {
			t.Fatalf("the others are not one line, and the late one another: %+v", in.Rows)
		}
	})
}

func notTold(h *house, code, word string) {
	h.t.Helper()
	v, err := h.Return(ctx, "", code)
	must(h.t, err)
	for _, m := range v.Messages {
		if strings.Contains(m.Text, word) {
			h.t.Fatalf("read another's answer: %q", m.Text)
		}
	}
}

// A forged form hands a conversation to a person by name: the name would stand
// in clear in a column and in the book.
func TestHandoverTakesAHandleAndNoName(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		id := h.idOf(h.writes("bonjour"))
		must(t, h.Take(ctx, agnes, id))
		for _, to := range []string{"Jeanne Kanari", "kanari", "P-9 kanari", "P-9\nkanari", ""} {
			wants(t, h.Handover(ctx, agnes, id, to, "en congé"), errs.Invalid)
		}
		if where := h.finds("anari"); len(where) > 0 {
			t.Fatalf("in clear: %v", where)
		}
		must(t, h.Handover(ctx, agnes, id, bruno.Handle, "en congé"))
	})
}

// An officer answers in a colleague's published name, in a name that is on no
// card, or in the name of a card that was given to somebody else since. Who
// reads it takes the name for somebody they can check.
func TestNobodySignsAsAColleague(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		noor := h.publish(agnes, "Agente Noor 4107")
		h.publish(bruno, "Agent Elias 4112")
		code := h.writes("Bonjour, est-ce bien la police ?")
		id := h.idOf(code)
		must(t, h.Take(ctx, agnes, id))
		for _, name := range []string{"Agent Elias 4112", "Le préfet", "agente noor 4107"} {
			wants(t, h.Answer(ctx, agnes, id, Reply{Text: "Oui.", Sign: name}), errs.Denied)
		}
		must(t, h.Answer(ctx, agnes, id, Reply{Text: "Oui, c'est bien nous.", Sign: "Agente Noor 4107"}))
		v, err := h.Return(ctx, "home", code)
		must(t, err)
		if last := v.Messages[len(v.Messages)-1]; len(v.Messages) != 2 || last.Author != "Agente Noor 4107" {
			t.Fatalf("%+v", v.Messages)
		}
		talk, err := h.Open(ctx, agnes, id)
		must(t, err)
		if m := talk.Messages[1]; m.Author != agnes.Handle || m.Sign != "Agente Noor 4107" {
			t.Errorf("the desk does not see who signed as whom: %+v", m)
		}
		must(t, h.faces.WithdrawOfficer(ctx, lead, noor.ID))
		wants(t, h.Answer(ctx, agnes, id, Reply{Text: "Encore.", Sign: "Agente Noor 4107"}), errs.Denied)
		must(t, h.Answer(ctx, agnes, id, Reply{Text: "Encore."}))
	})
}

// An officer who wants a name without the second person writes danger
// themselves, and joins that thread with the one of whom they want to know.
func TestDangerOfAnotherThreadOpensNoName(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		must(t, h.Protect(ctx, dpo, true, 0))
		in := h.letter("Bonjour, je voudrais un conseil.")
		in.Identify, in.Name, in.Contact = Confidential, "Inès Cazaubon", "ines@exemple.test"
		r, err := h.Receive(ctx, in)
		must(t, err)
		bait := h.letter("J'ai envie de mourir.")
		bait.Identify, bait.Name = Confidential, "Personne"
		second, err := h.Receive(ctx, bait)
		must(t, err)
		victim, own := h.idOf(r.Code), h.idOf(second.Code)
		must(t, h.Take(ctx, agnes, victim))
		must(t, h.Take(ctx, agnes, own))
		must(t, h.Merge(ctx, agnes, own, victim, "même écriture"))
		if row := h.inboxOf(agnes, ShowMine).Rows[0]; row.ID != victim || !row.Urgent {
			t.Fatalf("danger in a joined thread is not on top: %+v", row)
		}
		s, err := h.Sheet(ctx, agnes, victim, "danger de mort")
		wants(t, err, errs.Conflict)
		if s.Person.Name != "" {
			t.Fatalf("%+v", s.Person)
		}
		if s, err = h.Sheet(ctx, agnes, own, "danger de mort"); err != nil || s.Person.Name != "Personne" {
			t.Fatalf("the thread in danger has no sheet: %+v %v", s, err)
		}
		must(t, h.Add(ctx, "", r.Code, "Il va me tuer.", "form-add-danger-1"))
		if s, err = h.Sheet(ctx, agnes, victim, "danger de mort"); err != nil || s.Person.Name != "Inès Cazaubon" {
			t.Fatalf("danger of its own opens no sheet: %+v %v", s, err)
		}
	})
}

// What its writer took back is read by no address of a file that somebody kept.
func TestFilesThatWereTakenBackAreClosed(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		h.wired()
		a := from("lou", "1", "kanari, une photo")
		a.Files = []channel.File{{Name: "p.jpg", Type: "image/jpeg", Bytes: photo(t)}, {ID: "far-1", Type: "image/jpeg"}}
		h.comes(a)
		row := h.only(ShowOpen)
		must(t, h.Take(ctx, agnes, row.ID))
		files := h.opened(row.ID).Messages[0].Files
		a.What, a.Text, a.Files = channel.Deleted, "", nil
		h.comes(a)
		f := files[0].ID
		o, err := h.OpenFile(ctx, agnes, f)
		if wants(t, err, errs.Conflict); o.Text != "" {
			t.Error("its words are shown beside the file")
		}
		_, err = h.Look(ctx, agnes, f, media.Blurred, "")
		wants(t, err, errs.Conflict)
		_, err = h.Original(ctx, agnes, f, "")
		wants(t, err, errs.Conflict)
		wants(t, h.Fetch(ctx, agnes, files[1].ID, func(context.Context, string, channel.File, io.Writer) error {
			t.Error("fetched")
			return nil
		}), errs.Conflict)
		if pull, err := h.FilesToPull(ctx, agnes, row.ID); err != nil || len(pull) != 0 {
			t.Errorf("goes into a case: %+v %v", pull, err)
		}
	})
}

// A room does not outlive the conversation it belongs to, whichever of joined
// threads was closed.
func TestClosingEndsTheRoomsOfJoinedThreads(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		one, two := h.idOf(h.writes("Première lettre, un peu avant.")), h.idOf(h.writes("Deuxième lettre, un peu après."))
		must(t, h.Take(ctx, agnes, one))
		must(t, h.Take(ctx, agnes, two))
		key, err := h.MakeRoom(ctx, agnes, two, animals)
		must(t, err)
		seat, err := h.EnterRoom(ctx, "", key.Link, key.Word)
		must(t, err)
		must(t, h.Merge(ctx, agnes, two, one, "même écriture"))
		must(t, h.Close(ctx, agnes, one, Advice, ""))
		_, err = h.ReadRoom(ctx, seat)
		wants(t, err, errs.Lapsed)
	})
}
