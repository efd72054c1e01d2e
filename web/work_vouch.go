package web

import (
	"net/http"

	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// vouchPlatforms are where an officer can be asked whether they are one.
var vouchPlatforms = []string{"discord", "instagram", "snapchat", "tiktok", "twitch", "telegram", "whatsapp", "facebook", "mastodon", "bluesky", "x", "youtube", "steam", "reddit", "vk", "mail", "phone", "sms", "portal"}

func (b *Workbench) vouchPage(r *http.Request, by people.Session) (view.VouchPage, error) {
	page := view.VouchPage{Work: b.frame(r, by), Site: b.Site, Minutes: int(patrol.CodeLife.Minutes()), Form: view.Form{Values: values(r)}}
	l := b.words(r)
	for _, c := range vouchPlatforms {
		page.Channels = append(page.Channels, view.Option{Value: c, Label: l.T("word.channel." + c)})
	}
	card, err := b.Patrol.OwnCard(r.Context(), by.Actor)
	if errs.Is(err, errs.NotFound) {
		return page, nil
	}
	if err != nil {
		return page, err
	}
	page.Card = &view.OfficerCard{Handle: card.ID, Name: card.Name, Unit: card.Unit}
	page.Square, err = square(b.Site, card.ID)
	return page, err
}

// vouchForm is GET /vouch.
func (b *Workbench) vouchForm(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.vouchPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

// vouch is POST /vouch: a one-time code, shown on this page and never again.
func (b *Workbench) vouch(w http.ResponseWriter, r *http.Request, by people.Session) error {
	code, err := b.Patrol.MakeCode(r.Context(), by.Actor, r.PostFormValue("channel"))
	found, isForm := problems(b.words(r), err)
	if err != nil && !isForm {
		return err
	}
	page, perr := b.vouchPage(r, by)
	if perr != nil {
		return perr
	}
	if isForm {
		page.Form.Problems = renamed(found, map[string]string{"platform": "channel"})
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	page.Code = &view.VouchCode{Figures: code.Figures, Channel: code.Platform, Until: b.time(code.Ends)}
	for _, tongue := range lang.Codes {
		where := b.Words.For(tongue).T("vouch.portal")
		if b.Site != "" {
			where = b.Site + "/check"
		}
		page.Code.Says = append(page.Code.Says, view.Saying{Lang: tongue, Text: b.Words.For(tongue).T("vouch.say", "name", code.Card.Name, "service", b.Service, "site", where, "code", code.Figures)})
	}
	return b.show(w, r, http.StatusOK, page)
}
