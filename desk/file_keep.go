package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/media"
	"ronde/ledger"
)

const (
	filesPrefix  = "file/" // of the names of blobs: file/con_…/fil_…
	purposeBytes = "desk_files.bytes"
	purposeFile  = "desk_files.sealed"

	// fileUnderWay is how long bytes may lie without a row before SweepFiles
	// takes them for the remains of a crash.
	fileUnderWay = 10 * time.Minute
)

// holdUploads seals the files of a form under the conversation's key, before
// the transaction that keeps them. Call dropFiles when it does not follow.
func (s *Service) holdUploads(ctx context.Context, conversationID string, files []Upload) ([]file, error) {
	var rows []file
	for _, u := range files {
		f := file{ID: id.New("fil", s.db.Now(), uint16(len(rows))), Conversation: conversationID, State: FileKept, about: about{Name: fileName(u.Name), Type: u.Type}}
		if err := s.holdBytes(ctx, &f, u.Bytes); err != nil {
			s.dropFiles(ctx, rows)
			return nil, errs.Wrap(err, "keep file")
		}
		rows = append(rows, f)
	}
	return rows, nil
}

// holdArrived does the same for the files of what came on a line. Those whose
// bytes did not come along stay at the network until an officer asks; what is
// more or larger than is taken never stops the message.
func (s *Service) holdArrived(ctx context.Context, conversationID, line string, files []channel.File) ([]file, error) {
	var rows []file
	for i, in := range files {
		f := file{ID: id.New("fil", s.db.Now(), uint16(i)), Conversation: conversationID, State: FileAway, Class: claimed(in.Type), Size: max(0, in.Size), Line: line,
			about: about{Name: fileName(in.Name), Type: in.Type, Far: in.ID}}
		var err error
		switch {
		case i >= channel.MaxFiles || len(in.Bytes) > MaxFile || in.Size > MaxFile || len(in.Bytes) == 0 && in.ID == "":
			f.State, f.about.Far = FileRefused, ""
			err = s.sealFile(&f)
		case len(in.Bytes) > 0:
			f.State = FileKept
			err = s.holdBytes(ctx, &f, in.Bytes)
		default:
			err = s.sealFile(&f)
		}
		if err != nil {
			s.dropFiles(ctx, rows)
			return nil, errs.Wrap(err, "keep file")
		}
		rows = append(rows, f)
	}
	return rows, nil
}

// claimed is the class that a network says a file has, until its bytes tell.
func claimed(mediaType string) media.Class {
	switch kind, _, _ := strings.Cut(mediaType, "/"); kind {
	case "image":
		return media.Picture
	case "audio":
		return media.Voice
	case "video":
		return media.Video
	}
	return media.Other
}

// holdBytes seals the bytes of a file and writes them; what it is, they say.
func (s *Service) holdBytes(ctx context.Context, f *file, raw []byte) error {
	kind, sum := media.Sniff(raw), sha256.Sum256(raw)
	f.Class, f.Type, f.Size, f.about.SHA256 = kind.Class, kind.Type, int64(len(raw)), hex.EncodeToString(sum[:])
	switch err := media.Check(raw); {
	case errors.Is(err, media.ErrLarge):
		f.about.Closed = UnshownLarge
	case errors.Is(err, media.ErrDamaged):
		f.about.Closed = UnshownDamaged
	}
	sealed, err := s.keys.Seal(f.Conversation, purposeBytes, raw)
	if err != nil {
		return err
	}
	if err := s.sealFile(f); err != nil {
		return err
	}
	whole := sha256.Sum256(sealed)
	f.blob, f.blobSum = filesPrefix+f.Conversation+"/"+f.ID, whole[:]
	return s.blobs.Put(ctx, f.blob, sealed)
}

func (s *Service) sealFile(f *file) (err error) {
	f.blobSum = []byte{}
	f.sealed, err = s.seal(f.Conversation, purposeFile, f.about)
	return err
}

// dropFiles undoes a hold. What it cannot remove, SweepFiles does.
func (s *Service) dropFiles(ctx context.Context, rows []file) {
	for _, f := range rows {
		if f.blob != "" {
			_ = s.blobs.Delete(context.WithoutCancel(ctx), f.blob)
		}
	}
}

