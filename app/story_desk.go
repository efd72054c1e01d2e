package app

import (
	"context"

	"ronde/desk"
	"ronde/lexicon"
	"ronde/watch"
)

// Steps of the story at the desk: a file, a room, two people before a name is
// opened, threads of one writer.

// arrive is a message that is no part of the first round: its conversation.
func (s *story) arrive(ctx context.Context, in desk.Incoming) (string, error) {
	before, err := s.Desk.Inbox(ctx, s.As("noor"), desk.Filter{})
	if err != nil {
		return "", err
	}
	in.Lang, in.Nonce, in.Caller = "fr", desk.NewNonce(), "story"
	if _, err := s.Desk.Receive(ctx, in); err != nil {
		return "", err
	}
	after, err := s.Desk.Inbox(ctx, s.As("noor"), desk.Filter{})
	if err != nil {
		return "", err
	}
	known := map[string]bool{}
	for _, r := range before.Rows {
		known[r.ID] = true
	}
	for _, r := range after.Rows {
		if !known[r.ID] {
			return r.ID, nil
		}
	}
	return "", must(false, "the message in the inbox")
}

func (s *story) atTheDesk(ctx context.Context) error {
	for _, step := range []func(context.Context) error{s.aFile, s.aRoom, s.twoForAName, s.oneWriter, s.behindAHandle, s.elsewhere} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) aFile(ctx context.Context) error {
	noor := s.As("noor")
	talk, err := s.arrive(ctx, desk.Incoming{Text: "Voici la capture du faux compte, avec la lettre qui change.", Identify: desk.Anonymous,
		Files: []desk.Upload{{Name: "capture.png", Type: "image/png", Bytes: samplePhoto(0)}}})
	if err != nil {
		return err
	}
	if err := s.Desk.Take(ctx, noor, talk); err != nil {
		return err
	}
	t, err := s.Desk.Open(ctx, noor, talk)
	if err != nil {
		return err
	}
	files := 0
	for _, m := range t.Messages {
		files += len(m.Files)
	}
	s.say("a picture came with a message: its original is sealed, it stands covered until an officer asks")
	return must(files == 1, "one file in the conversation, got %d", files)
}

func (s *story) aRoom(ctx context.Context) error {
	elias := s.As("elias")
	talk, err := s.arrive(ctx, desk.Incoming{Text: "Je voudrais vous parler sans que ça reste dans ma messagerie.", Identify: desk.Anonymous})
	if err != nil {
		return err
	}
	if err := s.Desk.Take(ctx, elias, talk); err != nil {
		return err
	}
	key, err := s.Desk.MakeRoom(ctx, elias, talk, nil)
	if err != nil {
		return err
	}
	_, err = s.Desk.EnterRoom(ctx, "story", key.Link, "000000x")
	if err := must(err != nil, "a wrong code word to open nothing"); err != nil {
		return err
	}
	seat, err := s.Desk.EnterRoom(ctx, "story", key.Link, key.Word)
	if err != nil {
		return err
	}
	if err := s.Desk.SayFromRoom(ctx, seat, "C’est mon cousin qui vend, je ne sais pas quoi faire.", desk.NewNonce(), nil); err != nil {
		return err
	}
	if err := s.Desk.LeaveRoom(ctx, seat); err != nil {
		return err
	}
	_, err = s.Desk.ReadRoom(ctx, seat)
	s.say("a link and a code word opened a room without any account; it was left, and the link is dead")
	return must(err != nil, "a room that was left to be gone")
}

func (s *story) twoForAName(ctx context.Context) error {
	noor, maud := s.As("noor"), s.As("maud")
	if err := s.Desk.Protect(ctx, s.As("david"), true, 0); err != nil {
		return err
	}
	talk, err := s.arrive(ctx, desk.Incoming{Text: "Mon voisin dit qu’il va se venger demain.", Identify: desk.Confidential, Name: "Camille Orval", Contact: "camille@exemple.example"})
	if err != nil {
		return err
	}
	if err := s.Desk.Take(ctx, noor, talk); err != nil {
		return err
	}
	_, err = s.Desk.Unmask(ctx, noor, talk, "Pour prévenir à temps.")
	if err := must(err != nil, "one person not to open a covered name"); err != nil {
		return err
	}
	if err := s.Desk.AskReveal(ctx, noor, talk, "Pour prévenir la personne à temps."); err != nil {
		return err
	}
	asked, err := s.Desk.Reveals(ctx, maud)
	if err != nil {
		return err
	}
	if err := must(len(asked) == 1, "one request for a name, got %d", len(asked)); err != nil {
		return err
	}
	if err := s.Desk.ConfirmReveal(ctx, maud, talk, asked[0].ID, true); err != nil {
		return err
	}
	p, err := s.Desk.OpenReveal(ctx, noor, talk, asked[0].ID)
	s.say("a covered name was opened by two: %s asked, %s agreed", noor.Handle, maud.Handle)
	if err != nil {
		return err
	}
	if err := s.Desk.Handover(ctx, noor, talk, s.As("elias").Handle, "Il connaît le quartier."); err != nil {
		return err
	}
	return must(p.Name == "Camille Orval", "the name that was given, got %q", p.Name)
}

func (s *story) oneWriter(ctx context.Context) error {
	noor := s.As("noor")
	var talks []string
	for _, text := range []string{"On m’a volé mon compte de jeu hier soir, que puis-je faire maintenant ?", "C’est encore moi, pour le compte volé : ils demandent une rançon."} {
		talk, err := s.arrive(ctx, desk.Incoming{Text: text, Identify: desk.Anonymous})
		if err != nil {
			return err
		}
		if err := s.Desk.Take(ctx, noor, talk); err != nil {
			return err
		}
		talks = append(talks, talk)
	}
	s.say("two threads of one writer stand as one, by the judgement of who has both")
	return s.Desk.Merge(ctx, noor, talks[1], talks[0], "La même personne le dit elle-même.")
}

// behindAHandle is the two-person way from a service handle to who it is, and a
// code that waits for a second analyst.
func (s *story) behindAHandle(ctx context.Context) error {
	asked, err := s.People.AskUnmask(ctx, s.As("agnes"), s.As("elias").Handle, "Plainte d’un citoyen contre un agent.")
	if err != nil {
		return err
	}
	err = s.People.ConfirmUnmask(ctx, s.As("agnes"), asked)
	if err := must(err != nil, "one person not to open who a handle is"); err != nil {
		return err
	}
	if err := s.People.ConfirmUnmask(ctx, s.As("david"), asked); err != nil {
		return err
	}
	s.say("who stands behind a handle was asked by the auditor and confirmed by the data-protection officer")
	_, err = s.Watch.Propose(ctx, s.As("yann"), watch.Code{Language: "fr", Category: "drugs-offer", Family: "product", Sense: "powder", Text: "zibeline",
		Innocent: []lexicon.InnocentReading{{Reading: "fourrure", Words: []string{"manteau"}}}, Evidence: "Vu à côté de trois offres confirmées."})
	return err
}
