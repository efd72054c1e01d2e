package patrol

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ronde/internal/errs"
)

// The limits of an event.
const (
	MaxEventText  = 1500 // runes of what it is about
	MaxRules      = 12
	MaxRule       = 200 // runes
	MaxEventTitle = 100 // runes
	MaxEvents     = 5000
	MaxCapacity   = 100_000
	keepEvents    = 800 // days after which an event is forgotten
)

// EventKinds are what an event can be (D 2.27, 2.46, 2.55, 2.58).
var EventKinds = []string{"stream", "game", "webinar", "class", "visit"}

// The states of an event.
const (
	Drafted   = "draft"
	Announced = "published"
	Cancelled = "cancelled"
	Held      = "held" // what came of it is written down
)

// Event is a time at which people can meet the patrol. All of it is public
// once it is announced, except one for those who booked it.
type Event struct {
	ID       string // evt_…
	Kind     string // one of EventKinds
	Title    string
	About    string
	Rules    []string // accepted before joining (D 2.57)
	Language string
	Channel  string // where online, or empty
	Place    string // where in person, or empty
	URL      string // shown to who accepted the rules
	Starts   int64  // microseconds UTC
	Ends     int64
	Officer  string // card that leads it, or empty: the service
	Second   string // card that watches the chat
	Chat     bool   // those who come may write to each other
	Public   bool
	Capacity int // 0: as many as come
	Seats    int // how often the rules were accepted
	State    string
	Booking  string // boo_… that it answers
	Came
	Made, Changed int64
}

// Came is what came of an event: totals, nobody's name.
type Came struct {
	Attended, Contacts, Advice, Referred, Reports, Handed int
}

// Full says that no seat is left.
func (e Event) Full() bool { return e.Capacity > 0 && e.Seats >= e.Capacity }

// EventIn is what an officer prepares. Day and times are those of the
// organisation's wall.
type EventIn struct {
	ID                                                       string // of the event to change, or empty
	Kind, Title, About, Rules, Language, Channel, Place, URL string
	Day, From, To                                            string
	Officer, Second                                          string
	Chat, Public                                             bool
	Capacity                                                 int
}

// event reads what was typed.
func (in EventIn) event(zone *time.Location) (Event, error) {
	e := Event{ID: in.ID, Kind: in.Kind, Title: strings.TrimSpace(in.Title), About: strings.TrimSpace(in.About), Language: in.Language, Channel: in.Channel, Place: strings.TrimSpace(in.Place),
		URL: strings.TrimSpace(in.URL), Officer: in.Officer, Second: in.Second, Chat: in.Chat, Public: in.Public, Capacity: in.Capacity, State: Drafted}
	if !slices.Contains(EventKinds, e.Kind) {
		return e, errs.Field("kind", "err.patrol.event_kind", "plan event: no such kind")
	}
	if err := line("title", e.Title, MaxEventTitle); err != nil {
		return e, err
	}
	if err := passage("about", e.About, MaxEventText); err != nil {
		return e, err
	}
	if err := e.readRules(in.Rules); err != nil {
		return e, err
	}
	if err := e.where(); err != nil {
		return e, err
	}
	for _, s := range append([]string{e.Title, e.About, e.Place}, e.Rules...) {
		if hiddenHandle.MatchString(s) {
			return e, errs.New(errs.Denied, "err.patrol.hidden", "plan event: a hidden service handle stands in it")
		}
	}
	if e.Capacity < 0 || e.Capacity > MaxCapacity {
		return e, errs.Field("capacity", "err.patrol.capacity", "plan event: capacity out of bounds", "max", MaxCapacity)
	}
	if e.Second != "" && e.Second == e.Officer {
		return e, errs.Field("second", "err.patrol.second_same", "plan event: the second officer is the first")
	}
	return e, e.when(in, zone)
}

func (e *Event) readRules(text string) error {
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		if err := line("rules", l, MaxRule); err != nil {
			return err
		}
		if e.Rules = append(e.Rules, l); len(e.Rules) > MaxRules {
			return errs.Field("rules", "err.patrol.long", "plan event: too many rules", "max", MaxRules)
		}
	}
	return nil
}

func (e *Event) where() error {
	switch {
	case !tongue.MatchString(e.Language):
		return errs.Field("language", "err.patrol.word", "plan event: not a language", "word", clip(e.Language))
	case e.Channel != "" && !channel.MatchString(e.Channel):
		return errs.Field("channel", "err.patrol.word", "plan event: not a channel's name", "word", clip(e.Channel))
	case e.Channel == "" && e.Place == "":
		return errs.Field("place", "err.patrol.nowhere", "plan event: neither a channel nor a place")
	case e.Place != "":
		if err := line("place", e.Place, MaxUnit); err != nil {
			return err
		}
	}
	if e.URL == "" {
		return nil
	}
	_, err := AccountIn{Platform: "web", Handle: "x", URL: e.URL, Proof: "seen"}.account()
	return err
}

// when reads the day and the times; an event may run past midnight.
func (e *Event) when(in EventIn, zone *time.Location) error {
	day, err := parseDay("day", in.Day)
	if err != nil {
		return err
	}
	x, err := parseRanges([]string{in.From + "-" + in.To})
	if err != nil {
		return errs.Field("from", "err.patrol.times", "plan event: no times", "part", clip(in.From+"-"+in.To))
	}
	e.Starts, e.Ends = wall(day, x[0].From, zone).UnixMicro(), wall(day, x[0].To, zone).UnixMicro()
	return nil
}

// ready says whether an event may be announced. Where people write to each
// other, a second officer watches the chat (D 2.55); where they join us, they
// read the rules first (D 2.57).
func (e Event) ready(now int64) error {
	switch {
	case e.Ends <= now:
		return errs.Field("day", "err.patrol.event_past", "announce event: it is over")
	case e.Chat && e.Second == "":
		return errs.Field("second", "err.patrol.second", "announce event: nobody watches the chat")
	case e.Public && e.Kind != "visit" && len(e.Rules) == 0:
		return errs.Field("rules", "err.patrol.no_rules", "announce event: no rules to accept")
	}
	return nil
}

func (c Came) check() error {
	const most = 1_000_000
	for _, f := range []struct {
		name string
		n    int
	}{{"attended", c.Attended}, {"contacts", c.Contacts}, {"advice", c.Advice}, {"referred", c.Referred}, {"reports", c.Reports}, {"handed", c.Handed}} {
		if f.n < 0 || f.n > most {
			return errs.Field(f.name, "err.patrol.number", "record event: not a number", "max", most)
		}
	}
	return nil
}

// passage accepts text of several lines; what cannot be seen stays out.
func passage(field, s string, most int) error {
	switch {
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return r != '\n' && r != '\r' && r != '\t' && (unicode.IsControl(r) || invisible(r) && r != 0x200D)
	}):
		return errs.Field(field, "err.patrol.invisible", "read "+field+": it has characters that cannot be seen")
	case utf8.RuneCountInString(s) > most:
		return errs.Field(field, "err.patrol.long", "read "+field+": too long", "max", most)
	}
	return nil
}
