package people_test

import (
	"context"
	"encoding/hex"
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
