package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"ronde/channel"
	"ronde/channel/logbook"
	"ronde/internal/db"
	"ronde/internal/errs"
)

// wire is a line of which the test is the network: what was sent lies in out,
// and the next sends fail as fails says.
type wire struct {
	limits channel.Limits
	out    []channel.Outgoing
	fails  []error
	dies   bool // the network takes the message, and the program dies before it knows
}

func (w *wire) Limits() channel.Limits { return w.limits }
func (w *wire) Receive(ctx context.Context, _ channel.Mark, _ channel.Take) error {
	<-ctx.Done()
	return nil
}
func (w *wire) Test(context.Context) (channel.Checkup, error) { return channel.Checkup{}, nil }
func (w *wire) Send(_ context.Context, o channel.Outgoing) (channel.Sent, error) {
	if len(w.fails) > 0 {
		err := w.fails[0]
		w.fails = w.fails[1:]
		return channel.Sent{}, err
	}
	if w.dies {
		w.dies = false
		panic("power cut")
	}
	w.out = append(w.out, o)
	return channel.Sent{ID: fmt.Sprintf("net-%d", len(w.out))}, nil
}

// wired gives the house one line.
func (h *house) wired() *wire {
	w := &wire{limits: channel.Limits{Runes: 200, Edits: true, Deletes: true, Receipt: true}}
	h.UseLines([]Outlet{{Setting: channel.Setting{Name: "chat-1", Kind: "telegram", Account: "@ronde_brume", Language: "fr"}, Line: w}})
	return w
}

// from is a message of somebody on the line.
func from(who, arrivalID, text string) channel.Arrival {
	return channel.Arrival{What: channel.Written, ID: arrivalID, Thread: "thread-of-" + who, Text: text,
		Author: channel.Author{ID: "id-" + who, Handle: "@exemple_" + who, Name: "Exemple " + who, Address: "+33 6 99 00 00 00"}}
}

func nothing(context.Context, *db.Tx) error { return nil }

func (h *house) comes(batch ...channel.Arrival) {
	h.t.Helper()
	must(h.t, h.Arrive(ctx, "chat-1", batch, nothing))
}

// only is the one conversation of a view.
func (h *house) only(show string) Row {
	h.t.Helper()
	in := h.inboxOf(agnes, show)
	if len(in.Rows) != 1 {
		h.t.Fatalf("%d rows in %s", len(in.Rows), show)
	}
	return in.Rows[0]
}

func (h *house) opened(id string) Talk {
	h.t.Helper()
	talk, err := h.Open(ctx, agnes, id)
	must(h.t, err)
	return talk
}

func (h *house) delivers(want int) {
	h.t.Helper()
	n, err := h.Deliver(ctx, "chat-1")
	must(h.t, err)
	if n != want {
		h.t.Fatalf("%d left, want %d", n, want)
	}
}

func (h *house) answers(id, text string) {
	h.t.Helper()
	must(h.t, h.Take(ctx, agnes, id))
	must(h.t, h.Answer(ctx, agnes, id, Reply{Text: text}))
}

func TestAThreadIsOneConversationHoweverOftenItIsDelivered(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		h.wired()
		moved := 0
		batch := []channel.Arrival{from("lou", "1", "Bonjour, est-ce la police ?"), from("noa", "1", "on m'a menacé avec un couteau"), from("lou", "2", "Vous êtes là ?")}
		refuse := errors.New("the mark cannot be kept")
		err := h.Arrive(ctx, "chat-1", batch, func(context.Context, *db.Tx) error { return refuse })
		if !errors.Is(err, refuse) || len(h.inboxOf(agnes, ShowOpen).Rows) != 0 {
			t.Fatalf("kept without its mark: %v", err)
		}
		for range 3 {
			must(t, h.Arrive(ctx, "chat-1", batch, func(context.Context, *db.Tx) error { moved++; return nil }))
		}
		in := h.inboxOf(agnes, ShowOpen)
		if len(in.Rows) != 2 || moved < 3 {
			t.Fatalf("%d conversations, %d moves", len(in.Rows), moved)
		}
		if first := in.Rows[0]; len(first.Danger) == 0 || first.Channel != "telegram" || first.Unread != 1 {
			t.Fatalf("danger is not first: %+v", first)
		}
		talk := h.opened(in.Rows[1].ID)
		if len(talk.Messages) != 2 || !talk.Masked || talk.Account != "@ronde_brume" || talk.Identity != Confidential {
			t.Fatalf("%+v", talk)
		}
		for _, word := range []string{"exemple_lou", "Exemple lou", "est-ce la police", "thread-of-lou", "+33 6 99"} {
			if where := h.finds(word); len(where) > 0 {
				t.Errorf("%q is in clear in %v", word, where)
			}
		}
		must(t, h.Take(ctx, agnes, talk.ID))
		if p, err := h.Unmask(ctx, agnes, talk.ID, "rappel demandé"); err != nil || p.Contact != "+33 6 99 00 00 00" {
			t.Fatalf("%+v %v", p, err)
		}
	})
}

