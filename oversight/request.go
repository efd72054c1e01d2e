package oversight

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/errs"
)

// What a person can ask (LED art. 14 and 16).
var Asks = []string{"access", "erase", "rectify", "restrict"}

// Decisions on a request.
const (
	Erase    = "erase"
	Restrict = "restrict" // kept as evidence only (LED art. 16(3))
	Refuse   = "refuse"   // with a recorded reason (LED art. 15)
	Answer   = "answer"   // what was asked was given or corrected
)

// Decisions in the order they are offered.
var Decisions = []string{Erase, Restrict, Answer, Refuse}

// States of a request.
const (
	Received = "received"
	Prepared = "prepared"
	Decided  = "decided" // committed, being carried out
	Done     = "done"
)

// Limits: characters, the days an answer may take, and the days for which the
// words of an answered request are kept, so that the person can read the
// answer and complain about it. Then only the skeleton is left.
const (
	maxWords  = 4000
	dueDays   = 30
	keptDays  = 180
	wordBatch = 100 // requests that lose their words in one step
)

// citation is the shape of a legal ground: an article or paragraph with its
// number, and nothing that could be a person's words. It stands in clear in
// certificates and in the ledger.
var citation = regexp.MustCompile(`^[\p{L}\p{N} .,;:()/§’'–-]{3,80}$`)

var cited = regexp.MustCompile(`(?i)(art|§|para|ch)[\p{L}.]*\s*[LRD]?[.\s]*\d`)

// Request is the part of a rights request that names nobody.
type Request struct {
	ID         string
	Asks       string
	AboutKind  string // conversation, or none
	AboutID    string
	State      string
	Decision   string
	Ground     string
	ReceivedAt int64 // microseconds UTC
	DueAt      int64
	PreparedBy string // service handle
	DecidedBy  string
	DecidedAt  int64
	DoneAt     int64

	container string
	sealed    []byte
	code      []byte
}

// Words are the sealed part of a request.
type Words struct {
	Text     string `json:"text"`
	Contact  string `json:"contact,omitempty"`
	Proposal string `json:"proposal,omitempty"` // why the officer proposes this
	Reason   string `json:"reason,omitempty"`   // why it was decided so; the person reads it
}

// View is a request opened by somebody who may.
type View struct {
	Request
	Words
	Over bool   // the words are destroyed: the term is over
	Case string // number of the case that holds what it is about, or empty
}

// Ask is what a person sends.
type Ask struct {
	Asks    string
	Code    string // return code of a conversation, or empty
	Text    string
	Contact string
	Caller  string // who is throttled: opaque, kept in memory alone
	Form    string // number of the form; the same form sent again is one request; may be empty
}

// seed stands for what was sent; nil where the door numbers no forms.
func (a *Ask) seed() []byte {
	if a.Form == "" {
		return nil
	}
	return []byte(strings.Join([]string{a.Form, a.Asks, a.Code, a.Text, a.Contact}, "\x00"))
}

func (a *Ask) check() error {
	a.Text, a.Contact = strings.TrimSpace(a.Text), strings.TrimSpace(a.Contact)
	if !slices.Contains(Asks, a.Asks) {
		return errs.Field("asks", "err.required", "check request: unknown kind")
	}
	if !utf8.ValidString(a.Text) || !utf8.ValidString(a.Contact) {
		return errs.Field("text", "err.text.invalid", "check request: not UTF-8")
	}
	if utf8.RuneCountInString(a.Text) > maxWords {
		return errs.Field("text", "err.too_long", "check request: too long", "max", maxWords)
	}
	if utf8.RuneCountInString(a.Contact) > 300 {
		return errs.Field("contact", "err.too_long", "check request: contact too long", "max", 300)
	}
	if a.Code == "" && a.Text == "" {
		return errs.Field("text", "err.required", "check request: neither code nor words")
	}
	return nil
}

// Proposal is what an officer prepares, and what is then decided.
type Proposal struct {
	Decision string
	Ground   string // article
	Reason   string
}

func (p *Proposal) check() error {
	p.Ground, p.Reason = strings.TrimSpace(p.Ground), strings.TrimSpace(p.Reason)
	if !slices.Contains(Decisions, p.Decision) {
		return errs.Field("decision", "err.required", "check proposal: unknown decision")
	}
	if p.Ground == "" || utf8.RuneCountInString(p.Ground) > 200 {
		return errs.Field("ground", "err.required", "check proposal: no ground")
	}
	if !citation.MatchString(p.Ground) || !cited.MatchString(p.Ground) {
		return errs.Field("ground", "err.rights.ground", "check proposal: the ground names no article")
	}
	if p.Reason == "" || !utf8.ValidString(p.Reason) {
		return errs.Field("reason", "err.required", "check proposal: no reason")
	}
	if utf8.RuneCountInString(p.Reason) > maxWords {
		return errs.Field("reason", "err.too_long", "check proposal: reason too long", "max", maxWords)
	}
	return nil
}

func (r Request) resource(by access.Actor) access.Resource {
	res := access.Resource{Kind: "rights", ID: r.ID, State: r.State}
	if by.Person != "" && r.PreparedBy == by.Handle {
		res.Drafter = by.Person
	}
	return res
}

// Certificate proves that something was destroyed without saying what
// (D 4.21: metadata only).
type Certificate struct {
	ID      string
	Kind    string // purge, expiry, erasure
	Subject string
	At      int64
	N       int64
	Digest  []byte // SHA-256 of the sorted identifiers, one a line
	Basis   string
	Maker   string
}

// Accounted names the tables whose rows the ledger accounts for.
var Accounted = []string{"oversight_requests", "oversight_certificates"}
