package web

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// publicChannels are the places an official account can stand at.
var publicChannels = []string{"portal", "mail", "instagram", "facebook", "tiktok", "snapchat", "discord", "twitch", "mastodon", "bluesky", "telegram", "whatsapp", "youtube", "x"}

func (b *Workbench) officialsPage(r *http.Request, by people.Session) (view.OfficialsPage, error) {
	officers, accounts, err := b.Patrol.List(r.Context(), by.Actor)
	if err != nil {
		return view.OfficialsPage{}, err
	}
	l := b.words(r)
	page := view.OfficialsPage{Work: b.frame(r, by), Edit: may(by, "official.publish", access.Resource{Kind: "official"})}
	given, err := b.Patrol.Given(r.Context(), by.Actor)
	if err != nil {
		return view.OfficialsPage{}, err
	}
	owners := map[string]string{}
	for _, o := range officers {
		owners[o.ID] = o.Name
		page.Officers = append(page.Officers, view.OfficialOfficer{ID: o.ID, State: o.State, Since: b.time(o.Published), Given: given[o.ID],
			Card: view.OfficerCard{Handle: o.ID, Name: o.Name, Unit: o.Unit, Languages: o.Languages}})
		if o.State == patrol.Published {
			page.People = append(page.People, view.Option{Value: o.ID, Label: o.Name})
		}
		if o.ID == r.FormValue("edit") || o.ID == r.PostFormValue("officer") {
			page.Editing, page.Form = o.Name, cardForm(o)
		}
	}
	for _, a := range accounts {
		page.Accounts = append(page.Accounts, b.officialAccount(a, owners[a.Officer]))
	}
	page.Ways = b.proofWays(r)
	for _, c := range publicChannels {
		page.Channels = append(page.Channels, view.Option{Value: c, Label: l.T("word.channel." + c)})
	}
	for _, code := range lang.Codes {
		page.Languages = append(page.Languages, view.Option{Value: code, Label: l.T("word.language." + code)})
	}
	return page, b.cardChoices(r, by, &page)
}

// cardForm is the form of a card, with what stands on it.
func cardForm(o patrol.Officer) view.Form {
	f := view.Form{Values: map[string]string{"officer": o.ID, "name": o.Name, "unit": o.Unit, "hours": o.Hours.String()}}
	for _, code := range o.Languages {
		f.Values["languages="+code] = "on"
	}
	for _, c := range o.Channels {
		f.Values["channels="+c] = "on"
	}
	return f
}

// cardChoices are whose a card can be, and the units that have a public face:
// those of the patrol, and the service itself.
func (b *Workbench) cardChoices(r *http.Request, by people.Session, page *view.OfficialsPage) error {
	l := b.words(r)
	nobody := l.T("officials.holder_none")
	if page.Editing != "" {
		nobody = l.T("officials.holder_keep")
	}
	page.Holders = []view.Option{{Label: nobody}}
	list, err := b.People.List(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.State == people.Active && mayBeShown(a) {
			page.Holders = append(page.Holders, view.Option{Value: a.Handle, Label: a.Handle})
		}
	}
	units, err := b.People.Units(r.Context())
	names := []string{page.Form.Value("unit"), b.Org}
	for _, u := range units {
		if u.Regime == access.RegimePatrol {
			names = append(names, u.Name)
		}
	}
	for n, name := range names {
		if name != "" && !slices.Contains(names[:n], name) {
			page.Units = append(page.Units, view.Option{Value: name, Label: name})
		}
	}
	return err
}

// mayBeShown says who is on public duty (D 2.32).
func mayBeShown(a people.Account) bool {
	return slices.Contains(a.Roles, access.PatrolOfficer) || slices.Contains(a.Roles, access.DutyLead)
}

// officials is GET /officials.
func (b *Workbench) officials(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.officialsPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) officialsForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.officialsPage(r, by)
		if err != nil {
			return err
		}
		page.Form = view.Form{Values: values(r), Problems: renamed(found, map[string]string{"platform": "channel"})}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/officials", done)
}

// publishOfficer is POST /officials/officers.
func (b *Workbench) publishOfficer(w http.ResponseWriter, r *http.Request, by people.Session) error {
	photo, err := upload(r, "photo")
	if err != nil {
		return err
	}
	holder, roles, err := b.holder(r, by)
	if err != nil {
		return b.officialsForm(w, r, by, "", err)
	}
	_, err = b.Patrol.PublishOfficer(r.Context(), by.Actor, patrol.OfficerIn{ID: r.PostFormValue("officer"), Holder: holder, HolderRoles: roles, Name: r.PostFormValue("name"), Unit: r.PostFormValue("unit"),
		Languages: r.PostForm["languages"], Channels: r.PostForm["channels"], Hours: r.PostFormValue("hours"), Photo: photo})
	return b.officialsForm(w, r, by, "published", err)
}

// holder is whose the card is, with their roles. Only who is offered can be
// named: a handle that nobody has would keep the name from whose it is.
func (b *Workbench) holder(r *http.Request, by people.Session) (string, []access.Role, error) {
	handle := r.PostFormValue("holder")
	if handle == "" {
		return "", nil, nil
	}
	list, err := b.People.List(r.Context(), by.Actor)
	if err != nil {
		return "", nil, err
	}
	for _, a := range list {
		if a.Handle == handle {
			return handle, a.Roles, nil
		}
	}
	return "", nil, errs.Field("holder", "err.patrol.holder", "publish officer: not a colleague who is offered")
}

// upload reads one file of a form; none is no error.
func upload(r *http.Request, name string) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil, nil
	}
	f, _, err := r.FormFile(name)
	if err == http.ErrMissingFile {
		return nil, nil
	}
	if err != nil {
		return nil, errs.As(err, errs.Invalid, "err.photo")
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	return raw, errs.Wrap(err, "read upload")
}

// withdrawOfficer is POST /officials/officers/{id}/withdraw.
func (b *Workbench) withdrawOfficer(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.officialsForm(w, r, by, "withdrawn", b.Patrol.WithdrawOfficer(r.Context(), by.Actor, r.PathValue("id")))
}

// publishAccount is POST /officials/accounts.
func (b *Workbench) publishAccount(w http.ResponseWriter, r *http.Request, by people.Session) error {
	a, err := b.Patrol.PublishAccount(r.Context(), by.Actor, patrol.AccountIn{Platform: r.PostFormValue("channel"), Handle: r.PostFormValue("handle"),
		URL: r.PostFormValue("url"), Proof: cmp.Or(r.PostFormValue("proof"), patrol.ProofSeen), ProofAt: r.PostFormValue("proof_at"), Officer: r.PostFormValue("owner")})
	if err == nil && a.Proof != patrol.ProofSeen { // the lead sees at once whether it is found
		_, err = b.Patrol.Prove(r.Context(), by.Actor, a.ID)
		if errs.Is(err, errs.Unavailable) {
			err = nil // the clock tries again
		}
	}
	return b.officialsForm(w, r, by, "published", err)
}

// withdrawAccount is POST /officials/accounts/{id}/withdraw.
func (b *Workbench) withdrawAccount(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.officialsForm(w, r, by, "withdrawn", b.Patrol.WithdrawAccount(r.Context(), by.Actor, r.PathValue("id")))
}
