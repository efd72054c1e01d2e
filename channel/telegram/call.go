package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/rest"
)

// api calls the methods of the Bot API.
type api struct {
	http  *http.Client
	base  string
	token *rest.Secret
}

// answer is the envelope of every method.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// movedError says that a group has another number now.
type movedError struct{ to int64 }

func (*movedError) Error() string { return "the group has another number now" }

// request makes the same request again for another token.
type request func(ctx context.Context, address string) (*http.Request, error)

// call asks a method with a JSON body, and reads the result into out.
func (a api) call(ctx context.Context, method string, in, out any) error {
	return a.do(ctx, method, out, func(ctx context.Context, address string) (*http.Request, error) {
		return rest.JSON(ctx, http.MethodPost, address, in)
	})
}

// do tries again when the token was refused and another lies in its file.
func (a api) do(ctx context.Context, method string, out any, make request) error {
	for {
		token := a.token.Value()
		err := a.once(ctx, token, method, out, make)
		if channel.WhyOf(err) != channel.Expired || !a.token.Renew(token) {
			return err
		}
	}
}

func (a api) once(ctx context.Context, token, method string, out any, make request) error {
	req, err := make(ctx, a.base+"/bot"+url.PathEscape(token)+"/"+method)
	if err != nil {
		return err
	}
	got, err := rest.Do(a.http, req)
	if err != nil {
		return err
	}
	var in answer
	if err := got.Into(&in); err != nil {
		if got.OK() {
			return err
		}
		in = answer{Code: got.Status}
	}
	if in.OK {
		return read(in.Result, out)
	}
	if in.Code == 0 {
		in.Code = got.Status
	}
	return in.refusal()
}

func read(result json.RawMessage, out any) error {
	if out == nil {
		return nil
	}
	if json.Unmarshal(result, out) != nil {
		return errs.New(errs.Unavailable, "err.rest.answer", "read answer: not the result that was published")
	}
	return nil
}

// refusals are told apart by the words that Telegram describes them with: its
// codes are those of HTTP, and the descriptions carry the difference.
var refusals = []struct {
	code  int
	words string
	why   string
	text  string // ours: Telegram's own may repeat what was sent
}{
	{http.StatusForbidden, "initiate conversation", channel.Window, "they have not written to the bot"},
	{http.StatusForbidden, "", channel.Gone, "the bot is blocked, or was put out of the chat"},
	{http.StatusBadRequest, "too long", channel.TooLong, "the text is too long"},
	{http.StatusBadRequest, "too big", channel.TooLong, "the file is too large"},
	{http.StatusBadRequest, "chat not found", channel.Gone, "the chat is no more"},
	{http.StatusBadRequest, "PEER_ID_INVALID", channel.Gone, "the chat is no more"},
	{http.StatusBadRequest, "thread not found", channel.Gone, "the topic is no more"},
	{http.StatusBadRequest, "TOPIC_", channel.Gone, "the topic is closed"},
	{http.StatusBadRequest, "user is deactivated", channel.Gone, "the account is no more"},
	{http.StatusBadRequest, "CHAT_WRITE_FORBIDDEN", channel.Gone, "the bot may not write there"},
	{http.StatusBadRequest, "", channel.Rejected, "a bad request"},
	{http.StatusUnauthorized, "", channel.Expired, "the token is no longer good"},
	{http.StatusNotFound, "", channel.Expired, "the token is not one of Telegram's"},
	{http.StatusConflict, "webhook", channel.Rejected, "a webhook is set for this bot: remove it with deleteWebhook"},
	{http.StatusConflict, "", channel.Later, "another program fetches this bot's updates"},
	{http.StatusRequestEntityTooLarge, "", channel.TooLong, "the file is too large"},
	{http.StatusTooManyRequests, "", channel.Later, "too many requests"},
}

// refusal says why a method was refused.
func (in answer) refusal() error {
	if in.Parameters.MigrateTo != 0 {
		return &movedError{in.Parameters.MigrateTo}
	}
	if in.Code >= http.StatusInternalServerError {
		return &channel.Refusal{Why: channel.Later, Err: errors.New("telegram is not well")}
	}
	for _, r := range refusals {
		if in.Code == r.code && strings.Contains(in.Description, r.words) {
			after := rest.Wait(time.Duration(in.Parameters.RetryAfter) * time.Second)
			return &channel.Refusal{Why: r.why, After: after, Err: errors.New(r.text)}
		}
	}
	return &channel.Refusal{Why: channel.Rejected, Err: errors.New("for a reason that is not published")}
}
