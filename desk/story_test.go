package desk

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
)

// A girl writes in French, without a name, about being hit. An officer takes
// it from the top of the inbox, answers; she comes back, adds; it ends with a
// measure.
func TestAMessageTravels(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		h.writes("Bonjour, comment devenir policier en ligne chez vous ?")
		h.clock.Move(10 * minute)
		code := h.writes("J'ai 13 ans. Mon beau-père me frappe quand maman travaille.")
		h.clock.Move(minute)

		in := h.inboxOf(agnes, ShowOpen)
		if len(in.Rows) != 2 || len(in.Rows[0].Danger) == 0 || in.Rows[0].Danger[0] != "me frappe" || !strings.HasPrefix(in.Rows[0].Excerpt, "J'ai 13 ans.") {
			t.Fatalf("the dangerous one is not on top with its word: %+v", in.Rows)
		}
		if in.Counts[ShowOpen] != 2 || in.Nobody != 2 {
			t.Fatalf("%+v", in)
		}
		id := in.Rows[0].ID
		must(t, h.Take(ctx, agnes, id))
		if v, err := h.Return(ctx, "home", code); err != nil || v.Status != "reading" {
			t.Fatalf("%+v %v", v, err)
		}
		talk, err := h.Open(ctx, agnes, id)
		must(t, err)
		if !talk.Mine || talk.Masked || len(talk.Messages) != 1 || talk.Messages[0].Danger[0] != "me frappe" {
			t.Fatalf("%+v", talk)
		}
		must(t, h.Note(ctx, agnes, id, "À voir avec la protection de l'enfance."))
		h.publish(agnes, "Agent V-12")
		must(t, h.Answer(ctx, agnes, id, Reply{Text: "Merci de nous écrire. Es-tu en sécurité ce soir ?", Sign: "Agent V-12", Revision: talk.Revision}))

		h.clock.Move(hour)
		v, err := h.Return(ctx, "home", strings.ToUpper(strings.ReplaceAll(code, "-", " ")))
		must(t, err)
		if v.Status != "answered" || len(v.Messages) != 2 || v.Messages[1].Author != "Agent V-12" || !v.Messages[1].Ours {
			t.Fatalf("%+v", v)
		}
		must(t, h.Add(ctx, "home", code, "Oui, je suis chez ma grand-mère.", "form-second-000001"))
		if r := h.inboxOf(agnes, ShowMine).Rows; len(r) != 1 || r[0].State != Added || r[0].Unread != 1 || r[0].Waiting == 0 {
			t.Fatalf("%+v", r)
		}
		must(t, h.Close(ctx, agnes, id, ChildWelfare, "Signalement envoyé."))
		v, err = h.Return(ctx, "home", code)
		must(t, err)
		if v.Status != "closed" || v.Outcome != "" || v.Until == 0 {
			t.Fatalf("what is told of a child-welfare notice: %+v", v)
		}
		if n := h.counts(); n["measure"] != 1 || n["outcome.child-welfare"] != 1 || n["conversation.received"] != 2 || n["conversation.danger"] != 1 || n["conversation.answered"] != 1 {
			t.Fatalf("%v", n)
		}
		want := "citizen conversation.receive; citizen conversation.receive; machine:desk desk.call; citizen conversation.receive; citizen conversation.receive; " +
			"P-7 conversation.list; P-7 desk.answer-call; P-7 conversation.take; citizen conversation.return; P-7 conversation.open; P-7 conversation.note; P-7 conversation.note; " +
			"L-2 official.publish; L-2 official.publish; P-7 conversation.answer; P-7 conversation.answer; citizen conversation.return; citizen conversation.add; citizen conversation.add; P-7 conversation.list; " +
			"P-7 conversation.close; P-7 conversation.close; citizen conversation.return"
		if got := h.verbs(); got != want {
			t.Fatalf("the book says\n%s", got)
		}
	})
}

// Advice is given and counted, but it is no measure.
func TestAdviceIsNoMeasure(t *testing.T) {
	each(t, func(h *house) {
		id := h.idOf(h.writes("Est-ce légal de filmer dans le bus ?"))
		wants(h.t, h.Close(ctx, agnes, id, Advice, ""), errs.Denied) // nobody has taken it
		must(h.t, h.Take(ctx, agnes, id))
		wants(h.t, h.Close(ctx, agnes, id, "nothing-known", ""), errs.Invalid)
		must(h.t, h.Close(ctx, agnes, id, Advice, ""))
		wants(h.t, h.Close(ctx, agnes, id, Warning, ""), errs.Conflict)
		if n := h.counts(); n["measure"] != 0 || n["outcome.advice"] != 1 {
			h.t.Fatalf("%v", n)
		}
		must(h.t, h.Reopen(ctx, agnes, id))
	})
}

