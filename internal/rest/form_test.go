package rest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestFormHoldsNothingElse(t *testing.T) {
	var name, kind, field string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		f, h, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		name, kind, field = h.Filename, h.Header.Get("Content-Type"), r.FormValue("product")
	}))
	defer s.Close()
	req, err := Form(t.Context(), s.URL, map[string]string{"product": "x"}, Part{"file", "../../a\r\nX: y\u202e.png", "image/png; charset=x", []byte("p")})
	if err != nil {
		t.Fatal(err)
	}
	if a, err := Do(s.Client(), req); err != nil || !a.OK() || kind != "image/png" || field != "x" || strings.ContainsAny(name, "/\r\n\u202e") {
		t.Errorf("%v %q %q %q", err, name, kind, field)
	}
	for _, bad := range []string{"", "image", "image/png\r\nX: y", "a/b/c", "image/ png"} {
		if _, err := Form(t.Context(), s.URL, nil, Part{"file", "a", bad, nil}); err == nil {
			t.Errorf("type %q", bad)
		}
	}
	for in, want := range map[string]string{"": "file", "...": "file", "/": "_", `C:\x\plan.pdf`: "plan.pdf", "é.png": "é.png"} {
		if got := FileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := FileName(strings.Repeat("x", 500) + ".png"); len(got) != maxName || !strings.HasSuffix(got, ".png") {
		t.Errorf("%q", got)
	}
}
