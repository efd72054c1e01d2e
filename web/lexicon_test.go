package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/watch"
)

// An analyst proposes a code on the pages, another lets it be tried and go
// live, a third look retires it; the list shows what is live at each moment.
func TestACodeGoesItsWayOnThePages(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.Specialised, access.MandateAuthority, access.Auditor)
	first, other := o.staff[access.WatchAnalyst], o.staff[access.Specialised]
	listed := func() bool {
		w := o.ask(first, "GET", "/lexicon?q=zibeline", nil)
		return strings.Contains(w.Body.String(), "/lexicon/entry?id=fr%2Fdrugs-offer%2Fproduct%2Fzibeline")
	}
	form := url.Values{"language": {"fr"}, "category": {"drugs-offer"}, "family": {"product"}, "sense": {"powder"}, "text": {"zibeline"},
		"innocent": {"fourrure: manteau, col\n\n"}, "evidence": {"trois alertes confirmées"}}
	bad := url.Values{"language": {"fr"}, "category": {"drugs-offer"}, "family": {"product"}, "sense": {"powder"}, "text": {"neige"}, "evidence": {"trois alertes"}}
	if w := o.ask(first, "POST", "/lexicon/proposals", bad); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "déjà cette entrée") {
		t.Errorf("what the lexicon has: %d", w.Code)
	}
	w := o.ask(first, "POST", "/lexicon/proposals", form)
	page, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(page, "/lexicon/proposals/pro_") {
		t.Fatalf("proposed: %d %s", w.Code, page)
	}
	if body := o.ask(first, "GET", page, nil).Body.String(); !strings.Contains(body, "manteau, col") || strings.Contains(body, page+"/review") {
		t.Error("the proposer is offered the review, or the readings are lost")
	}
	if body := o.ask(other, "GET", "/lexicon", nil).Body.String(); !strings.Contains(body, "1 proposition attend") {
		t.Error("nobody is told that a proposal waits")
	}
	step := func(what string, form url.Values, want int) string {
		t.Helper()
		w := o.ask(other, "POST", page+what, form)
		if w.Code != want {
			t.Fatalf("%s: %d, want %d", what, w.Code, want)
		}
		return w.Body.String()
	}
	step("/review", url.Values{"agree": {"yes"}, "reason": {"vu aussi"}}, http.StatusSeeOther)
	if text := step("/live", url.Values{"reason": {"assez vu"}}, http.StatusUnprocessableEntity); !strings.Contains(text, "trop court") && !strings.Contains(text, "1000") {
		t.Errorf("too early, and not told why: %s", text)
	}
	if o.ask(first, "POST", page+"/live", url.Values{"reason": {"assez vu"}}).Code != http.StatusForbidden {
		t.Error("the proposer let it go live")
	}
	m := o.mandateRow()
	must(t, o.Mandates.Approve(ctx, o.staff[access.MandateAuthority].Actor, m.id))
	full, err := o.Mandates.Open(ctx, first.Actor, m.id)
	must(t, err)
	permit, err := o.Mandates.Permit(ctx, m.id, "match", full.Sources[0].ID)
	must(t, err)
	_, err = o.Watch.Judge(ctx, permit, slices.Repeat([]channel.Post{{Text: "manteau de zibeline", Lang: "fr"}}, watch.TrialPosts))
	must(t, err)
	must(t, o.db.Write(ctx, func(tx *db.Tx) error { // eight days ago; sessions would not live so long
		_, err := tx.Exec(ctx, "UPDATE watch_proposals SET trial_at = trial_at - $1", (8 * 24 * time.Hour).Microseconds())
		return err
	}))
	if listed() {
		t.Error("a code on trial is listed as live")
	}
	step("/live", url.Values{"reason": {"assez vu"}}, http.StatusSeeOther)
	if !listed() {
		t.Error("a live code is not listed")
	}
	entry := o.ask(other, "GET", "/lexicon/entry?id=fr%2Fdrugs-offer%2Fproduct%2Fzibeline", nil)
	if entry.Code != http.StatusOK || !strings.Contains(entry.Body.String(), "manteau, col") {
		t.Errorf("its page: %d", entry.Code)
	}
	step("/retire", url.Values{"reason": {"ne se dit plus"}}, http.StatusSeeOther)
	if listed() {
		t.Error("a retired code is listed as live")
	}
}

