package feed

import (
	"net/netip"
	"slices"
	"syscall"

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

// public reports whether an address belongs to the public internet. An IPv4
// address inside an IPv6 one is never public: it is a way around the list.
func public(ip netip.Addr) bool {
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

// guard decides at dial time, when the name is resolved: an answer of the name
// server cannot change between the look and the leap.
type guard struct {
	allow []netip.AddrPort
}

func newGuard(allow []string) (*guard, error) {
	g := &guard{}
	for _, a := range allow {
		ap, err := netip.ParseAddrPort(a)
		if err != nil {
			return nil, errs.As(errs.Wrap(err, "read allow-list"), errs.Invalid, "err.feed.allow")
		}
		g.allow = append(g.allow, ap)
	}
	return g, nil
}

// control is net.Dialer.Control: the last step before connect.
func (g *guard) control(network, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return errs.New(errs.Denied, "err.feed.inside", "dial feed: not an address of the public internet")
	}
	if public(ap.Addr()) || slices.Contains(g.allow, ap) {
		return nil
	}
	return errs.New(errs.Denied, "err.feed.inside", "dial feed: the address is not on the public internet")
}