func TestEditsAndDeletionsAreFollowed(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		h.wired()
		h.comes(from("lou", "1", "rendez-vous à midi"), from("lou", "2", "j'habite rue des Lilas"))
		edited := from("lou", "1", "rendez-vous à minuit")
		edited.What = channel.Edited
		gone := func(id string) channel.Arrival {
			a := from("lou", id, "")
			a.What = channel.Deleted
			return a
		}
		h.comes(edited, gone("2"), gone("3"), edited)
		h.comes(from("lou", "3", "jamais vu"))
		id := h.only(ShowOpen).ID
		talk := h.opened(id)
		if len(talk.Messages) != 2 {
			t.Fatalf("a message that was taken back before it came is shown: %+v", talk.Messages)
		}
		if m := talk.Messages[0]; m.Text != "rendez-vous à minuit" || len(m.Earlier) != 1 || m.Earlier[0].Text != "rendez-vous à midi" {
			t.Fatalf("%+v", m)
		}
		if m := talk.Messages[1]; m.Taken == 0 || m.Text != "" || m.Danger != nil {
			t.Fatalf("what was taken back is shown: %+v", m)
		}
		if row := h.only(ShowOpen); row.Excerpt != "" {
			t.Fatalf("the list shows it: %q", row.Excerpt)
		}
		tr, err := h.Transcript(ctx, agnes, id)
		must(t, err)
		if strings.Contains(string(tr.Bytes), "Lilas") || !strings.Contains(string(tr.Bytes), "taken_back_us") {
			t.Fatalf("%s", tr.Bytes)
		}
		if _, err := h.Withdrawn(ctx, bruno, id, talk.Messages[1].ID, "danger pour la vie"); err == nil {
			t.Fatal("somebody else opens what was taken back")
		}
		must(t, h.Take(ctx, agnes, id))
		if text, err := h.Withdrawn(ctx, agnes, id, talk.Messages[1].ID, "danger pour la vie"); err != nil || !strings.Contains(text, "Lilas") {
			t.Fatalf("%q %v", text, err)
		}
		edited.Text = "je vais me suicider"
		h.comes(edited)
		if row := h.only(ShowOpen); len(row.Danger) == 0 {
			t.Fatal("a danger that was edited in is not seen")
		}
	})
}

