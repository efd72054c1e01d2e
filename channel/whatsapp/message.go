package whatsapp

import (
	"fmt"
	"slices"
	"strings"

	"ronde/channel"
)

// message is one of a webhook.
type message struct {
	ID        string
	From      string
	FromUser  string `json:"from_user_id"`
	To        string
	ToUser    string `json:"to_user_id"`
	Group     string `json:"group_id"`
	Timestamp string
	Type      string
	Context   struct{ ID string }
	content
	Edit struct {
		ID      string  `json:"original_message_id"`
		Message content `json:"message"`
	}
	Revoke struct {
		ID string `json:"original_message_id"`
	}
}

// content is what a message holds, by its type.
type content struct {
	Text        struct{ Body string }
	Image       *media
	Video       *media
	Audio       *media
	Voice       *media
	Document    *media
	Sticker     *media
	Location    *location
	Contacts    []card
	Button      struct{ Text string }
	Interactive struct {
		Button struct{ Title string } `json:"button_reply"`
		List   struct{ Title string } `json:"list_reply"`
	}
	Reaction struct {
		ID    string `json:"message_id"`
		Emoji string
	}
	System struct{ Body string }
}

type media struct {
	ID       string
	Type     string `json:"mime_type"`
	Hash     string `json:"sha256"`
	Caption  string
	Filename string
	Voice    bool
}

type location struct {
	Latitude, Longitude float64
	Name, Address       string
}

type card struct {
	Name struct {
		Full string `json:"formatted_name"`
	}
	Phones []struct{ Phone string }
	Emails []struct{ Email string }
}

// fill makes of a what m says. It is false for what is no message.
func (m message) fill(a channel.Arrival) (channel.Arrival, bool) {
	a.What, a.ID, a.ReplyTo = channel.Written, m.ID, known(m.Context.ID)
	switch m.Type {
	case "edit":
		a.What, a.ID = channel.Edited, m.Edit.ID
		setText(&a, m.Edit.Message.words())
	case "revoke":
		a.What, a.ID, a.ReplyTo = channel.Deleted, m.Revoke.ID, ""
	case "reaction":
		a.ReplyTo = known(m.Reaction.ID)
		setText(&a, m.Reaction.Emoji)
		return a, m.Reaction.Emoji != "" // without one it was taken back
	case "system":
		a.Automatic = true
		setText(&a, m.System.Body)
	case "request_welcome":
		return a, false
	default:
		m.files(&a)
		setText(&a, m.words())
		if a.Text == "" && len(a.Files) == 0 {
			a.Lost = append(a.Lost, channel.LostKind)
		}
	}
	return a, true
}

// known is an id, or "" for one that is too long to be one: the message counts
// all the same.
func known(id string) string {
	if len(id) > channel.MaxKey || strings.ContainsRune(id, 0) {
		return ""
	}
	return id
}

// words are all that people read of a content.
func (c content) words() string {
	lines := []string{c.Text.Body, c.Button.Text, c.Interactive.Button.Title, c.Interactive.List.Title}
	for _, m := range c.media() {
		lines = append(lines, m.Caption)
	}
	if l := c.Location; l != nil {
		lines = append(lines, l.Name, l.Address, fmt.Sprintf("geo:%g,%g", l.Latitude, l.Longitude)) // RFC 5870
	}
	for _, card := range c.Contacts {
		lines = append(lines, card.Name.Full)
		for _, p := range card.Phones {
			lines = append(lines, p.Phone)
		}
		for _, e := range card.Emails {
			lines = append(lines, e.Email)
		}
	}
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

func (c content) media() []*media {
	return slices.DeleteFunc([]*media{c.Image, c.Video, c.Audio, c.Voice, c.Document, c.Sticker}, func(m *media) bool { return m == nil })
}

func (m message) files(a *channel.Arrival) {
	for _, f := range m.media() {
		name := f.Filename
		switch {
		case name != "":
		case f.Voice:
			name = "voice"
		default:
			name = m.Type
		}
		name, _ = channel.Cut(name, channel.MaxName)
		kind, _ := channel.Cut(f.Type, channel.MaxName)
		a.Files = append(a.Files, channel.File{ID: fileID(f), Name: name, Type: kind})
	}
}

func setText(a *channel.Arrival, s string) {
	var cut bool
	if a.Text, cut = channel.Cut(s, channel.MaxText); cut {
		a.Lost = append(a.Lost, channel.LostText)
	}
}
