package patrol_test

import (
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/patrol"
)

var colleague = access.Actor{Person: "per_col", Handle: "P-8", Unit: "uni_1", Regime: access.RegimePatrol, Roles: []access.Role{access.PatrolOfficer}}

// cards publishes two officers and says whose they are.
func (h *house) cards(t *testing.T) (noor, elias string) {
	t.Helper()
	a, err := h.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agente Noor 4107", Unit: "Patrouille", Holder: officer.Handle, Hours: "mon-sun 00:00-24:00"})
	must(t, err)
	b, err := h.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: "Agent Elias 4112", Unit: "Patrouille", Holder: colleague.Handle})
	must(t, err)
	return a.ID, b.ID
}

// The lead plans a month by a template; public hours come from it; one officer
// hands a shift to another; one is away and the hours shrink.
func TestALeadPlansAndOfficersSwap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) { // Monday 23 November 2026, ten o'clock in Paris
		h := newHouse(t, d, c)
		noor, elias := h.cards(t)
		must(t, h.SetHours(ctx, lead, "portal", "mon-fri 08:00-20:00", 3))
		in := patrol.ShiftIn{Week: "2026-11-25", Days: []string{"mon", "wed"}, Times: "09:00-12:00 13:00-17:00", Weeks: 1, Channel: "portal", Languages: []string{"fr"}, Purpose: "answer", Officer: noor}
		if _, err := h.PlanShifts(ctx, officer, in); !errs.Is(err, errs.Denied) {
			t.Fatalf("an officer planned: %v", err)
		}
		n, err := h.PlanShifts(ctx, lead, in)
		must(t, err)
		if n != 4 {
			t.Fatalf("planned %d", n)
		}
		if _, err := h.PlanShifts(ctx, lead, in); errs.FieldOf(err) != "times" {
			t.Fatalf("planned twice: %v", err)
		}
		in.Officer = "off_00000000000000000000000000"
		if _, err := h.PlanShifts(ctx, lead, in); errs.FieldOf(err) != "who" {
			t.Fatalf("planned nobody: %v", err)
		}
		in.Officer, in.Unit = "", "W-57961"
		if _, err := h.PlanShifts(ctx, lead, in); !errs.Is(err, errs.Denied) {
			t.Fatalf("planned a hidden handle: %v", err)
		}
		must(t, h.SaveTemplate(ctx, lead, "2026-11-23", "Semaine type"))
		b, err := h.Board(ctx, officer, "2026-11-23")
		must(t, err)
		if len(b.Shifts) != 4 || b.Own != noor || len(b.Templates) != 1 || b.Templates[0].Shifts() != 4 || b.Last != "2026-11-29" {
			t.Fatalf("%+v", b)
		}
		made, left, err := h.ApplyTemplate(ctx, lead, b.Templates[0].ID, "2026-11-23", 4)
		must(t, err)
		if made != 12 || left != 0 {
			t.Fatalf("made %d, left %d", made, left)
		}

		hours := func() string {
			list, err := h.Hours(ctx)
			must(t, err)
			return list[0].Week.String()
		}
		if got := hours(); !strings.Contains(got, "2026-11-23 09:00-12:00 13:00-17:00") || !strings.Contains(got, "2026-11-24 closed") || strings.Contains(got, "2026-12-21") {
			t.Fatalf("the portal's hours: %s", got)
		}
		duty, err := h.OnDuty(ctx, c.Now())
		must(t, err)
		if len(duty.Now) != 1 || duty.Now[0].Channels[0] != "portal" || duty.Now[0].To.Format("15:04") != "12:00" || duty.Next.From.Format("15:04") != "13:00" || duty.AnswerDays != 3 {
			t.Fatalf("%+v", duty)
		}

		// A shift changes hands by the will of both.
		wednesday := b.Shifts[2].ID
		if err := h.TakeShift(ctx, colleague, wednesday); !errs.Is(err, errs.Conflict) {
			t.Fatalf("taken though not offered: %v", err)
		}
		if err := h.OfferShift(ctx, colleague, wednesday, true); !errs.Is(err, errs.Conflict) {
			t.Fatalf("somebody else's shift was offered: %v", err)
		}
		must(t, h.OfferShift(ctx, officer, wednesday, true))
		must(t, h.TakeShift(ctx, colleague, wednesday))
		if err := h.OfferShift(ctx, lead, wednesday, true); !errs.Is(err, errs.Conflict) {
			t.Fatalf("without a card: %v", err)
		}

		// Who is away does not stand there; why is asked nowhere.
		must(t, h.ReportAbsence(ctx, officer, "", "2026-11-25", "2026-11-26"))
		if err := h.ReportAbsence(ctx, colleague, noor, "2026-11-25", "2026-11-26"); !errs.Is(err, errs.Denied) {
			t.Fatalf("an officer reported another away: %v", err)
		}
		if got := hours(); !strings.Contains(got, "2026-11-25 09:00-12:00;") {
			t.Fatalf("with Noor away: %s", got)
		}
		if err := h.AssignShift(ctx, lead, wednesday, noor, ""); errs.FieldOf(err) != "who" {
			t.Fatalf("given to who is away: %v", err)
		}
		if b, err = h.Board(ctx, colleague, "2026-11-23"); err != nil || b.Shifts[2].Officer.ID != elias || b.Shifts[3].Why != patrol.OnLeave || len(b.Absences) != 1 {
			t.Fatalf("%+v %v", b, err)
		}
		if err := h.EndAbsence(ctx, colleague, b.Absences[0].ID); !errs.Is(err, errs.Conflict) {
			t.Fatalf("another's absence was ended: %v", err)
		}
		must(t, h.AssignShift(ctx, lead, b.Shifts[3].ID, "", "Patrouille en ligne"))
		must(t, h.EndAbsence(ctx, officer, b.Absences[0].ID))

		// What was, stays.
		c.Move(8 * time.Hour)
		if err := h.RemoveShift(ctx, lead, b.Shifts[0].ID); !errs.Is(err, errs.Conflict) {
			t.Fatalf("a shift that is over was removed: %v", err)
		}
		if n, err := h.ClearWeek(ctx, lead, "2026-11-24", ""); n != 2 || err != nil {
			t.Fatalf("cleared %d, %v", n, err)
		}
		must(t, h.RemoveTemplate(ctx, lead, b.Templates[0].ID))
	})
}

