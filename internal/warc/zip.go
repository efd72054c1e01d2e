package warc

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A ZIP is read from its front, entry by entry (APPNOTE 6.3.9 section 4.3.7),
// because what is uploaded is kept nowhere to be read from its end. The central
// directory, which could say something else than the entries, is not read.
const (
	zipLocal      = 0x04034b50
	zipDescriptor = 0x08074b50
	zipCentral    = 0x02014b50
	zipEnd        = 0x06054b50
	zipEnd64      = 0x06064b50

	zipStored   = 0
	zipDeflated = 8

	zipEncrypted = 1 << 0
	zipFollows   = 1 << 3 // sizes follow the data
	extra64      = 0x0001
)

// Entry is one file of a ZIP. Name is only a name. Data is valid until the next
// entry is read.
type Entry struct {
	Name string
	Data io.Reader
}

// ZipReader reads the entries of a ZIP one after the other.
type ZipReader struct {
	in    *counted
	names map[string]bool
	at    *entryReader
	bad   error
}

// NewZipReader reads a ZIP stream.
func NewZipReader(r io.Reader) *ZipReader {
	return &ZipReader{in: &counted{Reader: bufio.NewReaderSize(&budget{r: r, left: MaxTotal}, readBytes)}, names: map[string]bool{}}
}

// Next returns the next entry, or io.EOF after the last.
func (z *ZipReader) Next() (*Entry, error) {
	if z.bad != nil {
		return nil, z.bad
	}
	e, err := z.next()
	z.bad = err
	return e, err
}

func (z *ZipReader) next() (*Entry, error) {
	if z.at != nil {
		if _, err := io.Copy(io.Discard, z.at); err != nil {
			return nil, err
		}
		z.at = nil
	}
	head := make([]byte, 30)
	if _, err := io.ReadFull(z.in, head[:4]); err != nil {
		return nil, broken(err, "where an entry should begin")
	}
	switch binary.LittleEndian.Uint32(head) {
	case zipCentral, zipEnd, zipEnd64:
		return nil, io.EOF
	case zipLocal:
	default:
		return nil, fmt.Errorf("%w: no entry where one should begin", ErrForm)
	}
	if _, err := io.ReadFull(z.in, head[4:]); err != nil {
		return nil, broken(err, "in an entry's header")
	}
	return z.entry(head)
}

func (z *ZipReader) entry(head []byte) (*Entry, error) {
	le := binary.LittleEndian
	flags, method := le.Uint16(head[6:]), le.Uint16(head[8:])
	r := &entryReader{z: z, crc: le.Uint32(head[14:]), packed: uint64(le.Uint32(head[18:])), size: uint64(le.Uint32(head[22:])), follows: flags&zipFollows != 0, sum: crc32.NewIEEE()}
	tail := make([]byte, int(le.Uint16(head[26:]))+int(le.Uint16(head[28:])))
	if _, err := io.ReadFull(z.in, tail); err != nil {
		return nil, broken(err, "in an entry's header")
	}
	name := string(tail[:le.Uint16(head[26:])])
	r.extra(tail[len(name):])
	if err := z.name(name); err != nil {
		return nil, err
	}
	r.begin = z.in.n
	switch {
	case flags&zipEncrypted != 0:
		return nil, fmt.Errorf("%w: an entry is encrypted", ErrForm)
	case method == zipDeflated:
		r.data = flate.NewReader(z.in)
	case method == zipStored && r.follows && r.packed == 0:
		r.data = &stored{in: z.in, sum: r.sum}
		r.summed = true
	case method == zipStored && r.packed <= math.MaxInt64:
		r.data = io.LimitReader(z.in, int64(r.packed))
	default:
		return nil, fmt.Errorf("%w: an entry is compressed in a way that is not read", ErrForm)
	}
	z.at = r
	return &Entry{name, r}, nil
}

// name refuses what tries to be more than a name below the archive.
func (z *ZipReader) name(name string) error {
	if len(z.names) == MaxEntries {
		return fmt.Errorf("%w: more than %d entries", ErrLimit, MaxEntries)
	}
	bad := name == "" || len(name) > MaxName || !utf8.ValidString(name) || name[0] == '/' || strings.ContainsAny(name, "\\:") || strings.ContainsFunc(name, unicode.IsControl)
	for _, part := range strings.Split(strings.TrimSuffix(name, "/"), "/") {
		bad = bad || part == "" || part == "." || part == ".."
	}
	if bad {
		return fmt.Errorf("%w: an entry's name is a path out of the archive, or none", ErrForm)
	}
	if z.names[name] {
		return fmt.Errorf("%w: two entries of one name", ErrForm)
	}
	z.names[name] = true
	return nil
}

// entryReader reads an entry's data and checks what its header says of it.
type entryReader struct {
	z            *ZipReader
	data         io.Reader
	crc          uint32
	packed, size uint64
	is64         bool
	follows      bool
	sum          hash.Hash32
	summed       bool // by the data's reader itself
	begin        int64
	grown        ratio
	end          error
}

