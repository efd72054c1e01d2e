package watch

import (
	"context"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// GradeSystem is one way to say how far a source and its information are to
// be believed. A grade is about this post and where it stood, never about the
// person who wrote it.
type GradeSystem struct {
	Name        string
	Source      []string // how reliable the source is
	Information []string // how sure the information is
}

// Admiralty is the older and finer system; 4x4 is that of Europol.
const (
	Admiralty  = "admiralty"
	FourByFour = "4x4"
)

// GradeSystems are those that an alert can carry (D 4.44, 4.48).
var GradeSystems = []GradeSystem{
	{Admiralty, []string{"A", "B", "C", "D", "E", "F"}, []string{"1", "2", "3", "4", "5", "6"}},
	{FourByFour, []string{"A", "B", "C", "X"}, []string{"1", "2", "3", "4"}},
}

// Grade is a source and an information, by one system: "admiralty B2". The
// system 4x4 may be left unsaid: "B2".
type Grade struct {
	System, Source, Information string
}

// String is the form that rows, exports and exhibits carry.
func (g Grade) String() string {
	if g.System == FourByFour {
		return g.Source + g.Information
	}
	return g.System + " " + g.Source + g.Information
}

// ReadGrade reads what String wrote.
func ReadGrade(text string) (Grade, bool) {
	system, value, named := strings.Cut(text, " ")
	if !named {
		system, value = FourByFour, text
	}
	if len(value) != 2 {
		return Grade{}, false
	}
	g := Grade{system, value[:1], value[1:]}
	ok := slices.ContainsFunc(GradeSystems, func(s GradeSystem) bool {
		return s.Name == g.System && slices.Contains(s.Source, g.Source) && slices.Contains(s.Information, g.Information)
	})
	return g, ok
}

func checkGrade(text string) error {
	if _, ok := ReadGrade(text); !ok {
		return errs.Field("grade", "err.alert.grade", "grade alert: neither a grade of the Admiralty system nor of 4x4")
	}
	return nil
}

// SetGrade writes down how far the source and the information are to be
// believed. The grade goes along when the alert leaves the watch; while it is
// on its way, a new grade makes the second person read again.
func (s *Service) SetGrade(ctx context.Context, by access.Actor, id, grade string) error {
	if err := checkGrade(grade); err != nil {
		return err
	}
	return s.changedBy(s.on(ctx, by, id, "alert.grade", func(tx *db.Tx, a *Alert) (ledger.Event, error) {
		if by.Person == "" {
			return ledger.Event{}, errs.New(errs.Denied, "err.denied", "grade alert: only a person may")
		}
		if a.State != Open && a.State != Leaving {
			return ledger.Event{}, errs.New(errs.Conflict, "err.alert.state", "grade alert: it is not in the watch")
		}
		return ledger.Event{Detail: grade}, setGrade(ctx, tx, a.ID, grade)
	}))
}
