package patrol

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"ronde/internal/errs"
)

// How an account is shown to be ours, both ways: it stands on our list, and
// something that only its holder can write points back to us.
const (
	ProofLink = "link-back" // a page of the account links to our portal (rel="me" or not)
	ProofDNS  = "dns"       // a TXT record under our own domain names the account
	ProofDID  = "did"       // a DID document names the account and us
	ProofSeen = "seen"      // the duty lead looked; a person's word, looked at again by hand
)

// What the last look found.
const (
	Waiting     = "waiting"     // not looked at yet
	Proven      = "proven"      // it points back to us
	Missing     = "missing"     // it was read and does not
	Unreachable = "unreachable" // nobody answered
)

// How long a proof carries.
const (
	ProofEvery  = 24 * time.Hour      // between two looks while it is found
	ProofRetry  = time.Hour           // after a look that did not find it
	ProofStale  = 7 * 24 * time.Hour  // an account is called ours so long after its last good look
	SeenStale   = 90 * 24 * time.Hour // and so long after a person looked
	proofTime   = 20 * time.Second    // of one look
	maxPage     = 1 << 20             // bytes read of one page
	maxDocument = 64 << 10            // bytes read of one document
	plcHome     = "https://plc.directory"
	proofAgent  = "Ronde (checks that its own accounts link back)"
)

// Stands says at a time whether the account may be called ours: its proof was
// found lately.
func (a Account) Stands(at int64) bool {
	stale := ProofStale
	if a.Proof == ProofSeen {
		stale = SeenStale
	}
	return a.State == Published && a.Proven > 0 && at-a.Proven < stale.Microseconds()
}

// Alarm says that somebody has to look: a proof is gone, or nearly too old.
func (a Account) Alarm(at int64) bool {
	if a.Proof == ProofSeen {
		return at-a.Proven > SeenStale.Microseconds()*8/10
	}
	return a.Result == Missing || !a.Stands(at)
}

// checkProof says whether a proof can be looked for at all.
func (s *Service) checkProof(a Account) error {
	place := a.ProofAt
	if place == "" && a.Proof == ProofLink {
		place = a.URL
	}
	if a.Proof != ProofSeen && s.set.Site == "" {
		return errs.Field("proof", "err.patrol.proof_site", "read proof: the portal has no address to link back to")
	}
	switch a.Proof {
	case ProofLink:
		if u, err := url.Parse(place); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			return errs.Field("proof_at", "err.patrol.url", "read proof: not an https address")
		}
	case ProofDNS:
		if !s.ownDomain(place) {
			return errs.Field("proof_at", "err.patrol.proof_domain", "read proof: not a domain of ours")
		}
	case ProofDID:
		if _, err := s.documentAt(place); err != nil {
			return errs.Field("proof_at", "err.patrol.proof_did", "read proof: not a did:web or did:plc")
		}
	}
	return nil
}

// look looks for a proof once. It returns Proven, Missing or Unreachable.
func (s *Service) look(ctx context.Context, a Account) string {
	ctx, cancel := context.WithTimeout(ctx, proofTime)
	defer cancel()
	found, err := false, error(nil)
	switch a.Proof {
	case ProofLink:
		found, err = s.linksBack(ctx, firstText(a.ProofAt, a.URL))
	case ProofDNS:
		found, err = s.recordNames(ctx, "_ronde."+a.ProofAt, "account="+a.Platform+":"+a.Handle)
	case ProofDID:
		found, err = s.documentNames(ctx, a)
	}
	switch {
	case err != nil:
		return Unreachable
	case found:
		return Proven
	}
	return Missing
}

func firstText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// ownDomain says whether a name lies under the domain of our portal.
func (s *Service) ownDomain(name string) bool {
	u, err := url.Parse(s.set.Site)
	if err != nil || u.Host == "" || name == "" {
		return false
	}
	return registered(name) == registered(u.Hostname())
}

// registered is the part of a name that somebody can buy.
func registered(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	if net.ParseIP(name) != nil {
		return name
	}
	if own, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
		return own
	}
	return name
}

// get reads one document. A redirect to another host is no answer of the host
// that was asked: an open redirect would prove anything.
func (s *Service) get(ctx context.Context, address, accept string, most int64) ([]byte, int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("User-Agent", proofAgent)
	req.Header.Set("Accept", accept)
	resp, err := s.set.Client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	if !strings.EqualFold(strings.TrimPrefix(resp.Request.URL.Host, "www."), strings.TrimPrefix(req.URL.Host, "www.")) || resp.Request.URL.Scheme != "https" {
		return nil, http.StatusNotFound, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, most))
	return body, resp.StatusCode, err
}

// answered tells "read, and it is not there" from "nobody answered".
func answered(status int) error {
	if status == http.StatusOK || status == http.StatusNotFound || status == http.StatusGone {
		return nil
	}
	return errors.New("look for proof: no answer that says anything")
}

