package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/people"
	"ronde/web/view"
)

// afterwards is the time for a last word after a request is over.
func afterwards() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 2*time.Second)
}

// saveDraft is POST /inbox/{id}/draft: by the page itself while somebody
// writes, or by a button without scripts.
func (b *Workbench) saveDraft(w http.ResponseWriter, r *http.Request, by people.Session) error {
	err := b.Desk.SaveDraft(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("message"))
	if r.Header.Get("Accept") == "application/json" {
		if err != nil {
			w.WriteHeader(statusOf(errs.KindOf(err)))
			return nil // the page says that it is not kept; the form still holds it
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return b.talkForm(w, r, by, "drafted", err)
}

// chip is one of the own conversations in the strip.
func (b *Workbench) chip(c desk.Row) view.Chip {
	chip := view.Chip{ID: c.ID, Ref: ref("C", c.ID), Channel: c.Channel, Urgent: c.Urgent}
	if c.State.Waits() {
		chip.Unread = c.Unread
	}
	return chip
}

// strip is what somebody has in hand.
func (b *Workbench) strip(r *http.Request, by people.Session, open string) ([]view.Chip, error) {
	mine, err := b.Desk.Mine(r.Context(), by.Actor)
	var out []view.Chip
	for _, c := range mine {
		chip := b.chip(c)
		chip.Here = c.ID == open
		out = append(out, chip)
	}
	return out, err
}

func chipWords(l *lang.Lang, unread int) string {
	if unread == 0 {
		return ""
	}
	return strings.TrimSpace(l.N("inbox.chip_new", unread))
}
