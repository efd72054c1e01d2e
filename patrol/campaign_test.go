package patrol_test

import (
	"strings"
	"testing"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/patrol"
)

func correction() patrol.CampaignIn {
	return patrol.CampaignIn{Kind: patrol.KindCorrection, Title: "Contrôles d’identité en gare", Aim: "Dire ce qui est vrai des contrôles de samedi.", Audience: "Voyageurs",
		Claim: "La police garde les photos de tous les voyageurs de la gare.", Sources: "Arrêté du 3 novembre | https://prefecture.valombre.example/arrete\nhttps://loi.example/texte",
		Texts: []patrol.Text{{Platform: "portal", Language: "fr", Title: "Non, aucune photo n’est gardée", Body: "Voici ce que dit l’arrêté."}, {Platform: "instagram", Language: "fr", Body: "Aucune photo n’est gardée."}}}
}

// A correction is drafted by one, read by another with every check, published,
// its reach noted, and taken down by the lead.
func TestACorrection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		id, err := h.DraftCampaign(ctx, officer, correction())
		must(t, err)
		in := correction()
		in.ID, in.Revision, in.Title = id, 1, "Contrôles en gare"
		if _, err := h.DraftCampaign(ctx, mate, in); !errs.Is(err, errs.Conflict) {
			t.Errorf("another's draft: %v", err)
		}
		_, err = h.DraftCampaign(ctx, officer, in)
		must(t, err)
		if _, err = h.DraftCampaign(ctx, officer, in); !errs.Is(err, errs.Conflict) {
			t.Errorf("an old revision: %v", err)
		}
		review := func(by access.Actor, revision int64, checks ...string) error {
			return h.ReviewCampaign(ctx, by, id, revision, true, checks, "")
		}
		if err := review(mate, 2, patrol.Checks...); !errs.Is(err, errs.Conflict) {
			t.Errorf("a draft is published: %v", err)
		}
		must(t, h.SubmitCampaign(ctx, officer, id))
		if err := review(officer, 2, patrol.Checks...); !errs.Is(err, errs.Denied) {
			t.Errorf("published alone: %v", err)
		}
		if err := review(mate, 2, patrol.Checks[:4]...); errs.FieldOf(err) != "checks" {
			t.Errorf("a check left out: %v", err)
		}
		if err := review(mate, 1, patrol.Checks...); !errs.Is(err, errs.Conflict) {
			t.Errorf("another revision was read: %v", err)
		}
		if err := h.ReviewCampaign(ctx, mate, id, 2, false, nil, ""); errs.FieldOf(err) != "remark" {
			t.Errorf("returned without a word: %v", err)
		}
		must(t, h.ReviewCampaign(ctx, mate, id, 2, false, nil, "Le ton est moqueur."))
		got, err := h.Campaign(ctx, officer, id)
		must(t, err)
		if got.State != patrol.Draft || got.Remark != "Le ton est moqueur." || !got.Mine || len(got.Texts) != 2 || len(got.Sources) != 2 {
			t.Errorf("%+v", got)
		}
		if err := h.NoteReach(ctx, officer, id, "instagram", 10); !errs.Is(err, errs.Conflict) {
			t.Errorf("reach of a draft: %v", err)
		}
		must(t, h.SubmitCampaign(ctx, officer, id))
		if news, _ := h.News(ctx); len(news) != 0 {
			t.Error("public before it was read")
		}
		must(t, review(mate, 2, patrol.Checks...))
		must(t, h.NoteReach(ctx, officer, id, "instagram", 1200))
		must(t, h.NoteReach(ctx, officer, id, "instagram", 1500))
		news, err := h.News(ctx)
		must(t, err)
		if len(news) != 1 || news[0].Reviewer != mate.Handle || len(news[0].Reach) != 1 || news[0].Reach[0].N != 1500 || news[0].Claim == "" {
			t.Errorf("%+v", news)
		}
		if err := h.RetractCampaign(ctx, officer, id); !errs.Is(err, errs.Denied) {
			t.Errorf("an officer retracts: %v", err)
		}
		must(t, h.RetractCampaign(ctx, lead, id))
		if news, _ := h.News(ctx); len(news) != 0 {
			t.Error("public after it was withdrawn")
		}
		if _, err := h.Campaigns(ctx, analyst); err == nil {
			t.Error("an analyst reads the drafts")
		}
	})
}