func TestAnAnswerLeavesOnceAndItsReceiptIsShown(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		w := h.wired()
		h.comes(from("lou", "1", "Bonjour ?"))
		id := h.only(ShowOpen).ID
		h.answers(id, "Bonjour, c'est bien nous.")
		if m := h.opened(id).Messages[1]; m.Way == nil || m.Way.State != Waits {
			t.Fatalf("%+v", m.Way)
		}
		h.delivers(1)
		h.delivers(0)
		if len(w.out) != 1 || w.out[0].Thread != "thread-of-lou" || w.out[0].ReplyTo != "1" || w.out[0].To.Address == "" || w.out[0].Tried != 0 || w.out[0].Last == 0 {
			t.Fatalf("%+v", w.out)
		}
		echo := channel.Arrival{What: channel.Written, ID: "net-1", Thread: "thread-of-lou", Ours: true, Text: "Bonjour, c'est bien nous."}
		h.comes(echo, channel.Arrival{What: channel.Read, ID: "net-1", Thread: "thread-of-lou"})
		talk := h.opened(id)
		if len(talk.Messages) != 2 || talk.Messages[1].Way.State != Seen || !talk.Messages[1].Read || talk.State != Answered {
			t.Fatalf("%+v", talk.Messages)
		}
		echo.ID, echo.Text = "net-77", "Écrit depuis le téléphone du bureau."
		h.comes(echo)
		if m := h.opened(id).Messages[2]; !m.Ours || !m.Elsewhere || m.Author != "machine:line" {
			t.Fatalf("%+v", m)
		}
		h.comes(channel.Arrival{What: channel.Failed, ID: "net-1", Thread: "thread-of-lou", Why: channel.Gone})
		if talk := h.opened(id); talk.State != Added || talk.Messages[1].Way.State != Refused || talk.Messages[1].Way.Why != channel.Gone {
			t.Fatalf("a late failure is not told: %+v", talk.Messages[1].Way)
		}
		if where := h.finds("bien nous"); len(where) > 0 {
			t.Fatalf("in clear: %v", where)
		}
	})
}

func TestWhatANetworkRefuses(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		w := h.wired()
		h.comes(from("lou", "1", "Bonjour ?"))
		id := h.only(ShowOpen).ID
		w.fails = []error{&channel.Refusal{Why: channel.Later, After: time.Hour}, errors.New("connection reset"), &channel.Refusal{Why: channel.Window}}
		h.answers(id, "Bonsoir.")
		h.delivers(0)
		h.clock.Move(30 * minute)
		h.delivers(0)
		if len(w.fails) != 2 {
			t.Fatal("a network that asked to wait was asked again")
		}
		h.clock.Move(31 * minute)
		h.delivers(0)
		if way := h.opened(id).Messages[1].Way; way.State != Waits || way.Why != WhyUnreachable {
			t.Fatalf("%+v", way)
		}
		h.clock.Move(hour)
		h.delivers(0)
		talk := h.opened(id)
		if way := talk.Messages[1].Way; way.State != Refused || way.Why != channel.Window || talk.State != Added || talk.Waiting == 0 {
			t.Fatalf("%+v %s", way, talk.State)
		}
		w.fails = []error{&channel.Refusal{Why: channel.Expired}, &channel.Refusal{Why: channel.Expired}}
		must(t, h.Answer(ctx, agnes, id, Reply{Text: "Encore."}))
		h.delivers(0)
		h.clock.Move(3 * day)
		h.delivers(0)
		if way := h.opened(id).Messages[2].Way; way.State != Refused || way.Why != channel.Expired {
			t.Fatalf("%+v", way)
		}
	})
}

// The network has the answer and the program dies before it knows: the same
// key is sent again, and the line is told when it was first tried.
func TestADeathBetweenSendingAndKnowing(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		w := h.wired()
		h.comes(from("lou", "1", "Bonjour ?"))
		h.answers(h.only(ShowOpen).ID, "Bonjour.")
		w.dies = true
		func() {
			defer func() { recover() }()
			h.Deliver(ctx, "chat-1")
		}()
		h.delivers(0) // claimed a moment ago
		h.clock.Move(5 * minute)
		h.delivers(1)
		if len(w.out) != 1 || w.out[0].Tried == 0 || w.out[0].Key == "" {
			t.Fatalf("%+v", w.out)
		}
	})
}

