package web

import (
	"net/http"
	"strings"

	"ronde/access"
	"ronde/desk"
	"ronde/mandate"
	"ronde/oversight"
	"ronde/people"
	"ronde/web/view"
)

const (
	urgentRows = 5
	taskRows   = 10
)

// dashboard is GET /: what waits for this person, by what the rules let them
// see.
func (b *Workbench) dashboard(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page := view.DashboardPage{Work: b.frame(r, by), Now: b.time(b.Now())}
	for _, part := range []struct {
		kind, verb string
		fill       func(*http.Request, people.Session, *view.DashboardPage) error
	}{
		{"channel", "channel.list", b.homeLines},
		{"conversation", "conversation.list", b.homeDesk},
		{"desk", "desk.read", b.homeCalls},
		{"conversation", "conversation.confirm-unmask", b.homeReveals},
		{"alert", "alert.list", b.homeWatch},
		{"alert", "alert.review-glass", b.homeGlass},
		{"mandate", "mandate.list", b.homeMandates},
		{"rights", "rights.list", b.homeRights},
		{"booking", "booking.answer", b.homeBookings},
		{"account", "account.prove", b.homeProofs},
	} {
		if !holds(by.Actor, part.kind) || !may(by, part.verb, access.Resource{Kind: part.kind}) {
			continue
		}
		if err := part.fill(r, by, &page); err != nil {
			return err
		}
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) homeDesk(r *http.Request, by people.Session, page *view.DashboardPage) error {
	in, err := b.Desk.Inbox(r.Context(), by.Actor, desk.Filter{Rows: urgentRows})
	if err != nil {
		return err
	}
	for _, row := range in.Rows {
		if len(row.Danger) > 0 {
			page.Urgent = append(page.Urgent, b.inboxRow(row))
		}
	}
	urgent := len(page.Urgent) > 0
	d, err := b.Patrol.OnDuty(r.Context(), b.Now())
	if err != nil {
		return err
	}
	page.Duty = presence(b.words(r), d)
	page.Tiles = append(page.Tiles, view.WorkTile{Name: "inbox", Value: in.Nobody, Href: "/inbox", Urgent: urgent},
		view.WorkTile{Name: "mine", Value: in.Counts[desk.ShowMine], Href: "/inbox?show=mine"})
	return nil
}

func (b *Workbench) homeMandates(r *http.Request, by people.Session, page *view.DashboardPage) error {
	list, err := b.Mandates.List(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	live := 0
	for _, m := range list {
		res := mandateResource(m, by)
		switch {
		case m.State == mandate.Draft && may(by, "mandate.approve", res) && len(page.Tasks) < taskRows:
			page.Tasks = append(page.Tasks, view.Task{Kind: "mandate-decide", Title: m.Purpose, Href: "/mandates/" + m.ID})
		case m.Live(b.Now()):
			live++
			page.Ends = append(page.Ends, view.Task{Kind: "mandate-end", Title: m.Purpose, Href: "/mandates/" + m.ID, Due: b.lastDay(m.Ends)})
		}
	}
	page.Tiles = append(page.Tiles, view.WorkTile{Name: "mandates", Value: live, Href: "/mandates"})
	return nil
}

func (b *Workbench) homeRights(r *http.Request, by people.Session, page *view.DashboardPage) error {
	list, err := b.Oversight.List(r.Context(), by.Actor, false)
	if err != nil {
		return err
	}
	page.Tiles = append(page.Tiles, view.WorkTile{Name: "rights", Value: len(list), Href: "/rights"})
	for _, q := range list {
		if len(page.Tasks) == taskRows {
			break
		}
		if kind, ok := map[string]string{oversight.Received: "rights-prepare", oversight.Prepared: "rights-confirm"}[q.State]; ok {
			page.Tasks = append(page.Tasks, view.Task{Kind: kind, Title: ref("R", q.ID), Href: "/rights/" + q.ID, Due: b.time(q.DueAt), Late: b.Now() > q.DueAt})
		}
	}
	return nil
}

// search is GET /search: it finds what this person's own lists hold, by
// reference, number or title. Nothing outside their scope can match.
func (b *Workbench) search(w http.ResponseWriter, r *http.Request, by people.Session) error {
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	page := view.SearchPage{Work: b.frame(r, by), Query: q}
	if len(q) < 2 || len(q) > 100 {
		return b.show(w, r, http.StatusOK, page)
	}
	fits := func(parts ...string) bool {
		return strings.Contains(strings.ToLower(strings.Join(parts, "\n")), strings.ToLower(q))
	}
	l := b.words(r)
	if may(by, "conversation.list", access.Resource{Kind: "conversation"}) {
		for _, show := range desk.Shows {
			in, err := b.Desk.Inbox(r.Context(), by.Actor, desk.Filter{Show: show})
			if err != nil {
				return err
			}
			for _, c := range in.Rows {
				if fits(ref("C", c.ID), c.Excerpt) && !found(page.Hits, "/inbox/"+c.ID) {
					page.Hits = append(page.Hits, view.Hit{Kind: "conversation", Title: ref("C", c.ID) + " · " + c.Excerpt, Href: "/inbox/" + c.ID, State: l.T("word.state." + string(c.State)), At: b.time(c.Received)})
				}
			}
		}
	}
	if may(by, "case.list", access.Resource{Kind: "case"}) {
		list, err := b.Cases.List(r.Context(), by.Actor, "")
		if err != nil {
			return err
		}
		for _, c := range list {
			if fits(c.Number, c.Title) {
				page.Hits = append(page.Hits, view.Hit{Kind: "case", Title: c.Number + " · " + c.Title, Href: "/cases/" + c.ID, State: l.T("word.case." + c.State), At: b.time(c.OpenedAt)})
			}
		}
	}
	if may(by, "mandate.list", access.Resource{Kind: "mandate"}) {
		list, err := b.Mandates.List(r.Context(), by.Actor)
		if err != nil {
			return err
		}
		for _, m := range list {
			if fits(ref("M", m.ID), m.Purpose) {
				page.Hits = append(page.Hits, view.Hit{Kind: "mandate", Title: ref("M", m.ID) + " · " + m.Purpose, Href: "/mandates/" + m.ID, State: l.T("word.mandate." + string(m.State)), At: b.time(m.DraftedAt)})
			}
		}
	}
	return b.show(w, r, http.StatusOK, page)
}

func found(hits []view.Hit, href string) bool {
	for _, h := range hits {
		if h.Href == href {
			return true
		}
	}
	return false
}
