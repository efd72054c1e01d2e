package web

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ronde/access"
	"ronde/people"
)

// reader reads a live page as a browser does.
type reader struct {
	t     *testing.T
	lines *bufio.Scanner
	stop  context.CancelFunc
}

func (o *office) watch(by people.Session, path string) (*reader, int) {
	o.t.Helper()
	door := httptest.NewServer(o.door)
	o.t.Cleanup(door.Close)
	ctx, stop := context.WithCancel(ctx)
	o.t.Cleanup(stop)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, door.URL+path, nil)
	must(o.t, err)
	r.Header.Set("Accept", "text/event-stream")
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: by.Token})
	answer, err := http.DefaultClient.Do(r)
	must(o.t, err)
	o.t.Cleanup(func() { answer.Body.Close() })
	return &reader{o.t, bufio.NewScanner(answer.Body), stop}, answer.StatusCode
}

// next is the next event, with its data.
func (r *reader) next() string {
	r.t.Helper()
	for r.lines.Scan() {
		if name, ok := strings.CutPrefix(r.lines.Text(), "event: "); ok {
			r.lines.Scan()
			return name + " " + r.lines.Text()
		}
	}
	r.t.Fatal("the page has ended")
	return ""
}

// A page that is open learns what changed without a word of what was written,
// and ends with the session. It keeps nobody signed in.
func TestLivePages(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer, access.DutyLead)
	by, lead := o.staff[access.PatrolOfficer], o.staff[access.DutyLead]
	con := o.conversation().id
	inbox, status := o.watch(lead, "/inbox/live?show=open")
	if first := inbox.next(); status != http.StatusOK || !strings.Contains(first, con) || strings.Contains(first, "Bonjour") {
		t.Fatalf("%d %s", status, first)
	}
	talk, _ := o.watch(lead, "/inbox/"+con+"/live")
	talk.next()
	inbox.next() // the lead has it open
	must(t, o.Desk.Take(ctx, by.Actor, con))
	if said := inbox.next(); !strings.Contains(said, by.Actor.Handle) {
		t.Fatalf("who has it is not told: %s", said)
	}
	w := o.ask(by, http.MethodPost, "/inbox/"+con+"/draft", url.Values{"message": {"Je réponds"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	for said := talk.next(); !strings.Contains(said, by.Actor.Handle+" écrit") && !strings.Contains(said, by.Actor.Handle+" is writing"); said = talk.next() {
	}
	if _, status := o.watch(people.Session{Token: "none"}, "/inbox/live"); status != http.StatusOK && status != http.StatusGone {
		t.Fatalf("a stranger: %d", status)
	}
	talk.stop()
	_, err := o.People.KillSessions(ctx, o.staff[access.Administrator].Actor, lead.Actor.Person)
	must(t, err)
	o.clock.Move(3 * liveBeat)
	must(t, o.Desk.Note(ctx, by.Actor, con, "vu"))
	if full, _ := o.watch(lead, "/inbox/live"); full.lines.Scan() && strings.Contains(full.lines.Text(), "event") {
		t.Fatal("the session has ended and the page lives")
	}
}
