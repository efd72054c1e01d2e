package web

import (
	"net/http"
	"slices"
	"time"

	"ronde/internal/errs"
	"ronde/patrol"
	"ronde/people"
	"ronde/web/view"
)

func (b *Workbench) trainingRow(t patrol.Training) view.TrainingRow {
	out := view.TrainingRow{ID: t.ID, Handle: t.Handle, Name: t.Name, Ends: b.time(t.Ends), State: "over"}
	switch now := b.Now(); {
	case t.Gone != 0:
		out.State = "gone"
	case t.Soon(now):
		out.State = "soon"
	case t.Holds(now):
		out.State = "valid"
	}
	return out
}

func (b *Workbench) trainingPage(r *http.Request, by people.Session) (view.TrainingPage, error) {
	page := view.TrainingPage{Work: b.frame(r, by), Form: view.Form{Values: values(r)}}
	l := b.words(r)
	list, needs, err := b.Patrol.Trained(r.Context(), by.Actor)
	if err != nil {
		return page, err
	}
	for _, t := range list {
		page.Rows = append(page.Rows, b.trainingRow(t))
	}
	for _, act := range patrol.Acts {
		i := slices.IndexFunc(needs, func(n patrol.Need) bool { return n.Act == act })
		row := view.NeedRow{Act: act}
		if i >= 0 {
			row.Training = needs[i].Training
		}
		page.Needs = append(page.Needs, row)
	}
	page.NeedOf = []view.Option{{Label: l.T("training.nothing")}}
	for _, t := range patrol.Trainings {
		page.Trainings = append(page.Trainings, view.Option{Value: t, Label: l.T("word.training." + t)})
	}
	page.NeedOf = append(page.NeedOf, page.Trainings...)
	staff, err := b.People.List(r.Context(), by.Actor)
	for _, a := range staff {
		if a.State == people.Active {
			page.People = append(page.People, view.Option{Value: a.Handle, Label: a.Handle})
		}
	}
	return page, err
}

// training is GET /training.
func (b *Workbench) training(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.trainingPage(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) trainingForm(w http.ResponseWriter, r *http.Request, by people.Session, err error) error {
	if found, ok := problems(b.words(r), err); ok {
		page, err := b.trainingPage(r, by)
		if err != nil {
			return err
		}
		page.Form.Problems = found
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return after(w, r, "/training", "training")
}

// giveTraining is POST /training; the last day counts whole.
func (b *Workbench) giveTraining(w http.ResponseWriter, r *http.Request, by people.Session) error {
	day, err := time.ParseInLocation(time.DateOnly, r.PostFormValue("ends"), b.Zone)
	if err != nil {
		return b.trainingForm(w, r, by, errs.Field("ends", "err.patrol.ends_day", "give training: not a day"))
	}
	return b.trainingForm(w, r, by, b.Patrol.GiveTraining(r.Context(), by.Actor, r.PostFormValue("handle"), r.PostFormValue("training"), day.AddDate(0, 0, 1).UnixMicro()))
}

// endTraining is POST /training/{id}/end.
func (b *Workbench) endTraining(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.trainingForm(w, r, by, b.Patrol.EndTraining(r.Context(), by.Actor, r.PathValue("id")))
}

// setNeed is POST /training/needs.
func (b *Workbench) setNeed(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.trainingForm(w, r, by, b.Patrol.SetNeed(r.Context(), by.Actor, r.PostFormValue("act"), r.PostFormValue("need")))
}
