package archive

import (
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"

	"ronde/channel"
)

// activity and note have what is read of ActivityPub (W3C Recommendation) in
// the outbox.json that Mastodon and others export.
type activity struct {
	Type      string          `json:"type"`
	Actor     string          `json:"actor"`
	Published string          `json:"published"`
	To        json.RawMessage `json:"to"`
	CC        json.RawMessage `json:"cc"`
	Object    json.RawMessage `json:"object"`
}

type note struct {
	ID          string            `json:"id"`
	URL         string            `json:"url"`
	Summary     string            `json:"summary"`
	Content     string            `json:"content"` // HTML
	ContentMap  map[string]string `json:"contentMap"`
	Published   string            `json:"published"`
	By          string            `json:"attributedTo"`
	To          json.RawMessage   `json:"to"`
	CC          json.RawMessage   `json:"cc"`
	Attachments []json.RawMessage `json:"attachment"`
}

// public is the collection of everybody (section 5.6).
var public = []string{"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}

// mastodon reads an outbox. What was addressed to followers or to somebody is
// left out.
func (a *reading) mastodon(r io.Reader) error {
	return walk(r, "orderedItems", func(raw json.RawMessage, _ map[string]string) error {
		var act activity
		if json.Unmarshal(raw, &act) != nil {
			a.leave(Broken)
			return nil
		}
		var n note
		switch {
		case act.Type == "Announce":
			a.leave(Boost)
			return nil
		case act.Type != "Create":
			a.leave(Other)
			return nil
		case json.Unmarshal(act.Object, &n) != nil:
			a.leave(Broken)
			return nil
		case !isPublic(act, n):
			a.leave(Private)
			return nil
		}
		return a.note(act, n)
	})
}

func (a *reading) note(act activity, n note) error {
	text, _ := plain(strings.NewReader(n.Content))
	if n.Summary != "" {
		text = strings.TrimSpace(n.Summary + "\n" + text)
	}
	if text == "" {
		a.leave(map[bool]string{true: Media, false: Empty}[len(n.Attachments) > 0])
		return nil
	}
	p := channel.Post{ID: n.ID, Text: text, Author: n.By, URL: webAddress(n.URL), At: dated(n.Published)}
	if p.Author == "" {
		p.Author = act.Actor
	}
	if p.URL == "" {
		p.URL = webAddress(n.ID)
	}
	if p.At == 0 {
		p.At = dated(act.Published)
	}
	if len(n.ContentMap) == 1 {
		for lang := range n.ContentMap {
			p.Lang = lang
		}
	}
	if u, err := url.Parse(n.ID); err == nil {
		p.Platform = strings.ToLower(u.Hostname())
	}
	return a.give(p)
}

// isPublic: both the act and the note say so, as far as they say anything.
func isPublic(act activity, n note) bool {
	said := false
	for _, lists := range [][]json.RawMessage{{act.To, act.CC}, {n.To, n.CC}} {
		if lists[0] == nil && lists[1] == nil {
			continue
		}
		if said = true; !forAll(lists...) {
			return false
		}
	}
	return said
}

// forAll says that one of the addressees is everybody.
func forAll(lists ...json.RawMessage) bool {
	for _, raw := range lists {
		var many []string
		var one string
		if json.Unmarshal(raw, &one) == nil {
			many = []string{one}
		} else if json.Unmarshal(raw, &many) != nil {
			continue
		}
		if slices.ContainsFunc(many, func(s string) bool { return slices.Contains(public, s) }) {
			return true
		}
	}
	return false
}
