package web

import (
	"net/http"
	"strings"

	"ronde/access"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// alertResource is an alert as the rules see it.
func alertResource(a *watch.Alert, by people.Session) access.Resource {
	res := access.Resource{Kind: "alert", ID: a.ID, Unit: a.Unit, State: string(a.State), Guarded: a.Guarded()}
	if a.State == watch.Left {
		res.State = access.Leaving
	}
	if a.Asker != "" && a.Asker == by.Actor.Handle {
		res.Drafter = by.Actor.Person
	}
	return res
}

// grade says a grade in words, with the scales to choose another from.
func grade(l *lang.Lang, text string) view.Grade {
	var out view.Grade
	if g, ok := watch.ReadGrade(text); ok {
		out.Value, out.System = g.Source+g.Information, l.T("word.gradesystem."+g.System)
		out.Source, out.Information = gradeWord(l, "source", g.System, g.Source), gradeWord(l, "information", g.System, g.Information)
	}
	for _, s := range watch.GradeSystems {
		scale := view.GradeScale{Name: l.T("word.gradesystem." + s.Name)}
		for _, v := range s.Source {
			scale.Source = append(scale.Source, view.Option{Value: s.Name + " " + v, Label: v + " · " + gradeWord(l, "source", s.Name, v)})
		}
		for _, v := range s.Information {
			scale.Information = append(scale.Information, view.Option{Value: s.Name + " " + v, Label: v + " · " + gradeWord(l, "information", s.Name, v)})
		}
		out.Scales = append(out.Scales, scale)
	}
	return out
}

func gradeWord(l *lang.Lang, side, system, value string) string {
	return l.T("word.grade." + system + "-" + side + "-" + strings.ToLower(value))
}

// typedGrade reads the two lists of the form: both of one system.
func typedGrade(r *http.Request) (string, error) {
	system, source, ok := strings.Cut(r.PostFormValue("source"), " ")
	other, information, ok2 := strings.Cut(r.PostFormValue("information"), " ")
	if !ok || !ok2 {
		return "", errs.Field("grade", "err.alert.ungraded", "read grade: one of the two is missing")
	}
	if system != other {
		return "", errs.Field("grade", "err.alert.grade_systems", "read grade: of two systems")
	}
	return watch.Grade{System: system, Source: source, Information: information}.String(), nil
}

// gradeAlert is POST /alerts/{id}/grade.
func (b *Workbench) gradeAlert(w http.ResponseWriter, r *http.Request, by people.Session) error {
	g, err := typedGrade(r)
	if err == nil {
		err = b.Watch.SetGrade(r.Context(), by.Actor, r.PathValue("id"), g)
	}
	return b.alertForm(w, r, by, "graded", err)
}

// leads are where an alert can go, each with what really happens there.
func leads(l *lang.Lang) (out []view.Option) {
	for _, d := range watch.Destinations {
		out = append(out, view.Option{Value: d, Label: l.T("word.destination." + d), Hint: l.T("alert.room." + d)})
	}
	return out
}

// breakPage is GET /alerts/{id}/glass: the way out for one person alone.
func (b *Workbench) breakPage(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showBreak(w, r, by, view.Form{}, http.StatusOK)
}

func (b *Workbench) showBreak(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, status int) error {
	a, err := b.Watch.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := people.Allow(by.Actor, "alert.ask-leave", alertResource(&a.Alert, by)); err != nil {
		return err
	}
	l := b.words(r)
	return b.show(w, r, status, view.BreakPage{Work: b.frame(r, by), ID: a.ID, Ref: ref("A", a.ID), Category: a.Category, Form: form, Grade: grade(l, a.Grade),
		Leads: leads(l), Hours: int(watch.GlassFor / 3_600_000_000), Letters: watch.MinDanger})
}

// breakGlass is POST /alerts/{id}/glass.
func (b *Workbench) breakGlass(w http.ResponseWriter, r *http.Request, by people.Session) error {
	id := r.PathValue("id")
	a, err := b.Watch.Open(r.Context(), by.Actor, id)
	if err != nil {
		return err
	}
	if err := people.Allow(by.Actor, "alert.ask-leave", alertResource(&a.Alert, by)); err != nil {
		return err
	}
	if r.PostFormValue("danger") != "now" {
		err = errs.Field("danger", "err.alert.danger", "break glass: no danger to life")
	} else {
		err = b.Watch.BreakGlass(r.Context(), by.Actor, id, r.PostFormValue("to"), ungraded(a.Grade), r.PostFormValue("reason"))
	}
	if found, ok := problems(b.words(r), err); ok {
		return b.showBreak(w, r, by, view.Form{Values: values(r), Problems: found}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/alerts/"+id, "glass-broken")
}

// ungraded is the grade of what nobody had the time to grade: neither source
// nor information can be judged.
func ungraded(have string) string {
	if have != "" {
		return ""
	}
	return watch.Grade{System: watch.Admiralty, Source: "F", Information: "6"}.String()
}

// glass is GET /glass: what one person let out alone, for who reviews it.
func (b *Workbench) glass(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.showGlass(w, r, by, view.Form{}, "", http.StatusOK)
}

func (b *Workbench) showGlass(w http.ResponseWriter, r *http.Request, by people.Session, form view.Form, wrong string, status int) error {
	list, err := b.Watch.Glasses(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	l := b.words(r)
	page := view.GlassPage{Work: b.frame(r, by), Form: form, Wrong: wrong}
	opens := may(by, "alert.list", access.Resource{Kind: "alert"})
	for _, g := range list {
		row := view.GlassRow{ID: g.Alert, Ref: ref("A", g.Alert), Category: g.Category, To: g.To, By: g.By, At: b.time(g.BrokenAt), Due: b.time(g.ReviewBy),
			Late: g.Overdue(b.Now()) || g.ReviewedAt > g.ReviewBy, Reason: g.Reason, Own: g.Own, Reviewer: g.Reviewer, Reviewed: b.time(g.ReviewedAt), Review: g.Review}
		if named := grade(l, g.Grade); named.Value != "" {
			row.Grade = named.Value + " (" + named.System + ")"
		}
		if opens {
			row.Href = "/alerts/" + g.Alert
		}
		if g.ReviewedAt != 0 {
			page.Done = append(page.Done, row)
			continue
		}
		row.Left = max(0, row.Due.Sub(b.time(b.Now())))
		page.Waiting = append(page.Waiting, row)
	}
	return b.show(w, r, status, page)
}

// reviewGlass is POST /glass/{id}/review.
func (b *Workbench) reviewGlass(w http.ResponseWriter, r *http.Request, by people.Session) error {
	err := b.Watch.ReviewGlass(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("review"))
	if found, ok := problems(b.words(r), err); ok {
		id := r.PathValue("id")
		for i := range found {
			found[i].Field = ""
		}
		return b.showGlass(w, r, by, view.Form{Values: values(r), Problems: found}, id, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/glass", "glass-reviewed")
}

// homeGlass reminds who reviews: what waits comes first, what is late says so.
func (b *Workbench) homeGlass(r *http.Request, by people.Session, page *view.DashboardPage) error {
	list, err := b.Watch.Glasses(r.Context(), by.Actor)
	if err != nil {
		return err
	}
	var tasks []view.Task
	for _, g := range list {
		if g.ReviewedAt == 0 && !g.Own && len(tasks) < taskRows {
			tasks = append(tasks, view.Task{Kind: "glass-review", Title: ref("A", g.Alert) + " · " + b.words(r).T("word.category."+g.Category), Href: "/glass",
				Due: b.time(g.ReviewBy), Late: g.Overdue(b.Now())})
		}
	}
	page.Tasks = append(tasks, page.Tasks...)
	if len(tasks) > 0 {
		page.Tiles = append([]view.WorkTile{{Name: "glass", Value: len(tasks), Href: "/glass", Urgent: true}}, page.Tiles...)
	}
	return nil
}
