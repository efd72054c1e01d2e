package warc

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
)

// record writes a record as WARC 1.1 section 4 has it.
func record(kind, media, block string, more ...string) string {
	return "WARC/1.1\r\nWARC-Type: " + kind + "\r\nWARC-Record-ID: <urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>\r\nWARC-Date: 2026-11-22T20:03:04Z\r\n" +
		"WARC-Target-URI: https://place.example/1\r\n" + strings.Join(more, "") +
		"Content-Type: " + media + "\r\nContent-Length: " + fmt.Sprint(len(block)) + "\r\n\r\n" + block + "\r\n\r\n"
}

func response(head, body string) string {
	return record("response", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\n"+head+"\r\n"+body)
}

// gz compresses each part as a member of its own.
func gz(parts ...string) string {
	var b bytes.Buffer
	for _, p := range parts {
		z := gzip.NewWriter(&b)
		io.WriteString(z, p)
		z.Close()
	}
	return b.String()
}

// pages reads a stream to its end.
func pages(in io.Reader) (out []string, err error) {
	r, err := NewReader(in)
	if err != nil {
		return nil, err
	}
	for {
		rec, err := r.Next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return out, err
		}
		p, err := rec.Page()
		out = append(out, fmt.Sprintf("%s %s %s %d %s %q %v", rec.Type, rec.URI, p.Media, p.Status, p.Charset, p.Body, err))
	}
}

// numbers is a text that compresses as texts do.
func numbers(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprint(&b, i*i, " ")
	}
	return b.String()[:n]
}

