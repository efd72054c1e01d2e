package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Reader reads records one after the other.
type Reader struct {
	in    *bufio.Reader
	block *io.LimitedReader
	n     int
	bad   error
}

// NewReader reads a WARC stream, compressed or not: each record a gzip member
// of its own (WARC 1.1 annex D), or all in one.
func NewReader(r io.Reader) (*Reader, error) {
	in := bufio.NewReaderSize(r, readBytes)
	head, err := in.Peek(2)
	if len(head) < 2 {
		return nil, broken(err, "it has no record")
	}
	if head[0] == 0x1f && head[1] == 0x8b {
		in = bufio.NewReaderSize(newUnzipped(in), readBytes)
	}
	in = bufio.NewReaderSize(&budget{r: in, left: MaxTotal}, readBytes)
	head, err = in.Peek(len(begins))
	switch {
	case !strings.HasPrefix(begins, string(head)):
		return nil, fmt.Errorf("%w: it does not begin with a record", ErrForm)
	case len(head) < len(begins):
		return nil, broken(err, "in its first line")
	}
	return &Reader{in: in}, nil
}

// begins is how every record does.
const begins = "WARC/"

// budget ends a stream that is larger than what may be read of it.
type budget struct {
	r    io.Reader
	left int64
}

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("%w: more than %d GiB", ErrLimit, int64(MaxTotal)>>30)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// broken gives a reading error one of our names.
func broken(err error, what string) error {
	switch {
	case err == nil:
		return fmt.Errorf("%w: %s", ErrForm, what)
	case errors.Is(err, ErrCut), errors.Is(err, ErrForm), errors.Is(err, ErrLimit):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %s", ErrCut, what)
	}
	return err
}

// Next returns the next record, or io.EOF after the last. After any other error
// nothing more can be read.
func (r *Reader) Next() (*Record, error) {
	if r.bad != nil {
		return nil, r.bad
	}
	rec, err := r.next()
	r.bad = err
	return rec, err
}

func (r *Reader) next() (*Record, error) {
	if err := r.drain(); err != nil {
		return nil, err
	}
	if err := r.blanks(); err != nil {
		return nil, err
	}
	if r.n++; r.n > MaxRecords {
		return nil, fmt.Errorf("%w: more than %d records", ErrLimit, MaxRecords)
	}
	lines, err := headerLines(r.in)
	if err != nil {
		return nil, broken(err, "in a record's header")
	}
	return r.record(lines)
}

// drain reads what nobody read of the block before.
func (r *Reader) drain() error {
	if r.block == nil {
		return nil
	}
	_, err := io.Copy(io.Discard, r.block)
	if err == nil && r.block.N > 0 {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return broken(err, "in a record's block")
	}
	return nil
}

// blanks reads the lines between two records; io.EOF after the last.
func (r *Reader) blanks() error {
	for range maxBetween {
		c, err := r.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return io.EOF
		case err != nil:
			return broken(err, "between two records")
		case c != '\r' && c != '\n':
			return r.in.UnreadByte()
		}
	}
	return fmt.Errorf("%w: more than %d blank bytes between two records", ErrLimit, maxBetween)
}

func (r *Reader) record(lines []string) (*Record, error) {
	version, ok := strings.CutPrefix(lines[0], begins)
	if !ok || version != "1.0" && version != "1.1" {
		return nil, fmt.Errorf("%w: no record of WARC 1.0 or 1.1 where one should begin", ErrForm)
	}
	h, err := parseHeader(lines[1:])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForm, err)
	}
	for _, name := range []string{"warc-type", "warc-record-id", "warc-date", "content-length"} {
		if h.get(name) == "" || h.twice(name) {
			return nil, fmt.Errorf("%w: a record needs one %s", ErrForm, name)
		}
	}
	length, err := strconv.ParseInt(h.get("content-length"), 10, 64)
	if err != nil || length < 0 || h.get("content-length")[0] == '+' {
		return nil, fmt.Errorf("%w: a record's length is no number", ErrForm)
	}
	r.block = &io.LimitedReader{R: r.in, N: length}
	return &Record{Version: version, Type: strings.ToLower(h.get("warc-type")), ID: strings.Trim(h.get("warc-record-id"), "<>"),
		URI: strings.Trim(h.get("warc-target-uri"), "<>"), Date: h.get("warc-date"), Media: h.get("content-type"),
		Segment: h.get("warc-segment-number") != "", Length: length, Block: whole{r.block}}, nil
}

// whole says when a block ends before its length: half a page is none.
type whole struct{ block *io.LimitedReader }

func (w whole) Read(p []byte) (int, error) {
	n, err := w.block.Read(p)
	if errors.Is(err, io.EOF) && w.block.N > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// headerLines reads lines up to a blank one. The first is there.
func headerLines(in *bufio.Reader) ([]string, error) {
	var lines []string
	left := MaxHeader
	for {
		line, err := boundedLine(in, left)
		if err != nil {
			return nil, err
		}
		left -= len(line)
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			if len(lines) == 0 {
				return nil, fmt.Errorf("%w: a header without a line", ErrForm)
			}
			return lines, nil
		}
		lines = append(lines, string(line))
	}
}

// boundedLine reads to the next line feed, max bytes at most.
func boundedLine(in *bufio.Reader, max int) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > max {
			return nil, fmt.Errorf("%w: a header of more than %d bytes", ErrLimit, MaxHeader)
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}
