package web

import (
	"net/http"
	"strings"

	"ronde/internal/errs"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// site is the address of the portal, without a slash at the end: as the
// organisation tells it, or as this visitor typed it.
func (p *Portal) site(r *http.Request) string {
	if p.Site != "" {
		return p.Site
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// square draws the QR code that opens the check of an officer or account.
func square(site, id string) (view.Square, error) {
	if site == "" {
		return view.Square{}, nil
	}
	s := view.Square{Opens: checkAddress(site, id)}
	code, err := people.NewQR(s.Opens)
	s.Size, s.Path = code.Size, code.Path
	return s, err
}

func checkAddress(site, id string) string { return site + "/check?q=" + id }

// checkCode is POST /check/code: who gave a one-time code, told once.
func (p *Portal) checkCode(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	page := view.CheckPage{Portal: p.frame(r)}
	page.Path = "/check"
	status := http.StatusOK
	said, err := p.Patrol.CheckCode(r.Context(), remoteHost(r), r.PostForm.Get("code"))
	switch {
	case errs.Is(err, errs.NotFound), errs.Is(err, errs.Limit):
		key, args := errs.Message(err)
		page.Form.Problems = []view.Problem{{Field: "code", Text: p.words(r).T(key, args...)}}
		status = statusOf(errs.KindOf(err))
	case err != nil:
		return err
	default:
		page.Vouched = &view.Vouched{Officer: p.card(said.Officer), Channel: said.Platform, Made: p.time(said.Made)}
		for _, a := range said.Accounts {
			page.Vouched.Accounts = append(page.Vouched.Accounts, p.account(a, nil))
		}
	}
	if page.Officers, page.Accounts, err = p.officials(r); err != nil {
		return err
	}
	return p.show(w, r, status, page)
}

// officialAccount finds a published account.
func (p *Portal) officialAccount(r *http.Request) (patrol.Account, error) {
	all, err := p.Patrol.Accounts(r.Context())
	for _, a := range all {
		if a.ID == r.PathValue("id") {
			return a, nil
		}
	}
	if err == nil {
		err = errs.New(errs.NotFound, "err.not_found", "show account: not on the list")
	}
	return patrol.Account{}, err
}

// accountPage is GET /accounts/{id}.
func (p *Portal) accountPage(w http.ResponseWriter, r *http.Request) error {
	a, err := p.officialAccount(r)
	if err != nil {
		return err
	}
	owners := map[string]string{}
	if a.Officer != "" {
		o, err := p.Patrol.Officer(r.Context(), a.Officer)
		if err != nil {
			return err
		}
		owners[o.ID] = o.Name
	}
	page := view.OfficialAccountPage{Portal: p.frame(r), Account: p.account(a, owners)}
	if page.Square, err = square(p.site(r), a.ID); err != nil {
		return err
	}
	page.Square.File = "/accounts/" + a.ID + "/qr.png"
	return p.show(w, r, http.StatusOK, page)
}

// accountSquare is GET /accounts/{id}/qr.png.
func (p *Portal) accountSquare(w http.ResponseWriter, r *http.Request) error {
	a, err := p.officialAccount(r)
	if err != nil {
		return err
	}
	return sendSquare(w, checkAddress(p.site(r), a.ID))
}

// officerSquare is GET /officers/{id}/qr.png.
func (p *Portal) officerSquare(w http.ResponseWriter, r *http.Request) error {
	o, err := p.Patrol.Officer(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return sendSquare(w, checkAddress(p.site(r), o.ID))
}

func sendSquare(w http.ResponseWriter, opens string) error {
	png, err := people.QRPicture(opens)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, err = w.Write(png)
	return errs.Wrap(err, "send QR code")
}

// looksLikeCode says whether somebody typed a one-time code where names are
// asked for: asking for it costs it, so it is not asked for by an address.
func looksLikeCode(q string) bool {
	_, ok := patrol.ReadCode(strings.TrimSpace(q))
	return ok
}
