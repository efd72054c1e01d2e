package app

import (
	"context"
	"time"

	"ronde/patrol"
)

// thePatrol is a week of the patrol: shifts, a round with a group that let us
// in, an impostor followed up, a correction read by two, a code given in a chat.
func (s *story) thePatrol(ctx context.Context) error {
	for _, step := range []func(context.Context) error{s.roster, s.round, s.impostor, s.correction, s.codeInAChat, s.evening, s.trained} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) card(ctx context.Context, name string) (patrol.Officer, error) {
	all, err := s.Patrol.Officers(ctx)
	if err != nil {
		return patrol.Officer{}, err
	}
	for _, o := range all {
		if o.Name == name {
			return o, nil
		}
	}
	return patrol.Officer{}, must(false, "the card of %s", name)
}

func (s *story) roster(ctx context.Context) error {
	maud, noor := s.As("maud"), s.As("noor")
	o, err := s.card(ctx, "Agente Noor 4107")
	if err != nil {
		return err
	}
	next := time.UnixMicro(s.Now()).In(s.zone).AddDate(0, 0, 7)
	n, err := s.Patrol.PlanShifts(ctx, maud, patrol.ShiftIn{Week: next.Format(time.DateOnly), Days: []string{"mon", "wed"}, Times: "09:00-12:00 13:30-17:00", Weeks: 2,
		Channel: "instagram", Languages: []string{"fr"}, Purpose: "answer", Officer: o.ID})
	if err != nil {
		return err
	}
	if err := s.Patrol.SaveTemplate(ctx, maud, next.Format(time.DateOnly), "Semaine d’automne"); err != nil {
		return err
	}
	if err := s.Patrol.AddHoliday(ctx, maud, next.AddDate(0, 1, 0).Format(time.DateOnly), "Jour de la ville"); err != nil {
		return err
	}
	away := next.AddDate(0, 0, 14).Format(time.DateOnly)
	if err := s.Patrol.ReportAbsence(ctx, noor, "", away, away); err != nil {
		return err
	}
	if _, err := s.Patrol.NewFeed(ctx, noor); err != nil {
		return err
	}
	s.say("%d shifts are planned; the public hours follow from them, why somebody is away is asked nowhere", n)
	return must(n == 8, "eight shifts, got %d", n)
}

func (s *story) round(ctx context.Context) error {
	noor := s.As("noor")
	group, err := s.Patrol.AskAdmission(ctx, noor, "discord", "Serveur des lycéens de Valombre", "")
	if err != nil {
		return err
	}
	_, err = s.Patrol.StartRound(ctx, noor, patrol.RoundIn{Platform: "discord", Admission: group, Purpose: "presence"})
	if err := must(err != nil, "no round in a group that has not answered"); err != nil {
		return err
	}
	if err := s.Patrol.AnswerAdmission(ctx, noor, group, patrol.Admitted); err != nil {
		return err
	}
	walk, err := s.Patrol.StartRound(ctx, noor, patrol.RoundIn{Platform: "discord", Admission: group, Purpose: "presence"})
	if err != nil {
		return err
	}
	if err := s.Patrol.CountContact(ctx, noor, walk, "advice"); err != nil {
		return err
	}
	s.say("a group's administrator let the patrol in; the round counts contacts, and names nobody")
	return s.Patrol.EndRound(ctx, noor, walk)
}

func (s *story) impostor(ctx context.Context) error {
	if _, err := s.Patrol.ReportImpostor(ctx, patrol.ImpostorIn{Platform: "instagram", Handle: "patrouil1e.valombre"}); err != nil {
		return err
	}
	open, err := s.Patrol.Incidents(ctx, s.As("maud"))
	if err != nil {
		return err
	}
	if err := must(len(open) == 1, "one impostor, got %d", len(open)); err != nil {
		return err
	}
	s.say("an impostor was reported, and the platform told")
	return s.Patrol.TellPlatform(ctx, s.As("maud"), open[0].ID, patrol.Told)
}

