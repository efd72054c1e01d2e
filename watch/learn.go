package watch

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/people"
)

const (
	proposalTable   = "watch_proposals"
	proposalPurpose = "watch_proposals.code"
)

// learned is what the judge uses: the lexicon with its live proposals, and one
// of the codes on trial alone. It is replaced whole, never changed.
type learned struct {
	of    string // the proposals it was made of
	lex   *lexicon.Lexicon
	trial *lexicon.Lexicon  // nil when nothing is on trial
	ids   map[string]string // entry of a code on trial → proposal
}

// Propose suggests a code for the lexicon, with evidence. It flags nothing.
func (s *Service) Propose(ctx context.Context, by access.Actor, c Code) (string, error) {
	if err := people.Allow(by, "lexicon.propose", access.Resource{Kind: "lexicon"}); err != nil {
		return "", err
	}
	if by.Person == "" {
		return "", errs.New(errs.Denied, "err.denied", "propose code: only a person may")
	}
	c.Retires = false
	if err := c.check(); err != nil {
		return "", err
	}
	_, loaded := s.Lexicon.Entry(c.Entry())
	if _, there := s.lexiconNow().Entry(c.Entry()); there || loaded {
		return "", errs.Field("text", "err.lexicon.there", "propose code: the lexicon has it")
	}
	if _, err := lexicon.Load(withCodes(s.base(), true, []Code{c})); err != nil {
		return "", errs.As(errs.Wrap(err, "propose code"), errs.Invalid, "err.text")
	}
	return s.propose(ctx, by, c, id.New("pro", s.db.Now(), 0))
}

// underWay says whether a proposal may yet stand in the lexicon, or does.
func (p *Proposal) underWay() bool { return p.State == Proposed || p.State == Trial || p.State == Live }

// Proposal reads one proposal with what its trial saw.
func (s *Service) Proposal(ctx context.Context, by access.Actor, id string) (*Proposal, error) {
	if err := people.Allow(by, "lexicon.open", access.Resource{Kind: "lexicon"}); err != nil {
		return nil, err
	}
	var p *Proposal
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if p, err = selectProposal(ctx, tx, id); err != nil {
			return db.One(err, "open proposal")
		}
		if err := s.unseal(p); err != nil {
			return err
		}
		if p.Counts, err = selectTrial(ctx, tx, p.ID); err != nil {
			return errs.Wrap(err, "read trial")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "lexicon.open", Table: proposalTable, ID: p.ID, By: by})
	})
	return p, err
}

// Ready says when a proposal on trial has been tried for long enough, and how
// many posts it must yet see.
func (p *Proposal) Ready() (from, posts int64) {
	return p.TrialAt + TrialFor, max(0, TrialPosts-p.Counts.Posts)
}

// Review lets a proposal begin its silent trial, or refuses it; never by its
// proposer.
func (s *Service) Review(ctx context.Context, by access.Actor, proposal string, agree bool, reason string) error {
	if !agree {
		return s.step(ctx, by, proposal, []ProposalState{Proposed, Trial}, Refused, "lexicon.refuse", reason)
	}
	return s.step(ctx, by, proposal, []ProposalState{Proposed}, Trial, "lexicon.try", reason)
}

// GoLive makes a proposal part of the lexicon after its silent trial.
func (s *Service) GoLive(ctx context.Context, by access.Actor, proposal, reason string) error {
	return s.step(ctx, by, proposal, []ProposalState{Trial}, Live, "lexicon.approve", reason)
}

// Retire takes a live proposal out of the lexicon.
func (s *Service) Retire(ctx context.Context, by access.Actor, proposal, reason string) error {
	return s.step(ctx, by, proposal, []ProposalState{Live}, Retired, "lexicon.retire", reason)
}

func (s *Service) step(ctx context.Context, by access.Actor, proposal string, from []ProposalState, to ProposalState, verb, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := selectProposal(ctx, tx, proposal)
		if err != nil {
			return db.One(err, verb)
		}
		r := access.Resource{Kind: "lexicon", ID: p.ID}
		if by.Person != "" && string(p.proposerKey) == string(s.personKey(by)) {
			r.Drafter = by.Person
		}
		if err := people.Allow(by, "lexicon.approve", r); err != nil {
			return err
		}
		if err := s.unseal(p); err != nil {
			return err
		}
		to, verb := p.turn(to, verb)
		if !slices.Contains(from, p.State) {
			return errs.New(errs.Conflict, "err.lexicon.state", verb+": the proposal is "+string(p.State))
		}
		if err := s.mayStep(ctx, tx, p, to); err != nil {
			return err
		}
		p.move(to, by, tx.Now)
		n, err := setProposal(ctx, tx, p, s.personKey(by))
		if err != nil || n == 0 {
			return errs.As(errs.Wrap(err, verb), errs.Denied, "err.denied")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: proposalTable, ID: p.ID, By: by, Detail: string(to), Reason: reason})
	})
}

// turn is what a step is for a retirement: once agreed it takes effect without
// a trial, and retiring it brings the entry back.
func (p *Proposal) turn(to ProposalState, verb string) (ProposalState, string) {
	switch {
	case p.Retires && to == Trial:
		return Live, "lexicon.retire"
	case p.Retires && to == Retired:
		return Retired, "lexicon.approve"
	}
	return to, verb
}

