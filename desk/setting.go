package desk

import (
	"context"
	"strconv"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
	"ronde/people"
)

// Settings are the organisation's own choices for its desk. The zero value of
// each is the careful one, except the grace, which has a number.
type Settings struct {
	UnmaskTwo bool // a covered identity is opened by two (design 9)
	Window    int  // hours for which an address is kept in danger to life; 0: never
	Grace     int  // minutes until somebody is rung though somebody is on duty
	Looks     int  // of a hundred that were closed without action, how many get a second look

	since int64 // when Window was raised last, microseconds UTC
}

// Bounds of the settings.
const (
	MaxWindow    = 72             // hours
	SaidFor      = 12 * time.Hour // a form that was given out is taken: no address is kept by hours that it did not say
	MinGrace     = 1              // minutes
	MaxGrace     = 60
	DefaultGrace = 5
	DefaultLooks = 10 // of a hundred
)

// Names of the settings, each a row.
const (
	setUnmask = "unmask-two"
	setSince  = "window-since" // when the hours were raised last, microseconds UTC
	setWindow = "window-hours"
	setGrace  = "grace-minutes"
	setLooks  = "looks-percent"
)

// Settings reads the organisation's choices. What is asked of everybody who
// writes or answers is no secret.
func (s *Service) Settings(ctx context.Context) (set Settings, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		set, err = s.settings(ctx, tx)
		return err
	})
	return set, errs.Wrap(err, "read settings")
}

func (s *Service) settings(ctx context.Context, tx *db.Tx) (Settings, error) {
	set := Settings{Grace: DefaultGrace, Looks: DefaultLooks}
	rows, err := selectSettings(ctx, tx)
	if err != nil {
		return set, err
	}
	for name, into := range map[string]*int{setWindow: &set.Window, setGrace: &set.Grace, setLooks: &set.Looks} {
		if n, err := strconv.Atoi(rows[name]); err == nil {
			*into = n
		}
	}
	if n, err := strconv.ParseInt(rows[setSince], 10, 64); err == nil {
		set.since = n
	}
	set.UnmaskTwo = rows[setUnmask] == "yes"
	return set, nil
}

// Protect sets what protects who writes: the data-protection officer's part.
func (s *Service) Protect(ctx context.Context, by access.Actor, two bool, window int) error {
	if window < 0 || window > MaxWindow {
		return errs.Field("window", "err.desk.window", "set window: out of bounds", "max", MaxWindow)
	}
	value := "no"
	if two {
		value = "yes"
	}
	return s.set(ctx, by, "desk.protect", map[string]string{setUnmask: value, setWindow: strconv.Itoa(window)})
}

// Configure sets how the desk works: the lead's part.
func (s *Service) Configure(ctx context.Context, by access.Actor, grace, looks int) error {
	if grace < MinGrace || grace > MaxGrace {
		return errs.Field("grace", "err.desk.grace", "set grace: out of bounds", "min", MinGrace, "max", MaxGrace)
	}
	if looks < 0 || looks > 100 {
		return errs.Field("looks", "err.desk.looks", "set second looks: not a share of a hundred")
	}
	return s.set(ctx, by, "desk.configure", map[string]string{setGrace: strconv.Itoa(grace), setLooks: strconv.Itoa(looks)})
}

func (s *Service) set(ctx context.Context, by access.Actor, verb string, values map[string]string) error {
	if err := people.Allow(by, verb, access.Resource{Kind: "desk"}); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		had, err := selectSettings(ctx, tx)
		if err != nil {
			return errs.Wrap(err, verb)
		}
		if hours(values[setWindow]) > hours(had[setWindow]) {
			values[setSince] = strconv.FormatInt(tx.Now, 10)
		}
		for _, name := range []string{setUnmask, setWindow, setSince, setGrace, setLooks} {
			value, ok := values[name]
			if !ok || had[name] == value {
				continue
			}
			if err := putSetting(ctx, tx, name, value, by.Handle); err != nil {
				return errs.Wrap(err, verb)
			}
			if err := s.book.Append(ctx, tx, ledger.Event{Verb: verb, Table: tableSettings, ID: name, By: by, Detail: name + "=" + value}); err != nil {
				return err
			}
		}
		return nil
	})
}

// hours reads a setting; none is 0.
func hours(value string) int {
	n, _ := strconv.Atoi(value)
	return n
}
