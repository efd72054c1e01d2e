package feed

import (
	"testing"

	"ronde/internal/errs"
)

// A feed that breaks the parser is a broken feed, and never the end of the
// program: the watch reads feeds side by side, and a panic there would stop
// every door.
func TestFeedThatBreaksTheParserIsOnlyBroken(t *testing.T) {
	for name, doc := range map[string]string{
		"no item":      `{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[null]}`,
		"no author":    `{"version":"https://jsonfeed.org/version/1.1","title":"x","authors":[null],"items":[{"id":"1","content_text":"a","authors":[null],"attachments":[null]}]}`,
		"null":         `{"version":"https://jsonfeed.org/version/1.1","items":null,"hubs":[null]}`,
		"rss empty":    `<rss version="2.0"></rss>`,
		"rss channels": `<rss><channel><item><enclosure/><guid/><category/></item><image/><textInput/><cloud/></channel></rss>`,
		"atom":         `<feed xmlns="http://www.w3.org/2005/Atom"><entry><author/><link/><content type="xhtml"/></entry></feed>`,
		"rdf":          `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel/></rdf:RDF>`,
		"itunes":       `<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><itunes:owner/><itunes:category/><item><itunes:image/></item></channel></rss>`,
		"media":        `<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><media:group><media:content/></media:group></item></channel></rss>`,
		"unclosed":     `<rss><channel><item><title>`,
		"base":         `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="%zz"><entry xml:base="::"><link href="%zz"/></entry></feed>`,
	} {
		func() {
			defer func() {
				if p := recover(); p != nil {
					t.Errorf("%s: panic: %v", name, p)
				}
			}()
			_, _, err := parse([]byte(doc), media{}, "src_1")
			if err != nil && !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}()
	}
}
