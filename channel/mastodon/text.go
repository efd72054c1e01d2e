package mastodon

import (
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxMarkup bounds one piece of markup; what is longer ends the text.
const maxMarkup = 1 << 20

// plain turns a status into text as a reader would see it. Nothing is loaded,
// no markup is kept. A link that shows something else than where it leads says
// both (a mention or a hashtag excepted: their target is the server's).
func plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return tidy(s)
	}
	var out strings.Builder
	var link struct {
		to    string
		start int
	}
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(maxMarkup)
	for silent := 0; ; {
		kind := z.Next()
		switch {
		case kind == html.ErrorToken:
			if z.Err() != io.EOF {
				out.WriteString(" …")
			}
			return tidy(out.String())
		case kind == html.TextToken && silent == 0:
			out.Write(z.Text())
		case kind == html.StartTagToken || kind == html.SelfClosingTagToken || kind == html.EndTagToken:
			t := z.Token()
			if quiet(t.DataAtom) && kind != html.SelfClosingTagToken {
				silent = max(0, silent+map[html.TokenType]int{html.StartTagToken: 1, html.EndTagToken: -1}[kind])
				continue
			}
			out.WriteString(turn(t, kind == html.EndTagToken))
			switch {
			case t.DataAtom == atom.A && kind == html.StartTagToken:
				link.to, link.start = target(t), out.Len()
			case t.DataAtom == atom.A && link.to != "":
				if shown := strings.TrimSpace(out.String()[link.start:]); !shows(shown, link.to) {
					out.WriteString(" (" + link.to + ")")
				}
				link.to = ""
			}
		}
	}
}

// quiet are elements whose text nobody reads.
func quiet(a atom.Atom) bool {
	return a == atom.Script || a == atom.Style || a == atom.Template || a == atom.Title
}

// turn is what an element's begin or end adds to the text.
func turn(t html.Token, end bool) string {
	switch t.DataAtom {
	case atom.Br, atom.Hr:
		return "\n"
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Ul, atom.Ol:
		return "\n\n"
	case atom.Div, atom.Tr:
		return "\n"
	case atom.Li:
		if !end {
			return "\n- "
		}
	case atom.Img:
		return attribute(t, "alt")
	}
	return ""
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// target is where a link leads, when that is worth telling.
func target(t html.Token) string {
	class := " " + attribute(t, "class") + " "
	to := attribute(t, "href")
	if strings.Contains(class, " mention ") || strings.Contains(class, " hashtag ") || !strings.HasPrefix(to, "http") || len(to) > 2048 {
		return ""
	}
	return to
}

// shows says whether a link's text is its target, with or without "https://".
func shows(text, to string) bool {
	text = strings.TrimSuffix(text, "/")
	to = strings.TrimSuffix(to, "/")
	return text == to || text == strings.TrimPrefix(strings.TrimPrefix(to, "https://"), "http://")
}

var (
	spaces = regexp.MustCompile(`[ \t\x{A0}]*\n[ \t\x{A0}]*`)
	empty  = regexp.MustCompile(`\n{3,}`)
)

func tidy(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.TrimSpace(empty.ReplaceAllString(spaces.ReplaceAllString(s, "\n"), "\n\n"))
}