func TestRecordsArePages(t *testing.T) {
	for name, test := range map[string]struct{ block, want string }{
		"html":          {response("Content-Type: text/html; charset=ISO-8859-1\r\n", "<p>a"), `response https://place.example/1 text/html 200 iso-8859-1 "<p>a" <nil>`},
		"text":          {response("content-type:text/plain\r\n", "a"), `response https://place.example/1 text/plain 200  "a" <nil>`},
		"picture":       {response("Content-Type: image/png\r\n", "\x89PNG"), `response https://place.example/1 image/png 200  "" <nil>`},
		"chunked":       {response("Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), `response https://place.example/1 text/plain 200  "abcde" <nil>`},
		"chunked told":  {response("Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", "no chunks here\r\n"), `response https://place.example/1 text/plain 200  "no chunks here\r\n" <nil>`},
		"gzip":          {response("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", gz("inside")), `response https://place.example/1 text/plain 200  "inside" <nil>`},
		"gzip told":     {response("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", "plain"), `response https://place.example/1 text/plain 200  "plain" <nil>`},
		"brotli":        {response("Content-Type: text/plain\r\nContent-Encoding: br\r\n", "x"), `response https://place.example/1 text/plain 200  "" the page is compressed in a way that is not read`},
		"gzip cut":      {response("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", gz("inside")[:12]), `response https://place.example/1 text/plain 200  "" the page is broken`},
		"a long chunk":  {response("Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", "ffff\r\nabc"), `response https://place.example/1 text/plain 200  "" the page is broken`},
		"not found":     {record("response", "application/http", "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nnone"), `response https://place.example/1 text/plain 404  "" <nil>`},
		"no http":       {record("response", "application/http", "GARBAGE\r\n\r\n"), `response https://place.example/1  0  "" the page is broken`},
		"endless head":  {record("response", "application/http", strings.Repeat("a", MaxHeader+10)), `response https://place.example/1  0  "" the page is broken`},
		"too large":     {response("Content-Type: text/plain\r\n", numbers(MaxPayload+1)), `response https://place.example/1 text/plain 200  "" the page is too large`},
		"a page's bomb": {response("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", gz(strings.Repeat("a", 9<<20))), `response https://place.example/1 text/plain 200  "" the page is too large`},
		"resource":      {record("resource", "text/plain; charset=utf-8", "hi"), `resource https://place.example/1 text/plain 0 utf-8 "hi" <nil>`},
		"conversion":    {record("conversion", "text/plain", "hi"), `conversion https://place.example/1 text/plain 0  "hi" <nil>`},
		"request":       {record("request", "application/http; msgtype=request", "GET / HTTP/1.1\r\n\r\n"), `request https://place.example/1  0  "" the record is no page`},
		"revisit":       {record("revisit", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\n\r\n"), `revisit https://place.example/1  0  "" the record is no page`},
		"segment":       {record("resource", "text/plain", "hi", "WARC-Segment-Number: 1\r\n"), `resource https://place.example/1  0  "" the record is no page`},
		"folded":        {record("resource", "text/plain;\r\n charset=utf-8", "hi"), `resource https://place.example/1 text/plain 0 utf-8 "hi" <nil>`},
	} {
		for how, in := range map[string]string{"plain": test.block + test.block, "gzip": gz(test.block, test.block), "one gzip": gz(test.block + test.block)} {
			got, err := pages(strings.NewReader(in))
			if err != nil || len(got) != 2 || got[0] != test.want || got[1] != test.want {
				t.Errorf("%s, %s: %.300v %v", name, how, got, err)
			}
		}
	}
}

func TestVersion10(t *testing.T) {
	in := strings.Replace(record("resource", "text/plain", "hi"), "WARC/1.1", "WARC/1.0", 1)
	if got, err := pages(strings.NewReader(in)); err != nil || len(got) != 1 {
		t.Error(got, err)
	}
}

// zeros is an endless line.
type zeros struct{ b byte }

func (z zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = z.b
	}
	return len(p), nil
}

func TestHostileArchives(t *testing.T) {
	good := record("resource", "text/plain", "hi")
	bomb := gz(strings.Repeat(good, 2), strings.Repeat("\n", 4)+record("resource", "application/x", strings.Repeat("\x00", 12<<20)))
	for name, test := range map[string]struct {
		in   io.Reader
		read int
		want error
	}{
		"empty":             {strings.NewReader(""), 0, ErrCut},
		"something else":    {strings.NewReader("PK\x03\x04 is no WARC\r\n\r\n"), 0, ErrForm},
		"endless nothing":   {zeros{'\n'}, 0, ErrForm},
		"two bytes":         {strings.NewReader("WA"), 0, ErrCut},
		"version 2":         {strings.NewReader(strings.Replace(good, "1.1", "2.0", 1)), 0, ErrForm},
		"cut in the block":  {strings.NewReader(good + good[:len(good)-5]), 2, ErrCut},
		"cut in the header": {strings.NewReader(good + good[:40]), 1, ErrCut},
		"cut gzip":          {strings.NewReader(gz(good, good)[:len(gz(good))+40]), 1, ErrCut},
		"broken gzip":       {strings.NewReader(gz(good) + "\x1f\x8b\x08\x00garbage garbage garbage"), 1, ErrForm},
		"a tail":            {strings.NewReader(gz(good) + "tail of no member"), 1, ErrForm},
		"length too large":  {strings.NewReader(strings.Replace(good, "Length: 2", "Length: 2000", 1) + good), 1, ErrCut},
		"length too small":  {strings.NewReader(strings.Replace(good, "Length: 2", "Length: 1", 1) + good), 1, ErrForm},
		"length enormous":   {strings.NewReader(strings.Replace(good, "Length: 2", "Length: 99999999999999999999", 1)), 0, ErrForm},
		"length negative":   {strings.NewReader(strings.Replace(good, "Length: 2", "Length: -2", 1)), 0, ErrForm},
		"length signed":     {strings.NewReader(strings.Replace(good, "Length: 2", "Length: +2", 1)), 0, ErrForm},
		"length twice":      {strings.NewReader(strings.Replace(good, "Content-Length: 2", "Content-Length: 2\r\nContent-Length: 9", 1)), 0, ErrForm},
		"no length":         {strings.NewReader(strings.Replace(good, "Content-Length: 2\r\n", "", 1)), 0, ErrForm},
		"endless line":      {io.MultiReader(strings.NewReader(good), zeros{'a'}), 1, ErrLimit},
		"endless blanks":    {io.MultiReader(strings.NewReader(good), zeros{'\n'}), 1, ErrLimit},
		"endless field":     {io.MultiReader(strings.NewReader("WARC/1.1\r\na: "), zeros{'a'}), 0, ErrLimit},
		"countless fields":  {strings.NewReader(strings.Replace(good, "\r\nWARC-Type", strings.Repeat("\r\na: b", MaxFields)+"\r\nWARC-Type", 1)), 0, ErrForm},
		"bomb":              {strings.NewReader(bomb), 3, ErrLimit},
	} {
		got, err := pages(test.in)
		if !errors.Is(err, test.want) || len(got) != test.read {
			t.Errorf("%s: %d pages, %v", name, len(got), err)
		}
	}
}

func unzip(in io.Reader) (out []string, err error) {
	z := NewZipReader(in)
	for {
		e, err := z.Next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return out, err
		}
		h := crc32.NewIEEE()
		n, err := io.Copy(h, e.Data)
		if err != nil {
			return out, err
		}
		out = append(out, fmt.Sprintf("%s %d %x", e.Name, n, h.Sum32()))
	}
}

// zipped makes a ZIP. follows: sizes after the data, as archivers write that
// cannot go back.
func zipped(t testing.TB, follows bool, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		method := zip.Deflate
		if strings.HasSuffix(files[i], ".gz") {
			method = zip.Store
		}
		h := &zip.FileHeader{Name: files[i], Method: method}
		if follows {
			f, err := w.CreateHeader(h)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(f, files[i+1])
			continue
		}
		h.Method = zip.Store
		h.CRC32, h.CompressedSize64, h.UncompressedSize64 = crc32.ChecksumIEEE([]byte(files[i+1])), uint64(len(files[i+1])), uint64(len(files[i+1]))
		f, err := w.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, files[i+1])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestZipIsReadFromItsFront(t *testing.T) {
	mark := string(descriptorMark)
	inner := zipped(t, true, "x.gz", "in a stored ZIP") // looks like an entry within an entry
	files := []string{"archive/", "", "archive/a.warc.gz", gz(record("resource", "text/plain", "hi")), "tricky.gz", mark + "1234567890123456" + mark + inner, "pages/pages.jsonl", strings.Repeat("page ", 10_000), "end.gz", ""}
	var want []string
	for i := 0; i < len(files); i += 2 {
		want = append(want, fmt.Sprintf("%s %d %x", files[i], len(files[i+1]), crc32.ChecksumIEEE([]byte(files[i+1]))))
	}
	for _, follows := range []bool{true, false} {
		in := zipped(t, follows, files...)
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(in), "byte by byte": oneByte{strings.NewReader(in)}} {
			got, err := unzip(r)
			if err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("follows %v, %s: %v\ngot  %q\nwant %q", follows, how, err, got, want)
			}
		}
		for _, cut := range []int{1, 20, 60, len(in) / 3, strings.Index(in, "end.gz") + 3} {
			if _, err := unzip(strings.NewReader(in[:cut])); !errors.Is(err, ErrCut) {
				t.Errorf("follows %v, cut at %d: %v", follows, cut, err)
			}
		}
	}
}

