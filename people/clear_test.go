package people_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/people"
)

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
