package patrol_test

import (
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/patrol"
)

func (h *house) card(t *testing.T, name string, holder access.Actor) patrol.Officer {
	t.Helper()
	o, err := h.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: name, Unit: "Patrouille", Languages: []string{"fr"}, Channels: []string{"discord"}, Holder: holder.Handle})
	must(t, err)
	return o
}

// An officer vouches for themselves in a chat; the code works once, for ten
// minutes, and says who, when and where.
func TestCodeVouchesOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		if _, err := h.MakeCode(ctx, officer, "discord"); errs.FieldOf(err) == "" {
			t.Errorf("vouched without a card: %v", err)
		}
		card := h.card(t, "Agente Noor 4107", officer)
		_, err := h.PublishAccount(ctx, lead, patrol.AccountIn{Platform: "discord", Handle: "noor4107", Proof: "seen", Officer: card.ID})
		must(t, err)
		code, err := h.MakeCode(ctx, officer, "discord")
		must(t, err)
		if len(code.Figures) != patrol.CodeFigures+1 || code.Ends-c.Now()-patrol.CodeLife.Microseconds() > 100 {
			t.Errorf("%+v", code)
		}
		c.Move(9 * time.Minute)
		got, err := h.CheckCode(ctx, "a", strings.ReplaceAll(code.Figures, " ", "-"))
		must(t, err)
		if got.Officer.ID != card.ID || got.Platform != "discord" || c.Now()-got.Made-(9*time.Minute).Microseconds() > 0 || len(got.Accounts) != 1 {
			t.Errorf("%+v", got)
		}

		// Used, over, wrong and malformed are one answer.
		late, err := h.MakeCode(ctx, officer, "discord")
		must(t, err)
		c.Move(patrol.CodeLife)
		taken, err := h.MakeCode(ctx, officer, "discord")
		must(t, err)
		must(t, h.WithdrawOfficer(ctx, lead, card.ID))
		var said []string
		for _, typed := range []string{code.Figures, late.Figures, taken.Figures, "0000 0000", "", "bonjour", "123"} {
			_, err := h.CheckCode(ctx, "b", typed)
			key, _ := errs.Message(err)
			said = append(said, errs.KindOf(err).String()+key+errs.FieldOf(err))
		}
		for _, s := range said {
			if s != said[0] || s != "not founderr.patrol.codecode" {
				t.Errorf("answers differ: %q", said)
			}
		}
		// What is over leaves no row, and the ledger knows of each.
		did, err := h.SweepCodes(ctx)
		must(t, err)
		if _, err := h.book.Sequence(ctx); err != nil || did != 0 { // the card's withdrawal took both away
			t.Errorf("%d left, %v", did, err)
		}
	})
}

func TestGuessingCodesIsSlow(t *testing.T) {
	c := dbtest.NewClock()
	h := newHouse(t, dbtest.SQLite(t, c), c)
	h.card(t, "Agente Noor 4107", officer)
	for range patrol.MaxGuesses {
		if _, err := h.CheckCode(ctx, "attacker", "1111 1111"); !errs.Is(err, errs.NotFound) {
			t.Fatal(err)
		}
	}
	code, err := h.MakeCode(ctx, officer, "discord")
	must(t, err)
	if _, err := h.CheckCode(ctx, "attacker", code.Figures); !errs.Is(err, errs.Limit) {
		t.Errorf("an eleventh guess: %v", err)
	}
	if _, err := h.CheckCode(ctx, "citizen", code.Figures); err != nil {
		t.Errorf("another caller: %v", err)
	}
	c.Move(patrol.GuessTime + time.Second)
	if _, err := h.CheckCode(ctx, "attacker", "1111 1111"); !errs.Is(err, errs.NotFound) {
		t.Errorf("after the wait: %v", err)
	}
	for range patrol.MaxCodes {
		_, err = h.MakeCode(ctx, officer, "discord")
		must(t, err)
	}
	if _, err = h.MakeCode(ctx, officer, "discord"); !errs.Is(err, errs.Limit) {
		t.Errorf("codes without end: %v", err)
	}
}

// Figures are read in every script; a code is eight of them and nothing else.
func TestCodesAreReadAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"4821 0937": "48210937", "4821-0937": "48210937", "48210937": "48210937", " 4821\u00a00937 ": "48210937",
		"٤٨٢١ ٠٩٣٧": "48210937", "४८२१०९३७": "48210937", "𝟒𝟖𝟐𝟏𝟎𝟗𝟑𝟕": "48210937",
		"4821 093": "", "4821 09371": "", "4821 O937": "", "": "",
	} {
		got, ok := patrol.ReadCode(typed)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v", typed, got, ok)
		}
	}
}

