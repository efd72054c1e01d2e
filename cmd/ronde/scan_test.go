package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// scanned runs `ronde scan` on a file of that text and returns what it wrote
// and its exit code.
func scanned(t *testing.T, c ScanCmd, text string) (out, errs string, code int) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "posts.ndjson")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if c.Files == nil {
		c.Files = []string{name}
	}
	stdout, stderr := os.Stdout, os.Stderr
	defer func() { os.Stdout, os.Stderr = stdout, stderr }()
	var err error
	read := func(to **os.File) func() string {
		r, w, perr := os.Pipe()
		if perr != nil {
			t.Fatal(perr)
		}
		*to = w
		done := make(chan string)
		go func() { b, _ := io.ReadAll(r); done <- string(b) }()
		return func() string { w.Close(); return <-done }
	}
	outDone, errDone := read(&os.Stdout), read(&os.Stderr)
	err = c.Run()
	out, errs = outDone(), errDone()
	var exit exitError
	if errors.As(err, &exit) {
		return out, errs + exit.msg, exit.code
	}
	if err != nil {
		t.Fatal(err)
	}
	return out, errs, 0
}

const offerPost = `{"id":"a","lang":"fr","text":"Arrivage frappe et coke, 70 le g, 3 pour 190, livraison Paris 18h-2h, cash, mp"}` + "\n"

func TestScanExitCodes(t *testing.T) {
	out, _, code := scanned(t, ScanCmd{}, offerPost+`{"text":"Le chat dort."}`)
	if code != 0 || strings.Count(out, "\n") != 1 || !strings.HasPrefix(out, `{"id":"a","line":1,"score":`) {
		t.Errorf("code %d, output %s", code, out)
	}
	out, errs, code := scanned(t, ScanCmd{Stats: true}, "{\n"+offerPost)
	if code != 1 || !strings.Contains(out, `"line":2`) || !strings.Contains(errs, "posts.ndjson: line 1: ") ||
		!strings.Contains(errs, "lines 2 posts 1 flagged 1 unreadable 1") {
		t.Errorf("code %d, output %s, errors %s", code, out, errs)
	}
	if _, errs, code = scanned(t, ScanCmd{Files: []string{"/nowhere/posts"}}, ""); code != 1 || !strings.Contains(errs, "/nowhere/posts: no such file") {
		t.Errorf("code %d, errors %s", code, errs)
	}
	if _, errs, code = scanned(t, ScanCmd{MinScore: 2}, ""); code != 2 || !strings.Contains(errs, "--min-score") {
		t.Errorf("code %d, errors %s", code, errs)
	}
	if _, errs, code = scanned(t, ScanCmd{Lexicon: t.TempDir()}, ""); code != 2 || !strings.Contains(errs, "sources") {
		t.Errorf("code %d, errors %s", code, errs)
	}
}

func TestScanAll(t *testing.T) {
	out, _, code := scanned(t, ScanCmd{All: true}, offerPost+`{"text":"Le chat dort."}`)
	if code != 0 || strings.Count(out, "\n") != 2 || !strings.Contains(out, `{"id":null,"line":2,"score":0,"categories":[],"signals":`) {
		t.Errorf("code %d, output %s", code, out)
	}
}
