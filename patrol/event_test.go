package patrol_test

import (
	"strings"
	"testing"
	"time"

	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/patrol"
)

func evening(noor string) patrol.EventIn {
	return patrol.EventIn{Kind: "game", Title: "Une partie avec la patrouille", Rules: "Restez aimables.\n\nPas de secrets.", Language: "fr", Channel: "twitch", URL: "https://twitch.example/valombre", Day: "2026-11-24", From: "22:00", To: "01:00",
		Officer: noor, Chat: true, Public: true, Capacity: 2}
}

// An officer prepares, a lead announces once a second officer watches the chat;
// seats are counted and nobody is kept; what came of it are totals.
func TestAnEveningFromDraftToFigures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		noor, elias := h.cards(t)
		in := evening(noor)
		in.Second = noor
		if _, err := h.PlanEvent(ctx, officer, in); errs.FieldOf(err) != "second" {
			t.Fatalf("one officer is both: %v", err)
		}
		in.Second = ""
		e, err := h.PlanEvent(ctx, officer, in)
		must(t, err)
		if time.UnixMicro(e.Ends).Sub(time.UnixMicro(e.Starts)) != 3*time.Hour || len(e.Rules) != 2 {
			t.Fatalf("%+v", e)
		}
		if err := h.PublishEvent(ctx, officer, e.ID); !errs.Is(err, errs.Denied) {
			t.Fatalf("an officer announced: %v", err)
		}
		if err := h.PublishEvent(ctx, lead, e.ID); errs.FieldOf(err) != "second" {
			t.Fatalf("announced with nobody on the chat: %v", err)
		}
		if _, err := h.Event(ctx, e.ID); !errs.Is(err, errs.NotFound) {
			t.Fatalf("the street sees a draft: %v", err)
		}
		in.ID, in.Second = e.ID, elias
		_, err = h.PlanEvent(ctx, officer, in)
		must(t, err)
		must(t, h.PublishEvent(ctx, lead, e.ID))
		in.Second = ""
		if _, err := h.PlanEvent(ctx, lead, in); errs.FieldOf(err) != "second" {
			t.Fatalf("the second officer was taken off what is announced: %v", err)
		}
		in.Title = "W-57961 joue"
		if _, err := h.PlanEvent(ctx, lead, in); !errs.Is(err, errs.Denied) {
			t.Fatalf("a hidden handle is announced: %v", err)
		}

		if shown, err := h.Event(ctx, e.ID); err != nil || shown.URL != "" {
			t.Fatalf("the way in before the rules: %+v %v", shown, err)
		}
		for range 2 { // the same form twice is one seat
			got, err := h.JoinEvent(ctx, "a", "form-1", e.ID)
			must(t, err)
			if got.URL == "" || got.Seats != 1 {
				t.Fatalf("%+v", got)
			}
		}
		_, err = h.JoinEvent(ctx, "b", "form-2", e.ID)
		must(t, err)
		if _, err := h.JoinEvent(ctx, "c", "form-3", e.ID); !errs.Is(err, errs.Conflict) {
			t.Fatalf("a third of two seats: %v", err)
		}
		for range patrol.MaxGuesses {
			h.JoinEvent(ctx, "flood", "form-1", e.ID)
		}
		if _, err := h.JoinEvent(ctx, "flood", "form-9", e.ID); !errs.Is(err, errs.Limit) {
			t.Fatalf("a flood from one place: %v", err)
		}

		came := patrol.Came{Attended: 31, Contacts: 12, Handed: 1}
		if err := h.RecordEvent(ctx, officer, e.ID, came); !errs.Is(err, errs.Conflict) {
			t.Fatalf("recorded before it began: %v", err)
		}
		c.Move(48 * time.Hour)
		must(t, h.RecordEvent(ctx, officer, e.ID, patrol.Came{Attended: 13}))
		must(t, h.RecordEvent(ctx, officer, e.ID, came)) // a correction
		if err := h.RecordEvent(ctx, officer, e.ID, patrol.Came{Attended: -1}); errs.FieldOf(err) != "attended" {
			t.Fatalf("minus one came: %v", err)
		}
		coming, past, err := h.Events(ctx)
		must(t, err)
		if len(coming) != 0 || len(past) != 1 || past[0].Attended != 31 {
			t.Fatalf("%v %v", coming, past)
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			n, err := h.Counts(ctx, tx, "2026-11-24", "2026-11-24")
			if n["event.held"] != 1 || n["event.attended"] != 31 || n["event.handed"] != 1 {
				t.Errorf("counted %v", n)
			}
			var signs int
			if err == nil {
				err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM patrol_signs WHERE channel = 'twitch'").Scan(&signs)
			}
			if signs != 12 {
				t.Errorf("%d signs of three hours", signs)
			}
			return err
		}))
	})
}

