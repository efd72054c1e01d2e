package web

import (
	"net/http"
	"net/url"

	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// candidates is GET /lexicon/candidates: words that could be new codes.
func (b *Workbench) candidates(w http.ResponseWriter, r *http.Request, by people.Session) error {
	list, err := b.Watch.Candidates(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.CandidatesPage{Work: b.frame(r, by), Least: watch.CandidateLeast, Beside: watch.CandidateNear}
	for _, c := range list {
		row := view.CandidateRow{Text: c.Text, Tongue: c.Language, Category: c.Category, Offers: c.Offers, OfOffers: c.OfOffers, Others: c.Others, OfOthers: c.OfOthers}
		for _, f := range c.Beside {
			row.Beside = append(row.Beside, familyWord(l, f))
		}
		q := url.Values{"text": {c.Text}, "language": {c.Language}, "category": {c.Category}, "evidence": {l.T("candidates.evidence",
			"offers", l.Num(c.Offers), "of_offers", l.Num(c.OfOffers), "others", l.Num(c.Others), "of_others", l.Num(c.OfOthers), "beside", l.List(row.Beside))}}
		row.Propose = "/lexicon/proposals/new?" + q.Encode()
		page.Rows = append(page.Rows, row)
	}
	return b.show(w, r, http.StatusOK, page)
}
