package channeltest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"ronde/channel"
)

// maxMark bounds a mark: it is sealed and written with every batch.
const maxMark = 64 << 10

// A death is what happens to our program at one batch that holds something.
type death int

const (
	lives    death = iota
	refuses        // take fails before it kept anything
	unheard        // take kept, and the line hears an error
	struck         // the program's end is asked for, then take fails
	finished       // take kept, then the program's end is asked for
)

// desk keeps what arrives as the real one does: arrivals and mark together.
type desk struct {
	t *testing.T

	mu      sync.Mutex // guards all below: a hook may call while Receive does
	kept    []channel.Arrival
	known   map[string]bool
	mark    channel.Mark
	greeted bool // connected since the last start
	wrong   []string
	next    []death
	end     context.CancelFunc
	changed chan struct{} // closed at each change
	onTake  func()        // called once, at the next batch that holds something
}

func newDesk(t *testing.T) *desk {
	return &desk{t: t, known: map[string]bool{}, changed: make(chan struct{})}
}

// errTake is the failure of ours that a line must hand back.
type errTake struct{}

func (errTake) Error() string { return "keep arrivals: the test's own failure" }

func (d *desk) take(ctx context.Context, batch []channel.Arrival, next channel.Mark) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	defer func() { close(d.changed); d.changed = make(chan struct{}) }()
	d.look(batch, next)
	if len(batch) > 0 && d.onTake != nil {
		f := d.onTake
		d.onTake = nil
		f()
	}
	how := lives
	if len(batch) > 0 && len(d.next) > 0 {
		how, d.next = d.next[0], d.next[1:]
	}
	if how == struck || how == finished {
		defer d.end()
	}
	if how == refuses || how == struck {
		return errTake{}
	}
	d.keep(batch, next)
	if how == unheard {
		return errTake{}
	}
	return nil
}

// look notes what is outside the contract.
func (d *desk) look(batch []channel.Arrival, next channel.Mark) {
	if len(batch) > channel.MaxBatch {
		d.wrong = append(d.wrong, fmt.Sprintf("a batch of %d, at most %d", len(batch), channel.MaxBatch))
	}
	if next != nil && !json.Valid(next) || len(next) > maxMark {
		d.wrong = append(d.wrong, fmt.Sprintf("a mark of %d bytes that is not JSON of at most %d", len(next), maxMark))
	}
	for _, a := range batch {
		if err := a.Check(); err != nil {
			d.wrong = append(d.wrong, err.Error())
		}
	}
}

func (d *desk) keep(batch []channel.Arrival, next channel.Mark) {
	if next != nil {
		d.mark = slices.Clone(next)
	}
	d.greeted = true
	for _, a := range batch {
		key := a.What + "\x00" + a.Thread + "\x00" + a.ID + "\x00"
		if a.What == channel.Edited {
			key += a.Text
		}
		if !d.known[key] {
			d.known[key] = true
			d.kept = append(d.kept, a)
		}
	}
}

// wait returns what was kept once enough says so; it fails the test after
// patience, telling what was waited for.
func (d *desk) wait(patience time.Duration, what string, enough func([]channel.Arrival) bool) []channel.Arrival {
	d.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		d.mu.Lock()
		kept, changed := slices.Clone(d.kept), d.changed
		ok := enough(kept)
		d.mu.Unlock()
		if ok {
			return kept
		}
		select {
		case <-changed:
		case <-late.C:
			d.t.Fatalf("waited %v for %s; there are %d arrivals: %s", patience, what, len(kept), outline(kept))
		}
	}
}

// outline names arrivals for a failure, without their whole texts.
func outline(kept []channel.Arrival) string {
	var out []string
	for _, a := range kept {
		text, _ := channel.Cut(a.Text, 40)
		out = append(out, fmt.Sprintf("%s %s %q", a.What, a.ID, text))
	}
	return fmt.Sprint(out)
}

func (d *desk) complaints() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.wrong)
}
