package feed

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// strict lets no element and no attribute through. The package's usual policy
// for users' content keeps pictures, and a picture tells its sender who reads.
var strict = sync.OnceValue(bluemonday.StrictPolicy)

// breaks are the elements that end a line when a page is drawn.
var breaks = regexp.MustCompile(`(?i)<(?:br|hr|/?(?:p|div|li|ul|ol|tr|td|h[1-6]|blockquote|section|article))\b`)

var blank = regexp.MustCompile(`[ \t\x{A0}]*\n[\s\x{A0}]*`)

// plain turns an item's HTML into text as a reader would see it.
func plain(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = breaks.ReplaceAllString(s, "\n$0")
		s = html.UnescapeString(strict().Sanitize(s))
	}
	return strings.TrimSpace(blank.ReplaceAllString(s, "\n"))
}

// host is the platform that a post is known by.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
