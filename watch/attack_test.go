package watch

import (
	"errors"
	"testing"

	"ronde/channel"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/mandate"
)

// A post that breaks the judge (here: there is no lexicon to judge with) fails
// its own batch; the program, and who asks next, live on.
func TestAPostThatBreaksTheJudgeFailsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := open(t, d, c)
		posts := []channel.Post{{ID: "1", Text: "arrivage neige", Lang: "fr"}}
		whole := w.Lexicon
		w.Lexicon = nil
		_, err := w.Submit(ctx, w.src[mandate.Stream], posts)
		var ours *errs.Error
		if !errors.As(err, &ours) || ours.Kind != errs.Internal {
			t.Fatalf("broken judge: %v", err)
		}
		w.Lexicon = whole
		if r, err := w.Submit(ctx, w.src[mandate.Stream], posts); err != nil || r.Flagged != 1 {
			t.Fatalf("afterwards: %+v %v", r, err)
		}
	})
}
