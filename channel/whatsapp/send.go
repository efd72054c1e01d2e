package whatsapp

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/rest"
)

// outgoing is the body of a call that sends.
type outgoing struct {
	Product   string         `json:"messaging_product"`
	Kind      string         `json:"recipient_type"`
	To        string         `json:"to,omitempty"`
	Recipient string         `json:"recipient,omitempty"`
	Context   *reference     `json:"context,omitempty"`
	Type      string         `json:"type"`
	Text      map[string]any `json:"text,omitempty"`
	Image     *attached      `json:"image,omitempty"`
	Video     *attached      `json:"video,omitempty"`
	Document  *attached      `json:"document,omitempty"`
}

type reference struct {
	ID string `json:"message_id"`
}

type attached struct {
	ID       string `json:"id"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
}

// Send writes one text, or one file with its caption.
func (l *Line) Send(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	if err := ctx.Err(); err != nil {
		return channel.Sent{}, err
	}
	if why := l.unfit(out); why != "" {
		return channel.Sent{}, &channel.Refusal{Why: why}
	}
	body := outgoing{Product: "whatsapp", Kind: "individual", Type: "text"}
	if userForm.MatchString(out.Thread) {
		body.Recipient = out.Thread
	} else {
		body.To = out.Thread
	}
	if out.ReplyTo != "" {
		body.Context = &reference{out.ReplyTo}
	}
	if err := l.contents(ctx, &body, out); err != nil {
		return channel.Sent{}, err
	}
	var sent struct {
		Messages []struct{ ID string }
	}
	if err := l.api.Post(ctx, l.id+"/messages", body, &sent); err != nil {
		return channel.Sent{}, refusal(err)
	}
	if len(sent.Messages) == 0 || sent.Messages[0].ID == "" {
		return channel.Sent{}, errs.New(errs.Unavailable, "err.rest.answer", "send message: the answer has no id")
	}
	return channel.Sent{ID: sent.Messages[0].ID}, nil
}

// contents puts the text into body, or uploads the file and puts both.
func (l *Line) contents(ctx context.Context, body *outgoing, out channel.Outgoing) error {
	if len(out.Files) == 0 {
		body.Text = map[string]any{"body": out.Text, "preview_url": false}
		return nil
	}
	f := out.Files[0]
	var up struct{ ID string }
	fields := map[string]string{"messaging_product": "whatsapp", "type": f.Type}
	err := l.api.Upload(ctx, l.id+"/media", fields, rest.Part{Field: "file", Name: f.Name, Type: f.Type, Bytes: f.Bytes}, &up)
	if errs.Is(err, errs.Invalid) {
		return &channel.Refusal{Why: channel.Rejected, Err: errors.New("send file: its type is not a media type")}
	}
	if err != nil {
		return refusal(err)
	}
	a := &attached{ID: up.ID, Caption: out.Text}
	switch body.Type = class(f.Type); body.Type {
	case "image":
		body.Image = a
	case "video":
		body.Video = a
	default:
		a.Filename = rest.FileName(f.Name)
		body.Document = a
	}
	return nil
}

// class is how WhatsApp shows a file: what it cannot show goes as a document.
func class(kind string) string {
	switch strings.ToLower(kind) {
	case "image/jpeg", "image/png":
		return "image"
	case "video/mp4", "video/3gpp":
		return "video"
	}
	return "document"
}

// unfit says why a message would not pass, before anybody is asked.
func (l *Line) unfit(out channel.Outgoing) string {
	runes := utf8.RuneCountInString(out.Text)
	switch {
	case !phoneForm.MatchString(out.Thread) && !userForm.MatchString(out.Thread):
		return channel.Gone
	case out.Last != 0 && l.now()-out.Last >= (answerWindow-windowReserve).Microseconds():
		return channel.Window
	case !utf8.ValidString(out.Text), out.Text == "" && len(out.Files) == 0, len(out.Files) > 1:
		return channel.Rejected
	case runes > maxRunes, len(out.Files) == 1 && (runes > maxCaption || tooLarge(out.Files[0])):
		return channel.TooLong
	}
	return ""
}

func tooLarge(f channel.File) bool {
	limit := channel.MaxFile
	switch class(f.Type) {
	case "image":
		limit = maxImage
	case "video":
		limit = maxVideo
	}
	return len(f.Bytes) > limit
}
