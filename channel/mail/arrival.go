package mail

import (
	"bytes"
	"crypto/sha256"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // decodes what is not UTF-8
	"github.com/emersion/go-message/mail"

	"ronde/channel"
)

// maxHeader bounds the header of a mail or part.
const maxHeader = 512 << 10

// letter is one mail on its way to an arrival.
type letter struct {
	head   mail.Header
	body   body
	raw    []byte
	from   person
	refs   []string // In-Reply-To, then References from the newest to the oldest
	thread string
	answer bool // it proves that it answers a mail of ours
}

// person is who wrote: a mail that wants its answers elsewhere comes from a
// person of its own, or one could lead our answers away from somebody else.
type person struct {
	address, name string
	answers       string // where answers go; the address, unless Reply-To says otherwise
}

func (p person) key() string {
	if fold(p.answers) == fold(p.address) {
		return fold(p.address)
	}
	return fold(p.address) + ">" + fold(p.answers)
}

// arrivals makes what a mail means: one message, or what became of ours. cut
// says that raw is only its beginning.
func (l *Line) arrivals(raw []byte, at time.Time, cut bool) []channel.Arrival {
	m := read(raw, cut)
	if failed := l.failures(m, at); len(failed) > 0 {
		return failed
	}
	l.place(m)
	id := m.id()
	a := channel.Arrival{
		What: channel.Written, ID: id, Thread: m.thread, Author: m.author(), Subject: m.subject(), Lang: m.language(),
		Automatic: m.automatic(), Files: m.body.files, Lost: m.body.lost,
	}
	if !at.IsZero() {
		a.At = at.UnixMicro()
	}
	if len(m.refs) > 0 {
		a.ReplyTo = m.refs[0]
	}
	text := m.body.text
	if m.answer {
		if short, folded := foldQuotes(text); folded {
			text, a.Lost = short, append(a.Lost, channel.LostQuoted)
		}
	}
	text, long := channel.Cut(text, channel.MaxText)
	a.Text = text
	if (long || cut) && !slices.Contains(a.Lost, channel.LostText) {
		a.Lost = append(a.Lost, channel.LostText)
	}
	// A mail from our own address is a loop or a forgery, and answering it would
	// go on without end.
	a.Automatic = a.Automatic || fold(m.from.answers) == l.account || fold(m.from.address) == l.account
	return []channel.Arrival{a}
}

// read takes a mail apart. It gives something for any bytes at all.
func read(raw []byte, cut bool) *letter {
	m := &letter{raw: raw}
	e, err := message.ReadWithOptions(bytes.NewReader(raw), &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		// No header that could be read: what there is is shown as text.
		m.body.text = string(raw[:min(len(raw), channel.MaxText+1)])
		m.body.lose(channel.LostText)
		return m
	}
	m.head = mail.Header{Header: e.Header}
	m.body = readBody(e)
	if cut {
		m.body.lose(channel.LostFiles)
	}
	m.from = m.sender()
	m.refs = m.references()
	return m
}

// id is the Message-ID, or one made from the bytes.
func (m *letter) id() string {
	if id := plainID(m.head.Get("Message-Id")); id != "" {
		return id
	}
	sum := sha256.Sum256(m.raw)
	return "none-" + short(sum[:], 32)
}

// someID is an identifier between angle brackets (RFC 5322 §3.6.4), or without,
// as some programs write them.
var someID = regexp.MustCompile(`[^\s<>"(),;]+@[^\s<>"(),;]+`)

// plainID is the first identifier of a header, without brackets; "" when there
// is none that is short enough.
func plainID(header string) string {
	id, changed := channel.Cut(someID.FindString(header[:min(len(header), 4*channel.MaxKey)]), channel.MaxKey)
	if changed || strings.ContainsRune(id, '\uFFFD') {
		return ""
	}
	return id
}

// maxRefs is how many references are looked at, newest first.
const maxRefs = 50

