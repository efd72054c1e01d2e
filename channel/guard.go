package channel

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"ronde/internal/errs"
)

// inside lists the address blocks that are not the public internet (IANA
// special-purpose registries, RFC 6890), beyond what netip knows by name.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT, RFC 6598
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast
	netip.MustParsePrefix("64:ff9b::/96"),    // NAT64, RFC 6052: would lead to any IPv4
	netip.MustParsePrefix("64:ff9b:1::/48"),  // NAT64, RFC 8215
	netip.MustParsePrefix("2001::/23"),       // Teredo, ORCHID, …
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // 6to4: would lead to any IPv4
	netip.MustParsePrefix("3fff::/20"),       // documentation
}

// global is the only part of IPv6 that is routed between everybody.
var global = netip.MustParsePrefix("2000::/3")

// Public reports whether an address belongs to the public internet. An IPv4
// address inside an IPv6 one is never public: it is a way around the list.
func Public(ip netip.Addr) bool {
	switch {
	case !ip.IsValid() || ip.Zone() != "" || ip.Is4In6():
		return false
	case !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast():
		return false
	case ip.Is6() && !global.Contains(ip):
		return false
	}
	return !slices.ContainsFunc(inside, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Guard decides at dial time, when the name is resolved, whether an address may
// be reached: an answer of the name server cannot change between the look and
// the leap. It reaches the public internet, and what is named to it.
type Guard struct {
	allow  []netip.AddrPort
	closed bool // nothing but what is named
}

// Close shuts the public internet out: only what was named can be reached from
// then on. An exercise has no other guard.
func (g *Guard) Close() { g.closed = true }

// NewGuard makes a guard. allow is an exact list of address:port that may be
// dialled although they are not public ("127.0.0.1:8085").
func NewGuard(allow []string) (*Guard, error) {
	g := &Guard{}
	for _, a := range allow {
		ap, err := netip.ParseAddrPort(a)
		if err != nil {
			return nil, errs.As(errs.Wrap(err, "read allow-list"), errs.Invalid, "err.feed.allow")
		}
		g.allow = append(g.allow, ap)
	}
	return g, nil
}

// Control is net.Dialer.Control: the last step before connect. A refusal is
// errs.Denied.
func (g *Guard) Control(network, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return errs.New(errs.Denied, "err.feed.inside", "dial: not an address of the public internet")
	}
	if !g.closed && Public(ap.Addr()) || slices.Contains(g.allow, ap) {
		return nil
	}
	return errs.New(errs.Denied, "err.feed.inside", "dial: the address is not on the public internet")
}

// Times of a guarded client.
const (
	dialTime   = 15 * time.Second
	answerTime = 75 * time.Second // to the first line of an answer: a network may hold a question for a minute
	maxHeader  = 64 << 10
	redirects  = 3
)

// Client makes the client of lines: no proxy, no cookies, only addresses that
// the guard lets through, at most 3 redirects and none away from https. It has
// no time of its own for a whole answer: streams stay open, and whoever asks
// brings a context.
func (g *Guard) Client() *http.Client {
	dialer := &net.Dialer{Timeout: dialTime, KeepAlive: 30 * time.Second, Control: g.Control}
	return &http.Client{
		CheckRedirect: checkRedirect,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTime, ResponseHeaderTimeout: answerTime, MaxResponseHeaderBytes: maxHeader,
			MaxIdleConns: 50, MaxIdleConnsPerHost: 4, IdleConnTimeout: 90 * time.Second, ForceAttemptHTTP2: true,
		},
	}
}

func checkRedirect(next *http.Request, via []*http.Request) error {
	switch {
	case len(via) > redirects:
		return errs.New(errs.Limit, "err.feed.redirects", "follow redirect: more than 3")
	case next.URL.Scheme != "http" && next.URL.Scheme != "https", next.URL.User != nil:
		return errs.New(errs.Denied, "err.feed.redirect", "follow redirect: to something that is not a plain web address")
	case via[0].URL.Scheme == "https" && next.URL.Scheme != "https":
		return errs.New(errs.Denied, "err.feed.redirect", "follow redirect: from https to http")
	}
	return nil
}
