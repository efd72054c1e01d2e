package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"ronde/access"
	"ronde/casefile"
	"ronde/desk"
	"ronde/internal/errs"
	"ronde/mandate"
	"ronde/watch"
)

// story plays the first round: what happens, in the order in which it happens
// to people. Each step says what it saw; a step that does not come out as it
// must ends the story with an error.
type story struct {
	*Demo
	say    func(format string, a ...any)
	codes  []string // return codes of the three conversations
	talks  []string
	cases  []casefile.Case
	backup string
}

// Play plays the whole story without waiting and proves the folder at the end.
func (d *Demo) Play(ctx context.Context, say func(format string, a ...any)) error {
	s := &story{Demo: d, say: say}
	in, err := d.Desk.Inbox(ctx, s.As("noor"), desk.Filter{})
	if err != nil {
		return errs.Wrap(err, "play story")
	}
	if len(in.Rows) > 0 {
		return refuse(d.Dir + " holds a story that was played already; name another folder")
	}
	for _, step := range []struct {
		title string
		do    func(context.Context) error
	}{
		{"A message", s.message},
		{"Is this really the police?", s.check},
		{"No watch without a mandate", s.noMandate},
		{"Public posts", s.posts},
		{"An alert leaves the watch, a case opens", s.openCase},
		{"At the desk", s.atTheDesk},
		{"A week of the patrol", s.thePatrol},
		{"Yesterday's backup", s.keepBackup},
		{"Three rights requests", s.rights},
		{"After yesterday's backup is restored", s.restore},
		{"The clock moves: the mandate lapses", s.lapse},
		{"The auditor, and everybody", s.account},
	} {
		say("\n== %s", step.title)
		if err := step.do(ctx); err != nil {
			return errs.Wrap(err, strings.ToLower(step.title))
		}
	}
	return nil
}

func must(ok bool, text string, a ...any) error {
	if ok {
		return nil
	}
	return errs.New(errs.Internal, "", "expected: "+fmt.Sprintf(text, a...))
}

func (s *story) write(ctx context.Context, text string, as desk.Identity) error {
	r, err := s.Desk.Receive(ctx, desk.Incoming{Lang: "fr", Text: text, Identify: as, Nonce: desk.NewNonce(), Caller: "story"})
	if err != nil {
		return err
	}
	s.codes = append(s.codes, r.Code)
	in, err := s.Desk.Inbox(ctx, s.As("noor"), desk.Filter{})
	if err != nil {
		return err
	}
	for _, row := range in.Rows {
		if !contains(s.talks, row.ID) {
			s.talks = append(s.talks, row.ID)
		}
	}
	return nil
}

// As is the actor of a sample person.
func (s *story) As(login string) access.Actor { return s.Sample.As(login) }

func contains(list []string, x string) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

func (s *story) message(ctx context.Context) error {
	if err := s.write(ctx, "Bonjour, un compte se fait passer pour vous et demande des photos à mes élèves. Que faire ?", desk.Anonymous); err != nil {
		return err
	}
	if err := s.write(ctx, "Il me menace, il a un couteau et il dit qu’il va me tuer ce soir après le collège", desk.Confidential); err != nil {
		return err
	}
	if err := s.write(ctx, "On m’a proposé 300 euros pour garder un sac chez moi. Je ne veux pas, mais ils insistent.", desk.Anonymous); err != nil {
		return err
	}
	in, err := s.Desk.Inbox(ctx, s.As("noor"), desk.Filter{})
	if err != nil {
		return err
	}
	if err := must(len(in.Rows) == 3 && len(in.Rows[0].Danger) > 0 && in.Rows[0].ID == s.talks[1], "the message with words of danger on top of three"); err != nil {
		return err
	}
	s.say("three messages came in; on top the one that says %q, though it came second", in.Rows[0].Danger[0])
	return s.answer(ctx, in.Rows[0].ID)
}

