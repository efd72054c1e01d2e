package people_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/people"
)

var ctx = context.Background()

type house struct {
	t     *testing.T
	db    *db.DB
	clock *dbtest.Clock
	book  *ledger.Ledger
	*people.Service
}

func newHouse(t *testing.T, d *db.DB, c *dbtest.Clock) *house {
	t.Helper()
	master, _ := hex.DecodeString(strings.Repeat("07", 32))
	keys, err := seal.Open(filepath.Join(t.TempDir(), "keys"), master)
	check(t, err)
	blobs, err := blob.Open(filepath.Join(t.TempDir(), "blobs"))
	check(t, err)
	book, err := ledger.Open(ctx, d, keys, blobs, "ronde.test")
	check(t, err)
	return &house{t, d, c, book, people.New(d, keys, book)}
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) { fn(t, newHouse(t, d, c)) })
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, err error, kind errs.Kind, key string) {
	t.Helper()
	if got, _ := errs.Message(err); err == nil || errs.KindOf(err) != kind || got != key {
		t.Fatalf("error %v (%v, %s), want %v, %s", err, errs.KindOf(err), got, kind, key)
	}
}

const good = "un mot de passe tout à fait long"

// somebody is a person who has enrolled, with the phone in their pocket.
type somebody struct {
	login, secret string
	people.Session
}

// enrol plays a person's first day: one-time password, own password, phone.
func (h *house) enrol(login, oneTime string) somebody {
	h.t.Helper()
	step, err := h.SignIn(ctx, login, oneTime, "10.0.0.1")
	check(h.t, err)
	if step.Needs != people.NeedsEnrol {
		h.t.Fatalf("needs %q", step.Needs)
	}
	e, err := h.EnrolTOTP(ctx, step.Token)
	check(h.t, err)
	who := somebody{login: login, secret: strings.ReplaceAll(e.Secret, " ", "")}
	who.Session, err = h.ConfirmEnrol(ctx, step.Token, good, h.code(who))
	check(h.t, err)
	h.clock.Move(time.Minute)
	return who
}

func (h *house) code(s somebody) string {
	h.t.Helper()
	code, err := people.Code(s.secret, h.clock.Now())
	check(h.t, err)
	return code
}

func (h *house) signIn(s somebody) people.Session {
	h.t.Helper()
	step, err := h.SignIn(ctx, s.login, good, "10.0.0.1")
	check(h.t, err)
	if step.Needs != people.NeedsCode {
		h.t.Fatalf("needs %q", step.Needs)
	}
	full, err := h.ConfirmTOTP(ctx, step.Token, h.code(s))
	check(h.t, err)
	h.clock.Move(time.Minute)
	return full
}

func (h *house) first() somebody {
	h.t.Helper()
	first, err := h.CreateFirst(ctx, people.NewAccount{Name: "Ada Fictive", Login: "ada"})
	check(h.t, err)
	return h.enrol("ada", first.Password)
}

func (h *house) hire(by access.Actor, login, unit string, roles ...access.Role) somebody {
	h.t.Helper()
	made, err := h.Create(ctx, by, people.NewAccount{Name: strings.ToUpper(login) + " Fictif", Login: login, Roles: roles, Unit: unit})
	check(h.t, err)
	return h.enrol(login, made.Password)
}

func (h *house) unit(by access.Actor, regime string) string {
	h.t.Helper()
	u, err := h.CreateUnit(ctx, by, "Unité "+regime, regime)
	check(h.t, err)
	return u.ID
}

func (h *house) verbs() (all []string) {
	h.t.Helper()
	page, err := h.book.ReadPage(ctx, ledger.Filter{})
	check(h.t, err)
	for _, e := range page {
		all = append(all, e.Verb+" "+e.Handle+" "+e.Detail)
	}
	slices.Reverse(all)
	return all
}

