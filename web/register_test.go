package web

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/mandate"
	"ronde/watch"
)

// portalOf is the public door over the office's rooms.
func (o *office) portalOf() *Portal {
	return &Portal{Public: Public{Org: "Police de Valombre", Contact: "veille@valombre.example", Authority: "Autorité de Valombre"}, Patrol: o.Patrol, Desk: o.Desk,
		Mandates: o.Mandates, Watch: o.Watch, Oversight: o.Oversight, Lexicon: o.Lexicon, Views: o.Views, Words: o.Words, Zone: time.UTC, Now: o.clock.Now, Log: o.Log, Secret: o.Secret}
}

// The public register says what is live and how well it does, late, and has
// every field that the standard asks for; of a mandate it says nothing.
func TestRegisterIsMadeFromWhatIsLive(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.MandateAuthority, access.PatrolOfficer)
	analyst := o.staff[access.WatchAnalyst]
	for i := range 20 {
		v := watch.VerdictOffer
		if i%4 == 0 {
			v = watch.VerdictHarmless
		}
		must(t, o.Watch.Verdict(ctx, analyst.Actor, o.alertRow().id, v, "vu de près"))
	}
	door := o.portalOf().Handler()
	public := func(path string) string {
		w := httptest.NewRecorder()
		door.ServeHTTP(w, httptest.NewRequest("GET", "http://portal.test"+path, nil))
		if w.Code != 200 {
			t.Fatalf("%s: %d", path, w.Code)
		}
		return w.Body.String()
	}
	page := public("/register")
	for _, want := range []string{o.Lexicon.Hash()[:12], "veille@valombre.example", "Autorité de Valombre", "trop peu d’alertes"} {
		if !strings.Contains(page, want) {
			t.Errorf("the register does not say %q", want)
		}
	}
	m, err := o.Mandates.Open(ctx, analyst.Actor, o.approved)
	must(t, err)
	inside := o.ask(analyst, "GET", "/registers", nil).Body.String()
	if !strings.Contains(inside, m.Purpose) || !strings.Contains(inside, "15 étaient justes") || !strings.Contains(inside, m.Act) || !strings.Contains(inside, m.DPIA) {
		t.Errorf("the analyst's record of the mandate: %s", inside)
	}
	if officer := o.ask(o.staff[access.PatrolOfficer], "GET", "/registers", nil).Body.String(); strings.Contains(officer, m.Purpose) || !strings.Contains(officer, o.Lexicon.Hash()[:12]) {
		t.Error("an officer reads a mandate in the register, or not the public record")
	}
	o.clock.Move(91 * 24 * time.Hour)
	for _, text := range []string{public("/register"), public("/register.json")} {
		if strings.Contains(text, m.Purpose) || strings.Contains(text, m.ID) || strings.Contains(text, ref("M", m.ID)) {
			t.Error("the public register tells of a mandate")
		}
	}
	var records []struct {
		Name   string `json:"name"`
		Short  string `json:"short_description"`
		Status string `json:"status"`
		Fields []struct{ Name, Value string }
		By     []struct {
			Verdicts         int
			Share, Low, High float64
		} `json:"precision_by_category"`
	}
	must(t, json.Unmarshal([]byte(public("/register.json")), &records))
	if len(records) != 1 || len(records[0].By) != 1 || records[0].By[0].Verdicts != 20 || records[0].By[0].Share != 0.75 || records[0].Status != "operational" {
		t.Fatalf("%+v", records)
	}
	if n := len(records[0].Fields); n < len(registerFields)+6 {
		t.Errorf("%d fields", n)
	}
	for _, f := range records[0].Fields {
		if f.Value == "" || f.Name == "" || strings.Contains(f.Value, "{") {
			t.Errorf("field %+v", f)
		}
	}
}

func TestAMandateStandsInTheWordsOfTheStandard(t *testing.T) {
	now := int64(1000)
	for want, m := range map[string]*mandate.Mandate{
		"planned": {State: mandate.Draft}, "evaluation": {State: mandate.Suspended}, "retired": {State: mandate.Refused},
	} {
		if got := standing(m, now); got != want {
			t.Errorf("%s: %s", m.State, got)
		}
	}
}
