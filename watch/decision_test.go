package watch

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/ledger"
)

func TestStoryOfAnAlert(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		a := w.raised(1)
		w.mustRefuse("an officer opens it", func() error { _, err := w.Open(ctx, officer, a.ID); return err }())
		w.mustRefuse("an investigator opens it before it leaves", func() error { _, err := w.Open(ctx, sleuth, a.ID); return err }())
		if err := w.AskLeave(ctx, analyst, a.ID, "case", "B2", "offre répétée"); !errs.Is(err, errs.Conflict) {
			t.Fatalf("it left unconfirmed: %v", err)
		}
		must(t, w.Verdict(ctx, analyst, a.ID, VerdictOffer, "prix et arrivage"))
		must(t, w.MarkMinor(ctx, analyst, a.ID, true, "parle du collège"))
		if err := w.AskLeave(ctx, analyst, a.ID, "case", "Z9", "offre"); errs.FieldOf(err) != "grade" {
			t.Fatalf("grade: %v", err)
		}
		must(t, w.AskLeave(ctx, analyst, a.ID, "case", "B2", "offre répétée"))
		w.mustRefuse("the asker confirms", w.ConfirmLeave(ctx, analyst, a.ID, w.read(analyst, a.ID)))
		asker := analyst
		asker.Roles = append(asker.Roles, access.DutyLead)
		w.mustRefuse("the asker confirms as lead", w.ConfirmLeave(ctx, asker, a.ID, w.read(analyst, a.ID)))
		w.mustRefuse("another analyst confirms", w.ConfirmLeave(ctx, second, a.ID, w.read(second, a.ID)))
		must(t, w.RefuseLeave(ctx, lead, a.ID, "préciser"))
		must(t, w.AskLeave(ctx, analyst, a.ID, "case", "B2", "offre répétée"))
		_, err := w.Open(ctx, sleuth, a.ID)
		must(t, err)
		must(t, w.ConfirmLeave(ctx, sleuth, a.ID, w.read(sleuth, a.ID)))
		var out Out
		take := func() error {
			return d.Write(ctx, func(tx *db.Tx) error {
				var err error
				out, err = w.TakeIn(ctx, tx, sleuth, a.ID)
				return err
			})
		}
		must(t, take())
		if out.Mandate != w.man || !out.Minor || out.Grade != "B2" || out.Reason != "offre répétée" || out.Post.Text != offer(1).Text ||
			string(out.Bytes[:30]) != `{"id":"offer-1","text":"arriva` || len(out.Signals) < 2 {
			t.Fatalf("%+v", out)
		}
		if err := take(); err == nil {
			t.Fatal("two cases took one alert")
		}
		for _, verb := range []string{"alert.raise", "alert.list", "alert.verdict", "alert.mark-minor", "alert.ask-leave", "alert.refuse-leave", "alert.confirm-leave", "alert.take-in"} {
			got, err := w.book.ReadPage(ctx, ledger.Filter{Verb: verb})
			must(t, err)
			if len(got) == 0 {
				t.Errorf("%s is not in the ledger", verb)
			}
		}
		w.accounted()
	})
}

// read opens an alert as the second person does, for what they confirm.
func (w *world) read(by access.Actor, id string) string {
	w.t.Helper()
	v, err := w.Open(ctx, by, id)
	must(w.t, err)
	return v.Seen
}

func (w *world) mustRefuse(what string, err error) {
	w.t.Helper()
	if k := errs.KindOf(err); err == nil || k != errs.Denied && k != errs.NotFound {
		w.t.Errorf("%s: %v", what, err)
	}
}