// The book never joins a service handle with a public card.
func TestOwnActsAreTheCards(t *testing.T) {
	c := dbtest.NewClock()
	h := newHouse(t, dbtest.SQLite(t, c), c)
	noor, _ := h.cards(t)
	in := patrol.ShiftIn{Week: "2026-11-25", Days: []string{"fri"}, Times: "09:00-12:00", Weeks: 1, Channel: "portal", Purpose: "answer", Officer: noor}
	_, err := h.PlanShifts(ctx, lead, in)
	must(t, err)
	b, err := h.Board(ctx, lead, "2026-11-25")
	must(t, err)
	must(t, h.OfferShift(ctx, officer, b.Shifts[0].ID, true))
	must(t, h.ReportAbsence(ctx, officer, "", "2026-11-25", "2026-11-26"))
	_, err = h.NewFeed(ctx, officer)
	must(t, err)
	page, err := h.book.ReadPage(ctx, ledger.Filter{})
	must(t, err)
	own := 0
	for _, e := range page {
		if strings.HasPrefix(e.Verb, "roster.") && e.Handle == officer.Handle {
			t.Errorf("%s is recorded under the service handle", e.Verb)
		}
		if e.Handle == "card:"+noor {
			own++
		}
	}
	if own != 3 {
		t.Errorf("%d acts of the card", own)
	}
}

const feiertage = `BEGIN:VCALENDAR
PRODID:-//x//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20261225
DTEND;VALUE=DATE:20261227
SUMMARY:Noël
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20200101
RRULE:FREQ=YEARLY
SUMMARY:Jour de l'an
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20261120T100000Z
SUMMARY:past
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART:20261224T100000Z
DTEND:20261224T120000Z
SUMMARY:a morning
END:VEVENT
BEGIN:VEVENT
UID:5
DTSTART;VALUE=DATE:20260501
RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1MO
SUMMARY:moving
END:VEVENT
END:VCALENDAR`

const night = `BEGIN:VCALENDAR
PRODID:-//x//EN
BEGIN:VEVENT
UID:n
DTSTART;TZID=America/New_York:20261201T160000
DTEND;TZID=America/New_York:20261201T200000
RRULE:FREQ=WEEKLY;COUNT=3
EXDATE;TZID=America/New_York:20261208T160000
END:VEVENT
BEGIN:VEVENT
UID:w
DTSTART;TZID=Romance Standard Time:20261202T090000
DTEND;TZID=Romance Standard Time:20261202T120000
END:VEVENT
BEGIN:VEVENT
UID:d
DTSTART;VALUE=DATE:20261203
SUMMARY:a whole day
END:VEVENT
END:VCALENDAR`