// extra finds sizes beyond 32 bits (section 4.5.3).
func (r *entryReader) extra(b []byte) {
	for len(b) >= 4 {
		id, n := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if b = b[4:]; n > len(b) {
			return
		}
		if v := b[:n]; id == extra64 && n >= 16 {
			r.is64 = true
			if r.size == math.MaxUint32 {
				r.size = binary.LittleEndian.Uint64(v)
			}
			if r.packed == math.MaxUint32 {
				r.packed = binary.LittleEndian.Uint64(v[8:])
			}
		}
		b = b[n:]
	}
}

func (r *entryReader) Read(p []byte) (int, error) {
	if r.end != nil {
		return 0, r.end
	}
	n, err := r.data.Read(p)
	if !r.summed {
		r.sum.Write(p[:n])
	}
	if over := r.grown.grow(r.z.in.n-r.begin, n); over != nil {
		err = over
	}
	if r.grown.out > MaxTotal {
		err = fmt.Errorf("%w: more than %d GiB", ErrLimit, int64(MaxTotal)>>30)
	}
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		r.end = r.check()
		err = r.end
	default:
		r.end = gzipError(err)
		err = r.end
	}
	return n, err
}

// check is done at an entry's end: io.EOF when it is what its header says.
func (r *entryReader) check() error {
	took := uint64(r.z.in.n - r.begin)
	if s, ok := r.data.(*stored); ok {
		took, r.crc, r.packed, r.size = s.n, s.crc, s.n, s.n
	} else if r.follows {
		if err := r.descriptor(took); err != nil {
			return err
		}
	}
	switch {
	case took < r.packed:
		return fmt.Errorf("%w: in an entry", ErrCut)
	case took != r.packed || uint64(r.grown.out) != r.size || r.sum.Sum32() != r.crc:
		return fmt.Errorf("%w: an entry is not what its header says", ErrForm)
	}
	return io.EOF
}

// descriptor reads the sizes after the data (section 4.3.9). Its signature is
// optional, and its sizes have eight bytes when the entry is of ZIP64.
func (r *entryReader) descriptor(took uint64) error {
	le := binary.LittleEndian
	b, err := r.z.in.Peek(4)
	if err != nil {
		return broken(err, "after an entry")
	}
	if le.Uint32(b) == zipDescriptor {
		io.CopyN(io.Discard, r.z.in, 4)
	}
	n := 12
	if b, _ = r.z.in.Peek(20); len(b) == 20 && le.Uint64(b[4:]) == took && le.Uint64(b[12:]) == uint64(r.grown.out) {
		n = 20
	}
	b = make([]byte, n)
	if _, err := io.ReadFull(r.z.in, b); err != nil {
		return broken(err, "after an entry")
	}
	r.crc, r.packed, r.size = le.Uint32(b), uint64(le.Uint32(b[4:])), uint64(le.Uint32(b[8:]))
	if n == 20 {
		r.packed, r.size = le.Uint64(b[4:]), le.Uint64(b[12:])
	}
	return nil
}

// stored reads data that is not compressed and whose size follows it: it ends
// where a descriptor fits what was read. Archivers that write as they crawl
// make such entries.
type stored struct {
	in  *counted
	sum hash.Hash32
	n   uint64
	crc uint32
	end bool
}

func (s *stored) Read(p []byte) (int, error) {
	if s.end || len(p) == 0 {
		return 0, s.eof()
	}
	b, err := s.in.Peek(readBytes / 2)
	if len(b) < 16 {
		return 0, broken(errOr(err, io.ErrUnexpectedEOF), "in an entry")
	}
	n := s.plain(b)
	if n == 0 {
		if n = s.descriptor(b); n > 0 {
			_, err := s.in.Discard(n)
			s.in.n += int64(n)
			s.end = true
			return 0, errOr(err, io.EOF)
		}
		n = 1
	}
	n = copy(p, b[:n])
	s.sum.Write(p[:n])
	s.n += uint64(n)
	_, err = s.in.Discard(n)
	s.in.n += int64(n)
	return n, err
}

func (s *stored) eof() error {
	if s.end {
		return io.EOF
	}
	return nil
}

func errOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

var descriptorMark = []byte{0x50, 0x4b, 0x07, 0x08}

// plain is how many bytes come before what may be a descriptor.
func (s *stored) plain(b []byte) int {
	if i := bytes.Index(b, descriptorMark); i >= 0 {
		return i
	}
	return max(0, len(b)-len(descriptorMark)+1)
}

// descriptor is the length of one that fits, or 0.
func (s *stored) descriptor(b []byte) int {
	le := binary.LittleEndian
	if len(b) < 16 || !bytes.Equal(b[:4], descriptorMark) || le.Uint32(b[4:]) != s.sum.Sum32() {
		return 0
	}
	s.crc = le.Uint32(b[4:])
	switch {
	case len(b) >= 24 && le.Uint64(b[8:]) == s.n && le.Uint64(b[16:]) == s.n:
		return 24
	case uint64(le.Uint32(b[8:])) == s.n && uint64(le.Uint32(b[12:])) == s.n:
		return 16
	}
	return 0
}
