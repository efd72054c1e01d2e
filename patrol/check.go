package patrol

import (
	"slices"
	"strings"
	"unicode/utf8"

	"ronde/internal/errs"
	"ronde/lexicon"
)

// MaxQuery bounds what can be checked, in runes.
const MaxQuery = 300

// Verdict answers "is this really the police?".
type Verdict string

// The four answers.
const (
	Ours      Verdict = "ours"
	NotOurs   Verdict = "not-ours"
	LooksLike Verdict = "looks-like" // looks like ours and is not
	Unproven  Verdict = "unproven"   // it stands on our list, and its proof was not found lately
)

// Why says what the answer rests on; each is a word of the catalogue.
type Why string

// The reasons.
const (
	WhyListed        Why = "listed"         // it stands on our list
	WhyUnproven      Why = "unproven"       // it stands there, and does not point back to us
	WhyUnknown       Why = "unknown"        // nothing like it stands there
	WhyWithdrawn     Why = "withdrawn"      // it was ours and is not any more
	WhySameLetters   Why = "same-letters"   // letters that look alike, repeated, or moved signs
	WhyOneLetter     Why = "one-letter"     // one letter more, less, other or exchanged
	WhyAddedWords    Why = "added-words"    // our name with something put before or after
	WhyOtherPlatform Why = "other-platform" // our name where we have no account
	WhyOtherAddress  Why = "other-address"  // our name at an address that is not the platform's
	WhyOtherNumber   Why = "other-number"   // an officer's name with another number
	WhyHidden        Why = "hidden"         // our name with characters that cannot be seen
)

// Answer is the outcome of a check, with the true thing beside it.
type Answer struct {
	Verdict  Verdict
	Why      Why
	Asked    string    // what was asked, made visible
	Hidden   bool      // it held characters that cannot be seen
	Accounts []Account // the true accounts; all published ones of that handle
	Officer  *Officer  // the officer, when a name or number was asked
}

// list is what a check looks at.
type list struct {
	accounts []Account // published and withdrawn
	officers []Officer // published
	now      int64     // microseconds UTC
}

// query is what was asked, taken apart.
type query struct {
	shown    string
	platform string
	handle   string
	address  address
	isURL    bool
	hidden   bool
}

// readQuery makes the input harmless. Invisible characters at the ends come
// from copying and count for nothing; those inside are a disguise and are said.
func readQuery(platform, q string) (query, error) {
	if !utf8.ValidString(q) || !utf8.ValidString(platform) {
		return query{}, errs.Field("q", "err.patrol.encoding", "check: not UTF-8")
	}
	if utf8.RuneCountInString(q) > MaxQuery || utf8.RuneCountInString(platform) > MaxQuery {
		return query{}, errs.Field("q", "err.patrol.long", "check: too long", "max", MaxQuery)
	}
	q = strings.TrimFunc(q, func(r rune) bool { return invisible(r) || r == ' ' || r == 0xA0 })
	if q == "" {
		return query{}, errs.Field("q", "err.patrol.missing", "check: nothing was asked")
	}
	out := query{platform: strings.ToLower(strings.TrimSpace(platform)), hidden: strings.ContainsFunc(q, invisible)}
	clean := strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, q)
	out.shown, out.handle = clean, bare(clean)
	if out.address, out.isURL = readAddress(clean); out.isURL {
		out.handle = out.address.name
	}
	return out, nil
}

// check compares a query with the list. Exact first, then everything that
// looks like something of ours; the rest is not ours.
func (l list) check(q query) Answer {
	a := Answer{Verdict: NotOurs, Why: WhyUnknown, Asked: q.shown, Hidden: q.hidden}
	if l.exactOfficer(q, &a) || l.exactAccount(q, &a) {
		if q.hidden && (a.Verdict == Ours || a.Verdict == Unproven) {
			a.Verdict, a.Why = LooksLike, WhyHidden
		}
		return a
	}
	l.alike(q, &a)
	return a
}

