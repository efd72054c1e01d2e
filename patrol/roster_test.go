package patrol

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func noon(t *testing.T, day string) time.Time {
	t.Helper()
	d, err := parseDay("day", day)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// rosterOf has the shifts "DAY FROM-TO channel who[ holiday]".
func rosterOf(t *testing.T, place, from, to string, lines ...string) Roster {
	t.Helper()
	r := Roster{zone: zone(t, place), from: noon(t, from), to: noon(t, to), holidays: map[string]Holiday{}, reach: map[string]reach{},
		officers: map[string]Officer{"off_a": {ID: "off_a", Name: "Agente A", Hours: week(t, "mon-fri 09:00-12:00")}, "off_b": {ID: "off_b", Name: "Agent B"}}}
	for i, l := range lines {
		f := strings.Fields(l)
		x, err := parseRanges(f[1:2])
		if err != nil {
			t.Fatal(err)
		}
		s := Shift{ID: fmt.Sprintf("shi_%d", i), Day: f[0], Range: x[0], Channel: f[2], Purpose: "answer", Holiday: len(f) > 4}
		if s.Officer = f[3]; s.Officer == "unit" {
			s.Officer, s.Unit = "", "Patrouille"
		}
		r.shifts = append(r.shifts, s)
		r.widen(channelKey(s.Channel), reach{s.Day, s.Day})
		r.widen(cardKey(s.Officer), reach{s.Day, s.Day})
	}
	return r
}

func week(t *testing.T, s string) Week {
	t.Helper()
	w, err := ParseWeek(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Times are those of the wall: a shift keeps its hours when the clock changes,
// and lasts an hour more or less when the change lies in it.
func TestShiftsAcrossMidnightAndTheChangeOfTheClock(t *testing.T) {
	for _, x := range []struct{ zone, line, want string }{
		{"Europe/Paris", "2026-11-23 09:00-12:00", "2026-11-23T09:00:00+01:00 3h0m0s"},
		{"Europe/Paris", "2026-11-23 22:00-02:00", "2026-11-23T22:00:00+01:00 4h0m0s"},
		{"Europe/Paris", "2026-10-24 22:00-06:00", "2026-10-24T22:00:00+02:00 9h0m0s"},
		{"Europe/Paris", "2026-03-28 22:00-06:00", "2026-03-28T22:00:00+01:00 7h0m0s"},
		{"Europe/Paris", "2026-03-29 02:30-04:00", "2026-03-29T03:30:00+02:00 30m0s"},
		{"Europe/Paris", "2026-10-25 02:30-04:00", "2026-10-25T02:30:00+02:00 2h30m0s"},
		{"America/Martinique", "2026-10-24 22:00-06:00", "2026-10-24T22:00:00-04:00 8h0m0s"},
		{"Europe/Lisbon", "2026-10-25 00:30-02:30", "2026-10-25T00:30:00+01:00 3h0m0s"},
		{"Europe/Paris", "2026-12-31 18:00-24:00", "2026-12-31T18:00:00+01:00 6h0m0s"},
	} {
		r := rosterOf(t, x.zone, x.line[:10], x.line[:10], x.line+" portal off_a")
		s := r.planned()[0]
		if got := s.From.Format(time.RFC3339) + " " + s.To.Sub(s.From).String(); got != x.want {
			t.Errorf("%s in %s: %s, want %s", x.line, x.zone, got, x.want)
		}
	}
}

// The roster speaks for the weeks that it holds; others keep what was declared.
func TestTheRosterCountsInItsOwnWeeks(t *testing.T) {
	r := rosterOf(t, "Europe/Paris", "2026-11-22", "2026-12-31",
		"2026-11-24 10:00-12:00 portal off_a", "2026-11-24 11:00-13:00 portal off_b", "2026-11-24 13:00-14:00 portal unit",
		"2026-12-02 20:00-02:00 portal off_b", "2026-12-25 10:00-11:00 chat off_b", "2026-12-26 10:00-11:00 chat off_b holiday")
	r.holidays["2026-12-25"] = Holiday{Day: "2026-12-25", Name: "Noël"}
	r.holidays["2026-12-26"] = Holiday{Day: "2026-12-26", Name: "Saint-Étienne"}
	r.holidays["2026-12-14"] = Holiday{Day: "2026-12-14", Name: "Fête du canton"}
	r.absences = []Absence{{Officer: "off_b", First: "2026-12-02", Last: "2026-12-02"}}
	portal := r.hours(Hours{Channel: "portal", Week: week(t, "mon-sun 08:00-18:00")}).Week
	for day, want := range map[string]string{
		"2026-11-22": "[{480 1080}]", // the week before: as declared
		"2026-11-23": "[]",           // in the roster's first week, nobody
		"2026-11-24": "[{600 840}]",  // three shifts that touch are one
		"2026-12-02": "[]",           // whoever stands there is away
		"2026-12-06": "[]",           // Sunday of its last week
		"2026-12-07": "[{480 1080}]", // after its end: as declared
		"2026-12-14": "[]",           // a holiday closes a declared day
		"2026-12-15": "[{480 1080}]",
	} {
		if got := fmt.Sprint(portal.of(noon(t, day))); got != want {
			t.Errorf("portal on %s: %s, want %s", day, got, want)
		}
	}
	chat := r.hours(Hours{Channel: "chat"}).Week
	if len(chat.of(noon(t, "2026-12-25"))) != 0 || len(chat.of(noon(t, "2026-12-26"))) != 1 {
		t.Error("a shift stands on a holiday only when it says so")
	}
	if named := r.hours(Hours{Channel: "mail", Week: week(t, "mon-sun 08:00-18:00; 2026-12-25 10:00-12:00")}).Week; len(named.of(noon(t, "2026-12-25"))) != 1 {
		t.Error("a date that the declared week names is closed by a holiday")
	}
	if card := r.card(r.officers["off_a"]).Hours; fmt.Sprint(card.of(noon(t, "2026-11-24"))) != "[{600 720}]" || fmt.Sprint(card.of(noon(t, "2026-12-01"))) != "[{540 720}]" {
		t.Errorf("card %+v", card)
	}
	var names []string
	for _, p := range r.planned() {
		if p.From.Format("01-02") == "11-24" {
			names = append(names, p.Officer.Name)
		}
	}
	if strings.Join(names, ", ") != "Agente A, Agent B, Patrouille" {
		t.Error(names)
	}
	delete(r.officers, "off_b")
	if r.stands(r.shifts[1]) != Left {
		t.Error("a withdrawn card stands in the roster")
	}
}

// Somebody who is on two channels at once is there once.
func TestOneOfficerOnTwoChannelsIsThereOnce(t *testing.T) {
	r := rosterOf(t, "Europe/Paris", "2026-11-22", "2026-11-30", "2026-11-24 10:00-12:00 portal off_b", "2026-11-24 10:00-13:00 discord off_b", "2026-11-24 11:00-12:00 portal unit")
	d := r.duty(time.Date(2026, 11, 24, 11, 30, 0, 0, r.zone), nil)
	if len(d.Now) != 3 || d.Now[0].Officer.Name != "Agent B" || d.Now[0].To.Hour() != 13 || strings.Join(d.Now[0].Channels, " ") != "discord portal" {
		t.Errorf("%+v", d.Now) // off_a stands in no roster, and has hours of her own
	}
}

func TestCoverageMarksWhatIsWantedAndEmpty(t *testing.T) {
	r := rosterOf(t, "Europe/Paris", "2026-11-22", "2026-11-29",
		"2026-11-22 22:00-03:00 portal off_b", // the Sunday before runs into Monday
		"2026-11-23 09:00-12:30 portal off_a", "2026-11-23 12:20-14:00 portal off_b", "2026-11-23 10:00-11:00 portal unit", "2026-11-29 23:00-02:00 portal unit")
	c := r.cover(Hours{Channel: "portal", Week: week(t, "mon 08:00-12:00; wed 08:00-09:20")})
	monday := c.Days[0]
	var row []string
	for h := range 15 {
		row = append(row, fmt.Sprint(monday.Hours[h].People))
	}
	if got := strings.Join(row, ""); got != "111000000121210" {
		t.Errorf("Monday: %s", got)
	}
	if !monday.Hours[8].Gap() || monday.Hours[9].Gap() || !c.Days[2].Hours[8].Gap() || c.Days[2].Hours[9].Wanted || c.Gaps() != 2 {
		t.Errorf("%+v", c)
	}
	if c.Days[6].Hours[23].People != 1 {
		t.Error("the last hour of Sunday")
	}
	r.holidays["2026-11-25"] = Holiday{Day: "2026-11-25"}
	if c := r.cover(Hours{Channel: "portal", Week: week(t, "wed 08:00-09:20")}); c.Gaps() != 0 {
		t.Error("a holiday is wanted")
	}
}

// What was kept is measured by channel, and by nobody's name.
func TestKeptIsNeverAboutOnePerson(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	sign := func(s string) int64 {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, paris)
		if err != nil {
			t.Fatal(err)
		}
		return at.UnixMicro()
	}
	r := rosterOf(t, "Europe/Paris", "2026-11-22", "2026-11-29", "2026-11-24 09:00-12:30 portal off_a", "2026-11-24 13:00-14:00 portal off_b", "2026-11-25 22:00-02:00 portal off_b", "2026-11-26 09:00-12:00 discord off_a")
	k := r.kept(Hours{Channel: "portal"}, []int64{sign("2026-11-24 09:15"), sign("2026-11-24 09:30"), sign("2026-11-24 12:45"), sign("2026-11-26 01:45")})
	if k != (Kept{Channel: "portal", Week: "2026-11-23", Minutes: 510, Parts: 5, Kept: 2}) {
		t.Errorf("%+v", k)
	}
	if k := r.kept(Hours{Channel: "discord"}, []int64{sign("2026-11-26 09:15")}); !k.Alone || k.Parts != 0 || k.Kept != 0 || k.Minutes != 180 {
		t.Errorf("one officer alone: %+v", k)
	}
}
