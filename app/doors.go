package app

import (
	"net/http"
	"net/netip"

	"ronde/internal/lang"
	"ronde/ledger"
	"ronde/web"
	"ronde/web/api"
	"ronde/web/view"
)

// OpenDoors builds the three doors and begins to listen; a copy without the
// role of the web has none. A wrong address or certificate is known before
// anything runs.
func (a *App) OpenDoors() error {
	if !a.cfg.does(roleWeb) {
		return nil
	}
	words, err := lang.New()
	if err != nil {
		return err
	}
	views, err := view.New(words, view.In(a.zone))
	if err != nil {
		return err
	}
	proxies, err := a.cfg.proxies()
	if err != nil {
		return err
	}
	portal, workbench := a.portal(words, views), a.workbench(words, views)
	for _, d := range []struct {
		name, address string
		pages         http.Handler
		rates         web.Rates
		failed        func(http.ResponseWriter, *http.Request, error)
	}{
		{"portal", a.cfg.Portal, portal.Handler(), web.PortalRates, portal.Failed},
		{"workbench", a.cfg.Workbench, workbench.Handler(), web.WorkbenchRates, workbench.Failed},
	} {
		guard := a.guard(proxies, d.rates, d.failed)
		if err := a.open(d.name, d.address, guard.Wrap(d.pages), readTime, false); err != nil {
			return err
		}
	}
	partner := a.guard(proxies, web.WorkbenchRates, nil)
	partner.Time = streamTime
	posts := api.New(a.Watch, api.Options{Service: a.cfg.Service, Version: Version, Total: streamTime})
	return a.open("partner", a.cfg.Partner, partner.Wrap(posts), streamTime, true)
}

func (a *App) guard(proxies []netip.Prefix, rates web.Rates, failed func(http.ResponseWriter, *http.Request, error)) *web.Guard {
	return &web.Guard{Proxies: proxies, Rates: rates, Log: a.log, Now: a.cfg.Clock, Failed: failed}
}

// public is what the doors say of the organisation.
func (a *App) public() web.Public {
	return web.Public{Org: a.cfg.Organisation, Service: a.cfg.Service, Emergency: "112", ExitURL: a.cfg.ExitURL, Address: a.cfg.Address,
		Officer: a.cfg.DataOfficer, Authority: a.cfg.Authority, AuthorityURL: a.cfg.AuthorityURL, Contact: a.cfg.Contact, Site: a.cfg.Site, Exercise: a.cfg.Exercise, Demo: a.cfg.Drafts}
}

func (a *App) portal(words *lang.Catalog, views *view.Views) *web.Portal {
	return &web.Portal{Public: a.public(), Languages: a.cfg.languages(), Reviewed: a.cfg.reviewed, Patrol: a.Patrol, Desk: a.Desk, Mandates: a.Mandates, Watch: a.Watch, Oversight: a.Oversight, Lexicon: a.lexicon,
		Views: views, Words: words, Zone: a.zone, Now: a.cfg.Clock, Log: a.log, Secret: a.secret(), Hooks: a.hooks()}
}

func (a *App) workbench(words *lang.Catalog, views *view.Views) *web.Workbench {
	return &web.Workbench{Public: a.public(), People: a.People, Patrol: a.Patrol, Desk: a.Desk, Logbook: a.Logbook, Mandates: a.Mandates, Channels: a.Channels,
		Watch: a.Watch, Cases: a.Cases, Oversight: a.Oversight, Ledger: a.Ledger, Lexicon: a.lexicon, Views: views, Words: words, Zone: a.zone,
		Verify: func(r *http.Request) (*ledger.Proof, error) {
			return ledger.Prove(r.Context(), a.db, a.blobs, accounted())
		},
		Now: a.cfg.Clock, Log: a.log, Secret: a.secret(), Lines: a.shownLines(), Fetch: a.fetch, Ending: a.ending,
		Hooks: a.notifier.Hooks(), Ways: a.notifier.Ways()}
}

// secret seals the doors' tickets: the same for every copy that shares the
// key ring.
func (a *App) secret() []byte { return a.keys.Hash("web.tickets", nil) }
