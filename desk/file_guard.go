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

// maxGuarded is how many files for specialised staff are listed.
const maxGuarded = 200

// Suspect closes a file as a suspected abuse image, at once: from now on no
// copy of it is made for anybody, only specialised staff opens the original,
// and everybody else sees only that it exists. Copies are kept nowhere, so
// none is left. It returns the digest of the original, for exhibits of the
// same bytes. Twice is once.
func (s *Service) Suspect(ctx context.Context, by access.Actor, fileID string) (conversationID, digest string, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		f, _, err := s.loadFile(ctx, tx, by, "file.guard", fileID)
		if err != nil {
			return err
		}
		if f.State != FileKept {
			return errs.New(errs.Conflict, "err.file.nothing", "close file: nothing of it lies here")
		}
		conversationID, digest = f.Conversation, f.about.SHA256
		f.State = FileGuarded
		if err := updateFile(ctx, tx, f); err != nil {
			return errs.Wrap(err, "close file")
		}
		if err := count(ctx, tx, "file.guarded"); err != nil {
			return errs.Wrap(err, "close file")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "file.guard", Table: tableFiles, ID: f.ID, By: by, Detail: "suspected abuse image"})
	})
	return conversationID, digest, err
}

// Clear opens a file again that specialised staff found to be none.
func (s *Service) Clear(ctx context.Context, by access.Actor, fileID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		f, _, err := s.loadFile(ctx, tx, by, "file.clear", fileID)
		if err != nil {
			return err
		}
		if f.State != FileGuarded {
			return errs.New(errs.Conflict, "err.file.nothing", "open file again: it is not closed")
		}
		f.State = FileKept
		if err := updateFile(ctx, tx, f); err != nil {
			return errs.Wrap(err, "open file again")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "file.clear", Table: tableFiles, ID: f.ID, By: by, Reason: reason})
	})
}

// Guarded lists the files for specialised staff, newest first; it is recorded
// as a list view.
func (s *Service) Guarded(ctx context.Context, by access.Actor) ([]File, error) {
	if err := people.Allow(by, "file.list", access.Resource{Kind: "file"}); err != nil {
		return nil, err
	}
	var out []File
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		rows, err := selectGuarded(ctx, tx, maxGuarded)
		if err != nil {
			return errs.Wrap(err, "list files")
		}
		out = nil
		for _, f := range rows {
			if err := s.open(f.Conversation, purposeFile, f.sealed, &f.about); err != nil {
				return err
			}
			v := f.view()
			v.Class, v.Type, v.Size, v.Name = f.Class, f.Type, f.Size, f.about.Name
			out = append(out, v)
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "file.list", ID: "file", By: by, Detail: fmt.Sprintf("%d rows", len(out))})
	})
	return out, err
}

// Original is the original of a file, as it was sent.
type Original struct {
	File
	SHA256  string // hexadecimal
	Channel string
	Guarded bool
	Bytes   []byte
}

// Original reads the original of a file: for a case; and one for specialised
// staff also to look, with a reason that is sealed in the ledger.
func (s *Service) Original(ctx context.Context, by access.Actor, fileID, reason string) (Original, error) {
	var f file
	var o Original
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		verb := "file.pull"
		if f, err = s.guardedRow(ctx, tx, fileID); err == nil && f.State == FileGuarded {
			verb = "file.open"
			if err = checkReason(reason); err != nil && access.Decide(by, verb, access.Resource{Kind: "file", ID: fileID, Guarded: true}).Allowed {
				return err
			}
		}
		var c conversation
		if f, c, err = s.loadFile(ctx, tx, by, verb, fileID); err != nil {
			return err
		}
		if f.blob == "" {
			return errs.New(errs.Conflict, "err.file.nothing", "read original: nothing of it lies here")
		}
		o = Original{File: f.view(), SHA256: f.about.SHA256, Channel: c.Channel, Guarded: f.State == FileGuarded}
		o.Name, o.Class, o.Type, o.Size = f.about.Name, f.Class, f.Type, f.Size
		return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableFiles, ID: f.ID, By: by, Reason: reason})
	})
	if err != nil {
		return Original{}, err
	}
	o.Bytes, err = s.bytesOf(ctx, f)
	return o, err
}

// guardedRow reads a row to see which rule is asked; an unknown one is nothing.
func (s *Service) guardedRow(ctx context.Context, tx *db.Tx, fileID string) (file, error) {
	f, err := selectFile(ctx, tx, fileID)
	return f, db.One(err, "read original")
}

// FilesToPull lists the files of a conversation whose originals go into a case
// of the same person: those kept, and not for specialised staff.
func (s *Service) FilesToPull(ctx context.Context, by access.Actor, conversationID string) ([]File, error) {
	var out []File
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		c, err := s.load(ctx, tx, by, "conversation.open", conversationID)
		if err != nil {
			return err
		}
		rows, err := selectFiles(ctx, tx, c.ID)
		if err != nil {
			return errs.Wrap(err, "list files")
		}
		for _, f := range rows {
			if f.State != FileKept || !f.Incoming {
				continue
			}
			w, err := s.writtenWith(ctx, tx, f)
			if err != nil {
				return err
			}
			if w.Taken == 0 { // what was taken back is not in the transcript either
				out = append(out, f.view())
			}
		}
		return nil
	})
	return out, err
}

// transcriptFiles names the files of a conversation for a case.
func (s *Service) transcriptFiles(ctx context.Context, tx *db.Tx, conversationID string) (map[string][]transcriptFile, error) {
	rows, err := selectFiles(ctx, tx, conversationID)
	if err != nil {
		return nil, err
	}
	out := map[string][]transcriptFile{}
	for _, f := range rows {
		t := transcriptFile{ID: f.ID, State: string(f.State)}
		if f.State != FileGuarded {
			if err := s.open(f.Conversation, purposeFile, f.sealed, &f.about); err != nil {
				return nil, err
			}
			t.Name, t.Type, t.Size, t.SHA256 = f.about.Name, f.Type, f.Size, f.about.SHA256
		}
		out[f.Message] = append(out[f.Message], t)
	}
	return out, nil
}
