package web

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"ronde/access"
	"ronde/desk"
	"ronde/internal/errs"
)

// parts is the body of a form: fields first, files by name after them.
func parts(t *testing.T, fields url.Values, files map[string][]byte) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for name, list := range fields {
		for _, v := range list {
			must(t, w.WriteField(name, v))
		}
	}
	for name, raw := range files {
		h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="files"; filename=%q`, name)}, "Content-Type": {"image/jpeg"}}
		part, err := w.CreatePart(h)
		must(t, err)
		_, err = part.Write(raw)
		must(t, err)
	}
	must(t, w.Close())
	return body, w.FormDataContentType()
}

// sends posts a form with files, with the token of a page.
func (b *browser) sends(t *testing.T, page, action string, fields url.Values, files map[string][]byte) *httptest.ResponseRecorder {
	t.Helper()
	m := tokenField.FindStringSubmatch(b.do("GET", page, nil).Body.String())
	if m == nil {
		t.Fatalf("no form on %s", page)
	}
	fields.Set("csrf", m[1])
	body, kind := parts(t, fields, files)
	r := httptest.NewRequest("POST", action, body)
	r.Header.Set("Content-Type", kind)
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.o.door.ServeHTTP(w, r)
	return w
}

func TestHostileForms(t *testing.T) {
	small := map[string][]byte{}
	for i := range filesParts + 1 {
		small[fmt.Sprint(i)] = []byte("x")
	}
	whole, kind := parts(t, url.Values{"message": {"kept"}}, map[string][]byte{"a.jpg": []byte("abc")})
	ask := func(body []byte, kind string) (*http.Request, []desk.Upload, error) {
		r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Body = http.MaxBytesReader(nil, r.Body, filesBody)
		files, err := formFiles(r)
		return r, files, err
	}
	r, files, err := ask(whole.Bytes(), kind)
	must(t, err)
	if len(files) != 1 || string(files[0].Bytes) != "abc" || r.PostForm.Get("message") != "kept" {
		t.Errorf("%+v %v", files, r.PostForm)
	}
	many, manyKind := parts(t, nil, small)
	field, fieldKind := parts(t, url.Values{"message": {strings.Repeat("x", filesField+1)}}, nil)
	large, largeKind := parts(t, url.Values{"message": {"kept"}}, map[string][]byte{"film.mp4": make([]byte, desk.MaxFile+1)})
	for name, c := range map[string]struct {
		body []byte
		kind string
		key  string
	}{
		"too many parts":   {many.Bytes(), manyKind, "err.file.many"},
		"a field too long": {field.Bytes(), fieldKind, "err.too_large"},
		"a file too large": {large.Bytes(), largeKind, "err.file.large"},
		"broken off":       {whole.Bytes()[:whole.Len()-20], kind, "err.file.form"},
		"no boundary":      {whole.Bytes(), "multipart/form-data", "err.file.form"},
		"no form at all":   {[]byte("\x00\x01"), "multipart/form-data; boundary=x", "err.file.form"},
	} {
		_, files, err := ask(c.body, c.kind)
		if key, _ := errs.Message(err); key != c.key || files != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"../../x.exe", "a\"; filename=\"b.html", "été\r\nSet-Cookie: x", ""} {
		if got := disposition(name); !strings.HasPrefix(got, "attachment;") || strings.ContainsAny(got, "\r\n") || strings.Count(got, `"`) != 2 {
			t.Errorf("%q: %s", name, got)
		}
	}
}

// A large file goes through memory only: nothing of it lies in the folder for
// temporary files, during or after.
func TestUploadsLeaveNoTemporaryFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	o := newOffice(t, access.PatrolOfficer)
	code, id := o.receive()
	b := o.street()
	goes(t, b.form(t, "/return", "/return", url.Values{"code": {code}}), "/conversation")
	big := bytes.Repeat([]byte("kanari "), 12<<20/7)
	goes(t, b.sends(t, "/conversation", "/conversation/add", url.Values{"message": {"voici"}}, map[string][]byte{"journal.txt": big}), "/conversation")
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left %v %v", left, err)
	}
	w := b.sends(t, "/conversation", "/conversation/add", url.Values{"message": {"kanarikept"}}, map[string][]byte{"film.mp4": make([]byte, desk.MaxFile+1)})
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("too large: %d", w.Code)
	}
	says(t, w.Body.String(), "kanarikept", "film.mp4", "25")
	officer := o.staff[access.PatrolOfficer].Actor
	must(t, o.Desk.Take(ctx, officer, id))
	talk, err := o.Desk.Open(ctx, officer, id)
	must(t, err)
	if n := len(talk.Messages); n != 2 || talk.Messages[1].Files[0].Size != int64(len(big)) {
		t.Errorf("%d messages", n)
	}
}

