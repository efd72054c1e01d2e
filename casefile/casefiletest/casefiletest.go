// Package casefiletest gives tests a whole house below and including the
// dossiers: mandates, evidence, desk, watch and cases over one database, with
// people who work there.
//
// It owns nothing after the test. It promises that everything in it is the
// real thing; only the lexicon is a small one of its own, so that a test is
// about the case and not about how good the shipped one is.
package casefiletest

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"ronde/access"
	"ronde/casefile"
	"ronde/channel"
	"ronde/channel/feed"
	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/blob"
	"ronde/internal/bus"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/seal"
	"ronde/ledger"
	"ronde/lexicon"
	"ronde/mandate"
	"ronde/patrol"
	"ronde/watch"
)

// The people, by what they do. Iris and Igor work in one unit, Ines in another.
var (
	Yann   = person("yann", "W-17", "uni_watch", access.WatchAnalyst)
	Paul   = person("paul", "W-01", "uni_watch", access.DutyLead)
	Iris   = person("iris", "I-09", "uni_north", access.Investigator)
	Igor   = person("igor", "I-10", "uni_north", access.Investigator)
	Ines   = person("ines", "I-30", "uni_south", access.Investigator)
	Noor   = person("noor", "P-40", "uni_patrol", access.PatrolOfficer)
	Maud   = person("maud", "P-01", "uni_patrol", access.DutyLead)
	Helene = person("helene", "M-02", "", access.MandateAuthority)
	David  = person("david", "D-01", "", access.DataProtection)
	Agnes  = person("agnes", "A-01", "", access.Auditor)
	Ada    = person("ada", "R-01", "", access.Administrator)
)

func person(name, handle, unit string, r access.Role) access.Actor {
	return access.Actor{Person: "per_" + name, Handle: handle, Unit: unit, Roles: []access.Role{r}}
}

// House is the house and its rooms.
type House struct {
	T        testing.TB
	DB       *db.DB
	Clock    *dbtest.Clock
	Dir      string // keys and blobs
	Keys     *seal.Ring
	Blobs    *blob.Store
	Book     *ledger.Ledger
	Mandates *mandate.Service
	Evidence *evidence.Service
	Desk     *desk.Service
	Watch    *watch.Service
	Cases    *casefile.Service
	Mandate  string // approved, in force for thirty days
	codes    map[string]string
	forms    int
}

var small = sync.OnceValues(func() (*lexicon.Lexicon, error) {
	return lexicon.Load(fstest.MapFS{
		"sources.txt":                {Data: []byte("own U 2026-11 docs/lexicon.md\n")},
		"entries/fr/drugs-offer.txt": {Data: []byte("[product powder] source=own weight=1\nneige\n\n[freshness arrival] source=own weight=1\narrivage\n")},
		"weights.txt": {Data: []byte("threshold\t0.5\noffer\tfamily:drugs-offer/product\t4\ndrugs-offer\tfamily:drugs-offer/product\t4\n" +
			"offer\tfamily:drugs-offer/freshness\t4\ndrugs-offer\tfamily:drugs-offer/freshness\t4\n")},
	})
})

// Open builds the house.
func Open(t testing.TB, d *db.DB, c *dbtest.Clock) *House {
	t.Helper()
	h := &House{T: t, DB: d, Clock: c, Dir: t.TempDir(), codes: map[string]string{}}
	h.build()
	now := c.Now()
	var err error
	h.Mandate, err = h.Mandates.Draft(ctx, Yann, mandate.Proposal{
		Text: mandate.Text{Purpose: "Offres codées visant des mineurs du district", Act: "Décret 1", DPIA: "AIPD 1",
			Necessity: "Aucun moyen moins intrusif", Proportionality: "Publications publiques seulement"},
		Sources:    []mandate.SourceIn{{Kind: mandate.Stream, Name: "Partenaire"}, {Kind: mandate.Paste, Name: "Collage"}},
		Categories: []string{"drugs-offer"}, DailyVolume: 100_000, Starts: now, Ends: now + (30 * 24 * time.Hour).Microseconds(),
	})
	h.Must(err)
	h.Must(h.Mandates.Approve(ctx, Helene, h.Mandate))
	return h
}

var ctx = context.Background()

