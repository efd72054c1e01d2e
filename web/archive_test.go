package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/mandate"
	"ronde/people"
)

// fileMandate is a mandate in force that names files as a source.
func (o *office) fileMandate() string {
	o.t.Helper()
	now := o.clock.Now()
	id, err := o.Mandates.Draft(ctx, o.staff[access.WatchAnalyst].Actor, mandate.Proposal{
		Text: mandate.Text{Purpose: "Offres codées de stupéfiants visant des mineurs", Act: "Décret 2026-001", DPIA: "AIPD-7", Necessity: "Aucun autre moyen moins intrusif",
			Proportionality: "Publications publiques seulement", Territory: "District nord"},
		Sources:    []mandate.SourceIn{{Kind: mandate.Archive, Name: "Fichiers"}},
		Categories: []string{"drugs-offer"}, DailyVolume: 1_000_000, Starts: now, Ends: now + 30*24*time.Hour.Microseconds(),
	})
	must(o.t, err)
	must(o.t, o.Mandates.Approve(ctx, o.staff[access.MandateAuthority].Actor, id))
	return id
}

// judges lets batches on the bus be judged.
func (o *office) judges() {
	o.t.Helper()
	stop, err := o.Watch.Serve(4)
	must(o.t, err)
	o.t.Cleanup(stop)
}

// sent is a form with a file, as a browser writes it; end closes the file.
func (o *office) sent(by people.Session, csrf, man, kind, file string, body io.Reader) *httptest.ResponseRecorder {
	o.t.Helper()
	var head bytes.Buffer
	m := multipart.NewWriter(&head)
	for _, f := range [][2]string{{"csrf", csrf}, {"mandate", man}, {"kind", kind}} {
		must(o.t, m.WriteField(f[0], f[1]))
	}
	_, err := m.CreateFormFile("file", file)
	must(o.t, err)
	tail := "\r\n--" + m.Boundary() + "--\r\n"
	r := httptest.NewRequest(http.MethodPost, "http://ronde.test/archive", io.MultiReader(&head, body, strings.NewReader(tail)))
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Accept-Language", "en")
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: by.Token})
	w := httptest.NewRecorder()
	o.door.ServeHTTP(w, r)
	return w
}

func TestAFileIsJudgedAsItIsSent(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.MandateAuthority)
	o.judges()
	analyst := o.staff[access.WatchAnalyst]
	if page := o.ask(analyst, "GET", "/archive", nil).Body.String(); strings.Contains(page, `type="file"`) {
		t.Error("a file is asked for without a mandate that names files")
	}
	man := o.fileMandate()
	if page := o.ask(analyst, "GET", "/archive", nil).Body.String(); !strings.Contains(page, man) || !strings.Contains(page, `enctype="multipart/form-data"`) {
		t.Errorf("no form: %s", page)
	}
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	// Larger than what a gathered form holds in memory, and looked at half way.
	looked := false
	half := func() {
		looked = true
		if left, _ := os.ReadDir(tmp); len(left) != 0 {
			t.Errorf("the file is written to disk: %v", left)
		}
	}
	w := o.sent(analyst, analyst.Form, man, "csv", "posts.csv", &many{rows: 200_000, half: half})
	page := w.Body.String()
	if w.Code != http.StatusOK || !looked || !strings.Contains(page, "<dt>Posts judged</dt><dd>200,000</dd><dt>New alerts</dt><dd>1</dd>") {
		t.Fatalf("%d %v %s", w.Code, looked, page)
	}
	list, err := os.ReadDir(tmp)
	if err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	page = o.sent(analyst, analyst.Form, man, "csv", "posts.csv", &many{rows: 200_000, half: func() {}}).Body.String()
	if !strings.Contains(page, "<dt>Judged before, not again</dt><dd>200,000</dd>") {
		t.Errorf("sent again: %s", page)
	}
}

// many is a table of rows, one of which is an offer.
type many struct {
	rows, at int
	rest     string
	half     func()
}

func (m *many) Read(p []byte) (int, error) {
	if m.rest == "" {
		switch {
		case m.at == 0:
			m.rest = "id,text\n"
		case m.at > m.rows:
			return 0, io.EOF
		case m.at == m.rows/2:
			m.half()
			m.rest = fmt.Sprintf("%d,arrivage neige livraison\n", m.at)
		default:
			m.rest = fmt.Sprintf("%d,un joli matin au marché du district nord numéro %d\n", m.at, m.at)
		}
		m.at++
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

func TestAFileThatIsRefusedSaysWhy(t *testing.T) {
	o := newOffice(t, access.WatchAnalyst, access.MandateAuthority, access.DutyLead)
	o.judges()
	analyst, man := o.staff[access.WatchAnalyst], o.fileMandate()
	file := "id,text\n1,un joli matin\n"
	for name, test := range map[string]struct {
		by                          people.Session
		csrf, man, kind, file, body string
		code                        int
		says                        string
	}{
		"another's form":    {analyst, "forged", man, "csv", "a.csv", file, 422, "not made for this session"},
		"no file":           {analyst, analyst.Form, man, "csv", "", "", 422, "Choose a file"},
		"no kind":           {analyst, analyst.Form, man, "zip", "a.csv", file, 422, "Choose what the file is"},
		"another kind":      {analyst, analyst.Form, man, "warc", "a.csv", file, 422, "not what you chose"},
		"cut in the middle": {analyst, analyst.Form, man, "telegram", "result.json", `{"type":"public_channel","id":1,"messages":[{"id":1,"type":"message","text":"un joli matin"},`, 200, "cut short"},
		"a private chat":    {analyst, analyst.Form, man, "telegram", "result.json", `{"type":"personal_chat","messages":[{"id":1,"type":"message","text":"x"}]}`, 200, "Not public"},
		"no such mandate":   {analyst, analyst.Form, "man_none", "csv", "a.csv", file, 404, ""},
		"a lead":            {o.staff[access.DutyLead], o.staff[access.DutyLead].Form, man, "csv", "a.csv", file, 403, ""},
		"nobody":            {people.Session{Token: "none"}, "", man, "csv", "a.csv", file, 303, ""},
	} {
		w := o.sent(test.by, test.csrf, test.man, test.kind, test.file, strings.NewReader(test.body))
		says := strings.Contains(w.Body.String(), test.says)
		if name == "another's form" {
			says = true // its words are told where every form's are
		}
		if w.Code != test.code || !says {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := o.ask(analyst, "POST", "/archive", nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a form without a file: %d", w.Code)
	}
	must(t, o.Mandates.Suspend(context.Background(), o.staff[access.MandateAuthority].Actor, man, "contrôle"))
	if w := o.sent(analyst, analyst.Form, man, "csv", "a.csv", strings.NewReader(file)); w.Code != http.StatusGone {
		t.Errorf("suspended: %d %s", w.Code, w.Body)
	}
}