func TestSignInStory(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		if ada.Actor.Handle[:2] != "A-" || !ada.Actor.Has(access.Administrator) || ada.Form == "" {
			t.Fatalf("%+v", ada.Session)
		}
		unit := h.unit(ada.Actor, access.RegimePatrol)
		omar := h.hire(ada.Actor, "Omar", unit, access.PatrolOfficer)
		if omar.Actor.Handle[:2] != "P-" || omar.Actor.Unit != unit {
			t.Fatalf("%+v", omar.Actor)
		}
		_, err := h.SignIn(ctx, "omar", "not the password", "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
		again := h.signIn(omar)
		got, err := h.Actor(ctx, again.Token)
		check(t, err)
		if got.Person != omar.Actor.Person || got.Handle != omar.Actor.Handle {
			t.Fatalf("%+v", got)
		}
		check(t, h.SignOut(ctx, again.Token))
		_, err = h.Actor(ctx, again.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		if _, err := h.Actor(ctx, omar.Token); err != nil {
			t.Fatalf("the other session ended too: %v", err)
		}
		said := strings.Join(h.verbs(), "\n")
		for _, w := range []string{"people.create machine:console " + ada.Actor.Handle, "people.sign-in " + omar.Actor.Handle,
			"people.sign-in-failed " + omar.Actor.Handle + " password", "people.sign-out " + omar.Actor.Handle} {
			if !strings.Contains(said, w) {
				t.Errorf("ledger does not say %q in\n%s", w, said)
			}
		}
	})
}

func TestOneTimePasswordWorksOnceAndForAWeek(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first, err := h.CreateFirst(ctx, people.NewAccount{Name: "Ada Fictive", Login: "ada"})
		check(t, err)
		ada := h.enrol("ada", first.Password)
		_, err = h.SignIn(ctx, "ada", first.Password, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
		late, err := h.Create(ctx, ada.Actor, people.NewAccount{Name: "Eva Fictive", Login: "eva", Roles: []access.Role{access.Auditor}})
		check(t, err)
		h.clock.Move(7*24*time.Hour + time.Minute)
		_, err = h.SignIn(ctx, "eva", late.Password, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
	})
}

func TestFirstAdministratorOnlyOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.first()
		_, err := h.CreateFirst(ctx, people.NewAccount{Name: "Eve Fictive", Login: "eve"})
		want(t, err, errs.Conflict, "err.people.first")
	})
}

func TestThrottleByLogin(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		for _, login := range []string{"ada", "nobody"} { // existing or not, the answers are the same
			for i := range 5 {
				_, err := h.SignIn(ctx, login, "wrong", "10.0.0.9")
				if errs.KindOf(err) != errs.Denied {
					t.Fatalf("%s, try %d: %v", login, i, err)
				}
			}
			_, err := h.SignIn(ctx, login, good, "10.0.0.9")
			want(t, err, errs.Limit, "err.people.throttled")
			h.clock.Move(14 * time.Minute) // a try in the window does not make it longer
			_, err = h.SignIn(ctx, login, good, "10.0.0.9")
			want(t, err, errs.Limit, "err.people.throttled")
			h.clock.Move(2 * time.Minute)
		}
		h.signIn(ada)
	})
}

func TestThrottleByAddress(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.first()
		for i := range 50 {
			if _, err := h.SignIn(ctx, "login"+string(rune('a'+i%26))+string(rune('a'+i/26)), "wrong", "10.0.0.9"); errs.KindOf(err) != errs.Denied {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		_, err := h.SignIn(ctx, "ada", good, "10.0.0.9")
		want(t, err, errs.Limit, "err.people.throttled")
		if _, err := h.SignIn(ctx, "ada", good, "10.0.0.1"); err != nil {
			t.Fatalf("another address: %v", err)
		}
	})
}

func TestUsedCodeIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		step, err := h.SignIn(ctx, "ada", good, "10.0.0.1")
		check(t, err)
		code := h.code(ada)
		_, err = h.ConfirmTOTP(ctx, step.Token, code)
		check(t, err)
		step, err = h.SignIn(ctx, "ada", good, "10.0.0.1")
		check(t, err)
		_, err = h.ConfirmTOTP(ctx, step.Token, code) // seen over a shoulder
		want(t, err, errs.Invalid, "err.people.code")
		for range 4 {
			_, err = h.ConfirmTOTP(ctx, step.Token, "000000")
		}
		h.clock.Move(time.Minute)
		_, err = h.ConfirmTOTP(ctx, step.Token, h.code(ada))
		want(t, err, errs.Limit, "err.people.throttled")
		h.clock.Move(15 * time.Minute)
		_, err = h.ConfirmTOTP(ctx, step.Token, h.code(ada))
		want(t, err, errs.Lapsed, "err.people.again") // the password is asked again
	})
}

func TestPendingSignInIsNoSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.first()
		step, err := h.SignIn(ctx, "ada", good, "10.0.0.1")
		check(t, err)
		_, err = h.Actor(ctx, step.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.EnrolTOTP(ctx, step.Token)
		want(t, err, errs.Lapsed, "err.people.again") // else a thief with the password could bring their own phone
	})
}

func TestSessionEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		idle := h.signIn(ada)
		h.clock.Move(31 * time.Minute)
		_, err := h.Actor(ctx, idle.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		busy := h.signIn(ada)
		for range 29 { // a shift at work
			h.clock.Move(20 * time.Minute)
			if _, err := h.Actor(ctx, busy.Token); err != nil {
				t.Fatal(err)
			}
		}
		h.clock.Move(25 * time.Minute)
		_, err = h.Actor(ctx, busy.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		check(t, h.Sweep(ctx))
	})
}

func TestKilledSessionEndsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		eva := h.hire(ada.Actor, "eva", "", access.Auditor)
		h.signIn(eva)
		n, err := h.KillSessions(ctx, ada.Actor, eva.Actor.Person)
		check(t, err)
		if n != 2 {
			t.Fatalf("killed %d", n)
		}
		_, err = h.Actor(ctx, eva.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.KillSessions(ctx, eva.Actor, ada.Actor.Person)
		want(t, err, errs.Denied, "err.denied")
		eva.Session = h.signIn(eva)
		check(t, h.Disable(ctx, ada.Actor, eva.Actor.Person))
		_, err = h.Actor(ctx, eva.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.SignIn(ctx, "eva", good, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
		want(t, h.Disable(ctx, ada.Actor, ada.Actor.Person), errs.Conflict, "err.people.last_administrator")
	})
}

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		other := h.signIn(ada)
		want(t, h.SetPassword(ctx, ada.Token, "wrong one entirely", "another long password"), errs.Invalid, "err.people.old_password")
		want(t, h.SetPassword(ctx, ada.Token, good, "short"), errs.Invalid, "err.people.password_short")
		want(t, h.SetPassword(ctx, ada.Token, good, "long but with Ada in it"), errs.Invalid, "err.people.password_login")
		check(t, h.SetPassword(ctx, ada.Token, good, "another long passphrase"))
		if _, err := h.Actor(ctx, ada.Token); err != nil {
			t.Fatal(err)
		}
		_, err := h.Actor(ctx, other.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.SignIn(ctx, "ada", good, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
	})
}

func TestResetForgetsThePhone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		eva := h.hire(ada.Actor, "eva", "", access.Auditor)
		again, err := h.Reset(ctx, ada.Actor, eva.Actor.Person)
		check(t, err)
		_, err = h.Actor(ctx, eva.Token)
		want(t, err, errs.Lapsed, "err.people.session")
		_, err = h.SignIn(ctx, "eva", good, "10.0.0.1")
		want(t, err, errs.Denied, "err.people.sign_in")
		h.enrol("eva", again.Password)
		_, err = h.FromConsole(ctx, "reset", "eva")
		want(t, err, errs.Denied, "err.denied")
		lost, err := h.FromConsole(ctx, "reset", "ADA")
		check(t, err)
		h.enrol("ada", lost.Password)
		if _, err := h.FromConsole(ctx, "kill", "eva"); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRolesKeepTheirRegime(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		patrol, watch := h.unit(ada.Actor, access.RegimePatrol), h.unit(ada.Actor, access.RegimeWatch)
		omar := h.hire(ada.Actor, "omar", patrol, access.PatrolOfficer)
		check(t, h.Roles(ctx, ada.Actor, omar.Actor.Person, []access.Role{access.DutyLead, access.PatrolOfficer}))
		got, err := h.Actor(ctx, omar.Token)
		check(t, err)
		if !got.Has(access.DutyLead) {
			t.Fatal("the new role does not count at once")
		}
		for _, roles := range [][]access.Role{{access.WatchAnalyst}, {access.PatrolOfficer, access.WatchAnalyst}, {}, {"king"},
			{access.DutyLead, access.Auditor}, {access.Administrator}} {
			err := h.Roles(ctx, ada.Actor, omar.Actor.Person, roles)
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%v: %v", roles, err)
			}
		}
		_, err = h.Create(ctx, ada.Actor, people.NewAccount{Name: "N Fictif", Login: "n", Roles: []access.Role{access.PatrolOfficer}, Unit: watch})
		want(t, err, errs.Invalid, "err.people.unit")
		_, err = h.Create(ctx, ada.Actor, people.NewAccount{Name: "N Fictif", Login: "OMAR", Roles: []access.Role{access.PatrolOfficer}, Unit: patrol})
		want(t, err, errs.Conflict, "err.people.login_taken")
		_, err = h.Create(ctx, omar.Actor, people.NewAccount{Name: "N Fictif", Login: "n", Roles: []access.Role{access.PatrolOfficer}, Unit: patrol})
		want(t, err, errs.Denied, "err.denied")
	})
}

