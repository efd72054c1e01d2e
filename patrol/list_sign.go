package patrol

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/note"
	"ronde/internal/db"
	"ronde/internal/errs"
)

// The signing key of the list is its own and signs nothing else: what one key
// says must not be taken for something another says.
const (
	listSigner    = "officials/signer"
	listKey       = "officials/vkey"
	listContainer = "off_signer"
)

// publisher keeps the signer and the list that was last made.
type publisher struct {
	mu     sync.Mutex // guards the rest
	signer note.Signer
	key    string
	made   int64
	signed []byte
}

// SignedList is the list as a signed note, and the key that checks it. It is
// public and not recorded; the same bytes are given out for a minute.
func (s *Service) SignedList(ctx context.Context) (signed []byte, key string, err error) {
	s.list.mu.Lock()
	defer s.list.mu.Unlock()
	if s.list.signer == nil {
		if err := s.openListSigner(ctx); err != nil {
			return nil, "", errs.Wrap(err, "open signer of the list")
		}
	}
	if now := s.db.Now(); s.list.signed == nil || now-s.list.made >= listFresh.Microseconds() || now < s.list.made {
		if s.list.signed, err = s.signList(ctx, now); err != nil {
			return nil, "", errs.Wrap(err, "sign list")
		}
		s.list.made = now
	}
	return s.list.signed, s.list.key, nil
}

func (s *Service) signList(ctx context.Context, now int64) ([]byte, error) {
	var l Listing
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := readList(ctx, tx)
		if err != nil {
			return err
		}
		hours, err := selectHours(ctx, tx)
		l = s.listing(now, all.officers, all.accounts, hours)
		return err
	})
	if err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: string(text) + "\n"}, s.list.signer)
}

func (s *Service) openListSigner(ctx context.Context) error {
	sealed, err := s.blobs.Get(ctx, listSigner)
	if errs.Is(err, errs.NotFound) {
		if err = s.makeListSigner(ctx); err != nil {
			return err
		}
		sealed, err = s.blobs.Get(ctx, listSigner)
	}
	if err != nil {
		return err
	}
	both, err := s.keys.Open(listContainer, listSigner, sealed)
	if err != nil {
		return err
	}
	skey, vkey, _ := strings.Cut(string(both), "\n")
	if s.list.signer, err = note.NewSigner(skey); err != nil {
		return err
	}
	s.list.key = vkey
	return s.blobs.Put(ctx, listKey, []byte(vkey+"\n"))
}

// makeListSigner makes the key. Of two copies of the program that do so at one
// time the first to put it wins.
func (s *Service) makeListSigner(ctx context.Context) error {
	if err := s.keys.Ensure(listContainer); err != nil {
		return err
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, firstText(s.set.ListName, "ronde.local/officials"))
	if err != nil {
		return err
	}
	sealed, err := s.keys.Seal(listContainer, listSigner, []byte(skey+"\n"+vkey))
	if err != nil {
		return err
	}
	err = s.blobs.Put(ctx, listSigner, sealed)
	if errs.Is(err, errs.Conflict) {
		return nil
	}
	return err
}
