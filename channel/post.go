package channel

import (
	"strings"
	"unicode/utf8"

	"ronde/internal/errs"
)

// Limits of a post.
const (
	MaxText     = 64 << 10 // bytes
	MaxID       = 512      // bytes of an id or an author's name
	MaxPlatform = 100      // bytes
	MaxURL      = 2048     // bytes
	MaxLang     = 35       // bytes: the longest sensible BCP 47 tag
	// Skew is how far a post may lie in the future, in microseconds: clocks
	// differ. One beyond it keeps its text and gets the time of reading, so that
	// a false date neither hides a post nor puts it on top.
	Skew = int64(10 * 60 * 1_000_000)
)

// Post is one public post. Nothing in it is kept unless it is flagged.
type Post struct {
	ID       string
	Text     string
	Lang     string // BCP 47, empty when the source does not say
	Author   string
	Platform string
	URL      string
	At       int64  // microseconds UTC; 0 when the source does not say
	Source   string // id of the mandate's source
}

// Changed says what Clean changed, to be counted.
type Changed struct {
	Replaced bool // bytes that are not UTF-8 became U+FFFD
	Redated  bool // a time in the future, or none, became the time of reading
}

// Clean returns the post as the watch takes it, or why it is refused
// (errs.Invalid or errs.Limit, with a key under err.post). now is the time of
// reading.
func Clean(p Post, now int64) (Post, Changed, error) {
	var c Changed
	for _, f := range []*string{&p.ID, &p.Text, &p.Lang, &p.Author, &p.Platform, &p.URL} {
		if !utf8.ValidString(*f) {
			*f, c.Replaced = strings.ToValidUTF8(*f, "\uFFFD"), true
		}
	}
	if err := p.check(); err != nil {
		return Post{}, c, err
	}
	if p.At <= 0 || p.At > now+Skew {
		c.Redated = p.At != 0
		p.At = now
	}
	return p, c, nil
}

func (p Post) check() error {
	if strings.TrimSpace(p.Text) == "" {
		return errs.Field("text", "err.post.no_text", "read post: it has no text")
	}
	for _, f := range []struct {
		name, text string
		max        int
	}{{"text", p.Text, MaxText}, {"id", p.ID, MaxID}, {"lang", p.Lang, MaxLang}, {"author", p.Author, MaxID},
		{"platform", p.Platform, MaxPlatform}, {"url", p.URL, MaxURL}} {
		if len(f.text) > f.max {
			return errs.As(errs.Field(f.name, "err.post.too_long", "read post: its "+f.name+" is too long"),
				errs.Limit, "err.post.too_long", "field", f.name, "max", f.max)
		}
	}
	return nil
}
