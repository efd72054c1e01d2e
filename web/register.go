package web

import (
	"net/http"
	"strconv"
	"time"

	"ronde/internal/lang"
	"ronde/lexicon"
	"ronde/web/view"
)

// registerFields are the required fields of the Algorithmic Transparency
// Standard (D 5.6) whose words are in the catalogue, in its order.
var registerFields = []string{"organisation", "domain", "decision", "goals", "impact", "risks", "category", "proportionality", "basis", "training", "source",
	"connections", "type", "explanation", "performance", "use", "intervention", "objection", "standard"}

// registerEntries is the register of algorithms, made from what is live: the
// lexicon in use, with its hash and the number of its entries.
func registerEntries(l *lang.Lang, org string, lex *lexicon.Lexicon, changed time.Time) []view.RegisterEntry {
	e := view.RegisterEntry{ID: "watch", Name: l.T("register.watch.name"), Short: l.T("register.watch.short"), Status: "operational", Changed: changed}
	for _, f := range registerFields {
		e.Fields = append(e.Fields, view.Fact{Name: l.T("register.field." + f), Value: l.T("register.watch."+f, "org", org)})
	}
	e.Fields = append(e.Fields, view.Fact{Name: l.T("register.field.version"), Value: l.T("register.watch.version", "hash", lex.Hash()[:12], "entries", strconv.Itoa(lex.Len()))})
	return []view.RegisterEntry{e}
}

// register is GET /register.
func (p *Portal) register(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, http.StatusOK, view.RegisterPage{Portal: p.frame(r), Entries: registerEntries(p.words(r), p.Org, p.Lexicon, checkedOn)})
}
