package desk

import (
	"strings"
	"testing"

	"ronde/internal/errs"
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
