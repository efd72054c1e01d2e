package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"sync"

	"ronde/access"
	"ronde/channel"
	"ronde/channel/archive"
	"ronde/internal/crash"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/mandate"
	"ronde/people"
)

// windowBatches is how many batches of a file are judged side by side before
// reading goes on: no more than these are in memory.
const windowBatches = 8

// ArchiveRead is what became of a file, in posts and in things that are none.
type ArchiveRead struct {
	Read    int  // judged now
	Flagged int  // new alerts
	Reposts int  // with the text of an alert that is there
	Unsaid  bool // the last two are not for who asks, and are 0

	Before  int            // judged when the file was read before; not again
	NotRead int            // beyond the day's volume, or in a language that the mandate does not ask for
	Refused int            // outside the contract of a post
	Left    map[string]int // no posts, by reason (package archive)
}

// ReadArchive judges the posts of a file that an analyst has, under a mandate
// that names such files as a source. The file is read once, from its front, and
// kept nowhere; reading waits for the verdicts. What was judged is remembered
// as keyed hashes of whole batches that expire, so a file that broke off, or
// that was read up to the day's volume, goes on where it stood when it comes
// again. With an error, the answer says what was done before it.
func (s *Service) ReadArchive(ctx context.Context, by access.Actor, man string, kind archive.Kind, r io.Reader) (ArchiveRead, error) {
	src, unit, err := s.archiveSource(ctx, by, man)
	if err != nil {
		return ArchiveRead{}, err
	}
	permit, err := s.Mandates.Permit(ctx, man, "read", src)
	if err != nil {
		return ArchiveRead{}, err
	}
	f := &fileReading{s: s, ctx: ctx, permit: permit, src: mandate.Source{ID: src, Mandate: man}, now: s.db.Now()}
	report, err := archive.Read(r, kind, f.take)
	if last := f.flush(); last != nil { // also what stood before the place where a file breaks off
		err = last
	}
	f.out.Left, f.out.NotRead = report.Left, f.out.NotRead+f.lang
	noted := s.noteArchive(ctx, by, kind, f)
	if !seesGuarded(by, unit, permit) {
		f.out.Flagged, f.out.Reposts, f.out.Unsaid = 0, 0, true
	}
	if err == nil {
		err = noted
	}
	return f.out, err
}

// archiveSource asks the policy, then finds the mandate's source of files.
func (s *Service) archiveSource(ctx context.Context, by access.Actor, man string) (source, unit string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		units, err := s.Mandates.Units(ctx, tx, []string{man})
		if err != nil {
			return err
		}
		unit = units[man]
		if err := people.Allow(by, "alert.archive", access.Resource{Kind: "alert", Unit: unit}); err != nil {
			return err
		}
		source, err = s.Mandates.SourceOf(ctx, tx, man, mandate.Archive)
		return err
	})
	if err == nil && source == "" {
		err = errs.Field("mandate", "err.mandate.no_archive", "read archive: the mandate does not name files as a source")
	}
	return source, unit, err
}

// seesGuarded says whether numbers of alerts under a permit are for somebody:
// where it may raise some that are only for specialised staff, they are not
// for others.
func seesGuarded(by access.Actor, unit string, p mandate.Permit) bool {
	return !slices.ContainsFunc(guarded, p.Covers) ||
		access.Decide(by, "alert.list", access.Resource{Kind: "alert", ID: "alert", Unit: unit, Guarded: true}).Allowed
}

// fileReading gathers posts into a window of batches.
type fileReading struct {
	s      *Service
	ctx    context.Context
	permit mandate.Permit
	src    mandate.Source
	now    int64
	out    ArchiveRead
	posts  []channel.Post
	size   int
	lang   int   // posts in a language that the mandate does not ask for
	failed error // of judging: nothing more is judged
}

// take keeps one post for the window. How windows and batches are cut follows
// from the file and the mandate alone, so that the same file gives the same.
func (f *fileReading) take(p channel.Post) error {
	clean, _, err := channel.Clean(p, f.now)
	if err != nil {
		f.out.Refused++
		return nil
	}
	if !f.permit.Reads(p.Lang) {
		f.lang++
		return nil
	}
	clean.At = p.At // a post without a time gets that of its verdict
	f.posts, f.size = append(f.posts, clean), f.size+postSize(clean)
	if len(f.posts) >= windowBatches*MaxBatchPosts || f.size >= windowBatches*MaxBatchBytes {
		return f.flush()
	}
	return nil
}

