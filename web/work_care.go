package web

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

// heavy are the pages on which heavy material is looked at.
var heavy = []string{"GET /alerts/{id}", "GET /exhibits/{id}", "GET /files/{id}", "POST /files/{id}/look", "GET /guarded/{id}"}

// maxEyes bounds who is remembered at one time.
const maxEyes = 5000

// eyes remembers, in memory, since when somebody looks at a heavy page, and how
// they want such pages shown. It is safe for concurrent use.
type eyes struct {
	mu   sync.Mutex // guards the rest
	look map[string]int64
	own  map[string]ownCalm
}

type ownCalm struct {
	patrol.Welfare
	read int64 // microseconds UTC
}

// calmFresh is how long one's own settings are believed.
const calmFresh = time.Minute

// turn ends a look, if one went on, and begins another on a heavy page.
func (e *eyes) turn(person string, now int64, onHeavy bool) (looked time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if since, ok := e.look[person]; ok {
		looked = time.Duration(now-since) * time.Microsecond
	}
	delete(e.look, person)
	if e.look == nil || len(e.look) >= maxEyes {
		e.look = map[string]int64{}
	}
	if onHeavy {
		e.look[person] = now
	}
	return looked
}

// watchOver counts the time of who asks, for them alone.
func (b *Workbench) watchOver(r *http.Request, by people.Session) {
	looked := b.eyes.turn(by.Actor.Person, b.Now(), slices.Contains(heavy, r.Pattern))
	if looked < time.Second {
		return
	}
	if err := b.Patrol.Looked(r.Context(), by.Actor, looked); err != nil {
		b.Log.Error("count time of looking", "error", err)
	}
	b.eyes.drop(by.Actor.Person)
}

func (e *eyes) drop(person string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.own, person)
}

// welfare is one's own, read at most once a minute.
func (b *Workbench) welfare(r *http.Request, by people.Session) patrol.Welfare {
	if by.Actor.Person == "" {
		return patrol.Welfare{}
	}
	b.eyes.mu.Lock()
	own, ok := b.eyes.own[by.Actor.Person]
	b.eyes.mu.Unlock()
	if ok && b.Now()-own.read < calmFresh.Microseconds() {
		return own.Welfare
	}
	w, err := b.Patrol.Welfare(r.Context(), by.Actor)
	if err != nil {
		b.Log.Error("read welfare", "error", err)
		return w
	}
	b.eyes.mu.Lock()
	defer b.eyes.mu.Unlock()
	if b.eyes.own == nil || len(b.eyes.own) >= maxEyes {
		b.eyes.own = map[string]ownCalm{}
	}
	b.eyes.own[by.Actor.Person] = ownCalm{w, b.Now()}
	return w
}

// calmClasses are what the style sheet knows one's wishes by.
func calmClasses(c patrol.Calm) string {
	var out []string
	if c.Blur {
		out = append(out, "calm-blur")
	}
	if c.Grey {
		out = append(out, "calm-grey")
	}
	if c.Mute {
		out = append(out, "calm-mute")
	}
	return strings.Join(out, " ")
}

// care is GET /care: one's own page, which nobody else has.
func (b *Workbench) care(w http.ResponseWriter, r *http.Request, by people.Session) error {
	b.eyes.drop(by.Actor.Person)
	own := b.welfare(r, by)
	l := b.words(r)
	page := view.CarePage{Work: b.frame(r, by), Hour: own.Hour, Today: own.Today, Week: own.Week, Form: view.Form{Values: map[string]string{}}}
	for name, on := range map[string]bool{"blur": own.Blur, "grey": own.Grey, "mute": own.Mute} {
		if on {
			page.Form.Values["calm="+name] = "on"
		}
	}
	for _, name := range []string{"blur", "grey", "mute"} {
		page.Shown = append(page.Shown, view.Option{Value: name, Label: l.T("word.calm." + name), Hint: l.T("word.calmhint." + name)})
	}
	trainings, needs, err := b.Patrol.OwnTrainings(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	for _, t := range trainings {
		page.Trainings = append(page.Trainings, b.trainingRow(t))
	}
	for _, n := range needs {
		if n.Training != "" {
			held := slices.ContainsFunc(trainings, func(t patrol.Training) bool { return t.Name == n.Training && t.Holds(b.Now()) })
			page.Needs = append(page.Needs, view.NeedRow{Act: n.Act, Training: n.Training, Held: held})
		}
	}
	came, err := b.Cases.WhatCame(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	for _, c := range came {
		prefix := map[string]string{"alert": "A", "conversation": "C"}[c.Kind]
		page.Came = append(page.Came, view.CameRow{Kind: c.Kind, Ref: ref(prefix, c.ID), Outcome: l.T("case.close_as." + c.Outcome), At: b.time(c.At)})
	}
	slices.SortFunc(page.Came, func(a, b view.CameRow) int { return b.At.Compare(a.At) })
	return b.show(w, r, http.StatusOK, page)
}

// setCalm is POST /care.
func (b *Workbench) setCalm(w http.ResponseWriter, r *http.Request, by people.Session) error {
	on := r.PostForm["calm"]
	c := patrol.Calm{Blur: slices.Contains(on, "blur"), Grey: slices.Contains(on, "grey"), Mute: slices.Contains(on, "mute")}
	if err := b.Patrol.SetCalm(r.Context(), by.Actor, c); err != nil {
		return err
	}
	b.eyes.drop(by.Actor.Person)
	return after(w, r, "/care", "care")
}

// forgetLooked is POST /care/forget.
func (b *Workbench) forgetLooked(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := b.Patrol.ForgetLooked(r.Context(), by.Actor); err != nil {
		return err
	}
	b.eyes.drop(by.Actor.Person)
	return after(w, r, "/care", "care")
}
