package web

import (
	"cmp"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/web/view"
)

// roomCookie carries the seat in a secure room, sealed. It goes to the pages of
// the room alone, and ends with the room.
const roomCookie = "room"

// uploads are the portal's routes that take files.
func (p *Portal) uploads() []route {
	return []route{
		{"POST /write/send", withFiles(p.send)},
		{"POST /conversation/add", withFiles(p.addMessage)},
		{"POST /room/say", withFiles(p.sayRoom)},
	}
}

// roomDoor is GET /room/{link}: the question for the code word. Programs of
// networks that open every link that is sent change nothing here.
func (p *Portal) roomDoor(w http.ResponseWriter, r *http.Request) error {
	if _, ok := p.seat(r); ok {
		if _, err := p.Desk.RoomNews(r.Context(), p.seatOf(r)); err == nil {
			http.Redirect(w, r, "/room", http.StatusSeeOther)
			return nil
		}
	}
	err := p.Desk.Knock(r.Context(), remoteHost(r), r.PathValue("link"))
	if errs.Is(err, errs.Lapsed) {
		return p.roomOver(w, r)
	}
	if err != nil {
		return err
	}
	return p.showDoor(w, r, view.Form{}, http.StatusOK)
}

func (p *Portal) showDoor(w http.ResponseWriter, r *http.Request, form view.Form, status int) error {
	page := view.RoomDoorPage{Portal: p.roomFrame(r), Link: r.PathValue("link"), Form: form}
	return p.show(w, r, status, page)
}

// roomFrame is the frame of the room's pages: nothing but the room, and no
// trace in a search engine.
func (p *Portal) roomFrame(r *http.Request) view.Portal {
	f := p.frame(r)
	f.Calm = true
	return f
}

// enterRoom is POST /room/{link}.
func (p *Portal) enterRoom(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	seat, err := p.Desk.EnterRoom(r.Context(), remoteHost(r), r.PathValue("link"), r.PostForm.Get("word"))
	if errs.Is(err, errs.Lapsed) {
		return p.roomOver(w, r)
	}
	if found, ok := problems(p.words(r), err); ok && errs.FieldOf(err) != "" {
		return p.showDoor(w, r, view.Form{Problems: found}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: roomCookie, Value: p.tickets.issue("room", seat.Room+talkSplit+seat.Secret, desk.RoomWait), Path: "/room",
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, "/room", http.StatusSeeOther)
	return nil
}

// seat is what the browser holds; ok is false when it holds nothing of ours.
func (p *Portal) seat(r *http.Request) (desk.Seat, bool) {
	kept, ok := p.tickets.read("room", cookie(r, roomCookie))
	room, secret, _ := strings.Cut(kept, talkSplit)
	return desk.Seat{Room: room, Secret: secret}, ok
}

func (p *Portal) seatOf(r *http.Request) desk.Seat {
	seat, _ := p.seat(r)
	return seat
}

// room is GET /room.
func (p *Portal) room(w http.ResponseWriter, r *http.Request) error {
	return p.showRoom(w, r, view.Form{}, http.StatusOK)
}

func (p *Portal) showRoom(w http.ResponseWriter, r *http.Request, form view.Form, status int) error {
	v, err := p.Desk.ReadRoom(r.Context(), p.seatOf(r))
	if errs.Is(err, errs.Lapsed) {
		return p.roomOver(w, r)
	}
	if err != nil {
		return err
	}
	page := view.RoomPage{Portal: p.roomFrame(r), Form: form, Until: p.time(v.Until), News: len(v.Messages), At: p.Now(), Keep: int(v.Keep / (24 * time.Hour))}
	page.Path = "/room"
	for _, m := range v.Messages {
		out := view.Message{From: "you", At: p.time(m.At), Text: m.Text, Files: fileRows(m.Files)}
		if m.Ours {
			out.From, out.Author = "us", cmp.Or(m.Author, p.Service)
		}
		page.Messages = append(page.Messages, out)
	}
	return p.show(w, r, status, page)
}

// fileRows are the files of a message as a page names them.
func fileRows(files []desk.File) (out []view.FileRow) {
	for _, f := range files {
		out = append(out, view.FileRow{ID: f.ID, Name: f.Name, Class: string(f.Class), Size: f.Size, State: string(f.State), Shown: f.Shown})
	}
	return out
}

// sayRoom is POST /room/say.
func (p *Portal) sayRoom(w http.ResponseWriter, r *http.Request, files []desk.Upload, err error) error {
	number, bad := p.formNumber(r)
	if bad != nil {
		return bad
	}
	if err == nil {
		err = p.Desk.SayFromRoom(r.Context(), p.seatOf(r), r.PostForm.Get("message"), hex.EncodeToString([]byte(number)), files)
	}
	if errs.Is(err, errs.Lapsed) {
		return p.roomOver(w, r)
	}
	if found, ok := problems(p.words(r), err); ok {
		return p.showRoom(w, r, view.Form{Values: values(r), Problems: found}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/room#last", http.StatusSeeOther)
	return nil
}

// endRoom is POST /room/end: the room is closed from the inside, for good.
func (p *Portal) endRoom(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	if err := p.Desk.LeaveRoom(r.Context(), p.seatOf(r)); err != nil && !errs.Is(err, errs.Lapsed) {
		return err
	}
	return p.roomOver(w, r)
}

// roomOver says that the room is closed, and takes from this browser what it
// held of it (D 2.15).
func (p *Portal) roomOver(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, &http.Cookie{Name: roomCookie, Path: "/room", MaxAge: -1, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode})
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	page := view.RoomOverPage{Portal: p.roomFrame(r), Child: &unionLines[0]}
	page.Path = "/"
	return p.show(w, r, http.StatusGone, page)
}

// roomNews is GET /room/news: how many messages there are, for a browser with a
// script. It is no sign of life.
func (p *Portal) roomNews(w http.ResponseWriter, r *http.Request) error {
	n, err := p.Desk.RoomNews(r.Context(), p.seatOf(r))
	if errs.Is(err, errs.Lapsed) {
		w.WriteHeader(http.StatusGone)
		return nil
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(strconv.AppendInt(nil, int64(n), 10))
	return nil
}

// roomFile is GET /room/files/{id}: what we gave.
func (p *Portal) roomFile(w http.ResponseWriter, r *http.Request) error {
	f, raw, err := p.Desk.RoomFile(r.Context(), p.seatOf(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if f.Shown {
		return picture(w, raw)
	}
	return attach(w, f.Name, raw)
}
