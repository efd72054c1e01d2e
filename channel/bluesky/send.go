package bluesky

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/rest"
)

const collection = "app.bsky.feed.post"

var (
	didForm = regexp.MustCompile(`^did:(plc:[a-z2-7]{24}|web:[A-Za-z0-9.%-]{1,253})$`)
	keyForm = regexp.MustCompile(`^[A-Za-z0-9._~:-]{1,512}$`)
	cidForm = regexp.MustCompile(`^[a-z2-7]{20,120}$`)
	uriForm = regexp.MustCompile(`^at://did:[a-z]+:[A-Za-z0-9.%:-]+/app\.bsky\.feed\.post/[A-Za-z0-9._~:-]+$`)
)

// Send writes one message, or one public post that answers theirs.
func (l *Line) Send(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	if err := ctx.Err(); err != nil {
		return channel.Sent{}, err
	}
	if why := l.unfit(out); why != "" {
		return channel.Sent{}, &channel.Refusal{Why: why}
	}
	if l.mentions {
		return l.sendPost(ctx, out)
	}
	return l.sendMessage(ctx, out)
}

func (l *Line) unfit(out channel.Outgoing) string {
	most, bytes := maxMessage, maxMessageBytes
	if l.mentions {
		most, bytes = maxPost, maxPostBytes
	}
	switch {
	case !utf8.ValidString(out.Text), out.Text == "", !l.mentions && len(out.Files) > 0, len(out.Files) > maxImages:
		return channel.Rejected
	case count(out.Text) > most, len(out.Text) > bytes:
		return channel.TooLong
	case l.mentions && !didForm.MatchString(out.Thread), !l.mentions && !keyForm.MatchString(out.Thread):
		return channel.Gone
	}
	for _, f := range out.Files {
		if !strings.HasPrefix(f.Type, "image/") {
			return channel.Rejected
		}
		if len(f.Bytes) > maxImage {
			return channel.TooLong
		}
	}
	return ""
}

func (l *Line) sendMessage(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	l.sent.mu.RLock()
	defer l.sent.mu.RUnlock()
	if out.Tried != 0 {
		if sent, ok, err := l.standing(ctx, out); ok || err != nil {
			return sent, err
		}
	}
	say := map[string]any{"text": out.Text}
	if marked := links(out.Text); len(marked) > 0 {
		say["facets"] = marked // never null: a server refuses that
	}
	body := map[string]any{"convoId": out.Thread, "message": say}
	var m message
	if err := l.procedure(ctx, "chat.bsky.convo.sendMessage", body, &m); err != nil {
		return channel.Sent{}, err
	}
	if m.ID == "" {
		return channel.Sent{}, errs.New(errs.Unavailable, "err.rest.answer", "send message: the answer has no id")
	}
	l.sent.add(m.ID)
	return channel.Sent{ID: m.ID, At: moment(m.Sent).UnixMicro()}, nil
}

// standing looks for a message of ours that a former try, whose end nobody
// knows, may have left there.
func (l *Line) standing(ctx context.Context, out channel.Outgoing) (channel.Sent, bool, error) {
	me, err := l.me(ctx)
	if err != nil {
		return channel.Sent{}, false, err
	}
	var page struct{ Messages []message }
	if err := l.query(ctx, "chat.bsky.convo.getMessages", values("convoId", out.Thread, "limit", "100"), &page); err != nil {
		return channel.Sent{}, false, err
	}
	for _, m := range page.Messages {
		if m.Sender.DID == me && m.Text == out.Text && moment(m.Sent).UnixMicro() >= out.Tried-time.Minute.Microseconds() {
			l.sent.add(m.ID)
			return channel.Sent{ID: m.ID, At: moment(m.Sent).UnixMicro()}, true, nil
		}
	}
	return channel.Sent{}, false, nil
}

// recordKey makes a key of ours into a record key: a TID, whose moment lies in
// 2025 and says nothing.
func recordKey(key string) string {
	const letters = "234567abcdefghijklmnopqrstuvwxyz"
	sum := sha256.Sum256([]byte(key))
	n := binary.BigEndian.Uint64(sum[:8])
	micros := uint64(1_735_689_600_000_000) + n%31_536_000_000_000
	n = micros<<10 | uint64(binary.BigEndian.Uint16(sum[8:10])&1023)
	var out [13]byte
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = letters[n&31]
		n >>= 5
	}
	return string(out[:])
}