func (s *story) answer(ctx context.Context, id string) error {
	noor := s.As("noor")
	if err := s.Desk.Take(ctx, noor, id); err != nil {
		return err
	}
	if err := s.Desk.Take(ctx, s.As("elias"), id); !errs.Is(err, errs.Conflict) && !errs.Is(err, errs.Denied) {
		return must(false, "nobody answers twice, got %v", err)
	}
	if err := s.Desk.Answer(ctx, noor, id, desk.Reply{Text: "Je vous lis. Si vous êtes en danger maintenant, appelez le 112. Où êtes-vous en sécurité ?", Sign: "Agente Noor 4107"}); err != nil {
		return err
	}
	s.say("%s took it and answered; a second officer who tried to take it was told so", noor.Handle)
	code := s.codes[1]
	if err := s.Desk.Add(ctx, "story", code, "Je suis chez ma tante, ça va. Merci.", desk.NewNonce()); err != nil {
		return err
	}
	v, err := s.Desk.Return(ctx, "story", code)
	if err != nil {
		return err
	}
	s.say("the citizen came back with the code %s…, read %d messages and added one", code[:4], len(v.Messages))
	if err := s.Desk.Close(ctx, noor, id, desk.ChildWelfare, "Signalement transmis, la tante est prévenue."); err != nil {
		return err
	}
	s.say("closed with the outcome %q, which counts as a measure: %v", desk.ChildWelfare, desk.Measure(desk.ChildWelfare))
	return nil
}

func (s *story) check(ctx context.Context) error {
	for asked, want := range map[string]string{"patrouille.valombre": "ours", "patrouil1e.valombre": "looks-like", "chats.mignons": "not-ours"} {
		a, err := s.Patrol.CheckHandle(ctx, "instagram", asked)
		if err != nil {
			return err
		}
		if err := must(string(a.Verdict) == want, "%s to be %s, got %s", asked, want, a.Verdict); err != nil {
			return err
		}
		s.say("%-22s %s (%s)", asked, a.Verdict, a.Why)
	}
	return nil
}

func (s *story) noMandate(ctx context.Context) error {
	now := s.Now()
	draft, err := s.Mandates.Draft(ctx, s.As("sana"), mandate.Proposal{
		Text: mandate.Text{Purpose: "Repérer les usurpations de la patrouille dans des flux publics.", Act: "Arrêté VAL-2026-115 (exemple)", DPIA: "AIPD 2026-08 (exemple)",
			Necessity: "Des habitants ont signalé de faux comptes de la patrouille.", Proportionality: "Un seul flux public, trente jours, des totaux seulement."},
		Categories: []string{"police-impersonation"}, DailyVolume: 1000, Sources: []mandate.SourceIn{{Kind: mandate.Paste, Name: "Collage"}},
		Starts: now, Ends: now + (30 * 24 * time.Hour).Microseconds()})
	if err != nil {
		return err
	}
	_, err = s.Watch.Paste(ctx, s.As("sana"), draft, samplePaste)
	if err := must(errs.Is(err, errs.Lapsed), "a draft to permit nothing, got %v", err); err != nil {
		return err
	}
	s.say("under a draft nothing is read: %v", err)
	err = s.Mandates.Approve(ctx, s.As("sana"), draft)
	if err := must(errs.Is(err, errs.Denied) || errs.Is(err, errs.NotFound), "the drafter not to approve, got %v", err); err != nil {
		return err
	}
	s.say("its drafter cannot approve it; the mandate authority refuses it")
	return s.Mandates.Refuse(ctx, s.As("helene"), draft, "Le mandat en cours suffit.")
}

