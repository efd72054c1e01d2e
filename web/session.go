package web

import (
	"net/http"

	"ronde/internal/errs"
	"ronde/people"
)

// sessionCookie holds the session's token and nothing else. Over TLS the
// prefix __Host- makes the browser refuse it from any other host, path or
// plain connection (RFC 6265bis section 4.1.3.2).
const (
	sessionCookie = "ronde"
	hostPrefix    = "__Host-"
)

func sessionName(r *http.Request) string {
	if r.TLS != nil {
		return hostPrefix + sessionCookie
	}
	return sessionCookie
}

// session finds who asks. It is Lapsed when nobody is signed in, or no longer;
// it asks the people room at every request, so that an ended session has ended.
func (b *Workbench) session(r *http.Request) (people.Session, error) {
	token := cookie(r, sessionName(r))
	if token == "" {
		return people.Session{}, errs.New(errs.Lapsed, "err.people.session", "read session: no cookie")
	}
	return b.People.Session(r.Context(), token)
}

// setSession gives the browser the token. The cookie ends with the browser;
// the people room ends the session itself.
func (b *Workbench) setSession(w http.ResponseWriter, r *http.Request, s people.Session) {
	http.SetCookie(w, sessionCookieOf(r, s.Token, 0))
}

func (b *Workbench) clearSession(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, sessionCookieOf(r, "", -1))
}

func sessionCookieOf(r *http.Request, token string, age int) *http.Cookie {
	return &http.Cookie{Name: sessionName(r), Value: token, Path: "/", MaxAge: age, HttpOnly: true,
		Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode}
}
