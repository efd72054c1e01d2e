package meta

import (
	"context"
	"unicode/utf8"

	"ronde/channel"
)

// outgoing is the body of a call of the Send API.
type outgoing struct {
	Recipient struct {
		ID string `json:"id"`
	} `json:"recipient"`
	Type    string `json:"messaging_type"`
	Tag     string `json:"tag,omitempty"`
	Message struct {
		Text string `json:"text"`
	} `json:"message"`
}

// Send writes one text to the person of a conversation.
func (l *Line) Send(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	if err := ctx.Err(); err != nil {
		return channel.Sent{}, err
	}
	if why := l.unfit(out); why != "" {
		return channel.Sent{}, &channel.Refusal{Why: why}
	}
	var body outgoing
	body.Recipient.ID, body.Message.Text, body.Type = out.Thread, out.Text, "RESPONSE"
	switch age := l.now() - out.Last; {
	case out.Last == 0 || age < (answerWindow-windowReserve).Microseconds():
	case !l.human || out.Automatic || age >= humanWindow.Microseconds():
		return channel.Sent{}, &channel.Refusal{Why: channel.Window}
	default:
		body.Type, body.Tag = "MESSAGE_TAG", "HUMAN_AGENT"
	}
	if out.Tried != 0 {
		if sent, err := l.standing(ctx, out); err != nil || sent.ID != "" {
			return sent, err
		}
	}
	var sent struct {
		ID string `json:"message_id"`
	}
	if err := l.api.Post(ctx, "me/messages", body, &sent); err != nil {
		return channel.Sent{}, refusal(err)
	}
	return channel.Sent{ID: sent.ID}, nil
}

// unfit says why a message would not pass, before anybody is asked.
func (l *Line) unfit(out channel.Outgoing) string {
	switch {
	case !idForm.MatchString(out.Thread):
		return channel.Gone
	case len(out.Files) > 0, out.Text == "", !utf8.ValidString(out.Text):
		return channel.Rejected
	case utf8.RuneCountInString(out.Text) > l.Limits().Runes, l.insta && len(out.Text) > maxInstagram:
		return channel.TooLong
	}
	return ""
}

// standing looks for a message of ours that a former try, whose end nobody
// knows, may have left there. Graph has no keys.
func (l *Line) standing(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	q := fields("id")
	q.Set("platform", l.platform())
	q.Set("user_id", out.Thread)
	var convs struct {
		Data []conversation `json:"data"`
	}
	if err := l.api.Get(ctx, "me/conversations", q, &convs); err != nil {
		return channel.Sent{}, refusal(err)
	}
	for _, c := range convs.Data {
		all, _, err := l.messages(ctx, c.ID, knownFields, out.Tried-overlap.Microseconds())
		if err != nil {
			return channel.Sent{}, err
		}
		for _, t := range all {
			if t.From.ID == l.id && t.Message == out.Text {
				return channel.Sent{ID: t.ID, At: t.Created.micros()}, nil
			}
		}
	}
	return channel.Sent{}, nil
}
