package web

import (
	"encoding/csv"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/channel/logbook"
	"ronde/desk"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/web/view"
)

const (
	logbookRows   = 50
	logbookMoment = "2006-01-02T15:04" // of an HTML datetime-local field
	logbookMonth  = "2006-01"
)

// logbook is GET /logbook: a short form, and what the unit entered in a month.
func (b *Workbench) logbook(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showLogbook(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showLogbook(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	f, month := b.logbookFilter(r)
	all, err := b.Logbook.List(r.Context(), by.Actor, f)
	if err != nil {
		return err
	}
	page := view.LogbookPage{Work: b.frame(r, by), Form: form, Nonce: desk.NewNonce(), Places: b.places(r), Month: month.Format(logbookMonth), Show: f.Place,
		Prev: month.AddDate(0, -1, 0).Format(logbookMonth), Next: month.AddDate(0, 1, 0).Format(logbookMonth), Title: month}
	if !month.AddDate(0, 1, 0).Before(b.time(b.Now())) {
		page.Next = ""
	}
	sum := logbook.Sum(all)
	page.Talks, page.Minutes, page.Handed, page.Entries = sum.Talks, sum.Minutes, sum.Handed, sum.Entries
	for _, p := range sum.Places {
		page.Sums = append(page.Sums, view.LogbookSum{Place: p.Place, Entries: p.Entries, Talks: p.Talks, Hours: hours(p.Minutes), Handed: p.Handed})
	}
	page.Hours = hours(sum.Minutes)
	for _, name := range logbook.Outcomes {
		if n := sum.Outcomes[name]; n > 0 {
			page.Came = append(page.Came, view.LogbookCame{Outcome: name, N: n})
		}
	}
	for i, e := range all {
		if i == logbookRows {
			page.More = len(all) - logbookRows
			break
		}
		page.Rows = append(page.Rows, b.logbookRow(e))
	}
	if form.Values == nil {
		if page.Form, err = b.logbookDefaults(r, by); err != nil {
			return err
		}
	}
	page.Outcomes = logbook.Outcomes
	return b.show(w, r, status, page)
}

// logbookDefaults fills the form as the last entry was: the same place and
// account, an hour that ends now.
func (b *Workbench) logbookDefaults(r *http.Request, by people.Session) (view.Form, error) {
	last, err := b.Logbook.Last(r.Context(), by.Actor)
	v := map[string]string{"at": b.time(b.Now()).Add(-time.Hour).Format(logbookMoment), "minutes": "60", "talks": ""}
	if last.ID != "" {
		v["place"], v["account"], v["minutes"] = last.Place, last.Account, strconv.Itoa(last.Minutes)
		v["at"] = b.time(b.Now()).Add(-time.Duration(last.Minutes) * time.Minute).Format(logbookMoment)
	}
	return view.Form{Values: v}, err
}

// logbookFilter reads month and place from the address.
func (b *Workbench) logbookFilter(r *http.Request) (logbook.Filter, time.Time) {
	month, err := time.ParseInLocation(logbookMonth, r.URL.Query().Get("month"), b.Zone)
	if err != nil {
		now := b.time(b.Now())
		month = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, b.Zone)
	}
	return logbook.Filter{Place: r.URL.Query().Get("place"), From: month.UnixMicro(), To: month.AddDate(0, 1, 0).UnixMicro(), Rows: logbook.MaxExport}, month
}

func (b *Workbench) places(r *http.Request) (out []view.Option) {
	for _, p := range logbook.Places {
		out = append(out, view.Option{Value: p, Label: b.words(r).T("word.place." + p)})
	}
	return out
}

func hours(minutes int) float64 { return math.Round(float64(minutes)/6) / 10 }

func (b *Workbench) logbookRow(e logbook.Entry) view.LogbookRow {
	row := view.LogbookRow{ID: e.ID, Place: e.Place, Account: e.Account, Note: e.Note, At: b.time(e.At), Minutes: e.Minutes, Talks: e.Talks, Handed: e.Handed, Handle: e.Handle, Mine: e.Mine}
	for _, name := range logbook.Outcomes {
		if n := e.Outcomes[name]; n > 0 {
			row.Came = append(row.Came, view.LogbookCame{Outcome: name, N: n})
		}
	}
	return row
}

// logbookIn reads the form of an entry. What is no number is no answer, and the
// room says which field that was.
func (b *Workbench) logbookIn(r *http.Request) logbook.In {
	number := func(field string) int {
		text := strings.TrimSpace(r.PostFormValue(field))
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return -1
		}
		return n
	}
	in := logbook.In{Place: r.PostFormValue("place"), Account: r.PostFormValue("account"), Minutes: number("minutes"), Talks: number("talks"), Note: r.PostFormValue("note"),
		Nonce: r.PostFormValue("nonce"), Outcomes: map[string]int{}}
	if at, err := time.ParseInLocation(logbookMoment, r.PostFormValue("at"), b.Zone); err == nil {
		in.At = at.UnixMicro()
	}
	for _, name := range logbook.Outcomes {
		if n := number("outcome-" + name); n != 0 {
			in.Outcomes[name] = n
		}
	}
	return in
}

