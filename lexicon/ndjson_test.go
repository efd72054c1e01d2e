package lexicon

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// lines are what the reader must take itself, and what it must leave.
var lines = []struct {
	line  string
	usual bool
}{
	{`{"id":"a","text":"hé 🍃","lang":"fr"}`, true},
	{` { "text" : "a\n\"b\"\/\\ \u00e9\ud83c\udf43" , "n":[1,-2.5e+3,{"x":null,"y":[]}], "t":true,"f":false,"o":{} } `, true},
	{`{"text":"one","text":"two"}`, true},
	{`{"id":12,"text":""}`, true},
	{`{"text":"\u00e9t\u00e9"}`, true},
	{`{"text":"\n12345678"}`, true},
	{`{"text":"\n1234567\"`, false},
	{`{"text":"\n1234567\u00e`, false},
	{`{"text":"` + strings.Repeat("é", 5000) + `"}`, true},
	{`{"Text":"a"}`, false},
	{`{"text":"a","ID":1}`, false},
	{`{"te\u0078t":"a"}`, false},
	{`{"text":"\ud83c"}`, false},
	{`{"text":"\udf43\ud83c"}`, false},
	{"{\"text\":\"\xff\"}", false},
	{"{\"text\":\"a\tb\"}", false},
	{`{"text":null}`, false},
	{`{"text":"a","lang":7}`, false},
	{`{"id":"a"}`, false},
	{`{"text":"a"} x`, false},
	{`{"text":"a",}`, false},
	{`{"text":"a"`, false},
	{`{"text":"a","n":01}`, false},
	{`{"text":"a","n":1.}`, false},
	{`{"text":"a","n":+1}`, false},
	{`{"text":"a","n":nul}`, false},
	{`{"text":"a\x"}`, false},
	{`{"text":"a","x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, false},
	{`["text"]`, false},
	{``, false},
}

// sameLine fails when the reader takes a line and does not read what
// encoding/json reads.
func sameLine(t *testing.T, line []byte) (usual bool) {
	t.Helper()
	var r lineReader
	got, usual := r.usual(line)
	if !usual || got.raw && !utf8.Valid(got.Text) {
		return false
	}
	want, err := parsePost(line)
	if err != nil {
		t.Fatalf("%q is read, though %v", line, err)
	}
	if !bytes.Equal(got.ID, want.ID) || !bytes.Equal(got.Text, want.Text) || got.Lang != want.Lang {
		t.Fatalf("%q\n read %+v\n want %+v", line, got, want)
	}
	return true
}

func TestLineReaderReadsWhatTheLibraryReads(t *testing.T) {
	for _, c := range lines {
		if usual := sameLine(t, []byte(c.line)); usual != c.usual {
			t.Errorf("%.80q: usual %v, want %v", c.line, usual, c.usual)
		}
	}
}

func FuzzLine(f *testing.F) {
	for _, c := range lines {
		f.Add([]byte(c.line))
	}
	f.Fuzz(func(t *testing.T, line []byte) { sameLine(t, line) })
}

// posts returns the development posts, whole files as they are.
func posts(t testing.TB) []byte {
	t.Helper()
	names, err := filepath.Glob("posts/*.jsonl")
	if err != nil || len(names) == 0 {
		t.Fatal("no posts to read: ", err)
	}
	var all []byte
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw...)
	}
	return all
}

// everyNth is one of n lines.
func everyNth(raw []byte, n int) (some []byte) {
	i := 0
	for line := range bytes.Lines(raw) {
		if i++; i%n == 0 {
			some = append(some, line...)
		}
	}
	return some
}

// Scan judges in a buffer that it uses again; each answer must be what Judge
// says of that post alone, whatever was judged before it.
func TestScanSaysWhatJudgeSays(t *testing.T) {
	l, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	every := posts(t)
	tenth := everyNth(every, 10)
	for _, opt := range []ScanOptions{{All: true}, {}, {MinScore: 0.2}} {
		raw := tenth
		if opt.All {
			raw = every
		}
		var out, bad bytes.Buffer
		if _, err := l.Scan(bytes.NewReader(raw), &out, &bad, opt); err != nil || bad.Len() > 0 {
			t.Fatal(err, bad.String())
		}
		answers := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
		for line := range bytes.Lines(raw) {
			p, err := parsePost(line)
			if err != nil {
				t.Fatal(err)
			}
			v := l.Judge(string(p.Text), p.Lang)
			if opt.MinScore > 0 {
				v.Categories = nil
				for _, s := range l.Scores(string(p.Text), p.Lang) {
					if s.Score >= opt.MinScore {
						v.Categories = append(v.Categories, s)
					}
				}
			}
			if len(v.Categories) == 0 && !opt.All {
				continue
			}
			if len(answers) == 0 {
				t.Fatalf("no answer for %s", p.ID)
			}
			sameAnswer(t, answers[0], p, v)
			answers = answers[1:]
		}
		if len(answers) > 0 {
			t.Fatalf("%d answers too many, the first %s", len(answers), answers[0])
		}
	}
}

func sameAnswer(t *testing.T, answer []byte, p post, v Verdict) {
	t.Helper()
	var got scanned
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	want := scanned{ID: p.ID, Line: got.Line, Score: round3(v.Score), Categories: v.Categories, Signals: v.Signals}
	if want.Categories == nil {
		want.Categories = []CategoryScore{}
	}
	if want.Signals == nil {
		want.Signals = []Signal{}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(want); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(b.Bytes()), answer) {
		t.Fatalf("%s\n scan  %s\n judge %s", p.Text, answer, b.Bytes())
	}
}

// A post that is not flagged costs no allocation once the buffers have grown.
func TestScanAllocatesNothingForOrdinaryPosts(t *testing.T) {
	l, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	const many = 2000
	raw := []byte(strings.Repeat(`{"id":"a","lang":"fr","text":"Le marché ouvre samedi 🎉, vin chaud \u00e0 3€ et lampions pour #Noël","likes":3}`+"\n", many))
	scan := func() {
		if _, err := l.Scan(bytes.NewReader(raw), io.Discard, io.Discard, ScanOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	scan()
	if n := testing.AllocsPerRun(3, scan); n > 50 { // the buffers of one scan
		t.Errorf("%.0f allocations for %d posts", n, many)
	}
}
