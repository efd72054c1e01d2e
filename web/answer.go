package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"

	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/web/view"
)

// langCookie remembers the language somebody chose. It says nothing else.
const langCookie = "lang"

// An action answers one request; the error it returns becomes a page.
type action func(w http.ResponseWriter, r *http.Request) error

// A route is one line of a door's table.
type route struct {
	pattern string // "GET /check"
	do      action
}

// statusOf is the HTTP status of an error kind. Denied is only said to those
// who may know of the thing; NotFound covers the rest.
func statusOf(kind errs.Kind) int {
	switch kind {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Denied:
		return http.StatusForbidden
	case errs.Conflict:
		return http.StatusConflict
	case errs.Lapsed:
		return http.StatusGone
	case errs.Limit:
		return http.StatusTooManyRequests
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// errorKind is the word of an error page for a kind.
func errorKind(kind errs.Kind) string {
	switch kind {
	case errs.NotFound:
		return "missing"
	case errs.Denied:
		return "denied"
	case errs.Limit:
		return "slow"
	case errs.Invalid, errs.Conflict:
		return "invalid"
	case errs.Lapsed:
		return "lapsed"
	}
	return "broken"
}

// reference names an error to tell us by; it is logged beside the cause.
func reference() string {
	b := make([]byte, 4)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// staff are the languages of the workbench, and of a portal without others.
var staff = lang.Offer(lang.Codes...)

// languageOf is the language of one request, of those that are offered.
func languageOf(r *http.Request, offered *lang.Choice) string {
	cookie := ""
	if c, err := r.Cookie(langCookie); err == nil {
		cookie = c.Value
	}
	return offered.Negotiate(r.Header.Get("Accept-Language"), cookie)
}

// show renders a page with a status.
func show(views *view.Views, w http.ResponseWriter, language string, status int, page view.Page) error {
	var b bytes.Buffer
	if err := views.Render(&b, language, page); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", language)
	w.WriteHeader(status)
	_, err := b.WriteTo(w)
	if err != nil && !errors.Is(err, context.Canceled) {
		return nil // the reader went away; there is nobody to tell
	}
	return nil
}

// note logs an error that is ours, with its reference and without content.
func note(log *slog.Logger, r *http.Request, ref string, err error) {
	if k := errs.KindOf(err); k == errs.Internal || k == errs.Unavailable {
		log.Error("answer request", "route", r.Pattern, "ref", ref, "kind", k.String(), "error", err)
	}
}

// problems turns a field's error into what a form shows; ok is false when the
// error belongs to no form.
func problems(l *lang.Lang, err error) (out []view.Problem, ok bool) {
	kind := errs.KindOf(err)
	if kind != errs.Invalid && kind != errs.Conflict && kind != errs.Limit {
		return nil, false
	}
	key, args := errs.Message(err)
	return []view.Problem{{Field: errs.FieldOf(err), Text: l.T(key, args...)}}, true
}

// values keeps what was typed, so that a form is shown again as it was.
func values(r *http.Request) map[string]string {
	out := map[string]string{}
	for name, v := range r.PostForm {
		if len(v) == 1 {
			out[name] = v[0]
		}
		for _, one := range v {
			out[name+"="+one] = "on"
		}
	}
	return out
}

// localPath accepts only a path of this door to go back to.
func localPath(p string) string {
	if len(p) < 1 || len(p) > 500 || p[0] != '/' || (len(p) > 1 && (p[1] == '/' || p[1] == '\\')) {
		return "/"
	}
	for _, c := range p {
		if c < 0x20 || c == '\\' {
			return "/"
		}
	}
	return p
}

// setLanguage answers GET /lang/{code}?back=… on both doors.
func setLanguage(offered *lang.Choice) action {
	return func(w http.ResponseWriter, r *http.Request) error {
		code := r.PathValue("code")
		if !offered.Has(code) {
			return errs.New(errs.NotFound, "err.not_found", "set language: not offered")
		}
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: code, Path: "/", MaxAge: 180 * 24 * 3600, HttpOnly: true,
			Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, localPath(r.URL.Query().Get("back")), http.StatusSeeOther)
		return nil
	}
}
