package app

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/ledger"
)

// limited lets no file of this process grow past n bytes while fn runs: each
// write beyond fails, as on a disk that is full.
func limited(t testing.TB, n int64, fn func()) {
	t.Helper()
	var was syscall.Rlimit
	must0(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was))
	must0(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(n), Max: was.Max}))
	defer func() { must0(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was)) }()
	fn()
}

// The disk fills up under the running program: writers are told, what was
// told to be kept is kept, and once there is room it goes on without a restart.
func TestDiskFillsUpUnderTheProgram(t *testing.T) {
	c := plain(t)
	a := opened(t, c)
	codes := []string{letter(t, a, "kanari avant")}
	must0(t, a.db.Truncate(ctx))
	room := size(t, filepath.Join(c.Data, "ronde.db")) // the log of writes may grow as large as the file, no larger
	refused := 0
	limited(t, room, func() {
		for range 400 {
			r, err := a.Desk.Receive(ctx, desk.Incoming{Lang: "fr", Text: "kanari On me menace ce soir " + strings.Repeat("x", 4000), Identify: desk.Anonymous, Nonce: desk.NewNonce(), Caller: "test"})
			if err != nil {
				if key, _ := errs.Message(err); !errs.Is(err, errs.Unavailable) || key != "err.disk_full" {
					t.Errorf("a full disk is told as %s: %v", key, err)
				}
				refused++
				if refused == 3 {
					return
				}
				continue
			}
			codes = append(codes, r.Code)
		}
	})
	if refused == 0 || len(codes) < 2 {
		t.Fatalf("%d refused, %d kept: the disk was never full, or always", refused, len(codes))
	}
	codes = append(codes, letter(t, a, "kanari après"))
	for i, code := range codes {
		if _, err := a.Desk.Return(ctx, fmt.Sprint("caller", i), code); err != nil {
			t.Errorf("message %d of %d was receipted and is gone: %v", i, len(codes), err)
		}
	}
	page, err := a.Ledger.ReadPage(ctx, ledger.Filter{Verb: "conversation.receive", Limit: 1})
	must0(t, err)
	if len(page) == 0 {
		t.Error("no event")
	}
	keys, err := filepath.Glob(filepath.Join(c.Data, "keys", "containers", "*", "con_*"))
	must0(t, err)
	if len(keys) != len(codes) {
		t.Errorf("%d keys for %d conversations", len(keys), len(codes))
	}
	_, err = a.Ledger.Sequence(ctx)
	must0(t, err)
	a.Close()
	fits(t, filepath.Dir(c.Data), "")
	clear(t, c.Data, []string{"kanari"})
	opened(t, c)
}

func size(t testing.TB, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	must0(t, err)
	return info.Size()
}

// The real program on a real small disk: it ends with a message that says so,
// and what it wrote verifies, before and after there is room again.
func TestSmallDisk(t *testing.T) {
	path, err := binary()
	must0(t, err)
	unshare := mounter(t)
	full := 0
	for _, kib := range []int{2000, 3500, 5200} {
		mount, out := t.TempDir(), t.TempDir()
		script := fmt.Sprintf(`set -u; mount -t tmpfs -o size=%dk none %s; %s demo --once --data %s/d >%s/said 2>&1; echo $? >%s/code
			%s verify %s/d/data >>%s/said 2>&1; echo $? >%s/tight
			mount -o remount,size=100m %s; cp -a %s/d %s/d`,
			kib, mount, path, mount, out, out, path, mount, out, out, mount, mount, out)
		cmd := exec.Command(unshare[0], append(unshare[1:], "sh", "-c", script)...)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%d KiB: %v\n%s", kib, err, text)
		}
		said, code, tight := read(t, out, "said"), read(t, out, "code"), read(t, out, "tight")
		switch {
		case code == "0":
			continue
		case code != "1" || !strings.Contains(said, "disk is full") && !strings.Contains(said, "no space left"):
			t.Errorf("%d KiB: ended with %s:\n%s", kib, code, said)
		case tight != "0":
			t.Errorf("%d KiB: while the disk is full, the folder does not verify:\n%s", kib, said)
		}
		full++
		if said, code := ronde(t, nil, "verify", filepath.Join(out, "d", "data")); code != 0 {
			t.Errorf("%d KiB: does not verify: %s", kib, said)
		}
		clear(t, filepath.Join(out, "d"), canaries)
		if !exists(filepath.Join(out, "d", demoPeople)) {
			continue // it was full before the sample people were there
		}
		d := demo(t, DemoConfig{Dir: filepath.Join(out, "d")})
		must0(t, d.Settle(ctx))
		d.Close()
		fits(t, d.Dir, "")
	}
	if full < 2 {
		t.Errorf("only %d of the disks were too small", full)
	}
}

func read(t testing.TB, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	must0(t, err)
	return strings.TrimSpace(string(text))
}

// mounter is a command that may mount: as root, or as root of a namespace of
// its own.
func mounter(t testing.TB) []string {
	t.Helper()
	for _, c := range [][]string{{"unshare", "-m"}, {"unshare", "-Urm"}} {
		if exec.Command(c[0], append(c[1:], "mount", "-t", "tmpfs", "none", os.TempDir())...).Run() == nil {
			return c
		}
	}
	t.Skip("nobody may mount here; TestDiskFillsUpUnderTheProgram stands in")
	return nil
}
