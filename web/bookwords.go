package web

import (
	"regexp"
	"strconv"
	"strings"

	"ronde/internal/lang"
)

// The ledger keeps its details in one short form for all times and readers;
// here they are said in the reader's words. What has no word is shown as it
// stands: the record must not be hidden by a missing word.

// detailGroups are the groups in which a word of a detail is looked for.
var detailGroups = []string{"word.detail.", "word.outcome.", "word.verdict.", "word.decision.", "word.identity.", "word.right.", "word.destination.",
	"word.category.", "word.channel.", "word.role.", "word.regime.", "word.sourcekind."}

var (
	pieces  = regexp.MustCompile(`[,;] `)
	counted = regexp.MustCompile(`^(\d+) (rows|shown|bytes)$`)
)

// detailWords says the detail of an event. Empty fields say nothing and are
// left out.
func detailWords(l *lang.Lang, detail string) string {
	var out []string
	for _, piece := range pieces.Split(detail, -1) {
		if said := pieceWords(l, piece); said != "" {
			out = append(out, said)
		}
	}
	return strings.Join(out, ", ")
}

func pieceWords(l *lang.Lang, piece string) string {
	if word, ok := wordOf(l, strings.ReplaceAll(piece, " ", "-")); ok {
		return word
	}
	if m := counted.FindStringSubmatch(piece); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			return l.N("book."+m[2], n)
		}
	}
	var out []string
	for _, token := range strings.Fields(piece) {
		name, value, field := strings.Cut(token, "=")
		switch {
		case !field:
			word, _ := wordOf(l, token)
			out = append(out, word)
		case strings.Trim(value, `"`) != "":
			out = append(out, fieldWords(l, name, strings.Trim(value, `"`)))
		}
	}
	return strings.Join(out, " ")
}

func fieldWords(l *lang.Lang, name, value string) string {
	if n, err := strconv.Atoi(value); err == nil && l.Has("book."+name) {
		return l.N("book."+name, n)
	}
	if name == "verb" {
		value = verbWords(l, value)
	} else {
		value, _ = wordOf(l, value)
	}
	name, _ = wordOf(l, name)
	return name + " " + value
}

// wordOf looks a word up; it returns the word itself when there is none.
func wordOf(l *lang.Lang, word string) (string, bool) {
	for _, group := range detailGroups {
		if l.Has(group + word) {
			return l.T(group + word), true
		}
	}
	return word, false
}

// actorWords says who acted: a service handle as it is, the rest in words.
func actorWords(l *lang.Lang, handle string) string {
	if key := "word.actor." + strings.ReplaceAll(handle, ":", "-"); l.Has(key) {
		return l.T(key)
	}
	if strings.HasPrefix(handle, "card:") { // what officers do to their own shifts
		return l.T("word.actor.card")
	}
	return handle
}

// senseWord says what an entry stands for. A recognised shape and a learned
// wording stand for their family; a local sense is shown as it was written.
func senseWord(l *lang.Lang, sense string) string {
	for _, group := range []string{"word.sense.", "word.family."} {
		if l.Has(group + sense) {
			return l.T(group + sense)
		}
	}
	return sense
}

// undoneWords say which disguises were undone.
func undoneWords(l *lang.Lang, undone []string) (out []string) {
	for _, u := range undone {
		if key := "word.undone." + strings.ReplaceAll(u, " ", "-"); l.Has(key) {
			u = l.T(key)
		}
		out = append(out, u)
	}
	return out
}
