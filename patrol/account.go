package patrol

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"ronde/internal/errs"
)

// The limits of an official account.
const (
	MaxHandle   = 100 // runes
	MaxURL      = 500 // bytes
	MaxProof    = 300 // runes: where the proof is found
	MaxAccounts = 2000
)

// Proofs are the ways in which an account can be shown to be ours: a link back
// from the account, a record of our domain, a decentralised identifier, or the
// word of the duty lead who looked.
var Proofs = []string{ProofLink, ProofDNS, ProofDID, ProofSeen}

// Account is an official account. All of it is public.
type Account struct {
	ID        string // acc_…
	Platform  string
	Handle    string // as the platform writes it, without a leading @
	URL       string // empty where the platform gives accounts no address
	Proof     string // one of Proofs
	ProofAt   string // where the proof is found
	Proven    int64  // when its proof was last found, microseconds UTC; 0: never
	Result    string // what the last look found; empty where a person looks
	Tried     int64  // when it was last looked for
	Officer   string // off_… of the card it belongs to, or empty: the service's own
	State     string
	Published int64
	Withdrawn int64
}

// AccountIn is what the duty lead hands over for publication.
type AccountIn struct {
	Platform, Handle, URL, Proof, ProofAt, Officer string
}

func (in AccountIn) account() (Account, error) {
	a := Account{
		Platform: strings.ToLower(strings.TrimSpace(in.Platform)), Handle: bare(in.Handle), URL: strings.TrimSpace(in.URL),
		Proof: in.Proof, ProofAt: strings.TrimSpace(in.ProofAt), Officer: in.Officer, State: Published,
	}
	if !channel.MatchString(a.Platform) {
		return a, errs.Field("platform", "err.patrol.word", "publish account: not a platform's name", "word", clip(a.Platform))
	}
	if hiddenHandle.MatchString(a.Handle) || hiddenHandle.MatchString(a.ProofAt) {
		return a, errs.New(errs.Denied, "err.patrol.hidden", "publish account: a hidden service handle stands in it")
	}
	if err := line("handle", a.Handle, MaxHandle); err != nil {
		return a, err
	}
	if !slices.Contains(Proofs, a.Proof) {
		return a, errs.Field("proof", "err.patrol.proof", "publish account: no way of proof")
	}
	if utf8.RuneCountInString(a.ProofAt) > MaxProof || strings.ContainsFunc(a.ProofAt, invisible) {
		return a, errs.Field("proof_at", "err.patrol.long", "publish account: proof too long", "max", MaxProof)
	}
	if a.URL == "" {
		return a, nil
	}
	u, err := url.Parse(a.URL)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(a.URL) > MaxURL || strings.ContainsFunc(a.URL, invisible) {
		return a, errs.Field("url", "err.patrol.url", "publish account: the address must begin with https://")
	}
	return a, nil
}

// bare is a handle without the signs put around it.
func bare(handle string) string {
	return strings.TrimPrefix(strings.TrimSpace(handle), "@")
}

// hosts says on which platform an address lies.
var hosts = map[string]string{
	"instagram.com": "instagram", "tiktok.com": "tiktok", "facebook.com": "facebook", "fb.com": "facebook",
	"m.me": "facebook", "messenger.com": "facebook", "x.com": "x", "twitter.com": "x", "twitch.tv": "twitch",
	"discord.com": "discord", "discord.gg": "discord", "discordapp.com": "discord", "youtube.com": "youtube",
	"snapchat.com": "snapchat", "t.me": "telegram", "telegram.me": "telegram", "threads.net": "threads",
	"threads.com": "threads", "bsky.app": "bluesky", "steamcommunity.com": "steam", "reddit.com": "reddit",
	"linkedin.com": "linkedin", "pinterest.com": "pinterest", "vk.com": "vk", "wa.me": "whatsapp",
}

// same reports whether two addresses lead to one place.
func (a address) same(b address) bool {
	return a.host == b.host && a.path != "" && strings.EqualFold(a.path, b.path) && isASCII(a.path) == isASCII(b.path)
}

// aisles are the parts of a path that come before a name.
var aisles = []string{"add", "user", "users", "u", "profile", "c", "channel", "id", "invite", "in", "people", "web"}

// address is an internet address taken apart.
type address struct {
	host string // without www. and m.
	path string // without the slash at the end
	name string // the handle in it
}

// readAddress takes an address apart; false when s is none. What stands before
// an @ in the host is a disguise and is left out by the parser.
func readAddress(s string) (address, bool) {
	if !strings.Contains(s, "/") && !strings.HasPrefix(strings.ToLower(s), "www.") {
		return address{}, false
	}
	if !strings.Contains(s, "://") {
		s = "https://" + strings.TrimPrefix(s, "//")
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return address{}, false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	for _, p := range []string{"www.", "m.", "mobile.", "old."} {
		host = strings.TrimPrefix(host, p)
	}
	if h, err := idna.ToUnicode(host); err == nil {
		host = h
	}
	a := address{host: host, path: strings.TrimRight(u.Path, "/")}
	for part := range strings.SplitSeq(u.Path, "/") {
		if part != "" && !slices.Contains(aisles, strings.ToLower(part)) {
			a.name = bare(part)
			break
		}
	}
	return a, true
}
