package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/media"
	"ronde/ledger"
	"ronde/people"
)

// LookReasons are why somebody looks at a picture that was sent, words of the
// group "look". Nobody types what can be chosen; who looks without need looks
// at less.
var LookReasons = []string{"answer", "danger", "evidence"}

// OpenedFile is a file on a page of its own, without its bytes.
type OpenedFile struct {
	File
	Text   string // of the message it came with, made visible: the reason to look, or not to
	Mine   bool   // who looks has the conversation
	Danger bool   // words of danger in the conversation
}

// loadFile reads a row with its conversation and asks the rules; a file that
// is not there looks like one that somebody may not know of. What is for
// specialised staff says so to who may read the conversation.
func (s *Service) loadFile(ctx context.Context, tx *db.Tx, by access.Actor, verb, fileID string) (f file, c conversation, err error) {
	if !id.Valid("fil", fileID) {
		return f, c, errs.New(errs.NotFound, "err.not_found", verb+": no such file")
	}
	if f, err = selectFile(ctx, tx, fileID); err != nil {
		return f, c, db.One(err, verb)
	}
	if c, err = selectConversation(ctx, tx, f.Conversation); err != nil {
		return f, c, db.One(err, verb)
	}
	if f.State == FileGuarded && slices.Contains([]string{"file.look", "file.fetch", "file.guard"}, verb) {
		if err := people.Allow(by, "conversation.open", c.resource(by)); err != nil {
			return f, c, errs.As(err, errs.NotFound, "err.not_found")
		}
		return f, c, errs.New(errs.Conflict, "err.file.guarded", verb+": for specialised staff only")
	}
	if err := people.Allow(by, verb, f.resource(c, by)); err != nil {
		return f, c, err
	}
	if slices.Contains([]string{"file.look", "file.fetch", "file.pull"}, verb) {
		w, err := s.writtenWith(ctx, tx, f)
		if err == nil && w.Taken != 0 {
			err = errs.New(errs.Conflict, "err.file.nothing", verb+": its writer took it back")
		}
		if err != nil {
			return f, c, err
		}
	}
	return f, c, s.open(f.Conversation, purposeFile, f.sealed, &f.about)
}

// OpenFile shows what is known of a file, and what was written with it.
func (s *Service) OpenFile(ctx context.Context, by access.Actor, fileID string) (OpenedFile, error) {
	var o OpenedFile
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		f, c, err := s.loadFile(ctx, tx, by, "file.look", fileID)
		if err != nil {
			return err
		}
		o = OpenedFile{File: f.view(), Mine: c.resource(by).Assigned != nil, Danger: c.Danger}
		w, err := s.writtenWith(ctx, tx, f)
		if err != nil {
			return err
		}
		o.Text = Visible(w.Text)
		return s.book.Append(ctx, tx, ledger.Event{Verb: "file.facts", Table: tableFiles, ID: f.ID, By: by})
	})
	return o, err
}

// writtenWith reads the message that a file came with; the zero value when it
// is gone.
func (s *Service) writtenWith(ctx context.Context, tx *db.Tx, f file) (w written, err error) {
	m, err := selectMessage(ctx, tx, f.Message)
	if errs.Is(db.One(err, "open file"), errs.NotFound) {
		return w, nil
	}
	if err != nil {
		return w, errs.Wrap(err, "open file")
	}
	return w, s.open(f.Conversation, purposeMessage, m.sealed, &w)
}

// Look makes a copy of a picture to show, from its pixels alone, and accounts
// for it first. The copy is kept nowhere. reason is one of LookReasons; a
// blurred copy needs none.
func (s *Service) Look(ctx context.Context, by access.Actor, fileID string, look media.Look, reason string) ([]byte, error) {
	if !slices.Contains([]media.Look{media.Blurred, media.Grey, media.Colour}, look) {
		return nil, errs.New(errs.Invalid, "err.invalid", "look at file: no such look")
	}
	if look == media.Blurred {
		reason = "preview"
	} else if !slices.Contains(LookReasons, reason) {
		return nil, errs.Field("reason", "err.file.reason", "look at file: no reason is chosen")
	}
	var f file
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if f, _, err = s.loadFile(ctx, tx, by, "file.look", fileID); err != nil {
			return err
		}
		if !f.view().Shown {
			return errs.New(errs.Conflict, "err.file.notshown", "look at file: not a picture that is shown")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "file.look", Table: tableFiles, ID: f.ID, By: by, Detail: string(look) + ", " + reason})
	})
	if err != nil {
		return nil, err
	}
	return s.copyOf(ctx, f, look)
}

