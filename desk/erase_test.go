package desk

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
)

const canary = "KANARIENVOGEL-7731"

// Text, name, contact, note and remark of a conversation lie in clear nowhere:
// not while it is open, not after it was erased, not in yesterday's backup
// with today's list of destroyed keys.
func TestErasedMeansUnreadable(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		in := h.letter("text " + canary + " il m'a agressée, viol")
		in.Identify, in.Name, in.Contact, in.Link, in.Age = Confidential, canary+" nom", canary+"@exemple.test", "https://"+canary+".example", canary[:12]
		r, err := h.Receive(ctx, in)
		must(t, err)
		id := h.idOf(r.Code)
		must(t, h.Take(ctx, agnes, id))
		must(t, h.Note(ctx, agnes, id, "note "+canary))
		must(t, h.Answer(ctx, agnes, id, Reply{Text: "réponse " + canary}))
		must(t, h.Close(ctx, agnes, id, CrimeReport, "remarque "+canary))
		if where := h.finds(canary[:12]); len(where) > 0 {
			t.Fatalf("in clear in %v", where)
		}
		backup := filepath.Join(t.TempDir(), "yesterday")
		must(t, exec.Command("cp", "-r", h.dir, backup).Run())
		if f := h.file(); f != "" {
			must(t, h.db.CopyTo(ctx, filepath.Join(backup, "ronde.db")))
		}

		asked, err := h.AskErase(ctx, "", r.Code)
		must(t, err)
		if v, _ := h.Return(ctx, "", r.Code); asked != id || !v.Erasing {
			t.Fatalf("%+v", v)
		}
		wants(t, h.erases(agnes, id, "rig_1"), errs.Denied)
		must(t, h.erases(dpo, id, "rig_1; article 16"))
		must(t, h.erases(access.AsMachine("oversight"), id, "rig_1; article 16"))

		_, err = h.Return(ctx, "", r.Code)
		wants(t, err, errs.NotFound)
		talk, err := h.Open(ctx, agnes, id)
		must(t, err)
		if talk.Erased == 0 || talk.Outcome != CrimeReport || len(talk.Messages) != 0 || talk.Basis == "" {
			t.Fatalf("the skeleton: %+v", talk)
		}
		wants(t, h.Take(ctx, agnes, id), errs.NotFound)
		if where := h.finds(canary[:12]); len(where) > 0 {
			t.Fatalf("after erasing, in clear in %v", where)
		}
		h.yesterdayIsUnreadable(backup, id)
	})
}

// yesterdayIsUnreadable puts yesterday's database and keys back under today's
// list of destroyed keys.
func (h *house) yesterdayIsUnreadable(backup, id string) {
	t := h.t
	list, err := os.ReadFile(filepath.Join(h.dir, "keys", "destroyed"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(backup, "keys", "destroyed"), list, 0o600))
	keys, err := seal.Open(filepath.Join(backup, "keys"), bytes.Repeat([]byte{7}, 32))
	must(t, err)
	if keys.Has(id) {
		t.Fatal("the key came back with the backup")
	}
	if h.db.Postgres() {
		return
	}
	old, err := db.Open(ctx, filepath.Join(backup, "ronde.db"), h.clock.Now)
	must(t, err)
	defer old.Close()
	s := New(old, keys, h.blobs, h.book, h.faces)
	_, err = s.Transcript(ctx, agnes, id)
	if key, _ := errs.Message(err); key != "err.erased" {
		t.Fatalf("yesterday's conversation: %v", err)
	}
	if where := filesWith(t, backup, canary[:12]); len(where) > 0 {
		t.Fatalf("in clear in yesterday's %v", where)
	}
}

func TestClosedConversationsExpire(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		var ids []string
		for i := range 3 {
			id := h.idOf(h.writes(fmt.Sprintf("Message numéro %d", i)))
			ids = append(ids, id)
			must(t, h.Take(ctx, agnes, id))
			must(t, h.Note(ctx, agnes, id, "note"))
			if i > 0 {
				must(t, h.Close(ctx, agnes, id, Advice, ""))
			}
		}
		must(t, h.RestrictConversation(ctx, access.AsMachine("oversight"), ids[2], "rig_2"))
		must(t, h.RestrictConversation(ctx, dpo, ids[2], "rig_2"))
		h.clock.Move(Keep(Portal) - hour)
		if gone, err := h.endsOld(); len(gone) != 0 || err != nil {
			t.Fatalf("too early: %v %v", gone, err)
		}
		h.clock.Move(2 * hour)
		gone, err := h.endsOld()
		must(t, err)
		if len(gone) != 1 || gone[0].ID != ids[1] || gone[0].Outcome != Advice {
			t.Fatalf("%+v", gone)
		}
		_, err = h.Open(ctx, agnes, ids[1])
		wants(t, err, errs.NotFound)
		for i, want := range []bool{true, false, true} {
			if h.keys.Has(ids[i]) != want {
				t.Fatalf("key %d: %v", i, !want)
			}
		}
		must(t, h.RestrictConversation(ctx, dpo, ids[2], ""))
		if gone, err = h.endsOld(); len(gone) != 1 || err != nil {
			t.Fatalf("%+v %v", gone, err)
		}
		if gone, err = h.endsOld(); len(gone) != 0 || err != nil {
			t.Fatalf("%+v %v", gone, err)
		}
	})
}

