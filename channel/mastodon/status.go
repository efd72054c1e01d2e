package mastodon

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"ronde/channel"
)

// status is a post, as the server tells it.
type status struct {
	ID         string          `json:"id"`
	Created    time.Time       `json:"created_at"`
	Edited     string          `json:"edited_at"`
	ReplyTo    string          `json:"in_reply_to_id"`
	Visibility string          `json:"visibility"`
	Language   string          `json:"language"`
	Warning    string          `json:"spoiler_text"`
	Content    string          `json:"content"`
	Account    account         `json:"account"`
	Media      []attachment    `json:"media_attachments"`
	Mentions   []account       `json:"mentions"`
	Poll       json.RawMessage `json:"poll"`
	Quote      json.RawMessage `json:"quote"`
}

type attachment struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	URL    string `json:"url"`
	Remote string `json:"remote_url"`
}

const (
	private = "private:" // before the account's id: what only the two of us read
	public  = "public:"
)

// thread is the conversation that a status belongs to.
func (s status) thread() string {
	if s.open() {
		return public + s.Account.ID
	}
	return private + s.Account.ID
}

// open says whether anybody can read it. Posts for followers are not open.
func (s status) open() bool { return s.Visibility == "public" || s.Visibility == "unlisted" }

// arrival is what a status says.
func (s status) arrival(what string) channel.Arrival {
	a := channel.Arrival{What: what, ID: s.ID, Thread: s.thread(), ReplyTo: s.ReplyTo, Lang: s.Language, At: s.Created.UnixMicro(),
		Automatic: s.Account.Bot, Public: s.open(), Author: channel.Author{ID: s.Account.ID}}
	a.Author.Handle, _ = channel.Cut(s.Account.Acct, channel.MaxName)
	a.Author.Name, _ = channel.Cut(s.Account.Name, channel.MaxName)
	for _, s := range []*string{&a.Lang, &a.ReplyTo} {
		if len(*s) > channel.MaxKey || strings.ContainsRune(*s, 0) {
			*s = "" // no language, no id: the message still counts
		}
	}
	text := plain(s.Content)
	if w := plain(s.Warning); w != "" {
		text = w + "\n\n" + text
	}
	var cut bool
	if a.Text, cut = channel.Cut(text, channel.MaxText); cut {
		a.Lost = append(a.Lost, channel.LostText)
	}
	s.files(&a)
	if there(s.Poll) || there(s.Quote) || a.Text == "" && len(a.Files) == 0 {
		a.Lost = append(a.Lost, channel.LostKind)
	}
	return a
}

func there(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// files names media by status and place: addresses change.
func (s status) files(a *channel.Arrival) {
	for i, m := range s.Media {
		if i == channel.MaxFiles {
			a.Lost = append(a.Lost, channel.LostFiles)
			return
		}
		f := channel.File{ID: fmt.Sprintf("%s#%d", s.ID, i), Name: m.Type}
		if u, err := url.Parse(m.address()); err == nil && path.Ext(u.Path) != "" {
			f.Name, _ = channel.Cut(path.Base(u.Path), channel.MaxName)
		}
		f.Type = kinds[strings.ToLower(path.Ext(f.Name))]
		a.Files = append(a.Files, f)
	}
}

func (m attachment) address() string {
	if m.URL != "" {
		return m.URL
	}
	return m.Remote
}

// kinds are the media types of what servers keep, by the end of the name.
var kinds = map[string]string{".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
	".avif": "image/avif", ".heic": "image/heic", ".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime",
	".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".wav": "audio/wav", ".flac": "audio/flac", ".m4a": "audio/mp4", ".opus": "audio/opus"}

// mentions says whether a status is addressed to an account.
func (s status) mentions(id string) bool {
	return slices.ContainsFunc(s.Mentions, func(a account) bool { return a.ID == id })
}
