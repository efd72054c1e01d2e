package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"ronde/channel/notify"
	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/lang"
)

// openRings wires what sends a word to staff: a reference and a link, never
// what was written. Without a file nothing is sent, and serve says so.
func (a *App) openRings() error {
	if a.cfg.Notify == "" || a.cfg.Exercise { // an exercise rings nobody
		return nil
	}
	n, err := notify.Load(a.cfg.Notify)
	if err != nil {
		return err
	}
	words, err := lang.New()
	if err != nil {
		return err
	}
	if !words.For(a.cfg.StaffLanguage).Has("ring.text.danger") {
		return refuse("--staff-language knows no such language: " + a.cfg.StaffLanguage)
	}
	a.notifier = n
	l := words.For(a.cfg.StaffLanguage).In(a.zone)
	a.Desk.RingBy(func(ctx context.Context, r desk.Ringing) string { return a.sendRing(ctx, l, r) }, n.Address)
	return nil
}

// openSpeech says what fills the desk's automatic answers.
func (a *App) openSpeech() error {
	words, err := lang.New()
	if err != nil {
		return err
	}
	a.Desk.Speak(desk.Speech{Service: a.cfg.Service, Emergency: "112", Hours: func(code string, from time.Time) string {
		return words.For(code).In(a.zone).Moment(from)
	}})
	return nil
}

func (a *App) sendRing(ctx context.Context, l *lang.Lang, r desk.Ringing) string {
	out := notify.Ring{ID: r.ID, Way: r.Way, To: r.To, Kind: r.Kind, At: time.UnixMicro(r.At)}
	link := ""
	if r.Conversation != "" {
		out.Reference = desk.Ref(r.Conversation)
		if a.cfg.WorkbenchURL != "" {
			link = strings.TrimSuffix(a.cfg.WorkbenchURL, "/") + "/inbox/" + r.Conversation
		}
	}
	out.Link, out.Subject = link, l.T("ring.subject."+r.Kind, "ref", out.Reference)
	out.Text = strings.TrimSpace(l.T("ring.text."+r.Kind, "ref", out.Reference) + "\n" + link)
	err := a.notifier.Send(ctx, out)
	switch {
	case err == nil:
		return desk.RingSent
	case errors.Is(err, notify.ErrRefused):
		a.log.Error("ring", "way", r.Way, "kind", errs.Unavailable.String(), "error", err)
		return desk.RingRefused
	}
	a.log.Error("ring", "way", r.Way, "kind", errs.Unavailable.String(), "error", err)
	return desk.RingUnreachable
}
