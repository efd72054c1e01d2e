package web

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/people"
	"ronde/web/view"
)

// mergeTalk is POST /inbox/{id}/merge: an officer judges that two threads are
// of one writer.
func (b *Workbench) mergeTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	err := b.Desk.Merge(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("into"), r.PostFormValue("merge"))
	if found, ok := problems(b.words(r), err); ok {
		return b.showTalk(w, r, by, view.Form{Values: values(r), Problems: renamed(found, map[string]string{"reason": "merge"})}, desk.Person{}, statusOf(errs.KindOf(err)))
	}
	if err != nil {
		return err
	}
	return after(w, r, "/inbox/"+r.PostFormValue("into"), "merged")
}

// splitTalk is POST /inbox/{id}/split; the thread stands alone again.
func (b *Workbench) splitTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "split", b.Desk.Split(r.Context(), by.Actor, r.PathValue("id")))
}

// questionTalk is POST /inbox/{id}/question: a child who only asked.
func (b *Workbench) questionTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	only := r.PostFormValue("only") == "yes"
	done := "question-lifted"
	if only {
		done = "question"
	}
	return b.talkForm(w, r, by, done, b.Desk.MarkQuestion(r.Context(), by.Actor, r.PathValue("id"), only))
}

// confirmTalk is POST /inbox/{id}/confirm: the second person agrees or refuses
// that an identity is opened.
func (b *Workbench) confirmTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	agree := r.PostFormValue("agree") == "yes"
	done := "reveal-refused"
	if agree {
		done = "reveal-agreed"
	}
	return b.talkForm(w, r, by, done, b.Desk.ConfirmReveal(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("reveal_id"), agree))
}

// openReveal is POST /inbox/{id}/revealed: what a second person agreed to is
// shown on this one page.
func (b *Workbench) openReveal(w http.ResponseWriter, r *http.Request, by people.Session) error {
	p, err := b.Desk.OpenReveal(r.Context(), by.Actor, r.PathValue("id"), r.PostFormValue("reveal_id"))
	if err != nil {
		return b.talkForm(w, r, by, "", err)
	}
	return b.showTalk(w, r, by, view.Form{}, p, http.StatusOK)
}

// besideMore adds what a colleague did or asked about a conversation.
func (b *Workbench) besideMore(by people.Session, c desk.Talk, page *view.TalkWorkPage) {
	page.Question, page.Under, page.Two = c.Question, c.Under, c.Two
	for _, t := range c.Threads {
		page.Threads = append(page.Threads, view.ThreadRow{ID: t.ID, Ref: ref("C", t.ID), Channel: t.Channel, At: b.time(t.At), By: t.By})
	}
	if h := c.Handed; h != nil {
		page.Handed = &view.Handed{Giver: h.Giver, Taker: h.Taker, At: b.time(h.At), Seen: b.time(h.Seen)}
	}
	if v := c.Reveal; v != nil {
		page.Reveal = &view.Reveal{ID: v.ID, Asker: v.Asker, At: b.time(v.At), State: v.State, Second: v.Second, Reason: v.Reason, May: v.May, Ready: v.Ready}
	}
	for _, chip := range page.Strip {
		if chip.ID != c.ID {
			page.Joinable = append(page.Joinable, view.Option{Value: chip.ID, Label: chip.Ref})
		}
	}
	closed := c.State == desk.Closed || c.Erased != 0
	page.May.Merge = c.Mine && !closed && !c.Question && c.Under == "" && len(c.Threads) == 0 && len(page.Joinable) > 0
	page.May.Export = c.Erased == 0 && (c.Mine || may(by, "conversation.export", b.Desk.About(by.Actor, c.Row)))
}

// listCSV is GET /inbox/list.csv?show=…: a list without a word of what was
// written.
func (b *Workbench) listCSV(w http.ResponseWriter, r *http.Request, by people.Session) error {
	show := r.URL.Query().Get("show")
	if show == "" {
		show = desk.ShowOpen
	}
	rows, err := b.Desk.ExportList(r.Context(), by.Actor, show)
	if err != nil {
		return err
	}
	b.csvHead(w, "inbox")
	out := csv.NewWriter(w)
	out.Write([]string{"reference", "channel", "language", "identity", "state", "danger", "received", "waiting_since", "holder", "unread", "same_text", "outcome"})
	for _, c := range rows {
		out.Write([]string{ref("C", c.ID), plainCell(c.Channel), plainCell(c.Lang), string(c.Identity), string(c.State), strconv.FormatBool(c.Urgent), b.stamp(c.Received), b.stamp(c.Waiting),
			plainCell(c.Holder), strconv.Itoa(c.Unread), strconv.Itoa(c.Same), c.Outcome})
	}
	out.Flush()
	return errs.Wrap(out.Error(), "send list")
}

func (b *Workbench) csvHead(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+"-"+b.time(b.Now()).Format(time.DateOnly)+`.csv"`)
}

// stamp is a time as files have it; empty for none.
func (b *Workbench) stamp(at int64) string {
	if at == 0 {
		return ""
	}
	return b.time(at).Format(time.RFC3339)
}

// talkCSV is GET /inbox/{id}/csv: what was said, with the identity covered.
func (b *Workbench) talkCSV(w http.ResponseWriter, r *http.Request, by people.Session) error {
	c, err := b.Desk.Export(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	b.csvHead(w, ref("C", c.ID))
	out := csv.NewWriter(w)
	out.Write([]string{"at", "from", "who", "signed", "thread", "text"})
	for _, m := range c.Messages {
		from := "citizen"
		switch {
		case m.Note:
			from = "note"
		case m.Ours:
			from = "patrol"
		}
		thread := ""
		if m.Thread != "" {
			thread = ref("C", m.Thread)
		}
		out.Write([]string{b.stamp(m.At), from, plainCell(m.Author), plainCell(m.Sign), thread, plainCell(m.Text)})
	}
	out.Flush()
	return errs.Wrap(out.Error(), "send conversation")
}

// printTalk is GET /inbox/{id}/print.
func (b *Workbench) printTalk(w http.ResponseWriter, r *http.Request, by people.Session) error {
	c, err := b.Desk.Export(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	page := view.PrintPage{Work: b.frame(r, by), ID: c.ID, Ref: ref("C", c.ID), Channel: c.Channel, Tongue: c.Lang, Identity: string(c.Identity), State: string(c.State), Masked: c.Masked,
		Received: b.time(c.Received), Outcome: c.Outcome, Now: b.time(b.Now()), Link: c.Link}
	for _, m := range c.Messages {
		page.Messages = append(page.Messages, b.message(m))
	}
	return b.show(w, r, http.StatusOK, page)
}