// recordFiles writes the rows of held files, in the transaction that keeps
// their message.
func (s *Service) recordFiles(ctx context.Context, tx *db.Tx, by access.Actor, c conversation, messageID string, incoming bool, rows []file) error {
	if len(rows) == 0 {
		return nil
	}
	n, size, err := sumFiles(ctx, tx, c.ID)
	if err != nil {
		return errs.Wrap(err, "keep file")
	}
	for _, f := range rows {
		if n++; n > MaxFiles {
			return errs.Field("files", "err.file.full", "keep file: too many in the conversation", "max", MaxFiles)
		}
		if size += f.Size; f.State == FileKept && size > MaxFileBytes {
			return errs.Field("files", "err.file.heavy", "keep file: too much in the conversation", "max", MaxFileBytes>>20)
		}
		f.Message, f.Incoming, f.Handle, f.At = messageID, incoming, by.Handle, tx.Now
		if err := insertFile(ctx, tx, f); err != nil {
			return errs.Wrap(err, "keep file")
		}
		if err := s.book.Append(ctx, tx, ledger.Event{Verb: "file.keep", Table: tableFiles, ID: f.ID, By: by,
			Detail: fmt.Sprintf("%s, %d bytes", f.Class, f.Size)}); err != nil {
			return err
		}
	}
	return errs.Wrap(count(ctx, tx, "file.kept"), "keep file")
}

// filesOf reads the files of a conversation, each under its message.
func (s *Service) filesOf(ctx context.Context, tx *db.Tx, conversationID string) (map[string][]File, error) {
	rows, err := selectFiles(ctx, tx, conversationID)
	if err != nil {
		return nil, errs.Wrap(err, "list files")
	}
	out := map[string][]File{}
	for _, f := range rows {
		if err := s.open(f.Conversation, purposeFile, f.sealed, &f.about); err != nil {
			return nil, err
		}
		out[f.Message] = append(out[f.Message], f.view())
	}
	return out, nil
}

// bytesOf reads the original of a file, outside any transaction, and compares
// it with its digest.
func (s *Service) bytesOf(ctx context.Context, f file) ([]byte, error) {
	sealed, err := s.blobs.Get(ctx, f.blob)
	if err != nil {
		return nil, errs.Wrap(err, "open file "+f.ID)
	}
	raw, err := s.keys.Open(f.Conversation, purposeBytes, sealed)
	if err != nil {
		return nil, errs.Wrap(err, "open file "+f.ID)
	}
	if sum := sha256.Sum256(raw); f.about.SHA256 != hex.EncodeToString(sum[:]) {
		return nil, errs.New(errs.Internal, "", "open file "+f.ID+": its bytes do not have its SHA-256")
	}
	return raw, nil
}

// SweepFiles makes the folder agree with the rows: bytes that no row names (an
// erased conversation, a crash before the row) go. It returns how many.
func (s *Service) SweepFiles(ctx context.Context) (removed int, err error) {
	names, err := s.blobs.List(ctx, filesPrefix)
	if err != nil {
		return 0, errs.Wrap(err, "sweep files")
	}
	kept := map[string]bool{}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return FileRefs(ctx, tx, func(name string, _ []byte) { kept[name] = true })
	})
	if err != nil {
		return 0, errs.Wrap(err, "sweep files")
	}
	for _, name := range names {
		_, fileID, _ := strings.Cut(strings.TrimPrefix(name, filesPrefix), "/")
		made, ok := id.Time(fileID)
		if kept[name] || !ok || made > s.db.Now()-fileUnderWay.Microseconds() {
			continue
		}
		if err := s.blobs.Delete(ctx, name); err != nil {
			return removed, errs.Wrap(err, "sweep files")
		}
		removed++
	}
	return removed, nil
}

// clearFiles removes the bytes of a conversation whose key is destroyed.
func (s *Service) clearFiles(ctx context.Context, conversationID string) error {
	names, err := s.blobs.List(ctx, filesPrefix+conversationID+"/")
	if err != nil {
		return errs.Wrap(err, "clear files")
	}
	for _, name := range names {
		if err := s.blobs.Delete(ctx, name); err != nil {
			return errs.Wrap(err, "clear files")
		}
	}
	return nil
}

// FileRefs tells the blob names and SHA-256 that rows know, for proofs.
func FileRefs(ctx context.Context, tx *db.Tx, fn func(name string, sum []byte)) error {
	rows, err := selectBlobs(ctx, tx)
	for _, f := range rows {
		fn(f.blob, f.blobSum)
	}
	return errs.Wrap(err, "list file blobs")
}

// bounded stops a network that sends more than it said.
type bounded struct {
	bytes.Buffer
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > MaxFile {
		return 0, errs.New(errs.Limit, "err.file.large", "fetch file: too large", "name", "–", "max", MaxFile>>20)
	}
	return b.Buffer.Write(p)
}