func (s *story) correction(ctx context.Context) error {
	noor, maud := s.As("noor"), s.As("maud")
	text, err := s.Patrol.DraftCampaign(ctx, noor, patrol.CampaignIn{Kind: patrol.KindCorrection, Title: "Les contrôles du marché", Aim: "Dire ce qui est vrai avant le week-end.",
		Audience: "Habitants", Claim: "« La police filmera tous les visages au marché. »", Sources: "Arrêté municipal 2026-31 (exemple) | https://ville.valombre.example/arretes/31",
		Texts: []patrol.Text{{Platform: "portal", Language: "fr", Title: "Non, aucun visage n’est filmé", Body: "L’arrêté ne prévoit ni caméra ni reconnaissance de visages au marché."}}})
	if err != nil {
		return err
	}
	if err := s.Patrol.SubmitCampaign(ctx, noor, text); err != nil {
		return err
	}
	c, err := s.Patrol.Campaign(ctx, maud, text)
	if err != nil {
		return err
	}
	s.say("a correction names the claim and its sources, never who said it; a second person let it be published")
	return s.Patrol.ReviewCampaign(ctx, maud, text, c.Revision, true, patrol.ChecksOf(patrol.KindCorrection), "")
}

func (s *story) codeInAChat(ctx context.Context) error {
	code, err := s.Patrol.MakeCode(ctx, s.As("noor"), "discord")
	if err != nil {
		return err
	}
	v, err := s.Patrol.CheckCode(ctx, "story", code.Figures)
	if err != nil {
		return err
	}
	_, err = s.Patrol.CheckCode(ctx, "story", code.Figures)
	s.say("a code given in a chat told the citizen: %s; a second time it tells nothing", v.Officer.Name)
	if err := must(err != nil, "a code to work once"); err != nil {
		return err
	}
	_, err = s.Patrol.MakeCode(ctx, s.As("noor"), "instagram") // not used yet when the day ends
	return err
}

func (s *story) trained(ctx context.Context) error {
	maud := s.As("maud")
	year := s.Now() + (365 * 24 * time.Hour).Microseconds()
	if err := s.Patrol.GiveTraining(ctx, maud, s.As("noor").Handle, "patrol", year); err != nil {
		return err
	}
	return s.Patrol.SetNeed(ctx, maud, patrol.ActWalk, "patrol")
}

// evening is an announced stream, and a school that asks for a talk.
func (s *story) evening(ctx context.Context) error {
	maud := s.As("maud")
	noor, err := s.card(ctx, "Agente Noor 4107")
	if err != nil {
		return err
	}
	elias, err := s.card(ctx, "Agent Elias 4112")
	if err != nil {
		return err
	}
	day := time.UnixMicro(s.Now()).In(s.zone).AddDate(0, 0, 10).Format(time.DateOnly)
	e, err := s.Patrol.PlanEvent(ctx, maud, patrol.EventIn{Kind: "stream", Title: "Posez vos questions en direct", About: "Une heure de jeu et de questions.", Rules: "Restez aimable.\nPas de secrets en public.",
		Language: "fr", Channel: "twitch", Day: day, From: "18:00", To: "19:30", Officer: noor.ID, Second: elias.ID, Chat: true, Capacity: 40})
	if err != nil {
		return err
	}
	if err := s.Patrol.PublishEvent(ctx, maud, e.ID); err != nil {
		return err
	}
	code, err := s.Patrol.AskTalk(ctx, "story", "a form", patrol.BookingIn{Kind: "class", Language: "fr", Org: "Collège des Tilleuls (inventé)", Name: "Mme Aubrac", Place: "Valombre", Text: "Deux classes de 5e, sur le harcèlement en ligne.", Heads: 52})
	if err != nil {
		return err
	}
	s.say("a stream is announced with a second officer on its chat; a school asked for a talk and holds the code %s…", code[:4])
	return nil
}
