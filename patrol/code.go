package patrol

import (
	"context"
	"crypto/rand"
	"database/sql"
	"math/big"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/people"
)

// A one-time code is how an officer shows in a chat who they are: they read it
// out, the citizen types it at the portal, and the portal says who gave it,
// when and where. An impostor has none to give.
const (
	CodeFigures = 8                // spoken and typed in two groups of four, in every language
	CodeLife    = 10 * time.Minute // from making to the last moment at which it works
	MaxCodes    = 10               // of one card at one time
	MaxGuesses  = 10               // wrong codes of one caller in GuessTime
	GuessTime   = 15 * time.Minute

	maxCallers  = 20_000 // counted at one time, in memory
	sweepCodes  = 500    // deleted at one turn
	purposeCode = "patrol_codes.mark"
)

// Code is a code as its maker reads it out, shown once.
type Code struct {
	Figures  string // "4821 0937"
	Platform string
	Ends     int64 // microseconds UTC
	Card     Officer
}

// Vouched is what a code tells the citizen.
type Vouched struct {
	Officer  Officer
	Platform string    // where the code was given; read anywhere else it is a trick
	Made     int64     // microseconds UTC
	Accounts []Account // ours there: what they write to must be one of these
}

// vouch is a stored code.
type vouch struct {
	id, card, platform string
	made, ends         int64
}

func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		return "", errs.Wrap(err, "make code")
	}
	s := n.String()
	return strings.Repeat("0", CodeFigures-len(s)) + s, nil
}

// ReadCode takes the figures out of what was typed: signs between them do not
// matter, nor the script they are written in.
func ReadCode(s string) (code string, ok bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			b.WriteByte('0' + figure(r))
		case r == '-' || r == '.' || r == '\u2013' || unicode.IsSpace(r) || invisible(r):
		default:
			return "", false
		}
		if b.Len() > CodeFigures {
			return "", false
		}
	}
	return b.String(), b.Len() == CodeFigures
}

// figure is the value of a decimal figure of any script: each has its ten in a
// row, beginning with zero.
func figure(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	return 0
}

// MakeCode makes a code for a chat on a platform, signed by the maker's own
// card. Who has none has no public face and nothing to vouch with.
func (s *Service) MakeCode(ctx context.Context, by access.Actor, platform string) (Code, error) {
	if err := people.Allow(by, "official.vouch", access.Resource{Kind: "official"}); err != nil {
		return Code{}, err
	}
	if platform != "portal" && !slices.Contains(platforms, platform) {
		return Code{}, errs.Field("platform", "err.patrol.word", "make code: not a platform's name", "word", clip(platform))
	}
	figures, err := newCode()
	if err != nil {
		return Code{}, err
	}
	out := Code{Figures: figures[:CodeFigures/2] + " " + figures[CodeFigures/2:], Platform: platform}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		card, err := s.ownCard(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := s.trained(ctx, tx, by, ActVouch); err != nil {
			return err
		}
		n, err := countCodes(ctx, tx, card.ID)
		if err != nil {
			return errs.Wrap(err, "make code")
		}
		if n >= MaxCodes {
			return errs.New(errs.Limit, "err.patrol.codes", "make code: too many are open", "max", MaxCodes)
		}
		c := vouch{id: tx.NewID("cod"), card: card.ID, platform: platform, made: tx.Now, ends: tx.Now + CodeLife.Microseconds()}
		if err := insertCode(ctx, tx, c, s.keys.Hash(purposeCode, []byte(figures))); err != nil {
			return errs.Wrap(err, "make code")
		}
		out.Ends, out.Card = c.ends, card
		if err := count(ctx, tx, dayOf(tx.Now), "code.made"); err != nil {
			return errs.Wrap(err, "make code")
		}
		return s.account(ctx, tx, asCard(by, card.ID), "official.vouch", "patrol_codes", c.id, "platform "+platform)
	})
	return out, err
}

// ownCard is the published card of who asks.
func (s *Service) ownCard(ctx context.Context, tx *db.Tx, by access.Actor) (Officer, error) {
	id, err := selectHeld(ctx, tx, s.mark(by.Handle))
	if err != nil {
		return Officer{}, errs.Wrap(err, "read own card")
	}
	if id == "" {
		return Officer{}, errs.Field("platform", "err.patrol.no_card", "read own card: they have none")
	}
	card, err := selectOfficer(ctx, tx, id)
	return card, db.One(err, "read own card")
}

