package mastodon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/rest"
)

const (
	// keyFor is how long a server surely knows an Idempotency-Key.
	keyFor = 50 * time.Minute

	mediaTries = 20 // times that a picture's making is asked for
	mediaPause = 500 * time.Millisecond
)

// posting is the body of a call that posts.
type posting struct {
	Status     string   `json:"status"`
	Visibility string   `json:"visibility"`
	ReplyTo    string   `json:"in_reply_to_id,omitempty"`
	Language   string   `json:"language,omitempty"`
	Media      []string `json:"media_ids,omitempty"`
}

// Send answers one person, as privately as they asked.
func (l *Line) Send(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	if err := ctx.Err(); err != nil {
		return channel.Sent{}, err
	}
	id, visibility, ok := l.addressee(out.Thread)
	if !ok {
		return channel.Sent{}, &channel.Refusal{Why: channel.Gone}
	}
	if why := l.unfit(out); why != "" {
		return channel.Sent{}, &channel.Refusal{Why: why}
	}
	who, err := l.reachable(ctx, id)
	if err != nil {
		return channel.Sent{}, err
	}
	p := posting{Status: "@" + who.Acct + " " + disarm(out.Text), Visibility: visibility, ReplyTo: out.ReplyTo, Language: out.Lang}
	if l.length("@"+local(who.Acct)+" "+disarm(out.Text)) > l.most() {
		return channel.Sent{}, &channel.Refusal{Why: channel.TooLong}
	}
	if out.Tried != 0 && l.now()-out.Tried > keyFor.Microseconds() {
		if sent, ok, err := l.standing(ctx, out, p.Status); ok || err != nil {
			return sent, err
		}
	}
	if p.Media, err = l.upload(ctx, out.Files); err != nil {
		return channel.Sent{}, err
	}
	s, err := l.post(ctx, p, out.Key)
	if err != nil {
		return channel.Sent{}, err
	}
	if !s.mentions(id) { // it reached nobody
		return channel.Sent{}, l.takeBack(ctx, s.ID)
	}
	return channel.Sent{ID: s.ID, At: s.Created.UnixMicro()}, nil
}

// addressee reads a thread: whom an answer reaches, and who else may read it.
func (l *Line) addressee(thread string) (id, visibility string, ok bool) {
	if id, ok = strings.CutPrefix(thread, private); ok {
		return id, "direct", id != ""
	}
	id, ok = strings.CutPrefix(thread, public)
	return id, l.answers, ok && id != ""
}

func (l *Line) unfit(out channel.Outgoing) string {
	switch {
	case !utf8.ValidString(out.Text), out.Text == "", len(out.Files) > maxMedia:
		return channel.Rejected
	case utf8.RuneCountInString(out.Text) > l.Limits().Runes:
		return channel.TooLong
	}
	for _, f := range out.Files {
		if len(f.Bytes) > maxImage {
			return channel.TooLong
		}
	}
	return ""
}

// reachable asks who the addressee is now, and whether they still hear us: a
// server takes a mention of somebody who blocked us and delivers it nowhere.
func (l *Line) reachable(ctx context.Context, id string) (account, error) {
	var who account
	if _, err := l.get(ctx, "/api/v1/accounts/"+url.PathEscape(id), nil, &who); err != nil {
		return who, err
	}
	var between []struct {
		Blocked bool `json:"blocked_by"`
	}
	if _, err := l.get(ctx, "/api/v1/accounts/relationships", url.Values{"id[]": {id}}, &between); err != nil {
		return who, err
	}
	if who.Suspended || len(between) == 1 && between[0].Blocked || !handleForm.MatchString(who.Acct) {
		return who, &channel.Refusal{Why: channel.Gone}
	}
	return who, nil
}

var (
	handleForm = regexp.MustCompile(`^[\pL\pN_][\pL\pN_.-]*(@[\pL\pN.:-]+)?$`)
	// mention is what a server would take for one: it would add a reader.
	mention = regexp.MustCompile(`(^|[^=/\pL\pN_])@([\pL\pN_])`)
	webLink = regexp.MustCompile(`https?://\S+`)
)

