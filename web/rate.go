package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
	"ronde/internal/errs"
	"ronde/web/view"
)

// Rates are how often one address may ask. A household, a school or an office
// shares one, so there is room.
type Rates struct {
	Read, ReadBurst int // pages: a second, and at once
	Send, SendBurst int // forms: a minute, and at once
}

// The rates of the two doors. Static files are not counted. Who comes from
// the machine itself cannot be told apart (an onion service, a probe, the
// tests), so they share one wide rate.
var (
	PortalRates    = Rates{Read: 10, ReadBurst: 100, Send: 12, SendBurst: 20}
	WorkbenchRates = Rates{Read: 20, ReadBurst: 200, Send: 120, SendBurst: 60}
	localRates     = Rates{Read: 5000, ReadBurst: 20_000, Send: 60_000, SendBurst: 2000}
)

const (
	maxAddresses  = 20_000           // addresses that are counted at one time
	forgetAddress = 10 * time.Minute // without a request
	network6      = 64               // bits of an IPv6 address that one customer has
)

// limiter counts requests by address, in memory only.
type limiter struct {
	rates Rates
	now   func() int64

	mu    sync.Mutex // guards seen
	seen  map[netip.Addr]*visitor
	swept int64
}

type visitor struct {
	read, send *rate.Limiter
	last       int64
}

func newVisitor(r Rates) *visitor {
	return &visitor{
		read: rate.NewLimiter(rate.Limit(r.Read), r.ReadBurst),
		send: rate.NewLimiter(rate.Limit(r.Send)/60, r.SendBurst),
	}
}

// Limit refuses who asks too often: Limit "err.too_often", with Retry-After.
func Limit(rates Rates, now func() int64, failed failure) func(http.Handler) http.Handler {
	if rates == (Rates{}) {
		rates = PortalRates
	}
	l := &limiter{rates: rates, now: now, seen: map[netip.Addr]*visitor{}}
	calls := &limiter{rates: hookRates, now: now, seen: map[netip.Addr]*visitor{}}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, view.StaticPath) {
				next.ServeHTTP(w, r)
				return
			}
			counted := l
			if strings.HasPrefix(r.URL.Path, hookPath) {
				counted = calls
			}
			if wait := counted.take(addressOf(r.RemoteAddr), r.Method); wait > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
				failed(w, r, errs.New(errs.Limit, "err.too_often", "answer request: too many from one address"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// take counts one request and returns how long to wait, 0 for none.
func (l *limiter) take(from netip.Addr, method string) time.Duration {
	if from.Is6() {
		from = netip.PrefixFrom(from, network6).Masked().Addr()
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	v := l.seen[from]
	if v == nil {
		rates := l.rates
		if from.IsLoopback() {
			rates = localRates
		}
		v = newVisitor(rates)
		l.seen[from] = v
	}
	v.last = now
	bucket := v.read
	if method != http.MethodGet && method != http.MethodHead {
		bucket = v.send
	}
	at := time.UnixMicro(now)
	turn := bucket.ReserveN(at, 1)
	wait := turn.DelayFrom(at)
	if wait > 0 {
		turn.CancelAt(at)
	}
	return wait
}

// sweep forgets who has not asked lately. When even so there are too many
// (an attack from everywhere), it forgets all: better a moment without
// counting than without memory.
func (l *limiter) sweep(now int64) {
	if len(l.seen) < maxAddresses && now-l.swept < forgetAddress.Microseconds() {
		return
	}
	l.swept = now
	for from, v := range l.seen {
		if now-v.last >= forgetAddress.Microseconds() {
			delete(l.seen, from)
		}
	}
	if len(l.seen) >= maxAddresses {
		clear(l.seen)
	}
}
