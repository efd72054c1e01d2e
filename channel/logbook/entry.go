package logbook

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/errs"
)

// The limits of an entry.
const (
	MaxMinutes = 24 * 60
	MaxTalks   = 500
	MaxAccount = 100  // runes
	MaxNote    = 2000 // runes
	MaxPage    = 100  // entries of one page
	MaxExport  = 10_000

	oldest   = 31 * 24 * time.Hour // an entry is written within a month of what it tells
	early    = 15 * time.Minute    // clocks differ
	editable = 7 * 24 * time.Hour
	wordsFor = 180 * 24 * time.Hour
)

// Places lists where officers are met without a machine between, in the order
// in which they are offered. Each is a word of the group "place".
var Places = []string{"minecraft", "roblox", "snapchat", "tiktok", "fortnite", "game", "stream", "school", "event", "street", "phone", "other"}

// Outcomes lists what can come of a conversation, in the order in which it is
// offered; words of the group "outcome".
var Outcomes = []string{"advice", "warning", "referred-helpline", "referred-station", "child-welfare", "crime-report", "tip", "takedown"}

// Entry is one entry of the logbook.
type Entry struct {
	ID       string // log_…
	Place    string
	Unit     string
	Handle   string // service handle of who wrote it
	At       int64  // when it began, microseconds UTC
	Minutes  int
	Talks    int
	Outcomes map[string]int
	Handed   int // conversations that went on at the desk
	Made     int64
	Changed  int64
	Emptied  int64  // when its words ended; 0: they stand
	Account  string // ours, in that place; empty: none, or emptied
	Note     string
	Mine     bool // who looks wrote it
	Edit     bool // who looks may change it
	sealed   []byte
}

// In is what an officer fills in.
type In struct {
	Place    string
	Account  string
	At       int64 // microseconds UTC
	Minutes  int
	Talks    int
	Outcomes map[string]int
	Note     string
	Nonce    string // of the form; a form counts once
}

// check says which field is wrong.
func (in In) check(now int64) error {
	wrong := func(field, key string, args ...any) error {
		return errs.Field(field, "err.logbook."+key, "write logbook: "+field+" is wrong", args...)
	}
	switch {
	case !slices.Contains(Places, in.Place):
		return wrong("place", "place")
	case in.At <= now-oldest.Microseconds() || in.At > now+early.Microseconds():
		return wrong("at", "at", "days", int(oldest/(24*time.Hour)))
	case in.Minutes < 1 || in.Minutes > MaxMinutes:
		return wrong("minutes", "minutes", "max", MaxMinutes)
	case in.Talks < 0 || in.Talks > MaxTalks:
		return wrong("talks", "talks", "max", MaxTalks)
	}
	for name, n := range in.Outcomes {
		if !slices.Contains(Outcomes, name) || n < 0 || n > MaxTalks {
			return wrong("outcome-"+name, "outcome", "max", MaxTalks)
		}
	}
	for _, f := range []struct {
		field, text string
		most        int
	}{{"account", in.Account, MaxAccount}, {"note", in.Note, MaxNote}} {
		if !utf8.ValidString(f.text) || utf8.RuneCountInString(f.text) > f.most {
			return wrong(f.field, "long", "max", f.most)
		}
	}
	return nil
}

// words is the sealed part of an entry.
type words struct {
	Account string `json:"account,omitempty"`
	Note    string `json:"note,omitempty"`
}

// spell writes outcomes into one column, in the order of Outcomes.
func spell(outcomes map[string]int) string {
	var out []string
	for _, name := range Outcomes {
		if n := outcomes[name]; n > 0 {
			out = append(out, name+"="+strconv.Itoa(n))
		}
	}
	return strings.Join(out, " ")
}

var spelled = regexp.MustCompile(`([a-z-]+)=([0-9]+)`)

func unspell(text string) map[string]int {
	out := map[string]int{}
	for _, m := range spelled.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(m[2])
		if err == nil {
			out[m[1]] = n
		}
	}
	return out
}

func (e Entry) resource(by access.Actor) access.Resource {
	r := access.Resource{Kind: "logbook", ID: e.ID, Unit: e.Unit}
	if e.Handle == by.Handle {
		r.Owner = by.Person
	}
	return r
}

// Figures are sums of entries: of a unit and a place, never of an officer.
type Figures struct {
	Entries, Minutes, Talks, Handed int
	Outcomes                        map[string]int
	Places                          []PlaceFigures // most conversations first
}

// PlaceFigures are the sums of one place.
type PlaceFigures struct {
	Place                           string
	Entries, Minutes, Talks, Handed int
}

// Sum adds entries up.
func Sum(entries []Entry) Figures {
	f := Figures{Outcomes: map[string]int{}}
	at := map[string]int{}
	for _, e := range entries {
		i, ok := at[e.Place]
		if !ok {
			i = len(f.Places)
			at[e.Place] = i
			f.Places = append(f.Places, PlaceFigures{Place: e.Place})
		}
		p := &f.Places[i]
		p.Entries, p.Minutes, p.Talks, p.Handed = p.Entries+1, p.Minutes+e.Minutes, p.Talks+e.Talks, p.Handed+e.Handed
		f.Entries, f.Minutes, f.Talks, f.Handed = f.Entries+1, f.Minutes+e.Minutes, f.Talks+e.Talks, f.Handed+e.Handed
		for name, n := range e.Outcomes {
			f.Outcomes[name] += n
		}
	}
	slices.SortStableFunc(f.Places, func(a, b PlaceFigures) int { return b.Talks - a.Talks })
	return f
}