func (l list) exactOfficer(q query, a *Answer) bool {
	if q.isURL {
		return false
	}
	for _, o := range l.officers {
		if sameName(compact(o.Name), compact(q.shown)) || o.ID == q.shown || byNumber(o.Name, q.shown) {
			a.Verdict, a.Why, a.Officer = Ours, WhyListed, &o
			return true
		}
	}
	return false
}

// byNumber reports that words with a number among them, all of which stand in
// the officer's name, were asked: "4107" or "Noor 4107" for "Agent Noor 4107".
func byNumber(name, asked string) bool {
	const least = 3 // figures of a service number that stands for somebody
	words, number := strings.Fields(strings.ToLower(name)), false
	for _, w := range strings.Fields(strings.ToLower(asked)) {
		if !slices.Contains(words, w) {
			return false
		}
		number = number || len(w) >= least && strings.Trim(w, "0123456789") == ""
	}
	return number
}

// exactAccount decides when the very handle stands on the list.
func (l list) exactAccount(q query, a *Answer) bool {
	var here, elsewhere, gone []Account
	platform, known := l.platformOf(q)
	for _, acc := range l.accounts {
		own, _ := readAddress(acc.URL)
		if acc.ID != q.shown && !sameName(acc.Handle, q.handle) && !(q.isURL && q.address.same(own)) {
			continue
		}
		switch {
		case acc.State == Withdrawn:
			if platform == "" || platform == acc.Platform {
				gone = append(gone, acc)
			}
		case known && (platform == "" || platform == acc.Platform):
			here = append(here, acc)
		default:
			elsewhere = append(elsewhere, acc)
		}
	}
	switch {
	case len(here) > 0 && !slices.ContainsFunc(here, func(acc Account) bool { return acc.Stands(l.now) }):
		a.Verdict, a.Why, a.Accounts = Unproven, WhyUnproven, here
	case len(here) > 0:
		a.Verdict, a.Why, a.Accounts = Ours, WhyListed, slices.DeleteFunc(here, func(acc Account) bool { return !acc.Stands(l.now) })
	case len(gone) > 0:
		a.Verdict, a.Why, a.Accounts = NotOurs, WhyWithdrawn, elsewhere
	case len(elsewhere) > 0 && known:
		a.Verdict, a.Why, a.Accounts = LooksLike, WhyOtherPlatform, elsewhere
	case len(elsewhere) > 0:
		a.Verdict, a.Why, a.Accounts = LooksLike, WhyOtherAddress, elsewhere
	default:
		return false
	}
	return true
}

// platformOf says where the query points; known is false for an address that
// is neither a platform's nor one of ours.
func (l list) platformOf(q query) (platform string, known bool) {
	if !q.isURL {
		return q.platform, true
	}
	for _, acc := range l.accounts {
		if own, ok := readAddress(acc.URL); ok && own.host == q.address.host {
			return acc.Platform, true
		}
	}
	p, ok := hosts[q.address.host]
	return p, ok
}

// alike looks for the nearest of our names, strongest reason first.
func (l list) alike(q query, a *Answer) {
	key := lexicon.HandleKey(q.handle)
	strength := len(likeness)
	consider := func(name string, found func()) {
		for i, like := range likeness[:strength] {
			if like.test(key, lexicon.HandleKey(name)) {
				strength = i
				a.Verdict, a.Why, a.Accounts, a.Officer = LooksLike, like.why, nil, nil
				if q.hidden {
					a.Why = WhyHidden
				}
				found()
				return
			}
		}
	}
	if key == "" {
		return
	}
	for _, acc := range l.accounts {
		if acc.State == Published {
			consider(acc.Handle, func() { a.Accounts = []Account{acc} })
		}
	}
	for _, o := range l.officers {
		consider(o.Name, func() { a.Officer = &o })
		for _, other := range spellings(o.Name) {
			consider(other, func() { a.Officer = &o })
		}
		if strength == len(likeness) && otherNumber(q.shown, o.Name) {
			a.Verdict, a.Why, a.Officer = LooksLike, WhyOtherNumber, &o
		}
	}
}

