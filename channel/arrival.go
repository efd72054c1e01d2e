package channel

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Check says what of an arrival is outside the contract of lines. Its text
// holds no word of the message.
func (a Arrival) Check() error {
	if !slices.Contains([]string{Written, Edited, Deleted, Read, Failed}, a.What) {
		return fmt.Errorf("check arrival: %d bytes of an unknown kind", len(a.What))
	}
	if a.Thread == "" || a.ID == "" && (a.What != Read || a.At == 0) {
		return fmt.Errorf("check arrival: %s without id or thread", a.What)
	}
	if a.What == Failed && a.Why == "" {
		return fmt.Errorf("check arrival: failed without a reason")
	}
	if a.What != Written && a.What != Edited && (a.Text != "" || len(a.Files) > 0) {
		return fmt.Errorf("check arrival: %s with a text or a file", a.What)
	}
	if len(a.Files) > MaxFiles {
		return fmt.Errorf("check arrival: %d files, at most %d", len(a.Files), MaxFiles)
	}
	return a.checkWords()
}

// words are the fields that come from outside, with their bounds in bytes.
func (a Arrival) words() []word {
	all := []word{
		{"id", a.ID, MaxKey}, {"thread", a.Thread, MaxKey}, {"reply-to", a.ReplyTo, MaxKey},
		{"author's id", a.Author.ID, MaxKey}, {"handle", a.Author.Handle, MaxName}, {"name", a.Author.Name, MaxName},
		{"address", a.Author.Address, MaxName}, {"subject", a.Subject, MaxName}, {"text", a.Text, MaxText},
		{"language", a.Lang, MaxKey},
	}
	for _, f := range a.Files {
		all = append(all, word{"file's id", f.ID, MaxKey}, word{"file's name", f.Name, MaxName}, word{"file's type", f.Type, MaxName})
	}
	return all
}

type word struct {
	what, text string
	max        int
}

func (a Arrival) checkWords() error {
	for _, w := range a.words() {
		if len(w.text) > w.max {
			return fmt.Errorf("check arrival: %s of %d bytes, at most %d", w.what, len(w.text), w.max)
		}
		if !utf8.ValidString(w.text) || strings.ContainsRune(w.text, 0) {
			return fmt.Errorf("check arrival: %s is not UTF-8 without zeros", w.what)
		}
	}
	for _, f := range a.Files {
		if len(f.Bytes) > MaxFile || f.Size < 0 {
			return fmt.Errorf("check arrival: a file of %d bytes, at most %d", max(len(f.Bytes), int(f.Size)), MaxFile)
		}
	}
	return nil
}

// Cut shortens s to at most limit bytes of valid UTF-8 without zeros, and says
// whether anything was left out at the end.
func Cut(s string, limit int) (string, bool) {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if len(s) <= limit {
		return s, false
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit], true
}
