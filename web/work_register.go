package web

import (
	"net/http"

	"ronde/access"
	"ronde/people"
	"ronde/web/view"
)

// registers is GET /registers.
func (b *Workbench) registers(w http.ResponseWriter, r *http.Request, by people.Session) error {
	if err := people.Allow(by.Actor, "register.read", access.Resource{Kind: "register"}); err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, view.RegistersPage{Work: b.frame(r, by), Entries: registerEntries(b.words(r), b.Org, b.Lexicon, b.time(checkedOn.UnixMicro()))})
}