// accounted: the last event about each row holds the state that the row has.
func (w *world) accounted() {
	w.t.Helper()
	must(w.t, w.d.Read(ctx, func(tx *db.Tx) error {
		for _, table := range Accounted {
			err := tx.EachState(ctx, table, func(id string, sum [32]byte) error {
				page, err := w.book.ReadPage(ctx, ledger.Filter{Object: table + "/" + id, Limit: 1})
				if err == nil && (len(page) == 0 || string(page[0].State) != string(sum[:])) {
					w.t.Errorf("%s/%s was changed without an event", table, id)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestTheRowKeepsTheAskerOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		a := w.raised(1)
		must(t, w.Verdict(ctx, analyst, a.ID, VerdictOffer, "prix"))
		must(t, w.AskLeave(ctx, analyst, a.ID, "notice", "A1", "offre"))
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			n, err := setConfirmed(ctx, tx, &Alert{ID: a.ID, State: Left, Confirmer: "W-17"}, w.personKey(analyst))
			if n != 0 {
				t.Error("the row took the asker")
			}
			return err
		}))
	})
}

func TestHarmlessErasesAndCounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		a := w.raised(1)
		must(t, w.Verdict(ctx, analyst, a.ID, VerdictUnclear, "à revoir"))
		must(t, w.Verdict(ctx, second, a.ID, VerdictHarmless, "bulletin météo"))
		if w.keys.Has(a.ID) {
			t.Error("the key outlived the verdict")
		}
		v, err := w.Open(ctx, analyst, a.ID)
		must(t, err)
		if !v.Erased || v.Post.Text != "" || v.Signals != nil || v.Reasons != (Reasons{}) {
			t.Errorf("%+v", v)
		}
		if w.count("watch_doomed") != 0 {
			t.Error("a doomed key was left")
		}
		var counts []EntryCount
		must(t, d.Read(ctx, func(tx *db.Tx) error { counts, err = w.EntryCounts(ctx, tx); return err }))
		if len(counts) < 2 {
			t.Fatalf("%+v", counts)
		}
		for _, n := range counts {
			if n.Verdict != VerdictHarmless || n.N != 1 || n.Category != "drugs-offer" {
				t.Errorf("%+v", n)
			}
		}
		if r := w.judged(offer(1)); r.Flagged != 0 {
			t.Error("what was found harmless was raised again")
		}
		if err := w.Verdict(ctx, analyst, a.ID, VerdictOffer, "revu"); !errs.Is(err, errs.Conflict) {
			t.Errorf("an erased alert was judged: %v", err)
		}
		w.accounted()
		w.noOrphans()
	})
}

func TestPurgeWithCertificate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		var ids []string
		for i := range 4 {
			ids = append(ids, w.raised(i+1).ID)
		}
		must(t, w.Verdict(ctx, analyst, ids[0], VerdictOffer, "confirmée"))
		must(t, w.Verdict(ctx, analyst, ids[1], VerdictHarmless, "météo"))
		if got, err := w.PurgeLapsed(ctx); err != nil || len(got) != 0 {
			t.Fatalf("purged while in force: %+v %v", got, err)
		}
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := w.Mandates.Hold(ctx, tx, "alert", ids[2], "CPP art. 11", lead)
			return err
		}))
		// The mandate lapses before the alerts expire by themselves.
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE mandate_mandates SET ends = $1", tx.Now+day)
			return err
		}))
		c.Move(25 * time.Hour)
		got, err := w.PurgeLapsed(ctx)
		must(t, err)
		gone := []string{ids[1], ids[3]}
		slices.Sort(gone)
		if len(got) != 1 || got[0].Alerts != 2 || got[0].Reason != "lapse" || got[0].Mandate != w.man || string(got[0].Sum) != string(sumOf(gone)) {
			t.Fatalf("%+v", got)
		}
		if w.keys.Has(ids[3]) || !w.keys.Has(ids[0]) || !w.keys.Has(ids[2]) {
			t.Error("wrong keys were destroyed")
		}
		if _, err := w.Open(ctx, analyst, ids[3]); !errs.Is(err, errs.NotFound) {
			t.Errorf("purged, yet opened: %v", err)
		}
		if n := w.count("watch_reposts"); n != 2 {
			t.Errorf("%d rows beside 2 alerts", n)
		}
		var list []Purge
		must(t, d.Read(ctx, func(tx *db.Tx) error { list, err = w.Purges(ctx, tx, w.man); return err }))
		if len(list) != 1 || list[0].ID != got[0].ID {
			t.Errorf("%+v", list)
		}
		c.Move(91 * 24 * time.Hour)
		if got, err = w.PurgeLapsed(ctx); err != nil || len(got) != 1 || got[0].Reason != "expiry" || got[0].Alerts != 1 {
			t.Fatalf("a confirmed alert that nobody took: %+v %v", got, err)
		}
		w.accounted()
		w.noOrphans()
	})
}

func TestFourteenDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		old := w.raised(1)
		c.Move(13 * 24 * time.Hour)
		young := w.raised(2)
		c.Move(25 * time.Hour)
		got, err := w.PurgeLapsed(ctx)
		must(t, err)
		if len(got) != 1 || got[0].Reason != "expiry" || got[0].Alerts != 1 || w.keys.Has(old.ID) || !w.keys.Has(young.ID) {
			t.Fatalf("%+v", got)
		}
	})
}

