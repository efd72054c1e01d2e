package warc

import (
	"errors"
	"io"
	"strings"
)

// Limits of an archive.
const (
	MaxHeader  = 64 << 10 // bytes of a record's or response's header
	MaxFields  = 200      // of one header
	MaxRecords = 5_000_000
	MaxTotal   = 64 << 30 // bytes after decompression
	MaxPayload = 8 << 20  // bytes of a page after decompression; a larger one is not read
	MaxRatio   = 500      // a stream may grow to so many times its size
	RatioFrom  = 8 << 20  // bytes before the ratio counts: small streams compress well
	MaxEntries = 10_000   // of a ZIP
	MaxName    = 1024     // bytes of an entry's name
	maxBetween = 64 << 10 // blank bytes between two records
	readBytes  = 64 << 10
)

// The errors of reading. They are wrapped with what was wrong.
var (
	ErrCut   = errors.New("the archive is cut short")
	ErrForm  = errors.New("it is not an archive of this kind")
	ErrLimit = errors.New("the archive is beyond a limit")
)

// Record is one record. Block is valid until the next is read.
type Record struct {
	Version string // "1.0" or "1.1"
	Type    string // "response", "resource", "conversion", "request", …
	ID      string
	URI     string // what was asked for
	Date    string // W3C profile of ISO 8601, UTC
	Media   string // Content-Type of the block
	Segment bool   // a part of a record that was split
	Length  int64  // of the block, as the record says
	Block   io.Reader
}

// field is a header's line, its name in lower case.
type field struct{ name, value string }

type header []field

// get returns a field's value, or "".
func (h header) get(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// twice says that a field stands more than once.
func (h header) twice(name string) bool {
	n := 0
	for _, f := range h {
		if f.name == name {
			n++
		}
	}
	return n > 1
}

// parseHeader reads "name: value" lines; one that begins with a space goes on
// with the line before (RFC 2822, as WARC 1.1 section 4 has it).
func parseHeader(lines []string) (header, error) {
	var h header
	for _, line := range lines {
		if len(h) > 0 && (line[0] == ' ' || line[0] == '\t') {
			h[len(h)-1].value += " " + strings.TrimSpace(line)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(name) == "" {
			return nil, errors.New("a header line without a name")
		}
		if len(h) == MaxFields {
			return nil, ErrLimit
		}
		h = append(h, field{strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)})
	}
	return h, nil
}
