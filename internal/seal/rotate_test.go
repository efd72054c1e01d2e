package seal

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"ronde/internal/errs"
)

// house is a ring with sealed things in it.
type house struct {
	t            *testing.T
	dir          string
	old, next    []byte
	sealed       map[string][]byte
	hash         []byte
	gone, ghosts string // destroyed; destroyed, and its key file put back
}

func filled(t *testing.T, n int) *house {
	r, dir, master := ring(t)
	h := &house{t: t, dir: dir, old: master, next: newKey(), sealed: map[string][]byte{}, hash: r.Hash("code", []byte("x")), gone: "con_gone", ghosts: "con_ghost"}
	for i := range n {
		h.seal(r, fmt.Sprintf("con_%d", i))
	}
	h.seal(r, h.gone)
	h.seal(r, h.ghosts)
	path, err := r.path(h.ghosts)
	must(t, err)
	key, err := os.ReadFile(path)
	must(t, err)
	must(t, r.Destroy(h.gone, 1))
	must(t, r.Destroy(h.ghosts, 1))
	must(t, os.WriteFile(path, key, 0o600))
	must(t, r.Close())
	return h
}

func (h *house) seal(r *Ring, container string) {
	h.t.Helper()
	must(h.t, r.Create(container))
	sealed, err := r.Seal(container, "p", []byte(container))
	must(h.t, err)
	h.sealed[container] = sealed
}

// opensWith wants the ring whole under the key: everything readable but what was
// destroyed, and the look-ups as they were.
func (h *house) opensWith(master []byte) {
	h.t.Helper()
	r, err := Open(h.dir, master)
	must(h.t, err)
	defer r.Close()
	for container, sealed := range h.sealed {
		text, err := r.Open(container, "p", sealed)
		if container == h.gone || container == h.ghosts {
			if !errs.Is(err, errs.NotFound) || r.Create(container) == nil {
				h.t.Fatalf("%s is back: %v", container, err)
			}
		} else if err != nil || string(text) != container {
			h.t.Fatalf("%s: %q %v", container, text, err)
		}
	}
	if !bytes.Equal(r.Hash("code", []byte("x")), h.hash) {
		h.t.Fatal("codes that people hold are no longer found")
	}
}

// under counts the key files, the ring's own among them, that a key unwraps.
func (h *house) under(master []byte) (n int) {
	h.t.Helper()
	aead, err := subtle.NewXChaCha20Poly1305(master)
	must(h.t, err)
	paths, err := filepath.Glob(filepath.Join(h.dir, "containers", "*", "*"))
	must(h.t, err)
	for _, path := range append(paths, filepath.Join(h.dir, rootName)) {
		if wrapped, err := os.ReadFile(path); err == nil {
			if _, err := aead.Decrypt(wrapped, []byte(filepath.Base(path))); err == nil {
				n++
			}
		}
	}
	return n
}

func TestRotatedRingOpensWithTheNewKeyAlone(t *testing.T) {
	h := filled(t, 20)
	h.opensWith(h.old)
	done, err := Rotate(h.dir, h.old, h.next)
	must(t, err)
	if done.Wrapped != 20 || done.Before != 0 || len(done.Damaged) != 0 {
		t.Errorf("%+v", done)
	}
	h.opensWith(h.next)
	if _, err := Open(h.dir, h.old); !errs.Is(err, errs.Denied) {
		t.Fatalf("the old key opens the ring: %v", err)
	}
	if n := h.under(h.old); n != 0 {
		t.Errorf("%d keys are still under the old master key", n)
	}
	// Run again by mistake, it changes nothing and says so.
	done, err = Rotate(h.dir, h.old, h.next)
	must(t, err)
	if done.Wrapped != 20 || done.Before != 20 {
		t.Errorf("%+v", done)
	}
	// And on to a third one.
	third := newKey()
	_, err = Rotate(h.dir, h.next, third)
	must(t, err)
	h.opensWith(third)
}

