package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"ronde/desk"
	"ronde/internal/lang"
	"ronde/web/view"
)

// checkedOn is the day the accessibility statement was last checked.
var checkedOn = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

func facts(l *lang.Lang, group string, names ...string) (out []view.Fact) {
	for _, n := range names {
		out = append(out, view.Fact{Name: l.T(group + "." + n + ".name"), Value: l.T(group + "." + n + ".value")})
	}
	return out
}

// accessibility is GET /accessibility (D 7.15).
func (p *Portal) accessibility(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, p.accessibilityPage(r))
}

func (p *Portal) accessibilityPage(r *http.Request) view.AccessibilityPage {
	return view.AccessibilityPage{Portal: p.frame(r), Checked: checkedOn, Contact: p.Contact, Authority: p.Authority, Translations: p.translations()}
}

func (p *Portal) translations() (out []view.Translation) {
	for _, code := range p.offered().Codes() {
		if slices.Contains(lang.Translations, code) {
			out = append(out, view.Translation{Code: code, By: p.Reviewed[code]})
		}
	}
	return out
}

// tellAccessibility is POST /accessibility: feedback goes to the desk like any
// message, so that somebody answers for it.
func (p *Portal) tellAccessibility(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	in := p.incoming(r)
	in.Text, in.Contact, in.Identify, in.About = r.PostForm.Get("text"), r.PostForm.Get("contact"), desk.Named, "accessibility"
	if strings.TrimSpace(in.Contact) == "" {
		in.Identify = desk.Anonymous
	}
	page := p.accessibilityPage(r)
	receipt, err := p.Desk.Receive(r.Context(), in)
	if found, ok := problems(p.words(r), err); ok {
		page.Form = view.Form{Values: values(r), Problems: renamed(found, map[string]string{"message": "text"})}
		return p.show(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	if receipt.Code != "" {
		return p.show(w, r, http.StatusOK, view.ReceiptPage{Portal: p.frame(r), Code: receipt.Code, Sent: p.time(receipt.Sent), Keep: receipt.Keep})
	}
	page.Sent = true
	return p.show(w, r, http.StatusOK, page)
}

// legal is GET /legal: who is responsible, what is logged.
func (p *Portal) legal(w http.ResponseWriter, r *http.Request) error {
	l := p.words(r)
	page := view.LegalPage{Portal: p.frame(r), Controller: p.Org, Address: p.Address, Logs: facts(l, "logs", "ledger", "address", "cookies")}
	law := p.Mandates.Law()
	if law.Code != l.Base() && slices.Contains(lang.Codes, law.Code) {
		page.Tongue = law.Code // a law is called by its own name
	}
	for _, a := range law.Acts {
		if a.Allowed {
			page.Acts = append(page.Acts, view.Fact{Name: strings.Join(a.Articles, ", "), Value: named(l, a.Names)})
		}
	}
	return p.show(w, r, http.StatusOK, page)
}

// privacy is GET /privacy (D 4.27).
func (p *Portal) privacy(w http.ResponseWriter, r *http.Request) error {
	rec, err := p.Watch.Record(r.Context())
	if err != nil {
		return err
	}
	l := p.words(r)
	g := registerer{Lang: l}
	page := view.PrivacyPage{Portal: p.frame(r), Controller: p.Org, Officer: p.Officer, Authority: p.Authority,
		Keeps: facts(l, "keeps", "conversation", "talk", "post", "alert", "request"), Categories: l.List(g.words("word.category.", rec.Categories))}
	return p.show(w, r, http.StatusOK, page)
}
