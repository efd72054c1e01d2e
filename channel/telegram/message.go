package telegram

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"ronde/channel"
)

// message is one of Telegram's, as far as the desk shows it.
type message struct {
	ID       int64 `json:"message_id"`
	Topic    int64 `json:"message_thread_id"`
	InTopic  bool  `json:"is_topic_message"`
	From     *user `json:"from"`
	As       *chat `json:"sender_chat"`
	Date     int64 `json:"date"`
	EditDate int64 `json:"edit_date"`
	Chat     chat  `json:"chat"`
	Reply    *struct {
		ID int64 `json:"message_id"`
	} `json:"reply_to_message"`
	Forward   *struct{} `json:"forward_origin"`
	Away      bool      `json:"is_from_offline"`
	Posted    bool      `json:"is_automatic_forward"`
	Text      string    `json:"text"`
	Caption   string    `json:"caption"`
	Marks     []entity  `json:"entities"`
	CapMarks  []entity  `json:"caption_entities"`
	MovedTo   int64     `json:"migrate_to_chat_id"`
	Photo     []file    `json:"photo"`
	Animation *file     `json:"animation"`
	Audio     *file     `json:"audio"`
	Document  *file     `json:"document"`
	Video     *file     `json:"video"`
	Note      *file     `json:"video_note"`
	Voice     *file     `json:"voice"`
	Sticker   *sticker  `json:"sticker"`
	Contact   *contact  `json:"contact"`
	Place     *place    `json:"location"`
	Venue     *venue    `json:"venue"`
	other
}

// other are the kinds that are told as lost.
type other struct {
	Poll      *poll     `json:"poll"`
	Dice      *struct{} `json:"dice"`
	Game      *struct{} `json:"game"`
	Story     *struct{} `json:"story"`
	Paid      *struct{} `json:"paid_media"`
	Checklist *struct{} `json:"checklist"`
	Invoice   *struct{} `json:"invoice"`
	Giveaway  *struct{} `json:"giveaway"`
	WebData   *struct{} `json:"web_app_data"`
	Passport  *struct{} `json:"passport_data"`
}

type user struct {
	ID       int64  `json:"id"`
	Bot      bool   `json:"is_bot"`
	First    string `json:"first_name"`
	Last     string `json:"last_name"`
	Username string `json:"username"`
	Lang     string `json:"language_code"`
}

type chat struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	Title    string `json:"title"`
	Username string `json:"username"`
}

type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"` // UTF-16 units
	Length int    `json:"length"`
	URL    string `json:"url"`
}

type file struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	Type string `json:"mime_type"`
	Size int64  `json:"file_size"`
	Wide int64  `json:"width"`
}

type sticker struct {
	file
	Emoji    string `json:"emoji"`
	Animated bool   `json:"is_animated"`
	Video    bool   `json:"is_video"`
}

type contact struct {
	Phone string `json:"phone_number"`
	First string `json:"first_name"`
	Last  string `json:"last_name"`
}

type place struct {
	Lat float64 `json:"latitude"`
	Lon float64 `json:"longitude"`
}

type venue struct {
	Place   place  `json:"location"`
	Title   string `json:"title"`
	Address string `json:"address"`
}

type poll struct {
	Question string `json:"question"`
}

// maxFetch is what a bot can fetch from Telegram's own servers.
const maxFetch = 20 << 20

// Ours is a message without an author that we could answer: a service message,
// or one of the bot itself.
func (m *message) Ours() bool { return m.From == nil && m.As == nil }

// service says whether nobody wrote it: somebody joined, a title changed.
func (m *message) service() bool {
	return m.Text == "" && m.Caption == "" && len(m.files()) == 0 && m.words() == "" && !m.strange()
}

// strange says whether the message is of a kind that Ronde does not show.
func (m *message) strange() bool {
	o := m.other
	return o.Poll != nil || o.Dice != nil || o.Game != nil || o.Story != nil || o.Paid != nil || o.Checklist != nil ||
		o.Invoice != nil || o.Giveaway != nil || o.WebData != nil || o.Passport != nil
}

// arrival is the message in the desk's form.
func (l *Line) arrival(m *message, what string) channel.Arrival {
	a := channel.Arrival{
		What: what, ID: strconv.FormatInt(m.ID, 10), At: m.Date * 1_000_000,
		Public: m.Chat.Type != "private", Author: m.author(), Automatic: m.machine(),
	}
	a.Thread = l.thread(m, a.Author.ID)
	if m.Reply != nil && m.Reply.ID != 0 {
		a.ReplyTo = strconv.FormatInt(m.Reply.ID, 10)
	}
	if what == channel.Edited && m.EditDate != 0 {
		a.At = m.EditDate * 1_000_000
	}
	if m.From != nil {
		a.Lang, _ = channel.Cut(m.From.Lang, channel.MaxKey)
	}
	var cut bool
	if a.Text, cut = channel.Cut(m.whole(), channel.MaxText); cut {
		a.Lost = append(a.Lost, channel.LostText)
	}
	if m.strange() {
		a.Lost = append(a.Lost, channel.LostKind)
	}
	m.attach(&a)
	return a
}

