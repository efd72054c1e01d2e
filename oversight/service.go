package oversight

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"ronde/access"
	"ronde/casefile"
	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/mandate"
	"ronde/people"
	"ronde/watch"
)

const (
	table      = "oversight_requests"
	purpose    = "oversight_requests.sealed"
	codeGroups = 5 // 100 random bits
	maxList    = 200
)

// Service handles requests, retention, certificates and figures.
type Service struct {
	db       *db.DB
	keys     *seal.Ring
	book     *ledger.Ledger
	mandates *mandate.Service
	desk     *desk.Service
	watch    *watch.Service
	exhibits *evidence.Service
	cases    *casefile.Service
}

// New makes the service.
func New(d *db.DB, keys *seal.Ring, book *ledger.Ledger, m *mandate.Service, k *desk.Service, w *watch.Service, e *evidence.Service, c *casefile.Service) *Service {
	return &Service{d, keys, book, m, k, w, e, c}
}

// Ask takes a request from the public door and returns its receipt code,
// shown once. A return code that fits nothing is an error of its field. The
// very same form sent again is the same request with the same receipt.
func (s *Service) Ask(ctx context.Context, a Ask) (code string, err error) {
	if err := a.check(); err != nil {
		return "", err
	}
	q := Request{ID: id.New("rig", s.db.Now(), 0), Asks: a.Asks, AboutKind: "none", State: Received}
	if a.Code != "" {
		if q.AboutID, err = s.desk.FindByCode(ctx, a.Caller, a.Code); err != nil {
			return "", err
		}
		q.AboutKind = casefile.FromConversation
	}
	code = s.receipt(a)
	q.code = s.codeHash(code)
	if known, err := s.asked(ctx, q); known || err != nil {
		return code, errs.Wrap(err, "ask")
	}
	q.container = q.ID
	if err := s.keys.Create(q.container); err != nil {
		return "", errs.Wrap(err, "ask")
	}
	if err := s.seal(&q, Words{Text: a.Text, Contact: a.Contact}); err != nil {
		return "", errs.Wrap(err, "ask")
	}
	again := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := byCode(ctx, tx, q.code); !errs.Is(err, errs.NotFound) {
			again = err == nil
			return err
		}
		q.ReceivedAt, q.DueAt = tx.Now, tx.Now+(dueDays*24*time.Hour).Microseconds()
		if err := insert(ctx, tx, q); err != nil {
			return err
		}
		if err := count(ctx, tx, "request."+q.Asks); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "rights.ask", Table: table, ID: q.ID, By: access.AsCitizen(), Detail: q.Asks})
	})
	if err != nil || again { // nothing was kept: the key has no lock
		err = errors.Join(err, s.keys.Destroy(q.container, s.db.Now()))
	}
	return code, errs.Wrap(err, "ask")
}

// receipt makes the receipt code: of the form where it has a number, so that
// sending it again gives the same one.
func (s *Service) receipt(a Ask) string {
	if seed := a.seed(); seed != nil {
		return id.SecretOf(s.keys.Hash("oversight_requests.form", seed), codeGroups)
	}
	return id.Secret(codeGroups)
}

func (s *Service) asked(ctx context.Context, q Request) (known bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		_, err := byCode(ctx, tx, q.code)
		known = err == nil
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		return err
	})
	return known, err
}

// Status is what the person who asked sees with the receipt code.
func (s *Service) Status(ctx context.Context, code string) (v View, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		q, err := byCode(ctx, tx, s.codeHash(code))
		if err != nil {
			return err
		}
		v, err = s.open(q)
		v.Proposal = "" // an inner note; the reason of the decision is for the person
		if q.State != Done {
			v.Decision, v.Ground, v.Reason = "", "", ""
		}
		return err
	})
	return v, err
}

// Queue is how many requests are open and done.
type Queue struct{ Open, Done int }

// Waiting counts the requests for whoever may list them.
func (s *Service) Waiting(ctx context.Context, by access.Actor) (q Queue, err error) {
	if err := people.Allow(by, "rights.list", access.Resource{Kind: "rights"}); err != nil {
		return q, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		q, err = countRequests(ctx, tx)
		return err
	})
	return q, errs.Wrap(err, "count rights requests")
}

// List returns requests, the nearest deadline first.
func (s *Service) List(ctx context.Context, by access.Actor, done bool) (out []Request, err error) {
	if err := people.Allow(by, "rights.list", access.Resource{Kind: "rights"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if out, err = list(ctx, tx, done, maxList); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "rights.list", ID: "rights", By: by})
	})
	return out, errs.Wrap(err, "list rights requests")
}

// Open returns one request and accounts for the look.
func (s *Service) Open(ctx context.Context, by access.Actor, requestID string) (v View, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		q, err := byID(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := people.Allow(by, "rights.open", q.resource(by)); err != nil {
			return err
		}
		if v, err = s.open(q); err != nil {
			return err
		}
		if v.Case, err = s.heldBy(ctx, tx, q); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "rights.open", Table: table, ID: q.ID, By: by})
	})
	return v, errs.Wrap(err, "open rights request")
}

