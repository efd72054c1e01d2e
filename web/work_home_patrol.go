package web

import (
	"net/http"

	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// homeProofs tells the duty lead of accounts whose proof is gone and of
// impostors that wait: to be told of, or to be looked at again.
func (b *Workbench) homeProofs(r *http.Request, by people.Session, page *view.DashboardPage) error {
	accounts, err := b.Patrol.Accounts(r.Context())
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.Alarm(b.Now()) && len(page.Tasks) < taskRows {
			page.Tasks = append(page.Tasks, view.Task{Kind: "account-proof", Title: a.Handle, Href: "/officials/accounts/" + a.ID, Late: !a.Stands(b.Now())})
		}
	}
	list, err := b.Patrol.Incidents(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	open := 0
	for _, i := range list {
		if i.State != patrol.Open {
			continue
		}
		open++
		if due := i.There == "" || i.Again > 0 && i.Again <= b.Now(); due && len(page.Tasks) < taskRows {
			page.Tasks = append(page.Tasks, view.Task{Kind: "impostor", Title: i.Handle, Href: "/impostors"})
		}
	}
	if open > 0 {
		page.Tiles = append(page.Tiles, view.WorkTile{Name: "impostors", Value: open, Href: "/impostors"})
	}
	return nil
}