// piece is one batch of a window.
type piece struct {
	posts []channel.Post
	mark  channel.Post // stands for the batch among what the source has given
	got   Result
	err   error
}

// flush has the window judged, then remembers what was: the cursor of a file
// moves after the verdict.
func (f *fileReading) flush() error {
	if len(f.posts) == 0 || f.failed != nil {
		return f.failed
	}
	fresh, err := f.fresh(f.pieces())
	f.posts, f.size, f.failed = nil, 0, err
	if err != nil || len(fresh) == 0 {
		return err
	}
	var wg sync.WaitGroup
	for _, p := range fresh {
		wg.Go(func() { p.got, p.err = f.s.Submit(f.ctx, f.src, p.posts) })
	}
	wg.Wait()
	f.failed = f.move(fresh)
	return f.failed
}

func (f *fileReading) pieces() []*piece {
	var out []*piece
	for _, posts := range batches(f.posts) {
		sum := sha256.Sum256(batch{f.src.Mandate, f.src.ID, posts}.encode())
		out = append(out, &piece{posts: posts, mark: channel.Post{Source: f.src.ID, ID: "archive", Text: hex.EncodeToString(sum[:])}})
	}
	return out
}

// fresh leaves out batches that were judged when the file was read before.
func (f *fileReading) fresh(all []*piece) (fresh []*piece, err error) {
	err = f.s.db.Read(f.ctx, func(tx *db.Tx) error {
		fresh = nil
		for _, p := range all {
			unseen, err := f.s.Channels.Unseen(f.ctx, tx, []channel.Post{p.mark})
			if err != nil {
				return err
			}
			if len(unseen) > 0 {
				fresh = append(fresh, p)
			}
		}
		return nil
	})
	for _, p := range all {
		if err == nil && !slices.Contains(fresh, p) {
			f.out.Before += len(p.posts)
		}
	}
	return fresh, err
}

// move adds up and remembers the batches of which every post was looked at.
func (f *fileReading) move(judged []*piece) error {
	var done []channel.Post
	var failed error
	full := false
	for _, p := range judged {
		if p.err != nil {
			failed = p.err
			continue
		}
		f.out.Read += p.got.Read
		f.out.Flagged += p.got.Flagged
		f.out.Reposts += p.got.Reposts
		f.out.NotRead += p.got.NotRead
		if p.got.NotRead > 0 {
			full = true
			continue
		}
		done = append(done, p.mark)
	}
	if len(done) > 0 {
		ctx := context.WithoutCancel(f.ctx) // it was judged, whoever went away
		if err := f.s.db.Write(ctx, func(tx *db.Tx) error { return f.s.Channels.MarkSeen(ctx, tx, done) }); err != nil {
			return err
		}
		crash.At(crash.CursorMoved)
	}
	if failed == nil && full {
		failed = errs.New(errs.Limit, "err.archive.volume", "read archive: the day's volume is used up")
	}
	return failed
}

// noteArchive accounts for one file as a whole (D 4.19: collection).
func (s *Service) noteArchive(ctx context.Context, by access.Actor, kind archive.Kind, f *fileReading) error {
	src, out, left := f.src, f.out, 0
	for reason, n := range out.Left {
		if reason != archive.Cut { // read, as far as it goes
			left += n
		}
	}
	return s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if err := s.Mandates.LeaveOut(ctx, tx, src.Mandate, src.ID, out.Refused+left+f.lang); err != nil {
			return err
		}
		if err := s.Channels.CountGap(ctx, tx, "post", out.Refused); err != nil {
			return err
		}
		if err := s.Channels.CountGap(ctx, tx, "items", left); err != nil {
			return err
		}
		if err := s.Channels.Received(ctx, tx, src.ID, out.Read); err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "alert.archive", ID: "mandate_sources/" + src.ID, By: by, Permit: src.Mandate,
			Detail: "kind=" + string(kind) + " read=" + itoa(out.Read) + " flagged=" + itoa(out.Flagged) + " before=" + itoa(out.Before) + " left-out=" + itoa(out.NotRead+out.Refused+left)})
	})
}