func TestALongAnswerIsCutWhereItMayBe(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		w := h.wired()
		h.comes(from("lou", "1", "Bonjour ?"))
		id := h.only(ShowOpen).ID
		paragraph := strings.TrimSpace(strings.Repeat("Gardez les messages. ", 7))
		h.answers(id, paragraph+"\n\n"+paragraph)
		h.delivers(2)
		if way := h.opened(id).Messages[1].Way; way.Parts != 2 || way.State != Sent {
			t.Fatalf("%+v", way)
		}
		if w.out[0].Text != "(1/2) "+paragraph || w.out[1].Text != "(2/2) "+paragraph {
			t.Fatalf("%+v", w.out)
		}
		wants(t, h.Answer(ctx, agnes, id, Reply{Text: strings.Repeat("long ", 400)}), errs.Invalid)
	})
	for _, limit := range []int{0, 20, 160} {
		text := strings.TrimSpace(strings.Repeat("é", 30) + " " + strings.Repeat("mot ", 12))
		for _, p := range parts(text, limit) {
			if n := utf8.RuneCountInString(p); limit > 0 && n > limit || !utf8.ValidString(p) {
				t.Errorf("a part of %d runes, at most %d", n, limit)
			}
		}
	}
}

func TestAThreadComesBackOrBeginsAnew(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		w := h.wired()
		h.SetTerm("chat-1", 3*day)
		h.SetTerm(Portal, 60*day)
		h.comes(from("lou", "1", "Bonjour ?"))
		id := h.only(ShowOpen).ID
		must(t, h.Take(ctx, agnes, id))
		must(t, h.Close(ctx, agnes, id, Advice, ""))
		h.clock.Move(2 * day)
		h.comes(from("lou", "2", "Encore moi"))
		if row := h.only(ShowOpen); row.ID != id || row.State != Added {
			t.Fatalf("%+v", row)
		}
		must(t, h.Close(ctx, agnes, id, Advice, ""))
		portal := h.idOf(h.writes("par le portail"))
		must(t, h.Take(ctx, agnes, portal))
		must(t, h.Close(ctx, agnes, portal, Advice, ""))
		h.clock.Move(4 * day)
		var ended []Expired
		must(t, h.db.Write(ctx, func(tx *db.Tx) (err error) { ended, err = h.ExpireIn(ctx, tx); return err }))
		must(t, h.Finish(ctx))
		if len(ended) != 1 || ended[0].ID != id || ended[0].Keep != 3*day {
			t.Fatalf("%+v", ended)
		}
		h.comes(from("lou", "3", "Toujours là ?"))
		next := h.only(ShowOpen).ID
		if next == id {
			t.Fatal("an ended conversation goes on")
		}
		must(t, h.db.Write(ctx, func(tx *db.Tx) error { return h.EraseIn(ctx, tx, dpo, next, "request") }))
		must(t, h.Finish(ctx))
		h.comes(from("lou", "4", "Et maintenant ?"))
		if h.only(ShowOpen).ID == next || h.keys.Has(next) {
			t.Fatal("an erased conversation goes on")
		}
		_ = w
	})
}

func TestAFloodOnALine(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		h.wired()
		call := "Tout le monde écrit à la patrouille ce soir, partagez ce message !"
		var batch []channel.Arrival
		for i := range 3 {
			batch = append(batch, from(fmt.Sprint("bot", i), "1", call))
		}
		for i := range floodMost + 5 {
			batch = append(batch, from("spam", fmt.Sprint(i), fmt.Sprint("achetez ", i)))
		}
		batch = append(batch, from("spam", "last", "il a un couteau"))
		for range floodMost + 1 { // what cannot be kept is handed over again and again, and is no flood
			if h.Arrive(ctx, "chat-1", []channel.Arrival{from("spam", "0", "achetez 0")}, func(context.Context, *db.Tx) error { return errors.New("full") }) == nil {
				t.Fatal("kept without its mark")
			}
		}
		for len(batch) > 0 {
			n := min(len(batch), channel.MaxBatch)
			h.comes(batch[:n]...)
			batch = batch[n:]
		}
		in := h.inboxOf(agnes, ShowOpen)
		if len(in.Rows) != 2 || len(in.Rows[0].Danger) == 0 || in.Rows[1].Same != 2 {
			t.Fatalf("%+v", in.Rows)
		}
		talk := h.opened(in.Rows[0].ID)
		if talk.Left != 5 || len(talk.Messages) != floodMost+1 {
			t.Fatalf("%d left, %d kept", talk.Left, len(talk.Messages))
		}
		// Who is called by name is answered alone.
		must(t, h.Take(ctx, agnes, in.Rows[1].ID))
		_, err := h.Unmask(ctx, agnes, in.Rows[1].ID, "rappel demandé")
		must(t, err)
		if rows := h.inboxOf(agnes, ShowOpen).Rows; len(rows) != 3 {
			t.Fatalf("%d rows after a name was shown", len(rows))
		}
	})
}

