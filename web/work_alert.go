package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/lang"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// alertTabs are the views of the queue.
var alertTabs = []watch.Stage{watch.Waiting, watch.Second, watch.Decided}

// alertWord is the word for where an alert stands.
func alertWord(a *watch.Alert) string {
	switch {
	case a.State == watch.Open && a.Verdict == watch.VerdictUnclear:
		return "unclear"
	case a.State == watch.Open && a.Verdict.Confirmed():
		return "confirmed"
	case a.State == watch.Open:
		return "new"
	case a.State == watch.Left && a.To == "case":
		return "totake"
	case a.State == watch.Taken:
		return "incase"
	}
	return string(a.State)
}

// alerts is GET /alerts.
func (b *Workbench) alerts(w http.ResponseWriter, r *http.Request, by people.Session) error {
	q := r.URL.Query()
	f := watch.Filter{Category: q.Get("category"), Stage: alertTabs[0]}
	page := view.AlertsPage{Work: b.frame(r, by), Category: f.Category}
	counts, err := b.Watch.Stages(r.Context(), by.Actor, f.Category)
	if err != nil {
		return err
	}
	for _, t := range alertTabs {
		page.Tabs = append(page.Tabs, view.Tab{Name: string(t), Href: "/alerts?show=" + string(t), Count: counts[t]})
		if string(t) == q.Get("show") {
			f.Stage = t
		}
	}
	page.Show = string(f.Stage)
	list, err := b.Watch.List(r.Context(), by.Actor, f)
	if err != nil {
		return err
	}
	l := b.words(r)
	for _, c := range mandate.Categories {
		page.Categories = append(page.Categories, view.Option{Value: c, Label: l.T("word.category." + c)})
	}
	names, err := b.sourceNames(r, by)
	if err != nil {
		return err
	}
	for _, a := range list {
		var kinds []string
		for _, f := range a.Families {
			kinds = append(kinds, familyWord(l, f))
		}
		page.Rows = append(page.Rows, view.AlertRow{Families: kinds, ID: a.ID, Ref: ref("A", a.ID), Excerpt: cmp.Or(a.Excerpt, l.T("alerts.covered")), Category: a.Category, State: alertWord(a), Source: names[a.Source],
			Seen: b.time(a.LastAt), Age: b.since(a.RaisedAt), Holder: a.Decider, Mine: a.Decider == by.Actor.Handle, Minor: a.Minor, Ends: b.time(a.ExpiresAt)})
	}
	return b.show(w, r, http.StatusOK, page)
}

// sourceNames are the names that a mandate gives its sources, for whoever may
// read mandates.
func (b *Workbench) sourceNames(r *http.Request, by people.Session) (map[string]string, error) {
	names := map[string]string{}
	if !may(by, "mandate.list", access.Resource{Kind: "mandate", Unit: by.Actor.Unit}) {
		return names, nil
	}
	list, err := b.Mandates.List(r.Context(), by.Actor)
	for _, m := range list {
		for _, s := range m.Sources {
			names[s.ID] = s.Name
		}
	}
	return names, err
}

