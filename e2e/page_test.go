package e2e

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// text is what somebody reads on the page, spaces made plain.
func (p *person) text() string {
	if p.page == nil {
		return ""
	}
	if !strings.Contains(p.header.Get("Content-Type"), "html") {
		return string(p.raw)
	}
	return textOf(p.page)
}

func (p *person) each(visit func(*html.Node)) {
	if p.page == nil {
		return
	}
	for n := range p.page.Descendants() {
		visit(n)
	}
}

func within(n *html.Node) (out []*html.Node) {
	for d := range n.Descendants() {
		out = append(out, d)
	}
	return out
}

// formOf is the form that a button sends: the one around it, or the one that it
// names.
func formOf(page, button *html.Node) *html.Node {
	if id := attr(button, "form"); id != "" {
		for n := range page.Descendants() {
			if n.DataAtom == atom.Form && attr(n, "id") == id {
				return n
			}
		}
	}
	for n := button.Parent; n != nil; n = n.Parent {
		if n.DataAtom == atom.Form {
			return n
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "’", "'")

func textOf(n *html.Node) string {
	return strings.Join(strings.Fields(plainSpaces.Replace(rawText(n))), " ")
}

func rawText(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.DataAtom == atom.Script || n.DataAtom == atom.Style || n.DataAtom == atom.Head || n.DataAtom == atom.Template:
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == html.ElementNode && !inline[n.DataAtom] {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return b.String()
}

var inline = map[atom.Atom]bool{atom.Mark: true, atom.B: true, atom.I: true, atom.Em: true, atom.Strong: true, atom.Span: true, atom.A: true, atom.Code: true, atom.Textarea: true}

func names(known map[string][]string) string {
	var out []string
	for n := range known {
		out = append(out, n)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}
