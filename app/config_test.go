package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/seal"
)

// plain is the least configuration that works.
func plain(t testing.TB) Config {
	t.Helper()
	dir := t.TempDir()
	c := Config{Data: filepath.Join(dir, "data"), MasterKey: filepath.Join(dir, "master.key"), Log: "ronde.test/ledger", Zone: "Europe/Paris", Law: "fr",
		Portal: "127.0.0.1:0", Workbench: "127.0.0.1:0", Partner: "127.0.0.1:0", Logger: quiet()}
	must0(t, seal.NewMaster(c.MasterKey))
	return c
}

func opened(t testing.TB, c Config) *App {
	t.Helper()
	a, err := New(ctx, c)
	must0(t, err)
	t.Cleanup(a.Close)
	return a
}

// refused opens nothing, and holds nothing afterwards: a corrected
// configuration opens at once.
func refused(t testing.TB, c Config, kind errs.Kind, key, says string) {
	t.Helper()
	a, err := New(ctx, c)
	if err == nil {
		a.Close()
		t.Fatalf("opened; want %s %s", kind, key)
	}
	wants(t, err, kind, key)
	if !strings.Contains(err.Error(), says) {
		t.Errorf("%q does not say %q", err, says)
	}
}

func TestMasterKeyIsGuarded(t *testing.T) {
	good := plain(t)
	opened(t, good).Close()

	c := good
	c.MasterKey = filepath.Join(good.Data, "master.key")
	must0(t, copyFile(good.MasterKey, c.MasterKey))
	refused(t, c, errs.Invalid, "err.config", "data folder")
	must0(t, os.Remove(c.MasterKey))

	// Nor by a link, nor beside keys that lie elsewhere.
	link := filepath.Join(t.TempDir(), "link")
	must0(t, os.Symlink(good.Data, link))
	c.MasterKey = filepath.Join(link, "new", "master.key")
	refused(t, c, errs.Invalid, "err.config", "data folder")
	c = good
	c.Keys = filepath.Dir(good.MasterKey)
	refused(t, c, errs.Invalid, "err.config", "key folder")

	must0(t, os.Chmod(good.MasterKey, 0o640))
	refused(t, good, errs.Denied, "err.master_key.open", "0600")
	must0(t, os.Chmod(good.MasterKey, 0o600))

	c = good
	c.MasterKey = ""
	refused(t, c, errs.Invalid, "err.config", "ronde key new")
	c.MasterKey = filepath.Join(t.TempDir(), "gone")
	refused(t, c, errs.NotFound, "err.master_key.lost", "lost")
	must0(t, seal.NewMaster(c.MasterKey))
	refused(t, c, errs.Denied, "err.master_key.wrong", "does not open")
	must0(t, os.WriteFile(c.MasterKey, []byte("half"), 0o600))
	refused(t, c, errs.Invalid, "err.master_key.wrong", "64 hexadecimal")

	opened(t, good)
}

// The key ring is lost: nothing is made up in its place.
func TestLostKeyRingIsRefused(t *testing.T) {
	c := plain(t)
	opened(t, c).Close()
	must0(t, os.Rename(filepath.Join(c.Data, "keys"), filepath.Join(c.Data, "away")))
	if a, err := New(ctx, c); err == nil {
		a.Close()
		t.Fatal("a new key ring was made for an old database")
	}
	must0(t, os.RemoveAll(filepath.Join(c.Data, "keys")))
	must0(t, os.Rename(filepath.Join(c.Data, "away"), filepath.Join(c.Data, "keys")))
	opened(t, c)
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	for name, address := range map[string]string{"sqlite": "", "postgres": postgres(t)} {
		t.Run(name, func(t *testing.T) {
			c := plain(t)
			c.Database = address
			a := opened(t, c)
			must0(t, a.db.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, "INSERT INTO db_migrations (version, name, at) VALUES (9001, 'tomorrow', 1)")
				return err
			}))
			a.Close()
			refused(t, c, errs.Conflict, "err.database.newer", "9001")
			refused(t, c, errs.Conflict, "err.database.newer", "newer program")
		})
	}
}