func (h *House) build() {
	h.T.Helper()
	var err error
	h.Keys, err = seal.Open(filepath.Join(h.Dir, "keys"), bytes.Repeat([]byte{7}, 32))
	h.Must(err)
	h.Blobs, err = blob.Open(filepath.Join(h.Dir, "blobs"))
	h.Must(err)
	h.Book, err = ledger.Open(ctx, h.DB, h.Keys, h.Blobs, "ronde.test")
	h.Must(err)
	law, err := mandate.LoadProfile("fr")
	h.Must(err)
	words, err := small()
	h.Must(err)
	b, err := bus.Open("")
	h.Must(err)
	h.T.Cleanup(b.Close)
	feeds, err := feed.New(feed.Options{})
	h.Must(err)
	h.Mandates = mandate.New(h.DB, h.Keys, h.Book, law)
	h.Evidence = evidence.New(h.DB, h.Keys, h.Blobs, h.Book)
	h.Desk = desk.New(h.DB, h.Keys, h.Blobs, h.Book, patrol.New(h.DB, h.Keys, h.Blobs, h.Book, time.UTC))
	h.Watch = watch.New(h.DB, h.Keys, h.Book, watch.Parts{Mandates: h.Mandates, Channels: channel.New(h.DB, h.Keys), Feeds: feeds, Bus: b, Lexicon: words})
	stop, err := h.Watch.Serve(2)
	h.Must(err)
	h.T.Cleanup(stop)
	h.Cases = casefile.New(h.DB, h.Keys, h.Book, h.Mandates, h.Evidence, h.Desk, h.Watch)
}

// Again is the same house after its program ended and began again: the same
// folder and database, nothing kept in memory.
func (h *House) Again() *House {
	h.T.Helper()
	again := *h
	again.build()
	return &again
}

// Must ends the test on an error.
func (h *House) Must(err error) {
	h.T.Helper()
	if err != nil {
		h.T.Fatal(err)
	}
}

// Alert raises one: the post of an offer, pasted by an analyst.
func (h *House) Alert(n int) string {
	h.T.Helper()
	_, err := h.Watch.Paste(ctx, Yann, h.Mandate, channel.Post{Lang: "fr", Platform: "example", Author: fmt.Sprint("kanariauthor", n),
		URL: fmt.Sprintf("https://place.example/kanariurl%d", n), Text: fmt.Sprintf("kanaripost arrivage neige lot %d", n)})
	h.Must(err)
	list, err := h.Watch.List(ctx, Yann, watch.Filter{States: []watch.State{watch.Open}})
	h.Must(err)
	newest := ""
	for _, a := range list {
		newest = max(newest, a.ID)
	}
	if newest == "" {
		h.T.Fatal("no alert was raised")
	}
	return newest
}

// Left raises an alert and lets it leave for a case: Yann asks, Iris confirms.
func (h *House) Left(n int) string {
	h.T.Helper()
	id := h.Alert(n)
	h.Must(h.Watch.Verdict(ctx, Yann, id, watch.VerdictOffer, "produit et arrivage"))
	h.Must(h.Watch.AskLeave(ctx, Yann, id, "case", "B2", "à transmettre"))
	asked, err := h.Watch.Open(ctx, Iris, id)
	h.Must(err)
	h.Must(h.Watch.ConfirmLeave(ctx, Iris, id, asked.Seen))
	return id
}

// Writes sends a citizen's first message and returns its conversation.
func (h *House) Writes(text string) string {
	h.T.Helper()
	h.forms++
	r, err := h.Desk.Receive(ctx, desk.Incoming{Lang: "fr", Text: text, Identify: desk.Anonymous, Nonce: fmt.Sprintf("form-number-%08d", h.forms), Caller: fmt.Sprint(h.forms)})
	h.Must(err)
	id, err := h.Desk.FindByCode(ctx, "", r.Code)
	h.Must(err)
	h.codes[id] = r.Code
	return id
}

// Code is the return code of a conversation.
func (h *House) Code(conversation string) string { return h.codes[conversation] }

// Opening is a case's beginning.
func Opening() casefile.Opening {
	return casefile.Opening{Title: "kanarititle Livraison", Basis: "kanaribasis CPP art. 75 (exemple)"}
}

// Erases makes a conversation unreadable, as the data-protection officer
// decides: the transaction, then the keys.
func (h *House) Erases(conversation string) {
	h.T.Helper()
	h.Must(h.DB.Write(ctx, func(tx *db.Tx) error { return h.Desk.EraseIn(ctx, tx, David, conversation, "LED art. 16(2)") }))
	h.Must(h.Desk.Finish(ctx))
}

// FromAlert opens a case, by Iris, from an alert that left.
func (h *House) FromAlert(alert string) casefile.Case {
	h.T.Helper()
	c, err := h.Cases.OpenFromAlert(ctx, Iris, alert, Opening())
	h.Must(err)
	return c
}

// FromConversation opens a case, by Maud, from a conversation.
func (h *House) FromConversation(conversation string) casefile.Case {
	h.T.Helper()
	c, err := h.Cases.OpenFromConversation(ctx, Maud, conversation, Opening())
	h.Must(err)
	return c
}