func TestHowIdentifiableSomebodyIs(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		send := func(i Identity) (id string) {
			in := h.letter("Un faux compte utilise mes photos.")
			in.Identify, in.Name, in.Contact = i, "Inès Cazaubon", "ines@exemple.test"
			r, err := h.Receive(ctx, in)
			must(t, err)
			id = h.idOf(r.Code)
			must(t, h.Take(ctx, agnes, id))
			return id
		}
		open := func(by access.Actor, id string) Talk {
			talk, err := h.Open(ctx, by, id)
			must(t, err)
			return talk
		}
		// Anonymous: what the form held is not kept.
		id := send(Anonymous)
		if talk := open(agnes, id); talk.Masked {
			t.Fatalf("%+v", talk)
		}
		_, err := h.Unmask(ctx, agnes, id, "rappeler la personne")
		wants(t, err, errs.NotFound)
		if slices.Contains(Anonymous.Keeps(), "name") || !slices.Contains(Confidential.Keeps(), "contact") {
			t.Fatal("the page says something else than is done")
		}
		// In confidence: covered, opened with a reason by who has it.
		id = send(Confidential)
		if talk := open(agnes, id); !talk.Masked {
			t.Fatalf("%+v", talk)
		}
		_, err = h.Unmask(ctx, agnes, id, " x ")
		wants(t, err, errs.Invalid)
		_, err = h.Unmask(ctx, bruno, id, "par curiosité")
		wants(t, err, errs.Denied)
		p, err := h.Unmask(ctx, agnes, id, "rappeler la personne en danger")
		must(t, err)
		if p.Name != "Inès Cazaubon" || p.Contact != "ines@exemple.test" {
			t.Fatalf("%+v", p)
		}
		if where := h.finds("en danger"); len(where) > 0 {
			t.Fatalf("the reason lies in clear in %v", where)
		}
		// Named: covered on every page too, opened with a reason by who has it.
		id = send(Named)
		if talk := open(agnes, id); !talk.Masked || talk.Two {
			t.Fatalf("%+v", talk)
		}
		_, err = h.Unmask(ctx, bruno, id, "par curiosité")
		wants(t, err, errs.Denied)
		if p, err = h.Unmask(ctx, agnes, id, "rappeler la personne"); err != nil || p.Name != "Inès Cazaubon" {
			t.Fatalf("%+v %v", p, err)
		}
		in := h.letter("x")
		in.Identify = ""
		_, err = h.Receive(ctx, in)
		wants(t, err, errs.Invalid)
	})
}

func TestWrongCodesLearnNothing(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		code := h.writes("Bonjour")
		for i := range maxWrongCodes {
			guess := []string{"", "x", "2345-6789-abcd-efgh-jkmn", strings.Repeat("9", 5000), code[:23]}[i%5]
			_, err := h.Return(ctx, "attacker", guess)
			if key, _ := errs.Message(err); !errs.Is(err, errs.NotFound) || key != "err.desk.code" || errs.FieldOf(err) != "code" {
				t.Fatalf("%q: %v", guess, err)
			}
		}
		_, err := h.Return(ctx, "attacker", code)
		wants(t, err, errs.Limit)
		if _, err := h.Return(ctx, "home", code); err != nil {
			t.Fatalf("another caller is slowed down: %v", err)
		}
		h.clock.Move(wrongCodesIn + minute)
		_, err = h.Return(ctx, "attacker", code)
		must(t, err)
		_, err = h.FindByCode(ctx, "", "2345-6789-abcd-efgh-jkmn")
		wants(t, err, errs.NotFound)
		if where := h.finds(code); len(where) > 0 {
			t.Fatalf("the code lies in clear in %v", where)
		}
	})
}

// A form that is sent again is the same message; whoever finds it in a browser
// gets no code. Only if the program died before it showed the code does the
// same form get one, and the lost one ends.
func TestReplayedForm(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		letter := h.letter("Une fois suffit.")
		first, err := h.Receive(ctx, letter)
		must(t, err)
		again, err := h.Receive(ctx, letter)
		must(t, err)
		if !again.Again || again.Code != "" || again.Sent != first.Sent {
			t.Fatalf("%+v", again)
		}
		if n := h.counts()["conversation.received"]; n != 1 {
			t.Fatalf("kept %d times", n)
		}
		must(t, h.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE desk_nonces SET shown = FALSE")
			return err
		}))
		other := letter
		other.Text = "Un autre texte avec le même formulaire."
		stolen, err := h.Receive(ctx, other)
		must(t, err)
		if stolen.Code != "" {
			t.Fatal("a code for another's message")
		}
		late, err := h.Receive(ctx, letter)
		must(t, err)
		if late.Code == "" || late.Code == first.Code {
			t.Fatalf("%+v", late)
		}
		_, err = h.Return(ctx, "", first.Code)
		wants(t, err, errs.NotFound)
		_, err = h.Return(ctx, "", late.Code)
		must(t, err)
		for range 2 {
			must(t, h.Add(ctx, "", late.Code, "Encore ceci.", "form-add-00000001"))
		}
		if v, _ := h.Return(ctx, "", late.Code); len(v.Messages) != 2 {
			t.Fatalf("%+v", v.Messages)
		}
		letter.Nonce = "short"
		_, err = h.Receive(ctx, letter)
		wants(t, err, errs.Invalid)
	})
}

