package oversight

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"testing"
	"time"

	"ronde/access"
	. "ronde/casefile/casefiletest"
	"ronde/desk"
	"ronde/evidence"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/errs"
	"ronde/ledger"
)

var ctx = context.Background()

// office is this room in a whole house.
type office struct {
	*House
	*Service
	t *testing.T
}

func enter(t *testing.T, h *House) *office {
	return &office{h, New(h.DB, h.Keys, h.Book, h.Mandates, h.Desk, h.Watch, h.Evidence, h.Cases), t}
}

// each tells a story on both engines; afterwards everything fits.
func each(t *testing.T, story func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		o := enter(t, Open(t, d, c))
		story(t, o)
		o.Fits(Accounted...)
	})
}

func wants(t testing.TB, err error, kind errs.Kind, key string) {
	t.Helper()
	if got, _ := errs.Message(err); !errs.Is(err, kind) || got != key {
		t.Fatalf("got %v (%s), want %s %s", err, got, kind, key)
	}
}

// asks sends a request about a conversation and returns its receipt and id.
func (o *office) asks(asks, conversation string) (receipt, id string) {
	o.t.Helper()
	receipt, err := o.Ask(ctx, Ask{Asks: asks, Code: o.Code(conversation), Text: "kanarirequest Effacez tout", Contact: "kanaricontact@place.example"})
	o.Must(err)
	list, err := o.List(ctx, David, false)
	o.Must(err)
	for _, q := range list {
		id = max(id, q.ID)
	}
	return receipt, id
}

func proposal(decision string) Proposal {
	return Proposal{Decision: decision, Ground: "LED art. 16", Reason: "kanarireason de la personne qui décide"}
}

func (o *office) status(receipt string) View {
	o.t.Helper()
	v, err := o.Status(ctx, receipt)
	o.Must(err)
	return v
}

// decides is both people's work.
func (o *office) decides(id, decision string) {
	o.t.Helper()
	p := proposal(decision)
	p.Reason = "kanariproposal du guichet"
	o.Must(o.Prepare(ctx, Maud, id, p))
	o.Must(o.Decide(ctx, David, id, proposal(decision)))
}

func (o *office) returns(conversation string) (desk.CitizenView, error) {
	return o.Desk.Return(ctx, "caller", o.Code(conversation))
}

func TestErased(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		talk := o.Writes("kanaritalk Bonjour")
		receipt, id := o.asks("erase", talk)
		if len(receipt) != 24 {
			t.Errorf("receipt %q", receipt)
		}
		o.decides(id, Erase)
		_, err := o.returns(talk)
		wants(t, err, errs.NotFound, "err.desk.code")
		if o.Keys.Has(talk) {
			t.Error("the key is there")
		}
		v := o.status(strings.ToUpper(receipt))
		if v.State != Done || v.Decision != Erase || v.Reason != proposal(Erase).Reason || v.Proposal != "" || v.DoneAt == 0 {
			t.Errorf("%+v", v)
		}
		certs, err := o.Certificates(ctx, Agnes)
		o.Must(err)
		sum := sha256.Sum256([]byte(talk + "\n"))
		if len(certs) != 1 || certs[0].Kind != "erasure" || certs[0].Subject != id || certs[0].N != 1 || string(certs[0].Digest) != string(sum[:]) || certs[0].Maker != "D-01" {
			t.Errorf("%+v", certs)
		}
		want := []string{"citizen rights.ask", "P-01 rights.prepare", "D-01 rights.decide", "machine:oversight rights.done"}
		if got := o.Verbs("oversight_requests/" + id); !slices.Equal(got, want) {
			t.Errorf("book %q", got)
		}
	})
}

