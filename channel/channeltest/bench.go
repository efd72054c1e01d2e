package channeltest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ronde/channel"
)

const (
	soon       = time.Second // within which a line must end when it is asked to
	reconnects = 60          // after which a line that finds no peace has failed
	pause      = 20 * time.Millisecond
)

// bench is one check at work: a world, a desk, and the line that runs.
type bench struct {
	World
	t     *testing.T
	desk  *desk
	line  channel.Line
	stop  func() // ends the line that runs; nil when none does
	word  string // stands in every text of this check, and in no error
	count int
	idle  bool // nothing happens but the end: then Receive must return nil

	mu   sync.Mutex // guards errs, which the running line adds to
	errs []error
}

func newBench(t *testing.T, w World) *bench {
	if w.Patience == 0 {
		w.Patience = 10 * time.Second
	}
	return &bench{World: w, t: t, desk: newDesk(t), word: "quince" + strings.ToLower(rand.Text()[:8])}
}

// text is one that no other message has.
func (b *bench) text() string {
	b.count++
	return fmt.Sprintf("%s %d", b.word, b.count)
}

// write lets somebody write, and returns the text.
func (b *bench) write(from string) string {
	b.t.Helper()
	s := b.text()
	b.Write(b.t, Message{From: from, Text: s})
	return s
}

// start makes a new line, as after a restart, and runs it from the kept mark
// until the test ends or halt. It returns once the line is connected.
func (b *bench) start() {
	b.t.Helper()
	b.begin()
	b.desk.wait(b.Patience, "the first, empty batch that says the line is connected", func([]channel.Arrival) bool { return b.desk.greeted })
}

// begin is start without waiting. The line is called again when its connection
// is lost, as channel's runner does.
func (b *bench) begin() {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	b.desk.mu.Lock()
	b.desk.greeted, b.desk.end = false, cancel
	b.desk.mu.Unlock()
	b.line = b.New(b.t)
	if h, ok := b.line.(channel.Hooked); ok {
		b.Serve(b.t, h.Hook(b.desk.take))
	}
	done := make(chan string, 1)
	go func() { done <- b.run(ctx, b.line) }()
	ended := sync.OnceFunc(func() { b.finish(cancel, done) })
	b.stop = ended
	b.t.Cleanup(ended)
}

// run calls Receive until ctx ends; what it returns is what was wrong.
func (b *bench) run(ctx context.Context, line channel.Line) string {
	for range reconnects {
		b.desk.mu.Lock()
		mark := b.desk.mark
		b.desk.mu.Unlock()
		err := line.Receive(ctx, mark, b.desk.take)
		switch {
		case err == nil && ctx.Err() == nil:
			return "Receive returned nil though it was not asked to end"
		case err != nil && ctx.Err() != nil && b.idle && !errors.As(err, &errTake{}):
			return "Receive was asked to end and returned: " + err.Error()
		}
		if err != nil {
			b.note(err)
		}
		select {
		case <-ctx.Done():
			return ""
		case <-time.After(pause):
		}
	}
	return fmt.Sprintf("the line lost its connection %d times", reconnects)
}

// finish ends a line and says what was wrong with it.
func (b *bench) finish(cancel context.CancelFunc, done <-chan string) {
	b.t.Helper()
	if _, ok := b.line.(channel.Hooked); ok {
		b.Serve(b.t, nil)
	}
	began := time.Now()
	cancel()
	select {
	case wrong := <-done:
		if wrong != "" {
			b.t.Error(wrong)
		}
		if took := time.Since(began); took > soon {
			b.t.Errorf("Receive ended %v after it was asked to, at most %v", took, soon)
		}
	case <-time.After(b.Patience):
		b.t.Errorf("Receive did not end within %v after it was asked to", b.Patience)
	}
	for _, w := range b.desk.complaints() {
		b.t.Error("outside the contract: " + w)
	}
	b.discreet()
}

// halt ends the line that runs, as when the program is stopped.
func (b *bench) halt() {
	b.t.Helper()
	b.stop()
}

func (b *bench) note(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.errs = append(b.errs, err)
}

// why waits until the running line was refused for a reason.
func (b *bench) why(reason string) {
	b.t.Helper()
	for end := time.Now().Add(b.Patience); time.Now().Before(end); time.Sleep(pause) {
		b.mu.Lock()
		for _, err := range b.errs {
			if channel.WhyOf(err) == reason {
				b.mu.Unlock()
				return
			}
		}
		b.mu.Unlock()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.t.Fatalf("Receive was never refused as %q; it returned %v", reason, b.errs)
}

// discreet fails the test when an error tells a secret or a text.
func (b *bench) discreet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, err := range b.errs {
		for _, s := range append([]string{b.word}, b.Secrets...) {
			if s != "" && strings.Contains(err.Error(), s) {
				b.t.Errorf("an error tells a secret or a message: %.80s…", err)
			}
		}
	}
}
