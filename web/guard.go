package web

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"ronde/internal/errs"
)

// A Guard stands before every page of a door. Its parts are plain
// middlewares; [Guard.Wrap] puts them in their order.
type Guard struct {
	Proxies []netip.Prefix // whose X-Forwarded-For and -Proto are believed
	Time    time.Duration  // within which a request is answered; 0 is [answerTime]
	Rates   Rates          // zero: [PortalRates]
	Log     *slog.Logger
	Now     func() int64 // microseconds UTC

	// Failed shows an error as a page of the door; nil shows a line of text.
	Failed func(w http.ResponseWriter, r *http.Request, err error)
}

// answerTime bounds the work for one request. Live pages are exempt: the
// server's own limit ends them and the browser asks again.
const answerTime = 30 * time.Second

// Wrap puts the guard before a door: where a request comes from first, then
// what every answer carries, then what is refused, and the pages last.
func (g *Guard) Wrap(pages http.Handler) http.Handler {
	parts := []func(http.Handler) http.Handler{
		Trust(g.Proxies),
		Headers,
		Recover(g.Log, g.fail),
		Limit(g.Rates, g.Now, g.fail),
		SameOrigin(g.fail),
		Within(g.Time),
	}
	for i := len(parts) - 1; i >= 0; i-- {
		pages = parts[i](pages)
	}
	return pages
}

func (g *Guard) fail(w http.ResponseWriter, r *http.Request, err error) {
	if g.Failed != nil {
		g.Failed(w, r, err)
		return
	}
	http.Error(w, http.StatusText(statusOf(errs.KindOf(err))), statusOf(errs.KindOf(err)))
}

// failure shows an error to who asked.
type failure = func(http.ResponseWriter, *http.Request, error)

// policy lets nothing in but our own files: no inline script or style, no
// data: pictures, no frame, no form to elsewhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// Headers puts on every answer what keeps it where it belongs. Static files
// say themselves how long they may be kept; everything else is kept nowhere.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()")
		h.Set("Cache-Control", "no-store")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// Trust makes RemoteAddr the client's address and TLS what the client spoke,
// when a proxy of ours says so. From anybody else those headers are lies and
// are taken off. The address is used for counting and forgotten: it is written
// nowhere.
func Trust(proxies []netip.Prefix) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if len(proxies) > 0 && within(proxies, addressOf(r.RemoteAddr)) {
				r = r.Clone(r.Context())
				if client := lastUntrusted(proxies, r.Header.Values("X-Forwarded-For")); client.IsValid() {
					r.RemoteAddr = net.JoinHostPort(client.String(), "0")
				}
				if r.TLS == nil && r.Header.Get("X-Forwarded-Proto") == "https" {
					r.TLS = &tls.ConnectionState{HandshakeComplete: true}
				}
			}
			for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-Ip"} {
				r.Header.Del(name)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// lastUntrusted reads the list from its end, where our proxies wrote, and
// stops at the first address that is not one of them: what stands before it
// was written by the client.
func lastUntrusted(proxies []netip.Prefix, values []string) netip.Addr {
	all := strings.Split(strings.Join(values, ","), ",")
	var last netip.Addr
	for i := len(all) - 1; i >= 0; i-- {
		a := addressOf(strings.TrimSpace(all[i]))
		if !a.IsValid() {
			return last
		}
		last = a
		if !within(proxies, a) {
			return a
		}
	}
	return last
}

func within(prefixes []netip.Prefix, a netip.Addr) bool {
	for _, p := range prefixes {
		if a.IsValid() && p.Contains(a) {
			return true
		}
	}
	return false
}

// addressOf reads "address", "address:port" or "[address]:port".
func addressOf(s string) netip.Addr {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// SameOrigin refuses forms that another site made the browser send. Browsers
// say where a form comes from by Sec-Fetch-Site; over a plain connection some
// say only "Origin: null", because our pages send no referrer. Those are left
// to the form's own token, which every form of both doors carries.
func SameOrigin(failed failure) func(http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			silent := r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null"
			if err := protection.Check(r); err != nil && !silent {
				failed(w, r, errs.As(err, errs.Denied, "err.form.foreign"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Within ends work that nobody waits for any more.
func Within(limit time.Duration) func(http.Handler) http.Handler {
	if limit == 0 {
		limit = answerTime
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept") == "text/event-stream" {
				next.ServeHTTP(w, r)
				return
			}
			ctx, cancel := context.WithTimeout(r.Context(), limit)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// Recover turns a panic into an error page with a reference; the place goes to
// the log, the content of the request does not. An answer that has begun can
// only be cut off.
func Recover(log *slog.Logger, failed failure) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen := &begun{ResponseWriter: w}
			defer func() {
				p := recover()
				if p == nil {
					return
				}
				if p == http.ErrAbortHandler {
					panic(p)
				}
				log.Error("answer request: panic", "route", r.Pattern, "stack", string(debug.Stack()))
				if seen.yes {
					panic(http.ErrAbortHandler)
				}
				failed(w, r, errs.New(errs.Internal, "err.internal", "answer request: panic"))
			}()
			next.ServeHTTP(seen, r)
		})
	}
}

// begun remembers whether an answer has begun.
type begun struct {
	http.ResponseWriter
	yes bool
}

func (b *begun) WriteHeader(status int) {
	b.yes = true
	b.ResponseWriter.WriteHeader(status)
}

func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return b.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController flush a live page.
func (b *begun) Unwrap() http.ResponseWriter { return b.ResponseWriter }