func TestAFullConversationGoesOnInAnother(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		h.wired()
		n := 0
		for n < MaxMessages+50 {
			var batch []channel.Arrival
			for range channel.MaxBatch {
				n++
				batch = append(batch, from("lou", fmt.Sprint(n), fmt.Sprint("message ", n)))
			}
			h.clock.Move(hour)
			h.comes(batch...)
		}
		in := h.inboxOf(agnes, ShowOpen)
		kept := 0
		for _, r := range in.Rows {
			kept += len(h.opened(r.ID).Messages)
		}
		if len(in.Rows) != 2 || kept != n {
			t.Fatalf("%d conversations with %d of %d messages", len(in.Rows), kept, n)
		}
	})
}

func TestFilesOfALine(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		h.wired()
		a := from("lou", "1", "")
		a.Files = []channel.File{{Name: "note.txt", Type: "text/plain", Bytes: []byte("preuve écrite")}, {ID: "far-1", Name: "voix.ogg", Type: "audio/ogg", Size: 900}}
		h.comes(a)
		h.comes(a)
		row := h.only(ShowOpen)
		talk := h.opened(row.ID)
		if len(talk.Messages) != 1 || row.Files != 2 {
			t.Fatalf("%+v", talk.Messages)
		}
		files := talk.Messages[0].Files
		if len(files) != 2 || files[0].State != FileKept || files[1].State != FileAway {
			t.Fatalf("%+v", files)
		}
		if where := h.finds("preuve"); len(where) > 0 {
			t.Fatalf("in clear: %v", where)
		}
		if names, err := h.blobs.List(ctx, filesPrefix); err != nil || len(names) != 1 {
			t.Fatalf("%v %v", names, err)
		}
		a.What, a.Text, a.Files = channel.Deleted, "", nil
		h.comes(a)
		if m := h.opened(row.ID).Messages[0]; m.Taken == 0 || m.Files != nil {
			t.Fatalf("%+v", m)
		}
	})
}

// Somebody met in a game goes on at the desk, in the officer's hands, and comes
// back with a code.
func TestFromTheLogbook(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		book := logbook.New(h.db, h.keys, h.book)
		h.more = logbook.Accounted
		entry, err := book.Write(ctx, agnes, logbook.In{Place: "minecraft", At: h.clock.Now(), Minutes: 30, Talks: 3, Nonce: "logbook-form-0001"})
		must(t, err)
		in := Incoming{Lang: "fr", Text: "Un joueur lui demande des photos", Age: "12", Nonce: "form-of-handing-0001"}
		_, _, err = h.FromLogbook(ctx, book, bruno, entry, in)
		wants(t, err, errs.Denied)
		r, id, err := h.FromLogbook(ctx, book, agnes, entry, in)
		must(t, err)
		again, same, err := h.FromLogbook(ctx, book, agnes, entry, in)
		if err != nil || same != id || again.Code != "" || !again.Again {
			t.Fatalf("sent twice: %+v %q %v", again, same, err)
		}
		talk := h.opened(id)
		if !talk.Mine || talk.Channel != Logbook || talk.Age != "12" || talk.State != Taken {
			t.Fatalf("%+v", talk)
		}
		must(t, h.Answer(ctx, agnes, id, Reply{Text: "Bloquez-le et parlez-en à un adulte."}))
		v, err := h.Return(ctx, "", r.Code)
		if err != nil || len(v.Messages) != 2 {
			t.Fatalf("%+v %v", v, err)
		}
		if e, err := book.Open(ctx, agnes, entry); err != nil || e.Handed != 1 {
			t.Fatalf("%+v %v", e, err)
		}
	})
}