func (m *letter) references() []string {
	var out []string
	if id := plainID(m.head.Get("In-Reply-To")); id != "" {
		out = append(out, id)
	}
	refs := m.head.Get("References")
	found := someID.FindAllString(refs[max(0, len(refs)-maxRefs*100):], -1)
	slices.Reverse(found)
	for _, id := range found[:min(len(found), maxRefs)] {
		if id = plainID(id); id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// root is the first mail of the chain.
func (m *letter) root() string {
	if refs := m.head.Get("References"); refs != "" {
		if id := plainID(refs); id != "" {
			return id
		}
	}
	if len(m.refs) > 0 {
		return m.refs[0]
	}
	return m.id()
}

// place finds the conversation: by a proof of ours, else by sender and root. A
// mail known to be forged enters none.
func (l *Line) place(m *letter) {
	if m.forged(l.set.Option("authserv", "")) {
		m.thread = l.proofs.thread("unproven "+m.id()+" "+m.from.key(), m.root())
		return
	}
	for _, id := range m.refs {
		if thread, ok := l.proofs.ours(id, m.from.answers); ok {
			m.thread, m.answer = thread, true
			return
		}
	}
	for _, to := range m.recipients() {
		if thread, ok := l.proofs.plussed(to, m.from.answers); ok {
			m.thread, m.answer = thread, true
			return
		}
	}
	m.thread = l.proofs.thread(m.from.key(), m.root())
}

// recipients are the addresses that the mail was brought to.
func (m *letter) recipients() []string {
	var out []string
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"} {
		out = append(out, someID.FindAllString(m.head.Get(name), maxRefs)...)
	}
	return out
}

// forged says whether our own mail server found that the mail is not from whom
// it says (RFC 8601). Only the topmost header with its name is believed: that
// one it wrote itself (§5).
func (m *letter) forged(authserv string) bool {
	if authserv == "" {
		return false
	}
	fields := m.head.FieldsByKey("Authentication-Results")
	for fields.Next() {
		name, results, _ := strings.Cut(fields.Value(), ";")
		if by, _, _ := strings.Cut(strings.TrimSpace(name), " "); strings.EqualFold(by, authserv) {
			return dmarcFailed.MatchString(results)
		}
	}
	return false
}

var dmarcFailed = regexp.MustCompile(`(?i)(^|[;\s])dmarc\s*=\s*(fail|permerror)\b`)

func (m *letter) sender() person {
	from, name := m.address("From")
	if from == "" {
		from, name = m.address("Sender")
	}
	if from == "" {
		from, _ = m.address("Return-Path")
	}
	p := person{address: from, name: name, answers: from}
	if to, _ := m.address("Reply-To"); to != "" {
		p.answers = to
	}
	return p
}

// maxAddress bounds an address (RFC 5321 §4.5.3.1).
const maxAddress = 320

// address is the first of a header, with its name.
func (m *letter) address(header string) (address, name string) {
	if m.head.Get(header) == "" {
		return "", ""
	}
	list, err := m.head.AddressList(header)
	if err == nil && len(list) > 0 {
		address, name = list[0].Address, list[0].Name
	} else {
		value := m.head.Get(header)
		address = someID.FindString(value[:min(len(value), maxHeader)])
	}
	address, _ = channel.Cut(strings.TrimSpace(address), channel.MaxName)
	name, _ = channel.Cut(strings.TrimSpace(name), channel.MaxName)
	if len(address) > maxAddress || strings.ContainsAny(address, "\r\n") {
		return "", name
	}
	return address, name
}

func (m *letter) author() channel.Author {
	a := channel.Author{ID: m.from.key(), Name: m.from.name, Address: m.from.answers, Handle: m.from.address}
	if a.ID == "" {
		// Nobody: at least not the same nobody as another.
		a.ID = "unknown " + m.id()
	}
	if len(a.ID) > channel.MaxKey {
		sum := sha256.Sum256([]byte(a.ID))
		a.ID = "long " + short(sum[:], 32)
	}
	return a
}

func (m *letter) subject() string {
	s, err := m.head.Subject()
	if err != nil || s == "" {
		s = m.head.Get("Subject")
	}
	s, _ = channel.Cut(strings.Join(strings.Fields(s), " "), channel.MaxName)
	return s
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// language is what the mail says of itself (RFC 3282).
func (m *letter) language() string {
	first, _, _ := strings.Cut(m.head.Get("Content-Language"), ",")
	if first = strings.TrimSpace(first); languageTag.MatchString(first) {
		return first
	}
	return ""
}

// machineHeaders mark mails of lists and answering machines.
var machineHeaders = []string{
	"List-Id", "List-Unsubscribe", "List-Post", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress",
	"X-Loop", "Feedback-Id", "X-Mailing-List",
}

// machineNames are who sends and never reads.
var machineNames = regexp.MustCompile(`(?i)^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|ne-pas-repondre)([+=.\-_].*)?@`)

// automatic says whether no person wrote this (RFC 3834 §2, RFC 2919).
func (m *letter) automatic() bool {
	auto := strings.ToLower(strings.TrimSpace(m.head.Get("Auto-Submitted")))
	auto, _, _ = strings.Cut(auto, ";")
	switch strings.ToLower(strings.TrimSpace(m.head.Get("Precedence"))) {
	case "bulk", "list", "junk", "auto_reply":
		return true
	}
	kind, _, _ := m.head.ContentType()
	return auto != "" && strings.TrimSpace(auto) != "no" || kind == "multipart/report" ||
		strings.TrimSpace(m.head.Get("Return-Path")) == "<>" || machineNames.MatchString(m.from.address) ||
		slices.ContainsFunc(machineHeaders, m.head.Has)
}