// mayStep: nothing goes live before a trial that has seen enough.
func (s *Service) mayStep(ctx context.Context, tx *db.Tx, p *Proposal, to ProposalState) error {
	if to != Live || p.Retires {
		return nil
	}
	c, err := selectTrial(ctx, tx, p.ID)
	if err != nil {
		return errs.Wrap(err, "read trial")
	}
	if tx.Now < p.TrialAt+TrialFor || c.Posts < TrialPosts {
		return errs.New(errs.Conflict, "err.lexicon.trial", "approve code: its silent trial is too short", "days", int(TrialFor/day), "posts", TrialPosts)
	}
	return nil
}

func (p *Proposal) move(to ProposalState, by access.Actor, now int64) {
	p.State, p.Reviewer = to, by.Handle
	switch to {
	case Trial:
		p.TrialAt = now
	case Live:
		p.LiveAt = now
	default:
		p.EndedAt = now
	}
}

// Proposals lists every proposal with what its trial saw, newest first.
func (s *Service) Proposals(ctx context.Context, by access.Actor) ([]*Proposal, error) {
	if err := people.Allow(by, "lexicon.list", access.Resource{Kind: "lexicon"}); err != nil {
		return nil, err
	}
	var out []*Proposal
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		if out, err = s.proposals(ctx, tx); err != nil {
			return err
		}
		for _, p := range out {
			if p.Counts, err = selectTrial(ctx, tx, p.ID); err != nil {
				return errs.Wrap(err, "read trial")
			}
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "lexicon.list", ID: "lexicon", By: by, Detail: "proposals=" + strconv.Itoa(len(out))})
	})
	return out, err
}

func (s *Service) proposals(ctx context.Context, tx *db.Tx) ([]*Proposal, error) {
	all, err := selectProposals(ctx, tx)
	if err != nil {
		return nil, errs.Wrap(err, "list proposals")
	}
	for _, p := range all {
		if err := s.unseal(p); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *Service) unseal(p *Proposal) error {
	text, err := s.keys.Open(p.ID, proposalPurpose, p.sealed)
	if err != nil {
		return errs.Wrap(err, "open proposal")
	}
	return errs.Wrap(json.Unmarshal(text, &p.Code), "open proposal")
}

// Current is the lexicon in use now, live proposals included.
func (s *Service) Current(ctx context.Context) (*lexicon.Lexicon, error) {
	err := s.db.Read(ctx, func(tx *db.Tx) error { return s.learn(ctx, tx) })
	return s.lexiconNow(), err
}

func (s *Service) lexiconNow() *lexicon.Lexicon {
	if l := s.now.Load(); l != nil {
		return l.lex
	}
	return s.Lexicon
}

// learn builds the lexicon anew when the proposals have changed. It is asked
// before every batch, so a retired code stops at once in every copy of the
// program.
func (s *Service) learn(ctx context.Context, tx *db.Tx) error {
	of, err := selectEffective(ctx, tx)
	if err != nil {
		return errs.Wrap(err, "read proposals")
	}
	have := s.now.Load()
	key := strings.Join(of, " ")
	if have != nil && have.of == key || have == nil && key == "" {
		return nil
	}
	all, err := s.proposals(ctx, tx)
	if err != nil {
		return err
	}
	next, err := s.compile(key, all)
	if err != nil {
		return errs.Wrap(err, "load lexicon with proposals")
	}
	s.now.Store(next)
	return nil
}

func (s *Service) compile(key string, all []*Proposal) (*learned, error) {
	next := &learned{of: key, lex: s.Lexicon, ids: map[string]string{}}
	var live, trial, gone []Code
	seen := map[string]bool{}
	for _, p := range all {
		if p.Retires {
			if p.State == Live {
				gone = append(gone, p.Code)
			}
			continue
		}
		// A newer program may ship what was proposed here: an entry that stood
		// twice would stop the watch.
		if _, shipped := s.Lexicon.Entry(p.Entry()); shipped || seen[p.Entry()] {
			continue
		}
		seen[p.Entry()] = p.State == Live || p.State == Trial
		switch p.State {
		case Live:
			live = append(live, p.Code)
		case Trial:
			trial = append(trial, p.Code)
			next.ids[p.Entry()] = p.ID
		}
	}
	var err error
	if len(live)+len(gone) > 0 {
		if next.lex, err = lexicon.Load(withCodes(s.base(), false, live).without(gone)); err != nil {
			return nil, err
		}
	}
	if len(trial) > 0 {
		next.trial, err = lexicon.Load(withCodes(s.base(), true, trial))
	}
	return next, err
}

// try counts what the codes on trial would have met. Nothing of a post is
// kept, met or not.
func (s *Service) try(ctx context.Context, posts []channel.Post, flagged func(i int) bool) error {
	l := s.now.Load()
	if l == nil || l.trial == nil || len(posts) == 0 {
		return nil
	}
	counts := map[string]*TrialCounts{}
	for _, id := range l.ids {
		counts[id] = &TrialCounts{Posts: int64(len(posts))}
	}
	for i, p := range posts {
		met := map[string]bool{}
		for _, sig := range l.trial.Judge(p.Text, p.Lang).Signals {
			if id := l.ids[sig.Entry]; id != "" && !met[id] {
				met[id] = true
				counts[id].Hits++
				if flagged(i) {
					counts[id].Flagged++
				}
			}
		}
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		today := time.UnixMicro(tx.Now).UTC().Format(time.DateOnly)
		for _, id := range slices.Sorted(keysOf(counts)) {
			if err := addTrial(ctx, tx, id, today, *counts[id]); err != nil {
				return errs.Wrap(err, "count trial")
			}
		}
		return nil
	})
}