// A school asks, the lead offers a date, the school confirms what it read; the
// key ends with the term.
func TestASchoolBooksATalk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		in := patrol.BookingIn{Kind: "class", Language: "fr", Org: "Collège kanari", Place: "Valombre", Heads: 52, Text: "Deux classes, argent facile.", Contact: "kanari@college.example"}
		code, err := h.AskTalk(ctx, "school", "form-1", in)
		must(t, err)
		if _, err := h.AskTalk(ctx, "school", "form-1", in); !errs.Is(err, errs.Conflict) {
			t.Fatalf("the same form twice: %v", err)
		}
		in.Heads = 0
		if _, err := h.AskTalk(ctx, "school", "form-2", in); errs.FieldOf(err) != "heads" {
			t.Fatalf("nobody listens: %v", err)
		}
		if _, err := h.Talk(ctx, "x", "aaaa-bbbb-cccc-dddd-eeee"); !errs.Is(err, errs.NotFound) {
			t.Fatalf("a wrong code opens: %v", err)
		}
		list, err := h.Bookings(ctx, officer)
		must(t, err)
		if len(list) != 1 || !list[0].Unread || list[0].Org != "Collège kanari" || list[0].Letters != nil {
			t.Fatalf("%+v", list)
		}
		if _, err := h.Bookings(ctx, analyst); err == nil {
			t.Fatal("who works hidden reads bookings")
		}
		id := list[0].ID
		offer := patrol.Offer{Text: "Le 12 janvier ?", Day: "2027-01-12", From: "09:00", To: "11:00", Seen: list[0].Changed}
		if err := h.AnswerTalk(ctx, officer, id, offer); !errs.Is(err, errs.Denied) {
			t.Fatalf("an officer promised a date: %v", err)
		}
		c.Move(time.Second)
		must(t, h.WriteTalk(ctx, "school", code, "Plutôt le matin."))
		if err := h.AnswerTalk(ctx, lead, id, offer); !errs.Is(err, errs.Conflict) {
			t.Fatalf("answered over what was added: %v", err)
		}
		b, err := h.Booking(ctx, lead, id)
		must(t, err)
		offer.Seen = b.Changed
		must(t, h.AnswerTalk(ctx, lead, id, offer))
		b, err = h.Talk(ctx, "school", strings.ToUpper(code))
		must(t, err)
		if b.State != patrol.Offered || len(b.Letters) != 3 || time.UnixMicro(b.Starts).UTC().Format(time.RFC3339) != "2027-01-12T08:00:00Z" {
			t.Fatalf("%+v", b)
		}
		if err := h.ConfirmTalk(ctx, "school", code, b.Starts+1); !errs.Is(err, errs.Conflict) {
			t.Fatalf("another date was confirmed: %v", err)
		}
		must(t, h.ConfirmTalk(ctx, "school", code, b.Starts))
		all, err := h.EventBoard(ctx, officer)
		must(t, err)
		if len(all) != 1 || all[0].Public || all[0].Booking != id {
			t.Fatalf("%+v", all)
		}
		if coming, _, _ := h.Events(ctx); len(coming) != 0 {
			t.Fatal("a booked talk is public")
		}
		// Another date calls the first off.
		must(t, h.AnswerTalk(ctx, lead, id, patrol.Offer{Text: "Désolés, le 19 ?", Day: "2027-01-19", From: "09:00", To: "11:00"}))
		if all, _ = h.EventBoard(ctx, officer); all[0].State != patrol.Cancelled {
			t.Fatalf("%+v", all)
		}
		must(t, h.WithdrawTalk(ctx, "school", code))
		if err := h.WriteTalk(ctx, "school", code, "Encore"); !errs.Is(err, errs.Conflict) {
			t.Fatalf("written after the end: %v", err)
		}
		declined, err := h.AskTalk(ctx, "town", "form-3", patrol.BookingIn{Kind: "visit", Language: "fr", Org: "Ville", Place: "Valombre", Heads: 9, Text: "Un stand ?"})
		must(t, err)
		if list, err = h.Bookings(ctx, lead); err != nil || list[0].Org != "Ville" {
			t.Fatalf("%+v %v", list, err)
		}
		must(t, h.DeclineTalk(ctx, lead, list[0].ID, 0, "Pas cette année."))
		if n, err := h.ForgetTalks(ctx); n != 1 || err != nil {
			t.Fatalf("what was taken back: forgotten %d %v", n, err)
		}
		if b, err := h.Talk(ctx, "town", declined); err != nil || b.State != patrol.Declined {
			t.Fatalf("a declined request is read for its term: %+v %v", b, err)
		}
		c.Move((patrol.KeepBooking + 1) * 24 * time.Hour)
		if n, err := h.ForgetTalks(ctx); n != 1 || err != nil {
			t.Fatalf("forgotten %d %v", n, err)
		}
		if n, err := h.ForgetTalks(ctx); n != 0 || err != nil {
			t.Fatalf("forgotten twice: %d %v", n, err)
		}
		if _, err := h.Talk(ctx, "school", code); !errs.Is(err, errs.NotFound) {
			t.Fatalf("a forgotten booking opens: %v", err)
		}
		if _, err := h.Booking(ctx, lead, id); !errs.Is(err, errs.NotFound) {
			t.Fatalf("staff opens it: %v", err)
		}
		if files := filesUnder(t, h.dir+"/keys"); strings.Contains(strings.Join(files, " "), id) {
			t.Error("its key is still there")
		}
	})
}