func TestOneProgramOnAFolder(t *testing.T) {
	c := plain(t)
	first := opened(t, c)
	refused(t, c, errs.Conflict, "err.folder.in_use", "another program")
	if _, err := first.People.Units(ctx); err != nil {
		t.Errorf("the first one was disturbed: %v", err)
	}
	// To prove and to back up, the program need not stop.
	proof, err := Verify(ctx, c.Data, "")
	must0(t, err)
	if len(proof.Problems) != 0 {
		t.Error(proof.Problems)
	}
	_, err = Backup(ctx, c, t.TempDir())
	must0(t, err)
	first.Close()
	opened(t, c)
}

func TestWrongSettingsAreSaid(t *testing.T) {
	good := plain(t)
	for says, change := range map[string]func(*Config){
		"unknown time zone Mars/Olympus": func(c *Config) { c.Zone = "Mars/Olympus" },
		"go together":                    func(c *Config) { c.TLSCert = "/none.pem" },
		"--tls-cert and --tls-key":       func(c *Config) { c.TLSKey = "/none.key" },
		"--log has a space":              func(c *Config) { c.Log = "two words" },
		"space or a plus":                func(c *Config) { c.Log = "one+two" },
		"a space or":                     func(c *Config) { c.Log = "" },
	} {
		c := good
		change(&c)
		refused(t, c, errs.Invalid, "err.config", says)
	}
	c := good
	c.Law = "atlantis"
	if a, err := New(ctx, c); err == nil {
		a.Close()
		t.Error("an unknown legal profile")
	}
	c = good
	c.Database = "postgres://nobody@127.0.0.1:1/none?sslmode=disable&connect_timeout=2"
	refused(t, c, errs.Unavailable, "err.unavailable", "reach database")
	opened(t, good)
}

// What the law asks of the public doors and is not configured is said at the
// start; a whole configuration is silent.
func TestMissingSettingsAreWarnedOf(t *testing.T) {
	bare := plain(t)
	bare.Law, bare.Organisation, bare.Service, bare.Portal = "default", "Ronde", "Online patrol", ":0"
	said := strings.Join(opened(t, bare).Warnings(), "\n")
	for _, flag := range []string{"--law", "--organisation", "--address", "--site", "--data-officer", "--authority", "--contact", "--tls-cert"} {
		if !strings.Contains(said, "no "+flag) {
			t.Errorf("nothing is said of %s in:\n%s", flag, said)
		}
	}
	d := demo(t, DemoConfig{Portal: "127.0.0.1:0", Workbench: "[::1]:0", Partner: "localhost:0"})
	if w := d.Warnings(); len(w) > 0 {
		t.Errorf("the demo is whole, and warns: %q", w)
	}
}

func TestDoorsThatCannotOpen(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"certificate": func(c *Config) { c.TLSCert, c.TLSKey = "/none.pem", "/none.key" },
		"address":     func(c *Config) { c.Portal = "256.0.0.1:80" },
		"proxies":     func(c *Config) { c.TrustedProxies = []string{"the proxy"} },
	} {
		c := plain(t)
		change(&c)
		a := opened(t, c)
		if err := a.OpenDoors(); err == nil {
			t.Errorf("%s: the doors opened", name)
		}
		a.Close()
	}
}

// The ledger's signing key is gone from the blobs: it is not replaced, since
// every checkpoint was signed with it.
func TestLostSignerIsSaid(t *testing.T) {
	c := plain(t)
	a := opened(t, c)
	must0(t, a.Ledger.Gap(ctx, access.AsMachine("test"), "essai"))
	_, err := a.Ledger.Sequence(ctx)
	must0(t, err)
	a.Close()
	blobs, err := blob.Open(filepath.Join(c.Data, "blobs"))
	must0(t, err)
	must0(t, blobs.Delete(ctx, "ledger/signer"))
	if a, err := New(ctx, c); err == nil {
		a.Close()
		t.Fatal("a new signer signs for the old one")
	}
}