// writeLogbook is POST /logbook.
func (b *Workbench) writeLogbook(w http.ResponseWriter, r *http.Request, by people.Session) error {
	entryID, err := b.Logbook.Write(r.Context(), by.Actor, b.logbookIn(r))
	if found, ok := problems(b.words(r), err); ok {
		return b.showLogbook(w, r, by, view.Form{Values: values(r), Problems: found}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	if r.PostFormValue("then") == "hand" {
		return after(w, r, "/logbook/"+entryID, "logged")
	}
	return after(w, r, "/logbook", "logged")
}

// logbookCSV is GET /logbook.csv: the entries of a month. It names no officer.
func (b *Workbench) logbookCSV(w http.ResponseWriter, r *http.Request, by people.Session) error {
	f, month := b.logbookFilter(r)
	all, err := b.Logbook.List(r.Context(), by.Actor, f)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="logbook-`+month.Format(logbookMonth)+`.csv"`)
	out := csv.NewWriter(w)
	out.Write(append([]string{"at", "place", "account", "minutes", "conversations", "handed_over"}, logbook.Outcomes...))
	for _, e := range all {
		line := []string{b.time(e.At).Format(time.RFC3339), e.Place, plainCell(e.Account), strconv.Itoa(e.Minutes), strconv.Itoa(e.Talks), strconv.Itoa(e.Handed)}
		for _, name := range logbook.Outcomes {
			line = append(line, strconv.Itoa(e.Outcomes[name]))
		}
		out.Write(line)
	}
	out.Flush()
	return errs.Wrap(out.Error(), "send logbook")
}

// logEntry is GET /logbook/{id}.
func (b *Workbench) logEntry(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showLogEntry(w, r, by, view.Form{}, view.LogHand{}, http.StatusOK)
}

func (b *Workbench) showLogEntry(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, hand view.LogHand, status int) error {
	e, err := b.Logbook.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	page := view.LogEntryPage{Work: b.frame(r, by), Row: b.logbookRow(e), Edit: e.Edit, Form: form, Places: b.places(r), Outcomes: logbook.Outcomes, Nonce: desk.NewNonce(),
		Hand: hand, May: e.Mine && may(by, "logbook.hand", access.Resource{Kind: "logbook", ID: e.ID, Unit: e.Unit, Owner: by.Actor.Person}), Ended: b.time(e.Emptied), Emergency: b.Emergency}
	if form.Values == nil {
		v := map[string]string{"place": e.Place, "account": e.Account, "at": b.time(e.At).Format(logbookMoment), "minutes": strconv.Itoa(e.Minutes), "talks": strconv.Itoa(e.Talks), "note": e.Note,
			"lang": b.words(r).Code()}
		for name, n := range e.Outcomes {
			v["outcome-"+name] = strconv.Itoa(n)
		}
		page.Form.Values = v
	}
	for _, code := range []string{"fr", "en", "de", "pl", "ru", "ar", "nb", "da", "sv", "et"} {
		page.Tongues = append(page.Tongues, view.Option{Value: code, Label: b.words(r).T("word.language." + code)})
	}
	return b.show(w, r, status, page)
}

// changeEntry is POST /logbook/{id}.
func (b *Workbench) changeEntry(w http.ResponseWriter, r *http.Request, by people.Session) error {
	err := b.Logbook.Change(r.Context(), by.Actor, r.PathValue("id"), b.logbookIn(r))
	if found, ok := problems(b.words(r), err); ok {
		return b.showLogEntry(w, r, by, view.Form{Values: values(r), Problems: found}, view.LogHand{}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return after(w, r, "/logbook/"+r.PathValue("id"), "logged")
}

// handEntry is POST /logbook/{id}/hand: somebody who was met goes on at the
// desk. The code is shown on this one page.
func (b *Workbench) handEntry(w http.ResponseWriter, r *http.Request, by people.Session) error {
	in := desk.Incoming{Lang: r.PostFormValue("lang"), Text: r.PostFormValue("message"), Name: r.PostFormValue("name"), Contact: r.PostFormValue("contact"), Age: r.PostFormValue("age"), Nonce: r.PostFormValue("nonce")}
	receipt, conversationID, err := b.Desk.FromLogbook(r.Context(), b.Logbook, by.Actor, r.PathValue("id"), in)
	if found, ok := problems(b.words(r), err); ok {
		return b.showLogEntry(w, r, by, view.Form{Values: values(r), Problems: found}, view.LogHand{}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return b.showLogEntry(w, r, by, view.Form{}, view.LogHand{Code: receipt.Code, Ref: ref("C", conversationID), Href: "/inbox/" + conversationID, Danger: receipt.Danger}, http.StatusOK)
}