// TestDeathAfterThePurge stands where crash.PurgeCommitted does: rows are gone,
// keys are not. The next step finishes the work.
func TestDeathAfterThePurge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		a := w.raised(1)
		c.Move(15 * 24 * time.Hour)
		p, _, err := w.purgeOnce(ctx, w.man, "expiry", selectExpired)
		must(t, err)
		if p.Alerts != 1 || !w.keys.Has(a.ID) {
			t.Fatalf("%+v", p)
		}
		_, err = w.PurgeLapsed(ctx)
		must(t, err)
		if w.keys.Has(a.ID) || w.count("watch_doomed") != 0 {
			t.Error("the key outlived the restart")
		}
	})
}

// TestOrderOfTheQueue compares the store's order with the rule, on alerts of
// every kind, and moves authors about to see that they change nothing.
func TestOrderOfTheQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		n := 0
		must(t, flag.Set("rapid.checks", "25"))
		rapid.Check(t, func(r *rapid.T) {
			for range rapid.IntRange(1, 6).Draw(r, "posts") {
				n++
				text := rapid.SampledFrom([]string{"arrivage neige", "tireur prime", "guetteur paye"}).Draw(r, "kind") + fmt.Sprintf(" lot %d ", n)
				if rapid.Bool().Draw(r, "danger") {
					text += "ce soir"
				}
				w.judged(channel.Post{ID: fmt.Sprint(n), Text: text, Author: rapid.StringMatching("@[a-z]{3}").Draw(r, "author"), Lang: "fr"})
				c.Move(time.Duration(rapid.IntRange(0, 60).Draw(r, "wait")) * time.Second)
			}
			list, err := w.List(ctx, analyst, Filter{})
			must(t, err)
			if rapid.Bool().Draw(r, "minor") {
				must(t, w.MarkMinor(ctx, analyst, list[len(list)-1].ID, true, "indices"))
				list, err = w.List(ctx, analyst, Filter{})
				must(t, err)
			}
			if !slices.IsSortedFunc(list, func(a, b *Alert) int {
				if before(a, b) {
					return -1
				}
				return 1
			}) {
				r.Fatal("the queue is not in its order")
			}
		})
		list, err := w.List(ctx, analyst, Filter{})
		must(t, err)
		if len(list) == MaxList {
			list = list[:1]
		}
		for _, a := range list {
			if slices.Contains(a.Categories, "violence-for-hire") != a.Blur || a.Blur && a.Excerpt != "" {
				t.Errorf("blur: %+v", a)
			}
		}
	})
}

func TestListKeepsToItsScope(t *testing.T) {
	w := open(t, dbtest.SQLite(t, dbtest.NewClock()), dbtest.NewClock())
	a := w.raised(1)
	w.raised(2)
	stranger := analyst
	stranger.Unit = "uni_far"
	for who, want := range map[string]struct {
		by access.Actor
		n  int
	}{"the analyst": {analyst, 2}, "an analyst of another unit": {stranger, 0}, "an investigator": {sleuth, 0}} {
		list, err := w.List(ctx, want.by, Filter{})
		if err != nil || len(list) != want.n {
			t.Errorf("%s sees %d: %v", who, len(list), err)
		}
	}
	must(t, w.Verdict(ctx, analyst, a.ID, VerdictOffer, "prix"))
	must(t, w.AskLeave(ctx, analyst, a.ID, "case", "B2", "offre"))
	if list, err := w.List(ctx, sleuth, Filter{}); err != nil || len(list) != 1 || list[0].ID != a.ID {
		t.Errorf("an investigator sees %d on their way out: %v", len(list), err)
	}
	if _, err := w.List(ctx, officer, Filter{}); err == nil {
		t.Error("an officer listed alerts")
	}
}

func TestWordsOfDanger(t *testing.T) {
	for text, want := range map[string]int{
		"Rendez-vous CE SOIR, il faut le tuer": 2, "ce matin, un soir": 0, "tonight tonight": 1, "skilled shooter": 0, "": 0,
	} {
		if got := dangers(text); len(got) != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// before says whether a comes before b in the queue. The store's ORDER BY is
// the same; a test compares the two.
func before(a, b *Alert) bool {
	switch {
	case a.Minor != b.Minor:
		return a.Minor
	case a.severity != b.severity:
		return a.severity > b.severity
	case a.Danger != b.Danger:
		return a.Danger
	case a.LastAt != b.LastAt:
		return a.LastAt > b.LastAt
	}
	return a.ID > b.ID
}
