package archive

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"time"

	"ronde/channel"
)

// tweet has what is read of data/tweets.js in the archive that X gives its
// users. The account's name stands in another file.
type tweet struct {
	ID      string `json:"id_str"`
	Full    string `json:"full_text"`
	Text    string `json:"text"`
	Created string `json:"created_at"`
	Lang    string `json:"lang"`
}

// assignment is how the file begins before its JSON. Other files of the archive
// (direct messages, deleted posts, likes) have other names there and are not
// read.
var assignment = regexp.MustCompile(`^\x{FEFF}?\s*window\.YTD\.(?:tweets?|community_tweet)\.part\d+\s*=\s*$`)

const maxAssignment = 256 // bytes

// x reads data/tweets.js.
func (a *reading) x(r io.Reader) error {
	in := bufio.NewReaderSize(r, readPiece)
	head, _ := in.Peek(maxAssignment) // a file may be shorter than that, and is judged by what there is
	at := strings.IndexByte(string(head), '[')
	if at < 0 || !assignment.Match(head[:at]) {
		if len(head) == 0 {
			return errCut
		}
		return fmt.Errorf("%w: not the file tweets.js of an archive", errForm)
	}
	if _, err := in.Discard(at); err != nil {
		return err
	}
	// The list is made an object's, so that one walker serves all exports.
	return walk(io.MultiReader(strings.NewReader(`{"tweets":`), &listOnly{in: in}, strings.NewReader("}")), "tweets", func(raw json.RawMessage, _ map[string]string) error {
		var wrapped struct {
			Tweet json.RawMessage `json:"tweet"`
		}
		if json.Unmarshal(raw, &wrapped) == nil && wrapped.Tweet != nil {
			raw = wrapped.Tweet
		}
		var t tweet
		if json.Unmarshal(raw, &t) != nil {
			a.leave(Broken)
			return nil
		}
		return a.tweet(t)
	})
}

func (a *reading) tweet(t tweet) error {
	text := t.Full
	if text == "" {
		text = t.Text
	}
	if strings.TrimSpace(text) == "" {
		a.leave(Empty)
		return nil
	}
	p := channel.Post{ID: t.ID, Text: html.UnescapeString(text), Platform: "x.com"}
	if len(t.Lang) == 2 { // "und" and "zxx", "qme" and the like are no languages
		p.Lang = t.Lang
	}
	if isDigits(t.ID) {
		p.URL = "https://x.com/i/status/" + t.ID
	}
	if at, err := time.Parse(time.RubyDate, t.Created); err == nil && at.Year() >= 1990 && at.Year() <= 9999 {
		p.At = at.UnixMicro()
	}
	return a.give(p)
}

func isDigits(s string) bool {
	return s != "" && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}

// listOnly ends a stream after its first list, and before the semicolon that
// some archives write there.
type listOnly struct {
	in     *bufio.Reader
	level  int
	quoted bool
	escape bool
	end    bool
}

func (l *listOnly) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && !l.end {
		if n > 0 && l.in.Buffered() == 0 {
			break
		}
		c, err := l.in.ReadByte()
		if err != nil {
			return n, io.ErrUnexpectedEOF
		}
		p[n] = c
		n++
		l.see(c)
	}
	if n == 0 && l.end {
		return 0, io.EOF
	}
	return n, nil
}

// see follows the brackets outside strings.
func (l *listOnly) see(c byte) {
	switch {
	case l.escape:
		l.escape = false
	case l.quoted && c == '\\':
		l.escape = true
	case c == '"':
		l.quoted = !l.quoted
	case l.quoted:
	case c == '[' || c == '{':
		l.level++
	case c == ']' || c == '}':
		l.level--
		l.end = l.level <= 0
	}
}