// thread is whom an answer reaches: a private chat, or one person in a topic of
// a group.
func (l *Line) thread(m *message, author string) string {
	chat := strconv.FormatInt(l.known(m.Chat.ID), 10)
	if m.Chat.Type == "private" {
		return chat
	}
	topic := int64(0)
	if m.InTopic {
		topic = m.Topic
	}
	return chat + "/" + strconv.FormatInt(topic, 10) + "/" + author
}

func (m *message) machine() bool {
	return m.Away || m.Posted || m.From != nil && m.From.Bot && m.As == nil
}

func (m *message) author() channel.Author {
	if m.As != nil {
		return author(m.As.ID, m.As.Username, m.As.Title)
	}
	if m.From == nil {
		return channel.Author{}
	}
	return author(m.From.ID, m.From.Username, strings.TrimSpace(m.From.First+" "+m.From.Last))
}

func author(id int64, handle, name string) channel.Author {
	a := channel.Author{ID: strconv.FormatInt(id, 10)}
	a.Name, _ = channel.Cut(name, channel.MaxName)
	if handle != "" {
		a.Handle, _ = channel.Cut("@"+handle, channel.MaxName)
	}
	return a
}

// whole is all that the message says, in words.
func (m *message) whole() string {
	text := linked(m.Text, m.Marks)
	if m.Caption != "" {
		text = linked(m.Caption, m.CapMarks)
	}
	if w := m.words(); w != "" {
		text = strings.TrimSpace(text + "\n" + w)
	}
	if m.Forward != nil && text != "" {
		text = "> " + strings.ReplaceAll(text, "\n", "\n> ")
	}
	return text
}

// words says in words what Telegram shows otherwise.
func (m *message) words() string {
	switch {
	case m.Venue != nil:
		return strings.Join([]string{m.Venue.Title, m.Venue.Address, m.Venue.Place.geo()}, "\n")
	case m.Place != nil:
		return m.Place.geo()
	case m.Contact != nil:
		return strings.TrimSpace(m.Contact.First+" "+m.Contact.Last) + "\ntel:" + m.Contact.Phone
	case m.Sticker != nil:
		return m.Sticker.Emoji
	case m.other.Poll != nil:
		return m.other.Poll.Question
	}
	return ""
}

// geo is a place as RFC 5870 writes it.
func (p place) geo() string {
	return "geo:" + strconv.FormatFloat(p.Lat, 'f', -1, 64) + "," + strconv.FormatFloat(p.Lon, 'f', -1, 64)
}

// maxLinks bounds the links behind words that are shown.
const maxLinks = 100

// linked puts the address behind a word that hides one: what a link says and
// where it leads are not the same.
func linked(text string, marks []entity) string {
	units := utf16.Encode([]rune(text))
	var out []uint16
	done, shown := 0, 0
	for _, e := range marks {
		end := e.Offset + e.Length
		if e.Type != "text_link" || e.URL == "" || e.Offset < done || e.Length < 0 || end < done || end > len(units) || shown == maxLinks {
			continue
		}
		out = append(append(out, units[done:end]...), utf16.Encode([]rune(" <"+e.URL+">"))...)
		done, shown = end, shown+1
	}
	if shown == 0 {
		return text
	}
	return string(utf16.Decode(append(out, units[done:]...)))
}

// files are those of the message. An animation is a document too; Telegram
// sends both, and the first is enough.
func (m *message) files() []file {
	var out []file
	if len(m.Photo) > 0 {
		best := m.Photo[0]
		for _, p := range m.Photo {
			if p.Wide > best.Wide {
				best = p
			}
		}
		best.Type = "image/jpeg"
		out = append(out, best)
	}
	if m.Animation != nil {
		out = append(out, *m.Animation)
	} else if m.Document != nil {
		out = append(out, *m.Document)
	}
	for _, f := range []*file{m.Audio, m.Video, m.Voice} {
		if f != nil {
			out = append(out, *f)
		}
	}
	if m.Note != nil {
		m.Note.Type = "video/mp4"
		out = append(out, *m.Note)
	}
	if m.Sticker != nil {
		f := m.Sticker.file
		f.Type = m.Sticker.kind()
		out = append(out, f)
	}
	return out
}

func (s *sticker) kind() string {
	switch {
	case s.Animated:
		return "application/x-tgsticker"
	case s.Video:
		return "video/webm"
	}
	return "image/webp"
}

// attach adds the files that can be fetched, and says when one cannot.
func (m *message) attach(a *channel.Arrival) {
	lost := false
	for _, f := range m.files() {
		if f.ID == "" || len(f.ID) > channel.MaxKey || f.Size > maxFetch || len(a.Files) == channel.MaxFiles {
			lost = true
			continue
		}
		out := channel.File{ID: f.ID, Size: max(0, f.Size)}
		out.Name, _ = channel.Cut(f.Name, channel.MaxName)
		out.Type, _ = channel.Cut(f.Type, channel.MaxName)
		a.Files = append(a.Files, out)
	}
	if lost {
		a.Lost = append(a.Lost, channel.LostFiles)
	}
}
