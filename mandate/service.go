package mandate

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/people"
)

// Accounted are the tables whose rows the ledger accounts for.
var Accounted = []string{"mandate_mandates", "mandate_sources", "mandate_holds"}

const (
	table       = "mandate_mandates"
	sourceTable = "mandate_sources"
	holdTable   = "mandate_holds"

	textPurpose   = "mandate_mandates.text"
	sourcePurpose = "mandate_sources.text"
	keyPurpose    = "mandate_sources.key"
)

// Service is the room of mandates.
type Service struct {
	db   *db.DB
	keys *seal.Ring
	book *ledger.Ledger
	law  *Profile
}

// New makes the service under one legal profile.
func New(d *db.DB, keys *seal.Ring, book *ledger.Ledger, law *Profile) *Service {
	return &Service{db: d, keys: keys, book: book, law: law}
}

// Law is the legal profile in force.
func (s *Service) Law() *Profile { return s.law }

// Draft writes down what is asked for. It permits nothing yet.
func (s *Service) Draft(ctx context.Context, by access.Actor, p Proposal) (string, error) {
	return s.draft(ctx, by, p, "", "mandate.draft")
}

// Renew drafts the continuation of a mandate, with its own window, sources and
// categories; the authority looks at it as at a new one.
func (s *Service) Renew(ctx context.Context, by access.Actor, old string, p Proposal) (string, error) {
	if err := s.db.Read(ctx, func(tx *db.Tx) error {
		m, err := s.load(ctx, tx, old)
		if err != nil {
			return err
		}
		if err := people.Allow(by, "mandate.renew", s.resource(m, by, tx.Now)); err != nil {
			return err
		}
		if m.stored != Approved && m.stored != Suspended {
			return errs.New(errs.Conflict, "err.mandate.state", "renew mandate: it was never approved")
		}
		return nil
	}); err != nil {
		return "", err
	}
	return s.draft(ctx, by, p, old, "mandate.renew")
}

func (s *Service) draft(ctx context.Context, by access.Actor, p Proposal, renewalOf, verb string) (string, error) {
	if err := people.Allow(by, verb, access.Resource{Kind: "mandate", Unit: by.Unit, State: string(Draft), Drafter: by.Person}); err != nil {
		return "", err
	}
	if by.Person == "" {
		return "", errs.New(errs.Denied, "err.denied", "draft mandate: only a person may")
	}
	p = p.normal()
	if err := p.check(s.law, s.db.Now()); err != nil {
		return "", err
	}
	m := s.drafted(by, p, renewalOf)
	if err := s.keys.Create(m.ID); err != nil {
		return "", err
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m.DraftedAt = tx.Now
		if err := s.write(ctx, tx, m, p); err != nil {
			return errs.Wrap(err, "draft mandate")
		}
		if err := s.accountSources(ctx, tx, by, m); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: table, ID: m.ID, By: by, Permit: m.ID,
			Detail: m.Basis + " " + join(m.Categories)})
	})
	if err != nil {
		return "", err
	}
	return m.ID, nil
}

func (s *Service) drafted(by access.Actor, p Proposal, renewalOf string) *Mandate {
	m := &Mandate{ID: id.New("man", s.db.Now(), 0), Unit: by.Unit, Text: p.Text, LegalProfile: s.law.Code, Basis: p.Basis, Regime: p.Regime,
		Categories: p.Categories, Languages: p.Languages, DailyVolume: p.DailyVolume, Starts: p.Starts, Ends: p.Ends, Review: p.Review,
		RenewalOf: renewalOf, Drafter: by.Handle, stored: Draft, drafterKey: s.personKey(by)}
	for _, x := range s.law.Excluded {
		m.Excluded = append(m.Excluded, x.ID)
	}
	for i, in := range p.Sources {
		m.Sources = append(m.Sources, Source{ID: id.New("src", s.db.Now(), uint16(i)), Mandate: m.ID, Kind: in.Kind, Name: in.Name, Address: in.Address})
	}
	return m
}

func (s *Service) write(ctx context.Context, tx *db.Tx, m *Mandate, p Proposal) error {
	sealed, err := s.sealJSON(m.ID, textPurpose, p.Text)
	if err != nil {
		return err
	}
	if err := insertMandate(ctx, tx, m, sealed); err != nil {
		return err
	}
	for _, src := range m.Sources {
		sealed, err := s.sealJSON(m.ID, sourcePurpose, sourceText{src.Name, src.Address})
		if err != nil {
			return err
		}
		if err := insertSource(ctx, tx, src, sealed); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) accountSources(ctx context.Context, tx *db.Tx, by access.Actor, m *Mandate) error {
	for _, src := range m.Sources {
		e := ledger.Event{Verb: "source.add", Table: sourceTable, ID: src.ID, By: by, Permit: m.ID, Detail: string(src.Kind)}
		if err := s.book.Append(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

type sourceText struct{ Name, Address string }

func (s *Service) sealJSON(container, purpose string, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.keys.Seal(container, purpose, text)
}

func (s *Service) openJSON(container, purpose string, sealed []byte, v any) error {
	text, err := s.keys.Open(container, purpose, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// load reads a mandate without its sealed text and sources: what a check needs.
func (s *Service) load(ctx context.Context, tx *db.Tx, mandate string) (*Mandate, error) {
	m, _, err := selectMandate(ctx, tx, mandate)
	if err != nil {
		return nil, db.One(err, "read mandate")
	}
	m.State = m.StateAt(tx.Now)
	return m, nil
}

// full reads a mandate whole.
func (s *Service) full(ctx context.Context, tx *db.Tx, mandate string) (*Mandate, error) {
	m, sealed, err := selectMandate(ctx, tx, mandate)
	if err != nil {
		return nil, db.One(err, "read mandate")
	}
	return m, s.fill(ctx, tx, m, sealed)
}

func (s *Service) fill(ctx context.Context, tx *db.Tx, m *Mandate, sealed []byte) error {
	m.State = m.StateAt(tx.Now)
	if err := s.openJSON(m.ID, textPurpose, sealed, &m.Text); err != nil {
		return errs.Wrap(err, "read mandate")
	}
	var err error
	m.Sources, err = s.sources(ctx, tx, m.ID)
	return err
}

// Open reads one mandate and accounts for it.
func (s *Service) Open(ctx context.Context, by access.Actor, mandate string) (*Mandate, error) {
	var m *Mandate
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if m, err = s.full(ctx, tx, mandate); err != nil {
			return err
		}
		if err := people.Allow(by, "mandate.open", s.resource(m, by, tx.Now)); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "mandate.open", Table: table, ID: m.ID, By: by, Permit: m.ID})
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// List reads the mandates that the actor may see, newest first.
func (s *Service) List(ctx context.Context, by access.Actor) ([]*Mandate, error) {
	if err := people.Allow(by, "mandate.list", access.Resource{Kind: "mandate", Unit: by.Unit}); err != nil {
		return nil, err
	}
	scope := access.ScopeOf(by, "mandate")
	var out []*Mandate
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		out = nil
		all, err := selectMandates(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "list mandates")
		}
		for _, r := range all {
			if !scope.Sees(access.Resource{Kind: "mandate", ID: r.m.ID, Unit: r.m.Unit}) {
				continue
			}
			if err := s.fill(ctx, tx, r.m, r.sealed); err != nil {
				return err
			}
			out = append(out, r.m)
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "mandate.list", ID: "mandate", By: by, Detail: "count=" + strconv.Itoa(len(out))})
	})
	return out, err
}

func dayOf(at int64) string { return time.UnixMicro(at).UTC().Format(time.DateOnly) }
