package web

import (
	"net/http"
	"strings"
	"time"

	"ronde/internal/lang"
	"ronde/mandate"
	"ronde/web/view"
)

// The 116 numbers are the same in the whole Union (D 7.9, 7.10).
const (
	childLine   = "116 111"
	missingLine = "116 000"
)

// unionLines are these numbers in our own words.
var unionLines = []view.Errand{dial("child-helpline", childLine), dial("missing-child", missingLine)}

func dial(key, number string) view.Errand {
	return view.Errand{Key: key, Contact: number, Href: "tel:" + strings.ReplaceAll(number, " ", "")}
}

// errands are what is not taken here, and the right door for each: 112, the
// helplines of the law profile, those of the whole Union, and the two services
// that have images blocked (D 7.14).
func (p *Portal) errands(r *http.Request) []view.Errand {
	out := []view.Errand{dial("emergency", p.Emergency)}
	out = append(out, helplines(p.words(r), p.Mandates.Law(), p.Emergency)...)
	return append(out,
		view.Errand{Key: "image-removal", Contact: "takeitdown.ncmec.org", Href: "https://takeitdown.ncmec.org/"},
		view.Errand{Key: "image-adult", Contact: "stopncii.org", Href: "https://stopncii.org/"})
}

func helplines(l *lang.Lang, law *mandate.Profile, emergency string) (out []view.Errand) {
	known := map[string]bool{"tel:" + emergency: true}
	for _, h := range law.Helplines {
		e := dial("", h.Number)
		e.Name, e.Hours = named(l, h.Names), lineHours(l, h.Hours)
		for _, u := range unionLines {
			if u.Href == e.Href {
				e.Key, e.Name = u.Key, ""
			}
		}
		if !known[e.Href] {
			out = append(out, e)
		}
		known[e.Href] = true
	}
	for _, u := range unionLines {
		if !known[u.Href] {
			out = append(out, u)
		}
	}
	return out
}

// lineHours says the hours of a profile, "24/7" or "09:00-23:00", in words.
func lineHours(l *lang.Lang, hours string) string {
	if hours == "24/7" {
		return l.T("errands.always")
	}
	from, to, ok := strings.Cut(hours, "-")
	opens, err := time.Parse("15:04", from)
	closes, err2 := time.Parse("15:04", to)
	if !ok || err != nil || err2 != nil {
		return hours
	}
	l = l.In(time.UTC) // hours of the day, wherever the line is
	return l.T("errands.hours", "from", l.Clock(opens), "to", l.Clock(closes))
}
