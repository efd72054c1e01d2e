package channel

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestArrivalsWithinBounds(t *testing.T) {
	good := Arrival{What: Written, ID: "1", Thread: "t", Text: "hello"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Arrival){
		"unknown kind":    func(a *Arrival) { a.What = "sung" },
		"no id":           func(a *Arrival) { a.ID = "" },
		"no thread":       func(a *Arrival) { a.Thread = "" },
		"long text":       func(a *Arrival) { a.Text = strings.Repeat("x", MaxText+1) },
		"broken text":     func(a *Arrival) { a.Text = "a\xff" },
		"zero byte":       func(a *Arrival) { a.Author.Name = "a\x00" },
		"deleted text":    func(a *Arrival) { a.What = Deleted },
		"failed, no why":  func(a *Arrival) { a.What, a.Text = Failed, "" },
		"too many files":  func(a *Arrival) { a.Files = make([]File, MaxFiles+1) },
		"long file name":  func(a *Arrival) { a.Files = []File{{Name: strings.Repeat("x", MaxName+1)}} },
		"file too large":  func(a *Arrival) { a.Files = []File{{Bytes: make([]byte, MaxFile+1)}} },
		"size below zero": func(a *Arrival) { a.Files = []File{{Size: -1}} },
	} {
		a := good
		if spoil(&a); a.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCutKeepsWholeLetters(t *testing.T) {
	got, cut := Cut("é€\xffx", 4)
	if !cut || got != "é" || !utf8.ValidString(got) {
		t.Fatalf("cut to %q, %v", got, cut)
	}
	if got, cut := Cut("a\x00b", 8); cut || got != "a\uFFFDb" {
		t.Fatalf("cut to %q, %v", got, cut)
	}
}
