package archive

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"ronde/channel"
)

// telegramMessage has the fields of Telegram's data export schema that are
// read.
type telegramMessage struct {
	ID       int64           `json:"id"`
	Type     string          `json:"type"`
	Unix     string          `json:"date_unixtime"`
	Date     string          `json:"date"` // in the clock of whoever exported
	From     string          `json:"from"`
	Text     json.RawMessage `json:"text"`
	Photo    string          `json:"photo"`
	File     string          `json:"file"`
	MediaIs  string          `json:"media_type"`
	Location json.RawMessage `json:"location_information"`
}

// telegram reads result.json, of one chat or of an account. Only public
// channels and groups are read: what else is in it was said in private.
func (a *reading) telegram(r io.Reader) error {
	return walk(r, "messages", func(raw json.RawMessage, chat map[string]string) error {
		if !strings.HasPrefix(chat["type"], "public_") {
			a.leave(Private)
			return nil
		}
		var m telegramMessage
		if json.Unmarshal(raw, &m) != nil {
			a.leave(Broken)
			return nil
		}
		if m.Type != "message" {
			a.leave(Other)
			return nil
		}
		text := telegramText(m.Text)
		if strings.TrimSpace(text) == "" {
			a.leave(telegramEmpty(m))
			return nil
		}
		return a.give(channel.Post{ID: chat["id"] + "/" + strconv.FormatInt(m.ID, 10), Text: text, Author: m.From, Platform: "telegram", At: telegramTime(m)})
	})
}

func telegramEmpty(m telegramMessage) string {
	if m.Photo != "" || m.File != "" || m.MediaIs != "" || m.Location != nil {
		return Media
	}
	return Empty
}

// telegramText joins a text that is a string, or pieces of which some are
// marked (bold, link, mention, …).
func telegramText(raw json.RawMessage) string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return one
	}
	var pieces []json.RawMessage
	if json.Unmarshal(raw, &pieces) != nil {
		return ""
	}
	var b strings.Builder
	for _, piece := range pieces {
		var marked struct {
			Text string `json:"text"`
		}
		if json.Unmarshal(piece, &one) == nil {
			b.WriteString(one)
		} else if json.Unmarshal(piece, &marked) == nil {
			b.WriteString(marked.Text)
		}
	}
	return b.String()
}

func telegramTime(m telegramMessage) int64 {
	if s, err := strconv.ParseInt(m.Unix, 10, 64); err == nil && s > 0 && s < 1<<36 {
		return time.Unix(s, 0).UnixMicro()
	}
	return dated(m.Date)
}