// Hidden staff vouch for nobody.
func TestHiddenStaffHaveNoCode(t *testing.T) {
	c := dbtest.NewClock()
	h := newHouse(t, dbtest.SQLite(t, c), c)
	watchLead := access.Actor{Person: "per_w", Handle: "W-57961", Roles: []access.Role{access.DutyLead}, Regime: access.RegimeWatch}
	for _, by := range []access.Actor{analyst, watchLead, access.AsCitizen()} {
		if _, err := h.MakeCode(ctx, by, "discord"); !errs.Is(err, errs.Denied) && !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", by.Handle, err)
		}
	}
}

// The organisation chooses how officers are named, and the card keeps to it.
func TestNamesAreOfTheOrganisationsKind(t *testing.T) {
	c := dbtest.NewClock()
	for naming, names := range map[string]map[string]bool{
		patrol.NameFull:    {"Maarja Punane": true, "Maarja": false, "Agent 4107": false},
		patrol.NameService: {"Agente Noor 4107": true, "Noor": false, "4107": false},
		patrol.NameNumber:  {"Betjent 04": true, "4107": true, "Noor Valette": false, "Agente Noor 4107": false},
		patrol.NameFree:    {"Maarja": true},
	} {
		h := newHouse(t, dbtest.SQLite(t, c), c, patrol.Setting{Names: naming})
		for name, ok := range names {
			_, err := h.PublishOfficer(ctx, lead, patrol.OfficerIn{Name: name, Unit: "Patrouille"})
			if (err == nil) != ok {
				t.Errorf("%s %q: %v", naming, name, err)
			}
		}
	}
}

// A training that an act asks for is asked for on the day of the act.
func TestTrainingIsAskedForAtTheAct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		h.card(t, "Agente Noor 4107", officer)
		may := func(want bool) {
			t.Helper()
			if _, err := h.MakeCode(ctx, officer, "discord"); (err == nil) != want {
				t.Errorf("may vouch: %v", err)
			}
		}
		may(true)
		must(t, h.SetNeed(ctx, lead, patrol.ActVouch, "patrol"))
		may(false)
		day := 24 * time.Hour.Microseconds()
		must(t, h.GiveTraining(ctx, lead, officer.Handle, "patrol", c.Now()+30*day))
		may(true)
		own, _, err := h.OwnTrainings(ctx, officer)
		must(t, err)
		if len(own) != 1 || !own[0].Soon(c.Now()+1000) {
			t.Errorf("%+v", own)
		}
		c.Move(31 * 24 * time.Hour)
		may(false)
		must(t, h.GiveTraining(ctx, lead, officer.Handle, "patrol", c.Now()+300*day))
		may(true)
		list, needs, err := h.Trained(ctx, lead)
		must(t, err)
		if len(list) != 2 || len(needs) != 1 {
			t.Errorf("%+v %+v", list, needs)
		}
		must(t, h.EndTraining(ctx, lead, list[1].ID))
		may(false)
		for _, bad := range []int64{c.Now(), c.Now() + 6*365*day} {
			if err := h.GiveTraining(ctx, lead, officer.Handle, "patrol", bad); errs.FieldOf(err) != "ends" {
				t.Errorf("until %d: %v", bad, err)
			}
		}
		if err := h.GiveTraining(ctx, lead, "W-57961", "patrol", c.Now()+day); err == nil {
			t.Error("the patrol's lead writes down the watch's training")
		}
		if _, _, err := h.Trained(ctx, officer); err == nil {
			t.Error("an officer reads everybody's")
		}
		if err := h.EndTraining(ctx, lead, id.New("trn", c.Now(), 0)); !errs.Is(err, errs.NotFound) {
			t.Errorf("nothing: %v", err)
		}
	})
}

// Who reads the ledger beside the rows does not learn which account stands
// behind a public card (promise 6).
func TestCodesAndRoundsTieNoCardToAnAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		h.card(t, "Agente Noor 4107", officer)
		_, err := h.MakeCode(ctx, officer, "discord")
		must(t, err)
		round, err := h.StartRound(ctx, officer, patrol.RoundIn{Platform: "discord", Purpose: "presence"})
		must(t, err)
		must(t, h.CountContact(ctx, officer, round, "advice"))
		must(t, h.EndRound(ctx, officer, round))
		_, err = h.AskAdmission(ctx, officer, "discord", "Groupe d'essai", "")
		must(t, err)
		page, err := h.book.ReadPage(ctx, ledger.Filter{})
		must(t, err)
		for _, e := range page {
			if e.Handle == officer.Handle && (e.Verb == "official.vouch" || e.Verb == "official.walk") {
				t.Errorf("%s %s: %s", e.Handle, e.Verb, e.Detail)
			}
		}
	})
}
