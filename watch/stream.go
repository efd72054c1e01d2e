package watch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/valyala/fastjson"
	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// Limits of a stream.
const (
	MaxLine   = 512 << 10 // bytes: a text of 64 KiB may be written in escapes
	MaxNamed  = 100       // refused lines that are named; the rest is counted
	lineSpace = 64 << 10
)

// Bad is a line that was not read, and why.
type Bad struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// Streamed is the answer to a stream, given after the verdict on its last
// post. Numbers are posts or lines.
type Streamed struct {
	Read         int   `json:"read"`
	Flagged      int   `json:"flagged"`
	Reposts      int   `json:"reposts"`
	NotRead      int   `json:"not_read"`
	Refused      []Bad `json:"refused"`
	RefusedTotal int   `json:"refused_total"`
}

// PostStream judges the NDJSON posts of r, sent with the key of a stream. The
// form of a line is that of `ronde scan`. Bad lines are named and the rest is
// done. Without a mandate in force nothing is read: errs.Lapsed. A wrong key
// is errs.Denied. When reading breaks off, the answer says what was done.
func (s *Service) PostStream(ctx context.Context, key string, r io.Reader) (Streamed, error) {
	src, err := s.Mandates.SourceByKey(ctx, key)
	if err != nil {
		return Streamed{}, err
	}
	if _, err := s.Mandates.Permit(ctx, src.Mandate, "read", src.ID); err != nil {
		return Streamed{}, err
	}
	st := &stream{in: bufio.NewReaderSize(r, lineSpace), t: s.tally(ctx, src), now: s.db.Now()}
	readErr := st.run()
	sum, err := st.t.wait()
	out := Streamed{sum.Read, sum.Flagged, sum.Reposts, sum.NotRead, st.bad, st.badTotal + sum.Refused}
	if out.Refused == nil {
		out.Refused = []Bad{}
	}
	if noted := s.noteStream(ctx, src.Mandate, src.ID, out, st.badTotal); err == nil {
		err = noted
	}
	if err == nil {
		err = readErr
	}
	return out, err
}

// noteStream accounts for one delivery as a whole (D 4.19: collection).
func (s *Service) noteStream(ctx context.Context, mandate, source string, out Streamed, lines int) error {
	return s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if err := s.Mandates.LeaveOut(ctx, tx, mandate, source, lines); err != nil {
			return err
		}
		if err := s.Channels.CountGap(ctx, tx, "line", lines); err != nil {
			return err
		}
		if err := s.Channels.Received(ctx, tx, source, out.Read); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, readEvent(source, mandate, out.Read, out.Flagged, out.NotRead+out.RefusedTotal))
	})
}

// stream reads lines into batches.
type stream struct {
	in       *bufio.Reader
	t        *tally
	now      int64
	parser   fastjson.Parser
	line     int
	bad      []Bad
	badTotal int
	posts    []channel.Post
	size     int
}

func (st *stream) run() error {
	var buf []byte
	for {
		var err error
		var long bool
		buf, long, err = readLine(st.in, buf[:0])
		if len(buf) > 0 || long {
			st.line++
			if !st.take(buf, long) {
				return nil // the tally knows why
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			st.flush()
			return nil
		case err != nil:
			st.flush()
			return errs.As(errs.Wrap(err, "read posts"), errs.Invalid, "err.stream.broken")
		}
	}
}

// take reads one line; false when a batch before has failed.
func (st *stream) take(line []byte, long bool) bool {
	if !long && len(bytes.TrimSpace(line)) == 0 {
		return true
	}
	if long {
		st.refuse("the line is longer than 512 KiB")
		return true
	}
	p, err := st.parse(line)
	if err == nil {
		p, _, err = channel.Clean(p, st.now)
	}
	if err != nil {
		st.refuse(reasonOf(err))
		return true
	}
	if n := postSize(p); len(st.posts) > 0 && (len(st.posts) == MaxBatchPosts || st.size+n > MaxBatchBytes) {
		if !st.flush() {
			return false
		}
	}
	st.posts, st.size = append(st.posts, p), st.size+postSize(p)
	return true
}

func (st *stream) flush() bool {
	if len(st.posts) == 0 {
		return true
	}
	posts := st.posts
	st.posts, st.size = make([]channel.Post, 0, len(posts)), 0
	return st.t.send(posts)
}

func (st *stream) refuse(reason string) {
	st.badTotal++
	if len(st.bad) < MaxNamed {
		st.bad = append(st.bad, Bad{st.line, reason})
	}
}

// reasonOf is the error without what we did, and never with what we read.
func reasonOf(err error) string {
	_, reason, found := strings.Cut(err.Error(), ": ")
	if !found {
		return err.Error()
	}
	return reason
}

var (
	errNotJSON  = errors.New("read line: it is not a JSON object")
	errNoText   = errors.New("read line: text is missing or not a string")
	errBadField = errors.New("read line: a field that should be a string is not")
	errBadTime  = errors.New("read line: at is not a time like 2026-11-23T08:00:00Z")
)

// parse reads a line into a post: text required; id, lang, at, author,
// platform, url optional; other fields are ignored.
func (st *stream) parse(line []byte) (channel.Post, error) {
	v, err := st.parser.ParseBytes(line)
	if err != nil || v.Type() != fastjson.TypeObject {
		return channel.Post{}, errNotJSON
	}
	text := v.Get("text")
	if text == nil || text.Type() != fastjson.TypeString {
		return channel.Post{}, errNoText
	}
	p := channel.Post{Text: string(text.GetStringBytes())}
	for _, f := range []struct {
		name string
		to   *string
	}{{"id", &p.ID}, {"lang", &p.Lang}, {"author", &p.Author}, {"platform", &p.Platform}, {"url", &p.URL}} {
		if *f.to, err = textOf(v.Get(f.name), f.name == "id"); err != nil {
			return channel.Post{}, err
		}
	}
	at, err := textOf(v.Get("at"), false)
	if err != nil || at == "" {
		return p, err
	}
	t, err := time.Parse(time.RFC3339Nano, at)
	if err != nil || t.Year() < 1990 || t.Year() > 9999 {
		return channel.Post{}, errBadTime
	}
	p.At = t.UnixMicro()
	return p, nil
}

// textOf is a string field; an id may be a number, as many sources have it.
func textOf(v *fastjson.Value, number bool) (string, error) {
	switch {
	case v == nil || v.Type() == fastjson.TypeNull:
		return "", nil
	case v.Type() == fastjson.TypeString:
		return string(v.GetStringBytes()), nil
	case number && v.Type() == fastjson.TypeNumber:
		return v.String(), nil
	}
	return "", errBadField
}

// readLine reads to the next line feed. A line beyond MaxLine is skipped
// without being kept.
func readLine(in *bufio.Reader, buf []byte) (line []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if len(buf)+len(part) > MaxLine {
			long, buf = true, buf[:0]
		} else if !long {
			buf = append(buf, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return buf, long, err
		}
	}
}

func readEvent(source, mandate string, read, flagged, left int) ledger.Event {
	return ledger.Event{Verb: "source.read", ID: "mandate_sources/" + source, By: access.AsMachine("watch"), Permit: mandate,
		Detail: "read=" + itoa(read) + " flagged=" + itoa(flagged) + " left-out=" + itoa(left)}
}