// disarm puts a word joiner, which nobody sees, behind each @ that would call
// somebody.
func disarm(text string) string { return mention.ReplaceAllString(text, "$1@\u2060$2") }

func local(acct string) string {
	name, _, _ := strings.Cut(acct, "@")
	return name
}

// length counts as servers do, at most too high: an address is 23 letters.
func (l *Line) length(text string) int {
	n := utf8.RuneCountInString(text)
	for _, u := range webLink.FindAllString(text, -1) {
		n += max(0, urlRunes-utf8.RuneCountInString(u))
	}
	return n
}

// post sends it. Should the status that it answers be gone, it goes without.
func (l *Line) post(ctx context.Context, p posting, key string) (status, error) {
	var s status
	once := func() error {
		_, err := l.call(ctx, func(ctx context.Context) (*http.Request, error) {
			req, err := rest.JSON(ctx, http.MethodPost, l.address("/api/v1/statuses", nil), p)
			if err == nil {
				sum := sha256.Sum256([]byte(key))
				req.Header.Set("Idempotency-Key", hex.EncodeToString(sum[:]))
			}
			return req, err
		}, &s)
		return err
	}
	err := once()
	if channel.WhyOf(err) == channel.Gone && p.ReplyTo != "" {
		p.ReplyTo = ""
		err = once()
	}
	if err == nil && s.ID == "" {
		return s, errs.New(errs.Unavailable, "err.rest.answer", "post status: the answer has no id")
	}
	return s, err
}

// takeBack deletes a status that nobody got, and says so.
func (l *Line) takeBack(ctx context.Context, id string) error {
	_, err := l.call(ctx, func(ctx context.Context) (*http.Request, error) {
		return rest.JSON(ctx, http.MethodDelete, l.address("/api/v1/statuses/"+url.PathEscape(id), nil), nil)
	}, nil)
	return &channel.Refusal{Why: channel.Gone, Err: err}
}

// upload puts files with the server and waits until it has made them.
func (l *Line) upload(ctx context.Context, files []channel.File) ([]string, error) {
	var ids []string
	for _, f := range files {
		var m struct{ ID, URL string }
		_, err := l.call(ctx, func(ctx context.Context) (*http.Request, error) {
			return rest.Form(ctx, l.address("/api/v2/media", nil), nil, rest.Part{Field: "file", Name: f.Name, Type: f.Type, Bytes: f.Bytes})
		}, &m)
		if errs.Is(err, errs.Invalid) {
			return nil, &channel.Refusal{Why: channel.Rejected, Err: err}
		}
		for try := 0; err == nil && m.URL == "" && try < mediaTries; try++ {
			if !rest.Pause(ctx, mediaPause) {
				return nil, ctx.Err()
			}
			_, err = l.get(ctx, "/api/v1/media/"+url.PathEscape(m.ID), nil, &m)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, m.ID)
	}
	return ids, nil
}

// standing looks for an answer of ours that a former try may have left, once
// the server may have forgotten the key.
func (l *Line) standing(ctx context.Context, out channel.Outgoing, text string) (channel.Sent, bool, error) {
	me, err := l.me(ctx)
	if err != nil || out.ReplyTo == "" {
		return channel.Sent{}, false, err
	}
	var around struct{ Descendants []status }
	_, err = l.get(ctx, "/api/v1/statuses/"+url.PathEscape(out.ReplyTo)+"/context", nil, &around)
	if err != nil && channel.WhyOf(err) != channel.Gone {
		return channel.Sent{}, false, err
	}
	for _, s := range around.Descendants {
		if s.Account.ID == me.ID && s.Created.UnixMicro() >= out.Tried-time.Minute.Microseconds() && letters(plain(s.Content)) == letters(text) {
			return channel.Sent{ID: s.ID, At: s.Created.UnixMicro()}, true, nil
		}
	}
	return channel.Sent{}, false, nil
}

// letters compares texts without what markup does to spaces and to the shown
// part of a mention.
func letters(s string) string {
	_, s, _ = strings.Cut(s, " ")
	return strings.Join(strings.Fields(s), " ")
}
