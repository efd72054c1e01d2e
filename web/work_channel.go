package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/desk"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/web/view"
)

// lines is GET /channels: how every line to the public does, those that alarm
// first.
func (b *Workbench) lines(w http.ResponseWriter, r *http.Request, by people.Session) error {
	rows, err := b.lineRows(r, by)
	if err != nil {
		return err
	}
	page := view.LinesPage{Work: b.frame(r, by), Rows: rows}
	for _, row := range rows {
		if row.Alarm != "" {
			page.Alarms++
		}
	}
	return b.show(w, r, http.StatusOK, page)
}

// lineRows are the configured lines with their health: alarms first, then by
// name.
func (b *Workbench) lineRows(r *http.Request, by people.Session) ([]view.LineRow, error) {
	waiting, err := b.Desk.Waiting(r.Context(), by.Actor)
	if err != nil {
		return nil, err
	}
	known := map[string]channel.LineHealth{}
	all, err := b.Channels.Lines(r.Context())
	if err != nil {
		return nil, err
	}
	for _, h := range all {
		known[h.Name] = h
	}
	var rows []view.LineRow
	for _, set := range b.Lines {
		rows = append(rows, b.lineRow(set, known[set.Name], waiting[set.Name]))
	}
	slices.SortStableFunc(rows, func(x, y view.LineRow) int {
		if (x.Alarm != "") != (y.Alarm != "") {
			return cmp.Compare(len(y.Alarm), len(x.Alarm))
		}
		return cmp.Compare(x.Name, y.Name)
	})
	return rows, nil
}

func (b *Workbench) lineRow(set channel.Setting, h channel.LineHealth, waiting int) view.LineRow {
	row := view.LineRow{Name: set.Name, Kind: set.Kind, Account: cmp.Or(h.Account, set.Account), Received: b.time(h.ReceivedAt), Passed: b.time(h.PassedAt),
		Expires: b.time(h.Expires), Failing: b.time(h.FailingAt), Waiting: waiting, Keep: int(b.Desk.Keep(set.Kind, set.Name) / (24 * time.Hour))}
	if h.BeganAt == 0 {
		row.Alarm = channel.AlarmStopped
		return row
	}
	row.Alarm = h.Alarm(b.Now())
	return row
}

// homeLines puts what is wrong with a line before the duty lead.
func (b *Workbench) homeLines(r *http.Request, by people.Session, page *view.DashboardPage) error {
	if !by.Actor.Has(access.DutyLead) && !by.Actor.Has(access.Administrator) {
		return nil
	}
	rows, err := b.lineRows(r, by)
	for _, row := range rows {
		if row.Alarm != "" {
			page.Lines = append(page.Lines, row)
		}
	}
	return err
}

// talkLine is how a conversation came in; nil: by the portal.
func talkLine(c desk.Talk) *view.TalkLine {
	if c.Line == "" {
		return nil
	}
	return &view.TalkLine{Account: c.Account, Subject: c.Subject, Public: c.Public, Left: c.Left, Most: c.Most}
}

// lineMessage is a message with what a line tells of it.
func (b *Workbench) lineMessage(m desk.Message, c desk.Talk, form view.Form) view.Message {
	shown := b.message(m)
	if c.Line == "" || m.Note {
		return shown
	}
	l := &view.OnLine{Written: b.time(m.Written), Edited: m.Edited, Taken: b.time(m.Taken), Shown: form.Value(withdrawnField + m.ID),
		Ask: m.Taken != 0 && c.Mine && c.Erased == 0, Auto: m.Auto && !m.Ours, Public: m.Public, Elsewhere: m.Elsewhere, Lost: m.Lost}
	for _, e := range m.Earlier {
		l.Earlier = append(l.Earlier, view.EarlierText{Text: e.Text, At: b.time(e.At)})
	}
	if m.Way != nil {
		l.Way = &view.Way{State: m.Way.State, Why: m.Way.Why, Parts: m.Way.Parts, At: b.time(m.Way.At)}
	}
	shown.Line = l
	return shown
}

// withdrawnField carries a text that was taken back to the one page that shows
// it.
const withdrawnField = "withdrawn-"

// withdrawnTalk shows a message that its writer took back on this one page,
// after a typed reason.
func (b *Workbench) withdrawnTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	messageID := r.PostFormValue("message")
	text, err := b.Desk.Withdrawn(r.Context(), by.Actor, r.PathValue("id"), messageID, r.PostFormValue("taken"))
	if found, ok := problems(b.words(r), err); ok {
		return b.showTalk(w, r, by, view.Form{Problems: renamed(found, map[string]string{"reason": "taken"})}, desk.Person{}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return b.showTalk(w, r, by, view.Form{Values: map[string]string{withdrawnField + messageID: text}}, desk.Person{}, http.StatusOK)
}