func TestPatrolCannotListWatchStaff(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		patrol, watch := h.unit(ada.Actor, access.RegimePatrol), h.unit(ada.Actor, access.RegimeWatch)
		omar := h.hire(ada.Actor, "omar", patrol, access.PatrolOfficer)
		lin := h.hire(ada.Actor, "lin", patrol, access.DutyLead)
		wei := h.hire(ada.Actor, "wei", watch, access.WatchAnalyst)
		for _, c := range []struct {
			by   access.Actor
			sees []somebody
		}{{omar.Actor, []somebody{omar, lin}}, {lin.Actor, []somebody{omar, lin}}, {wei.Actor, []somebody{wei}}, {ada.Actor, []somebody{ada, omar, lin, wei}}} {
			got, err := h.List(ctx, c.by)
			check(t, err)
			var handles, wanted []string
			for _, a := range got {
				handles = append(handles, a.Handle)
			}
			for _, s := range c.sees {
				wanted = append(wanted, s.Actor.Handle)
			}
			slices.Sort(wanted)
			if !slices.Equal(handles, wanted) {
				t.Errorf("%s sees %v, want %v", c.by.Handle, handles, wanted)
			}
		}
		_, err := h.AskUnmask(ctx, lin.Actor, wei.Actor.Handle, "je veux savoir")
		_, absent := h.AskUnmask(ctx, lin.Actor, "W-00000", "je veux savoir")
		want(t, err, errs.NotFound, "err.not_found")
		want(t, absent, errs.NotFound, "err.not_found")
	})
}

func TestUnmaskTakesTwo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		eva := h.hire(ada.Actor, "eva", "", access.Auditor)
		max := h.hire(ada.Actor, "max", "", access.DataProtection)
		omar := h.hire(ada.Actor, "omar", h.unit(ada.Actor, access.RegimePatrol), access.PatrolOfficer)
		_, err := h.AskUnmask(ctx, ada.Actor, omar.Actor.Handle, "curieuse")
		want(t, err, errs.Denied, "err.denied")
		id, err := h.AskUnmask(ctx, eva.Actor, omar.Actor.Handle, "contrôle 12")
		check(t, err)
		_, err = h.OpenUnmask(ctx, eva.Actor, id)
		want(t, err, errs.Conflict, "err.people.unmask_state")
		want(t, h.ConfirmUnmask(ctx, eva.Actor, id), errs.Denied, "err.denied")
		list, err := h.Unmaskings(ctx, max.Actor)
		check(t, err)
		if len(list) != 1 || list[0].Reason != "contrôle 12" || list[0].Handle != omar.Actor.Handle || list[0].Asker != eva.Actor.Handle {
			t.Fatalf("%+v", list)
		}
		check(t, h.ConfirmUnmask(ctx, max.Actor, id))
		_, err = h.OpenUnmask(ctx, max.Actor, id)
		want(t, err, errs.Denied, "err.denied")
		p, err := h.OpenUnmask(ctx, eva.Actor, id)
		check(t, err)
		if p.Name != "OMAR Fictif" || p.Login != "omar" {
			t.Fatalf("%+v", p)
		}
		_, err = h.OpenUnmask(ctx, eva.Actor, id)
		want(t, err, errs.Conflict, "err.people.unmask_state")
		late, err := h.AskUnmask(ctx, eva.Actor, omar.Actor.Handle, "contrôle 13")
		check(t, err)
		h.clock.Move(25 * time.Hour)
		want(t, h.ConfirmUnmask(ctx, max.Actor, late), errs.Lapsed, "err.people.unmask_lapsed")
		said := strings.Join(h.verbs(), "\n")
		for _, v := range []string{"people.ask-unmask " + eva.Actor.Handle, "people.confirm-unmask " + max.Actor.Handle, "people.open-unmask " + eva.Actor.Handle} {
			if !strings.Contains(said, v) {
				t.Errorf("ledger does not say %q", v)
			}
		}
	})
}