func (s *story) posts(ctx context.Context) error {
	s.feed.playAll()
	if _, err := s.Watch.FeedStep(ctx); err != nil {
		return err
	}
	lines := `{"id":"n1","lang":"fr","text":"❄️🔌 dispo 24/7 livraison 30min 75 et 93, 1g 60€ 2g 110€, dm tele exemple_livreur","author":"exemple_livreur","platform":"example"}
{"id":"n2","lang":"fr","text":"Le marché de Noël ouvre samedi, vin chaud et lampions.","author":"exemple_mairie","platform":"example"}
not json
`
	answer, err := s.Watch.PostStream(ctx, s.Sample.Stream, strings.NewReader(lines))
	if err != nil {
		return err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	s.say("a partner sent three lines; the answer, after the verdict: %s", text)
	pasted, err := s.Watch.Paste(ctx, s.As("yann"), s.Sample.Mandate, samplePaste)
	if err != nil {
		return err
	}
	s.say("an analyst pasted a post: flagged %d of %d", pasted.Flagged, pasted.Read)
	totals, err := s.totals(ctx)
	if err != nil {
		return err
	}
	s.say("read under the mandate: %d posts, alerts: %d; the others left no trace", totals.Read, totals.Alerts)
	return must(totals.Read > 100 && totals.Alerts > 0 && totals.Alerts < totals.Read/2, "some alerts among many posts, got %+v", totals)
}

// totals are those of the sample mandate, as its analyst reads them.
func (s *story) totals(ctx context.Context) (watch.Totals, error) {
	m, err := s.Mandates.Open(ctx, s.As("yann"), s.Sample.Mandate)
	if err != nil {
		return watch.Totals{}, err
	}
	return s.Watch.Totals(ctx, s.As("yann"), m)
}

func (s *story) alert(ctx context.Context) (*watch.Alert, error) {
	list, err := s.Watch.List(ctx, s.As("yann"), watch.Filter{States: []watch.State{watch.Open}})
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if a.Category == "drugs-offer" {
			return a, nil
		}
	}
	return nil, must(false, "an open alert of a drugs offer")
}

func (s *story) openCase(ctx context.Context) error {
	yann := s.As("yann")
	a, err := s.alert(ctx)
	if err != nil {
		return err
	}
	v, err := s.Watch.Open(ctx, yann, a.ID)
	if err != nil {
		return err
	}
	for _, sig := range v.Signals {
		s.say("  %-12s %-22q %s (%s %s)", sig.Family, sig.Text, sig.Sense, sig.Source, sig.SourceDate)
	}
	if err := s.Watch.Verdict(ctx, yann, a.ID, watch.VerdictOffer, "Prix, zone et contact dans la même publication."); err != nil {
		return err
	}
	if err := s.Watch.AskLeave(ctx, yann, a.ID, "case", "B3", "À transmettre aux enquêtes."); err != nil {
		return err
	}
	asked, err := s.Watch.Open(ctx, s.As("iris"), a.ID)
	if err != nil {
		return err
	}
	err = s.Watch.ConfirmLeave(ctx, yann, a.ID, asked.Seen)
	if err := must(err != nil, "the asker not to be the second person"); err != nil {
		return err
	}
	if err := s.Watch.ConfirmLeave(ctx, s.As("iris"), a.ID, asked.Seen); err != nil {
		return err
	}
	c, err := s.Cases.OpenFromAlert(ctx, s.As("iris"), a.ID, casefile.Opening{Title: "Livraison à Valombre", Basis: "Enquête préliminaire, CPP art. 75 (exemple)"})
	if err != nil {
		return err
	}
	s.say("two people let it out; case %s is open, the post sealed as its first exhibit", c.Number)
	talk, err := s.Cases.OpenFromConversation(ctx, s.As("maud"), s.talks[2], casefile.Opening{Title: "Recrutement d’un mineur", Basis: "Signalement reçu, CPP art. 40 (exemple)"})
	if err != nil {
		return err
	}
	s.cases = append(s.cases, c, talk)
	s.say("a tip became case %s, what the citizen sent sealed as its first exhibit", talk.Number)
	return nil
}
