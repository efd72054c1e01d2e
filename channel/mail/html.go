package mail

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page turns HTML into text while its tokens pass by: no tree, so that nesting
// costs nothing, and nothing is ever loaded.
type page struct {
	out    strings.Builder
	hush   int // inside something that is not read: a script, a style
	quotes int // inside so many blockquotes
	begun  bool
	link   string // where the link that is open leads
	shown  strings.Builder
}

// maxQuotes bounds how deep quotes are shown.
const maxQuotes = 10

var spaces = regexp.MustCompile(`[ \t\r\n\f]+`)

func htmlText(s string) string {
	p := page{}
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			p.closeLink()
			return blankLines.ReplaceAllString(p.out.String(), "\n\n")
		case html.TextToken:
			p.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			p.open(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.close(atom.Lookup(name))
		}
	}
}

var blankLines = regexp.MustCompile(`\n(?:[ \t\x{A0}]*\n){2,}`)

func (p *page) text(raw string) {
	if p.hush > 0 {
		return
	}
	s := spaces.ReplaceAllString(raw, " ")
	if !p.begun {
		s = strings.TrimLeft(s, " ")
	}
	if s == "" {
		return
	}
	if !p.begun {
		p.out.WriteString(strings.Repeat("> ", min(p.quotes, maxQuotes)))
		p.begun = true
	}
	p.out.WriteString(s)
	if p.link != "" {
		p.shown.WriteString(s)
	}
}

func (p *page) line() {
	p.out.WriteByte('\n')
	p.begun = false
}

// block begins a new line unless one has just begun.
func (p *page) block() {
	if p.begun {
		p.line()
	}
}

func (p *page) open(z *html.Tokenizer) {
	name, attrs := z.TagName()
	tag := atom.Lookup(name)
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Textarea, atom.Iframe, atom.Object:
		p.hush++
	case atom.Br:
		p.line()
	case atom.Blockquote:
		p.block()
		p.quotes++
	case atom.Li:
		p.block()
		p.text("• ")
	case atom.Td, atom.Th:
		p.text(" ")
	case atom.A:
		p.closeLink()
		if p.hush == 0 && attrs {
			p.link = href(z)
		}
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Ul, atom.Ol, atom.Pre, atom.Hr:
		p.block()
		p.line()
	case atom.Div, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Dt, atom.Dd, atom.Address:
		p.block()
	}
}

func (p *page) close(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Textarea, atom.Iframe, atom.Object:
		p.hush = max(p.hush-1, 0)
	case atom.Blockquote:
		p.block()
		p.quotes = max(p.quotes-1, 0)
	case atom.A:
		p.closeLink()
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Ul, atom.Ol, atom.Pre:
		p.block()
		p.line()
	case atom.Div, atom.Tr, atom.Li, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Dt, atom.Dd, atom.Address:
		p.block()
	}
}

// closeLink shows where a link leads, when its words do not say it.
func (p *page) closeLink() {
	link, words := p.link, p.shown.String()
	p.link = ""
	p.shown.Reset()
	if link != "" && !strings.Contains(strings.TrimSpace(words), bareLink(link)) {
		p.text(" <" + link + ">")
	}
}

func bareLink(link string) string {
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		link = strings.TrimPrefix(link, scheme)
	}
	return strings.TrimSuffix(link, "/")
}

// maxLink bounds what is shown of a link.
const maxLink = 500

func href(z *html.Tokenizer) string {
	for {
		key, value, more := z.TagAttr()
		if string(key) == "href" {
			link := strings.Join(strings.Fields(string(value)), "%20")
			if strings.HasPrefix(link, "#") {
				return ""
			}
			return link[:min(len(link), maxLink)]
		}
		if !more {
			return ""
		}
	}
}
