package archive

import (
	"errors"
	"io"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/warc"
)

// Kind is the form of a file.
type Kind string

// The kinds that are read.
const (
	WARC     Kind = "warc"     // WARC 1.0 or 1.1, plain or gzip
	WACZ     Kind = "wacz"     // a ZIP with archive/*.warc.gz
	Telegram Kind = "telegram" // result.json of Telegram Desktop
	Mastodon Kind = "mastodon" // outbox.json of an ActivityPub account
	X        Kind = "x"        // data/tweets.js of an X archive
	CSV      Kind = "csv"      // a table whose header has "text"
)

// Kinds lists them in the order in which people choose.
var Kinds = []Kind{WARC, WACZ, Telegram, Mastodon, X, CSV}

// MaxItem is how large one message of an export may be, in bytes as written.
const MaxItem = 1 << 20

// Reasons why something in a file is no post. Each is a word of the catalogue.
const (
	Other    = "other"    // a record or line that holds no post by its kind
	Media    = "media"    // pictures, sound, films, documents
	Private  = "private"  // not public
	Boost    = "boost"    // another's post passed on, without its text
	Empty    = "empty"    // no text in it
	Status   = "status"   // an answer that is not the page (moved, missing, refused)
	Encoding = "encoding" // compressed or coded in a way that is not read
	Large    = "large"    // beyond a limit
	Broken   = "broken"   // not well-formed
	Cut      = "cut"      // read, but only its first 64 KiB
)

// Report says what was in a file, in posts and things that are none.
type Report struct {
	Posts int
	Left  map[string]int // by reason
}

func (r *Report) leave(reason string) { r.Left[reason]++ }

// Read gives each post of a file to each, in the order of the file. An error of
// each ends it. Errors of the file are errs.Invalid (cut short, not of that
// kind) or errs.Limit, never with anything of its content; the report says what
// was read before.
func Read(r io.Reader, kind Kind, each func(channel.Post) error) (Report, error) {
	a := &reading{Report: Report{Left: map[string]int{}}, each: each}
	var err error
	switch kind {
	case WARC:
		err = a.warc(r)
	case WACZ:
		err = a.wacz(r)
	case Telegram:
		err = a.telegram(r)
	case Mastodon:
		err = a.mastodon(r)
	case X:
		err = a.x(r)
	case CSV:
		err = a.csv(r)
	default:
		err = errs.Field("kind", "err.archive.kind", "read archive: unknown kind of file")
	}
	return a.Report, told(err)
}

type reading struct {
	Report
	each func(channel.Post) error
}

// give hands a post on.
func (a *reading) give(p channel.Post) error {
	a.Posts++
	return a.each(p)
}

var (
	errCut   = warc.ErrCut
	errForm  = warc.ErrForm
	errLimit = warc.ErrLimit
)

// told gives an error of the file its words for people.
func told(err error) error {
	var ours *errs.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &ours):
		return err
	case errors.Is(err, errLimit):
		return errs.As(errs.Wrap(err, "read archive"), errs.Limit, "err.archive.limit")
	case errors.Is(err, errForm):
		return errs.As(errs.Wrap(err, "read archive"), errs.Invalid, "err.archive.form")
	case errors.Is(err, errCut), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errs.As(errs.Wrap(err, "read archive"), errs.Invalid, "err.archive.cut")
	}
	return errs.As(errs.Wrap(err, "read archive"), errs.Invalid, "err.archive.broken")
}
