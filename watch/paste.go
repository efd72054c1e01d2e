package watch

import (
	"context"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/mandate"
	"ronde/people"
)

// Pasted is what became of a post that an analyst pasted.
type Pasted struct {
	Result
	Alert  string // raised or joined; empty when the post did not match and is forgotten
	Unsaid bool   // whether an alert was raised for specialised staff is not for who asks
}

// Paste judges a post that an analyst found, or the words seen in a picture,
// under a mandate that names pasting as a source. A post that does not match
// is forgotten like any other.
func (s *Service) Paste(ctx context.Context, by access.Actor, man string, p channel.Post) (Pasted, error) {
	if _, _, err := channel.Clean(p, s.db.Now()); err != nil {
		return Pasted{}, err
	}
	src, err := s.pasteSource(ctx, by, man)
	if err != nil {
		return Pasted{}, err
	}
	permit, err := s.Mandates.Permit(ctx, man, "match", src)
	if err != nil {
		return Pasted{}, err
	}
	if p.ID == "" {
		p.ID = id.New("paste", s.db.Now(), 0) // two pastes of one text are two looks at it
	}
	r, ids, err := s.judge(ctx, permit, []channel.Post{p})
	if err != nil {
		return Pasted{}, err
	}
	out := Pasted{Result: r}
	if len(ids) > 0 {
		out.Alert = ids[0]
	}
	if out, err = s.hidden(ctx, by, out, permit); err != nil {
		return Pasted{}, err
	}
	return out, s.db.Write(ctx, func(tx *db.Tx) error {
		return s.book.Append(ctx, tx, ledger.Event{Verb: "alert.paste", ID: "mandate_sources/" + src, By: by, Permit: man,
			Detail: "read=" + itoa(r.Read) + " flagged=" + itoa(r.Flagged)})
	})
}

// hidden asks the rules whether the paster may know of the alert. Under a
// mandate that may raise some for others, the answer says so each time.
func (s *Service) hidden(ctx context.Context, by access.Actor, p Pasted, permit mandate.Permit) (Pasted, error) {
	p.Unsaid = !seesGuarded(by, by.Unit, permit)
	if p.Alert == "" {
		return p, nil
	}
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		a, err := selectAlert(ctx, tx, p.Alert)
		if err != nil {
			return db.One(err, "paste post")
		}
		if !access.Decide(by, "alert.list", s.resource(a, by)).Allowed {
			p.Alert, p.Flagged, p.Reposts = "", 0, 0
		}
		return nil
	})
	return p, err
}

// pasteSource asks the policy, then finds the mandate's paste source.
func (s *Service) pasteSource(ctx context.Context, by access.Actor, man string) (string, error) {
	var source string
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		units, err := s.Mandates.Units(ctx, tx, []string{man})
		if err != nil {
			return err
		}
		if err := people.Allow(by, "alert.paste", access.Resource{Kind: "alert", Unit: units[man]}); err != nil {
			return err
		}
		source, err = s.Mandates.SourceOf(ctx, tx, man, mandate.Paste)
		return err
	})
	if err == nil && source == "" {
		err = errs.New(errs.Denied, "err.mandate.no_paste", "paste post: the mandate does not name pasting as a source")
	}
	return source, err
}