// The figures and the bulletin say how sure they are and tell of words only.
func TestFiguresAndBulletinOnThePages(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.MandateAuthority, access.PatrolOfficer)
	analyst := o.staff[access.WatchAnalyst]
	for i := range 12 {
		r := o.alertRow()
		v := watch.VerdictOffer
		if i%4 == 0 {
			v = watch.VerdictHarmless
		}
		must(t, o.Watch.Verdict(ctx, analyst.Actor, r.id, v, "vu de près"))
	}
	body := o.ask(analyst, "GET", "/lexicon/figures", nil).Body.String()
	for _, want := range []string{"75", "<svg", "47", "91"} { // Wilson: 9 of 12 is 47 to 91
		if !strings.Contains(body, want) {
			t.Errorf("the figures do not say %q", want)
		}
	}
	csv := o.ask(analyst, "GET", "/lexicon/figures.csv", nil).Body.String()
	if !strings.Contains(csv, "category,drugs-offer,9,3,0,0.750,0.468,0.911") || !strings.Contains(csv, "language,fr,9,3,0") {
		t.Errorf("%s", csv)
	}
	w := o.ask(analyst, "GET", "/lexicon/bulletin.json", nil)
	var b watch.Bulletin
	must(t, json.Unmarshal(w.Body.Bytes(), &b))
	if len(b.Categories) != 1 || b.Categories[0].Verdicts != 12 || strings.Contains(w.Body.String(), o.approved) {
		t.Errorf("%s", w.Body)
	}
	if page := o.ask(analyst, "GET", "/lexicon/bulletin", nil); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "75") {
		t.Errorf("bulletin: %d", page.Code)
	}
	if w := o.ask(o.staff[access.PatrolOfficer], "GET", "/lexicon/figures", nil); w.Code != http.StatusNotFound {
		t.Errorf("an officer reads figures: %d", w.Code)
	}
	entry := o.ask(analyst, "GET", "/lexicon/entry?id=fr%2Fdrugs-offer%2Fproduct%2Fneige", nil).Body.String()
	if !strings.Contains(entry, "75") || !strings.Contains(entry, "47") || !strings.Contains(entry, "91") {
		t.Error("the entry does not say how sure its precision is")
	}
}

// A cell of the figures is never a formula of a spreadsheet.
func TestFiguresAreNoFormulas(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "+x": "'+x", "neige": "neige", "": ""} {
		if got := plainCell(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// An entry that was loaded is retired on the pages by two, and comes back.
func TestALoadedEntryIsRetiredOnThePages(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.Specialised, access.Auditor)
	first, other := o.staff[access.WatchAnalyst], o.staff[access.Specialised]
	const entry, address = "fr/drugs-offer/product/neige", "/lexicon/entry?id=fr%2Fdrugs-offer%2Fproduct%2Fneige"
	there := func() bool { return o.ask(first, "GET", address, nil).Code == http.StatusOK }
	if body := o.ask(first, "GET", address, nil).Body.String(); !strings.Contains(body, "/lexicon/retirements") {
		t.Fatal("an analyst cannot propose that an entry be retired")
	}
	if body := o.ask(o.staff[access.Auditor], "GET", address, nil).Body.String(); strings.Contains(body, "/lexicon/retirements") {
		t.Error("an auditor is offered to propose")
	}
	if w := o.ask(first, "POST", "/lexicon/retirements", url.Values{"entry": {entry}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="p-evidence"`) {
		t.Errorf("without a reason: %d", w.Code)
	}
	w := o.ask(first, "POST", "/lexicon/retirements", url.Values{"entry": {entry}, "evidence": {"douze alertes anodines"}})
	page, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := o.ask(first, "POST", "/lexicon/retirements", url.Values{"entry": {entry}, "evidence": {"encore une fois"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("proposed twice: %d", w.Code)
	}
	yes := url.Values{"agree": {"yes"}, "retires": {"yes"}, "reason": {"vu aussi"}}
	if w := o.ask(first, "POST", page+"/review", yes); w.Code != http.StatusForbidden || !there() {
		t.Errorf("its proposer decides: %d", w.Code)
	}
	if w := o.ask(other, "POST", page+"/review", yes); w.Code != http.StatusSeeOther || there() {
		t.Errorf("agreed: %d", w.Code)
	}
	if body := o.ask(other, "GET", page, nil).Body.String(); !strings.Contains(body, "en vigueur") || !strings.Contains(body, page+"/retire") {
		t.Error("its page does not say that it is in effect, or offers no way back")
	}
	if w := o.ask(other, "POST", page+"/retire", url.Values{"retires": {"yes"}, "reason": {"revue cette semaine"}}); w.Code != http.StatusSeeOther || !there() {
		t.Errorf("brought back: %d", w.Code)
	}
}
