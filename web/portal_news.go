package web

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"time"

	"ronde/internal/errs"
	"ronde/patrol"
	"ronde/web/view"
)

// newsItem is a public text in the reader's language, or the first it has.
func (p *Portal) newsItem(r *http.Request, c patrol.Campaign) view.NewsItem {
	base := p.words(r).Base()
	var here []patrol.Text
	for _, t := range c.Texts {
		if t.Platform == patrol.Everywhere {
			here = append(here, t)
		}
	}
	i := max(0, slices.IndexFunc(here, func(t patrol.Text) bool { return t.Language == base }))
	out := view.NewsItem{ID: c.ID, Kind: c.Kind, Lang: here[i].Language, Title: here[i].Title, At: p.time(c.Published), Claim: c.Claim}
	for para := range strings.SplitSeq(here[i].Body, "\n") {
		if para = strings.TrimSpace(para); para != "" {
			out.Body = append(out.Body, para)
		}
	}
	for n, t := range here {
		if n != i {
			out.Others = append(out.Others, t.Language)
		}
	}
	for _, s := range c.Sources {
		out.Sources = append(out.Sources, view.Link{Text: s.Title, Href: s.URL})
	}
	for _, x := range c.Reach {
		out.Reach += int(x.N)
	}
	return out
}

// news is GET /news.
func (p *Portal) news(w http.ResponseWriter, r *http.Request) error {
	list, err := p.Patrol.News(r.Context())
	if err != nil {
		return err
	}
	page := view.NewsPage{Portal: p.frame(r)}
	for _, c := range list {
		page.Items = append(page.Items, p.newsItem(r, c))
	}
	return p.show(w, r, http.StatusOK, page)
}

// newsOne is GET /news/{id}.
func (p *Portal) newsOne(w http.ResponseWriter, r *http.Request) error {
	list, err := p.Patrol.News(r.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(c patrol.Campaign) bool { return c.ID == r.PathValue("id") })
	if i < 0 {
		return errs.New(errs.NotFound, "err.not_found", "show news: not published")
	}
	return p.show(w, r, http.StatusOK, view.NewsItemPage{Portal: p.frame(r), Item: p.newsItem(r, list[i])})
}

// The parts of an Atom feed (RFC 4287).
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		Lang      string   `xml:"xml:lang,attr"`
		ID        string   `xml:"id"`
		Title     string   `xml:"title"`
		Published string   `xml:"published"`
		Updated   string   `xml:"updated"`
		Link      atomLink `xml:"link"`
		Content   string   `xml:"content"`
	}
)

// newsFeed is GET /news.atom.
func (p *Portal) newsFeed(w http.ResponseWriter, r *http.Request) error {
	list, err := p.Patrol.News(r.Context())
	if err != nil {
		return err
	}
	site := p.site(r)
	feed := atomFeed{Lang: p.words(r).Base(), ID: site + "/news", Title: p.Service, Author: p.Org, Updated: time.UnixMicro(0).UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", site + "/news.atom"}, {"alternate", site + "/news"}}}
	for _, c := range list {
		item := p.newsItem(r, c)
		at := item.At.UTC().Format(time.RFC3339)
		feed.Updated = max(feed.Updated, at)
		feed.Entries = append(feed.Entries, atomEntry{Lang: item.Lang, ID: site + "/news/" + c.ID, Title: item.Title, Published: at, Updated: at,
			Link: atomLink{"alternate", site + "/news/" + c.ID}, Content: strings.Join(item.Body, "\n\n")})
	}
	body, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		return errs.Wrap(err, "write feed")
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, err = w.Write(append([]byte(xml.Header), body...))
	return errs.Wrap(err, "send feed")
}
