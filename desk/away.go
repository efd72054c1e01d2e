package desk

import (
	"context"
	"slices"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/patrol"
	"ronde/people"
)

const (
	awayWithin = 10 * time.Minute // how old a message may be to get an automatic answer
	awayMost   = 50               // of one step
)

// Speech is how the desk says what fills a text.
type Speech struct {
	Service   string // "Patrouille en ligne"
	Emergency string // "112"
	// Hours says in a language when somebody is there next.
	Hours func(lang string, from time.Time) string
}

// Speak says what fills automatic answers. It is called once, before anything
// runs; without it none are sent.
func (s *Service) Speak(sp Speech) { s.speech = &sp }

// AwayStep answers by itself what came while nobody is there: with an agreed
// text in the writer's language, labelled automatic, once a conversation and
// day, never to a machine (RFC 3834) and never in public. Nobody's waiting ends
// by it.
func (s *Service) AwayStep(ctx context.Context) (did int, err error) {
	if s.speech == nil {
		return 0, nil
	}
	duty, err := s.patrol.OnDuty(ctx, s.db.Now())
	if err != nil {
		return 0, err
	}
	var due []conversation
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		due, err = unanswered(ctx, tx, tx.Now-awayWithin.Microseconds(), db.Day(tx.Now), awayMost)
		return err
	})
	if err != nil {
		return 0, errs.Wrap(err, "answer automatically")
	}
	for _, c := range due {
		next, away := absent(duty, c.Channel)
		if !away {
			continue
		}
		sent, err := s.away(ctx, c.ID, next, duty.AnswerDays)
		if err != nil {
			return did, err
		}
		if sent {
			did++
		}
	}
	return did, nil
}

// absent says whether nobody is there for a channel, and when somebody is next.
func absent(d patrol.Duty, channel string) (next time.Time, away bool) {
	for _, c := range d.Channels {
		if c.Channel == channel {
			if c.Next != nil {
				next = c.Next.From
			}
			return next, c.Now == nil
		}
	}
	if d.Next != nil {
		next = d.Next.From
	}
	return next, len(d.Now) == 0
}

// away writes one automatic answer.
func (s *Service) away(ctx context.Context, conversationID string, next time.Time, days int) (sent bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := selectConversation(ctx, tx, conversationID)
		if err != nil || !c.State.Waits() || c.Erased != 0 {
			return errs.Wrap(err, "answer automatically")
		}
		newest, err := s.newestOf(ctx, tx, c)
		if err != nil || newest.Auto || newest.Public {
			return err
		}
		there, err := s.presence(ctx, tx, []conversation{c}, machine)
		if err != nil || len(there[c.ID]) > 0 {
			return errs.Wrap(err, "answer automatically") // somebody is reading it: a person answers
		}
		t, found, err := awayText(ctx, tx, c.Lang)
		if err != nil || !found {
			return errs.Wrap(err, "answer automatically")
		}
		if sent, err = insertAuto(ctx, tx, c.ID, db.Day(tx.Now)); err != nil || !sent {
			return errs.Wrap(err, "answer automatically")
		}
		values := map[string]string{"service": s.speech.Service, "name": s.speech.Service, "ref": Ref(c.ID), "emergency": s.speech.Emergency}
		if !next.IsZero() && s.speech.Hours != nil {
			values["hours"] = s.speech.Hours(c.Lang, next)
		}
		if days > 0 {
			values["days"] = itoa(days)
		}
		w := written{Text: Fill(t.Body, values), Auto: true}
		id, err := s.addMessage(ctx, tx, machine, "conversation.auto", &c, false, w)
		if err != nil {
			return err
		}
		if err := s.send(ctx, tx, &c, id, w); err != nil {
			return err
		}
		if err := count(ctx, tx, "conversation.auto"); err != nil {
			return errs.Wrap(err, "answer automatically")
		}
		return s.keep(ctx, tx, &c, ledger.Event{Verb: "conversation.auto", By: machine, Detail: "outside hours"})
	})
	return sent, err
}

// Spans are the classes of a time until an answer, shortest first.
var Spans = []string{"15m", "1h", "4h", "1d", "3d", "more"}

func spanWord(micros int64) string {
	d := time.Duration(micros) * time.Microsecond
	for i, most := range []time.Duration{15 * time.Minute, time.Hour, 4 * time.Hour, 24 * time.Hour, 72 * time.Hour} {
		if d <= most {
			return Spans[i]
		}
	}
	return Spans[len(Spans)-1]
}

// measure counts how long somebody waited for this answer, and whether that was
// within what we announce for the channel. It counts channels and days, never
// officers (promise 1).
func measure(ctx context.Context, tx *db.Tx, c conversation, announced map[string]int) error {
	if c.Waiting == 0 {
		return nil
	}
	span := spanWord(tx.Now - c.Waiting)
	names := []string{"span." + span, "byspan." + c.Channel + "." + span}
	if days, ok := announced[c.Channel]; ok {
		name := "late."
		if tx.Now <= workingDays(c.Waiting, days) {
			name = "intime."
		}
		names = append(names, name+c.Channel)
	}
	return errs.Wrap(count(ctx, tx, names...), "measure answer")
}

// workingDays is the end of the n-th working day after a time, in UTC. A day
// more or less at the border of a time zone changes no figure of three days.
func workingDays(from int64, n int) int64 {
	t := time.UnixMicro(from).UTC()
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if d := t.Weekday(); d != time.Saturday && d != time.Sunday {
			n--
		}
	}
	return t.UnixMicro()
}

// announced are the answer times of the channels, in working days.
func (s *Service) announced(ctx context.Context) (map[string]int, error) {
	hours, err := s.patrol.Hours(ctx)
	out := map[string]int{}
	for _, h := range hours {
		if h.AnswerDays > 0 {
			out[h.Channel] = h.AnswerDays
		}
	}
	return out, err
}

// Pace is how long people waited on one channel.
type Pace struct {
	Channel   string
	Announced int            // working days; 0: nothing is announced
	InTime    int64          // answers within that
	Late      int64          // and after it
	Spans     map[string]int // answers by class of Spans
}

// Paces measures what was announced against what was, over days.
func (s *Service) Paces(ctx context.Context, by access.Actor, fromDay, toDay string) (out []Pace, err error) {
	if err := people.Allow(by, "conversation.list", access.Resource{Kind: "conversation"}); err != nil {
		return nil, err
	}
	announced, err := s.announced(ctx)
	if err != nil {
		return nil, err
	}
	byChannel := map[string]*Pace{}
	pace := func(channel string) *Pace {
		if byChannel[channel] == nil {
			byChannel[channel] = &Pace{Channel: channel, Announced: announced[channel], Spans: map[string]int{}}
		}
		return byChannel[channel]
	}
	for channel := range announced {
		pace(channel)
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n, err := s.Counts(ctx, tx, fromDay, toDay)
		for name, count := range n {
			fillPace(pace, name, count)
		}
		return err
	})
	for _, p := range byChannel {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Pace) int {
		if a.Channel < b.Channel {
			return -1
		}
		return 1
	})
	return out, errs.Wrap(err, "measure answers")
}