func TestRotationWantsTheRingForItself(t *testing.T) {
	h := filled(t, 2)
	r, err := Open(h.dir, h.old)
	must(t, err)
	if _, err := Rotate(h.dir, h.old, h.next); !errs.Is(err, errs.Conflict) {
		t.Fatalf("rotated under an open ring: %v", err)
	}
	must(t, r.Close())
	copying, err := Hold(h.dir)
	must(t, err)
	if _, err := Rotate(h.dir, h.old, h.next); !errs.Is(err, errs.Conflict) {
		t.Fatalf("rotated while it was copied: %v", err)
	}
	must(t, copying.Close())
	for name, err := range map[string]error{
		"wrong old key": second(Rotate(h.dir, newKey(), h.next)),
		"the same key":  second(Rotate(h.dir, h.old, h.old)),
		"half a key":    second(Rotate(h.dir, h.old, h.next[:7])),
		"no ring":       second(Rotate(t.TempDir(), h.old, h.next)),
	} {
		if errs.KindOf(err) != errs.Denied && errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.opensWith(h.old)
}

func second(_ Rotated, err error) error { return err }

func TestDamagedKeyIsNamedAndTheRestDone(t *testing.T) {
	h := filled(t, 3)
	path, err := (&Ring{dir: h.dir}).path("con_1")
	must(t, err)
	must(t, os.WriteFile(path, []byte("short"), 0o600))
	done, err := Rotate(h.dir, h.old, h.next)
	must(t, err)
	if done.Wrapped != 2 || fmt.Sprint(done.Damaged) != "[con_1]" {
		t.Errorf("%+v", done)
	}
	delete(h.sealed, "con_1")
	h.opensWith(h.next)
}

// rotates is the variable that makes this test program rotate a ring and end.
const rotates = "RONDE_TEST_ROTATES"

func TestMain(m *testing.M) {
	if dir := os.Getenv(rotates); dir != "" {
		old, _ := hex.DecodeString(os.Args[1])
		next, _ := hex.DecodeString(os.Args[2])
		if _, err := Rotate(dir, old, next); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A rotation is killed again and again. Whatever it had done, nobody gets in
// until it is finished, no other key can take over, and in the end nothing is
// lost.
func TestRotationThatDiesLosesNothing(t *testing.T) {
	const keys, step = 300, 60
	h := filled(t, keys)
	midway := 0
	for range keys {
		before := h.under(h.next)
		child := exec.Command(os.Args[0], hex.EncodeToString(h.old), hex.EncodeToString(h.next))
		child.Env = append(os.Environ(), rotates+"="+h.dir)
		child.Stderr = os.Stderr
		must(t, child.Start())
		ended := make(chan error, 1)
		go func() { ended <- child.Wait() }()
		if err := h.killAfter(child.Process, ended, before+step); err == nil {
			break
		}
		done := h.under(h.next)
		if done == 0 || done == keys+1 {
			continue // died before the first key, or after the last
		}
		midway++
		if done+h.under(h.old) != keys+1 {
			t.Fatalf("%d keys under the new master key and %d under the old, of %d", done, h.under(h.old), keys+1)
		}
		for name, master := range map[string][]byte{"old": h.old, "new": h.next} {
			if _, err := Open(h.dir, master); !errs.Is(err, errs.Conflict) {
				t.Fatalf("half rotated, it opens with the %s key: %v", name, err)
			}
		}
		if _, err := Rotate(h.dir, h.old, newKey()); !errs.Is(err, errs.Denied) {
			t.Fatalf("a third key came in between: %v", err)
		}
	}
	if midway == 0 {
		t.Fatal("it never died in the middle")
	}
	h.opensWith(h.next)
	if n := h.under(h.old); n != 0 {
		t.Errorf("%d keys are still under the old master key", n)
	}
	if left, _ := filepath.Glob(filepath.Join(h.dir, "containers", "*", "*"+partExt)); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// killAfter kills the process once so many keys are under the new master key,
// and returns nil if it ended by itself, well, before that.
func (h *house) killAfter(p *os.Process, ended chan error, keys int) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-tick.C:
			if h.under(h.next) >= keys {
				p.Kill()
				return <-ended
			}
		}
	}
}
