package channeltest

import (
	"context"
	"path"
	"reflect"
	"runtime"
	"strings"
	"time"
)

func selfTest(b *bench) {
	b.start()
	got, err := b.line.Test(b.t.Context())
	if err != nil || got.Account == "" {
		b.t.Fatalf("the self-test says %q and returned: %v", got.Account, err)
	}
	if got.Expires != 0 && got.Expires < time.Now().UnixMicro() {
		b.t.Errorf("the credential ended at %d, and the self-test is content", got.Expires)
	}
}

// ends stops a line that is idle, one that never began, and one in a take.
func ends(b *bench) {
	b.idle = true
	for range 3 {
		b.start()
		b.halt()
	}
	ctx, cancel := context.WithCancel(b.t.Context())
	cancel()
	began := time.Now()
	if err := b.New(b.t).Receive(ctx, b.desk.mark, b.desk.take); err != nil {
		b.t.Errorf("Receive was ended before it began and returned: %v", err)
	}
	if took := time.Since(began); took > soon {
		b.t.Errorf("it took %v to end what had not begun", took)
	}
	b.start()
	a := b.hello("ada")
	if _, err := b.line.Send(ctx, b.outgoing(a, "k1", b.text())); err == nil {
		b.t.Error("Send was ended before it began, and sent")
	}
	if _, err := b.line.Test(ctx); err == nil {
		b.t.Error("Test was ended before it began, and succeeded")
	}
	b.halt()
	b.alone()
}

// hangs asks everything of a network that answers nothing.
func hangs(b *bench) {
	b.start()
	a := b.hello("ada")
	b.Hang(b.t)
	for name, call := range map[string]func(ctx context.Context) error{
		"Send": func(ctx context.Context) error {
			_, err := b.line.Send(ctx, b.outgoing(a, "k1", b.text()))
			return err
		},
		"Test": func(ctx context.Context) error { _, err := b.line.Test(ctx); return err },
	} {
		ctx, cancel := context.WithTimeout(b.t.Context(), soon/2)
		began := time.Now()
		if err := call(ctx); err == nil {
			b.t.Errorf("%s got no answer, and succeeded", name)
		} else {
			b.note(err)
		}
		if took := time.Since(began); took > soon/2+soon {
			b.t.Errorf("%s ended %v after it was asked to, at most %v", name, took-soon/2, soon)
		}
		cancel()
	}
	b.halt()
	b.alone()
}

// alone wants no goroutine of the line to be left.
func (b *bench) alone() {
	b.t.Helper()
	var left string
	for end := time.Now().Add(2 * soon); time.Now().Before(end); time.Sleep(pause) {
		if left = b.leftover(); left == "" {
			return
		}
	}
	b.t.Errorf("a goroutine of the line is left:\n%s", left)
}

// leftover finds a goroutine that runs the line's own code, or that of a
// library it named. What stands in the line's test files, or in a package of
// test support below it, is its network.
func (b *bench) leftover() string {
	kind := reflect.TypeOf(b.line)
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	home := path.Base(kind.PkgPath()) + "/"
	buf := make([]byte, 1<<20)
	for g := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		for line := range strings.SplitSeq(g, "\n") {
			ours := strings.HasPrefix(line, "\t") && strings.Contains(line, "/channel/"+home) && !strings.Contains(line, "_test.go:") && !strings.Contains(line, "test/")
			if (ours && !strings.Contains(g, "_test.go:")) || b.library(line) {
				return g
			}
		}
	}
	return ""
}

func (b *bench) library(line string) bool {
	for _, name := range b.Goroutines {
		if strings.Contains(line, name) {
			return true
		}
	}
	return false
}