func (s *Service) linksBack(ctx context.Context, address string) (bool, error) {
	body, status, err := s.get(ctx, address, "text/html", maxPage)
	if err != nil || answered(status) != nil {
		return false, errors.Join(err, answered(status))
	}
	return status == http.StatusOK && links(string(body), address, s.set.Site), nil
}

// links says whether a page links to a site. What a page marks as written by
// its visitors (rel="ugc") is not its own word.
func links(page, at, site string) bool {
	home, err := url.Parse(site)
	base, err2 := url.Parse(at)
	if err != nil || err2 != nil {
		return false
	}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken:
			if t := z.Token(); (t.DataAtom == atom.A || t.DataAtom == atom.Link || t.DataAtom == atom.Area) && leads(t, base, home) {
				return true
			}
		}
	}
}

func leads(t html.Token, base, home *url.URL) bool {
	var href string
	var rel []string
	for _, a := range t.Attr {
		switch a.Key {
		case "href":
			href = a.Val
		case "rel":
			rel = strings.Fields(strings.ToLower(a.Val))
		}
	}
	to, err := base.Parse(strings.TrimSpace(href))
	if err != nil || href == "" || slices.Contains(rel, "ugc") || t.DataAtom == atom.Link && !slices.Contains(rel, "me") {
		return false
	}
	return to.Scheme == home.Scheme && strings.EqualFold(to.Host, home.Host) && to.User == nil
}

// recordNames says whether a TXT record of a name holds a text.
func (s *Service) recordNames(ctx context.Context, name, want string) (bool, error) {
	resolver := s.set.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	records, err := resolver.LookupTXT(ctx, name)
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return false, nil
	}
	return slices.ContainsFunc(records, func(r string) bool { return strings.EqualFold(strings.TrimSpace(r), want) }), err
}

// documentAt is where the document of a DID is read (did:web 1.0, did:plc 0.1).
func (s *Service) documentAt(did string) (string, error) {
	if id, ok := strings.CutPrefix(did, "did:plc:"); ok && len(id) == 24 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") == "" {
		return firstText(s.set.PLC, plcHome) + "/" + did, nil
	}
	id, ok := strings.CutPrefix(did, "did:web:")
	if !ok || id == "" || strings.ContainsAny(id, "/?#@") {
		return "", errors.New("read DID: not one we know")
	}
	parts := strings.Split(id, ":")
	host, err := url.PathUnescape(parts[0])
	if err != nil || strings.ContainsAny(host, "/?#@") || slices.Contains(parts, "") || slices.Contains(parts, "..") {
		return "", errors.New("read DID: malformed")
	}
	if len(parts) == 1 {
		return "https://" + host + "/.well-known/did.json", nil
	}
	return "https://" + host + "/" + strings.Join(parts[1:], "/") + "/did.json", nil
}

// documentNames says whether a DID document names the account, and us: by the
// address of our portal, or because the handle is a name under our own domain
// that leads back to the same DID (AT Protocol, handle resolution).
func (s *Service) documentNames(ctx context.Context, a Account) (bool, error) {
	did := a.ProofAt
	at, err := s.documentAt(did)
	if err != nil {
		return false, nil
	}
	body, status, err := s.get(ctx, at, "application/did+json, application/json", maxDocument)
	if err != nil || answered(status) != nil {
		return false, errors.Join(err, answered(status))
	}
	var doc struct {
		ID    string   `json:"id"`
		Known []string `json:"alsoKnownAs"`
	}
	if status != http.StatusOK || json.Unmarshal(body, &doc) != nil || doc.ID != did {
		return false, nil
	}
	names := slices.ContainsFunc(doc.Known, func(k string) bool {
		return a.URL != "" && strings.TrimSuffix(k, "/") == strings.TrimSuffix(a.URL, "/") || strings.EqualFold(k, "at://"+a.Handle)
	})
	us := slices.ContainsFunc(doc.Known, func(k string) bool { return strings.TrimSuffix(k, "/") == s.set.Site })
	if !names || us {
		return names && us, nil
	}
	if host, ok := strings.CutPrefix(did, "did:web:"); ok {
		host, _, _ = strings.Cut(host, ":")
		host, _, _ = strings.Cut(strings.ReplaceAll(host, "%3A", ":"), ":")
		return s.ownDomain(host), nil
	}
	return s.handleLeadsTo(ctx, a.Handle, did)
}

func (s *Service) handleLeadsTo(ctx context.Context, handle, did string) (bool, error) {
	if !s.ownDomain(handle) {
		return false, nil
	}
	found, err := s.recordNames(ctx, "_atproto."+handle, "did="+did)
	if found {
		return true, nil
	}
	body, status, err2 := s.get(ctx, "https://"+handle+"/.well-known/atproto-did", "text/plain", maxDocument)
	if err2 != nil || answered(status) != nil {
		return false, errors.Join(err, err2, answered(status))
	}
	return status == http.StatusOK && strings.TrimSpace(string(body)) == did, nil
}
