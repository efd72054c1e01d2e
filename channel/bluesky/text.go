package bluesky

import (
	"regexp"
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// count is how many letters people would say a text has (UAX 29).
func count(s string) int {
	n := 0
	for it := graphemes.FromString(s); it.Next(); {
		n++
	}
	return n
}

var webLink = regexp.MustCompile(`https?://[^\s<>"]+`)

// facet marks a part of a text, in bytes: a link, or somebody who is mentioned.
type facet struct {
	Index struct {
		Start int `json:"byteStart"`
		End   int `json:"byteEnd"`
	} `json:"index"`
	Features []feature `json:"features"`
}

type feature struct {
	Type string `json:"$type"`
	URI  string `json:"uri,omitempty"`
	DID  string `json:"did,omitempty"`
}

// links marks the web addresses of a text, which are not links by themselves.
func links(text string) []facet {
	var out []facet
	for _, at := range webLink.FindAllStringIndex(text, -1) {
		uri := strings.TrimRight(text[at[0]:at[1]], `.,;:!?'")]}`)
		var f facet
		f.Index.Start, f.Index.End = at[0], at[0]+len(uri)
		f.Features = []feature{{Type: "app.bsky.richtext.facet#link", URI: uri}}
		out = append(out, f)
	}
	return out
}

// named adds the addresses that a text marks and does not show whole.
func named(text string, facets []facet) string {
	for _, f := range facets {
		for _, x := range f.Features {
			if strings.HasPrefix(x.URI, "http") && len(x.URI) <= 2048 && !strings.Contains(text, x.URI) {
				text += "\n" + x.URI
			}
		}
	}
	return text
}
