package telegram

import (
	"bytes"
	"context"
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
	"unicode/utf8"

	"ronde/channel"
)

// Send writes an answer in one call: a text, a document with its caption, or
// an album of documents.
func (l *Line) Send(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	if err := fits(out); err != nil {
		return channel.Sent{}, err
	}
	to, err := address(out)
	if err != nil {
		return channel.Sent{}, err
	}
	to["chat_id"] = l.today(to["chat_id"].(int64))
	sent, err := l.post(ctx, to, out)
	var moved *movedError
	if errors.As(err, &moved) {
		l.move(to["chat_id"].(int64), moved.to)
		to["chat_id"] = moved.to
		sent, err = l.post(ctx, to, out)
	}
	if errors.As(err, &moved) {
		return channel.Sent{}, &channel.Refusal{Why: channel.Gone, Err: moved}
	}
	return sent, err
}

func fits(out channel.Outgoing) error {
	longest := maxRunes
	if len(out.Files) > 0 {
		longest = maxCaption
	}
	if n := utf8.RuneCountInString(out.Text); n > longest {
		return &channel.Refusal{Why: channel.TooLong, Err: fmt.Errorf("%d letters, at most %d with %d files", n, longest, len(out.Files))}
	}
	if len(out.Files) > maxAlbum {
		return &channel.Refusal{Why: channel.TooLong, Err: fmt.Errorf("%d files, at most %d", len(out.Files), maxAlbum)}
	}
	for _, f := range out.Files {
		if len(f.Bytes) > channel.MaxFile {
			return &channel.Refusal{Why: channel.TooLong, Err: fmt.Errorf("a file of %d bytes", len(f.Bytes))}
		}
	}
	if out.Text == "" && len(out.Files) == 0 {
		return &channel.Refusal{Why: channel.Rejected, Err: errors.New("nothing to send")}
	}
	return nil
}

// threadForm is a private chat, or a person in a topic (0: none) of a group.
var threadForm = regexp.MustCompile(`^(-?[0-9]{1,19})(/([0-9]{1,19})/-?[0-9]{1,19})?$`)

// address is whom the answer is for, in the API's words. In a group it answers
// their message, so that they are told of it.
func address(out channel.Outgoing) (map[string]any, error) {
	part := threadForm.FindStringSubmatch(out.Thread)
	if part == nil || number(part[1]) == 0 {
		return nil, &channel.Refusal{Why: channel.Rejected, Err: errors.New("the thread is not one of Telegram's")}
	}
	to := map[string]any{"chat_id": number(part[1])}
	if topic := number(part[3]); topic != 0 {
		to["message_thread_id"] = topic
	}
	if n := number(out.ReplyTo); n > 0 {
		to["reply_parameters"] = map[string]any{"message_id": n, "allow_sending_without_reply": true}
	}
	return to, nil
}

// today is the number that a chat has now.
func (l *Line) today(id int64) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	for to, was := range l.moved {
		if was == id {
			return to
		}
	}
	return id
}

// receipt is a message that was sent, or the first of an album.
type receipt struct {
	ID   int64 `json:"message_id"`
	Date int64 `json:"date"`
}

func (r *receipt) UnmarshalJSON(b []byte) error {
	type plain receipt
	if !bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		return json.Unmarshal(b, (*plain)(r))
	}
	var album []plain
	if err := json.Unmarshal(b, &album); err != nil || len(album) == 0 {
		return errors.Join(err, io.ErrUnexpectedEOF)
	}
	*r = receipt(album[0])
	return nil
}

func (l *Line) post(ctx context.Context, to map[string]any, out channel.Outgoing) (channel.Sent, error) {
	var got receipt
	var err error
	if len(out.Files) == 0 {
		to["text"], to["link_preview_options"] = out.Text, map[string]any{"is_disabled": true}
		err = l.api.call(ctx, "sendMessage", to, &got)
	} else {
		method, form := album(to, out)
		err = l.api.do(ctx, method, &got, form)
	}
	if err != nil {
		return channel.Sent{}, err
	}
	return channel.Sent{ID: strconv.FormatInt(got.ID, 10), At: got.Date * 1_000_000}, nil
}

// album makes the form for one document or several. Pictures go as documents
// too: as photos they would be made smaller.
func album(to map[string]any, out channel.Outgoing) (method string, form request) {
	fields := map[string]string{}
	for name, v := range to {
		b, err := json.Marshal(v)
		if err == nil {
			fields[name] = string(b)
		}
	}
	method = "sendDocument"
	names := []string{"document"}
	if len(out.Files) == 1 {
		fields["caption"] = out.Text
	} else {
		method, names = "sendMediaGroup", nil
		var media []map[string]any
		for i := range out.Files {
			names = append(names, "file"+strconv.Itoa(i))
			media = append(media, map[string]any{"type": "document", "media": "attach://" + names[i]})
		}
		media[0]["caption"] = out.Text
		b, err := json.Marshal(media)
		if err == nil {
			fields["media"] = string(b)
		}
	}
	return method, func(ctx context.Context, address string) (*http.Request, error) {
		return multi(ctx, address, fields, names, out.Files)
	}
}

// multi is a request of several parts (RFC 7578).
func multi(ctx context.Context, address string, fields map[string]string, names []string, files []channel.File) (*http.Request, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, v := range fields {
		if err := w.WriteField(name, v); err != nil {
			return nil, err
		}
	}
	for i, f := range files {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename=%q`, names[i], plainName(f.Name)))
		h.Set("Content-Type", "application/octet-stream")
		p, err := w.CreatePart(h)
		if err != nil {
			return nil, err
		}
		if _, err := p.Write(f.Bytes); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, &body)
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
