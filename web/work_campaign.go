package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// Slots of the form of a public text: the first are for our own site, in each
// language, the others for elsewhere.
const (
	freshSlots = 3
	mostSlots  = 12
)

// campaigns is GET /campaigns.
func (b *Workbench) campaigns(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.Patrol.Campaigns(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page := view.CampaignsPage{Work: b.frame(r, by)}
	for _, c := range list {
		row := view.CampaignRow{ID: c.ID, Kind: c.Kind, Title: c.Title, Author: c.Author, Mine: c.Mine, At: b.time(max(c.Made, c.Published))}
		to := map[string]*[]view.CampaignRow{patrol.Draft: &page.Drafts, patrol.Review: &page.Waiting, patrol.Published: &page.Public, patrol.Withdrawn: &page.Gone}[c.State]
		*to = append(*to, row)
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) textDraft(r *http.Request, by people.Session, kind string) view.CampaignDraftPage {
	l := b.words(r)
	page := view.CampaignDraftPage{Work: b.frame(r, by), Kind: kind, Form: view.Form{Values: values(r)}}
	page.Platforms = []view.Option{{Value: patrol.Everywhere, Label: l.T("campaign.here")}}
	for _, p := range roundPlatforms {
		page.Platforms = append(page.Platforms, view.Option{Value: p, Label: l.T("word.channel." + p)})
	}
	for _, code := range publicTongues {
		page.Languages = append(page.Languages, view.Option{Value: code, Label: l.T("word.language." + code)})
	}
	return page
}

// publicTongues are the languages in which something can be said in public.
var publicTongues = []string{"fr", "en", "ar", "da", "de", "et", "nb", "pl", "ru", "sv"}

// slots are the texts of a draft and room for some more.
func slots(texts []patrol.Text) (out []view.TextSlot) {
	for _, code := range lang.Codes {
		if !slices.ContainsFunc(texts, func(t patrol.Text) bool { return t.Platform == patrol.Everywhere && t.Language == code }) {
			texts = append(texts, patrol.Text{Platform: patrol.Everywhere, Language: code})
		}
	}
	for range freshSlots {
		texts = append(texts, patrol.Text{Platform: "instagram", Language: lang.Codes[0]})
	}
	for i, t := range texts[:min(len(texts), mostSlots)] {
		out = append(out, view.TextSlot{N: i, Platform: t.Platform, Language: t.Language, Title: t.Title, Body: t.Body})
	}
	return out
}

// newCampaign is GET /campaigns/new.
func (b *Workbench) newCampaign(w http.ResponseWriter, r *http.Request, by people.Session) error {
	kind := r.URL.Query().Get("kind")
	if !slices.Contains(patrol.Kinds, kind) {
		kind = patrol.KindCampaign
	}
	page := b.textDraft(r, by, kind)
	page.Slots = slots(nil)
	return b.show(w, r, http.StatusOK, page)
}

// editCampaign is GET /campaigns/{id}/edit.
func (b *Workbench) editCampaign(w http.ResponseWriter, r *http.Request, by people.Session) error {
	c, err := b.Patrol.Campaign(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !c.Mine || c.State != patrol.Draft {
		return errs.New(errs.Conflict, "err.patrol.draft_state", "edit draft: not one's own draft")
	}
	page := b.textDraft(r, by, c.Kind)
	page.ID, page.Revision, page.Slots = c.ID, c.Revision, slots(c.Texts)
	sources := ""
	for _, s := range c.Sources {
		sources += s.Title + " | " + s.URL + "\n"
	}
	page.Form.Values = map[string]string{"title": c.Title, "aim": c.Aim, "audience": c.Audience, "claim": c.Claim, "sources": sources}
	return b.show(w, r, http.StatusOK, page)
}

// draftCampaign is POST /campaigns.
func (b *Workbench) draftCampaign(w http.ResponseWriter, r *http.Request, by people.Session) error {
	revision, _ := strconv.ParseInt(r.PostFormValue("revision"), 10, 64) // 0 fits no draft
	in := patrol.CampaignIn{ID: r.PostFormValue("id"), Revision: revision, Kind: r.PostFormValue("kind"), Title: r.PostFormValue("title"),
		Aim: r.PostFormValue("aim"), Audience: r.PostFormValue("audience"), Claim: r.PostFormValue("claim"), Sources: r.PostFormValue("sources")}
	for i := range mostSlots {
		field := func(name string) string { return r.PostFormValue(fmt.Sprintf("%s-%d", name, i)) }
		if field("body") != "" || field("title") != "" {
			in.Texts = append(in.Texts, patrol.Text{Platform: field("platform"), Language: field("language"), Title: field("title"), Body: field("body")})
		}
	}
	id, err := b.Patrol.DraftCampaign(r.Context(), by.Actor, in)
	if found, ok := problems(b.words(r), err); ok {
		page := b.textDraft(r, by, in.Kind)
		page.ID, page.Revision, page.Slots, page.Form.Problems = in.ID, in.Revision, slots(in.Texts), found
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/campaigns/"+id, "text-drafted")
}

func (b *Workbench) campaignPage(r *http.Request, by people.Session) (view.CampaignPage, error) {
	c, err := b.Patrol.Campaign(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return view.CampaignPage{}, err
	}
	l := b.words(r)
	page := view.CampaignPage{Work: b.frame(r, by), ID: c.ID, Kind: c.Kind, Title: c.Title, Aim: c.Aim, Audience: c.Audience, Claim: c.Claim, State: c.State,
		Author: c.Author, Reviewer: c.Reviewer, Remark: c.Remark, Revision: c.Revision, Published: b.time(c.Published), Withdrawn: b.time(c.Withdrawn), Mine: c.Mine,
		MayEdit: c.Mine && c.State == patrol.Draft, MayReview: !c.Mine && c.State == patrol.Review,
		MayRetract: c.State == patrol.Published && may(by, "official.retract", access.Resource{Kind: "official", ID: c.ID})}
	for _, s := range c.Sources {
		page.Sources = append(page.Sources, view.Link{Text: s.Title, Href: s.URL})
	}
	for i, t := range c.Texts {
		page.Texts = append(page.Texts, view.CampaignText{N: i, Channel: t.Platform, Lang: t.Language, Title: t.Title, Body: t.Body, Letters: utf8.RuneCountInString(t.Body), Elsewise: t.Platform != patrol.Everywhere})
		if !slices.ContainsFunc(page.Places, func(o view.Option) bool { return o.Value == t.Platform }) {
			page.Places = append(page.Places, view.Option{Value: t.Platform, Label: l.T("word.channel." + t.Platform)})
		}
	}
	for _, x := range c.Reach {
		page.Reach = append(page.Reach, view.ReachRow{Channel: x.Platform, N: int(x.N), Noted: b.time(x.Noted)})
	}
	for _, check := range patrol.ChecksOf(c.Kind) {
		page.Checks = append(page.Checks, view.Option{Value: check, Label: l.T("word.textcheck." + check), Hint: l.T("word.textcheckhint." + check)})
	}
	return page, nil
}

// campaign is GET /campaigns/{id}.
func (b *Workbench) campaign(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.campaignPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) campaignForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.campaignPage(r, by)
		if err != nil {
			return err
		}
		page.Form = view.Form{Values: values(r), Problems: found}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/campaigns/"+r.PathValue("id"), done)
}

// submitCampaign is POST /campaigns/{id}/submit.
func (b *Workbench) submitCampaign(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.campaignForm(w, r, by, "submitted", b.Patrol.SubmitCampaign(r.Context(), by.Actor, r.PathValue("id")))
}

// reviewCampaign is POST /campaigns/{id}/review.
func (b *Workbench) reviewCampaign(w http.ResponseWriter, r *http.Request, by people.Session) error {
	revision, err := strconv.ParseInt(r.PostFormValue("revision"), 10, 64)
	if err != nil {
		return errs.New(errs.Invalid, "err.form.old", "review: no revision")
	}
	publish := r.PostFormValue("do") == "publish"
	done := "returned"
	if publish {
		done = "published"
	}
	return b.campaignForm(w, r, by, done, b.Patrol.ReviewCampaign(r.Context(), by.Actor, r.PathValue("id"), revision, publish, r.PostForm["checks"], r.PostFormValue("remark")))
}

// retractCampaign is POST /campaigns/{id}/retract.
func (b *Workbench) retractCampaign(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.campaignForm(w, r, by, "taken-down", b.Patrol.RetractCampaign(r.Context(), by.Actor, r.PathValue("id")))
}

// noteReach is POST /campaigns/{id}/reach.
func (b *Workbench) noteReach(w http.ResponseWriter, r *http.Request, by people.Session) error {
	n, err := strconv.ParseInt(r.PostFormValue("reach"), 10, 64)
	if err != nil {
		n = -1
	}
	return b.campaignForm(w, r, by, "reach", b.Patrol.NoteReach(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("channel"), n))
}
