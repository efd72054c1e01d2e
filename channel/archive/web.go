package archive

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"
	"time"

	"ronde/channel"
	"ronde/internal/warc"
)

// warc reads the records of a web archive: each page of text is a post.
func (a *reading) warc(r io.Reader) error {
	in, err := warc.NewReader(r)
	if err != nil {
		return err
	}
	for {
		rec, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := a.record(rec); err != nil {
			return err
		}
	}
}

// wacz reads the web archives in a package. Its pages, logs and indexes repeat
// what is in them.
func (a *reading) wacz(r io.Reader) error {
	z := warc.NewZipReader(r)
	found := false
	for {
		e, err := z.Next()
		switch {
		case errors.Is(err, io.EOF) && !found:
			return fmt.Errorf("%w: no web archive in it", errForm)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if path.Dir(e.Name) != "archive" || !strings.HasSuffix(strings.TrimSuffix(e.Name, ".gz"), ".warc") {
			continue
		}
		found = true
		if err := a.warc(e.Data); err != nil {
			return err
		}
	}
}

func (a *reading) record(rec *warc.Record) error {
	page, err := rec.Page()
	switch {
	case errors.Is(err, warc.ErrNoPage):
		a.leave(Other)
		return nil
	case errors.Is(err, warc.ErrLarge):
		a.leave(Large)
		return nil
	case errors.Is(err, warc.ErrEncoding):
		a.leave(Encoding)
		return nil
	case err != nil:
		a.leave(Broken)
		return nil
	case page.Status != 0 && page.Status != 200:
		a.leave(Status)
		return nil
	case !page.IsText():
		a.leave(Media)
		return nil
	}
	return a.page(rec, page)
}

func (a *reading) page(rec *warc.Record, page warc.Page) error {
	text, lang, err := readable(page)
	if err != nil {
		a.leave(Encoding)
		return nil
	}
	if text == "" {
		a.leave(Empty)
		return nil
	}
	p := channel.Post{ID: rec.ID, Text: text, Lang: lang, URL: webAddress(rec.URI), At: dated(rec.Date)}
	if u, err := url.Parse(p.URL); err == nil {
		p.Platform = strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	}
	if len(text) > channel.MaxText {
		a.leave(Cut)
		p.Text = upTo(text, channel.MaxText)
	}
	return a.give(p)
}

// webAddress is an address that a post may carry, or nothing.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || len(s) > channel.MaxURL {
		return ""
	}
	return s
}

// dated reads a time of RFC 3339, or a shorter one of WARC's profile; 0 when
// it is none.
func dated(s string) int64 {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04Z", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1990 && t.Year() <= 9999 {
			return t.UnixMicro()
		}
	}
	return 0
}

// upTo cuts a text at max bytes, between two characters.
func upTo(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && s[max]&0xC0 == 0x80 {
		max--
	}
	return s[:max]
}
