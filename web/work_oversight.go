package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/ledger"
	"ronde/ledger/verify"
	"ronde/oversight"
	"ronde/people"
	"ronde/web/view"
)

// rightsQueue is GET /rights.
func (b *Workbench) rightsQueue(w http.ResponseWriter, r *http.Request, by people.Session) error {
	done := r.URL.Query().Get("show") == "done"
	list, err := b.Oversight.List(r.Context(), by.Actor, done)
	if err != nil {
		return err
	}
	page := view.RightsQueuePage{Work: b.frame(r, by), Show: "open"}
	other, err := b.Oversight.Waiting(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page.Tabs = []view.Tab{{Name: "open", Href: "/rights", Count: other.Open}, {Name: "done", Href: "/rights?show=done", Count: other.Done}}
	if done {
		page.Show = "done"
	}
	for _, q := range list {
		page.Rows = append(page.Rows, view.RightsRow{ID: q.ID, Ref: ref("R", q.ID), Right: q.Asks, State: rightState(q), Came: b.time(q.ReceivedAt),
			Due: b.time(q.DueAt), Late: q.State != oversight.Done && b.Now() > q.DueAt, Officer: q.PreparedBy})
	}
	return b.show(w, r, http.StatusOK, page)
}

// rightState is the word for where a request stands: once decided, by what
// came of it.
func rightState(q oversight.Request) string {
	if q.State != oversight.Decided && q.State != oversight.Done {
		return q.State
	}
	return map[string]string{oversight.Erase: "erased", oversight.Restrict: "restricted", oversight.Refuse: "refused", oversight.Answer: "answered"}[q.Decision]
}

// rightsRequest is GET /rights/{id}.
func (b *Workbench) rightsRequest(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showRight(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showRight(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	q, err := b.Oversight.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.RightsDecisionPage{Work: b.frame(r, by), ID: q.ID, Ref: ref("R", q.ID), Form: form, Right: q.Asks, State: rightState(q.Request), Text: q.Text,
		Reach: q.Contact, Came: b.time(q.ReceivedAt), Due: b.time(q.DueAt), Late: q.State != oversight.Done && b.Now() > q.DueAt}
	if q.Over {
		page.Text = l.T("rightsdecision.over")
	}
	if page.Reach == "" {
		page.Reach = l.T("rightsdecision.by_code")
	}
	if q.AboutKind != "none" {
		found := view.FoundData{Kind: "conversation", Link: view.Link{Text: ref("C", q.AboutID), Href: "/inbox/" + q.AboutID}}
		if q.Case != "" {
			found.Hold = l.T("rightsdecision.held_by_case", "case", q.Case)
		}
		page.Found = append(page.Found, found)
	}
	for _, d := range oversight.Decisions {
		page.Decisions = append(page.Decisions, view.Option{Value: d, Label: l.T("word.decision." + d)})
	}
	if q.State == oversight.Prepared {
		if page.Form.Values == nil { // the second person starts from the words that were prepared
			page.Form.Values = map[string]string{"confirm": q.Proposal}
		}
		page.Prepared = &view.Prepared{Decision: q.Decision, Reason: q.Ground + ". " + q.Proposal, By: q.PreparedBy, Seen: seen(q)}
	}
	if q.State == oversight.Decided || q.State == oversight.Done {
		page.Decision, page.Reasons, page.Decided, page.Decider = q.Decision, q.Ground+". "+q.Reason, b.time(q.DecidedAt), q.DecidedBy
	}
	res := access.Resource{Kind: "rights", ID: q.ID, State: q.State}
	if q.PreparedBy == by.Actor.Handle {
		res.Drafter = by.Actor.Person
	}
	page.May = view.RightsMay{Prepare: (q.State == oversight.Received || q.State == oversight.Prepared) && may(by, "rights.prepare", res),
		Confirm: q.State == oversight.Prepared && may(by, "rights.decide", res), Own: q.State == oversight.Prepared && res.Drafter != ""}
	page.Awaits = q.State == oversight.Received && !page.May.Prepare && may(by, "rights.decide", res)
	events, err := b.Ledger.ReadPage(r.Context(), historyOf("oversight_requests", q.ID))
	if err != nil {
		return err
	}
	for _, e := range events {
		page.History = append(page.History, b.step(r, e))
		if at := b.time(e.At); e.Verb == "rights.prepare" && page.Prepared != nil && at.After(page.Prepared.At) {
			page.Prepared.At = at // the book knows when; the row does not
		}
	}
	return b.show(w, r, status, page)
}

// rightForm shows the form again when a decision can be mended.
func (b *Workbench) rightForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		return b.showRight(w, r, by, view.Form{Values: values(r), Problems: found}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/rights/"+r.PathValue("id"), done)
}

// prepareRight is POST /rights/{id}/prepare.
func (b *Workbench) prepareRight(w http.ResponseWriter, r *http.Request, by people.Session) error {
	p := oversight.Proposal{Decision: r.PostFormValue("decision"), Ground: r.PostFormValue("ground"), Reason: r.PostFormValue("reason")}
	return b.rightForm(w, r, by, "right-prepared", b.Oversight.Prepare(r.Context(), by.Actor, r.PathValue("id"), p))
}

// seen stands for what an officer prepared, so that the second person confirms
// what they read and not what was put in its place meanwhile.
func seen(q oversight.View) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{q.Decision, q.Ground, q.Proposal, q.PreparedBy}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// decideRight is POST /rights/{id}/confirm: the second person's word. It
// confirms the decision that was prepared.
func (b *Workbench) decideRight(w http.ResponseWriter, r *http.Request, by people.Session) error {
	q, err := b.Oversight.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if r.PostFormValue("seen") != seen(q) {
		return b.rightForm(w, r, by, "", errs.New(errs.Conflict, "err.rights.moved", "decide request: what was read is not what is prepared"))
	}
	p := oversight.Proposal{Decision: q.Decision, Ground: q.Ground, Reason: r.PostFormValue("confirm")}
	return b.rightForm(w, r, by, "right-decided", b.Oversight.Decide(r.Context(), by.Actor, r.PathValue("id"), p))
}

// audit is GET /audit: who did what.
func (b *Workbench) audit(w http.ResponseWriter, r *http.Request, by people.Session) error {
	q := r.URL.Query()
	f := ledger.Filter{Handle: q.Get("who"), Verb: q.Get("verb"), Object: q.Get("object"), Before: q.Get("after"), Limit: 100, Acts: q.Get("acts") != "",
		From: b.day(q.Get("from"), 0), To: b.day(q.Get("to"), 1)}
	list, err := b.Oversight.Audit(r.Context(), by.Actor, f)
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.AuditPage{Work: b.frame(r, by), Form: view.Form{Values: map[string]string{}}}
	for name := range q {
		page.Form.Values[name] = q.Get(name)
	}
	for _, verb := range auditVerbs {
		page.Verbs = append(page.Verbs, view.Option{Value: verb, Label: verbWords(l, verb)})
	}
	for _, e := range list {
		row := view.LedgerRow{Number: e.Leaf, At: b.time(e.At), Actor: actorWords(l, e.Handle), Verb: verbWords(l, e.Verb), Object: view.Link{Text: objectWords(l, e.Object), Href: "/audit?object=" + url.QueryEscape(e.Object)},
			Reason: detailWords(l, e.Detail)}
		if e.Permit != "" {
			row.Permit = ref("M", e.Permit)
		}
		if e.Leaf >= 0 {
			leaf := verify.LeafHash(e.Record())
			row.Leaf = hex.EncodeToString(leaf[:4])
		}
		page.Rows = append(page.Rows, row)
	}
	if len(list) == f.Limit {
		q.Set("after", list[len(list)-1].ID)
		page.Pager.Next = "/audit?" + q.Encode()
	}
	if page.Verify, err = b.verifyState(r); err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

// objectWords is a row as people say it: what it is, and the end of its name.
func objectWords(l *lang.Lang, object string) string {
	table, id, ok := strings.Cut(object, "/")
	name := table[strings.IndexByte(table, '_')+1:]
	if key := "word.object." + name; l.Has(key) {
		name = l.T(key)
	}
	if !ok || len(id) < 6 {
		return name
	}
	return name + " …" + id[len(id)-6:]
}

// auditVerbs are what the auditor most often asks for.
var auditVerbs = []string{"conversation.open", "conversation.unmask", "conversation.close", "alert.open", "alert.verdict", "alert.ask-leave", "alert.confirm-leave",
	"mandate.approve", "mandate.suspend", "case.create", "case.open", "exhibit.open", "rights.decide", "certificate.issue", "people.sign-in", "people.unmask"}

func (b *Workbench) verifyState(r *http.Request) (view.VerifyState, error) {
	proof, err := b.Verify(r)
	if err != nil {
		return view.VerifyState{}, err
	}
	v := view.VerifyState{State: "self", Size: proof.Leaves, Pending: int(proof.Unsequenced)}
	if len(proof.Problems) > 0 {
		v.State, v.Bad = "bad", proof.Problems[0]
	}
	return v, nil
}

// certificates is GET /certificates.
func (b *Workbench) certificates(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.Oversight.Certificates(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page := view.CertificatesPage{Work: b.frame(r, by)}
	for _, c := range list {
		page.Rows = append(page.Rows, view.CertificateRow{ID: c.ID, Kind: c.Kind, About: c.Subject, Count: int(c.N), At: b.time(c.At)})
	}
	return b.show(w, r, http.StatusOK, page)
}

// certificate is GET /certificates/{id}.
func (b *Workbench) certificate(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.Oversight.Certificates(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	l := b.words(r)
	for _, c := range list {
		if c.ID != r.PathValue("id") {
			continue
		}
		digest := hex.EncodeToString(c.Digest)
		page := view.CertificatePage{Work: b.frame(r, by), ID: c.ID, Kind: c.Kind, Title: l.T("word.certificate." + c.Kind), At: b.time(c.At), Leaf: digest[:16],
			Facts: []view.Fact{{Name: l.T("certificate.about"), Value: c.Subject}, {Name: l.T("certificate.count"), Value: strconv.FormatInt(c.N, 10)},
				{Name: l.T("certificate.basis"), Value: c.Basis}, {Name: l.T("certificate.maker"), Value: c.Maker}, {Name: "SHA-256", Value: digest}},
			Text: l.T("certificate.text", "count", c.N, "subject", c.Subject, "when", l.DateTime(b.time(c.At)))}
		return b.show(w, r, http.StatusOK, page)
	}
	return errs.New(errs.NotFound, "err.not_found", "show certificate: no such one")
}

// law is GET /law: the legal profile in force.
func (b *Workbench) law(w http.ResponseWriter, r *http.Request, by people.Session) error {
	l := b.words(r)
	law := b.Mandates.Law()
	page := view.LawPage{Work: b.frame(r, by), Profile: named(l, law.Names), Version: law.Code}
	now := b.time(b.Now())
	for _, a := range law.Acts {
		line := view.LawLine{Act: named(l, a.Names), Source: a.Source}
		if len(a.Authorises) > 0 {
			line.Authority = string(a.Authorises[0])
		}
		if len(a.Articles) > 0 {
			line.Basis = a.Articles[0]
		}
		if a.MaxDays > 0 {
			line.Term = l.N("law.days", a.MaxDays)
		}
		if day, err := time.ParseInLocation(time.DateOnly, a.Review, b.Zone); err == nil {
			line.Checked, line.Late = day, now.After(day)
			if page.Review.IsZero() || day.Before(page.Review) {
				page.Review = day
			}
		}
		page.Lines = append(page.Lines, line)
	}
	for _, x := range law.Excluded {
		page.Excluded = append(page.Excluded, named(l, x.Names))
	}
	return b.show(w, r, http.StatusOK, page)
}