// alert is GET /alerts/{id}.
func (b *Workbench) alert(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showAlert(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showAlert(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	a, err := b.Watch.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.AlertPage{Work: b.frame(r, by), ID: a.ID, Ref: ref("A", a.ID), Form: form, State: alertWord(&a.Alert), Category: a.Category,
		Mandate: view.Link{Text: ref("M", a.Mandate), Href: "/mandates/" + a.Mandate}, Permit: a.Mandate, Ends: b.time(a.ExpiresAt), Holder: a.Decider,
		Mine: a.Decider == by.Actor.Handle, Minor: a.Minor, Verdict: string(a.Verdict), Reason: a.Reasons.Verdict, AskedBy: a.Asker, AskedWhy: a.Reasons.Leave,
		Seen: a.Seen, Copies: int(a.Copies)}
	names, err := b.sourceNames(r, by)
	if err != nil {
		return err
	}
	a.Signals = merged(a.Signals)
	page.Post = b.post(l, a)
	page.Post.Source = names[a.Source]
	now, err := b.Watch.Current(r.Context())
	if err != nil {
		return err
	}
	page.Signals, page.Score = signals(l, now, a)
	page.Explained = explained(l, a)
	for _, v := range watch.Verdicts {
		page.Verdicts = append(page.Verdicts, view.Option{Value: string(v), Label: l.T("word.verdict." + string(v))})
	}
	page.Leads, page.Grade, page.To, page.Glass = leads(l), grade(l, a.Grade), a.To, a.Glass
	if a.State == watch.Left && a.To != "case" {
		page.Waits = l.T("word.destination." + a.To)
	}
	events, err := b.Ledger.ReadPage(r.Context(), historyOf("watch_alerts", a.ID))
	if err != nil {
		return err
	}
	for _, e := range events {
		page.History = append(page.History, b.step(r, e))
	}
	page.May = alertMay(a, by)
	page.May.Propose = !a.Erased && may(by, "lexicon.propose", access.Resource{Kind: "lexicon"})
	return b.show(w, r, status, page)
}

func alertMay(a *watch.View, by people.Session) view.AlertMay {
	res := alertResource(&a.Alert, by)
	open, inside := a.State == watch.Open, a.State == watch.Open || a.State == watch.Leaving
	return view.AlertMay{
		Verdict: open && may(by, "alert.verdict", res), Minor: open && !a.Erased && may(by, "alert.mark-minor", res),
		Grade: inside && !a.Erased && may(by, "alert.grade", res),
		Leave: open && a.Verdict.Confirmed() && may(by, "alert.ask-leave", res),
		Glass: inside && may(by, "alert.ask-leave", res), Confirm: a.State == watch.Leaving && may(by, "alert.confirm-leave", res),
		Case: a.State == watch.Left && a.To == "case" && mayOpenCase(by),
	}
}

// post cuts the text where signals begin and end, so that each stands
// underlined in its place.
func (b *Workbench) post(l *lang.Lang, a *watch.View) view.Post {
	p := view.Post{Platform: a.Post.Platform, Author: a.Post.Author, URL: a.Post.URL, Tongue: a.Post.Lang, Posted: b.time(a.Post.At), Read: b.time(a.RaisedAt),
		Source: a.Source, Heavy: a.Blur}
	if a.Erased {
		p.Gone = l.T("alert.erased")
		return p
	}
	text := a.Post.Text
	cuts := []int{0, len(text)}
	for _, s := range a.Signals {
		if s.Start >= 0 && s.Start < s.End && s.End <= len(text) {
			cuts = append(cuts, s.Start, s.End)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	for i := 0; i+1 < len(cuts); i++ {
		span := view.Span{Text: text[cuts[i]:cuts[i+1]]}
		for n, s := range a.Signals {
			if s.Start <= cuts[i] && s.End >= cuts[i+1] && s.Start < s.End {
				span.Numbers = append(span.Numbers, n+1)
				span.Family = cmp.Or(span.Family, s.Family)
			}
		}
		p.Spans = append(p.Spans, span)
	}
	return p
}

// merged keeps one signal for each place and meaning: the strongest. The same
// word may stand in the lexicon of several languages, which is one reason.
func merged(list []watch.Signal) (out []watch.Signal) {
	type key struct {
		start, end    int
		family, sense string
	}
	at := map[key]int{}
	for _, s := range list {
		k := key{s.Start, s.End, s.Family, s.Sense}
		i, seen := at[k]
		switch {
		case !seen:
			at[k] = len(out)
			out = append(out, s)
		case s.Weight > out[i].Weight:
			out[i] = s
		}
	}
	return out
}

// signals are the reasons, and the score as a bar with its parts.
// Only entries that are in the lexicon now have a page; what the weights learned
// from labelled posts has none.
func signals(l *lang.Lang, now *lexicon.Lexicon, a *watch.View) (out []view.Signal, bar view.ScoreBar) {
	byFamily := map[string]float64{}
	for n, s := range a.Signals {
		v := view.Signal{Number: n + 1, Text: s.Text, Family: s.Family, Sense: senseWord(l, s.Sense), Weight: s.Weight, Region: s.Region,
			Source: cmp.Or(s.Source, l.T("alert.learned"))}
		if s.Source == "recogniser" {
			v.Source = l.T("alert.recognised")
		}
		if e, there := now.Entry(s.Entry); there && e.Source != "recogniser" {
			v.Entry = view.Link{Text: s.Entry, Href: entryHref(s.Entry)}
		}
		if s.SourceDate != "" {
			v.Source += " (" + s.SourceDate + ")"
		}
		for _, in := range s.Innocent {
			v.Innocent = append(v.Innocent, in.Reading)
		}
		out = append(out, v)
		if s.Evidence() {
			byFamily[s.Family] += s.Weight
		}
	}
	for family, weight := range byFamily {
		if weight <= 0 {
			continue // what speaks against is in the list, not in the bar
		}
		bar.Parts = append(bar.Parts, view.Part{Family: family, Word: familyWord(l, family), Weight: weight})
	}
	slices.SortFunc(bar.Parts, func(x, y view.Part) int {
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), cmp.Compare(x.Family, y.Family))
	})
	return out, bar
}

// explained says in sentences why this became an alert.
func explained(l *lang.Lang, a *watch.View) (out []string) {
	var names []string
	for _, s := range a.Signals {
		if word := familyWord(l, s.Family); s.Weight > 0 && s.Evidence() && !slices.Contains(names, word) {
			names = append(names, word)
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		out = append(out, l.T("alert.explained.families", "n", strconv.Itoa(len(names)), "families", l.List(names)))
	}
	if len(a.Undone) > 0 {
		out = append(out, l.T("alert.explained.undone", "what", l.List(undoneWords(l, a.Undone))))
	}
	if len(a.Words) > 0 {
		out = append(out, l.T("alert.explained.danger", "words", l.List(a.Words)))
	}
	if a.Cut {
		out = append(out, l.T("alert.explained.cut"))
	}
	return out
}

func familyWord(l *lang.Lang, family string) string {
	if key := "word.family." + family; l.Has(key) {
		return l.T(key)
	}
	return l.T("word.family.context") // how people talk about things: news, questions, play …
}

// alertForm does one act on an alert and shows its form again when it can be
// mended.
func (b *Workbench) alertForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error, names ...string) error {
	if found, ok := problems(b.words(r), err); ok {
		if len(names) == 1 {
			found = renamed(found, map[string]string{"reason": names[0]})
		}
		return b.showAlert(w, r, by, view.Form{Values: values(r), Problems: found}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/alerts/"+r.PathValue("id"), done)
}

func (b *Workbench) verdict(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.alertForm(w, r, by, "verdict", b.Watch.Verdict(r.Context(), by.Actor, r.PathValue("id"), watch.Verdict(r.PostFormValue("verdict")), r.PostFormValue("reason")))
}

// minor is POST /alerts/{id}/minor: the mark is set, or taken back.
func (b *Workbench) minor(w http.ResponseWriter, r *http.Request, by people.Session) error {
	back := r.PostFormValue("back") == "yes"
	done := map[bool]string{false: "marked", true: "unmarked"}[back]
	return b.alertForm(w, r, by, done, b.Watch.MarkMinor(r.Context(), by.Actor, r.PathValue("id"), !back, r.PostFormValue("minor")), "minor")
}

func (b *Workbench) askLeave(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.alertForm(w, r, by, "leave-asked", b.Watch.AskLeave(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("to"), "", r.PostFormValue("leave")), "leave")
}

func (b *Workbench) confirmLeave(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.alertForm(w, r, by, "left", b.Watch.ConfirmLeave(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("seen")), "confirm")
}

func (b *Workbench) refuseLeave(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.alertForm(w, r, by, "leave-refused", b.Watch.RefuseLeave(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("confirm")), "confirm")
}

// homeWatch puts the watch on the dashboard.
func (b *Workbench) homeWatch(r *http.Request, by people.Session, page *view.DashboardPage) error {
	list, err := b.Watch.List(r.Context(), by.Actor, watch.Filter{States: []watch.State{watch.Leaving, watch.Left}})
	if err != nil {
		return err
	}
	counts, err := b.Watch.Stages(r.Context(), by.Actor, "")
	if err != nil {
		return err
	}
	take := 0
	for _, a := range list {
		if a.State == watch.Left {
			if a.To == "case" && mayOpenCase(by) {
				take++
				page.Tasks = append(page.Tasks, view.Task{Kind: "alert-take", Title: b.words(r).T("word.category." + a.Category), Href: "/alerts/" + a.ID, Due: b.time(a.ExpiresAt)})
			}
			continue
		}
		res := alertResource(a, by)
		if a.State == watch.Leaving && may(by, "alert.confirm-leave", res) && len(page.Tasks) < taskRows {
			page.Tasks = append(page.Tasks, view.Task{Kind: "alert-confirm", Title: b.words(r).T("word.category." + a.Category), Href: "/alerts/" + a.ID, Due: b.time(a.ExpiresAt)})
		}
	}
	page.Tiles = append(page.Tiles, view.WorkTile{Name: "alerts", Value: counts[watch.Waiting], Href: "/alerts"}, view.WorkTile{Name: "second", Value: counts[watch.Second], Href: "/alerts?show=leaving"})
	if take > 0 {
		page.Tiles = append(page.Tiles, view.WorkTile{Name: "take", Value: take, Href: "/alerts?show=decided"})
	}
	return nil
}

// pastePage is GET /paste.
func (b *Workbench) pastePage(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.pasteForm(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) pasteForm(r *http.Request, by people.Session) (view.PastePage, error) {
	if err := people.Allow(by.Actor, "alert.paste", access.Resource{Kind: "alert", Unit: by.Actor.Unit}); err != nil {
		return view.PastePage{}, err
	}
	list, err := b.Mandates.List(r.Context(), by.Actor)
	page := view.PastePage{Work: b.frame(r, by)}
	for _, m := range list {
		if m.Live(b.Now()) {
			page.Mandates = append(page.Mandates, view.Option{Value: m.ID, Label: ref("M", m.ID) + " · " + m.Purpose})
		}
	}
	for _, c := range publicChannels[2:] {
		page.Platforms = append(page.Platforms, view.Option{Value: c, Label: b.words(r).T("word.channel." + c)})
	}
	return page, err
}

// paste is POST /paste: a post that an analyst found. What does not match is
// kept nowhere.
func (b *Workbench) paste(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.pasteForm(r, by)
	if err != nil {
		return err
	}
	in := channel.Post{Text: r.PostFormValue("text"), URL: r.PostFormValue("url"), Author: r.PostFormValue("author"), Platform: r.PostFormValue("platform")}
	if t, err := time.ParseInLocation("2006-01-02", r.PostFormValue("posted"), b.Zone); err == nil {
		in.At = t.UnixMicro()
	}
	out, err := b.Watch.Paste(r.Context(), by.Actor, r.PostFormValue("mandate"), in)
	if found, ok := problems(b.words(r), err); ok {
		page.Form = view.Form{Values: values(r), Problems: found}
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	page.Result = &view.PasteResult{Unsaid: out.Unsaid}
	if out.Alert != "" {
		page.Result.Alert = &view.Link{Text: ref("A", out.Alert), Href: "/alerts/" + out.Alert}
	}
	return b.show(w, r, http.StatusOK, page)
}
