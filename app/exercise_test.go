package app

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"ronde/channel"
	"ronde/channel/feed"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/web/view"
)

// An exercise has no way out of the house: no channel, no ring, no proof, no
// feed but the one it plays itself; and every page says that it is one.
func TestAnExerciseLetsNothingOut(t *testing.T) {
	var calls atomic.Int32
	outside, err := net.Listen("tcp", "127.0.0.1:0")
	must0(t, err)
	defer outside.Close()
	go func() {
		for {
			c, err := outside.Accept()
			if err != nil {
				return
			}
			calls.Add(1)
			c.Close()
		}
	}()
	dir := t.TempDir()
	rows := filepath.Join(dir, "channels.toml")
	must0(t, os.WriteFile(rows, nil, 0o600))
	d := demo(t, DemoConfig{Dir: filepath.Join(dir, "demo"), Exercise: true, Portal: "127.0.0.1:8099"})
	for name, change := range map[string]func(*Config){"channels": func(c *Config) { c.Channels = rows }, "notify": func(c *Config) { c.Notify = rows }} {
		cfg := d.cfg
		change(&cfg)
		if _, err := New(ctx, cfg); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "--"+name) {
			t.Errorf("an exercise with %s: %v", name, err)
		}
	}
	if len(d.lines) != 0 {
		t.Errorf("%d lines", len(d.lines))
	}
	// The very reader and guard of the house reach only what they are given.
	reader, err := feed.New(feed.Options{Closed: true})
	must0(t, err)
	for _, address := range []string{"http://" + outside.Addr().String() + "/", "http://192.0.78.9/", "http://[2606:4700::1111]/"} {
		if _, err := reader.Read(ctx, address, "s", channel.Cursor{}); !errs.Is(err, errs.Denied) {
			t.Errorf("read %s: %v", address, err)
		}
	}
	lead := d.Sample.As("maud")
	a, err := d.Patrol.PublishAccount(ctx, lead, patrol.AccountIn{Platform: "mastodon", Handle: "essai", URL: "https://" + outside.Addr().String() + "/", Proof: patrol.ProofLink})
	must0(t, err)
	if _, err := d.Patrol.Prove(ctx, lead, a.ID); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a proof is looked for: %v", err)
	}
	must0(t, d.Settle(ctx))
	if n := calls.Load(); n != 0 {
		t.Errorf("%d connections went out", n)
	}

	words, err := lang.New()
	must0(t, err)
	views, err := view.New(words, view.In(d.zone))
	must0(t, err)
	for _, path := range []string{"/", "/check", "/write", "/hours", "/nothing"} {
		w := httptest.NewRecorder()
		d.portal(words, views).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if !strings.Contains(w.Body.String(), "EXERCICE") && !strings.Contains(w.Body.String(), "EXERCISE") {
			t.Errorf("%s does not say that it is an exercise", path)
		}
	}
	w := httptest.NewRecorder()
	d.workbench(words, views).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/sign-in", nil))
	if !strings.Contains(w.Body.String(), "EXERCI") {
		t.Error("the workbench does not say that it is an exercise")
	}

	// Its folder never becomes real, and a real one is never practised on.
	d.Close()
	real := d.cfg
	real.Exercise = false
	if _, err := New(ctx, real); !errs.Is(err, errs.Invalid) {
		t.Errorf("an exercise becomes real: %v", err)
	}
	other := demo(t, DemoConfig{Dir: filepath.Join(dir, "real")})
	other.Close()
	practised := other.cfg
	practised.Exercise = true
	if _, err := New(ctx, practised); !errs.Is(err, errs.Invalid) {
		t.Errorf("real data is practised on: %v", err)
	}
}