func (l *Line) sendPost(ctx context.Context, out channel.Outgoing) (channel.Sent, error) {
	me, err := l.me(ctx)
	if err != nil {
		return channel.Sent{}, err
	}
	key := recordKey(out.Key)
	if out.Tried != 0 {
		if sent, ok, err := l.stands(ctx, me, key); ok || err != nil {
			return sent, err
		}
	}
	p := post{Type: collection, Text: out.Text, Created: time.UnixMicro(l.now()).UTC().Format(time.RFC3339Nano)}
	if out.Lang != "" {
		p.Langs = []string{out.Lang}
	}
	if err := l.answers(ctx, &p, out); err != nil {
		return channel.Sent{}, err
	}
	p.Facets = append(p.Facets, links(p.Text)...)
	if p.Embed, err = l.images(ctx, out.Files); err != nil {
		return channel.Sent{}, err
	}
	var made ref
	body := map[string]any{"repo": me, "collection": collection, "rkey": key, "record": p}
	err = l.procedure(ctx, "com.atproto.repo.createRecord", body, &made)
	if err == nil {
		return channel.Sent{ID: made.URI}, nil
	}
	if why := channel.WhyOf(err); why == channel.Expired || why == channel.Later && isRate(err) {
		return channel.Sent{}, err
	}
	if sent, ok, look := l.stands(ctx, me, key); ok && look == nil { // a server says only that it failed
		return sent, nil
	}
	return channel.Sent{}, err
}

// isRate says whether it was refused as too fast, and so surely not done.
func isRate(err error) bool {
	var r *channel.Refusal
	return errors.As(err, &r) && r.After > 0
}

// stands asks for the post under a key.
func (l *Line) stands(ctx context.Context, me, key string) (channel.Sent, bool, error) {
	var found ref
	err := l.query(ctx, "com.atproto.repo.getRecord", values("repo", me, "collection", collection, "rkey", key), &found)
	if why := channel.WhyOf(err); why == channel.Rejected || why == channel.Gone { // RecordNotFound
		return channel.Sent{}, false, nil
	}
	return channel.Sent{ID: found.URI}, err == nil && found.URI != "", err
}

// answers makes p a reply to theirs, or names them when that one is gone.
func (l *Line) answers(ctx context.Context, p *post, out channel.Outgoing) error {
	if uriForm.MatchString(out.ReplyTo) {
		var page struct {
			Posts []struct {
				ref
				Author profile
				Record post
			}
		}
		if err := l.query(ctx, "app.bsky.feed.getPosts", url.Values{"uris": {out.ReplyTo}}, &page); err != nil {
			return err
		}
		if len(page.Posts) == 1 {
			its := page.Posts[0]
			if its.Author.Viewer.BlockedBy {
				return &channel.Refusal{Why: channel.Gone}
			}
			p.Reply = &reply{Root: its.ref, Parent: its.ref}
			if r := its.Record.Reply; r != nil && r.Root.URI != "" {
				p.Reply.Root = r.Root
			}
			return nil
		}
	}
	return l.calling(ctx, p, out)
}

// calling puts their handle before the text, so that they are told.
func (l *Line) calling(ctx context.Context, p *post, out channel.Outgoing) error {
	var who profile
	if err := l.query(ctx, "app.bsky.actor.getProfile", values("actor", out.Thread), &who); err != nil {
		if channel.WhyOf(err) == channel.Rejected {
			return &channel.Refusal{Why: channel.Gone}
		}
		return err
	}
	if who.Viewer.BlockedBy || who.Handle == "" {
		return &channel.Refusal{Why: channel.Gone}
	}
	name := "@" + who.Handle
	if p.Text = name + " " + p.Text; count(p.Text) > maxPost || len(p.Text) > maxPostBytes {
		return &channel.Refusal{Why: channel.TooLong}
	}
	f := facet{Features: []feature{{Type: "app.bsky.richtext.facet#mention", DID: out.Thread}}}
	f.Index.End = len(name)
	p.Facets = append(p.Facets, f)
	return nil
}

// images uploads pictures and makes them an embed.
func (l *Line) images(ctx context.Context, files []channel.File) (json.RawMessage, error) {
	if len(files) == 0 {
		return nil, nil
	}
	e := embed{Type: "app.bsky.embed.images"}
	for _, f := range files {
		kind, err := rest.FileType(f.Type)
		if err != nil {
			return nil, &channel.Refusal{Why: channel.Rejected, Err: err}
		}
		var up struct{ Blob blob }
		if err := l.uploadBlob(ctx, kind, f.Bytes, &up); err != nil {
			return nil, err
		}
		e.Images = append(e.Images, image{Image: up.Blob, Alt: rest.FileName(f.Name)})
	}
	return json.Marshal(e)
}
