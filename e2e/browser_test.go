package e2e

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// person is somebody in front of a browser without JavaScript: one page open,
// a few fields filled in, cookies of their own.
type person struct {
	door   string // http://127.0.0.1:1234
	speaks string // Accept-Language
	client *http.Client
	jar    *cookiejar.Jar

	at     *url.URL
	status int
	header http.Header
	raw    []byte
	page   *html.Node
	filled url.Values
	files  map[string]string // field → path
	forged url.Values        // only an attacker's
	kept   map[string]*html.Node
	keptAt map[string]*url.URL
}

// newPerson opens a browser at a machine of its own: one address of the
// loopback network for each, as in a real street.
func newPerson(door string, machine byte, trusts *x509.CertPool) *person {
	jar, _ := cookiejar.New(nil)
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, machine)}}
	p := &person{door: door, speaks: "fr", jar: jar, kept: map[string]*html.Node{}, keptAt: map[string]*url.URL{}}
	p.client = &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: &http.Transport{
		DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{RootCAs: trusts}}}
	p.clear()
	return p
}

func (p *person) clear() {
	p.filled, p.files, p.forged = url.Values{}, map[string]string{}, url.Values{}
}

// visit opens a page of the person's door.
func (p *person) visit(path string) error {
	r, err := http.NewRequest(http.MethodGet, p.door+path, nil)
	if err != nil {
		return err
	}
	return p.do(r)
}

func (p *person) do(r *http.Request) error {
	r.Header.Set("Accept-Language", p.speaks)
	if r.Method != http.MethodGet {
		r.Header.Set("Origin", p.door)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := p.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if p.raw, err = io.ReadAll(io.LimitReader(resp.Body, 16<<20)); err != nil {
		return err
	}
	p.at, p.status, p.header = resp.Request.URL, resp.StatusCode, resp.Header
	p.page, err = html.Parse(bytes.NewReader(p.raw))
	p.clear()
	return err
}

// follow opens the first link with this text, or with this address in it.
func (p *person) follow(what string) error {
	var byText, byAddress string
	p.each(func(n *html.Node) {
		href := attr(n, "href")
		switch {
		case n.DataAtom != atom.A || href == "":
		case byText == "" && strings.Contains(textOf(n), what):
			byText = href
		case byAddress == "" && strings.Contains(href, what):
			byAddress = href
		}
	})
	if byText == "" {
		byText = byAddress
	}
	if byText == "" {
		return fmt.Errorf("no link %q on the page\n%s", what, p.text())
	}
	to, err := p.at.Parse(byText)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodGet, to.String(), nil)
	if err != nil {
		return err
	}
	return p.do(r)
}

// press sends the form whose button has this text, or whose address has it.
func (p *person) press(what string) error {
	form, button := p.form(what)
	if form == nil {
		return fmt.Errorf("no button or form %q on the page (%s)\n%s", what, p.at, p.text())
	}
	values, err := p.values(form, button)
	if err != nil {
		return fmt.Errorf("form %q: %w", what, err)
	}
	action := attr(form, "action")
	if a := attr(button, "formaction"); a != "" {
		action = a
	}
	to, err := p.at.Parse(action)
	if err != nil {
		return err
	}
	if strings.EqualFold(attr(form, "method"), "post") {
		r, err := p.post(to, values, attr(form, "enctype"))
		if err != nil {
			return err
		}
		return p.do(r)
	}
	to.RawQuery = values.Encode()
	r, err := http.NewRequest(http.MethodGet, to.String(), nil)
	if err != nil {
		return err
	}
	return p.do(r)
}

func (p *person) post(to *url.URL, values url.Values, enctype string) (*http.Request, error) {
	if enctype != "multipart/form-data" {
		r, err := http.NewRequest(http.MethodPost, to.String(), strings.NewReader(values.Encode()))
		if err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return r, err
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, list := range values {
		for _, v := range list {
			w.WriteField(name, v)
		}
	}
	for field, path := range p.files {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		part, err := w.CreateFormFile(field, filepath.Base(path))
		if err != nil {
			return nil, err
		}
		part.Write(raw)
	}
	w.Close()
	r, err := http.NewRequest(http.MethodPost, to.String(), &body)
	if err == nil {
		r.Header.Set("Content-Type", w.FormDataContentType())
	}
	return r, err
}

// form finds a form by the text of its button, else by its address: the very
// one, else one that holds these words.
func (p *person) form(what string) (form, button *html.Node) {
	var very, near *html.Node
	p.each(func(n *html.Node) {
		action := attr(n, "action")
		switch {
		case n.DataAtom == atom.Form && very == nil && action == what:
			very = n
		case n.DataAtom == atom.Form && near == nil && strings.Contains(action, what):
			near = n
		case n.DataAtom == atom.Button && form == nil && strings.Contains(textOf(n), what):
			if f := formOf(p.page, n); f != nil {
				form, button = f, n
			}
		}
	})
	switch {
	case form != nil:
		return form, button
	case very != nil:
		return very, nil
	}
	return near, nil
}

// values is what a browser would send: what the form holds, and what the person
// filled in, which must have a field.
func (p *person) values(form, button *html.Node) (url.Values, error) {
	out := url.Values{}
	known := map[string][]string{} // field → possible values; nil: free text
	for _, n := range within(form) {
		name := attr(n, "name")
		if name == "" || has(n, "disabled") {
			continue
		}
		switch {
		case n.DataAtom == atom.Textarea:
			known[name] = nil
			out.Set(name, strings.TrimPrefix(rawText(n), "\n"))
		case n.DataAtom == atom.Select:
			known[name] = options(n, name, out)
		case n.DataAtom == atom.Input:
			p.input(n, name, out, known)
		}
	}
	for name, list := range p.filled {
		possible, ok := known[name]
		if _, file := p.files[name]; !ok && !file {
			return nil, fmt.Errorf("no field %q; there are %s", name, names(known))
		}
		for _, v := range list {
			if possible != nil && !slices.Contains(possible, v) {
				return nil, fmt.Errorf("field %q has no choice %q; there are %q", name, v, possible)
			}
		}
		out[name] = list
	}
	for name, list := range p.forged {
		out[name] = list
	}
	if name := attr(button, "name"); name != "" {
		out.Set(name, attr(button, "value"))
	}
	return out, nil
}

func (p *person) input(n *html.Node, name string, out url.Values, known map[string][]string) {
	value := attr(n, "value")
	switch attr(n, "type") {
	case "radio", "checkbox":
		if value == "" {
			value = "on"
		}
		known[name] = append(known[name], value)
		if has(n, "checked") {
			out.Add(name, value)
		}
	case "submit", "button", "image", "reset":
	case "file":
		known[name] = nil
	case "hidden":
		out.Add(name, value)
	default:
		known[name] = nil
		out.Set(name, value)
	}
}

func options(sel *html.Node, name string, out url.Values) []string {
	possible := []string{}
	for _, o := range within(sel) {
		if o.DataAtom != atom.Option {
			continue
		}
		v := attr(o, "value")
		if !has(o, "value") {
			v = textOf(o)
		}
		if len(possible) == 0 || has(o, "selected") {
			out.Set(name, v)
		}
		possible = append(possible, v)
	}
	return possible
}

// keep remembers the page that is open; back opens it again as it was, like the
// back button.
func (p *person) keep(name string) error {
	p.kept[name], p.keptAt[name] = p.page, p.at
	return nil
}

func (p *person) back(name string) error {
	if p.kept[name] == nil {
		return fmt.Errorf("no page %q was kept", name)
	}
	p.page, p.at = p.kept[name], p.keptAt[name]
	p.clear()
	return nil
}
