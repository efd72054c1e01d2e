package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/people"
)

// Live pages: server-sent events that say what changed, never a word of what
// was written (design 8). A page that is closed, a session that has ended and a
// program that stops end them.
const (
	liveTick    = time.Second      // how often changes are looked for: one look at an index
	liveBeat    = 20 * time.Second // the longest silence; times are said anew, the session is looked at
	liveLife    = 10 * time.Minute // then the browser asks again
	liveWrite   = 10 * time.Second // to somebody who does not read
	liveStreams = 16               // of one session
)

// streams are the routes that stay open. They keep no session alive.
func (b *Workbench) streams() []staffRoute {
	return []staffRoute{
		{"GET /inbox/live", b.liveInbox},
		{"GET /inbox/{id}/live", b.liveTalk},
	}
}

// watching lets somebody with a living session through without keeping it
// alive: a browser left open must not stay signed in.
func (b *Workbench) watching(do staffAction) action {
	return func(w http.ResponseWriter, r *http.Request) error {
		by, err := b.People.Look(r.Context(), cookie(r, sessionName(r)))
		if err != nil {
			return err
		}
		b.liveMu.Lock()
		full := b.open[by.ID] >= liveStreams
		if !full {
			if b.open == nil {
				b.open = map[string]int{}
			}
			b.open[by.ID]++
		}
		b.liveMu.Unlock()
		if full {
			return errs.New(errs.Limit, "err.too_often", "open live page: too many of one session")
		}
		defer b.closed(by.ID)
		return do(w, r, by)
	}
}

func (b *Workbench) closed(session string) {
	b.liveMu.Lock()
	defer b.liveMu.Unlock()
	if b.open[session]--; b.open[session] <= 0 {
		delete(b.open, session)
	}
}

// live sends what say returns whenever something changed, and at least every
// beat, until the page, the session or the program ends. say is asked for one
// event at a time; nil data sends nothing.
func (b *Workbench) live(w http.ResponseWriter, r *http.Request, event string, say func(beat bool) (any, error)) error {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	send := func(text string) error {
		if err := out.SetWriteDeadline(time.Now().Add(liveWrite + liveBeat)); err != nil {
			return err
		}
		if _, err := fmt.Fprint(w, text); err != nil {
			return err
		}
		return out.Flush()
	}
	if send("retry: 3000\n\n") != nil {
		return nil // nobody reads
	}
	tick, life := time.NewTicker(liveTick), time.NewTimer(liveLife)
	defer tick.Stop()
	defer life.Stop()
	seen, beat := int64(-1), time.Time{}
	for {
		now, err := b.Desk.Changes(r.Context())
		late := time.Since(beat) >= liveBeat
		if err == nil && (now != seen || late) {
			if late {
				beat = time.Now()
				_, err = b.People.Look(r.Context(), cookie(r, sessionName(r)))
			}
			var data any
			if err == nil {
				seen = now
				data, err = say(late)
			}
			if raw, bad := json.Marshal(data); err == nil && bad == nil {
				if send("event: "+event+"\ndata: "+string(raw)+"\n\n") != nil {
					return nil
				}
			}
		}
		if err != nil { // signed out, handed away, or the house is ill: the page itself says which
			send("event: over\ndata: {}\n\n")
			return nil
		}
		select {
		case <-tick.C:
		case <-life.C:
			return nil
		case <-r.Context().Done():
			return nil
		case <-b.Ending:
			return nil
		}
	}
}

// liveRow is what of a row may change while somebody looks at it.
type liveRow struct {
	ID     string `json:"id"`
	Wait   string `json:"wait"`  // how long somebody has waited; empty: nobody does
	State  string `json:"state"` // in words
	Who    string `json:"who"`
	Here   string `json:"here"` // who has it open or writes
	Unread bool   `json:"unread"`
}

