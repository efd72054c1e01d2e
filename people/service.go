package people

import (
	"context"
	"encoding/json"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/seal"
	"ronde/ledger"
)

const (
	personPurpose   = "people_accounts.person"
	passwordPurpose = "people_accounts.password"
	totpPurpose     = "people_accounts.totp"
)

// Service is the room's verbs.
type Service struct {
	db      *db.DB
	keys    *seal.Ring
	book    *ledger.Ledger
	hashing chan struct{} // one place for each hash under way
}

// New wires the room.
func New(d *db.DB, keys *seal.Ring, book *ledger.Ledger) *Service {
	return &Service{db: d, keys: keys, book: book, hashing: make(chan struct{}, hashers)}
}

// console is who acts at the machine itself: whoever owns it could do more.
var console = access.AsMachine("console")

// Handover is a new or reset account with the password to hand over. It is
// shown once, works once, and for [inviteTerm].
type Handover struct {
	Account  Account
	Password string
}

// Create makes an account. Errors: Invalid with a field, Conflict when the
// login is taken.
func (s *Service) Create(ctx context.Context, by access.Actor, in NewAccount) (Handover, error) {
	if err := Allow(by, "people.create", access.Resource{Kind: "people"}); err != nil {
		return Handover{}, err
	}
	return s.create(ctx, by, in, func(context.Context, *db.Tx) error { return nil })
}

// CreateFirst makes the first administrator, from the machine itself. It is
// refused (Conflict) while there is one.
func (s *Service) CreateFirst(ctx context.Context, in NewAccount) (Handover, error) {
	in.Roles, in.Unit = []access.Role{access.Administrator}, ""
	return s.create(ctx, console, in, func(ctx context.Context, tx *db.Tx) error {
		n, err := countAdministrators(ctx, tx, "")
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "err.people.first",
				"create first administrator: there is one; let that person create accounts on the workbench")
		}
		return nil
	})
}

func (s *Service) create(ctx context.Context, by access.Actor, in NewAccount, may func(context.Context, *db.Tx) error) (Handover, error) {
	if err := in.check(); err != nil {
		return Handover{}, err
	}
	out := Handover{Password: oneTime()}
	hash, err := s.hash(ctx, out.Password)
	if err != nil {
		return Handover{}, err
	}
	container := id.New("per", s.db.Now(), 0)
	if err := s.keys.Create(container); err != nil {
		return Handover{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := may(ctx, tx); err != nil {
			return err
		}
		out.Account, err = s.insert(ctx, tx, container, in, hash)
		if err != nil {
			return err
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "people.create", Table: "people_accounts", ID: container, By: by,
			Detail: out.Account.Handle + ": " + joinRoles(in.Roles)})
	})
	if err != nil {
		if gone := s.keys.Destroy(container, s.db.Now()); gone != nil {
			return Handover{}, errs.Wrap(gone, "take back account")
		}
		return Handover{}, errs.Wrap(err, "create account")
	}
	return out, nil
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, container string, in NewAccount, hash string) (Account, error) {
	regime, err := s.place(ctx, tx, in.Roles, in.Unit)
	if err != nil {
		return Account{}, err
	}
	key := s.loginKey(in.Login)
	if _, err := selectByLogin(ctx, tx, key); !errs.Is(err, errs.NotFound) {
		if err != nil {
			return Account{}, err
		}
		return Account{}, &errs.Error{Kind: errs.Conflict, Key: "err.people.login_taken", Field: "login"}
	}
	a := row{Account: Account{ID: container, Regime: regime, Roles: in.Roles, Unit: in.Unit, State: Invited, Created: tx.Now}, login: key, invited: tx.Now}
	if a.Handle, err = freeHandle(ctx, tx, regime); err != nil {
		return Account{}, err
	}
	text, err := json.Marshal(Person{Name: in.Name, Login: in.Login, Email: in.Email})
	if err != nil {
		return Account{}, err
	}
	if a.sealed, err = s.keys.Seal(container, personPurpose, text); err != nil {
		return Account{}, err
	}
	if a.password, err = s.keys.Seal(container, passwordPurpose, []byte(hash)); err != nil {
		return Account{}, err
	}
	return a.Account, insertAccount(ctx, tx, a)
}

// place finds the regime for roles in a unit, and refuses a unit that works
// under another one.
func (s *Service) place(ctx context.Context, tx *db.Tx, roles []access.Role, unitID string) (string, error) {
	var unit Unit
	if unitID != "" {
		var err error
		if unit, err = selectUnit(ctx, tx, unitID); err != nil {
			return "", errs.Field("unit", "err.people.unit", "place account: no such unit")
		}
	}
	regime, err := regimeOf(roles, unit.Regime)
	if err != nil {
		return "", err
	}
	works := regime == access.RegimePatrol || regime == access.RegimeWatch || regime == access.RegimeInvestigation
	if works && unitID == "" || unitID != "" && regime != unit.Regime {
		return "", errs.Field("unit", "err.people.unit", "place account: the roles need a unit of regime "+regime)
	}
	return regime, nil
}

// handleTries bounds the drawing of a free handle: there are 90 000 a regime.
const handleTries = 50

func freeHandle(ctx context.Context, tx *db.Tx, regime string) (string, error) {
	for range handleTries {
		h := newHandle(regime)
		if _, err := selectByHandle(ctx, tx, h); errs.Is(err, errs.NotFound) {
			return h, nil
		} else if err != nil {
			return "", err
		}
	}
	return "", errs.New(errs.Limit, "err.internal", "draw handle: nearly all are taken")
}

func (s *Service) loginKey(login string) []byte { return s.keys.Hash("people.login", []byte(login)) }

func (s *Service) person(a row) (Person, error) {
	var p Person
	text, err := s.keys.Open(a.ID, personPurpose, a.sealed)
	if err != nil {
		return p, err
	}
	return p, errs.Wrap(json.Unmarshal(text, &p), "read person")
}

// Cards gives what colleagues see of handles. It checks nothing: the room
// that asks shows only handles that its own rows hold. At most [maxCards].
func (s *Service) Cards(ctx context.Context, tx *db.Tx, handles []string) (map[string]Card, error) {
	out := map[string]Card{}
	for len(handles) > 0 {
		n := min(len(handles), maxCards)
		rows, err := selectByHandles(ctx, tx, handles[:n])
		if err != nil {
			return nil, errs.Wrap(err, "read cards")
		}
		for _, a := range rows {
			out[a.Handle] = Card{Handle: a.Handle, Roles: a.Roles, Unit: a.Unit}
		}
		handles = handles[n:]
	}
	return out, nil
}

// ByHandle finds the account of a handle, for a room that hands work over.
// The room checks what the asker may know.
func (s *Service) ByHandle(ctx context.Context, tx *db.Tx, handle string) (Account, error) {
	a, err := selectByHandle(ctx, tx, handle)
	return a.Account, err
}
