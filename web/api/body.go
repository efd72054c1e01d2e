package api

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

// body bounds a request's body in bytes, in pauses and in time. The deadlines
// are set on the connection, so that a silent sender is cut off, too.
type body struct {
	in    io.Reader
	conn  *http.ResponseController
	pause time.Duration
	until time.Time
	left  int64
	why   error // the first bound that was hit
}

var (
	errSlow  = errors.New("read body: too slow")
	errLarge = errors.New("read body: too large")
)

func newBody(w http.ResponseWriter, in io.Reader, o Options) *body {
	b := &body{in: in, conn: http.NewResponseController(w), pause: o.Pause, until: time.Now().Add(o.Total), left: o.MaxBody}
	b.conn.SetWriteDeadline(b.until.Add(answerTime))
	return b
}

// Read is io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.why != nil {
		return 0, b.why
	}
	now := time.Now()
	if !now.Before(b.until) {
		b.why = errSlow
		return 0, b.why
	}
	b.conn.SetReadDeadline(earlier(now.Add(b.pause), b.until))
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.in.Read(p)
	b.left -= int64(n)
	switch {
	case b.left < 0:
		b.why = errLarge
		return n - 1, b.why
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.why = errSlow
		return n, b.why
	}
	return n, err
}

// finish takes the read deadline back and gives the answer its time.
func (b *body) finish() {
	b.conn.SetReadDeadline(time.Time{})
	b.conn.SetWriteDeadline(time.Now().Add(answerTime))
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
