package patrol

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/ledger"
	"ronde/people"
)

// How an administrator answered. Police ask like anybody else, and the
// administrator decides (D 2.51).
const (
	Asked     = "asked"
	Admitted  = "admitted"
	Refused   = "refused"
	LeftGroup = "left" // we left, or were asked to
)

// The limits of admissions.
const (
	MaxGroup      = 120                  // runes of a group's name
	KeepAdmission = 365 * 24 * time.Hour // how long the name of a group that we are not in is kept
	maxAdmissions = 500                  // on the page
	purposeGroup  = "patrol_admissions.group"
)

// Admission is the asking of one group's administrator.
type Admission struct {
	ID       string // adm_…
	Platform string
	Card     string // off_… of who asked
	State    string
	Asked    int64
	Answered int64 // 0 while nobody answered
	Group    string
	URL      string // empty where it has no address
	Officer  string // name on the card of who asked

	sealed []byte
}

// group is the sealed part: a group's name can be a person's.
type group struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

func readGroup(name, address string) (group, error) {
	g := group{strings.TrimSpace(name), strings.TrimSpace(address)}
	if err := line("group", g.Name, MaxGroup); err != nil {
		return g, err
	}
	if g.URL == "" {
		return g, nil
	}
	u, err := url.Parse(g.URL)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(g.URL) > MaxURL || !utf8.ValidString(g.URL) || strings.ContainsFunc(g.URL, invisible) {
		return g, errs.Field("url", "err.patrol.url", "ask admission: the address must begin with https://")
	}
	return g, nil
}

// AskAdmission writes down that an officer asked a group's administrator, who
// and when.
func (s *Service) AskAdmission(ctx context.Context, by access.Actor, platform, name, address string) (string, error) {
	if err := people.Allow(by, "official.walk", access.Resource{Kind: "official"}); err != nil {
		return "", err
	}
	if !slices.Contains(platforms, platform) {
		return "", errs.Field("platform", "err.patrol.word", "ask admission: not a platform's name", "word", clip(platform))
	}
	g, err := readGroup(name, address)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(g)
	if err != nil {
		return "", errs.Wrap(err, "ask admission")
	}
	row := id.New("adm", s.db.Now(), 0)
	if err := s.keys.Create(row); err != nil {
		return "", errs.Wrap(err, "ask admission")
	}
	sealed, err := s.keys.Seal(row, purposeGroup, text)
	if err == nil {
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			card, err := s.ownCard(ctx, tx, by)
			if err != nil {
				return err
			}
			if err := insertAdmission(ctx, tx, Admission{ID: row, Platform: platform, Card: card.ID, State: Asked, Asked: tx.Now, sealed: sealed}); err != nil {
				return errs.Wrap(err, "ask admission")
			}
			if err := count(ctx, tx, dayOf(tx.Now), "admission.asked"); err != nil {
				return errs.Wrap(err, "ask admission")
			}
			return s.account(ctx, tx, asCard(by, card.ID), "official.walk", "patrol_admissions", row, "asked on "+platform)
		})
	}
	if err != nil {
		return "", firstOf(err, s.keys.Destroy(row, s.db.Now()))
	}
	return row, nil
}

// AnswerAdmission writes down what the administrator said, or that we left.
func (s *Service) AnswerAdmission(ctx context.Context, by access.Actor, admission, state string) error {
	if err := people.Allow(by, "official.walk", access.Resource{Kind: "official", ID: admission}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := selectAdmission(ctx, tx, admission)
		if err != nil {
			return db.One(err, "answer admission")
		}
		fits := a.State == Asked && (state == Admitted || state == Refused || state == LeftGroup) || a.State == Admitted && state == LeftGroup
		if !fits {
			return errs.Field("state", "err.patrol.admission_state", "answer admission: from "+a.State+" to "+clip(state))
		}
		if err := setAdmission(ctx, tx, admission, state); err != nil {
			return errs.Wrap(err, "answer admission")
		}
		if err := count(ctx, tx, dayOf(tx.Now), "admission."+state); err != nil {
			return errs.Wrap(err, "answer admission")
		}
		return s.account(ctx, tx, by, "official.walk", "patrol_admissions", admission, state)
	})
}

// Admissions lists what was asked, newest first, for the patrol; it is recorded
// as a list view.
func (s *Service) Admissions(ctx context.Context, by access.Actor) (out []Admission, err error) {
	if err := people.Allow(by, "official.walk", access.Resource{Kind: "official"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if out, err = selectAdmissions(ctx, tx, maxAdmissions); err != nil {
			return errs.Wrap(err, "list admissions")
		}
		cards, err := selectOfficers(ctx, tx, "")
		if err != nil {
			return errs.Wrap(err, "list admissions")
		}
		names := map[string]string{}
		for _, o := range cards {
			names[o.ID] = o.Name
		}
		for i, a := range out {
			g, err := s.openGroup(a)
			if err != nil {
				return err
			}
			out[i].Group, out[i].URL, out[i].Officer = g.Name, g.URL, names[a.Card]
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "official.walk", ID: "admission", By: by, Detail: countText(len(out), "rows")})
	})
	return out, err
}

// openGroup reads the sealed name; nothing is left of one that was forgotten.
func (s *Service) openGroup(a Admission) (g group, err error) {
	if a.sealed == nil {
		return g, nil
	}
	text, err := s.keys.Open(a.ID, purposeGroup, a.sealed)
	if err == nil {
		err = json.Unmarshal(text, &g)
	}
	return g, errs.Wrap(err, "read group")
}

// ForgetAdmissions makes unreadable which groups we asked long ago and are not
// in; who asked, when and the answer stay.
func (s *Service) ForgetAdmissions(ctx context.Context) (did int, err error) {
	var gone []string
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		gone, err = selectOldAdmissions(ctx, tx, tx.Now-KeepAdmission.Microseconds(), maxAdmissions)
		if err != nil {
			return errs.Wrap(err, "forget admissions")
		}
		for _, row := range gone {
			if err := blankAdmission(ctx, tx, row); err != nil {
				return errs.Wrap(err, "forget admissions")
			}
			if err := s.account(ctx, tx, access.AsMachine("patrol"), "official.walk", "patrol_admissions", row, "forgotten"); err != nil {
				return err
			}
		}
		return nil
	})
	for _, row := range gone {
		if err == nil {
			did++
			err = s.keys.Destroy(row, s.db.Now())
		}
	}
	return did, err
}
