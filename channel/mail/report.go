package mail

import (
	"bufio"
	"bytes"
	"io"
	"net/textproto"
	"regexp"
	"strings"
	"time"

	"github.com/emersion/go-message"

	"ronde/channel"
)

// report is what a delivery report says (RFC 3464): about whom, and on which
// mail of ours.
type report struct {
	open   bool // inside a multipart/report
	failed []failure
	id     string // Message-ID of the mail that it is about
	to     []string
}

type failure struct{ address, status string }

// maxFailures bounds how many receivers of one report are looked at.
const maxFailures = 20

// read keeps what a part of a report says; false when it is not one.
func (r *report) read(kind string, e *message.Entity) bool {
	if !r.open {
		return false
	}
	raw, _ := io.ReadAll(io.LimitReader(e.Body, maxReport))
	lines := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(raw, "\r\n\r\n"...))))
	if !strings.HasSuffix(kind, "delivery-status") {
		head, _ := lines.ReadMIMEHeader()
		if r.id == "" {
			r.id, r.to = plainID(head.Get("Message-Id")), someID.FindAllString(head.Get("To"), maxFailures)
		}
		return true
	}
	for range maxFailures + 1 {
		block, err := lines.ReadMIMEHeader()
		if strings.EqualFold(strings.TrimSpace(block.Get("Action")), "failed") {
			r.failed = append(r.failed, failure{
				address: someID.FindString(first(block.Get("Original-Recipient"), block.Get("Final-Recipient"))),
				status:  status(block),
			})
		}
		if err != nil {
			break
		}
	}
	return true
}

// status is the enhanced status code: the report's own, or, when that says only
// that something failed, the one in the words of the server that refused.
func status(block textproto.MIMEHeader) string {
	own := strings.TrimSpace(block.Get("Status"))
	if said := anyStatus.FindString(block.Get("Diagnostic-Code")); said != "" && (own == "" || strings.HasSuffix(own, ".0.0")) {
		return said
	}
	return own
}

var anyStatus = regexp.MustCompile(`\b[45]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// failures are the mails of ours that a report says did not arrive. Anybody can
// write a report: one is believed that shows the proof in our Message-ID.
func (l *Line) failures(m *letter, at time.Time) []channel.Arrival {
	r := m.body.report
	if r.id == "" || len(r.failed) == 0 {
		return nil
	}
	for _, f := range r.failed {
		for _, address := range append([]string{f.address}, r.to...) {
			thread, ok := l.proofs.ours(r.id, address)
			if !ok {
				continue
			}
			a := channel.Arrival{What: channel.Failed, ID: strings.ToLower(r.id), Thread: thread, Why: why(f.status), Automatic: true}
			a.Author = channel.Author{ID: fold(address), Address: address}
			if !at.IsZero() {
				a.At = at.UnixMicro()
			}
			return []channel.Arrival{a}
		}
	}
	return nil
}

// why reads an enhanced status code (RFC 3463).
func why(status string) string {
	class, detail, _ := strings.Cut(status, ".")
	switch {
	case detail == "2.3" || detail == "3.4":
		return channel.TooLong
	case strings.HasPrefix(detail, "1.") || detail == "2.1" || detail == "2.0" || strings.HasPrefix(detail, "4."):
		return channel.Gone // no such person, or no way to them
	case class == "4":
		return channel.Gone // it was tried until time was over
	}
	return channel.Rejected
}
