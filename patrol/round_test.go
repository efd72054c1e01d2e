package patrol_test

import (
	"testing"
	"time"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/patrol"
)

var mate = access.Actor{Person: "per_two", Handle: "P-8", Unit: "uni_1", Roles: []access.Role{access.PatrolOfficer}}

// An officer asks a group's administrator, walks a round there, and what came
// of it is counted. The public knows only what the organisation and the
// officer both say.
func TestARound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c, patrol.Setting{RoundsShown: []string{"discord"}})
		in := patrol.RoundIn{Platform: "discord", Purpose: "presence", Shown: true}
		if _, err := h.StartRound(ctx, officer, in); errs.FieldOf(err) == "" {
			t.Errorf("a round without a card: %v", err)
		}
		card := h.card(t, "Agente Noor 4107", officer)
		h.card(t, "Agent Elias 4112", mate)
		adm, err := h.AskAdmission(ctx, officer, "discord", "Joueurs de la tante Ursule", "https://discord.example/ursule")
		must(t, err)
		in.Admission = adm
		if _, err := h.StartRound(ctx, officer, in); errs.FieldOf(err) != "admission" {
			t.Errorf("a round before the answer: %v", err)
		}
		c.Move(time.Hour)
		must(t, h.AnswerAdmission(ctx, officer, adm, patrol.Admitted))
		if err := h.AnswerAdmission(ctx, officer, adm, patrol.Refused); errs.FieldOf(err) != "state" {
			t.Errorf("refused after admitted: %v", err)
		}
		round, err := h.StartRound(ctx, officer, in)
		must(t, err)
		if _, err := h.StartRound(ctx, officer, in); !errs.Is(err, errs.Conflict) {
			t.Errorf("two rounds at once: %v", err)
		}
		if _, err := h.StartRound(ctx, mate, patrol.RoundIn{Platform: "instagram", Purpose: "questions", Shown: true}); errs.FieldOf(err) != "shown" {
			t.Errorf("shown where nobody is to know: %v", err)
		}
		_, err = h.StartRound(ctx, mate, patrol.RoundIn{Platform: "instagram", Purpose: "questions"})
		must(t, err)
		now, err := h.RoundsNow(ctx)
		must(t, err)
		if len(now) != 1 || now[0].Platform != "discord" || now[0].Officer.ID != card.ID {
			t.Errorf("%+v", now)
		}
		for _, outcome := range []string{"", "advice", "advice", "child-welfare"} {
			must(t, h.CountContact(ctx, officer, round, outcome))
		}
		if err := h.CountContact(ctx, mate, round, ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("another officer's round: %v", err)
		}
		if err := h.CountContact(ctx, officer, round, "arrest"); errs.FieldOf(err) != "outcome" {
			t.Errorf("no such outcome: %v", err)
		}
		must(t, h.EndRound(ctx, officer, round))
		if err := h.CountContact(ctx, officer, round, ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("after the end: %v", err)
		}
		list, err := h.Rounds(ctx, officer)
		must(t, err)
		if len(list) != 2 || list[0].Ended != 0 || list[1].Contacts != 4 || list[1].Outcomes["advice"] != 2 || list[1].Group != "Joueurs de la tante Ursule" || !list[1].Mine || list[0].Mine {
			t.Errorf("%+v", list)
		}
		if now, _ := h.RoundsNow(ctx); len(now) != 0 {
			t.Errorf("still there: %+v", now)
		}
		c.Move(patrol.RoundMost + time.Second)
		if did, err := h.EndForgotten(ctx); did != 1 || err != nil {
			t.Errorf("%d %v", did, err)
		}
		// The group's name is forgotten a year after we left.
		must(t, h.AnswerAdmission(ctx, mate, adm, patrol.LeftGroup))
		if did, err := h.ForgetAdmissions(ctx); did != 0 || err != nil {
			t.Errorf("too early: %d %v", did, err)
		}
		c.Move(patrol.KeepAdmission + time.Hour)
		if did, err := h.ForgetAdmissions(ctx); did != 1 || err != nil {
			t.Errorf("%d %v", did, err)
		}
		asked, err := h.Admissions(ctx, officer)
		must(t, err)
		if a := asked[0]; a.Group != "" || a.State != patrol.LeftGroup || a.Officer != card.Name || a.Asked == 0 || a.Answered == 0 {
			t.Errorf("%+v", a)
		}
		if _, err := h.Rounds(ctx, analyst); err == nil {
			t.Error("an analyst reads the rounds")
		}
	})
}
