package rest

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ronde/internal/errs"
)

const (
	// MaxAnswer is how many bytes of an answer are read; more is errs.Limit.
	MaxAnswer = 8 << 20
	// Timeout bounds one call from the first byte to the last.
	Timeout = 30 * time.Second
	// FileTimeout bounds the fetching of one file.
	FileTimeout = 5 * time.Minute
	// MaxAfter is the longest wait that another side may ask of us.
	MaxAfter = 24 * time.Hour
)

// Answer is what came back, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK says whether the status is one of success.
func (a Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// Into reads a JSON body; into nil, nothing. An error says only that it is not
// as published.
func (a Answer) Into(v any) error {
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(a.Body, v); err != nil {
		return errs.New(errs.Unavailable, "err.rest.answer", "read answer: not the JSON that was published")
	}
	return nil
}

// JSON makes a request with body as JSON; a nil body sends none.
func JSON(ctx context.Context, method, address string, body any) (*http.Request, error) {
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, errs.Wrap(err, "write request")
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, r)
	if err != nil {
		return nil, errs.New(errs.Invalid, "err.rest.address", "make request: not a web address")
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Do sends req and reads the whole answer.
func Do(client *http.Client, req *http.Request) (Answer, error) {
	ctx, cancel := context.WithTimeout(req.Context(), Timeout)
	defer cancel()
	resp, err := still(client).Do(req.WithContext(ctx))
	if err != nil {
		return Answer{}, told(req.Context(), err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxAnswer+1))
	if err != nil {
		return Answer{}, told(req.Context(), err)
	}
	if len(body) > MaxAnswer {
		return Answer{}, errs.New(errs.Limit, "err.rest.large", "read answer: larger than 8 MiB")
	}
	return Answer{resp.StatusCode, resp.Header, body}, nil
}

// Copy sends req and writes the body of a good answer to w, at most limit
// bytes; more is errs.Limit, and w has then got a part of it. An answer with
// another status comes back with at most 64 KiB of its body, and w got nothing.
func Copy(client *http.Client, req *http.Request, w io.Writer, limit int64) (Answer, error) {
	ctx, cancel := context.WithTimeout(req.Context(), FileTimeout)
	defer cancel()
	resp, err := still(client).Do(req.WithContext(ctx))
	if err != nil {
		return Answer{}, told(req.Context(), err)
	}
	defer resp.Body.Close()
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	if !a.OK() {
		a.Body, err = io.ReadAll(io.LimitReader(resp.Body, 64<<10))
		return a, told(req.Context(), err)
	}
	if resp.ContentLength > limit {
		return a, tooLarge()
	}
	n, err := io.Copy(w, io.LimitReader(resp.Body, limit))
	if err != nil {
		return a, told(req.Context(), err)
	}
	if more, _ := io.ReadFull(resp.Body, make([]byte, 1)); n == limit && more > 0 {
		return a, tooLarge()
	}
	return a, nil
}

// Stream opens an answer that does not end. The caller closes its body.
func Stream(client *http.Client, req *http.Request) (*http.Response, error) {
	c := still(client)
	c.Timeout = 0
	resp, err := c.Do(req)
	if err != nil {
		return nil, told(req.Context(), err)
	}
	return resp, nil
}

func tooLarge() error {
	return errs.New(errs.Limit, "err.rest.file_large", "fetch file: larger than allowed")
}

// still is the client without redirects.
func still(c *http.Client) *http.Client {
	if c == nil {
		c = http.DefaultClient
	}
	other := *c
	other.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &other
}

// Told is an error of a connection that another library made with our client (a
// WebSocket), in this package's words.
func Told(ctx context.Context, err error) error { return told(ctx, err) }

// told turns what a client says into words without an address.
func told(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return errs.Wrap(ctx.Err(), "call network")
	}
	var ours *errs.Error
	if errors.As(err, &ours) {
		return ours
	}
	return errs.New(errs.Unavailable, "err.rest.unreachable", "call network: "+reason(err))
}

func reason(err error) string {
	var timeout net.Error
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var wrong x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	case errors.As(err, &dns):
		return "its name is not known"
	case errors.As(err, &unknown), errors.As(err, &wrong), errors.As(err, &invalid):
		return "its certificate is not trusted"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection broke off"
	}
	return "no connection"
}

// After reads how long the other side asks to wait: Retry-After in seconds or
// as a date (RFC 9110 §10.2.3). now is in microseconds UTC; 0: not said.
func After(h http.Header, now int64) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		return Wait(time.Duration(min(max(s, 0), MaxAfter.Seconds()) * float64(time.Second)))
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return Wait(at.Sub(time.UnixMicro(now)))
}

// Wait bounds a wait that another side asked for.
func Wait(d time.Duration) time.Duration { return min(max(d, 0), MaxAfter) }

// Web says whether address is a plain web address: http or https, a host, no
// password in it. Plain http passes only where insecure says so.
func Web(address string, insecure bool) (*url.URL, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" {
		return nil, false
	}
	return u, u.Scheme == "https" || insecure && u.Scheme == "http"
}

// Ended is nil when err is only what the end of ctx looks like from inside.
func Ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return nil
	}
	return err
}

// Pause waits for d, and returns false when ctx ended before.
func Pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// maxHops is how many redirects a file may be behind.
const maxHops = 3

// Download writes the file at a plain web address to w, at most limit bytes,
// without any credential, over at most three redirects. From https it does not
// go to http unless insecure says so. Errors are errs.Invalid, errs.Denied,
// errs.Limit or errs.Unavailable; an Answer that is not OK is no error.
func Download(ctx context.Context, client *http.Client, address string, insecure bool, w io.Writer, limit int64) (Answer, error) {
	for range maxHops + 1 {
		u, ok := Web(address, insecure)
		if !ok {
			return Answer{}, errs.New(errs.Invalid, "err.rest.address", "fetch file: not a web address")
		}
		req, err := JSON(ctx, http.MethodGet, u.String(), nil)
		if err != nil {
			return Answer{}, err
		}
		req.Header.Set("Accept", "*/*")
		a, err := Copy(client, req, w, limit)
		next := a.Header.Get("Location")
		if err != nil || a.Status < 300 || a.Status >= 400 || next == "" {
			return a, err
		}
		to, err := u.Parse(next)
		if err != nil {
			return Answer{}, errs.New(errs.Invalid, "err.rest.address", "fetch file: redirected to no web address")
		}
		address = to.String()
	}
	return Answer{}, errs.New(errs.Denied, "err.rest.address", "fetch file: more than 3 redirects")
}
