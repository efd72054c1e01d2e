package desk

import (
	"context"
	"fmt"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// MaxExport bounds the rows of a list that leaves as a file.
const MaxExport = 5000

// Export reads a conversation to be printed or taken as a file: identities stay
// covered. It is recorded as what it is.
func (s *Service) Export(ctx context.Context, by access.Actor, conversationID string) (Talk, error) {
	var t Talk
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.load(ctx, tx, by, "conversation.export", conversationID)
		if err != nil {
			return err
		}
		if c.Erased != 0 {
			return errs.New(errs.NotFound, "err.erased", "export conversation: it is erased")
		}
		if t, err = s.talk(ctx, tx, by, c); err != nil {
			return errs.Wrap(err, "export conversation")
		}
		if err := s.threads(ctx, tx, by, c, &t); err != nil {
			return errs.Wrap(err, "export conversation")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.export", Table: tableConversations, ID: c.ID, By: by})
	})
	return t, err
}

// ExportList reads a view of the inbox without a word of what was written.
func (s *Service) ExportList(ctx context.Context, by access.Actor, view string) (rows []Row, err error) {
	if err := people.Allow(by, "conversation.export", access.Resource{Kind: "conversation"}); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		scope := access.ScopeOf(by, "conversation")
		if scope.None {
			return nil
		}
		list, err := selectInbox(ctx, tx, scope, by.Handle, view, 0, MaxExport)
		if err != nil {
			return errs.Wrap(err, "export list")
		}
		for _, c := range list {
			rows = append(rows, bareRow(c, by))
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.export", ID: "conversation", By: by, Detail: fmt.Sprintf("%s, %d rows", show(view), len(rows))})
	})
	return rows, err
}

// About is what the rules may ask of a row that by sees: for a page that shows
// only the ways that are open.
func (s *Service) About(by access.Actor, r Row) access.Resource {
	return conversation{ID: r.ID, Holder: r.Holder, Unit: r.unit, State: r.State}.resource(by)
}
