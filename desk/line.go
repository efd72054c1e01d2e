package desk

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ronde/channel"
)

// Outlet is a line to the public as the desk knows it: how it is set up, and
// what it can do.
type Outlet struct {
	Setting channel.Setting
	Line    channel.Line
	Channel string // as people know the network, a word of the group "channel"; empty: the kind
}

// The terms of what comes on a line.
const (
	reopenIn  = 14 * 24 * time.Hour // a closed conversation that is written to again within this opens again
	floodMost = 200                 // messages of one thread kept in ten minutes, beside those with a danger word
	giveUp    = 48 * time.Hour      // an answer that has not left within this is told to the officer as not sent
	maxParts  = 5                   // messages that one answer may become
	maxEdits  = 20                  // earlier texts kept of one message
	lateLeast = 2 * time.Minute     // what came later than it was written by this says so
	aheadMost = 30 * 24 * time.Hour // a network's time further back than this is not believed
)

// SetTerm says how long closed conversations of a channel ("portal"), or of one
// line, are kept. Call it before anything expires.
func (s *Service) SetTerm(name string, keep time.Duration) { s.terms[name] = keep }

// Keep is how long a closed conversation is kept: as its line is set, as its
// channel is set, or as the channel has it by itself.
func (s *Service) Keep(channelName, line string) time.Duration {
	for _, name := range []string{line, channelName} {
		if keep, ok := s.terms[name]; ok && name != "" {
			return keep
		}
	}
	return Keep(channelName)
}

// lineAddress is how an answer reaches who wrote on a line. It is sealed in the
// conversation.
type lineAddress struct {
	Thread  string         `json:"thread"`
	Author  channel.Author `json:"author"`
	Subject string         `json:"subject,omitempty"`
	Public  bool           `json:"public,omitempty"`
	Left    int            `json:"left,omitempty"` // messages of a flood that were not kept
}

// earlier is what a message said before it was edited.
type earlier struct {
	Text string `json:"text"`
	At   int64  `json:"at"` // when it was replaced
}

// The states of an answer on its way.
const (
	Waits   = "waiting"
	Sent    = "sent"
	Seen    = "read"
	Refused = "refused"
)

// Why an answer was not sent when the network gave no reason of its own
// ([channel.Refusal]).
const (
	WhyUnreachable = "unreachable" // the network did not answer for two days
	WhyNoLine      = "no-line"     // the line is no longer configured
)

// Delivery is where an answer stands.
type Delivery struct {
	State string // Waits, Sent, Seen or Refused; the worst of its parts
	Why   string // of a refusal, or of waiting longer
	Parts int    // messages that it became
	At    int64  // when that state was reached, microseconds UTC; 0 while it waits
}

// sentAt is when somebody wrote, by the network's clock where it can be
// believed.
func sentAt(a channel.Arrival, now int64) int64 {
	if a.At <= 0 || a.At > now || a.At < now-aheadMost.Microseconds() {
		return now
	}
	return a.At
}

// nameOf is what a network tells of somebody: a name, and where they are
// reached.
func nameOf(a channel.Author) (name, contact string) {
	contact = a.Address
	if contact == "" {
		contact = a.Handle
	}
	if contact == "" {
		contact = a.ID
	}
	return a.Name, contact
}

// baseLang is the language of a BCP 47 tag, or otherwise.
func baseLang(tag, otherwise string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	if language.MatchString(base) {
		return base
	}
	if language.MatchString(otherwise) {
		return otherwise
	}
	return "fr"
}

// parts cuts an answer into messages of at most limit runes, at the borders of
// paragraphs, else of lines, sentences and words, each marked (1/3). It says
// nil when more than maxParts were needed. A limit of 0 is none.
func parts(text string, limit int) []string {
	text = strings.TrimSpace(text)
	if limit <= 0 || utf8.RuneCountInString(text) <= limit {
		return []string{text}
	}
	const mark = 6 // runes of "(1/3) "
	if limit <= mark+1 {
		return nil
	}
	var out []string
	for rest := text; rest != ""; {
		var piece string
		piece, rest = cutAt(rest, limit-mark)
		if out = append(out, piece); len(out) > maxParts {
			return nil
		}
	}
	for i := range out {
		out[i] = "(" + string(rune('1'+i)) + "/" + string(rune('0'+len(out))) + ") " + out[i]
	}
	return out
}

// cutAt takes at most limit runes from the beginning of text and returns the
// rest.
func cutAt(text string, limit int) (piece, rest string) {
	runes := []rune(text)
	if len(runes) <= limit {
		return text, ""
	}
	head := string(runes[:limit])
	for _, border := range []string{"\n\n", "\n", ". ", "! ", "? ", " "} {
		if at := strings.LastIndex(head, border); at >= len(head)/3 {
			at += len(border)
			return strings.TrimRightFunc(text[:at], unicode.IsSpace), strings.TrimLeftFunc(text[at:], unicode.IsSpace)
		}
	}
	return head, text[len(head):]
}
