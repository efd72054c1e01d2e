package mail

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"ronde/channel"
)

// answer is one mail of ours, ready to go.
type answer struct {
	id, to string
	raw    []byte
}

// compose writes the mail. Everything that comes from outside (address, subject,
// names of files, IDs) is checked or cleaned: none of it may add a header.
func (l *Line) compose(out channel.Outgoing) (*answer, error) {
	if !threadForm.MatchString(out.Thread) {
		return nil, &channel.Refusal{Why: channel.Gone, Err: errors.New("write mail: not a conversation of this mailbox")}
	}
	to, err := receiver(out)
	if err != nil {
		return nil, err
	}
	if n := utf8.RuneCountInString(out.Text); n > maxRunes {
		return nil, &channel.Refusal{Why: channel.TooLong, Err: fmt.Errorf("write mail: %d letters, at most %d", n, maxRunes)}
	}
	total := 0
	for _, f := range out.Files {
		total += len(f.Bytes)
	}
	if total > l.most || len(out.Files) > channel.MaxFiles {
		return nil, &channel.Refusal{Why: channel.TooLong, Err: fmt.Errorf("write mail: %d files of %d bytes, at most %d of %d", len(out.Files), total, channel.MaxFiles, l.most)}
	}
	a := &answer{id: l.proofs.messageID(out.Thread, out.Key, to), to: to}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	if err := l.address(m, out, to); err != nil {
		return nil, err
	}
	l.head(m, out, a.id)
	m.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(tidyText(out.Text), "\x00", ""))
	for _, f := range out.Files {
		attach(m, f)
	}
	var buf bytes.Buffer
	if _, err := m.WriteTo(&buf); err != nil {
		return nil, errors.New("write mail: it cannot be put into a mail's form")
	}
	a.raw = buf.Bytes()
	return a, nil
}

// threadForm is what proofs.thread makes.
var threadForm = regexp.MustCompile(`^[a-z2-7]{20}$`)

// receiver is the one address that the answer goes to.
func receiver(out channel.Outgoing) (string, error) {
	a, err := netmail.ParseAddress(out.To.Address)
	if err != nil || a.Name != "" || len(a.Address) > maxAddress || strings.ContainsFunc(a.Address, unicode.IsControl) {
		return "", &channel.Refusal{Why: channel.Gone, Err: errors.New("write mail: there is no address to answer to")}
	}
	return a.Address, nil
}

func (l *Line) address(m *gomail.Msg, out channel.Outgoing, to string) error {
	var err error
	if name := l.set.Option("name", ""); name != "" {
		err = m.FromFormat(name, l.account)
	} else {
		err = m.From(l.account)
	}
	err = errors.Join(err, m.EnvelopeFrom(l.account), m.To(to))
	if l.plus {
		err = errors.Join(err, m.SetAddrHeader(gomail.HeaderReplyTo, l.proofs.plusAddress(out.Thread, to)))
	}
	if err != nil {
		return &channel.Refusal{Why: channel.Rejected, Err: errors.New("write mail: an address has not the form of one")}
	}
	return nil
}

func (l *Line) head(m *gomail.Msg, out channel.Outgoing, id string) {
	m.SetMessageIDWithValue(id)
	m.SetDateWithValue(time.UnixMicro(l.means.Now()).UTC())
	m.Subject(reply(out.Subject))
	if ref := plainID(out.ReplyTo); ref != "" && ref == out.ReplyTo {
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+ref+">")
		m.SetGenHeader(gomail.HeaderReferences, "<"+ref+">")
	}
	if languageTag.MatchString(out.Lang) {
		m.SetGenHeader(gomail.HeaderContentLang, out.Lang)
	}
	if out.Automatic {
		m.SetGenHeader("Auto-Submitted", "auto-replied")  // RFC 3834 §3.1.7
		m.SetGenHeader("X-Auto-Response-Suppress", "All") // Exchange's word for the same
	}
}

// subjectRoom bounds our subject.
const subjectRoom = 200

func reply(subject string) string {
	subject = strings.Join(strings.FieldsFunc(subject, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
	subject, _ = channel.Cut(subject, subjectRoom)
	if head, _, found := strings.Cut(subject, ":"); found && replyWords[strings.ToLower(head)] {
		return subject
	}
	return strings.TrimSpace("Re: " + subject)
}

// replyWords begin the subject of an answer, by language of the program.
var replyWords = map[string]bool{"re": true, "sv": true, "aw": true, "antw": true, "odp": true, "ré": true, "rép": true, "vs": true, "رد": true}

func attach(m *gomail.Msg, f channel.File) {
	name := fileName(f.Name)
	if name == "" {
		name = "file"
	}
	kind := gomail.TypeAppOctetStream
	if mediaType.MatchString(f.Type) {
		kind = gomail.ContentType(f.Type)
	}
	// Reading from memory does not fail.
	_ = m.AttachReader(name, bytes.NewReader(f.Bytes), gomail.WithFileContentType(kind))
}
