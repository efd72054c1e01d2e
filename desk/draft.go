package desk

import (
	"context"
	"strings"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
)

const purposeDraft = "desk_drafts.sealed"

// Draft is an answer that is not sent yet. Only its writer reads it.
type Draft struct {
	Text string
	At   int64 // microseconds UTC; 0: there is none
}

// SaveDraft keeps what by has written so far, sealed under the conversation's
// key: it survives signing out and a browser that dies, and is gone with the
// answer, the closing and the erasure. An empty text is no draft. Nothing was
// said yet, so nothing is recorded.
func (s *Service) SaveDraft(ctx context.Context, by access.Actor, conversationID, text string) error {
	if !utf8.ValidString(text) {
		return errs.Field("message", "err.desk.encoding", "save draft: not UTF-8")
	}
	if err := short("message", text, MaxText); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.load(ctx, tx, by, "conversation.answer", conversationID)
		if err != nil {
			return err
		}
		if c.State == Closed || c.Erased != 0 {
			return errs.New(errs.Conflict, "err.desk.closed", "save draft: the conversation is closed")
		}
		if strings.TrimSpace(text) == "" {
			return errs.Wrap(deleteDraft(ctx, tx, c.ID, by.Handle), "forget draft")
		}
		sealed, err := s.seal(c.ID, purposeDraft, written{Text: text})
		if err != nil {
			return err
		}
		if err := putPresent(ctx, tx, c.ID, by.Handle, true); err != nil {
			return errs.Wrap(err, "save draft")
		}
		return errs.Wrap(putDraft(ctx, tx, c.ID, by.Handle, sealed), "save draft")
	})
}

// draft reads the own draft on a conversation.
func (s *Service) draft(ctx context.Context, tx *db.Tx, by access.Actor, conversationID string) (Draft, error) {
	sealed, at, err := selectDraft(ctx, tx, conversationID, by.Handle)
	if err != nil || at == 0 {
		return Draft{}, err
	}
	var w written
	if err := s.open(conversationID, purposeDraft, sealed, &w); err != nil {
		return Draft{}, err
	}
	return Draft{Text: w.Text, At: at}, nil
}

// said ends what went before an answer: the draft, and that it is being written.
func (s *Service) said(ctx context.Context, tx *db.Tx, conversationID, handle string) error {
	if err := deleteDraft(ctx, tx, conversationID, handle); err != nil {
		return errs.Wrap(err, "forget draft")
	}
	return errs.Wrap(stopTyping(ctx, tx, conversationID, handle), "forget draft")
}