// A correction answers a statement and can say of nobody that they made it: no
// column is there for it, and every field refuses what points at somebody.
func TestACorrectionNamesNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		h := newHouse(t, d, c)
		for _, points := range []string{"@jean_dupont", "selon @jean.dupont :", "https://x.com/jean/status/1", "voir t.me/jeanchaine", "www.tiktok.com/@jean", "https://m.facebook.com/groups/1", "u/jean_d", "https://old.reddit.com/u/jean", "https://bsky.app/profile/jean.example"} {
			for field, put := range map[string]func(*patrol.CampaignIn){
				"claim": func(in *patrol.CampaignIn) { in.Claim += " " + points }, "title": func(in *patrol.CampaignIn) { in.Title += " " + points },
				"aim": func(in *patrol.CampaignIn) { in.Aim += " " + points }, "audience": func(in *patrol.CampaignIn) { in.Audience = points },
				"texts": func(in *patrol.CampaignIn) { in.Texts[1].Body += " " + points },
			} {
				in := correction()
				put(&in)
				if _, err := h.DraftCampaign(ctx, officer, in); errs.FieldOf(err) != field {
					t.Errorf("%s takes %q: %v", field, points, err)
				}
			}
		}
		in := correction()
		in.Sources = "Le message | https://www.instagram.com/p/abc"
		if _, err := h.DraftCampaign(ctx, officer, in); errs.FieldOf(err) != "sources" {
			t.Errorf("a post as a source: %v", err)
		}
		for _, fine := range []string{"écrivez à patrouille@valombre.example", "https://www.who.example/facts", "24/7", "50 % a.s.a.p."} {
			in := correction()
			in.Texts[0].Body = fine
			if _, err := h.DraftCampaign(ctx, officer, in); err != nil {
				t.Errorf("%q is refused: %v", fine, err)
			}
		}
		for _, bad := range []func(*patrol.CampaignIn){
			func(in *patrol.CampaignIn) { in.Claim = "" }, func(in *patrol.CampaignIn) { in.Sources = "" }, func(in *patrol.CampaignIn) { in.Sources = "un ami" },
			func(in *patrol.CampaignIn) { in.Texts = in.Texts[1:] }, func(in *patrol.CampaignIn) { in.Kind = "rumour" },
			func(in *patrol.CampaignIn) { in.Texts = append(in.Texts, in.Texts[0]) }, func(in *patrol.CampaignIn) { in.Texts[0].Body = "caché\u202e" },
			func(in *patrol.CampaignIn) { in.Texts[0].Body = strings.Repeat("é", patrol.MaxBody+1) },
		} {
			in := correction()
			bad(&in)
			if _, err := h.DraftCampaign(ctx, officer, in); errs.FieldOf(err) == "" {
				t.Errorf("taken: %+v", in)
			}
		}
	})
}

// The organisation's own introduction goes the same way.
func TestTheIntroductionIsReadByAnother(t *testing.T) {
	c := dbtest.NewClock()
	h := newHouse(t, dbtest.SQLite(t, c), c)
	id, err := h.DraftCampaign(ctx, officer, patrol.CampaignIn{Kind: patrol.KindIntroduction, Title: "Introduction", Aim: "Dire qui nous sommes", Texts: []patrol.Text{{Platform: "portal", Language: "fr", Body: "Bonjour, {name}."}}})
	must(t, err)
	must(t, h.SubmitCampaign(ctx, officer, id))
	if own, _ := h.Introduction(ctx); len(own) != 0 {
		t.Error("said before it was read")
	}
	must(t, h.ReviewCampaign(ctx, lead, id, 1, true, patrol.ChecksOf(patrol.KindIntroduction), ""))
	own, err := h.Introduction(ctx)
	must(t, err)
	if own["fr"] != "Bonjour, {name}." {
		t.Errorf("%v", own)
	}
	if news, _ := h.News(ctx); len(news) != 0 {
		t.Error("an introduction is news")
	}
}