type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

func TestHostileZips(t *testing.T) {
	good := zipped(t, false, "a.gz", "hello")
	flip := strings.Replace(good, "hello", "hallo", 1)
	encrypted := []byte(good)
	encrypted[6] |= zipEncrypted
	method := []byte(good)
	method[8] = 99
	short := []byte(good)
	short[18], short[22] = 3, 3
	var many bytes.Buffer
	w := zip.NewWriter(&many)
	for i := range MaxEntries + 1 {
		w.Create(fmt.Sprint(i))
	}
	w.Close()
	for name, test := range map[string]struct {
		in   string
		want error
	}{
		"empty":         {"", ErrCut},
		"something":     {"WARC/1.1 is no ZIP", ErrForm},
		"out":           {zipped(t, false, "../../etc/x", "a"), ErrForm},
		"inside out":    {zipped(t, false, "archive/../../x", "a"), ErrForm},
		"absolute":      {zipped(t, false, "/etc/x", "a"), ErrForm},
		"backslash":     {zipped(t, false, `..\x`, "a"), ErrForm},
		"drive":         {zipped(t, false, `c:x`, "a"), ErrForm},
		"zero byte":     {zipped(t, false, "a\x00b", "a"), ErrForm},
		"no name":       {zipped(t, false, "", "a"), ErrForm},
		"long name":     {zipped(t, false, strings.Repeat("a", MaxName+1), "a"), ErrForm},
		"twice":         {zipped(t, false, "a", "1", "a", "2"), ErrForm},
		"another sum":   {flip, ErrForm},
		"encrypted":     {string(encrypted), ErrForm},
		"method 99":     {string(method), ErrForm},
		"lying size":    {string(short), ErrForm},
		"many entries":  {many.String(), ErrLimit},
		"bomb":          {zipped(t, true, "bomb", strings.Repeat("\x00", 12<<20)), ErrLimit},
		"stored no end": {zipped(t, true, "a.gz", strings.Repeat("x", 100_000))[:90_000], ErrCut},
	} {
		if _, err := unzip(strings.NewReader(test.in)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	one := response("Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", "3\r\nabc\r\n0\r\n\r\n")
	for _, in := range []string{one + one, gz(one, one), record("resource", "text/plain", "hi"), gz(response("Content-Encoding: deflate\r\nContent-Type: text/plain\r\n", "x\x9c\x03\x00\x00\x00\x00\x01"))} {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := pages(bytes.NewReader(data))
		if err != nil && !errors.Is(err, ErrCut) && !errors.Is(err, ErrForm) && !errors.Is(err, ErrLimit) {
			t.Fatal(err)
		}
	})
}

func FuzzZip(f *testing.F) {
	f.Add([]byte(zipped(f, true, "archive/a.warc.gz", gz("x"), "pages.jsonl", "abc")))
	f.Add([]byte(zipped(f, false, "archive/a.warc.gz", gz("x"), "pages.jsonl", "abc")))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := unzip(bytes.NewReader(data))
		if err != nil && !errors.Is(err, ErrCut) && !errors.Is(err, ErrForm) && !errors.Is(err, ErrLimit) {
			t.Fatal(err)
		}
		for _, name := range got {
			if strings.Contains(name, "../") || name[0] == '/' {
				t.Fatalf("%q", name)
			}
		}
	})
}
