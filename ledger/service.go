package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"time"

	"golang.org/x/mod/sumdb/note"
	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/seal"
	"ronde/ledger/verify"
)

const (
	purpose  = "ledger_events.reason"
	saltSize = 16
	maxText  = 2000 // bytes of a reason or detail
)

// Ledger appends, sequences and reads.
type Ledger struct {
	db     *db.DB
	keys   *seal.Ring
	blobs  *blob.Store
	signer note.Signer
	vkey   string
}

// Open opens the ledger and, the first time, makes its signing key. origin
// names the log in its checkpoints; it has no spaces and no plus.
func Open(ctx context.Context, d *db.DB, keys *seal.Ring, blobs *blob.Store, origin string) (*Ledger, error) {
	l := &Ledger{db: d, keys: keys, blobs: blobs}
	if err := l.openSigner(ctx, origin); err != nil {
		return nil, errs.Wrap(err, "open ledger")
	}
	return l, nil
}

// VerifierKey is the public key of the checkpoints, to be published.
func (l *Ledger) VerifierKey() string { return l.vkey }

// Append writes the event and the state of its row. Call it last in the
// transaction, after every change of that row.
func (l *Ledger) Append(ctx context.Context, tx *db.Tx, e Event) error {
	if e.Verb == "" || e.ID == "" || e.By.Handle == "" || len(e.Detail) > maxText {
		return errs.New(errs.Internal, "", "append event: verb, object or handle missing, or detail too long ("+e.Verb+")")
	}
	v := verify.Event{ID: tx.NewID("evt"), At: tx.Now, Verb: e.Verb, Object: e.object(), Handle: e.By.Handle, Permit: e.Permit, Detail: e.Detail}
	var err error
	if e.Table != "" {
		if v.State, err = stateOf(ctx, tx, e); err != nil {
			return errs.Wrap(err, "append event "+e.Verb)
		}
		if v.ID, err = l.afterLast(ctx, tx, v); err != nil {
			return errs.Wrap(err, "append event "+e.Verb)
		}
	}
	var container string
	var sealed []byte
	if e.Reason != "" {
		if container, sealed, err = l.sealReason(tx.Now, &v, e.Reason); err != nil {
			return errs.Wrap(err, "append event "+e.Verb)
		}
	}
	return errs.Wrap(insertEvent(ctx, tx, v, container, sealed), "append event "+e.Verb)
}

// afterLast makes the name of an event sort after those of the same row. On
// PostgreSQL a transaction that began first may change the row last, and then
// the order of names would not be the order of changes.
func (l *Ledger) afterLast(ctx context.Context, tx *db.Tx, v verify.Event) (string, error) {
	if !l.db.Postgres() {
		return v.ID, nil
	}
	last, err := lastEventOf(ctx, tx, v.Object)
	if err != nil || last < v.ID {
		return v.ID, err
	}
	at, ok := id.Time(last)
	if !ok {
		return "", errs.New(errs.Internal, "", "order events: malformed name "+last)
	}
	return id.New("evt", at+1, 0), nil
}

func stateOf(ctx context.Context, tx *db.Tx, e Event) ([]byte, error) {
	sum, found, err := tx.State(ctx, e.Table, e.ID)
	switch {
	case err != nil:
		return nil, err
	case found == e.Gone:
		return nil, errs.New(errs.Internal, "", "account for "+e.object()+": the row is not in the state the event tells")
	case e.Gone:
		return verify.Gone[:], nil
	}
	return sum[:], nil
}

// sealReason seals the personal part under the key of the day, which dies
// with the log retention of the legal profile.
func (l *Ledger) sealReason(now int64, v *verify.Event, reason string) (string, []byte, error) {
	if len(reason) > maxText {
		return "", nil, errs.New(errs.Limit, "err.too_long", "seal reason: too long")
	}
	container := dayContainer(now)
	if err := l.keys.Ensure(container); err != nil {
		return "", nil, err
	}
	part := make([]byte, saltSize, saltSize+len(reason))
	rand.Read(part)
	m := hmac.New(sha256.New, part)
	m.Write([]byte(reason))
	v.MAC = m.Sum(nil)
	sealed, err := l.keys.Seal(container, purpose, append(part, reason...))
	if err != nil {
		return "", nil, err
	}
	sum := sha256.Sum256(sealed)
	v.SealedSum = sum[:]
	return container, sealed, nil
}

func dayContainer(now int64) string {
	return "led_" + time.UnixMicro(now).UTC().Format("2006-01-02")
}

// Page reads entries, newest first, without their personal parts.
func (l *Ledger) Page(ctx context.Context, tx *db.Tx, f Filter) ([]Entry, error) {
	if f.Limit <= 0 || f.Limit > MaxPage {
		f.Limit = MaxPage
	}
	rows, err := selectEvents(ctx, tx, f)
	if err != nil {
		return nil, errs.Wrap(err, "read ledger")
	}
	out := make([]Entry, len(rows))
	for i, r := range rows {
		out[i] = r.Entry
	}
	return out, nil
}

// ReadPage is Page in a transaction of its own.
func (l *Ledger) ReadPage(ctx context.Context, f Filter) (out []Entry, err error) {
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		out, err = l.Page(ctx, tx, f)
		return err
	})
	return out, err
}

// Reason opens the personal part of one event and accounts for that.
func (l *Ledger) Reason(ctx context.Context, by access.Actor, eventID string) (string, error) {
	var text string
	err := l.db.Write(ctx, func(tx *db.Tx) error {
		r, err := selectEvent(ctx, tx, eventID)
		if err != nil {
			return db.One(err, "open reason")
		}
		if r.sealed == nil {
			return errs.New(errs.NotFound, "err.not_found", "open reason: none, or blanked")
		}
		part, err := l.keys.Open(r.Container, purpose, r.sealed)
		if err != nil {
			return err
		}
		text = string(part[saltSize:])
		return l.Append(ctx, tx, Event{Verb: "ledger.open-reason", ID: "ledger_events/" + eventID, By: by})
	})
	return text, err
}

// Blank takes the personal part out of an event. authority and article are
// public words that say who may order it and under which rule; the tree still
// verifies, because the leaf covers only a keyed hash of what is gone.
func (l *Ledger) Blank(ctx context.Context, tx *db.Tx, by access.Actor, eventID, authority, article string) error {
	if authority == "" || article == "" {
		return errs.New(errs.Invalid, "err.required", "blank event: authority or article missing")
	}
	n, err := blankEvent(ctx, tx, eventID)
	if err != nil {
		return errs.Wrap(err, "blank event")
	}
	if n == 0 {
		return errs.New(errs.NotFound, "err.not_found", "blank event: none with a personal part")
	}
	return l.Append(ctx, tx, Event{Verb: verbBlank, ID: "ledger_events/" + eventID, By: by, Detail: authority + "; " + article})
}

// Gap is written after a restore: it names what the ledger no longer holds.
func (l *Ledger) Gap(ctx context.Context, by access.Actor, detail string) error {
	return l.db.Write(ctx, func(tx *db.Tx) error {
		return l.Append(ctx, tx, Event{Verb: "ledger.gap", ID: "ledger", By: by, Detail: detail})
	})
}
