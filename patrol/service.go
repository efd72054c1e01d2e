package patrol

import (
	"context"
	"time"

	"ronde/access"
	"ronde/internal/blob"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/internal/id"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/people"
)

// Accounted are the tables whose rows the ledger accounts for.
var Accounted = []string{"patrol_officers", "patrol_holders", "patrol_accounts", "patrol_hours", "patrol_incidents",
	"patrol_shifts", "patrol_holidays", "patrol_absences", "patrol_templates", "patrol_feeds", "patrol_presence", "patrol_events", "patrol_bookings",
	"patrol_codes", "patrol_notices", "patrol_admissions", "patrol_rounds", "patrol_campaigns", "patrol_texts", "patrol_trainings", "patrol_needs"}

// Service publishes and answers.
type Service struct {
	db    *db.DB
	keys  *seal.Ring
	blobs *blob.Store
	book  *ledger.Ledger
	zone  *time.Location
	set   Setting

	guesses guesses
	joins   guesses // of seats, by caller
	asks    guesses // for talks, by caller
	list    publisher
}

// New makes the service. zone is the organisation's; hours are told in it.
// Without a setting it has no address, takes officers' names as they are
// written and fetches no proofs.
func New(d *db.DB, keys *seal.Ring, blobs *blob.Store, book *ledger.Ledger, zone *time.Location, set ...Setting) *Service {
	s := &Service{db: d, keys: keys, blobs: blobs, book: book, zone: zone}
	if len(set) > 0 {
		s.set = set[0]
	}
	return s
}

// PublishOfficer publishes a card, or replaces the one whose id is given, and
// returns it. A holder of a hidden role is refused (promise 6).
func (s *Service) PublishOfficer(ctx context.Context, by access.Actor, in OfficerIn) (Officer, error) {
	if err := people.Allow(by, "official.publish", access.Resource{Kind: "official"}); err != nil {
		return Officer{}, err
	}
	o, err := in.officer()
	if err != nil {
		return Officer{}, err
	}
	if err := fits(s.set.Names, o.Name); err != nil {
		return Officer{}, err
	}
	if in.ID != "" && !id.Valid("off", in.ID) {
		return Officer{}, errs.New(errs.NotFound, "err.not_found", "publish officer: no such card")
	}
	if len(in.Photo) > 0 {
		if o.Photo, err = s.keepPhoto(ctx, in.Photo); err != nil {
			return Officer{}, err
		}
	}
	old := ""
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		o.Published = tx.Now
		if in.ID == "" {
			o.ID = tx.NewID("off")
			if err := s.addOfficer(ctx, tx, by, o); err != nil {
				return err
			}
			return s.give(ctx, tx, by, o.ID, in.Holder)
		}
		before, err := selectOfficer(ctx, tx, in.ID)
		if err != nil {
			return db.One(err, "publish officer")
		}
		if old = before.Photo; o.Photo == "" {
			o.Photo, old = before.Photo, ""
		}
		if err := updateOfficer(ctx, tx, o); err != nil {
			return errs.Wrap(err, "publish officer")
		}
		if err := s.account(ctx, tx, by, "official.publish", "patrol_officers", o.ID, "replaced"); err != nil {
			return err
		}
		return s.give(ctx, tx, by, o.ID, in.Holder)
	})
	if err != nil {
		if len(in.Photo) > 0 {
			old = o.Photo
		}
		return Officer{}, s.dropPhoto(ctx, old, err)
	}
	return o, s.dropPhoto(ctx, old, nil)
}

func (s *Service) addOfficer(ctx context.Context, tx *db.Tx, by access.Actor, o Officer) error {
	n, err := countOfficers(ctx, tx)
	if err != nil {
		return errs.Wrap(err, "publish officer")
	}
	if n >= MaxOfficers {
		return errs.New(errs.Limit, "err.limit", "publish officer: too many cards")
	}
	if err := insertOfficer(ctx, tx, o); err != nil {
		return errs.Wrap(err, "publish officer")
	}
	return s.account(ctx, tx, by, "official.publish", "patrol_officers", o.ID, "new")
}

