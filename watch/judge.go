package watch

import (
	"context"
	"errors"

	"ronde/channel"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/mandate"
)

// Result is what became of a batch, in posts.
type Result struct {
	Read    int `json:"read"`     // judged under the permit
	Flagged int `json:"flagged"`  // new alerts
	Reposts int `json:"reposts"`  // flagged, with the text of an alert that is there
	Refused int `json:"refused"`  // outside the contract of a post
	NotRead int `json:"not_read"` // beyond the mandate's volume, or in a language it does not ask for
}

func (r *Result) add(o Result) {
	r.Read += o.Read
	r.Flagged += o.Flagged
	r.Reposts += o.Reposts
	r.Refused += o.Refused
	r.NotRead += o.NotRead
}

// hit is a flagged post on its way to an alert.
type hit struct {
	alert    *Alert
	content  content
	textHash []byte
	copyHash []byte
}

// Judge judges posts under a permit. What does not match is forgotten here.
// errs.Lapsed when the mandate does not permit it now.
func (s *Service) Judge(ctx context.Context, p mandate.Permit, posts []channel.Post) (Result, error) {
	r, _, err := s.judge(ctx, p, posts)
	return r, err
}

// judge returns the ids of the alerts that the posts raised or joined.
func (s *Service) judge(ctx context.Context, p mandate.Permit, posts []channel.Post) (Result, []string, error) {
	if err := p.Check(s.db.Now()); err != nil {
		return Result{}, nil, err
	}
	if err := s.db.Read(ctx, func(tx *db.Tx) error { return s.learn(ctx, tx) }); err != nil {
		return Result{}, nil, err
	}
	posts, r := s.clean(p, posts)
	granted, err := s.take(p, len(posts), &r)
	if err != nil {
		return Result{}, nil, err
	}
	hits, err := s.match(ctx, p, posts[:granted])
	if err != nil || len(hits) == 0 {
		return r, nil, err
	}
	ids, err := s.keep(ctx, p, hits, &r)
	if err != nil {
		return Result{}, nil, err
	}
	crash.At(crash.AlertKept)
	s.tell()
	return r, ids, nil
}

// clean refuses what is no post and leaves out what the mandate does not ask
// for. A post carries the source of the permit, whatever it says.
func (s *Service) clean(p mandate.Permit, posts []channel.Post) (kept []channel.Post, r Result) {
	now := s.db.Now()
	for _, post := range posts {
		post, _, err := channel.Clean(post, now)
		switch {
		case err != nil:
			r.Refused++
		case !p.Reads(post.Lang):
			r.NotRead++
		default:
			post.Source = p.Source()
			kept = append(kept, post)
		}
	}
	return kept, r
}

// match judges each post with the lexicon of this moment.
func (s *Service) match(ctx context.Context, p mandate.Permit, posts []channel.Post) ([]*hit, error) {
	var hits []*hit
	lex := s.lexiconNow()
	flagged := map[int]bool{}
	for i, post := range posts {
		v := lex.Judge(post.Text, post.Lang)
		if !v.Flagged {
			continue
		}
		flagged[i] = true
		var categories []lexicon.CategoryScore
		for _, c := range v.Categories {
			if p.Covers(c.Name) {
				categories = append(categories, c)
			}
		}
		if len(categories) > 0 {
			hits = append(hits, s.hit(p, lex, post, v, categories))
		}
	}
	return hits, s.try(ctx, posts, func(i int) bool { return flagged[i] })
}

func (s *Service) hit(p mandate.Permit, lex *lexicon.Lexicon, post channel.Post, v lexicon.Verdict, categories []lexicon.CategoryScore) *hit {
	words := dangers(post.Text)
	a := raise(post, categories, words)
	a.Lexicon = lex.Hash()
	if a.Language == "" {
		a.Language = spoken(v.Signals)
	}
	return &hit{
		alert:    a,
		content:  content{post, categories, explain(lex, v.Signals), v.Undone, words, v.Cut},
		textHash: s.keys.Hash(textPurpose, []byte(p.Mandate()+"\x00"+lexicon.Fold(post.Text))),
		copyHash: s.keys.Hash(copyPurpose, []byte(p.Mandate()+"\x00"+post.Source+"\x00"+post.ID+"\x00"+post.URL+"\x00"+post.Author+"\x00"+post.Text)),
	}
}

// errNoKey says that an alert vanished between the look and the write, so
// that its text needs a new one and has no key yet.
var errNoKey = errors.New("raise alert: its text has no alert any more")

// find is the flagged posts of one batch on their way to the rows.
type find struct {
	permit mandate.Permit
	hits   []*hit

	ids []string
	got Result
	err error
}

// keep makes a key for each text that has no alert, then writes the alerts,
// under the permit, in a transaction shared with other batches.
func (s *Service) keep(ctx context.Context, p mandate.Permit, hits []*hit, r *Result) ([]string, error) {
	for range 3 {
		made, err := s.prepare(ctx, p, hits)
		if err != nil {
			return nil, err
		}
		f := &find{permit: p, hits: hits}
		s.finds.do(f)
		if err := s.drop(made, f.ids, f.err); err != nil {
			return nil, errors.Join(f.err, err)
		}
		if f.err == nil {
			r.add(f.got)
			return f.ids, nil
		}
		if !errors.Is(f.err, errNoKey) {
			return nil, f.err
		}
	}
	return nil, errs.As(errNoKey, errs.Conflict, "err.conflict")
}

