package patrol_test

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/patrol"
)

// A copy of the list on another server is checked with the key alone.
func TestTheSignedListCanBeMirrored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		_, set := newWorld(t)
		set.Organisation, set.Service, set.ListName = "Police de Valombre", "Patrouille", "valombre.example/officials"
		h := newHouse(t, d, c, set)
		card := h.card(t, "Agente Noor 4107", officer)
		seen, err := h.PublishAccount(ctx, lead, patrol.AccountIn{Platform: "discord", Handle: "noor4107", Proof: "seen", Officer: card.ID})
		must(t, err)
		_, err = h.PublishAccount(ctx, lead, patrol.AccountIn{Platform: "tiktok", Handle: "patrouille", URL: "https://tiktok.example/@patrouille", Proof: "link-back"})
		must(t, err)
		must(t, h.SetHours(ctx, lead, "portal", "mon-fri 09:00-17:00", 3))
		signed, key, err := h.SignedList(ctx)
		must(t, err)
		now := time.UnixMicro(c.Now())
		l, err := patrol.ReadList(signed, key+"\n", now)
		must(t, err)
		if l.Organisation != "Police de Valombre" || l.Site != site || len(l.Accounts) != 2 || len(l.Officers) != 1 || len(l.Hours) != 1 || len(l.Withdrawn) != 0 {
			t.Errorf("%+v", l)
		}
		if a := l.Accounts[0]; a.Handle != "noor4107" || a.Status != "proven" || a.Officer != card.Name || a.Proof.Seen == nil {
			t.Errorf("%+v", a)
		}
		if a := l.Accounts[1]; a.Status != "unproven" || a.Proof.Seen != nil {
			t.Errorf("%+v", a)
		}
		if l.Officers[0].Page != site+"/officers/"+card.ID {
			t.Errorf("%+v", l.Officers[0])
		}
		again, _, err := h.SignedList(ctx)
		must(t, err)
		if !bytes.Equal(signed, again) {
			t.Error("other bytes a moment later")
		}

		// Another copy of the program signs with the same key.
		keys, err := seal.Open(filepath.Join(h.dir, "keys"), bytes.Repeat([]byte{7}, 32))
		must(t, err)
		blobs, err := blob.Open(filepath.Join(h.dir, "blobs"))
		must(t, err)
		twin := patrol.New(d, keys, blobs, h.book, time.UTC, set)
		if _, other, err := twin.SignedList(ctx); err != nil || other != key {
			t.Errorf("another copy: %v", err)
		}

		// A forged list, another key, an old copy.
		_, strange, err := newHouse(t, d, c, set).SignedList(ctx)
		must(t, err)
		forged := bytes.Replace(signed, []byte("noor4107"), []byte("noor4108"), 1)
		for name, err := range map[string]error{
			"forged":    second(patrol.ReadList(forged, key, now)),
			"key":       second(patrol.ReadList(signed, strange, now)),
			"no key":    second(patrol.ReadList(signed, "x", now)),
			"no list":   second(patrol.ReadList([]byte("hello\n"), key, now)),
			"cut short": second(patrol.ReadList(signed[:len(signed)-9], key, now)),
		} {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if old, err := patrol.ReadList(signed, key, now.Add(patrol.ListLife)); !errs.Is(err, errs.Lapsed) || len(old.Accounts) != 2 {
			t.Errorf("an old copy: %v", err)
		}
		must(t, h.WithdrawAccount(ctx, lead, seen.ID))
		c.Move(time.Minute)
		signed, _, err = h.SignedList(ctx)
		must(t, err)
		l, err = patrol.ReadList(signed, key, time.UnixMicro(c.Now()))
		must(t, err)
		if len(l.Withdrawn) != 1 || l.Withdrawn[0].Handle != "noor4107" || len(l.Accounts) != 1 {
			t.Errorf("%+v", l)
		}
	})
}

func second(_ patrol.Listing, err error) error { return err }

// An impostor's platform is told, looked at again, and the incident ends.
func TestAnImpostorIsFollowed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		_, err := h.ReportImpostor(ctx, patrol.ImpostorIn{Platform: "instagram", Handle: "police_valornbre"})
		must(t, err)
		list, err := h.Incidents(ctx, lead)
		must(t, err)
		one := list[0].ID
		if err := h.TellPlatform(ctx, officer, one, patrol.Told); !errs.Is(err, errs.Denied) {
			t.Errorf("an officer tells: %v", err)
		}
		if err := h.TellPlatform(ctx, lead, "imp_nothing", patrol.Told); !errs.Is(err, errs.NotFound) {
			t.Errorf("nothing: %v", err)
		}
		for _, step := range []struct {
			state string
			again bool
		}{{patrol.Told, true}, {patrol.StillThere, true}, {patrol.GoneThere, false}} {
			c.Move(time.Hour)
			must(t, h.TellPlatform(ctx, lead, one, step.state))
			list, err = h.Incidents(ctx, lead)
			must(t, err)
			if i := list[0]; i.There != step.state || (i.Again > 0) != step.again || i.Told == 0 || c.Now()-i.Told > (3*time.Hour).Microseconds() {
				t.Errorf("%+v", i)
			}
		}
		must(t, h.CloseIncident(ctx, lead, one, patrol.OutcomeRemoved))
		if err := h.TellPlatform(ctx, lead, one, patrol.Told); !errs.Is(err, errs.Conflict) {
			t.Errorf("closed: %v", err)
		}
	})
}
