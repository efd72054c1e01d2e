package desk

import (
	"sync"
	"time"
)

// The limits of a caller. A caller is opaque and may be a whole school behind
// one address, so the numbers are generous; they are kept in memory alone.
const (
	maxWrongCodes  = 10
	wrongCodesIn   = 15 * time.Minute
	maxArrivals    = 30
	arrivalsIn     = 10 * time.Minute
	maxCallersKept = 20_000
)

// throttle counts what a caller did within a window. It is safe for
// concurrent use.
type throttle struct {
	most   int
	window int64 // microseconds

	mu   sync.Mutex // guards seen
	seen map[string][]int64
}

func newThrottle(most int, window time.Duration) *throttle {
	return &throttle{most: most, window: window.Microseconds(), seen: map[string][]int64{}}
}

// full reports whether the caller has used up the window. A door that names no
// caller is not slowed down.
func (t *throttle) full(caller string, now int64) bool {
	if caller == "" {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.recent(caller, now)) >= t.most
}

// used is how often the caller came within the window.
func (t *throttle) used(caller string, now int64) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.recent(caller, now))
}

// count adds one.
func (t *throttle) count(caller string, now int64) {
	if caller == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.seen) >= maxCallersKept {
		t.forget(now)
	}
	t.seen[caller] = append(t.recent(caller, now), now)
}

func (t *throttle) recent(caller string, now int64) []int64 {
	times := t.seen[caller]
	for len(times) > 0 && times[0] <= now-t.window {
		times = times[1:]
	}
	return times
}

// forget drops the callers whose window is over; when a flood of callers left
// none, it drops them all rather than grow.
func (t *throttle) forget(now int64) {
	for caller := range t.seen {
		if len(t.recent(caller, now)) == 0 {
			delete(t.seen, caller)
		}
	}
	if len(t.seen) >= maxCallersKept {
		clear(t.seen)
	}
}