// The program dies after the erasure is committed and before the key is gone:
// the next step finishes it.
func TestErasureIsFinishedAfterACrash(t *testing.T) {
	each(t, func(h *house) {
		id := h.idOf(h.writes("À effacer."))
		must(h.t, h.db.Write(ctx, func(tx *db.Tx) error {
			return putEnding(ctx, tx, id)
		}))
		if !h.keys.Has(id) {
			h.t.Fatal("gone too early")
		}
		_, err := h.endsOld()
		must(h.t, err)
		if h.keys.Has(id) {
			h.t.Fatal("the key is still there")
		}
	})
}

func TestACasePullsAConversation(t *testing.T) {
	each(t, func(h *house) {
		t := h.t
		in := h.letter("Voici \u202e le lien\x07")
		in.Identify, in.Name = Named, "Inès Cazaubon"
		r, err := h.Receive(ctx, in)
		must(t, err)
		id := h.idOf(r.Code)
		tr, err := h.Transcript(ctx, agnes, id)
		must(t, err)
		if !bytes.Contains(tr.Bytes, []byte("Voici \u202e le lien\\u0007")) || bytes.Contains(tr.Bytes, []byte("Inès")) || tr.Channel != Portal {
			t.Fatalf("%s", tr.Bytes)
		}
		must(t, h.db.Write(ctx, func(tx *db.Tx) error { return h.TakeIn(ctx, tx, agnes, id) }))
		_, err = h.Transcript(ctx, analyst, id)
		wants(t, err, errs.NotFound)
	})
}

func TestChangesGoUp(t *testing.T) {
	each(t, func(h *house) {
		before, err := h.Changes(ctx)
		must(h.t, err)
		id := h.idOf(h.writes("Bonjour"))
		after, err := h.Changes(ctx)
		must(h.t, err)
		must(h.t, h.Take(ctx, agnes, id))
		last, err := h.Changes(ctx)
		must(h.t, err)
		if !(before < after && after < last) {
			h.t.Fatal(before, after, last)
		}
	})
}

func TestLimitsOfAMessage(t *testing.T) {
	d := dbtest.NewClock()
	h := newHouse(t, dbtest.SQLite(t, d), d)
	for field, change := range map[string]func(*Incoming){
		"message": func(in *Incoming) { in.Text = strings.Repeat("é", MaxText+1) },
		"name":    func(in *Incoming) { in.Name = strings.Repeat("n", MaxName+1) },
		"contact": func(in *Incoming) { in.Contact = "a\xffb" },
		"link":    func(in *Incoming) { in.Link = strings.Repeat("l", MaxLink+1) },
		"age":     func(in *Incoming) { in.Age = strings.Repeat("1", MaxAge+1) },
	} {
		in := h.letter("Bonjour")
		in.Identify = Named
		change(&in)
		_, err := h.Receive(ctx, in)
		if wants(t, err, errs.Invalid); errs.FieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, text := range []string{"", " \n\t ", "a\xff"} {
		_, err := h.Receive(ctx, h.letter(text))
		if wants(t, err, errs.Invalid); errs.FieldOf(err) != "message" {
			t.Errorf("%q: %v", text, err)
		}
	}
	in := h.letter(strings.Repeat("é", MaxText))
	in.Lang = "fr-CH"
	_, err := h.Receive(ctx, in)
	wants(t, err, errs.Invalid)
	in.Lang = "fr"
	_, err = h.Receive(ctx, in)
	must(t, err)
	files := filesWith(t, filepath.Join(h.dir, "keys", "containers"), "con_")
	if len(files) != 1 {
		t.Errorf("keys of refused messages: %v", files)
	}
}

// erases is what whoever decides does: the transaction, then the keys.
func (h *house) erases(by access.Actor, id, basis string) error {
	err := h.db.Write(ctx, func(tx *db.Tx) error { return h.EraseIn(ctx, tx, by, id, basis) })
	return errors.Join(err, h.Finish(ctx))
}

// endsOld is a step of whoever keeps the terms: the transaction, then the keys.
func (h *house) endsOld() (gone []Expired, err error) {
	err = h.db.Write(ctx, func(tx *db.Tx) (err error) {
		gone, err = h.ExpireIn(ctx, tx)
		return err
	})
	return gone, errors.Join(err, h.Finish(ctx))
}
