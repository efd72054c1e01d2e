package warc

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"
)

// Page is what a record holds for a reader: a response's payload, or the
// resource itself.
type Page struct {
	Status  int    // of the response; 0 where the record is not one
	Media   string // media type in lower case, without parameters
	Charset string // as the answer says, in lower case
	Body    []byte
}

// Why a record gives no page. The stream goes on after it.
var (
	ErrNoPage   = errors.New("the record is no page")
	ErrEncoding = errors.New("the page is compressed in a way that is not read")
	ErrLarge    = errors.New("the page is too large")
	ErrBroken   = errors.New("the page is broken")
)

// Page reads a record's block. Records that are no page (requests, metadata,
// revisits, parts of split records) give ErrNoPage. Only text is read: of any
// other media type the body stays where it is.
func (rec *Record) Page() (Page, error) {
	switch {
	case rec.Segment:
		return Page{}, ErrNoPage
	case rec.Type == "resource" || rec.Type == "conversion":
		return rec.plain()
	case rec.Type == "response" && isHTTP(rec.Media):
		return rec.response()
	}
	return Page{}, ErrNoPage
}

func isHTTP(media string) bool {
	kind, params, err := mime.ParseMediaType(media)
	return err == nil && kind == "application/http" && (params["msgtype"] == "" || params["msgtype"] == "response")
}

func (rec *Record) plain() (Page, error) {
	var p Page
	p.Media, p.Charset = mediaOf(rec.Media)
	if !p.IsText() {
		return p, nil
	}
	var err error
	p.Body, err = payload(rec.Block, nil)
	return p, err
}

// IsText says whether there is text in it that is read.
func (p Page) IsText() bool {
	return p.Media == "text/html" || p.Media == "application/xhtml+xml" || p.Media == "text/plain"
}

func mediaOf(s string) (media, charset string) {
	kind, params, err := mime.ParseMediaType(s)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		kind, _, _ = strings.Cut(s, ";")
		return strings.ToLower(strings.TrimSpace(kind)), ""
	}
	return kind, strings.ToLower(params["charset"])
}

// response reads a block as RFC 9112 has it.
func (rec *Record) response() (Page, error) {
	in := bufio.NewReader(rec.Block)
	lines, err := headerLines(in)
	if err != nil {
		return Page{}, ErrBroken // an error of the archive itself comes back with the next record
	}
	var p Page
	version, rest, _ := strings.Cut(lines[0], " ")
	code, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	if p.Status, err = strconv.Atoi(code); err != nil || !strings.HasPrefix(version, "HTTP/") {
		return Page{}, ErrBroken
	}
	h, err := parseHeader(lines[1:])
	if err != nil {
		return Page{}, ErrBroken
	}
	p.Media, p.Charset = mediaOf(h.get("content-type"))
	if !p.IsText() || p.Status != 200 {
		return p, nil
	}
	p.Body, err = payload(in, h)
	return p, err
}

// payload undoes transfer and content coding. Archivers differ in whether they
// store a body as it came or as it was meant, whatever the header says, so
// what the bytes are decides.
func payload(r io.Reader, h header) ([]byte, error) {
	in := bufio.NewReader(r)
	if strings.Contains(strings.ToLower(h.get("transfer-encoding")), "chunked") && looksChunked(in) {
		in = bufio.NewReader(&chunked{in: in})
	}
	body, err := decoded(in, strings.ToLower(strings.TrimSpace(h.get("content-encoding"))))
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(body, MaxPayload+1))
	switch {
	case len(b) > MaxPayload:
		return nil, ErrLarge
	case err != nil:
		return nil, ErrBroken
	}
	return b, nil
}

func decoded(in *bufio.Reader, coding string) (io.Reader, error) {
	head, _ := in.Peek(2)
	switch coding {
	case "gzip", "x-gzip":
		if !bytes.Equal(head, []byte{0x1f, 0x8b}) {
			return in, nil
		}
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, ErrBroken
		}
		return z, nil
	case "deflate":
		if len(head) < 2 || head[0]&0x0f != 8 || (int(head[0])<<8|int(head[1]))%31 != 0 {
			return in, nil
		}
		z, err := zlib.NewReader(in)
		if err != nil {
			return nil, ErrBroken
		}
		return z, nil
	case "", "identity":
		return in, nil
	}
	return nil, ErrEncoding
}

// chunked undoes the chunked transfer coding (RFC 9112 section 7.1).
type chunked struct {
	in   *bufio.Reader
	left int64
	end  bool
}

// maxChunkLine bounds a chunk's size line with its extensions.
const maxChunkLine = 1024

func looksChunked(in *bufio.Reader) bool {
	head, _ := in.Peek(maxChunkLine)
	line, _, ok := bytes.Cut(head, []byte("\n"))
	if !ok {
		return false
	}
	_, err := chunkSize(string(line))
	return err == nil
}

func chunkSize(line string) (int64, error) {
	size, _, _ := strings.Cut(line, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 62)
	if err != nil {
		return 0, fmt.Errorf("%w: a chunk without a size", ErrBroken)
	}
	return int64(n), nil
}

func (c *chunked) Read(p []byte) (int, error) {
	if c.end {
		return 0, io.EOF
	}
	if c.left == 0 {
		if err := c.open(); err != nil {
			return 0, err
		}
		if c.end {
			return 0, io.EOF
		}
	}
	n, err := c.in.Read(p[:min(int64(len(p)), c.left)])
	if c.left -= int64(n); c.left == 0 && err == nil {
		_, err = boundedLine(c.in, maxChunkLine) // the line's end after a chunk
	}
	if errors.Is(err, io.EOF) && c.left > 0 {
		err = io.ErrUnexpectedEOF
	} else if errors.Is(err, io.EOF) {
		c.end, err = true, nil
	}
	return n, err
}

func (c *chunked) open() error {
	line, err := boundedLine(c.in, maxChunkLine)
	if err != nil {
		return io.ErrUnexpectedEOF
	}
	c.left, err = chunkSize(string(line))
	c.end = err == nil && c.left == 0
	return err
}
