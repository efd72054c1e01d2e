package app

import (
	"context"

	"ronde/channel/logbook"
	"ronde/desk"
	"ronde/patrol"
)

// elsewhere are steps of the story away from the portal: a game that has no
// door for machines, a school that wants a talk, a text and a helpline.
func (s *story) elsewhere(ctx context.Context) error {
	noor, maud := s.As("noor"), s.As("maud")
	if _, err := s.Logbook.Write(ctx, noor, logbook.In{Place: "minecraft", Account: "AgenteNoor", At: s.Now(), Minutes: 45, Talks: 6,
		Outcomes: map[string]int{"advice": 5}, Note: "Serveur public.", Nonce: desk.NewNonce()}); err != nil {
		return err
	}
	if _, err := s.Patrol.AskTalk(ctx, "story", desk.NewNonce(), patrol.BookingIn{Kind: "class", Language: "fr", Org: "Collège du Val", Place: "Valombre", Heads: 50, Text: "Deux classes, sur l’argent facile."}); err != nil {
		return err
	}
	if _, err := s.Desk.DraftText(ctx, maud, desk.TextIn{Name: "Accueil", Lang: "fr", Kind: desk.TextReply, Body: "Bonjour, merci de nous avoir écrit."}); err != nil {
		return err
	}
	talk, err := s.arrive(ctx, desk.Incoming{Text: "Je voudrais parler à quelqu’un, mais pas à la police.", Identify: desk.Anonymous})
	if err != nil {
		return err
	}
	if err := s.Desk.Take(ctx, noor, talk); err != nil {
		return err
	}
	return s.Desk.Refer(ctx, noor, talk, "119", desk.ConsentWriter, "demande d’écoute, sans nom")
}