// Calendars come in, with what could not be kept named, and go out.
func TestCalendarsInAndOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		noor, _ := h.cards(t)
		got, err := h.ImportHolidays(ctx, lead, strings.NewReader(feiertage))
		must(t, err)
		if got.Added != 4 || len(got.Skipped) != 2 { // 25 and 26 December, two New Years
			t.Fatalf("%+v", got)
		}
		if got, err = h.ImportHolidays(ctx, lead, strings.NewReader(feiertage)); err != nil || got.Added != 0 || got.Known != 4 {
			t.Fatalf("again: %+v %v", got, err)
		}
		if _, err := h.ImportHolidays(ctx, lead, strings.NewReader("hello")); errs.FieldOf(err) != "file" {
			t.Fatalf("no calendar: %v", err)
		}
		list, err := h.Holidays(ctx)
		must(t, err)
		if len(list) != 4 || list[0].Day != "2026-12-25" || list[2].Name != "Jour de l'an" {
			t.Fatalf("%+v", list)
		}
		must(t, h.RemoveHoliday(ctx, lead, list[1].ID))

		in := patrol.ShiftIn{Channel: "twitch", Purpose: "stream", Officer: noor}
		got, err = h.ImportShifts(ctx, lead, in, strings.NewReader(night))
		must(t, err)
		if got.Added != 3 || len(got.Skipped) != 1 {
			t.Fatalf("%+v", got)
		}
		b, err := h.Board(ctx, lead, "2026-12-01")
		must(t, err)
		if s := b.Shifts[0]; s.Day != "2026-12-01" || s.Range != (patrol.Range{From: 22 * 60, To: 26 * 60}) || s.To.Sub(s.Span.From) != 4*time.Hour {
			t.Fatalf("%+v", s)
		}

		secret, err := h.NewFeed(ctx, officer)
		must(t, err)
		o, shifts, err := h.Feed(ctx, strings.ToUpper(secret))
		must(t, err)
		if o.ID != noor || len(shifts) != 3 || shifts[0].Channel != "twitch" {
			t.Fatalf("%+v", shifts)
		}
		again, err := h.NewFeed(ctx, officer)
		must(t, err)
		if _, _, err := h.Feed(ctx, secret); !errs.Is(err, errs.NotFound) {
			t.Fatalf("the old address opens: %v", err)
		}
		must(t, h.WithdrawOfficer(ctx, lead, noor))
		if _, _, err := h.Feed(ctx, again); !errs.Is(err, errs.NotFound) {
			t.Fatalf("the feed of a withdrawn card opens: %v", err)
		}
		if _, err := h.NewFeed(ctx, analyst); err == nil {
			t.Fatal("who works hidden has a feed")
		}
	})
}

// A week that is over is measured once, and its signs are forgotten.
func TestAWeekIsClosedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		noor, elias := h.cards(t)
		for _, who := range []string{noor, elias} {
			_, err := h.PlanShifts(ctx, lead, patrol.ShiftIn{Week: "2026-11-23", Days: []string{"mon"}, Times: "09:00-13:00", Weeks: 1, Channel: "portal", Purpose: "answer", Officer: who})
			must(t, err)
		}
		for range 2 {
			must(t, d.Write(ctx, func(tx *db.Tx) error { return h.SignIn(ctx, tx, "portal") }))
		}
		if n, err := h.CloseWeeks(ctx); n != 0 || err != nil {
			t.Fatalf("closed %d before its end, %v", n, err)
		}
		c.Move(7 * 24 * time.Hour)
		for want := 1; want >= 0; want-- {
			if n, err := h.CloseWeeks(ctx); n != want || err != nil {
				t.Fatalf("closed %d, %v", n, err)
			}
		}
		covers, kept, err := h.Coverage(ctx, officer, "2026-11-23")
		must(t, err)
		if len(kept) != 1 || kept[0] != (patrol.Kept{Channel: "portal", Week: "2026-11-23", Minutes: 240, Parts: 2, Kept: 1}) || covers[0].Days[0].Hours[10].People != 2 {
			t.Fatalf("%+v", kept)
		}
		if _, _, err := h.Coverage(ctx, analyst, "2026-11-23"); err == nil {
			t.Fatal("an analyst saw the roster")
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			var n int
			err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM patrol_signs").Scan(&n)
			if n != 0 {
				t.Errorf("%d signs are kept", n)
			}
			return err
		}))
		c.Move(420 * 24 * time.Hour)
		_, err = h.CloseWeeks(ctx)
		must(t, err)
		b, err := h.Board(ctx, lead, "2026-11-23")
		must(t, err)
		if len(b.Shifts) != 0 {
			t.Errorf("%d shifts of two years ago", len(b.Shifts))
		}
	})
}
