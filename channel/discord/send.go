package discord

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/rest"
)

const (
	suppressEmbeds = 1 << 2
	skew           = 5 * time.Second // between our clock and Discord's
)

// Send writes an answer into a conversation.
func (l *Line) Send(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	if err := fits(out); err != nil {
		return channel.Sent{}, err
	}
	if out.Tried != 0 {
		if sent, err := l.stands(ctx, out); err != nil || sent.ID != "" {
			return sent, err
		}
	}
	body := map[string]any{
		"content": out.Text, "nonce": nonce(out.Key), "enforce_nonce": true,
		"allowed_mentions": map[string]any{"parse": []string{}, "replied_user": true},
	}
	if len(out.Files) == 0 {
		body["flags"] = suppressEmbeds
	}
	if snowflake.MatchString(out.ReplyTo) {
		body["message_reference"] = map[string]any{"message_id": out.ReplyTo, "fail_if_not_exists": false}
	}
	var got message
	err := l.api.do(ctx, "/channels/"+room(out.Thread)+"/messages", &got, func(ctx context.Context, address string) (*http.Request, error) {
		if len(out.Files) == 0 {
			return rest.JSON(ctx, http.MethodPost, address, body)
		}
		return multi(ctx, address, body, out.Files)
	})
	if err != nil {
		return channel.Sent{}, err
	}
	if !snowflake.MatchString(got.ID) {
		return channel.Sent{}, errs.New(errs.Unavailable, "err.rest.answer", "send answer: a receipt without an id")
	}
	return channel.Sent{ID: got.ID, At: at(got.ID)}, nil
}

// threadForm is a direct conversation, or one person in a channel.
var threadForm = regexp.MustCompile(`^[0-9]{1,20}(/[0-9]{1,20})?$`)

// room is where a conversation is held.
func room(thread string) string {
	at, _, _ := strings.Cut(thread, "/")
	return at
}

func fits(out channel.Outgoing) error {
	refuse := func(why, format string, args ...any) error {
		return &channel.Refusal{Why: why, Err: fmt.Errorf(format, args...)}
	}
	n := utf8.RuneCountInString(out.Text)
	switch {
	case !threadForm.MatchString(out.Thread):
		return refuse(channel.Rejected, "the thread is not one of Discord's")
	case n > maxRunes:
		return refuse(channel.TooLong, "%d letters, at most %d", n, maxRunes)
	case n == 0 && len(out.Files) == 0:
		return refuse(channel.Rejected, "nothing to send")
	case len(out.Files) > maxFiles:
		return refuse(channel.TooLong, "%d files, at most %d", len(out.Files), maxFiles)
	}
	total := 0
	for _, f := range out.Files {
		total += len(f.Bytes)
	}
	if total > maxUpload {
		return refuse(channel.TooLong, "files of %d bytes, at most %d together", total, maxUpload)
	}
	return nil
}

// nonce is a key in 24 letters; Discord takes 25.
func nonce(key string) string {
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

// stands looks whether an answer that was tried before is already there:
// Discord compares nonces only for some minutes.
func (l *Line) stands(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	me, err := l.self(ctx)
	if err != nil {
		return channel.Sent{}, err
	}
	tried := strconv.FormatUint(since(out.Tried-skew.Microseconds()), 10)
	raw, _, err := l.after(ctx, room(out.Thread), tried)
	if channel.WhyOf(err) == channel.Gone && !gone(err) {
		return channel.Sent{}, nil // it may not read what was written, only write
	}
	if err != nil {
		return channel.Sent{}, err
	}
	for _, r := range raw {
		var m message
		if json.Unmarshal(r, &m) != nil || m.Author == nil || m.Author.ID != me || !snowflake.MatchString(m.ID) {
			continue
		}
		if m.Nonce == nonce(out.Key) || m.Nonce == nil && len(m.Attachments) == len(out.Files) && m.text() == strings.TrimSpace(out.Text) {
			return channel.Sent{ID: m.ID, At: at(m.ID)}, nil
		}
	}
	return channel.Sent{}, nil
}

// gone tells a channel that is no more from one whose past we may not read.
func gone(err error) bool { return strings.Contains(err.Error(), codes[10003].text) }

// multi is a request of several parts (RFC 7578): the message, then its files.
func multi(ctx context.Context, address string, body map[string]any, files []channel.File) (*http.Request, error) {
	payload, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part := func(disposition, kind string, content []byte) error {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", "form-data; "+disposition)
		h.Set("Content-Type", kind)
		p, err := w.CreatePart(h)
		if err == nil {
			_, err = p.Write(content)
		}
		return err
	}
	err = part(`name="payload_json"`, "application/json", payload)
	for i, f := range files {
		err = errors.Join(err, part(fmt.Sprintf(`name="files[%d]"; filename=%q`, i, plainName(f.Name)), "application/octet-stream", f.Bytes))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, &b)
	if err != nil {
		return nil, errors.New("make request: not a web address")
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return req, nil
}

// plainName is a file's name without a path, quotes or controls.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"\`, r) {
			return '_'
		}
		return r
	}, path.Base(strings.ToValidUTF8(name, "_")))
	if name, _ = channel.Cut(name, 200); name == "." || name == "/" || name == "" {
		return "file"
	}
	return name
}

// Fetch gets a file's bytes. Its address is signed and good for a day, so the
// message is asked for it each time.
func (l *Line) Fetch(ctx context.Context, f channel.File, w io.Writer) error {
	ids := strings.Split(f.ID, "/")
	if len(ids) != 3 || !snowflake.MatchString(ids[0]) || !snowflake.MatchString(ids[1]) {
		return errs.New(errs.NotFound, "err.rest.answer", "fetch file: the id is not one of Discord's")
	}
	var m message
	if err := l.api.get(ctx, "/channels/"+ids[0]+"/messages/"+ids[1], &m); err != nil {
		return err
	}
	all := m.Attachments
	for _, s := range m.Snapshots {
		all = append(all, s.Message.Attachments...)
	}
	for _, a := range all {
		if a.ID == ids[2] {
			return l.copy(ctx, a.URL, w)
		}
	}
	return &channel.Refusal{Why: channel.Gone, Err: errors.New("the file is no more")}
}

// copy fetches an address of Discord's store, without our token.
func (l *Line) copy(ctx context.Context, address string, w io.Writer) error {
	if _, web := rest.Web(address, strings.HasPrefix(l.api.base, "http:")); !web {
		return errs.New(errs.Unavailable, "err.rest.answer", "fetch file: not a web address")
	}
	req, err := rest.JSON(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", agent)
	got, err := rest.Copy(l.api.http, req, w, channel.MaxFile)
	if err == nil && !got.OK() {
		err = refusal(got.Status, 0, rest.After(got.Header, l.now()))
	}
	return err
}