func TestRestrictedAsEvidence(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		talk := o.Writes("kanaritalk On me propose de garder un sac")
		c := o.FromConversation(talk)
		receipt, id := o.asks("erase", talk)
		v, err := o.Open(ctx, Maud, id)
		o.Must(err)
		if v.Case != c.Number || v.Text == "" {
			t.Errorf("%+v", v)
		}
		err = o.Prepare(ctx, Maud, id, proposal(Erase))
		if wants(t, err, errs.Invalid, "err.rights.evidence"); errs.FieldOf(err) != "decision" {
			t.Errorf("field %q", errs.FieldOf(err))
		}
		o.Must(o.Prepare(ctx, Maud, id, proposal(Restrict)))
		wants(t, o.Decide(ctx, David, id, proposal(Erase)), errs.Invalid, "err.rights.evidence")
		o.Must(o.Decide(ctx, David, id, proposal(Restrict)))
		if v := o.status(receipt); v.State != Done || v.Decision != Restrict {
			t.Errorf("%+v", v)
		}
		seen, err := o.returns(talk)
		o.Must(err)
		if seen.Status != "restricted" {
			t.Errorf("the writer is not told: %+v", seen)
		}
		file, err := o.Cases.Open(ctx, Maud, c.ID)
		o.Must(err)
		if file.Exhibits[0].State != evidence.Restricted {
			t.Errorf("%+v", file.Exhibits[0])
		}
		x, _, _, err := o.Cases.Exhibit(ctx, Maud, file.Exhibits[0].ID)
		o.Must(err)
		if !strings.Contains(string(x.Bytes), "kanaritalk") {
			t.Error("the evidence is gone")
		}
		if certs, err := o.Certificates(ctx, Agnes); err != nil || len(certs) != 0 {
			t.Errorf("a certificate of nothing: %+v %v", certs, err)
		}
	})
}

func TestRefusedWithARecordedReason(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		talk := o.Writes("kanaritalk Un faux compte")
		receipt, id := o.asks("access", talk)
		hidden := func(when string) {
			t.Helper()
			v := o.status(receipt)
			if v.Proposal != "" || v.Reason != "" || v.Decision != "" || v.Ground != "" {
				t.Errorf("%s: the person sees %+v", when, v)
			}
		}
		hidden("received")
		none := proposal(Refuse)
		none.Reason = " "
		if err := o.Prepare(ctx, Maud, id, none); errs.FieldOf(err) != "reason" {
			t.Fatalf("without a reason: %v", err)
		}
		none.Reason, none.Ground = "x", ""
		if err := o.Prepare(ctx, Maud, id, none); errs.FieldOf(err) != "ground" {
			t.Fatalf("without a ground: %v", err)
		}
		o.Must(o.Prepare(ctx, Maud, id, proposal(Refuse)))
		hidden("prepared")
		o.Must(o.Decide(ctx, David, id, proposal(Refuse)))
		if v := o.status(receipt); v.Reason != proposal(Refuse).Reason || v.Ground != "LED art. 16" || v.Decision != Refuse || v.Proposal != "" {
			t.Errorf("%+v", v)
		}
		if _, err := o.returns(talk); err != nil {
			t.Errorf("what was refused is gone: %v", err)
		}
		_, err := o.Status(ctx, "0000-0000-0000-0000-0000")
		wants(t, err, errs.NotFound, "err.not_found")
	})
}

func TestWhoPreparesDoesNotDecide(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		_, id := o.asks("erase", o.Writes("kanaritalk"))
		wants(t, o.Decide(ctx, David, id, proposal(Erase)), errs.Conflict, "err.rights.not_prepared")
		both := David
		both.Roles = []access.Role{access.DataProtection, access.DutyLead}
		o.Must(o.Prepare(ctx, both, id, proposal(Erase)))
		if err := o.Decide(ctx, both, id, proposal(Erase)); !errs.Is(err, errs.Denied) {
			t.Fatalf("one person did both: %v", err)
		}
		for _, by := range []access.Actor{Maud, Noor, Iris, Agnes, Ada, Yann} {
			if err := o.Decide(ctx, by, id, proposal(Erase)); !errs.Is(err, errs.Denied) && !errs.Is(err, errs.NotFound) {
				t.Errorf("%s decided: %v", by.Handle, err)
			}
		}
		if v, err := o.Open(ctx, David, id); err != nil || v.State != Prepared {
			t.Fatalf("%+v %v", v, err)
		}
		// Prepared again by another, it is the other who may not decide.
		o.Must(o.Prepare(ctx, Maud, id, proposal(Refuse)))
		o.Must(o.Decide(ctx, both, id, proposal(Refuse)))
		wants(t, o.Prepare(ctx, Maud, id, proposal(Erase)), errs.Conflict, "err.rights.decided")
		wants(t, o.Decide(ctx, David, id, proposal(Erase)), errs.Conflict, "err.rights.not_prepared")
	})
}