// WithdrawOfficer takes a card down; its picture is deleted, its accounts are
// withdrawn with it.
func (s *Service) WithdrawOfficer(ctx context.Context, by access.Actor, officer string) error {
	if err := people.Allow(by, "official.withdraw", access.Resource{Kind: "official", ID: officer}); err != nil {
		return err
	}
	photo := ""
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := selectOfficer(ctx, tx, officer)
		if err != nil {
			return db.One(err, "withdraw officer")
		}
		if o.State == Withdrawn {
			return errs.New(errs.Conflict, "err.patrol.withdrawn", "withdraw officer: already withdrawn")
		}
		photo = o.Photo
		o.State, o.Withdrawn, o.Photo, o.Hours = Withdrawn, tx.Now, "", Week{}
		if err := updateOfficer(ctx, tx, o); err != nil {
			return errs.Wrap(err, "withdraw officer")
		}
		if err := s.withdrawAccountsOf(ctx, tx, by, officer); err != nil {
			return err
		}
		if err := s.takeBack(ctx, tx, by, officer); err != nil {
			return err
		}
		if _, err := s.sweepOver(ctx, tx, by, officer); err != nil {
			return err
		}
		return s.account(ctx, tx, by, "official.withdraw", "patrol_officers", o.ID, "")
	})
	return s.dropPhoto(ctx, photo, err)
}

func (s *Service) withdrawAccountsOf(ctx context.Context, tx *db.Tx, by access.Actor, officer string) error {
	all, err := selectAccounts(ctx, tx)
	if err != nil {
		return errs.Wrap(err, "withdraw accounts")
	}
	for _, a := range all {
		if a.Officer != officer || a.State != Published {
			continue
		}
		if err := withdrawAccount(ctx, tx, a.ID); err != nil {
			return errs.Wrap(err, "withdraw accounts")
		}
		if err := s.account(ctx, tx, by, "account.withdraw", "patrol_accounts", a.ID, "with the officer"); err != nil {
			return err
		}
	}
	return nil
}

// Officers lists the published cards by name, with the hours of the roster. It
// is public and not recorded.
func (s *Service) Officers(ctx context.Context) (out []Officer, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := s.ahead(ctx, tx, tx.Now)
		if err != nil {
			return err
		}
		out, err = selectOfficers(ctx, tx, Published)
		for i := range out {
			out[i] = r.card(out[i])
		}
		return err
	})
	return out, errs.Wrap(err, "read officers")
}

// Officer is one published card; anything else is errs.NotFound.
func (s *Service) Officer(ctx context.Context, officer string) (o Officer, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if o, err = selectOfficer(ctx, tx, officer); err != nil {
			return db.One(err, "read officer")
		}
		if o.State != Published {
			return errs.New(errs.NotFound, "err.not_found", "read officer: withdrawn")
		}
		r, err := s.ahead(ctx, tx, tx.Now)
		o = r.card(o)
		return err
	})
	return o, err
}

// Photo is the picture of a published card, a JPEG; errs.NotFound when it has
// none.
func (s *Service) Photo(ctx context.Context, officer string) ([]byte, error) {
	o, err := s.Officer(ctx, officer)
	if err != nil {
		return nil, err
	}
	if o.Photo == "" {
		return nil, errs.New(errs.NotFound, "err.not_found", "read picture: the card has none")
	}
	return s.blobs.Get(ctx, o.Photo)
}

