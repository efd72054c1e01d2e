package watch

import (
	"testing"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
)

// trained is staff that holds the qualification beside the role.
func trained(by access.Actor, person string) access.Actor {
	by.Person, by.Handle = person, by.Handle+"-t"
	by.Roles = append([]access.Role{access.Specialised}, by.Roles...)
	return by
}

// coded is a post that the lexicon of these tests takes for coded exploitation.
func coded() channel.Post {
	return channel.Post{ID: "coded", Text: "zzcode zzlink", Lang: "fr", URL: "http://place.example/coded"}
}

// openGuarded is a watch whose mandate asks for material for specialised staff.
func openGuarded(t *testing.T, d *db.DB, c *dbtest.Clock) (*world, string) {
	t.Helper()
	w := open(t, d, c)
	w.man = w.draft("drugs-offer", "exploitation-coded")
	must(t, w.Mandates.Approve(ctx, deciding, w.man))
	if r := w.judged(coded()); r.Flagged != 1 {
		t.Fatalf("%+v", r)
	}
	list, err := w.List(ctx, trained(second, "per_s"), Filter{})
	must(t, err)
	if len(list) != 1 || !list[0].Guarded() || !list[0].Blur || list[0].Excerpt != "" {
		t.Fatalf("specialised staff sees %+v", list)
	}
	return w, list[0].ID
}

func TestExploitationIsForSpecialisedStaffOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w, id := openGuarded(t, d, c)
		expert, chief := trained(second, "per_s"), trained(lead, "per_k")
		for name, by := range map[string]access.Actor{"an analyst": analyst, "a lead": lead, "an investigator": sleuth} {
			for _, states := range [][]State{nil, {Open}, {Leaving, Left}, {Harmless, Taken}} {
				if list, err := w.List(ctx, by, Filter{States: states}); err != nil || len(list) != 0 {
					t.Errorf("%s lists %d: %v", name, len(list), err)
				}
			}
			if list, err := w.List(ctx, by, Filter{Category: "exploitation-coded", Mandate: w.man}); err != nil || len(list) != 0 {
				t.Errorf("%s asks for the category and lists %d: %v", name, len(list), err)
			}
			m, err := w.Mandates.Open(ctx, deciding, w.man)
			must(t, err)
			if n, err := w.Totals(ctx, by, m); err != nil || !n.Hidden || n.Alerts != 0 || n.Read != 1 {
				t.Errorf("%s counts %+v: %v", name, n, err)
			}
		}
		for verb, do := range map[string]func(by access.Actor, id string) error{
			"open":    func(by access.Actor, id string) error { _, err := w.Open(ctx, by, id); return err },
			"verdict": func(by access.Actor, id string) error { return w.Verdict(ctx, by, id, VerdictOffer, "vu de près") },
			"minor":   func(by access.Actor, id string) error { return w.MarkMinor(ctx, by, id, true, "vu de près") },
			"grade":   func(by access.Actor, id string) error { return w.SetGrade(ctx, by, id, "admiralty B2") },
			"leave":   func(by access.Actor, id string) error { return w.AskLeave(ctx, by, id, "case", "B2", "offre") },
			"glass": func(by access.Actor, id string) error {
				return w.BreakGlass(ctx, by, id, "case", "B2", "un enfant est menacé ce soir")
			},
			"confirm": func(by access.Actor, id string) error { return w.ConfirmLeave(ctx, by, id, "") },
			"refuse":  func(by access.Actor, id string) error { return w.RefuseLeave(ctx, by, id, "non, pas ainsi") },
			"review":  func(by access.Actor, id string) error { return w.ReviewGlass(ctx, by, id, "justifié") },
			"take in": func(by access.Actor, id string) error {
				return d.Write(ctx, func(tx *db.Tx) error { _, err := w.TakeIn(ctx, tx, by, id); return err })
			},
		} {
			for name, by := range map[string]access.Actor{"an analyst": analyst, "a lead": lead, "an investigator": sleuth} {
				got, none := do(by, id), do(by, "ale_00000000000000000000000000")
				key, _ := errs.Message(got)
				want, _ := errs.Message(none)
				if !errs.Is(got, errs.NotFound) || errs.KindOf(got) != errs.KindOf(none) || key != want {
					t.Errorf("%s, %s: %v, for nothing %v", verb, name, got, none)
				}
			}
		}
		must(t, w.Verdict(ctx, expert, id, VerdictOffer, "signe connu"))
		must(t, w.AskLeave(ctx, expert, id, "case", "B2", "à transmettre"))
		v, err := w.Open(ctx, chief, id)
		must(t, err)
		must(t, w.ConfirmLeave(ctx, chief, id, v.Seen))
		w.accounted()
	})
}

// Who pastes a post that is raised for others hears what anybody hears whose
// post matched nothing.
func TestPasteDoesNotTellOfWhatIsForOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w, id := openGuarded(t, d, c)
		nothing, err := w.Paste(ctx, analyst, w.man, harmless(1))
		must(t, err)
		if !nothing.Unsaid {
			t.Error("the answer says that nothing was kept, which the paster may not know")
		}
		for range 2 { // joined twice
			got, err := w.Paste(ctx, analyst, w.man, channel.Post{Text: coded().Text, Lang: "fr"})
			must(t, err)
			if got != nothing {
				t.Errorf("%+v, and for nothing %+v", got, nothing)
			}
		}
		got, err := w.Paste(ctx, trained(second, "per_s"), w.man, channel.Post{Text: coded().Text, Lang: "fr"})
		must(t, err)
		if got.Alert != id {
			t.Errorf("specialised staff pastes: %+v", got)
		}
	})
}