func TestAskIsChecked(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		for field, a := range map[string]Ask{
			"asks": {Asks: "delete", Text: "x"}, "text": {Asks: "erase"}, "contact": {Asks: "erase", Text: "x", Contact: strings.Repeat("x", 301)},
		} {
			if _, err := o.Ask(ctx, a); errs.FieldOf(err) != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := o.Ask(ctx, Ask{Asks: "erase", Code: "0000-0000-0000-0000-0000"}); err == nil {
			t.Error("a code that fits nothing")
		}
		if keys, _ := o.Files("rig"); keys != 0 {
			t.Errorf("%d keys of requests that were not kept", keys)
		}
		receipt, err := o.Ask(ctx, Ask{Asks: "erase", Text: "kanarirequest Je n’ai pas de code"})
		o.Must(err)
		list, err := o.List(ctx, David, false)
		o.Must(err)
		wants(t, o.Prepare(ctx, Maud, list[0].ID, proposal(Erase)), errs.Invalid, "err.rights.about_nothing")
		o.decides(list[0].ID, Answer)
		if v := o.status(receipt); v.Decision != Answer || v.State != Done {
			t.Errorf("%+v", v)
		}
		if done, err := o.List(ctx, David, true); err != nil || len(done) != 1 {
			t.Errorf("%+v %v", done, err)
		}
	})
}

// The program dies between a decision and its act, at every step of the act.
// The next start finishes it, once.
func TestDecisionIsCarriedOutAfterACrash(t *testing.T) {
	steps := map[string]func(o *office, talk, id string) error{
		"decided": func(*office, string, string) error { return nil },
		"erased": func(o *office, _, id string) error {
			return o.DB.Write(ctx, func(tx *db.Tx) error {
				q, err := byID(ctx, tx, id)
				if err != nil {
					return err
				}
				return o.eraseIn(ctx, tx, q)
			})
		},
		"finished": func(o *office, _, _ string) error { return o.CarryOut(ctx) },
	}
	each(t, func(t *testing.T, o *office) {
		for name, until := range steps {
			talk := o.Writes("kanaritalk " + name)
			receipt, id := o.asks("erase", talk)
			o.Must(o.Prepare(ctx, Maud, id, proposal(Erase)))
			// Decide, up to its commit.
			o.Must(o.change(ctx, David, id, "rights.decide", func(tx *db.Tx, q *Request, w *Words) (string, error) {
				q.State, q.DecidedBy, q.DecidedAt, w.Reason = Decided, David.Handle, tx.Now, "kanarireason"
				return Erase, nil
			}))
			if v := o.status(receipt); v.State != Decided || v.Reason != "" || v.Decision != "" {
				t.Fatalf("%s: shown as done before it is: %+v", name, v)
			}
			o.Must(until(o, talk, id))
			again := enter(t, o.Again())
			o.Must(again.CarryOut(ctx))
			o.Must(again.CarryOut(ctx))
			if v := again.status(receipt); v.State != Done || v.Reason != "kanarireason" {
				t.Errorf("%s: %+v", name, v)
			}
			if again.Keys.Has(talk) {
				t.Errorf("%s: the key is there", name)
			}
			n := 0
			certs, err := again.Certificates(ctx, Agnes)
			o.Must(err)
			for _, c := range certs {
				if c.Subject == id {
					n++
				}
			}
			if got := again.Verbs("oversight_requests/" + id); n != 1 || got[len(got)-1] != "machine:oversight rights.done" || len(got) != 4 {
				t.Errorf("%s: %d certificates, book %q", name, n, got)
			}
		}
	})
}

// A case is opened between the decision and its act: what is evidence now is
// not erased, and the request is decided anew.
func TestCaseOpenedBeforeTheErasure(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		talk := o.Writes("kanaritalk un sac")
		receipt, id := o.asks("erase", talk)
		o.Must(o.Prepare(ctx, Maud, id, proposal(Erase)))
		o.Must(o.change(ctx, David, id, "rights.decide", func(tx *db.Tx, q *Request, _ *Words) (string, error) {
			q.State, q.DecidedBy, q.DecidedAt = Decided, David.Handle, tx.Now
			return Erase, nil
		}))
		c := o.FromConversation(talk)
		o.Must(o.CarryOut(ctx))
		if v := o.status(receipt); v.State != Received || v.Decision != "" {
			t.Errorf("%+v", v)
		}
		if _, err := o.returns(talk); err != nil || !o.Keys.Has(talk) {
			t.Errorf("the matter is gone: %v", err)
		}
		v, err := o.Open(ctx, Maud, id)
		o.Must(err)
		if v.Case != c.Number {
			t.Errorf("case %q", v.Case)
		}
		o.decides(id, Restrict)
		if v := o.status(receipt); v.State != Done || v.Decision != Restrict {
			t.Errorf("%+v", v)
		}
	})
}

