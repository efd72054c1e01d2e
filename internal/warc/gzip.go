package warc

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// unzipped reads gzip members one after the other as one stream, each bounded
// in how far it may grow.
type unzipped struct {
	in     *counted
	z      *gzip.Reader
	member ratio
}

// counted counts what is read of a buffered stream. It is an io.ByteReader, so
// that a decompressor takes no more than its own.
type counted struct {
	*bufio.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counted) ReadByte() (byte, error) {
	b, err := c.Reader.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// ratio compares what goes in with what comes out.
type ratio struct{ from, out int64 }

func (r *ratio) grow(in int64, n int) error {
	if r.out += int64(n); r.out > RatioFrom && r.out > MaxRatio*max(1, in-r.from) {
		return fmt.Errorf("%w: it grows to more than %d times its size", ErrLimit, MaxRatio)
	}
	return nil
}

func newUnzipped(in *bufio.Reader) *unzipped { return &unzipped{in: &counted{Reader: in}} }

func (u *unzipped) Read(p []byte) (int, error) {
	for {
		if u.z == nil {
			if err := u.open(); err != nil {
				return 0, err
			}
		}
		n, err := u.z.Read(p)
		if over := u.member.grow(u.in.n, n); over != nil {
			return n, over
		}
		switch {
		case n > 0 && (err == nil || errors.Is(err, io.EOF)):
			if err != nil {
				err = u.advance()
			}
			return n, err
		case errors.Is(err, io.EOF):
			if err := u.advance(); err != nil {
				return 0, err
			}
		case err != nil:
			return n, gzipError(err)
		}
	}
}

func (u *unzipped) open() (err error) {
	if u.z, err = gzip.NewReader(u.in); err != nil {
		u.z = nil
		return gzipError(err)
	}
	u.z.Multistream(false)
	return nil
}

// advance goes to the next member; io.EOF after the last.
func (u *unzipped) advance() error {
	if _, err := u.in.Peek(1); err != nil {
		return err
	}
	u.member = ratio{from: u.in.n}
	if err := u.z.Reset(u.in); err != nil {
		return gzipError(err)
	}
	u.z.Multistream(false)
	return nil
}

// gzipError gives a decompressor's error one of our names. Others are of the
// stream below and stay what they are.
func gzipError(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: its compression ends in the middle", ErrCut)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return fmt.Errorf("%w: its compression is broken", ErrForm)
	}
	return err
}
