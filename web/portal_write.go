package web

import (
	"encoding/hex"
	"net/http"
	"slices"

	"ronde/desk"
	"ronde/internal/errs"
	"ronde/internal/lang"
	"ronde/web/view"
)

// draft is what the writer has given so far; it travels in hidden fields, so
// that nothing is kept before the last step and the back button works.
func draft(r *http.Request) view.Draft {
	f := r.PostForm
	return view.Draft{Identity: f.Get("identity"), Name: f.Get("name"), Contact: f.Get("contact"), Message: f.Get("message"),
		Tongue: f.Get("tongue"), Link: f.Get("link"), Age: f.Get("age"), About: f.Get("about")}
}

// before is GET /write: 112, hours, what is not taken here.
func (p *Portal) before(w http.ResponseWriter, r *http.Request) error {
	d := view.Draft{}
	if r.URL.Query().Get("about") == "fake" {
		d.About = "fake"
	}
	set, err := p.Desk.Settings(r.Context())
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, view.BeforePage{Portal: p.frame(r), Draft: d, Errands: p.errands(r), Window: set.Window})
}

// who is POST /write/who: how identifiable to be (D 7.4–7.7).
func (p *Portal) who(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	page, err := p.whoPage(r)
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, page)
}

func (p *Portal) whoPage(r *http.Request) (view.WhoPage, error) {
	set, err := p.Desk.Settings(r.Context())
	return view.WhoPage{Portal: p.frame(r), Draft: draft(r), Form: view.Form{Values: values(r)}, Window: set.Window}, err
}

// message is POST /write/message.
func (p *Portal) message(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	d := draft(r)
	switch desk.Identity(d.Identity) {
	case desk.Named, desk.Confidential, desk.Anonymous:
	default:
		page, bad := p.whoPage(r)
		if bad != nil {
			return bad
		}
		page.Form.Problems = []view.Problem{{Field: "identity", Text: p.words(r).T("err.desk.identity")}}
		return p.show(w, r, http.StatusUnprocessableEntity, page)
	}
	return p.show(w, r, http.StatusOK, p.messagePage(r))
}

func (p *Portal) messagePage(r *http.Request) view.MessagePage {
	page := view.MessagePage{Portal: p.frame(r), Draft: draft(r), Form: view.Form{Values: values(r)}, Limit: desk.MaxText}
	spoken := p.spoken(r)
	for _, code := range spoken {
		page.Tongues = append(page.Tongues, view.Option{Value: code, Label: lang.Endonym(code)})
	}
	if page.Draft.Tongue == "" {
		page.Form.Values["tongue"] = tongue(p.words(r), spoken)
	}
	return page
}

// spoken are the languages in which we answer: those of the house and those
// on the cards of its officers, as far as pages can name them. A page may well
// be read in one that nobody here writes.
func (p *Portal) spoken(r *http.Request) []string {
	codes := slices.Clone(lang.Codes)
	officers, err := p.Patrol.Officers(r.Context())
	if err != nil {
		p.Log.Error("read officers", "error", err)
	}
	for _, o := range officers {
		for _, code := range o.Languages {
			if lang.Endonym(code) != code && !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	return lang.InOrder(codes)
}

// tongue is the language of the page where we answer in it, else English.
func tongue(l *lang.Lang, spoken []string) string {
	if slices.Contains(spoken, l.Base()) {
		return l.Base()
	}
	return "en"
}

// checkDraft is POST /write/check: read again before it is sent.
func (p *Portal) checkDraft(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.formNumber(r); err != nil {
		return err
	}
	if err := p.incoming(r).Check(); err != nil {
		return p.mend(w, r, err)
	}
	return p.show(w, r, http.StatusOK, view.SendPage{Portal: p.frame(r), Draft: draft(r)})
}

func (p *Portal) incoming(r *http.Request) desk.Incoming {
	d := draft(r)
	if spoken := p.spoken(r); !slices.Contains(spoken, d.Tongue) {
		d.Tongue = tongue(p.words(r), spoken) // languages are counted and published: no word of a stranger's among them
	}
	number, _ := p.tickets.read("form", r.PostForm.Get("csrf"))
	return desk.Incoming{Channel: desk.Portal, Lang: d.Tongue, Text: d.Message, Name: d.Name, Contact: d.Contact, Link: d.Link, Age: d.Age, About: d.About,
		Identify: desk.Identity(d.Identity), Nonce: hex.EncodeToString([]byte(number)), Caller: remoteHost(r)}
}

// mend shows the page on which the wrong field stands, with what was typed.
func (p *Portal) mend(w http.ResponseWriter, r *http.Request, err error) error {
	if errs.Is(err, errs.Unavailable) { // a full disk: nobody should have to write it again
		ref := reference()
		note(p.Log, r, ref, err)
		key, args := errs.Message(err)
		page := p.messagePage(r)
		page.Form.Problems = []view.Problem{{Text: p.words(r).T(key, args...)}}
		return p.show(w, r, http.StatusServiceUnavailable, page)
	}
	found, ok := problems(p.words(r), err)
	if !ok {
		return err
	}
	switch errs.FieldOf(err) {
	case "identity", "name", "contact":
		page, bad := p.whoPage(r)
		if bad != nil {
			return bad
		}
		page.Form.Problems = found
		return p.show(w, r, http.StatusUnprocessableEntity, page)
	case "files":
		return p.show(w, r, http.StatusUnprocessableEntity, view.SendPage{Portal: p.frame(r), Draft: draft(r), Form: view.Form{Problems: found}})
	case "message", "link", "age":
		page := p.messagePage(r)
		page.Form.Problems = found
		return p.show(w, r, http.StatusUnprocessableEntity, page)
	}
	return err
}

// send is POST /write/send. The return code is on this one page, once.
func (p *Portal) send(w http.ResponseWriter, r *http.Request, files []desk.Upload, err error) error {
	if _, bad := p.formNumber(r); bad != nil {
		return bad
	}
	var receipt desk.Receipt
	if err == nil {
		in := p.incoming(r)
		in.Files = files
		receipt, err = p.Desk.Receive(r.Context(), in)
	}
	if err != nil {
		return p.mend(w, r, err)
	}
	page := view.ReceiptPage{Portal: p.frame(r), Code: receipt.Code, Sent: p.time(receipt.Sent), Danger: receipt.Danger, Child: &unionLines[0], Keep: receipt.Keep}
	page.Answer = p.promise(r, page.Sent, page.Duty.AnswerDays)
	return p.show(w, r, http.StatusOK, page)
}