// PublishAccount puts an account on the official list.
func (s *Service) PublishAccount(ctx context.Context, by access.Actor, in AccountIn) (Account, error) {
	if err := people.Allow(by, "account.publish", access.Resource{Kind: "account"}); err != nil {
		return Account{}, err
	}
	a, err := in.account()
	if err != nil {
		return Account{}, err
	}
	if err := s.checkProof(a); err != nil {
		return Account{}, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		a.ID, a.Published, a.Proven = tx.NewID("acc"), tx.Now, tx.Now
		all, err := selectAccounts(ctx, tx)
		if err != nil {
			return errs.Wrap(err, "publish account")
		}
		if len(all) >= MaxAccounts {
			return errs.New(errs.Limit, "err.limit", "publish account: too many accounts")
		}
		for _, other := range all {
			if other.State == Published && other.Platform == a.Platform && sameName(other.Handle, a.Handle) {
				return errs.Field("handle", "err.patrol.twice", "publish account: it stands on the list")
			}
		}
		if a.Officer != "" {
			if o, err := selectOfficer(ctx, tx, a.Officer); err != nil || o.State != Published {
				return errs.Field("officer", "err.patrol.officer", "publish account: no such officer")
			}
		}
		if err := insertAccount(ctx, tx, a); err != nil {
			return errs.Wrap(err, "publish account")
		}
		if err := s.startProof(ctx, tx, a.ID, a.Proof, 0); err != nil {
			return err
		}
		return s.account(ctx, tx, by, "account.publish", "patrol_accounts", a.ID, "platform "+a.Platform+", proof "+a.Proof)
	})
	return a, err
}

// WithdrawAccount takes an account off the list; a check then says that it is
// not ours any more.
func (s *Service) WithdrawAccount(ctx context.Context, by access.Actor, account string) error {
	if err := people.Allow(by, "account.withdraw", access.Resource{Kind: "account", ID: account}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := withdrawAccount(ctx, tx, account); err != nil {
			return db.One(err, "withdraw account")
		}
		return s.account(ctx, tx, by, "account.withdraw", "patrol_accounts", account, "")
	})
}

// Accounts lists the published accounts. It is public and not recorded.
func (s *Service) Accounts(ctx context.Context) (out []Account, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err := selectAccounts(ctx, tx)
		for _, a := range all {
			if a.State == Published {
				out = append(out, a)
			}
		}
		return err
	})
	return out, errs.Wrap(err, "read accounts")
}

// List is the officials' page of the duty lead: every card and account, the
// withdrawn ones too. It is recorded as a list view.
func (s *Service) List(ctx context.Context, by access.Actor) (officers []Officer, accounts []Account, err error) {
	if err := people.Allow(by, "official.publish", access.Resource{Kind: "official"}); err != nil {
		return nil, nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if officers, err = selectOfficers(ctx, tx, ""); err != nil {
			return errs.Wrap(err, "list officials")
		}
		if accounts, err = selectAccounts(ctx, tx); err != nil {
			return errs.Wrap(err, "list officials")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "official.list", ID: "official", By: by, Detail: countText(len(officers)+len(accounts), "rows")})
	})
	return officers, accounts, err
}

// CheckHandle answers "is this really the police?" for a handle, an address
// or an officer's name or number. platform may be empty. What was asked is
// kept nowhere.
func (s *Service) CheckHandle(ctx context.Context, platform, asked string) (Answer, error) {
	q, err := readQuery(platform, asked)
	if err != nil {
		return Answer{}, err
	}
	var a Answer
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		l, err := readList(ctx, tx)
		if err != nil {
			return err
		}
		if a = l.check(q); a.Officer == nil {
			return nil
		}
		r, err := s.ahead(ctx, tx, tx.Now)
		o := r.card(*a.Officer)
		a.Officer = &o
		return err
	})
	return a, errs.Wrap(err, "check")
}

func readList(ctx context.Context, tx *db.Tx) (l list, err error) {
	if l.accounts, err = selectAccounts(ctx, tx); err != nil {
		return l, err
	}
	l.officers, err = selectOfficers(ctx, tx, Published)
	l.now = tx.Now
	return l, err
}

func (s *Service) account(ctx context.Context, tx *db.Tx, by access.Actor, verb, table, row, detail string) error {
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: table, ID: row, By: by, Detail: detail})
}

// forget accounts for a row that was deleted in this transaction.
func (s *Service) forget(ctx context.Context, tx *db.Tx, by access.Actor, verb, table, row string) error {
	return s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: table, ID: row, By: by, Gone: true})
}