// copyOf unfolds one picture at a time.
func (s *Service) copyOf(ctx context.Context, f file, look media.Look) ([]byte, error) {
	raw, err := s.bytesOf(ctx, f)
	if err != nil {
		return nil, err
	}
	select {
	case s.onePic <- struct{}{}:
		defer func() { <-s.onePic }()
	case <-ctx.Done():
		return nil, errs.As(errs.Wrap(ctx.Err(), "copy picture"), errs.Unavailable, "err.file.busy")
	}
	out, err := media.Copy(raw, look)
	switch {
	case errors.Is(err, media.ErrLarge):
		return nil, errs.As(err, errs.Conflict, "err.file.bomb")
	case err != nil:
		return nil, errs.As(err, errs.Conflict, "err.file.damaged")
	}
	return out, nil
}

// Fetch gets a file that still lies at the network, because an officer asks.
// get writes its bytes; channel.Fetcher.Fetch of the file's line is one.
func (s *Service) Fetch(ctx context.Context, by access.Actor, fileID string, get func(ctx context.Context, line string, f channel.File, w io.Writer) error) error {
	var f file
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if f, _, err = s.loadFile(ctx, tx, by, "file.fetch", fileID); err == nil && f.State != FileAway {
			err = errs.New(errs.Conflict, "err.file.here", "fetch file: it does not lie at the network")
		}
		return err
	})
	if err != nil {
		return err
	}
	var raw bounded
	detail := "fetched"
	err = get(ctx, f.Line, channel.File{ID: f.about.Far, Name: f.about.Name, Type: f.about.Type, Size: f.Size}, &raw)
	switch {
	case errs.Is(err, errs.Limit) || raw.Len() == 0 && err == nil:
		f.State, f.about.Far, detail = FileRefused, "", "too large, or nothing"
		err = s.sealFile(&f)
	case channel.WhyOf(err) == channel.Gone || channel.WhyOf(err) == channel.Rejected || errs.Is(err, errs.NotFound):
		f.State, f.about.Far, detail = FileRefused, "", "gone from the network"
		err = s.sealFile(&f)
	case err != nil:
		return errs.As(errs.Wrap(err, "fetch file"), errs.Unavailable, "err.file.fetch")
	default:
		f.State = FileKept
		err = s.holdBytes(ctx, &f, raw.Bytes())
	}
	if err != nil {
		return errs.Wrap(err, "fetch file")
	}
	return s.fetched(ctx, by, f, detail)
}

// fetched writes the row of a file that was fetched, unless it came meanwhile.
func (s *Service) fetched(ctx context.Context, by access.Actor, f file, detail string) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		now, _, err := s.loadFile(ctx, tx, by, "file.fetch", f.ID)
		if err != nil {
			return err
		}
		if now.State != FileAway {
			return errs.New(errs.Conflict, "err.file.here", "fetch file: it came meanwhile")
		}
		_, size, err := sumFiles(ctx, tx, f.Conversation)
		if err != nil {
			return errs.Wrap(err, "fetch file")
		}
		if f.State == FileKept && size+f.Size > MaxFileBytes {
			return errs.New(errs.Conflict, "err.file.heavy", "fetch file: too much in the conversation", "max", MaxFileBytes>>20)
		}
		if err := updateFile(ctx, tx, f); err != nil {
			return errs.Wrap(err, "fetch file")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "file.fetch", Table: tableFiles, ID: f.ID, By: by, Detail: fmt.Sprintf("%s, %d bytes", detail, f.Size)})
	})
	if err != nil {
		s.dropUnless(ctx, f, err)
	}
	return err
}

// dropUnless removes bytes that were written for nothing; those of a file that
// came meanwhile have the same name and stay.
func (s *Service) dropUnless(ctx context.Context, f file, err error) {
	if key, _ := errs.Message(err); key != "err.file.here" {
		s.dropFiles(ctx, []file{f})
	}
}
