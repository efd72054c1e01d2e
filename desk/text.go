package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// Agreed texts: what officers answer again and again, in several languages,
// with places for what differs. One writes, a lead who is another agrees, and
// only then is anybody answered with it.

// Limits of a text.
const (
	MaxTextName = 80 // runes
	MaxTextBody = 4_000
	MaxTexts    = 500 // in use or to be agreed on
)

// What a text is for.
const (
	TextReply = "reply"
	TextAway  = "away" // outside hours, by itself, labelled so
)

// Where a text stands.
const (
	TextDraft    = "draft"
	TextApproved = "approved"
	TextRefused  = "refused"
	TextRetired  = "retired"
)

// Text is one agreed text, or one that waits to be.
type Text struct {
	ID       string // txt_…
	Name     string
	Lang     string
	Kind     string // TextReply, TextAway
	Body     string // with places: {name}, {ref}, …
	State    string
	Drafter  string // service handle
	person   string
	At       int64 // microseconds UTC
	Approver string
	Decided  int64
	Changed  int64
	May      bool // who looks may agree to it
}

// Places are what a text may leave open, filled when it is used.
var Places = []string{"name", "service", "ref", "emergency", "hours", "days"}

var placed = regexp.MustCompile(`\{([^{}]*)\}`)

// Fill puts values into the places of a text; a place without a value stays, so
// that the officer sees it before sending.
func Fill(body string, values map[string]string) string {
	return placed.ReplaceAllStringFunc(body, func(p string) string {
		if v, ok := values[p[1:len(p)-1]]; ok && v != "" {
			return v
		}
		return p
	})
}

// TextIn is a text as it is typed.
type TextIn struct {
	Name, Lang, Kind, Body string
}

func (in *TextIn) check() error {
	in.Name = strings.TrimSpace(in.Name)
	if in.Name == "" || Visible(in.Name) != in.Name {
		return errs.Field("name", "err.desk.text_name", "draft text: it has no name")
	}
	if err := short("name", in.Name, MaxTextName); err != nil {
		return err
	}
	if !language.MatchString(in.Lang) {
		return errs.Field("lang", "err.desk.text_lang", "draft text: no language")
	}
	if in.Kind != TextReply && in.Kind != TextAway {
		return errs.Field("kind", "err.desk.text_kind", "draft text: no kind")
	}
	if err := checkText("body", in.Body); err != nil {
		return err
	}
	if err := short("body", in.Body, MaxTextBody); err != nil {
		return err
	}
	for _, p := range placed.FindAllStringSubmatch(in.Body, -1) {
		if !slices.Contains(Places, p[1]) {
			return errs.Field("body", "err.desk.text_place", "draft text: unknown place", "place", Visible(p[0]))
		}
	}
	if in.Kind == TextAway && !strings.Contains(in.Body, "{emergency}") && !strings.Contains(in.Body, "112") {
		return errs.Field("body", "err.desk.text_emergency", "draft text: an automatic answer must say whom to call in danger")
	}
	return nil
}

// DraftText proposes a text. It is used by nobody until another agrees.
func (s *Service) DraftText(ctx context.Context, by access.Actor, in TextIn) (string, error) {
	if err := people.Allow(by, "text.draft", access.Resource{Kind: "text"}); err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	var id string
	return id, s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := countTexts(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "draft text")
		}
		if n >= MaxTexts {
			return errs.New(errs.Limit, "err.desk.texts", "draft text: too many", "max", MaxTexts)
		}
		t := Text{ID: tx.NewID("txt"), Name: in.Name, Lang: in.Lang, Kind: in.Kind, Body: in.Body, State: TextDraft, Drafter: by.Handle, person: by.Person, At: tx.Now, Changed: tx.Now}
		id = t.ID
		if err := insertText(ctx, tx, t); err != nil {
			return errs.Wrap(err, "draft text")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "text.draft", Table: tableTexts, ID: id, By: by, Detail: in.Kind + ", " + in.Lang})
	})
}

// DecideText agrees to a text or refuses it. Agreed, it takes the place of the
// one with its name, language and kind.
func (s *Service) DecideText(ctx context.Context, by access.Actor, textID string, agree bool) error {
	return s.moveText(ctx, by, "text.approve", textID, func(tx *db.Tx, t *Text) error {
		if t.State != TextDraft {
			return errs.New(errs.Conflict, "err.desk.text_over", "approve text: it is decided")
		}
		t.Approver, t.Decided, t.State = by.Handle, tx.Now, TextRefused
		if !agree {
			return nil
		}
		t.State = TextApproved
		older, err := approvedTexts(ctx, tx, t.Kind, t.Lang, t.Name)
		if err != nil {
			return errs.Wrap(err, "approve text")
		}
		for _, old := range older {
			old.State, old.Changed = TextRetired, tx.Now
			if err := s.keepText(ctx, tx, by, "text.approve", old); err != nil {
				return err
			}
		}
		return nil
	})
}

// RetireText takes a text out of use.
func (s *Service) RetireText(ctx context.Context, by access.Actor, textID string) error {
	return s.moveText(ctx, by, "text.draft", textID, func(_ *db.Tx, t *Text) error {
		if t.State != TextApproved && t.State != TextDraft {
			return errs.New(errs.Conflict, "err.desk.text_over", "retire text: it is out of use")
		}
		t.State = TextRetired
		return nil
	})
}

func (s *Service) moveText(ctx context.Context, by access.Actor, verb, textID string, do func(*db.Tx, *Text) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		t, found, err := findText(ctx, tx, textID)
		if err != nil {
			return errs.Wrap(err, verb)
		}
		about := access.Resource{Kind: "text", ID: textID, Drafter: t.person}
		if err := people.Allow(by, verb, about); err != nil {
			return err
		}
		if !found {
			return errs.New(errs.NotFound, "err.not_found", verb+": no such text")
		}
		if err := do(tx, &t); err != nil {
			return err
		}
		t.Changed = tx.Now
		return s.keepText(ctx, tx, by, verb, t)
	})
}

func (s *Service) keepText(ctx context.Context, tx *db.Tx, by access.Actor, verb string, t Text) error {
	if err := updateText(ctx, tx, t); err != nil {
		return errs.Wrap(err, verb)
	}
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableTexts, ID: t.ID, By: by, Detail: t.State})
}

// Texts lists what is in use and what waits, by name and language; with all,
// also what is out of use.
func (s *Service) Texts(ctx context.Context, by access.Actor, all bool) (out []Text, err error) {
	if err := people.Allow(by, "text.read", access.Resource{Kind: "text"}); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = selectTexts(ctx, tx, all)
		return err
	})
	for i, t := range out {
		out[i].May = t.State == TextDraft && access.Decide(by, "text.approve", access.Resource{Kind: "text", ID: t.ID, Drafter: t.person}).Allowed
	}
	return out, errs.Wrap(err, "list texts")
}
