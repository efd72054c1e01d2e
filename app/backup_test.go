package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/desk"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/ledger"
)

var dataOfficer = access.Actor{Person: "per_david", Handle: "D-01", Roles: []access.Role{access.DataProtection}}

// letter writes a message and returns its code.
func letter(t testing.TB, a *App, text string) string {
	t.Helper()
	r, err := a.Desk.Receive(ctx, desk.Incoming{Lang: "fr", Text: text, Identify: desk.Anonymous, Nonce: desk.NewNonce(), Caller: "test"})
	must0(t, err)
	return r.Code
}

func erase(t testing.TB, a *App, code string) {
	t.Helper()
	id, err := a.Desk.FindByCode(ctx, "test", code)
	must0(t, err)
	must0(t, a.db.Write(ctx, func(tx *db.Tx) error { return a.Desk.EraseIn(ctx, tx, dataOfficer, id, "LED art. 16(2)") }))
	must0(t, a.Desk.Finish(ctx))
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

func into(c Config, data string) Config {
	c.Data, c.Keys, c.Database = data, "", ""
	return c
}

func TestRestoredFolderProvesAndForgets(t *testing.T) {
	clock := dbtest.NewClock()
	c := plain(t)
	c.Clock = clock.Now
	a := opened(t, c)
	kept, gone := letter(t, a, "kanarikept Bonjour"), letter(t, a, "kanarigone Effacez-moi")
	_, err := a.Ledger.Sequence(ctx)
	must0(t, err)
	target := filepath.Join(t.TempDir(), "backups")
	backup, err := Backup(ctx, c, target) // beside the running program
	must0(t, err)
	clear(t, target, []string{"kanari", kept, gone})

	erase(t, a, gone)
	later := letter(t, a, "kanarilater après la sauvegarde")
	a.Close()

	list := filepath.Join(c.Data, "keys", "destroyed")
	restored := into(c, filepath.Join(t.TempDir(), "restored"))
	must0(t, Restore(ctx, restored, backup, "", list))
	b := opened(t, restored)
	if _, err := b.Desk.Return(ctx, "test", kept); err != nil {
		t.Errorf("what was kept: %v", err)
	}
	for what, code := range map[string]string{"erased": gone, "written later": later} {
		if _, err := b.Desk.Return(ctx, "test", code); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	page, err := b.Ledger.ReadPage(ctx, ledger.Filter{Verb: "ledger.gap"})
	must0(t, err)
	if len(page) != 1 || !strings.Contains(page[0].Detail, filepath.Base(backup)) || page[0].Leaf < 0 {
		t.Errorf("the gap: %+v", page)
	}
	letter(t, b, "kanarinew la vie continue")
	_, err = b.Ledger.Sequence(ctx)
	must0(t, err)
	b.Close()
	proof, err := Verify(ctx, restored.Data, "")
	must0(t, err)
	for _, p := range proof.Problems {
		t.Error(p)
	}
	clear(t, restored.Data, []string{"kanari"})

	// Without today's list the key would come back: the list is what counts.
	careless := into(c, filepath.Join(t.TempDir(), "careless"))
	must0(t, Restore(ctx, careless, backup, "", ""))
	if _, err := opened(t, careless).Desk.Return(ctx, "test", gone); err != nil {
		t.Errorf("this test would not see a forgotten list: %v", err)
	}
}

func TestKeyCopiesLiveSevenDays(t *testing.T) {
	clock := dbtest.NewClock()
	c := plain(t)
	c.Clock = clock.Now
	a := opened(t, c)
	code := letter(t, a, "kanari Bonjour")
	target := filepath.Join(t.TempDir(), "backups")
	first, err := Backup(ctx, c, target)
	must0(t, err)
	// One that a crash cut short has keys too.
	clock.Move(time.Hour)
	short, err := Backup(ctx, c, target)
	must0(t, err)
	must0(t, Manifest{Made: time.UnixMicro(clock.Now()).UTC(), Database: "sqlite", Keys: true}.write(short))

	clock.Move(7*24*time.Hour - 90*time.Minute)
	_, err = Backup(ctx, c, target)
	must0(t, err)
	if !exists(filepath.Join(first, "keys", "root")) {
		t.Fatal("pruned before its time")
	}
	clock.Move(2 * time.Hour)
	last, err := Backup(ctx, c, target)
	must0(t, err)
	a.Close()
	for _, old := range []string{first, short} {
		if exists(filepath.Join(old, "keys")) || !exists(filepath.Join(old, "data", "ronde.db")) {
			t.Errorf("%s: keys %v, data %v", filepath.Base(old), exists(filepath.Join(old, "keys")), exists(filepath.Join(old, "data")))
		}
	}
	var m Manifest
	text, err := os.ReadFile(filepath.Join(first, manifestName))
	must0(t, err)
	must0(t, json.Unmarshal(text, &m))
	if m.Keys || !m.Whole {
		t.Errorf("%+v", m)
	}
	// The rows of then with the keys of now.
	err = Restore(ctx, into(c, filepath.Join(t.TempDir(), "a")), first, "", "")
	if wants(t, err, errs.Invalid, "err.config"); !strings.Contains(err.Error(), "--keys-from") {
		t.Errorf("%v", err)
	}
	with := into(c, filepath.Join(t.TempDir(), "b"))
	must0(t, Restore(ctx, with, first, filepath.Join(last, "keys"), ""))
	if _, err := opened(t, with).Desk.Return(ctx, "test", code); err != nil {
		t.Error(err)
	}
	err = Restore(ctx, into(c, filepath.Join(t.TempDir(), "c")), short, filepath.Join(last, "keys"), "")
	if wants(t, err, errs.Invalid, "err.config"); !strings.Contains(err.Error(), "whole") {
		t.Errorf("%v", err)
	}
}

func TestRestoreRefuses(t *testing.T) {
	c := plain(t)
	a := opened(t, c)
	code := letter(t, a, "kanari Bonjour")
	backup, err := Backup(ctx, c, filepath.Join(t.TempDir(), "backups"))
	must0(t, err)
	a.Close()
	err = Restore(ctx, c, backup, "", "")
	if wants(t, err, errs.Invalid, "err.config"); !strings.Contains(err.Error(), "not empty") {
		t.Errorf("%v", err)
	}
	if _, err := opened(t, c).Desk.Return(ctx, "test", code); err != nil {
		t.Errorf("what was there: %v", err)
	}
	wants(t, Restore(ctx, into(c, filepath.Join(t.TempDir(), "x")), t.TempDir(), "", ""), errs.Invalid, "err.config")
	wrong := into(c, filepath.Join(t.TempDir(), "y"))
	wrong.MasterKey = plain(t).MasterKey
	wants(t, Restore(ctx, wrong, backup, "", ""), errs.Denied, "err.master_key.wrong")
	lost := into(c, filepath.Join(t.TempDir(), "z"))
	if err := Restore(ctx, lost, backup, "", filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("restored with a list that is not there")
	}
}

// A backup while people write: rows never name bytes that are missing.
func TestBackupBesideWriters(t *testing.T) {
	c := plain(t)
	a := opened(t, c)
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			_, err := a.Desk.Receive(ctx, desk.Incoming{Lang: "fr", Text: "On me menace ce soir", Identify: desk.Anonymous, Nonce: desk.NewNonce(), Caller: desk.NewNonce()})
			if err == nil {
				_, err = a.Ledger.Sequence(ctx)
			}
			if err != nil {
				done <- err
				return
			}
		}
	}()
	target := t.TempDir()
	var backups []string
	for i := range 3 {
		c.Clock = func() int64 { return time.Now().UnixMicro() + int64(i)*time.Minute.Microseconds() }
		b, err := Backup(ctx, c, target)
		must0(t, err)
		backups = append(backups, b)
	}
	close(stop)
	must0(t, <-done)
	a.Close()
	for _, b := range backups {
		proof, err := Verify(ctx, filepath.Join(b, "data"), "")
		must0(t, err)
		for _, p := range proof.Problems {
			t.Errorf("%s: %s", filepath.Base(b), p)
		}
	}
}
