package web

import (
	"net/http"

	"ronde/access"
	"ronde/ledger"
	"ronde/mandate"
	"ronde/people"
	"ronde/web/view"
)

// historyOf asks the ledger for the last events of one row.
func historyOf(table, id string) ledger.Filter {
	return ledger.Filter{Object: table + "/" + id, Limit: 30}
}

// readTotals are what was read under a mandate, and what was not, as totals.
func (b *Workbench) readTotals(r *http.Request, by people.Session, m *mandate.Mandate) (out view.MandateRead, err error) {
	totals, err := b.Watch.Totals(r.Context(), by.Actor, m)
	if err != nil {
		return out, err
	}
	return view.MandateRead{Posts: int(totals.Read), Gaps: int(totals.NotRead), Alerts: int(totals.Alerts), Confirmed: int(totals.Confirmed),
		Harmless: int(totals.Harmless), Purged: int(totals.Purged), Cases: int(totals.Left), Until: b.time(b.Now()), Hidden: totals.Hidden, Judged: precision(totals.Judged)}, nil
}

func sourceResource(m *mandate.Mandate, s mandate.Source, by people.Session) access.Resource {
	r := mandateResource(m, by)
	r.Kind, r.ID = "source", s.ID
	return r
}

// sources is GET /sources.
func (b *Workbench) sources(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showSources(w, r, by, nil)
}

func (b *Workbench) showSources(w http.ResponseWriter, r *http.Request, by people.Session, key *view.NewKey) error {
	list, err := b.Mandates.List(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page := view.SourcesPage{Work: b.frame(r, by), NewKey: key}
	health, err := b.Watch.Healths(r.Context())
	if err != nil {
		return err
	}
	for _, m := range list {
		read, err := b.Watch.ReadOf(r.Context(), m.ID)
		if err != nil {
			return err
		}
		if m.State == mandate.Refused {
			continue // nothing was ever read under it, and nothing will be
		}
		for _, s := range m.Sources {
			row := b.sourceRow(m, s)
			row.Posts, row.Gap = int(read[s.ID].Read), int(read[s.ID].NotRead)
			h := health[s.ID]
			row.Last, row.Why = b.time(h.ReceivedAt), h.Error
			if row.Why != "" && row.State == "reading" {
				row.State, row.Why = "failing", b.words(r).T(h.Error)
			}
			if s.HasKey {
				row.KeyEnds = "····"
			}
			row.Stop = row.State != "stopped" && may(by, "source.remove", sourceResource(m, s, by))
			page.Rows = append(page.Rows, row)
		}
	}
	return b.show(w, r, http.StatusOK, page)
}

// sourceKey is POST /sources/{id}/key: a new key, shown once.
func (b *Workbench) sourceKey(w http.ResponseWriter, r *http.Request, by people.Session) error {
	key, err := b.Mandates.IssueKey(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return b.showSources(w, r, by, &view.NewKey{Source: ref("Q", r.PathValue("id")), Key: key})
}

// stopSource is POST /sources/{id}/stop.
func (b *Workbench) stopSource(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := b.Mandates.RemoveSource(r.Context(), by.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return after(w, r, "/sources", "source-stopped")
}