func TestRestrictionIsCarriedOutAfterACrash(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		talk := o.Writes("kanaritalk un sac")
		c := o.FromConversation(talk)
		receipt, id := o.asks("erase", talk)
		o.Must(o.Prepare(ctx, Maud, id, proposal(Restrict)))
		o.Must(o.change(ctx, David, id, "rights.decide", func(tx *db.Tx, q *Request, _ *Words) (string, error) {
			q.State, q.DecidedBy = Decided, David.Handle
			return Restrict, nil
		}))
		o.Must(o.Desk.RestrictConversation(ctx, machine, talk, id+"; LED art. 16"))
		again := enter(t, o.Again())
		o.Must(again.CarryOut(ctx))
		file, err := again.Cases.Open(ctx, Maud, c.ID)
		o.Must(err)
		if again.status(receipt).State != Done || file.Exhibits[0].State != evidence.Restricted {
			t.Errorf("%+v", file.Exhibits)
		}
	})
}

// Whoever has the list of what was destroyed recomputes the digest.
func TestExpiryIsCertified(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		var talks []string
		for _, text := range []string{"kanari un", "kanari deux", "kanari trois"} {
			id := o.Writes(text)
			o.Must(o.Desk.Take(ctx, Noor, id))
			o.Must(o.Desk.Close(ctx, Noor, id, desk.Advice, "kanarinote répondu"))
			talks = append(talks, id)
			o.Clock.Move(time.Second)
		}
		o.Must(o.Retain(ctx))
		if certs, err := o.Certificates(ctx, Agnes); err != nil || len(certs) != 0 {
			t.Fatalf("before the term: %+v %v", certs, err)
		}
		o.Clock.Move(3 * 365 * 24 * time.Hour)
		o.Must(o.Retain(ctx))
		certs, err := o.Certificates(ctx, Agnes)
		o.Must(err)
		slices.Sort(talks)
		sum := sha256.Sum256([]byte(strings.Join(talks, "\n") + "\n"))
		if len(certs) != 1 || certs[0].Kind != "expiry" || certs[0].N != 3 || string(certs[0].Digest) != string(sum[:]) {
			t.Fatalf("%+v", certs)
		}
		for _, id := range talks {
			if o.Keys.Has(id) {
				t.Error("a key is there")
			}
		}
		// Doing it again does nothing, and says nothing.
		before := o.events()
		for range 3 {
			o.Must(o.Retain(ctx))
		}
		if after := o.events(); after != before {
			t.Errorf("%d events more", after-before)
		}
	})
}

func (o *office) events() (n int64) {
	o.t.Helper()
	o.Must(o.DB.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, "SELECT count(*) FROM ledger_events").Scan(&n) }))
	return n
}

// The purges of the watch are among the certificates.
func TestPurgeIsAmongTheCertificates(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		id := o.Alert(1)
		o.Clock.Move(31 * 24 * time.Hour)
		o.Must(o.Retain(ctx))
		certs, err := o.Certificates(ctx, Agnes)
		o.Must(err)
		sum := sha256.Sum256([]byte(id + "\n"))
		if len(certs) != 1 || certs[0].Kind != "purge" || certs[0].Subject != o.Mandate || certs[0].N != 1 || string(certs[0].Digest) != string(sum[:]) {
			t.Errorf("%+v", certs)
		}
		for _, by := range []access.Actor{Noor, Ada} {
			if _, err := o.Certificates(ctx, by); err == nil {
				t.Errorf("%s read certificates", by.Handle)
			}
		}
	})
}