func (s *Service) keepAll(finds []*find) {
	ctx, cancel := context.WithTimeout(context.Background(), writeIn)
	defer cancel()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, f := range finds {
			f.ids, f.got, f.err = nil, Result{}, nil
			if err := s.keepOne(ctx, tx, f); isRefusal(err) || errors.Is(err, errNoKey) {
				f.err = err // its own, and nothing was written for it
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	for _, f := range finds {
		if err != nil {
			f.err = err
		}
	}
}

// keepOne writes nothing before it knows that it can write all.
func (s *Service) keepOne(ctx context.Context, tx *db.Tx, f *find) error {
	if err := s.Mandates.Check(ctx, tx, f.permit); err != nil {
		return err
	}
	made := map[string]bool{}
	for _, h := range f.hits {
		made[string(h.textHash)] = made[string(h.textHash)] || h.alert.ID != ""
		have, err := idByText(ctx, tx, f.permit.Mandate(), h.textHash)
		if err != nil {
			return errs.Wrap(err, "raise alert")
		}
		if have == "" && !made[string(h.textHash)] {
			return errNoKey
		}
	}
	for _, h := range f.hits {
		id, err := s.write(ctx, tx, f.permit, h, &f.got)
		if err != nil {
			return err
		}
		f.ids = append(f.ids, id)
	}
	return nil
}

// isRefusal: the mandate says no, and the database is well.
func isRefusal(err error) bool { return errs.Is(err, errs.Lapsed) || errs.Is(err, errs.NotFound) }

// prepare gives a fresh container to each text that has no alert.
func (s *Service) prepare(ctx context.Context, p mandate.Permit, hits []*hit) (made []string, err error) {
	byText := map[string]string{}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		for i, h := range hits {
			h.alert.ID, h.alert.sealed = "", nil
			have, err := idByText(ctx, tx, p.Mandate(), h.textHash)
			if err != nil {
				return errs.Wrap(err, "raise alert")
			}
			if have == "" && byText[string(h.textHash)] == "" {
				h.alert.ID = id.New("ale", tx.Now, uint16(i))
				byText[string(h.textHash)] = h.alert.ID
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, h := range hits {
		if h.alert.ID == "" {
			continue
		}
		if err := s.keys.Create(h.alert.ID); err != nil {
			return nil, errs.Wrap(err, "raise alert")
		}
		made = append(made, h.alert.ID)
		if h.alert.sealed, err = s.seal(h.alert.ID, contentPurpose, h.content); err != nil {
			return nil, errs.Wrap(err, "raise alert")
		}
	}
	return made, nil
}

// drop destroys the keys that no row came to need.
func (s *Service) drop(made, used []string, failed error) error {
	keep := map[string]bool{}
	if failed == nil {
		for _, id := range used {
			keep[id] = true
		}
	}
	var err error
	for _, id := range made {
		if !keep[id] {
			err = errors.Join(err, s.keys.Destroy(id, s.db.Now()))
		}
	}
	return err
}

// write raises one alert, or counts a repost, or recognises a post that was
// sent before.
func (s *Service) write(ctx context.Context, tx *db.Tx, p mandate.Permit, h *hit, r *Result) (string, error) {
	known, err := idByCopy(ctx, tx, h.copyHash)
	if err != nil || known != "" {
		return known, errs.Wrap(err, "raise alert")
	}
	have, err := idByText(ctx, tx, p.Mandate(), h.textHash)
	if err != nil {
		return "", errs.Wrap(err, "raise alert")
	}
	if have != "" {
		if err := addRepost(ctx, tx, have, tx.Now); err != nil {
			return "", errs.Wrap(err, "count repost")
		}
		r.Reposts++
		return have, errs.Wrap(insertCopy(ctx, tx, h.copyHash, have), "count repost")
	}
	return h.alert.ID, s.insert(ctx, tx, p, h, r)
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, p mandate.Permit, h *hit, r *Result) error {
	units, err := s.Mandates.Units(ctx, tx, []string{p.Mandate()})
	if err != nil {
		return err
	}
	a := h.alert
	a.Mandate, a.Unit, a.textHash = p.Mandate(), units[p.Mandate()], h.textHash
	a.RaisedAt, a.LastAt, a.ExpiresAt = tx.Now, tx.Now, tx.Now+AlertFor
	if err := insertAlert(ctx, tx, a); err != nil {
		return errs.Wrap(err, "raise alert")
	}
	if err := insertCopy(ctx, tx, h.copyHash, a.ID); err != nil {
		return errs.Wrap(err, "raise alert")
	}
	if err := s.count(ctx, tx, "alert."+a.Category, 1); err != nil {
		return errs.Wrap(err, "raise alert")
	}
	if err := s.noteEntries(ctx, tx, h.content.Signals); err != nil {
		return errs.Wrap(err, "raise alert")
	}
	r.Flagged++
	return s.book.Append(ctx, tx, ledger.Event{Verb: "alert.raise", Table: table, ID: a.ID, By: machine, Permit: a.Mandate, Detail: a.Category})
}
