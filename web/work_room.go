package web

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/people"
	"ronde/web/view"
)

// roomOf is the room of a conversation as its page shows it.
func (b *Workbench) roomOf(r *desk.Room, form view.Form) *view.Room {
	if r == nil {
		return nil
	}
	return &view.Room{State: string(r.State), Cause: r.Cause, Until: b.time(r.Until), Entered: b.time(r.Entered), Seen: b.time(r.Seen), Ended: b.time(r.Ended),
		Seated: r.Seated, Tries: r.Tries, Live: r.State != desk.RoomEnded, Form: form}
}

// makeRoom is POST /inbox/{id}/room. Link and code word are on this one page.
func (b *Workbench) makeRoom(w http.ResponseWriter, r *http.Request, by people.Session) error {
	c, err := b.Desk.Open(r.Context(), by.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	l := b.wordsFor(c.Lang)
	key, err := b.Desk.MakeRoom(r.Context(), by.Actor, c.ID, strings.Fields(l.T("room.words")))
	if err != nil {
		return b.talkForm(w, r, by, "", err)
	}
	c, err = b.Desk.Open(r.Context(), by.Actor, c.ID)
	if err != nil {
		return err
	}
	page := view.RoomMadePage{Work: b.frame(r, by), ID: c.ID, Ref: ref("C", c.ID), Tongue: l.Code(), Link: b.Site + "/room/" + key.Link, NoSite: b.Site == "", Word: key.Word, Until: b.time(key.Until), Revision: c.Revision}
	page.Path = "/inbox/" + c.ID
	page.Invite = l.T("room.invite", "link", page.Link)
	return b.show(w, r, http.StatusOK, page)
}

// wordsFor speaks the language of a conversation, or English where the
// catalogue has none.
func (b *Workbench) wordsFor(code string) *lang.Lang { return b.Words.For(code).In(b.Zone) }

// sayInRoom is POST /inbox/{id}/room/say, a form with files.
func (b *Workbench) sayInRoom(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return withFiles(func(w http.ResponseWriter, r *http.Request, files []desk.Upload, err error) error {
		if subtle.ConstantTimeCompare([]byte(r.PostForm.Get("csrf")), []byte(by.Form)) != 1 {
			return errs.New(errs.Invalid, "err.form.old", "read form: not made for this session")
		}
		if err == nil {
			err = b.Desk.SayInRoom(r.Context(), by.Actor, r.PathValue("id"), desk.Reply{Text: r.PostForm.Get("say"), Sign: r.PostForm.Get("sign")}, files)
		}
		if found, ok := problems(b.words(r), err); ok {
			form := view.Form{Values: values(r), Problems: renamed(found, map[string]string{"message": "say"})}
			return b.showTalk(w, r, by, form, desk.Person{}, statusOf(errs.KindOf(err)))
		}
		if err != nil {
			return err
		}
		return after(w, r, "/inbox/"+r.PathValue("id"), "said-in-room")
	})(w, r)
}

// freeRoom is POST /inbox/{id}/room/free.
func (b *Workbench) freeRoom(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "room-freed", b.Desk.FreeSeat(r.Context(), by.Actor, r.PathValue("id")))
}

// endRoom is POST /inbox/{id}/room/end.
func (b *Workbench) endRoom(w http.ResponseWriter, r *http.Request, by people.Session) error {
	return b.talkForm(w, r, by, "room-ended", b.Desk.EndRoom(r.Context(), by.Actor, r.PathValue("id")))
}