// spellings are an officer's name with its words the other way round, and without
// the words that every officer has: "4107 Noor", "Noor 4107".
func spellings(name string) (out []string) {
	words := strings.Fields(name)
	if len(words) < 2 {
		return nil
	}
	back := slices.Clone(words)
	slices.Reverse(back)
	out = append(out, strings.Join(back, ""))
	if len(words) > 2 {
		out = append(out, strings.Join(words[1:], ""), words[len(words)-1]+strings.Join(words[1:len(words)-1], ""))
	}
	return out
}

// otherNumber reports a name of ours beside another number: "Noor 9999" for
// "Agente Noor 4107". A name alone is nobody's.
func otherNumber(asked, name string) bool {
	const least = 3 // letters of a name that says something
	isNumber := func(w string) bool { return strings.Trim(w, "0123456789") == "" }
	own := strings.Fields(name)
	hasNumber, hasName := false, false
	for w := range strings.FieldsSeq(asked) {
		if isNumber(w) {
			hasNumber = hasNumber || !slices.Contains(own, w)
			continue
		}
		hasName = hasName || len(w) >= least && !slices.Contains(titles, lexicon.HandleKey(w)) &&
			slices.ContainsFunc(own, func(o string) bool { return lexicon.HandleKey(o) == lexicon.HandleKey(w) })
	}
	return hasNumber && hasName && slices.ContainsFunc(own, isNumber)
}

// titles are words of a service name that are nobody's own, as keys.
var titles = func() (out []string) {
	for _, w := range []string{"agent", "agente", "officer", "betjent", "constable", "police", "politi", "sergent", "brigadier", "capitaine"} {
		out = append(out, lexicon.HandleKey(w))
	}
	return out
}()

// likeness are the ways to look alike, strongest first.
var likeness = []struct {
	why  Why
	test func(key, ours string) bool
}{
	{WhySameLetters, func(k, o string) bool { return k == o || squeeze(k) == squeeze(o) }},
	{WhyOneLetter, func(k, o string) bool { return len(o) >= minKey && nearly(k, o) }},
	{WhyAddedWords, contained},
	{WhyAddedWords, sameCore},
}

const (
	minKey   = 6  // shorter names are near to everything
	maxAdded = 16 // letters put before or after
)

// affixes are what impostors put around an official name, as keys.
var affixes = func() []string {
	var out []string
	for _, w := range []string{"official", "officiel", "offisiell", "real", "vrai", "true", "police", "politi", "politie", "polizei", "policja", "politsei",
		"polis", "gendarmerie", "patrol", "patrouille", "help", "aide", "support", "team", "service", "contact", "info", "online", "secure", "verified", "fr", "en", "the", "la", "le"} {
		out = append(out, lexicon.HandleKey(w))
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}()

// contained reports our name with something before or after it.
func contained(key, ours string) bool {
	return len(ours) >= minKey && len(key) <= len(ours)+maxAdded && strings.Contains(key, ours)
}

// sameCore reports our name with another of the usual words around it.
func sameCore(key, ours string) bool {
	own := strip(ours)
	return len(own) >= minKey && strip(key) == own
}

func strip(key string) string {
	for {
		before := key
		for _, a := range affixes {
			if rest := strings.TrimPrefix(key, a); len(rest) >= minKey {
				key = rest
			}
			if rest := strings.TrimSuffix(key, a); len(rest) >= minKey {
				key = rest
			}
		}
		if key == before {
			return key
		}
	}
}

// squeeze writes repeated letters once: "policee" reads like "police".
func squeeze(key string) string {
	return string(slices.Compact([]rune(key)))
}

// nearly reports whether one letter put in, left out, changed, or exchanged
// with its neighbour makes b of a.
func nearly(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	switch len(y) - len(x) {
	case 0:
		if i == len(x) || slices.Equal(x[i+1:], y[i+1:]) {
			return true
		}
		return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:])
	case 1:
		return slices.Equal(x[i:], y[i+1:])
	}
	return false
}

// sameName compares as platforms do: capitals do not matter, letters of
// another script do.
func sameName(a, b string) bool {
	return b != "" && strings.EqualFold(a, b) && isASCII(a) == isASCII(b)
}

// compact leaves out the signs that people write or not in a service number.
func compact(name string) string {
	return strings.NewReplacer(" ", "", "-", "", ".", "", "#", "", "°", "").Replace(name)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
