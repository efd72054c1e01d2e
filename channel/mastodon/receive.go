package mastodon

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"ronde/channel"
	"ronde/internal/rest"
)

const pageSize = "40"

// reading is one run of Receive.
type reading struct {
	*Line
	me   string
	take channel.Take
	mark mark
}

// Receive reads mentions since the mark, and what becomes of recent ones,
// until ctx ends or the stream is cut.
func (l *Line) Receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	r := &reading{Line: l, take: take}
	if from != nil {
		var ok bool
		if r.mark, ok = read(from); !ok {
			return &channel.Refusal{Why: channel.Forgotten}
		}
	}
	return rest.Ended(ctx, r.run(ctx))
}

func (r *reading) run(ctx context.Context) error {
	me, err := r.Line.me(ctx)
	if err != nil {
		return err
	}
	r.me = me.ID
	if err := r.instance(ctx); err != nil {
		return err
	}
	if r.mark.Since == "" {
		if err := r.fromNow(ctx); err != nil {
			return err
		}
	}
	if err := r.keep(ctx, nil, r.mark); err != nil {
		return err
	}
	if err := r.lookAll(ctx); err != nil {
		return err
	}
	s, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return r.follow(ctx, s)
}

// lookAll looks for new mentions, and at what became of recent ones.
func (r *reading) lookAll(ctx context.Context) error {
	if err := r.look(ctx); err != nil {
		return err
	}
	return r.again(ctx)
}

// follow looks whenever the stream says so, and every poll.
func (r *reading) follow(ctx context.Context, s *stream) error {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	pace := rate.NewLimiter(rate.Every(lookEvery), looksAtOnce)
	if err := r.look(ctx); err != nil { // what came before the stream was open
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := r.lookAll(ctx); err != nil {
				return err
			}
		case e, ok := <-s.events:
			if !ok {
				return s.why()
			}
			wake, err := r.waiting(ctx, s, e)
			if err != nil {
				return err
			}
			if !wake {
				continue
			}
			if err := pace.Wait(ctx); err != nil {
				return err
			}
			if err := r.look(ctx); err != nil {
				return err
			}
		}
	}
}

// waiting follows an event and those that wait behind it: many are one look.
func (r *reading) waiting(ctx context.Context, s *stream, e event) (wake bool, err error) {
	for {
		look, err := r.event(ctx, e)
		if err != nil {
			return false, err
		}
		wake = wake || look
		select {
		case next, ok := <-s.events:
			if !ok {
				return wake, nil // told at the next turn
			}
			e = next
		default:
			return wake, nil
		}
	}
}

// keep hands a batch over and moves the mark when it was kept.
func (r *reading) keep(ctx context.Context, batch []channel.Arrival, m mark) error {
	m = m.fresh(r.now())
	if err := r.take(ctx, batch, m.bytes()); err != nil {
		return err
	}
	r.mark = m
	return nil
}

// notification is one of the account's list.
type notification struct {
	ID     string  `json:"id"`
	Type   string  `json:"type"`
	Status *status `json:"status"`
}

func list(extra ...string) url.Values {
	q := url.Values{"types[]": {"mention"}, "limit": {pageSize}, "include_filtered": {"true"}}
	for i := 0; i+1 < len(extra); i += 2 {
		q.Set(extra[i], extra[i+1])
	}
	return q
}

// fromNow sets the mark to the newest notification there is.
func (r *reading) fromNow(ctx context.Context) error {
	var page []notification
	if _, err := r.get(ctx, "/api/v1/notifications", list("limit", "1"), &page); err != nil {
		return err
	}
	r.mark = mark{Since: "0"}
	if len(page) > 0 && page[0].ID != "" {
		r.mark.Since = page[0].ID
	}
	return nil
}

// look reads all new mentions.
func (r *reading) look(ctx context.Context) error {
	for {
		var page []notification
		h, err := r.get(ctx, "/api/v1/notifications", list("min_id", r.mark.Since), &page)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return nil
		}
		next := cmp.Or(prev(h.Get("Link")), newest(page))
		if next == "" || next == r.mark.Since {
			return nil
		}
		slices.Reverse(page) // the server gives the newest first
		if err := r.mentions(ctx, page, next); err != nil {
			return err
		}
	}
}

func (r *reading) mentions(ctx context.Context, page []notification, next string) error {
	m := r.mark
	m.Since = next
	var batch []channel.Arrival
	for _, n := range page {
		if n.Status == nil || n.Type != "mention" || r.private && n.Status.open() || n.Status.Account.ID == r.me {
			continue
		}
		if a := n.Status.arrival(channel.Written); a.Check() == nil {
			batch = append(batch, a)
			m = m.with(*n.Status, r.now())
		}
	}
	return r.keep(ctx, batch, m)
}

func newest(page []notification) string { return page[0].ID }

var minID = regexp.MustCompile(`<[^>]*[?&]min_id=([^&>]{1,64})(?:&[^>]*)?>;\s*rel="prev"`)

// prev is where the Link header says that newer notifications begin (RFC
// 8288). Only the id is taken from it, never the address.
func prev(link string) string {
	for part := range strings.SplitSeq(link, ", <") {
		if m := minID.FindStringSubmatch("<" + strings.TrimPrefix(part, "<")); m != nil {
			if id, err := url.QueryUnescape(m[1]); err == nil {
				return id
			}
		}
	}
	return ""
}
