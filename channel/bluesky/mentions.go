package bluesky

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"ronde/channel"
	"ronde/internal/rest"
)

const (
	pageSize  = "100"
	maxPages  = 100 // of notifications in one look: 10,000
	maxSame   = 100 // notifications of one moment
	perLook   = 25  // posts that are asked for at once
	recheck   = time.Minute
	sureAfter = 2 // looks after which what is missing counts as deleted
)

// notification is one of the account's list.
type notification struct {
	URI     string  `json:"uri"`
	Author  profile `json:"author"`
	Reason  string  `json:"reason"`
	Record  post    `json:"record"`
	Indexed string  `json:"indexedAt"`
}

// reading is one run of Receive on mentions.
type reading struct {
	*Line
	me      string
	take    channel.Take
	mark    mark
	missing map[string]int // looks at which a mention was not there
}

func (l *Line) readMentions(ctx context.Context, m mark, take channel.Take) error {
	me, err := l.me(ctx)
	if err != nil {
		return err
	}
	r := &reading{Line: l, me: me, take: take, mark: m, missing: map[string]int{}}
	if m.Seen == "" {
		if err := r.fromNow(ctx); err != nil {
			return err
		}
	}
	if err := r.keep(ctx, nil, r.mark); err != nil {
		return err
	}
	every := max(1, int(recheck/max(l.poll, time.Millisecond)))
	if l.poll < time.Second { // only in tests
		every = 2
	}
	for n := 0; ; n++ {
		if err := r.look(ctx); err != nil {
			return err
		}
		if n%every == 0 {
			if err := r.again(ctx); err != nil {
				return err
			}
		}
		if !rest.Pause(ctx, l.poll) {
			return nil
		}
	}
}

func (r *reading) keep(ctx context.Context, batch []channel.Arrival, m mark) error {
	m = m.fresh(r.now())
	if err := r.take(ctx, batch, m.bytes()); err != nil {
		return err
	}
	r.mark = m
	return nil
}

// page is a part of the list, the newest first. What is malformed is nil.
func (r *reading) page(ctx context.Context, cursor string) ([]notification, string, error) {
	var out struct {
		Cursor string            `json:"cursor"`
		List   []json.RawMessage `json:"notifications"`
	}
	q := values("limit", pageSize, "reasons", "mention", "reasons", "reply", "reasons", "quote")
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if err := r.query(ctx, "app.bsky.notification.listNotifications", q, &out); err != nil {
		return nil, "", err
	}
	var list []notification
	for _, raw := range out.List {
		var n notification
		if json.Unmarshal(raw, &n) == nil && !moment(n.Indexed).IsZero() && len(n.URI) <= channel.MaxKey {
			list = append(list, n)
		}
	}
	if len(out.List) == 0 {
		out.Cursor = ""
	}
	return list, out.Cursor, nil
}

// fromNow sets the mark to the newest notification there is.
func (r *reading) fromNow(ctx context.Context) error {
	list, _, err := r.page(ctx, "")
	if err != nil {
		return err
	}
	r.mark = mark{Seen: time.Unix(0, 0).UTC().Format(time.RFC3339)}
	if len(list) > 0 {
		r.mark = after(r.mark, list)
	}
	return nil
}

// after is the mark behind notifications, of which the newest moment counts.
func after(m mark, list []notification) mark {
	newest := moment(m.Seen)
	for _, n := range list {
		if t := moment(n.Indexed); t.After(newest) {
			newest, m.Seen, m.Same = t, n.Indexed, nil
		}
	}
	m.Same = slices.Clone(m.Same)
	for _, n := range list {
		if moment(n.Indexed).Equal(newest) && !slices.Contains(m.Same, n.URI) && len(m.Same) < maxSame {
			m.Same = append(m.Same, n.URI)
		}
	}
	return m
}

// look reads all that is newer than the mark and hands it over, the oldest
// first.
func (r *reading) look(ctx context.Context) error {
	seen := moment(r.mark.Seen)
	var fresh []notification
	cursor, whole := "", false
	for range maxPages {
		list, next, err := r.page(ctx, cursor)
		if err != nil {
			return err
		}
		older := false
		for _, n := range list {
			t := moment(n.Indexed)
			older = older || t.Before(seen)
			if t.After(seen) || t.Equal(seen) && !slices.Contains(r.mark.Same, n.URI) {
				fresh = append(fresh, n)
			}
		}
		if cursor = next; older || next == "" {
			whole = true
			break
		}
	}
	slices.Reverse(fresh)
	slices.SortStableFunc(fresh, func(a, b notification) int { return moment(a.Indexed).Compare(moment(b.Indexed)) })
	for part := range slices.Chunk(fresh, channel.MaxBatch) {
		if err := r.give(ctx, part); err != nil {
			return err
		}
	}
	if !whole {
		return &channel.Refusal{Why: channel.Forgotten}
	}
	return nil
}

func (r *reading) give(ctx context.Context, part []notification) error {
	m := after(r.mark, part)
	m.Recent = slices.Clone(m.Recent)
	var batch []channel.Arrival
	for _, n := range part {
		if n.Author.DID == r.me || !slices.Contains([]string{"mention", "reply", "quote"}, n.Reason) {
			continue
		}
		if a := n.arrival(); a.Check() == nil {
			batch = append(batch, a)
			m.Recent = append(m.Recent, recent{a.ID, a.Thread, r.now()})
		}
	}
	return r.keep(ctx, batch, m)
}

// again looks which of the recent mentions are still there.
func (r *reading) again(ctx context.Context) error {
	for part := range slices.Chunk(r.mark.fresh(r.now()).Recent, perLook) {
		q := values()
		for _, rec := range part {
			q.Add("uris", rec.ID)
		}
		var out struct{ Posts []struct{ URI string } }
		if err := r.query(ctx, "app.bsky.feed.getPosts", q, &out); err != nil {
			return err
		}
		for _, rec := range part {
			if slices.ContainsFunc(out.Posts, func(p struct{ URI string }) bool { return p.URI == rec.ID }) {
				delete(r.missing, rec.ID)
				continue
			}
			if r.missing[rec.ID]++; r.missing[rec.ID] < sureAfter {
				continue
			}
			delete(r.missing, rec.ID)
			a := channel.Arrival{What: channel.Deleted, ID: rec.ID, Thread: rec.Thread, Public: true}
			if err := r.keep(ctx, []channel.Arrival{a}, r.mark.without(rec.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}
