package oversight

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "ronde/casefile/casefiletest"
	"ronde/internal/errs"
	"ronde/ledger"
)

// The page of rights asks for a return code, too: whoever is stopped at the
// door of conversations must not go on guessing there, nor the other way.
func TestTheRightsPageIsNoOtherWayToGuessCodes(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		id := o.Writes("Bonjour")
		code := o.Code(id)
		for i := range 10 {
			_, err := o.Ask(ctx, Ask{Asks: "erase", Code: fmt.Sprintf("2345-6789-abcd-efgh-%04d", i), Caller: "guesser"})
			wants(t, err, errs.NotFound, "err.desk.code")
		}
		_, err := o.Ask(ctx, Ask{Asks: "erase", Code: code, Caller: "guesser"})
		wants(t, err, errs.Limit, "err.desk.tries")
		_, err = o.Desk.Return(ctx, "guesser", code)
		wants(t, err, errs.Limit, "err.desk.tries")
		_, err = o.Ask(ctx, Ask{Asks: "erase", Code: code, Caller: "neighbour"})
		o.Must(err)
	})
}

// A form sent again, by a nervous finger or by somebody who kept it, is one
// request with one receipt; another form is another.
func TestARightsFormCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		form := Ask{Asks: "access", Text: "Que savez-vous de moi ?", Contact: "boîte 7", Form: "form-1"}
		first, err := o.Ask(ctx, form)
		o.Must(err)
		again, err := o.Ask(ctx, form)
		o.Must(err)
		if again != first || len(first) != 24 {
			t.Fatalf("receipts %q and %q", first, again)
		}
		form.Form = "form-2"
		other, err := o.Ask(ctx, form)
		o.Must(err)
		list, err := o.List(ctx, David, false)
		o.Must(err)
		if len(list) != 2 || other == first {
			t.Fatalf("%d requests, receipts %q %q", len(list), first, other)
		}
	})
}

// An auditor types a person's name where a handle belongs. The book is never
// erased, so the name must not get into it.
func TestWhatAnAuditorTypesIsNotWrittenDown(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		for _, f := range []ledger.Filter{{Handle: "Jeanne Kanari"}, {Verb: "jeanne.kanari"}, {Object: "kanari"}} {
			_, err := o.Audit(ctx, Agnes, f)
			o.Must(err)
		}
		_, err := o.Audit(ctx, Agnes, ledger.Filter{Handle: "P-19351", Verb: "conversation.open"})
		o.Must(err)
		page, err := o.Book.ReadPage(ctx, ledger.Filter{Verb: "ledger.read"})
		o.Must(err)
		if len(page) != 4 || !strings.Contains(page[0].Detail, "P-19351") {
			t.Fatalf("%d looks, the last %q", len(page), page[0].Detail)
		}
		for _, e := range page {
			if strings.Contains(strings.ToLower(e.Detail), "anari") {
				t.Fatalf("in the book: %q", e.Detail)
			}
		}
	})
}

// Somebody posts a coded offer and asks for the public figures again and
// again, to learn whether it was found, and that codes are watched for at all.
func TestFreshFiguresSayNothingOfTheWatch(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		tables := func() map[string]int64 {
			t.Helper()
			f, err := o.Publish(ctx, "2026-01-01", "2027-12-31")
			o.Must(err)
			m := map[string]int64{}
			for _, table := range f.Tables {
				m[table.Name] = table.Total
			}
			return m
		}
		for n := range 6 {
			o.Alert(n)
		}
		o.FromAlert(o.Left(7))
		for _, name := range []string{"alert", "verdict", "leave", "case", "exhibit", "mandate"} {
			if n, ok := tables()[name]; ok {
				t.Errorf("the figures of today tell %d under %s", n, name)
			}
		}
		o.Clock.Move((MandateDelayDays + 1) * 24 * time.Hour)
		if got := tables(); got["alert"] < Few {
			t.Errorf("after %d days: %v", MandateDelayDays, got)
		}
	})
}
