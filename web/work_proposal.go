package web

import (
	"net/http"
	"strings"

	"ronde/access"
	"ronde/lexicon"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// proposalTabs are the views of the proposals.
var proposalTabs = []struct {
	name   string
	states []watch.ProposalState
}{
	{"new", []watch.ProposalState{watch.Proposed}},
	{"trial", []watch.ProposalState{watch.Trial}},
	{"live", []watch.ProposalState{watch.Live}},
	{"ended", []watch.ProposalState{watch.Retired, watch.Refused}},
}

// proposals is GET /lexicon/proposals.
func (b *Workbench) proposals(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.Watch.Proposals(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	page := view.ProposalsPage{Work: b.frame(r, by), Show: proposalTabs[0].name, Propose: may(by, "lexicon.propose", access.Resource{Kind: "lexicon"})}
	l := b.words(r)
	for _, t := range proposalTabs {
		tab := view.Tab{Name: t.name, Href: "/lexicon/proposals?show=" + t.name}
		if t.name == r.URL.Query().Get("show") {
			page.Show = t.name
		}
		for _, p := range list {
			if contains(t.states, p.State) {
				tab.Count++
			}
		}
		page.Tabs = append(page.Tabs, tab)
	}
	for _, t := range proposalTabs {
		for _, p := range list {
			if t.name == page.Show && contains(t.states, p.State) {
				page.Rows = append(page.Rows, view.ProposalRow{ID: p.ID, Text: p.Text, Sense: senseWord(l, p.Sense), Tongue: p.Language, Category: p.Category, Family: familyWord(l, p.Family),
					State: string(p.State), By: p.Proposer, At: b.time(p.ProposedAt), Posts: int(p.Counts.Posts), Hits: int(p.Counts.Hits), Mine: p.Proposer == by.Actor.Handle, Retires: p.Retires})
			}
		}
	}
	return b.show(w, r, http.StatusOK, page)
}

// waiting counts the proposals on which this person could do the next step.
func (b *Workbench) waiting(r *http.Request, by people.Session) (n int, err error) {
	if !may(by, "lexicon.approve", access.Resource{Kind: "lexicon"}) {
		return 0, nil
	}
	list, err := b.Watch.Proposals(r.Context(), by.Actor)
	for _, p := range list {
		m := b.proposalMay(p, by)
		if m.Review || m.Live {
			n++
		}
	}
	return n, err
}

func (b *Workbench) proposalMay(p *watch.Proposal, by people.Session) view.ProposalMay {
	res := access.Resource{Kind: "lexicon", ID: p.ID}
	if !may(by, "lexicon.approve", res) {
		return view.ProposalMay{}
	}
	if p.Proposer == by.Actor.Handle {
		return view.ProposalMay{Own: p.State == watch.Proposed || p.State == watch.Trial || p.State == watch.Live}
	}
	from, posts := p.Ready()
	return view.ProposalMay{Review: p.State == watch.Proposed, Refuse: p.State == watch.Trial, Retire: p.State == watch.Live,
		Live: p.State == watch.Trial && posts == 0 && b.Now() >= from}
}

// proposeForm is GET /lexicon/proposals/new.
func (b *Workbench) proposeForm(w http.ResponseWriter, r *http.Request, by people.Session) error {
	q := r.URL.Query()
	return b.showPropose(w, r, by, view.Form{Values: map[string]string{"text": q.Get("text"), "language": q.Get("language"), "category": q.Get("category"), "evidence": q.Get("evidence")}}, http.StatusOK)
}

func (b *Workbench) showPropose(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	if err := people.Allow(by.Actor, "lexicon.propose", access.Resource{Kind: "lexicon"}); err != nil {
		return err
	}
	now, err := b.Watch.Current(r.Context())
	if err != nil {
		return err
	}
	l := b.words(r)
	_, _, families := kinds(now)
	return b.show(w, r, status, view.ProposePage{Work: b.frame(r, by), Form: form, Languages: languageOptions(l, append(lexicon.Languages(), "mul")),
		Categories: categoryOptions(l, flagCategories()), Families: familyOptions(l, families), Days: trialDays, Posts: watch.TrialPosts})
}

// trialDays is the shortest silent trial, in days.
const trialDays = int(watch.TrialFor / 86_400_000_000)

// propose is POST /lexicon/proposals.
func (b *Workbench) propose(w http.ResponseWriter, r *http.Request, by people.Session) error {
	f := r.PostForm
	id, err := b.Watch.Propose(r.Context(), by.Actor, watch.Code{Language: f.Get("language"), Category: f.Get("category"), Family: f.Get("family"),
		Sense: strings.TrimSpace(f.Get("sense")), Text: strings.TrimSpace(f.Get("text")), Innocent: readings(f.Get("innocent")), Evidence: strings.TrimSpace(f.Get("evidence"))})
	if found, ok := problems(b.words(r), err); ok {
		return b.showPropose(w, r, by, view.Form{Values: values(r), Problems: found}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/lexicon/proposals/"+id, "proposed")
}

// readings reads innocent readings as they are typed: one a line, its name, a
// colon, and the words that show it.
func readings(text string) (out []lexicon.InnocentReading) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		name, words, _ := strings.Cut(line, ":")
		in := lexicon.InnocentReading{Reading: strings.TrimSpace(name)}
		for _, word := range strings.Split(words, ",") {
			if word = strings.TrimSpace(word); word != "" {
				in.Words = append(in.Words, word)
			}
		}
		out = append(out, in)
	}
	return out
}

// openProposal is GET /lexicon/proposals/{id}.
func (b *Workbench) openProposal(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showProposal(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showProposal(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	p, err := b.Watch.Proposal(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.ProposalPage{Work: b.frame(r, by), ID: p.ID, Form: form, State: string(p.State), Text: p.Text, Sense: senseWord(l, p.Sense), Tongue: p.Language, Category: p.Category,
		Family: familyWord(l, p.Family), Innocent: innocents(p.Innocent), Evidence: p.Evidence, By: p.Proposer, At: b.time(p.ProposedAt), Reviewer: p.Reviewer,
		LiveAt: b.time(p.LiveAt), Ended: b.time(p.EndedAt), May: b.proposalMay(p, by)}
	from, more := p.Ready()
	page.Trial = view.Trial{Began: b.time(p.TrialAt), Until: b.time(from), Posts: int(p.Counts.Posts), Hits: int(p.Counts.Hits), Flagged: int(p.Counts.Flagged),
		MorePosts: int(more), Days: trialDays, Need: watch.TrialPosts, Ready: more == 0 && b.Now() >= from}
	page.Retires = p.Retires
	if (p.State == watch.Live) != p.Retires && (p.State == watch.Live || p.State == watch.Retired || p.State == watch.Proposed) {
		page.Entry = &view.Link{Text: l.T("proposal.entry"), Href: entryHref(p.Entry())}
	}
	events, err := b.Ledger.ReadPage(r.Context(), historyOf("watch_proposals", p.ID))
	if err != nil {
		return err
	}
	for _, e := range events {
		page.History = append(page.History, b.step(r, e))
	}
	return b.show(w, r, status, page)
}

// proposalForm shows the proposal again when a step can be mended, or is
// refused for a reason that people can read.
func (b *Workbench) proposalForm(w http.ResponseWriter, r *http.Request, by people.Session, done string, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		return b.showProposal(w, r, by, view.Form{Values: values(r), Problems: found}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/lexicon/proposals/"+r.PathValue("id"), done)
}

// reviewProposal is POST /lexicon/proposals/{id}/review: let the silent trial
// begin, or refuse.
func (b *Workbench) reviewProposal(w http.ResponseWriter, r *http.Request, by people.Session) error {
	agree := r.PostFormValue("agree") == "yes"
	done := map[bool]string{true: "trial-begun", false: "proposal-refused"}[agree]
	if agree && r.PostFormValue("retires") == "yes" {
		done = "proposal-retired"
	}
	return b.proposalForm(w, r, by, done, b.Watch.Review(r.Context(), by.Actor, r.PathValue("id"), agree, r.PostFormValue("reason")))
}

func (b *Workbench) proposalLive(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.proposalForm(w, r, by, "proposal-live", b.Watch.GoLive(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("reason")))
}

func (b *Workbench) retireProposal(w http.ResponseWriter, r *http.Request, by people.Session) error {
	done := "proposal-retired"
	if r.PostFormValue("retires") == "yes" {
		done = "entry-back"
	}
	return b.proposalForm(w, r, by, done, b.Watch.Retire(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("reason")))
}
