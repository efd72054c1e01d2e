package mandate

import (
	"context"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/people"
)

// keyGroups make a stream's key of 160 random bits.
const keyGroups = 8

func (s *Service) sources(ctx context.Context, tx *db.Tx, mandate string) ([]Source, error) {
	rows, err := selectSources(ctx, tx, mandate)
	if err != nil {
		return nil, errs.Wrap(err, "read sources")
	}
	out := make([]Source, len(rows))
	for i, r := range rows {
		if out[i], err = s.openSource(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) openSource(r sealedSource) (Source, error) {
	var t sourceText
	if err := s.openJSON(r.Mandate, sourcePurpose, r.sealed, &t); err != nil {
		return Source{}, errs.Wrap(err, "read source")
	}
	r.Name, r.Address = t.Name, t.Address
	return r.Source, nil
}

// AddSource names one more source in a draft. An approved mandate is not
// widened: its renewal is.
func (s *Service) AddSource(ctx context.Context, by access.Actor, mandate string, in SourceIn) (string, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	if x, found := s.law.subjectOf(in.Name + " " + in.Address); found {
		return "", errs.Field("sources", "err.mandate.excluded."+x.ID, "add source: "+x.ID+" are never watched")
	}
	src := Source{ID: id.New("src", s.db.Now(), 0), Mandate: mandate, Kind: in.Kind, Name: in.Name, Address: in.Address}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := s.load(ctx, tx, mandate)
		if err != nil {
			return err
		}
		if err := people.Allow(by, "source.add", s.sourceResource(m, src.ID, by, tx.Now)); err != nil {
			return err
		}
		if m.stored != Draft {
			return errs.New(errs.Conflict, "err.mandate.not_widened", "add source: the mandate is decided; renew it")
		}
		sealed, err := s.sealJSON(mandate, sourcePurpose, sourceText{in.Name, in.Address})
		if err != nil {
			return err
		}
		if err := insertSource(ctx, tx, src, sealed); err != nil {
			return errs.Wrap(err, "add source")
		}
		return s.accountSources(ctx, tx, by, &Mandate{ID: mandate, Sources: []Source{src}})
	})
	if err != nil {
		return "", err
	}
	return src.ID, nil
}

// RemoveSource stops a source for good; its key stops with it.
func (s *Service) RemoveSource(ctx context.Context, by access.Actor, source string) error {
	return s.onSource(ctx, by, source, "source.remove", func(tx *db.Tx, _ *Mandate, _ sealedSource) error {
		n, err := removeSource(ctx, tx, source)
		if err == nil && n == 0 {
			return errs.New(errs.Conflict, "err.mandate.state", "remove source: it is removed already")
		}
		return err
	})
}

// IssueKey makes the key with which a partner posts to a stream, shown once;
// the one before stops. Only its keyed hash is kept.
func (s *Service) IssueKey(ctx context.Context, by access.Actor, source string) (string, error) {
	secret := id.Secret(keyGroups)
	err := s.onSource(ctx, by, source, "source.key", func(tx *db.Tx, m *Mandate, src sealedSource) error {
		if src.Kind != Stream || src.Removed {
			return errs.New(errs.Conflict, "err.mandate.no_stream", "issue key: the source is not a stream, or removed")
		}
		if m.State == Refused || m.State == Lapsed {
			return m.refusal(tx.Now)
		}
		return setSourceKey(ctx, tx, source, s.keyHash(secret))
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

func (s *Service) onSource(ctx context.Context, by access.Actor, source, verb string, act func(*db.Tx, *Mandate, sealedSource) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		src, err := selectSource(ctx, tx, source)
		if err != nil {
			return db.One(err, "read source")
		}
		m, err := s.load(ctx, tx, src.Mandate)
		if err != nil {
			return err
		}
		if err := people.Allow(by, verb, s.sourceResource(m, source, by, tx.Now)); err != nil {
			return err
		}
		if err := act(tx, m, src); err != nil {
			return errs.Wrap(err, verb)
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: sourceTable, ID: source, By: by, Permit: m.ID, Detail: string(src.Kind)})
	})
}

func (s *Service) sourceResource(m *Mandate, source string, by access.Actor, now int64) access.Resource {
	r := s.resource(m, by, now)
	r.Kind, r.ID = "source", source
	return r
}

func (s *Service) keyHash(secret string) []byte {
	return s.keys.Hash(keyPurpose, []byte(id.FoldSecret(secret)))
}

// SourceByKey finds the stream that a key belongs to. A wrong key and the key
// of a removed source give the same errs.Denied.
func (s *Service) SourceByKey(ctx context.Context, secret string) (Source, error) {
	var src Source
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := selectSourceByKey(ctx, tx, s.keyHash(secret))
		if err = db.One(err, "read source by key"); errs.Is(err, errs.NotFound) {
			return errs.As(err, errs.Denied, "err.source.key")
		}
		if err != nil {
			return err
		}
		src, err = s.openSource(r)
		return err
	})
	return src, err
}

// Live is a source that may be read now, with its mandate's window.
type Live struct {
	Source
	Ends int64
}

// LiveSources lists the sources of a kind whose mandate is in force now. The
// permit is asked for at each act all the same.
func (s *Service) LiveSources(ctx context.Context, kind SourceKind) ([]Live, error) {
	var out []Live
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		out = nil
		all, err := selectMandates(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "list live sources")
		}
		for _, r := range all {
			if !r.m.Live(tx.Now) {
				continue
			}
			sources, err := s.sources(ctx, tx, r.m.ID)
			if err != nil {
				return err
			}
			for _, src := range sources {
				if src.Kind == kind && !src.Removed {
					out = append(out, Live{src, r.m.Ends})
				}
			}
		}
		return nil
	})
	return out, err
}

// SourceOf is the id of a mandate's first source of a kind; empty when it has
// none.
func (s *Service) SourceOf(ctx context.Context, tx *db.Tx, mandate string, kind SourceKind) (string, error) {
	rows, err := selectSources(ctx, tx, mandate)
	if err != nil {
		return "", errs.Wrap(err, "read sources")
	}
	for _, r := range rows {
		if r.Kind == kind && !r.Removed {
			return r.ID, nil
		}
	}
	return "", nil
}
