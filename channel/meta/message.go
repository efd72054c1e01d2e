package meta

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"ronde/channel"
)

// files are the kinds of attachment that have bytes of their own.
var files = []string{"image", "audio", "video", "file"}

// fill makes a written message of what Meta tells.
func (l *Line) fill(a *channel.Arrival, m *message) {
	a.What, a.ID = channel.Written, m.MID
	if len(m.ReplyTo.MID) <= channel.MaxKey && !strings.ContainsRune(m.ReplyTo.MID, 0) {
		a.ReplyTo = m.ReplyTo.MID
	}
	text := m.Text
	for _, at := range m.Attachments {
		if slices.Contains(files, at.Type) {
			l.file(a, at)
			continue
		}
		link := at.Payload.URL
		if link == "" {
			link = at.URL
		}
		if link == "" {
			lose(a, channel.LostKind)
		} else if !strings.Contains(text, link) {
			text = strings.TrimSpace(text + "\n" + link)
		}
	}
	if m.ReplyTo.Story.URL != "" {
		lose(a, channel.LostKind) // the story that it answers
	}
	if m.Unsupported || text == "" && len(a.Files) == 0 {
		lose(a, channel.LostKind)
	}
	setText(a, text)
}

// file names an attachment by its message and its place: its address ends
// after a while, and a new one is asked for when the file is.
func (l *Line) file(a *channel.Arrival, at attachment) {
	if len(a.Files) == channel.MaxFiles {
		lose(a, channel.LostFiles)
		return
	}
	f := channel.File{ID: fileID(a.ID, len(a.Files)), Name: at.Type}
	if u, err := url.Parse(at.Payload.URL); err == nil && path.Ext(u.Path) != "" {
		f.Name, _ = channel.Cut(path.Base(u.Path), channel.MaxName)
	}
	a.Files = append(a.Files, f)
}

func fileID(message string, n int) string { return fmt.Sprintf("%s#%d", message, n) }

func setText(a *channel.Arrival, s string) {
	var cut bool
	if a.Text, cut = channel.Cut(s, channel.MaxText); cut {
		lose(a, channel.LostText)
	}
}

func lose(a *channel.Arrival, what string) {
	if !slices.Contains(a.Lost, what) {
		a.Lost = append(a.Lost, what)
	}
}