// liveChip is one of the own conversations.
type liveChip struct {
	ID     string `json:"id"`
	Ref    string `json:"ref"`
	Unread int    `json:"unread"`
	Urgent bool   `json:"urgent"`
	Label  string `json:"label"`
}

// liveInbox is GET /inbox/live?show=…&after=…
func (b *Workbench) liveInbox(w http.ResponseWriter, r *http.Request, by people.Session) error {
	skip, _ := strconv.Atoi(r.URL.Query().Get("after"))
	f := desk.Filter{Show: r.URL.Query().Get("show"), Skip: max(0, skip), Rows: inboxRows}
	l := b.words(r)
	return b.live(w, r, "inbox", func(bool) (any, error) {
		g, err := b.Desk.Glance(r.Context(), by.Actor, f)
		if err != nil {
			return nil, err
		}
		data := struct {
			Rows []liveRow      `json:"rows"`
			Mine []liveChip     `json:"mine"`
			Tabs map[string]int `json:"tabs"`
		}{Rows: []liveRow{}, Mine: b.liveChips(l, g.Mine), Tabs: g.Counts}
		for _, row := range g.Rows {
			data.Rows = append(data.Rows, b.liveRow(l, row))
		}
		return data, nil
	})
}

func (b *Workbench) liveRow(l *lang.Lang, c desk.Row) liveRow {
	row := liveRow{ID: c.ID, State: l.T("word.state." + string(c.State)), Who: c.Holder, Here: hereWords(l, c.Present), Unread: c.Unread > 0}
	if c.Waiting != 0 {
		row.Wait = l.Span(b.since(c.Waiting))
	}
	switch {
	case c.Mine:
		row.Who = l.T("inbox.you")
	case c.Holder == "":
		row.Who = l.T("inbox.free")
	}
	return row
}

func (b *Workbench) liveChips(l *lang.Lang, mine []desk.Row) []liveChip {
	out := []liveChip{}
	for _, c := range mine {
		chip := b.chip(c)
		out = append(out, liveChip{ID: c.ID, Ref: chip.Ref, Unread: chip.Unread, Urgent: chip.Urgent, Label: chipWords(l, chip.Unread)})
	}
	return out
}

// liveTalk is GET /inbox/{id}/live. While it is open, colleagues see that
// somebody is here.
func (b *Workbench) liveTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	id, l := r.PathValue("id"), b.words(r)
	if err := b.Desk.Here(r.Context(), by.Actor, id, false); err != nil {
		return err
	}
	defer b.leave(by, id)
	return b.live(w, r, "talk", func(beat bool) (any, error) {
		if beat {
			if err := b.Desk.Here(r.Context(), by.Actor, id, false); err != nil {
				return nil, err
			}
		}
		p, err := b.Desk.Pulse(r.Context(), by.Actor, id)
		if err != nil {
			return nil, err
		}
		mine, err := b.Desk.Mine(r.Context(), by.Actor)
		return struct {
			Revision int64      `json:"revision"`
			Changed  int64      `json:"changed"`
			Here     string     `json:"here"`
			Mine     []liveChip `json:"mine"`
		}{p.Revision, p.Changed, hereWords(l, p.Present), b.liveChips(l, mine)}, err
	})
}

// leave says that a page was closed, when its request is over already.
func (b *Workbench) leave(by people.Session, id string) {
	ctx, stop := afterwards()
	defer stop()
	if err := b.Desk.Gone(ctx, by.Actor, id); err != nil && !errs.Is(err, errs.NotFound) {
		b.Log.Warn("say who has gone", "kind", errs.KindOf(err).String())
	}
}

// hereWords says which colleagues have a conversation open and who writes.
func hereWords(l *lang.Lang, there []desk.Present) string {
	var out []string
	for _, p := range there {
		key := "inbox.reads"
		if p.Writing {
			key = "inbox.writes"
		}
		out = append(out, l.T(key, "name", p.Handle))
	}
	return strings.Join(out, ", ")
}