// What we give in a room is saved, never run; what the room's browser holds
// goes nowhere else, and goes away with the room.
func TestRoomHoldsNothingOpen(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer)
	officer := o.staff[access.PatrolOfficer].Actor
	_, id := o.receive()
	must(t, o.Desk.Take(ctx, officer, id))
	key, err := o.Desk.MakeRoom(ctx, officer, id, nil)
	must(t, err)
	must(t, o.Desk.SayInRoom(ctx, officer, id, desk.Reply{Text: "Bonjour"}, []desk.Upload{{Name: "a\"\r\n.html", Bytes: []byte("<script>alert(1)</script>")}}))
	b := o.street()
	door := "/room/" + key.Link
	w := b.form(t, door, door, url.Values{"word": {key.Word}})
	goes(t, w, "/room")
	c := w.Result().Cookies()[0]
	if c.Name != roomCookie || c.Path != "/room" || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.MaxAge != 0 || !c.Expires.IsZero() ||
		strings.Contains(c.Value, key.Link) {
		t.Errorf("%+v", c)
	}
	page := b.reads(t, "/room")
	says(t, page, "Bonjour", "adresse IP")
	file := page[strings.Index(page, "/room/files/"):]
	file = file[:strings.IndexByte(file, '"')]
	w = b.do("GET", file, nil)
	for name, want := range map[string]string{"Content-Type": "application/octet-stream", "Content-Disposition": "attachment;", "Content-Security-Policy": "sandbox"} {
		if got := w.Header().Get(name); !strings.HasPrefix(got, want) || strings.ContainsAny(got, "\r\n") {
			t.Errorf("%s: %q", name, got)
		}
	}
	stranger := &browser{o: o, jar: map[string]string{"lang": "fr"}}
	for _, path := range []string{"/room", file, "/room/news"} {
		if w := stranger.do("GET", path, nil); w.Code != http.StatusGone || strings.Contains(w.Body.String(), "Bonjour") {
			t.Errorf("%s for a stranger: %d", path, w.Code)
		}
	}
	if w := b.do("POST", "/room/end", url.Values{}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("ended by a form of somebody else's: %d", w.Code)
	}
	w = b.form(t, "/room", "/room/end", url.Values{})
	if w.Code != http.StatusGone || b.jar[roomCookie] != "" || !strings.Contains(w.Header().Get("Clear-Site-Data"), "cache") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := b.do("GET", door, nil); w.Code != http.StatusGone {
		t.Errorf("the link after the end: %d", w.Code)
	}
}

// Somebody holds every place for large forms, byte by byte: who writes to us
// with a small one gets through all the same, and one address has not all the
// places.
func TestSlowUploadsStopNoMessage(t *testing.T) {
	o := newOffice(t, access.PatrolOfficer)
	code, id := o.receive()
	b := o.street()
	goes(t, b.form(t, "/return", "/return", url.Values{"code": {code}}), "/conversation")
	for range filesAtOnce {
		reading <- struct{}{}
	}
	defer func() {
		for range filesAtOnce {
			<-reading
		}
	}()
	done := make(chan *httptest.ResponseRecorder, 1)
	go func() {
		done <- b.sends(t, "/conversation", "/conversation/add", url.Values{"message": {"il est devant la porte"}}, map[string][]byte{"p.jpg": []byte("abc")})
	}()
	select {
	case w := <-done:
		goes(t, w, "/conversation")
	case <-time.After(20 * time.Second):
		t.Fatal("a message waits for the files of others")
	}
	talk, err := o.Desk.Open(ctx, o.staff[access.PatrolOfficer].Actor, id)
	must(t, err)
	if n := len(talk.Messages); n != 2 {
		t.Errorf("%d messages", n)
	}
}

func TestOneAddressHasNotEveryPlace(t *testing.T) {
	large := func(from string) *fed {
		f := &fed{ReadCloser: io.NopCloser(strings.NewReader("x")), ctx: t.Context(), from: from, n: filesFree}
		t.Cleanup(f.free)
		return f
	}
	b := make([]byte, 8)
	for range filesOfOne {
		if _, err := large("192.0.2.9").Read(b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := large("192.0.2.9").Read(b); !errs.Is(err, errs.Unavailable) {
		t.Errorf("one more: %v", err)
	}
	if _, err := large("192.0.2.10").Read(b); err != nil {
		t.Errorf("another waits for them: %v", err)
	}
	slow := large("192.0.2.11")
	slow.since = time.Now().Add(-2 * time.Minute)
	reading <- struct{}{}
	readers.of[slow.from]++
	if _, err := slow.Read(b); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a trickle keeps its place: %v", err)
	}
}

// Who comes back with a code is told of the hours before they add anything.
func TestReturnPageSaysWhetherAnAddressIsKept(t *testing.T) {
	o := newOffice(t, access.DataProtection)
	code, _ := o.receive()
	b := o.street()
	goes(t, b.form(t, "/return", "/return", url.Values{"code": {code}}), "/conversation")
	if page := b.reads(t, "/conversation"); strings.Contains(page, "adresse internet") {
		t.Error("said although none is kept")
	}
	must(t, o.Desk.Protect(ctx, o.staff[access.DataProtection].Actor, false, 24))
	says(t, b.reads(t, "/conversation"), "24 heures", "adresse internet")
}
