package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"ronde/internal/errs"
	"ronde/people"
	"ronde/web/view"
)

// stepCookie carries the sign-in between its pages; the tokens are the people
// room's, ours is only the cookie.
const stepCookie = "step"

func (b *Workbench) gateFrame(r *http.Request) view.Work {
	return view.Work{Lang: languageOf(r, staff), Path: r.URL.Path, Org: b.Org, Demo: b.Demo, Exercise: b.Exercise, CSRF: b.tickets.form(formLife)}
}

func (b *Workbench) gateForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.As(err, errs.Limit, "err.too_large")
	}
	if _, ok := b.tickets.read("form", r.PostForm.Get("csrf")); !ok {
		return errs.New(errs.Invalid, "err.form.old", "read form: not given out by us, or too old")
	}
	return nil
}

func (b *Workbench) toSignIn(w http.ResponseWriter, r *http.Request) error {
	next := ""
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		next = "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, "/sign-in"+next, http.StatusSeeOther)
	return nil
}

// signInPage is GET /sign-in.
func (b *Workbench) signInPage(w http.ResponseWriter, r *http.Request) error {
	return b.show(w, r, http.StatusOK, view.SignInPage{Work: b.gateFrame(r), Next: r.URL.Query().Get("next")})
}

// signIn is POST /sign-in: the password.
func (b *Workbench) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := b.gateForm(r); err != nil {
		return err
	}
	step, err := b.People.SignIn(r.Context(), r.PostForm.Get("name"), r.PostForm.Get("password"), remoteHost(r))
	if found, ok := b.gateProblems(r, err); ok {
		page := view.SignInPage{Work: b.gateFrame(r), Next: r.PostForm.Get("next"), Form: view.Form{Values: values(r), Problems: found}}
		return b.show(w, r, statusOf(errs.KindOf(err)), page)
	}
	if err != nil {
		return err
	}
	b.setCookie(w, r, stepCookie, step.Token, 600)
	to := "/sign-in/code"
	if step.Needs == people.NeedsEnrol {
		to = "/enrol"
	}
	http.Redirect(w, r, to+"?next="+url.QueryEscape(localPath(r.PostForm.Get("next"))), http.StatusSeeOther)
	return nil
}

// gateProblems shows a refused sign-in as a form, whatever its kind: the
// answer is the same for everyone.
func (b *Workbench) gateProblems(r *http.Request, err error) ([]view.Problem, bool) {
	if errs.Is(err, errs.Denied) {
		key, args := errs.Message(err)
		return []view.Problem{{Text: b.words(r).T(key, args...)}}, true
	}
	return problems(b.words(r), err)
}

// codePage is GET /sign-in/code.
func (b *Workbench) codePage(w http.ResponseWriter, r *http.Request) error {
	return b.show(w, r, http.StatusOK, view.CodePage{Work: b.gateFrame(r), Next: r.URL.Query().Get("next")})
}

// code is POST /sign-in/code: the second factor.
func (b *Workbench) code(w http.ResponseWriter, r *http.Request) error {
	if err := b.gateForm(r); err != nil {
		return err
	}
	full, err := b.People.ConfirmTOTP(r.Context(), cookie(r, stepCookie), strings.TrimSpace(r.PostForm.Get("code")))
	if found, ok := b.gateProblems(r, err); ok {
		page := view.CodePage{Work: b.gateFrame(r), Next: r.PostForm.Get("next"), Form: view.Form{Problems: found}}
		return b.show(w, r, statusOf(errs.KindOf(err)), page)
	}
	if errs.Is(err, errs.Lapsed) {
		return b.toSignIn(w, r)
	}
	if err != nil {
		return err
	}
	return b.enter(w, r, full)
}

// enrolPage is GET /enrol: own password and second factor, the first time.
func (b *Workbench) enrolPage(w http.ResponseWriter, r *http.Request) error {
	page, err := b.enrolment(r)
	if errs.Is(err, errs.Lapsed) {
		return b.toSignIn(w, r)
	}
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) enrolment(r *http.Request) (view.EnrolPage, error) {
	e, err := b.People.EnrolTOTP(r.Context(), cookie(r, stepCookie))
	if err != nil {
		return view.EnrolPage{}, err
	}
	return view.EnrolPage{Work: b.gateFrame(r), Secret: e.Secret, QRSize: e.QR.Size, QRPath: e.QR.Path, Least: people.MinPassword}, nil
}

// enrol is POST /enrol.
func (b *Workbench) enrol(w http.ResponseWriter, r *http.Request) error {
	if err := b.gateForm(r); err != nil {
		return err
	}
	full, err := b.People.ConfirmEnrol(r.Context(), cookie(r, stepCookie), r.PostForm.Get("password"), strings.TrimSpace(r.PostForm.Get("code")))
	if errs.Is(err, errs.Lapsed) {
		return b.toSignIn(w, r)
	}
	if found, ok := b.gateProblems(r, err); ok {
		page, err2 := b.enrolment(r)
		if err2 != nil {
			return err2
		}
		page.Form = view.Form{Problems: found}
		return b.show(w, r, statusOf(errs.KindOf(err)), page)
	}
	if err != nil {
		return err
	}
	return b.enter(w, r, full)
}

// enter gives the session its cookie.
func (b *Workbench) enter(w http.ResponseWriter, r *http.Request, s people.Session) error {
	b.setCookie(w, r, stepCookie, "", -1)
	b.setSession(w, r, s)
	http.Redirect(w, r, localPath(r.PostForm.Get("next")), http.StatusSeeOther)
	return nil
}

// signOut is POST /sign-out.
func (b *Workbench) signOut(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := b.People.SignOut(r.Context(), by.Token); err != nil {
		return err
	}
	b.clearSession(w, r)
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

func (b *Workbench) setCookie(w http.ResponseWriter, r *http.Request, name, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode})
}

// remoteHost is where a request came from, without its port, and of IPv6 the
// network that one customer has. The guard has put the client's address there
// when a trusted proxy told it.
func remoteHost(r *http.Request) string {
	from := addressOf(r.RemoteAddr)
	switch {
	case !from.IsValid():
		return r.RemoteAddr
	case from.Is6():
		return netip.PrefixFrom(from, network6).Masked().String()
	}
	return from.String()
}