func TestCards(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.first()
		eva := h.hire(ada.Actor, "eva", "", access.Auditor)
		handles := []string{eva.Actor.Handle, "P-nobody"}
		for range 1200 {
			handles = append(handles, "X-0")
		}
		check(t, h.db.Read(ctx, func(tx *db.Tx) error {
			cards, err := h.Cards(ctx, tx, append(handles, ada.Actor.Handle))
			if len(cards) != 2 || cards[eva.Actor.Handle].Roles[0] != access.Auditor {
				t.Errorf("%+v", cards)
			}
			return err
		}))
	})
}

// A login that does not exist costs the same hash as a wrong password. Without
// it the answer would come a hundred times faster.
func TestUnknownLoginSameWork(t *testing.T) {
	h := newHouseOn(t)
	h.first()
	measure := func(login string) time.Duration {
		var all []time.Duration
		for range 5 {
			begin := time.Now()
			_, err := h.SignIn(ctx, login, "wrong password here", "10.0.0.1")
			all = append(all, time.Since(begin))
			want(t, err, errs.Denied, "err.people.sign_in")
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	known, unknown := measure("ada"), measure("nobody")
	if unknown < known/3 || known < unknown/3 {
		t.Errorf("known login %v, unknown %v", known, unknown)
	}
}

func newHouseOn(t *testing.T) *house {
	c := dbtest.NewClock()
	return newHouse(t, dbtest.SQLite(t, c), c)
}

// No file of the data folder holds a name, a login, an address, a password,
// a secret or a reason in clear.
func TestNothingPersonalInClear(t *testing.T) {
	dir := t.TempDir()
	c := dbtest.NewClock()
	d, err := db.Open(ctx, filepath.Join(dir, "ronde.db"), c.Now)
	check(t, err)
	check(t, d.Migrate(ctx))
	master := bytes.Repeat([]byte{7}, 32)
	keys, err := seal.Open(filepath.Join(dir, "keys"), master)
	check(t, err)
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	check(t, err)
	book, err := ledger.Open(ctx, d, keys, blobs, "ronde.test")
	check(t, err)
	h := &house{t, d, c, book, people.New(d, keys, book)}

	first, err := h.CreateFirst(ctx, people.NewAccount{Name: "Canari Nommé", Login: "canarilogin", Email: "canari@example.org"})
	check(t, err)
	ada := h.enrol("canarilogin", first.Password)
	eva := h.hire(ada.Actor, "eva", "", access.Auditor)
	_, err = h.SignIn(ctx, "canaritypedwrong", "canaripassword", "203.0.113.77")
	want(t, err, errs.Denied, "err.people.sign_in")
	_, err = h.AskUnmask(ctx, eva.Actor, ada.Actor.Handle, "canariraison")
	check(t, err)
	search(t, dir, ada)
	check(t, d.Close())
	search(t, dir, ada)
}

func search(t *testing.T, dir string, ada somebody) {
	t.Helper()
	canaries := []string{"Canari", "Nomm", "canarilogin", "canari@example", "canarityped", "canaripassword", "203.0.113", "canariraison",
		good, ada.secret, ada.Token, "$argon2id$"}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, c := range canaries {
			if bytes.Contains(text, []byte(c)) || strings.Contains(path, c) {
				t.Errorf("%s holds %q", path, c)
			}
		}
		return err
	})
	check(t, err)
}