func TestTheSameFormAtOnce(t *testing.T) {
	each(t, func(h *house) {
		letter := h.letter("Double clic.")
		var wg sync.WaitGroup
		codes := make([]string, 8)
		for i := range codes {
			wg.Go(func() {
				r, err := h.Receive(ctx, letter)
				if err != nil {
					h.t.Error(err)
				}
				codes[i] = r.Code
			})
		}
		wg.Wait()
		if n := h.counts()["conversation.received"]; n != 1 {
			h.t.Fatalf("kept %d times", n)
		}
		open := 0
		for _, c := range codes {
			if _, err := h.FindByCode(ctx, "", c); c != "" && err == nil {
				open++
			}
		}
		if open != 1 {
			h.t.Fatalf("%d codes open it: %v", open, codes)
		}
	})
}

func TestNobodyAnswersTwice(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		code := h.writes("Qui me répond ?")
		id := h.idOf(code)
		var wg sync.WaitGroup
		got := make([]error, 2)
		for i, by := range []access.Actor{agnes, bruno} {
			wg.Go(func() { got[i] = h.Take(ctx, by, id) })
		}
		wg.Wait()
		winner, loser := agnes, bruno
		if got[0] != nil {
			winner, loser = bruno, agnes
			got[0], got[1] = got[1], got[0]
		}
		must(t, got[0])
		wants(t, got[1], errs.Conflict)
		wants(t, h.Answer(ctx, loser, id, Reply{Text: "Moi !"}), errs.Denied)

		talk, err := h.Open(ctx, winner, id)
		must(t, err)
		must(t, h.Add(ctx, "", code, "J'ajoute quelque chose.", "form-add-00000002"))
		wants(t, h.Answer(ctx, winner, id, Reply{Text: "Bonjour", Revision: talk.Revision}), errs.Conflict)
		talk, err = h.Open(ctx, winner, id)
		must(t, err)
		r := Reply{Text: "Bonjour", Revision: talk.Revision}
		must(t, h.Answer(ctx, winner, id, r))
		wants(t, h.Answer(ctx, winner, id, r), errs.Conflict) // the button pressed twice

		wants(t, h.Handover(ctx, winner, id, "Madame Durand", "fin de service"), errs.Invalid)
		must(t, h.Handover(ctx, winner, id, loser.Handle, "fin de service"))
		must(t, h.Answer(ctx, loser, id, Reply{Text: "Je reprends."}))
		must(t, h.Release(ctx, loser, id))
		must(t, h.Take(ctx, winner, id))
		must(t, h.Handover(ctx, lead, id, "P-9", "répartition"))
	})
}

func TestWhoMayKnow(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		id := h.idOf(h.writes("Pour la patrouille."))
		must(t, h.Take(ctx, agnes, id))
		for _, by := range []access.Actor{analyst, root, dpo} {
			_, err := h.Inbox(ctx, by, Filter{})
			wants(t, err, errs.NotFound)
			_, err = h.Open(ctx, by, id)
			wants(t, err, errs.NotFound)
			wants(t, h.Take(ctx, by, id), errs.NotFound)
		}
		_, err := h.Open(ctx, far, id)
		wants(t, err, errs.NotFound)
		if n := len(h.inboxOf(far, ShowOpen).Rows); n != 0 {
			t.Fatalf("another unit lists %d", n)
		}
		must(t, h.Handover(ctx, agnes, id, far.Handle, "habite chez eux"))
		if n := len(h.inboxOf(far, ShowMine).Rows); n != 1 {
			t.Fatalf("who it was handed to lists %d", n)
		}
		_, err = h.Open(ctx, far, id)
		must(t, err)
		for _, odd := range []string{"", "con_x", "con_00000000000000000000000000", "../../etc/passwd", "con_' OR '1'='1"} {
			_, err := h.Open(ctx, agnes, odd)
			wants(t, err, errs.NotFound)
		}
	})
}