// The figures come from the rooms' counters: they are the same when the
// ledger says ten times as much, or nothing.
func TestFiguresAreNotFromTheLedger(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		for range 7 {
			id := o.Writes("kanari avis")
			o.Must(o.Desk.Take(ctx, Noor, id))
			o.Must(o.Desk.Close(ctx, Noor, id, desk.Advice, "répondu"))
		}
		publish := func() map[string]Table {
			t.Helper()
			f, err := o.Publish(ctx, "2026-01-01", "2026-12-31")
			o.Must(err)
			m := map[string]Table{}
			for _, table := range f.Tables {
				m[table.Name] = table
			}
			return m
		}
		before := publish()
		if before["outcome"].Total != 7 || before["outcome"].TotalHidden {
			t.Fatalf("%+v", before["outcome"])
		}
		for range 5 {
			_, err := o.Audit(ctx, Agnes, ledger.Filter{})
			o.Must(err)
			_, err = o.Desk.Inbox(ctx, Noor, desk.Filter{})
			o.Must(err)
			o.Must(o.Book.Gap(ctx, machine, "essai"))
		}
		after := publish()
		for name, table := range before {
			if !slices.Equal(table.Rows, after[name].Rows) || table.Total != after[name].Total {
				t.Errorf("%s: %+v became %+v", name, table, after[name])
			}
		}
		if len(before) != len(after) {
			t.Errorf("%d tables became %d", len(before), len(after))
		}
		// A mandate that began today is not in the figures yet.
		for name := range after {
			if strings.HasPrefix(name, "mandate") {
				t.Errorf("mandates of this month are published: %+v", after[name])
			}
		}
	})
}

func TestAuditIsAccountedFor(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		id := o.Writes("kanari")
		got, err := o.Audit(ctx, Agnes, ledger.Filter{Object: "desk_conversations/" + id})
		o.Must(err)
		if len(got) == 0 || got[0].Handle != "citizen" {
			t.Errorf("%+v", got)
		}
		page, err := o.Book.ReadPage(ctx, ledger.Filter{Verb: "ledger.read"})
		o.Must(err)
		if len(page) != 1 || page[0].Handle != "A-01" || !strings.Contains(page[0].Detail, id) {
			t.Errorf("%+v", page)
		}
		for _, by := range []access.Actor{Maud, Noor, Iris, Yann, Ada} {
			if _, err := o.Audit(ctx, by, ledger.Filter{}); err == nil {
				t.Errorf("%s read the ledger", by.Handle)
			}
		}
	})
}

// An answered request loses its words when its term is over: the key dies, the
// receipt opens nothing, the skeleton and a certificate stay.
func TestAnsweredRequestsLoseTheirWords(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		old, id := o.asks("access", o.Writes("kanaritalk"))
		o.decides(id, Answer)
		o.Clock.Move(keptDays*24*time.Hour - time.Minute)
		young, _ := o.asks("access", o.Writes("kanaritalk deux"))
		o.Must(o.Retain(ctx))
		if v := o.status(old); v.State != Done || v.Reason == "" {
			t.Fatalf("too early: %+v", v)
		}
		o.Clock.Move(2 * time.Minute)
		o.Must(o.Retain(ctx))
		o.Must(o.Retain(ctx))
		_, err := o.Status(ctx, old)
		wants(t, err, errs.NotFound, "err.not_found")
		if v := o.status(young); v.State != Received || v.Text == "" {
			t.Errorf("another request: %+v", v)
		}
		v, err := o.Open(ctx, David, id)
		o.Must(err)
		if !v.Over || v.Text != "" || v.Reason != "" || v.Decision != Answer {
			t.Errorf("%+v", v)
		}
		if o.Keys.Has(id) {
			t.Error("the key is there")
		}
		certs, err := o.Certificates(ctx, Agnes)
		o.Must(err)
		if n := slices.IndexFunc(certs, func(c Certificate) bool { return c.Subject == "rights requests" && c.N == 1 }); n < 0 {
			t.Errorf("no certificate: %+v", certs)
		}
	})
}

func TestGroundNamesAnArticle(t *testing.T) {
	for ground, ok := range map[string]bool{"art. 16": true, "LED art. 16(3)(b)": true, "art. 16 de la directive": true, "art. 16, paragraphe 3": true, "article L. 243-1": true,
		"§ 52 BDSG": true, "": false, "Madame Cazaubon le veut": false, "art. quelque": false, "art. 16\nMadame": false, "tel 06 12 34 56 78": false} {
		p := Proposal{Decision: Refuse, Ground: ground, Reason: "vu"}
		if err := p.check(); (err == nil) != ok {
			t.Errorf("%q: %v", ground, err)
		}
	}
}
