package channel

// Cursor is where reading of a source goes on: what the source itself gave to
// ask "anything new?" with.
type Cursor struct {
	ETag     string
	Modified string
}

// Health is how a source does. It says nothing of a post.
type Health struct {
	Source     string
	ReceivedAt int64  // when posts last came, microseconds UTC; 0: never
	TriedAt    int64  // when it was last asked
	Failures   int64  // in a row
	Error      string // message key of the last failure, empty when it went well
}

// Interval and backoff of polling, in microseconds.
const (
	Interval    = int64(5 * 60 * 1_000_000)
	MaxInterval = int64(6 * 60 * 60 * 1_000_000)
)

// NextAt is when to ask again: after the interval, doubled with each failure
// in a row up to MaxInterval.
func (h Health) NextAt(interval int64) int64 {
	if h.TriedAt == 0 {
		return 0
	}
	wait := interval
	for range min(h.Failures, 16) {
		if wait = wait * 2; wait >= MaxInterval {
			return h.TriedAt + MaxInterval
		}
	}
	return h.TriedAt + wait
}