// OwnCard is the card of who asks; errs.NotFound when they have none.
func (s *Service) OwnCard(ctx context.Context, by access.Actor) (card Officer, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		card, err = s.ownCard(ctx, tx, by)
		return err
	})
	if errs.FieldOf(err) != "" {
		err = errs.As(err, errs.NotFound, "err.patrol.no_card")
	}
	return card, err
}

// CheckCode says who gave a code, once: it is gone when it was read. One that
// is wrong, was used, or is over gets the same answer, errs.NotFound on field
// "code"; after MaxGuesses of them a caller waits (errs.Limit). caller is
// opaque and kept in memory alone.
func (s *Service) CheckCode(ctx context.Context, caller, typed string) (Vouched, error) {
	now := s.db.Now()
	if s.guesses.full(caller, now) {
		return Vouched{}, errs.New(errs.Limit, "err.patrol.guesses", "check code: too many wrong ones")
	}
	var out Vouched
	code, _ := ReadCode(typed)
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := selectCode(ctx, tx, s.keys.Hash(purposeCode, []byte(code)))
		if err != nil {
			return db.One(err, "check code")
		}
		if out.Officer, err = selectOfficer(ctx, tx, c.card); err != nil {
			return db.One(err, "check code")
		}
		if out.Officer.State != Published {
			return db.One(sql.ErrNoRows, "check code")
		}
		all, err := selectAccounts(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "check code")
		}
		out.Platform, out.Made = c.platform, c.made
		out.Accounts = accountsAt(all, c.platform, c.card)
		if err := count(ctx, tx, dayOf(tx.Now), "code.checked"); err != nil {
			return errs.Wrap(err, "check code")
		}
		return s.dropCode(ctx, tx, access.AsCitizen(), c.id)
	})
	if errs.Is(err, errs.NotFound) {
		s.guesses.count(caller, now)
		return Vouched{}, &errs.Error{Kind: errs.NotFound, Key: "err.patrol.code", Field: "code", Err: err}
	}
	return out, err
}

// accountsAt are ours on a platform: an officer's own, and the service's.
func accountsAt(all []Account, platform, card string) (out []Account) {
	for _, a := range all {
		if a.State == Published && a.Platform == platform && (a.Officer == "" || a.Officer == card) {
			out = append(out, a)
		}
	}
	return out
}

func (s *Service) dropCode(ctx context.Context, tx *db.Tx, by access.Actor, id string) error {
	gone, err := deleteCode(ctx, tx, id)
	if err == nil && !gone {
		err = sql.ErrNoRows // somebody else used it a moment ago
	}
	if err != nil {
		return db.One(err, "use code")
	}
	return s.forget(ctx, tx, by, "official.vouch", "patrol_codes", id)
}

// sweepOver deletes codes that nobody used, and those of a withdrawn card.
func (s *Service) sweepOver(ctx context.Context, tx *db.Tx, by access.Actor, card string) (int, error) {
	over, err := selectOverCodes(ctx, tx, card, sweepCodes)
	if err != nil {
		return 0, errs.Wrap(err, "sweep codes")
	}
	for _, id := range over {
		if err := s.dropCode(ctx, tx, by, id); err != nil {
			return 0, err
		}
	}
	return len(over), nil
}

// SweepCodes deletes the codes whose time is over.
func (s *Service) SweepCodes(ctx context.Context) (did int, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		did, err = s.sweepOver(ctx, tx, access.AsMachine("patrol"), "")
		return err
	})
	return did, err
}

// guesses counts the wrong codes of a caller, in memory alone. It is safe for
// concurrent use.
type guesses struct {
	mu   sync.Mutex // guards seen
	seen map[string][]int64
}

// full reports whether a caller has to wait. A door that names none is not
// slowed down.
func (g *guesses) full(caller string, now int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return caller != "" && len(g.recent(caller, now)) >= MaxGuesses
}

func (g *guesses) count(caller string, now int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen == nil || len(g.seen) >= maxCallers {
		g.seen = map[string][]int64{} // a flood of callers: rather forget than grow
	}
	g.seen[caller] = append(g.recent(caller, now), now)
}

func (g *guesses) recent(caller string, now int64) []int64 {
	return slices.DeleteFunc(g.seen[caller], func(at int64) bool { return at <= now-GuessTime.Microseconds() })
}
