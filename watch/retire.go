package watch

import (
	"context"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/people"
)

// ProposeRetirement suggests that an entry of the shipped lexicon, or of the
// agency's own, be retired: another analyst decides. There is no trial, since
// what flags nothing cannot be tried. Retiring the retirement brings the entry
// back.
func (s *Service) ProposeRetirement(ctx context.Context, by access.Actor, entry, evidence string) (string, error) {
	if err := people.Allow(by, "lexicon.propose", access.Resource{Kind: "lexicon"}); err != nil {
		return "", err
	}
	if by.Person == "" {
		return "", errs.New(errs.Denied, "err.denied", "propose retirement: only a person may")
	}
	if err := checkEvidence(evidence); err != nil {
		return "", err
	}
	e, there := s.Lexicon.Entry(entry)
	if _, live := s.lexiconNow().Entry(entry); !there || !live {
		return "", errs.Field("evidence", "err.lexicon.not_shipped", "propose retirement: no such entry of the lexicon that was loaded")
	}
	c := Code{Language: e.Language, Category: e.Category, Family: e.Family, Sense: e.Sense, Text: e.Text, Innocent: e.Innocent, Evidence: evidence, Retires: true}
	if err := s.tryWithout(c); err != nil {
		return "", err
	}
	return s.propose(ctx, by, c, id.New("pro", s.db.Now(), 0))
}

// tryWithout loads the lexicon without an entry: what cannot be taken out
// cleanly is refused now, not when it takes effect.
func (s *Service) tryWithout(c Code) error {
	less, err := lexicon.Load(withCodes(s.base(), false, nil).without([]Code{c}))
	if err != nil {
		return errs.As(errs.Wrap(err, "propose retirement"), errs.Invalid, "err.lexicon.fixed")
	}
	if _, still := less.Entry(c.Entry()); still || !takenOutAlone(s.Lexicon, less, c) {
		return errs.Field("evidence", "err.lexicon.fixed", "propose retirement: the entry cannot be taken out alone")
	}
	return nil
}

// takenOutAlone says whether two lexicons differ by one entry only, and by the
// words that show its innocent readings.
func takenOutAlone(whole, less *lexicon.Lexicon, c Code) bool {
	cues := map[string]bool{}
	for _, in := range c.Innocent {
		for _, word := range in.Words {
			cues[word] = true
		}
	}
	for e := range whole.Entries {
		if _, there := less.Entry(e.ID); !there && e.ID != c.Entry() && !cues[e.Text] {
			return false
		}
	}
	return true
}

// propose writes a proposal that was checked.
func (s *Service) propose(ctx context.Context, by access.Actor, c Code, container string) (string, error) {
	p := &Proposal{ID: container, Code: c, State: Proposed, Proposer: by.Handle, proposerKey: s.personKey(by)}
	if err := s.keys.Create(p.ID); err != nil {
		return "", err
	}
	var err error
	if p.sealed, err = s.seal(p.ID, proposalPurpose, c); err != nil {
		return "", err
	}
	return p.ID, s.db.Write(ctx, func(tx *db.Tx) error {
		all, err := s.proposals(ctx, tx)
		if err != nil {
			return err
		}
		for _, other := range all {
			if other.underWay() && other.Entry() == p.Entry() {
				return errs.Field("text", "err.lexicon.proposed", "propose code: it is proposed already")
			}
		}
		p.ProposedAt = tx.Now
		if err := insertProposal(ctx, tx, p); err != nil {
			return errs.Wrap(err, "propose code")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "lexicon.propose", Table: proposalTable, ID: p.ID, By: by, Detail: c.Language + " " + c.Category + " " + c.Family})
	})
}

// without takes codes out of the files that hold them.
func (f *files) without(codes []Code) *files {
	f.gone = map[string][]Code{}
	for _, c := range codes {
		f.gone[c.file()] = append(f.gone[c.file()], c)
	}
	return f
}

// cutOut removes entries and their innocent readings, each from the sections of
// its own family.
func cutOut(text []byte, gone []Code) []byte {
	lines := strings.Split(string(text), "\n")
	family := ""
	for i, line := range lines {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			inner, _, _ := strings.Cut(line[1:], "]")
			if names := strings.Fields(inner); len(names) > 0 {
				family = names[0]
			}
		case line[0] == '!':
			entry, _, _ := strings.Cut(line[1:], "|")
			if cut(gone, family, entry) {
				lines[i] = ""
			}
		default:
			entries := strings.Split(line, ",")
			lines[i] = strings.Join(slices.DeleteFunc(entries, func(e string) bool { return cut(gone, family, e) }), ",")
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// cut says whether a text of a section is one of those.
func cut(gone []Code, family, text string) bool {
	text = strings.Join(strings.Fields(text), " ")
	return slices.ContainsFunc(gone, func(c Code) bool { return c.Text == text && c.Family == family })
}
