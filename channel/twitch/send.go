package twitch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/channel"
	"ronde/internal/errs"
)

const skew = 5 * time.Second // between trying and the chat showing it

// Send writes into the chat, as an answer to what it answers.
func (l *Line) Send(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	text := strings.Join(strings.Fields(out.Text), " ") // a chat has no lines
	if out.ReplyTo == "" && loginForm.MatchString(out.To.Handle) {
		text = "@" + out.To.Handle + " " + text
	}
	if n := utf8.RuneCountInString(text); n > maxRunes {
		return channel.Sent{}, refuse(channel.TooLong, fmt.Sprintf("%d letters, at most %d", n, maxRunes))
	}
	if len(out.Files) > 0 || text == "" {
		return channel.Sent{}, refuse(channel.Rejected, "a chat takes words only")
	}
	me, room, err := l.place(ctx)
	if err != nil {
		return channel.Sent{}, err
	}
	if at, _, ok := strings.Cut(out.Thread, "/"); !ok || at != room {
		return channel.Sent{}, refuse(channel.Rejected, "the thread is not this chat")
	}
	select {
	case l.sending <- struct{}{}:
		defer func() { <-l.sending }()
	case <-ctx.Done():
		return channel.Sent{}, ctx.Err()
	}
	if out.Tried != 0 {
		if sent, ok := l.stands(text, out.Tried); ok {
			return sent, nil
		}
	}
	return l.post(ctx, me, room, text, out.ReplyTo)
}

// stands looks among what the chat has shown of us since an answer was tried.
func (l *Line) stands(text string, tried int64) (channel.Sent, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, o := range l.own {
		if o.at >= tried-skew.Microseconds() && same(o.text, text) {
			return channel.Sent{ID: o.id, At: o.at}, true
		}
	}
	return channel.Sent{}, false
}

// same says whether the chat shows a text: an answer stands there after the
// name of whom it answers.
func same(shown, text string) bool {
	if _, rest, ok := strings.Cut(shown, " "); ok && strings.HasPrefix(shown, "@") && rest == text {
		return true
	}
	return shown == text
}

// posted is the API's receipt.
type posted struct {
	Data []struct {
		ID     string `json:"message_id"`
		Sent   bool   `json:"is_sent"`
		Reason *struct {
			Code string `json:"code"`
		} `json:"drop_reason"`
	} `json:"data"`
}

func (l *Line) post(ctx context.Context, me identity, room, text, replyTo string) (channel.Sent, error) {
	body := map[string]any{"broadcaster_id": room, "sender_id": me.User, "message": text}
	if replyTo != "" {
		body["reply_parent_message_id"] = replyTo
	}
	var got posted
	if err := l.helix(ctx, http.MethodPost, "/chat/messages", body, &got); err != nil {
		return channel.Sent{}, err
	}
	if len(got.Data) != 1 {
		return channel.Sent{}, errs.New(errs.Unavailable, "err.rest.answer", "send answer: not the receipt that was published")
	}
	r := got.Data[0]
	if !r.Sent {
		code := ""
		if r.Reason != nil {
			code = r.Reason.Code
		}
		return channel.Sent{}, dropped(code)
	}
	if r.ID == "" || len(r.ID) > channel.MaxKey {
		return channel.Sent{}, errs.New(errs.Unavailable, "err.rest.answer", "send answer: a receipt without an id")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sent = append(l.sent, r.ID); len(l.sent) > maxOwn {
		l.sent = slices.Delete(l.sent, 0, 1)
	}
	return channel.Sent{ID: r.ID}, nil
}

// dropWords are parts of the codes for which Twitch drops a message. They are
// not published; those that were seen are the ids of IRC's notices.
var dropWords = []struct{ part, why string }{
	{"slow", channel.Later}, {"ratelimit", channel.Later}, {"rate_limit", channel.Later}, {"timedout", channel.Later}, {"timed_out", channel.Later},
	{"banned", channel.Gone}, {"suspended", channel.Gone},
}

var codeForm = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

// dropped says why Twitch took a message and did not show it.
func dropped(code string) error {
	if !codeForm.MatchString(code) {
		code = "no reason"
	}
	for _, w := range dropWords {
		if strings.Contains(code, w.part) {
			return refuse(w.why, "twitch dropped the message: "+code)
		}
	}
	return &channel.Refusal{Why: channel.Rejected, Err: errors.New("twitch dropped the message: " + code)}
}
