package patrol

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/people"
)

// How long heavy material may be looked at before a break is proposed: ten
// minutes off each hour (D 7.21).
const (
	BreakAfter  = 50 * time.Minute // of looking within BreakWithin
	BreakWithin = time.Hour
	BreakFor    = 10 * time.Minute
	maxLook     = 5 * time.Minute // of one page: longer is somebody who went away
	keepDays    = 7               // how far back one sees one's own time
	maxLooks    = 600             // entries of the last hour

	purposeWelfare = "patrol_welfare.sealed"
)

// Calm is how somebody wants heavy material shown.
type Calm struct {
	Blur bool `json:"blur"` // covered until pointed at
	Grey bool `json:"grey"` // never in colour
	Mute bool `json:"mute"` // pages that do not move or count by themselves
}

// Welfare is one's own: the settings, and how long one looked. Nobody else has
// a way to read it, it stands in no ledger, and no figure is made of it.
type Welfare struct {
	Calm
	Hour  time.Duration // of the last hour
	Today time.Duration
	Week  time.Duration
}

// Break says that it is time for one.
func (w Welfare) Break() bool { return w.Hour >= BreakAfter }

// looked is the sealed part.
type looked struct {
	Calm
	Days  map[string]int64 `json:"days"`  // day → seconds
	Looks []look           `json:"looks"` // within the last hour
}

type look struct {
	At      int64 `json:"at"` // microseconds UTC
	Seconds int64 `json:"seconds"`
}

func (l *looked) welfare(now int64, zone *time.Location) Welfare {
	w := Welfare{Calm: l.Calm}
	today := time.UnixMicro(now).In(zone)
	w.Today = time.Duration(l.Days[today.Format(dateForm)]) * time.Second
	for _, seconds := range l.Days {
		w.Week += time.Duration(seconds) * time.Second
	}
	for _, k := range l.Looks {
		if now-k.At < BreakWithin.Microseconds() {
			w.Hour += time.Duration(k.Seconds) * time.Second
		}
	}
	return w
}

// forget keeps a week of days and an hour of looks.
func (l *looked) forget(now int64, zone *time.Location) {
	first := time.UnixMicro(now).In(zone).AddDate(0, 0, -keepDays).Format(dateForm)
	for day := range l.Days {
		if day <= first {
			delete(l.Days, day)
		}
	}
	from := 0
	for from < len(l.Looks) && (now-l.Looks[from].At >= BreakWithin.Microseconds() || len(l.Looks)-from > maxLooks) {
		from++
	}
	l.Looks = l.Looks[from:]
}

// mine is the row of who asks: a keyed hash, also the name of its key.
func (s *Service) mine(by access.Actor) (string, error) {
	if err := people.Allow(by, "account.own", access.Resource{Kind: "account", Owner: by.Person}); err != nil {
		return "", err
	}
	if by.Person == "" {
		return "", errs.New(errs.Denied, "err.denied", "read own welfare: nobody")
	}
	const short = 16 // bytes of the hash
	return "wel_" + hex.EncodeToString(s.keys.Hash("patrol_welfare.person", []byte(by.Person))[:short]), nil
}

// Welfare reads one's own. It is recorded nowhere.
func (s *Service) Welfare(ctx context.Context, by access.Actor) (w Welfare, err error) {
	row, err := s.mine(by)
	if err != nil {
		return w, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		l, err := s.openWelfare(ctx, tx, row)
		w = l.welfare(tx.Now, s.zone)
		return err
	})
	return w, errs.Wrap(err, "read own welfare")
}

func (s *Service) openWelfare(ctx context.Context, tx *db.Tx, row string) (*looked, error) {
	l := &looked{Days: map[string]int64{}}
	sealed, err := selectWelfare(ctx, tx, row)
	if errors.Is(err, sql.ErrNoRows) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	text, err := s.keys.Open(row, purposeWelfare, sealed)
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal(text, l)
}

// SetCalm says how who asks wants heavy material shown.
func (s *Service) SetCalm(ctx context.Context, by access.Actor, c Calm) error {
	return s.changeWelfare(ctx, by, func(l *looked, _ int64) { l.Calm = c })
}

// Looked adds to the time that who asks looked at heavy material.
func (s *Service) Looked(ctx context.Context, by access.Actor, d time.Duration) error {
	seconds := int64(min(d, maxLook) / time.Second)
	if seconds <= 0 {
		return nil
	}
	return s.changeWelfare(ctx, by, func(l *looked, now int64) {
		l.Days[time.UnixMicro(now).In(s.zone).Format(dateForm)] += seconds
		l.Looks = append(l.Looks, look{now, seconds})
	})
}

// ForgetLooked erases the time; the settings stay.
func (s *Service) ForgetLooked(ctx context.Context, by access.Actor) error {
	return s.changeWelfare(ctx, by, func(l *looked, _ int64) { l.Days, l.Looks = map[string]int64{}, nil })
}

func (s *Service) changeWelfare(ctx context.Context, by access.Actor, change func(l *looked, now int64)) error {
	row, err := s.mine(by)
	if err != nil {
		return err
	}
	if err := s.keys.Ensure(row); err != nil {
		return errs.Wrap(err, "change own welfare")
	}
	return errs.Wrap(s.db.Write(ctx, func(tx *db.Tx) error {
		l, err := s.openWelfare(ctx, tx, row)
		if err != nil {
			return err
		}
		change(l, tx.Now)
		l.forget(tx.Now, s.zone)
		text, err := json.Marshal(l)
		if err != nil {
			return err
		}
		sealed, err := s.keys.Seal(row, purposeWelfare, text)
		if err != nil {
			return err
		}
		return upsertWelfare(ctx, tx, row, sealed)
	}), "change own welfare")
}
