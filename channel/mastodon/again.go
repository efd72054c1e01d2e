package mastodon

import (
	"context"
	"net/url"

	"ronde/channel"
)

// perLook is how many statuses a server gives at once.
const perLook = 20

// again looks at recent mentions: which were edited, which are no more.
func (r *reading) again(ctx context.Context) error {
	all := r.mark.fresh(r.now()).Recent
	for len(all) > 0 {
		part := all[:min(perLook, len(all))]
		all = all[len(part):]
		q := url.Values{}
		for _, rec := range part {
			q.Add("id[]", rec.ID)
		}
		var found []status
		if _, err := r.get(ctx, "/api/v1/statuses", q, &found); err != nil {
			if channel.WhyOf(err) != channel.Gone {
				return err
			}
			found = nil // a server before 4.3: each is asked for by itself
		}
		there := map[string]status{}
		for _, s := range found {
			there[s.ID] = s
		}
		for _, rec := range part {
			if err := r.compare(ctx, rec, there); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare tells what became of one mention. What the list left out is asked
// for by itself before it counts as deleted.
func (r *reading) compare(ctx context.Context, rec recent, there map[string]status) error {
	s, ok := there[rec.ID]
	if !ok {
		_, err := r.get(ctx, "/api/v1/statuses/"+url.PathEscape(rec.ID), nil, &s)
		if channel.WhyOf(err) == channel.Gone {
			return r.deleted(ctx, rec.ID)
		}
		if err != nil {
			return err
		}
	}
	return r.edited(ctx, s)
}

// edited tells an edit of a recent mention.
func (r *reading) edited(ctx context.Context, s status) error {
	rec, ok := r.mark.find(s.ID)
	if !ok || s.Edited == rec.Edited {
		return nil
	}
	a := s.arrival(channel.Edited)
	a.Thread = rec.Thread
	if a.Check() != nil {
		return nil
	}
	return r.keep(ctx, []channel.Arrival{a}, r.mark.with(s, rec.At))
}

// deleted tells that a recent mention is no more.
func (r *reading) deleted(ctx context.Context, id string) error {
	rec, ok := r.mark.find(id)
	if !ok {
		return nil
	}
	a := channel.Arrival{What: channel.Deleted, ID: id, Thread: rec.Thread, Public: len(rec.Thread) > len(public) && rec.Thread[:len(public)] == public}
	return r.keep(ctx, []channel.Arrival{a}, r.mark.without(id))
}