// Prepare records what an officer proposes. It may be prepared again until it
// is decided.
func (s *Service) Prepare(ctx context.Context, by access.Actor, requestID string, p Proposal) error {
	if err := p.check(); err != nil {
		return err
	}
	return s.change(ctx, by, requestID, "rights.prepare", func(tx *db.Tx, q *Request, w *Words) (string, error) {
		if q.State != Received && q.State != Prepared {
			return "", errs.New(errs.Conflict, "err.rights.decided", "prepare request: it is decided")
		}
		if err := s.possible(ctx, tx, *q, p.Decision); err != nil {
			return "", err
		}
		q.State, q.Decision, q.Ground, q.PreparedBy, w.Proposal = Prepared, p.Decision, p.Ground, by.Handle, p.Reason
		return p.Decision + "; " + p.Ground, nil
	})
}

// Decide is the second person's word. What follows is carried out at once; a
// crash in between is made good by CarryOut.
func (s *Service) Decide(ctx context.Context, by access.Actor, requestID string, p Proposal) error {
	if err := p.check(); err != nil {
		return err
	}
	err := s.change(ctx, by, requestID, "rights.decide", func(tx *db.Tx, q *Request, w *Words) (string, error) {
		if q.State != Prepared {
			return "", errs.New(errs.Conflict, "err.rights.not_prepared", "decide request: nobody has prepared it, or it is decided")
		}
		if err := s.possible(ctx, tx, *q, p.Decision); err != nil {
			return "", err
		}
		q.State, q.Decision, q.Ground, q.DecidedBy, q.DecidedAt, w.Reason = Decided, p.Decision, p.Ground, by.Handle, tx.Now, p.Reason
		return p.Decision + "; " + p.Ground, count(ctx, tx, "decision."+p.Decision)
	})
	if err != nil {
		return err
	}
	crash.At(crash.DecisionRecorded)
	return s.CarryOut(ctx)
}

// change loads, checks, changes and accounts for one request.
func (s *Service) change(ctx context.Context, by access.Actor, requestID, verb string, fn func(*db.Tx, *Request, *Words) (detail string, err error)) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		q, err := byID(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := people.Allow(by, verb, q.resource(by)); err != nil {
			return err
		}
		v, err := s.open(q)
		if err != nil {
			return err
		}
		detail, err := fn(tx, &q, &v.Words)
		if err != nil {
			return err
		}
		if err := s.seal(&q, v.Words); err != nil {
			return err
		}
		if err := update(ctx, tx, q); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: table, ID: q.ID, By: by, Detail: detail})
	})
	return errs.Wrap(err, strings.ReplaceAll(verb, ".", " "))
}

// possible refuses an erasure of what a case holds as evidence: it can only be
// restricted (LED art. 16(3)(b)).
func (s *Service) possible(ctx context.Context, tx *db.Tx, q Request, decision string) error {
	if decision != Erase && decision != Restrict {
		return nil
	}
	if q.AboutKind == "none" {
		return errs.Field("decision", "err.rights.about_nothing", "decide request: it names nothing that could be erased or restricted")
	}
	held, err := s.heldBy(ctx, tx, q)
	if err == nil && held != "" && decision == Erase {
		err = errs.Field("decision", "err.rights.evidence", "decide request: a case holds it as evidence", "case", held)
	}
	return err
}

func (s *Service) heldBy(ctx context.Context, tx *db.Tx, q Request) (number string, err error) {
	if q.AboutKind == "none" {
		return "", nil
	}
	c, err := s.cases.HoldingIn(ctx, tx, q.AboutKind, q.AboutID)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	return c.Number, err
}

func (s *Service) open(q Request) (View, error) {
	v := View{Request: q, Over: q.sealed == nil}
	if v.Over {
		return v, nil
	}
	text, err := s.keys.Open(q.container, purpose, q.sealed)
	if err == nil {
		err = json.Unmarshal(text, &v.Words)
	}
	return v, errs.Wrap(err, "open rights request")
}

func (s *Service) seal(q *Request, w Words) error {
	text, err := json.Marshal(w)
	if err == nil {
		q.sealed, err = s.keys.Seal(q.container, purpose, text)
	}
	return err
}

func (s *Service) codeHash(code string) []byte {
	return s.keys.Hash("oversight_requests.code", []byte(id.FoldSecret(code)))
}

// digest stands for a list of destroyed identifiers: whoever has the list can
// prove that it is this one, and nobody can read it from here.
func digest(ids []string) []byte {
	sorted := slices.Sorted(slices.Values(ids))
	sum := sha256.Sum256([]byte(strings.Join(sorted, "\n") + "\n"))
	return sum[:]
}
