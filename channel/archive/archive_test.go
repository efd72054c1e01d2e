package archive

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
	"time"

	"ronde/channel"
	"ronde/internal/errs"
)

// read reads a whole text.
func read(text string, kind Kind) ([]channel.Post, Report, error) {
	var posts []channel.Post
	r, err := Read(strings.NewReader(text), kind, func(p channel.Post) error { posts = append(posts, p); return nil })
	return posts, r, err
}

func at(s string) int64 {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.UnixMicro()
}

func record(kind, media, block string) string {
	return "WARC/1.0\r\nWARC-Type: " + kind + "\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-11-22T20:03:04Z\r\nWARC-Target-URI: https://www.Place.example/1\r\nContent-Type: " +
		media + "\r\nContent-Length: " + fmt.Sprint(len(block)) + "\r\n\r\n" + block + "\r\n\r\n"
}

func page(media, body string) string {
	return record("response", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\nContent-Type: "+media+"\r\n\r\n"+body)
}

func gz(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

func zipped(files ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, _ := w.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Store})
		io.WriteString(f, files[i+1])
	}
	w.Close()
	return b.String()
}

const telegramExport = `{"name":"account","chats":{"about":"x","list":[
 {"name":"Canal inventé","type":"public_channel","id":77,"messages":[
  {"id":1,"type":"service","date":"2026-11-21T10:00:00","action":"create_channel","text":""},
  {"id":2,"type":"message","date":"2026-11-21T11:00:00","date_unixtime":"1795258800","from":"Invented","from_id":"channel77","text":["arrivage ",{"type":"bold","text":"neige"}," 🚚"],"text_entities":[]},
  {"id":3,"type":"message","date":"2026-11-21T12:00:00","from":null,"photo":"photos/1.jpg","text":""},
  {"id":4,"type":"message","text":" "},
  {"id":"five","type":"message","text":"x"}]},
 {"name":"Ami","type":"personal_chat","id":78,"messages":[{"id":1,"type":"message","text":"canary private"}]},
 {"name":"Groupe","type":"private_supergroup","id":79,"messages":[{"id":1,"type":"message","text":"canary private"}]}]}}`

const outbox = `{"@context":"https://www.w3.org/ns/activitystreams","id":"outbox.json","type":"OrderedCollection","totalItems":5,"orderedItems":[
 {"id":"https://social.example/users/inv/statuses/1/activity","type":"Create","actor":"https://social.example/users/inv","published":"2026-11-21T10:00:00Z","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["https://social.example/users/inv/followers"],
  "object":{"id":"https://social.example/users/inv/statuses/1","type":"Note","summary":"Promo","published":"2026-11-21T10:00:00Z","url":"https://social.example/@inv/1","attributedTo":"https://social.example/users/inv","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":[],"content":"<p>arrivage<br />neige &amp; co</p>","contentMap":{"fr":"<p>x</p>"},"attachment":[]}},
 {"type":"Announce","to":["https://www.w3.org/ns/activitystreams#Public"],"object":"https://other.example/2"},
 {"type":"Create","to":["https://social.example/users/inv/followers"],"cc":[],"object":{"id":"https://social.example/3","to":["https://social.example/users/inv/followers"],"content":"<p>canary private</p>"}},
 {"type":"Create","to":["https://www.w3.org/ns/activitystreams#Public"],"object":{"id":"https://social.example/4","to":"https://social.example/users/friend","content":"<p>canary private</p>"}},
 {"type":"Create","to":["https://www.w3.org/ns/activitystreams#Public"],"object":{"id":"https://social.example/5","content":"","attachment":[{}]}},
 {"type":"Create","object":{"id":"https://social.example/6","content":"canary nobody said for whom"}}]}`

const tweets = "window.YTD.tweets.part0 = [\n {\"tweet\":{\"edit_info\":{},\"id_str\":\"1590000000000000001\",\"full_text\":\"arrivage &amp; neige [ici] \\\"x\\\"\",\"created_at\":\"Sat Nov 21 11:00:00 +0000 2026\",\"lang\":\"fr\",\"entities\":{\"urls\":[]}}},\n {\"tweet\":{\"id_str\":\"2\",\"full_text\":\"\",\"lang\":\"und\"}},\n {\"tweet\":{\"id_str\":7}} ];\nalert(1)"

func TestKindsAreRead(t *testing.T) {
	html := `<!doctype html><html lang="fr"><head><title>Titre</title><style>p{}</style><script>canary()</script></head><body><p>arrivage&nbsp;<b>nei</b>ge</p><ul><li>un<li>deux</ul><img alt="x"></body>`
	web := page("text/html; charset=utf-8", html) + page("image/png", "x") + record("request", "application/http; msgtype=request", "GET / HTTP/1.1\r\n\r\n") +
		record("response", "application/http", "HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\n\r\n") + page("text/plain; charset=iso-8859-1", "d\xe9j\xe0") + page("text/html", "<script>x</script>")
	webPosts := []channel.Post{
		{ID: "urn:uuid:1", Text: "Titre\narrivage neige\nun\ndeux", Lang: "fr", URL: "https://www.Place.example/1", Platform: "place.example", At: at("2026-11-22T20:03:04Z")},
		{ID: "urn:uuid:1", Text: "déjà", URL: "https://www.Place.example/1", Platform: "place.example", At: at("2026-11-22T20:03:04Z")},
	}
	webLeft := map[string]int{Media: 1, Other: 1, Status: 1, Empty: 1}
	for name, test := range map[string]struct {
		text  string
		kind  Kind
		posts []channel.Post
		left  map[string]int
	}{
		"warc":    {web, WARC, webPosts, webLeft},
		"warc.gz": {gz(web), WARC, webPosts, webLeft},
		"wacz": {zipped("datapackage.json", `{"profile":"data-package","wacz_version":"1.1.1"}`, "archive/data.warc.gz", gz(web), "indexes/index.cdx.gz", gz("x"), "pages/pages.jsonl", `{"text":"canary"}`),
			WACZ, webPosts, webLeft},
		"telegram": {telegramExport, Telegram,
			[]channel.Post{{ID: "77/2", Text: "arrivage neige 🚚", Author: "Invented", Platform: "telegram", At: 1795258800_000000}},
			map[string]int{Other: 1, Media: 1, Empty: 1, Broken: 1, Private: 2}},
		"mastodon": {outbox, Mastodon,
			[]channel.Post{{ID: "https://social.example/users/inv/statuses/1", Text: "Promo\narrivage\nneige & co", Lang: "fr", Author: "https://social.example/users/inv",
				URL: "https://social.example/@inv/1", Platform: "social.example", At: at("2026-11-21T10:00:00Z")}},
			map[string]int{Boost: 1, Private: 3, Media: 1}},
		"x": {tweets, X,
			[]channel.Post{{ID: "1590000000000000001", Text: `arrivage & neige [ici] "x"`, Lang: "fr", URL: "https://x.com/i/status/1590000000000000001", Platform: "x.com", At: at("2026-11-21T11:00:00Z")}},
			map[string]int{Empty: 1, Broken: 1}},
		"csv": {"\xEF\xBB\xBFid;Text;at;extra\n1;\"arrivage;\nneige\";2026-11-21T11:00:00Z;x\n2;;;\n3;one too many;;;;\n4;fin;;\n", CSV,
			[]channel.Post{{ID: "1", Text: "arrivage;\nneige", At: at("2026-11-21T11:00:00Z")}, {ID: "4", Text: "fin"}},
			map[string]int{Empty: 1, Broken: 1}},
	} {
		posts, report, err := read(test.text, test.kind)
		if err != nil || fmt.Sprintf("%+v", posts) != fmt.Sprintf("%+v", test.posts) || !maps.Equal(report.Left, test.left) || report.Posts != len(test.posts) {
			t.Errorf("%s: %v\ngot  %+v %v\nwant %+v %v", name, err, posts, report, test.posts, test.left)
		}
		for _, p := range posts {
			if strings.Contains(p.Text, "canary") {
				t.Errorf("%s: read what is not to be read: %+v", name, p)
			}
		}
	}
}

func TestALongPageIsCutAndSaid(t *testing.T) {
	posts, report, err := read(page("text/html", "<p>"+strings.Repeat("é ", channel.MaxText)), WARC)
	if err != nil || len(posts) != 1 || len(posts[0].Text) > channel.MaxText || len(posts[0].Text) < channel.MaxText-4 || report.Left[Cut] != 1 {
		t.Fatal(err, report)
	}
	if _, _, err := channel.Clean(posts[0], 1<<50); err != nil {
		t.Error(err)
	}
}

type repeated struct {
	head string
	b    byte
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.head != "" {
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	}
	for i := range p {
		p[i] = r.b
	}
	return len(p), nil
}

func TestHostileFiles(t *testing.T) {
	good := page("text/plain", "first")
	bomb := gz(good + record("response", "application/http", strings.Repeat("\x00", 12<<20)))
	for name, test := range map[string]struct {
		in     io.Reader
		kind   Kind
		read   int
		kindOf errs.Kind
		key    string
	}{
		"cut gzip":         {strings.NewReader(gz(good + good)[:90]), WARC, 0, errs.Invalid, "err.archive.cut"},
		"a lying length":   {strings.NewReader(good + strings.Replace(good, "Content-Length: ", "Content-Length: 9", 1)), WARC, 1, errs.Invalid, "err.archive.cut"},
		"a bomb":           {strings.NewReader(bomb), WARC, 1, errs.Limit, "err.archive.limit"},
		"no WARC":          {strings.NewReader("hello"), WARC, 0, errs.Invalid, "err.archive.form"},
		"endless line":     {&repeated{good, 'a'}, WARC, 1, errs.Limit, "err.archive.limit"},
		"a path out":       {strings.NewReader(zipped("archive/../../a.warc", good)), WACZ, 0, errs.Invalid, "err.archive.form"},
		"a bomb in a ZIP":  {strings.NewReader(zipped("archive/a.warc.gz", bomb)), WACZ, 1, errs.Limit, "err.archive.limit"},
		"a ZIP without":    {strings.NewReader(zipped("a.txt", "x")), WACZ, 0, errs.Invalid, "err.archive.form"},
		"a ZIP cut":        {strings.NewReader(zipped("archive/a.warc", good+good)[:400]), WACZ, 1, errs.Invalid, "err.archive.cut"},
		"JSON cut":         {strings.NewReader(telegramExport[:500]), Telegram, 1, errs.Invalid, "err.archive.cut"},
		"JSON broken":      {strings.NewReader(`{"type":"public_channel","messages":[{"id":1,"type":"message","text":"a"},{]`), Telegram, 1, errs.Invalid, "err.archive.form"},
		"no messages":      {strings.NewReader(`{"a":1}`), Telegram, 0, errs.Invalid, "err.archive.form"},
		"JSON deep":        {&repeated{`{"a":`, '['}, Telegram, 0, errs.Limit, "err.archive.limit"},
		"JSON string":      {&repeated{`{"a":"`, 'x'}, Telegram, 0, errs.Limit, "err.archive.limit"},
		"JSON spaces":      {&repeated{`{"messages":[`, ' '}, Telegram, 0, errs.Limit, "err.archive.limit"},
		"one message":      {&repeated{`{"messages":[{"text":"`, 'x'}, Telegram, 0, errs.Limit, "err.archive.limit"},
		"direct messages":  {strings.NewReader(`window.YTD.direct_messages.part0 = [ {"dmConversation":{}} ]`), X, 0, errs.Invalid, "err.archive.form"},
		"deleted posts":    {strings.NewReader(`window.YTD.deleted_tweets.part0 = [ ]`), X, 0, errs.Invalid, "err.archive.form"},
		"a script":         {strings.NewReader(`(()=>{})();window.YTD.tweets.part0 = [ ]`), X, 0, errs.Invalid, "err.archive.form"},
		"tweets cut":       {strings.NewReader(tweets[:80]), X, 0, errs.Invalid, "err.archive.cut"},
		"an endless tweet": {&repeated{`window.YTD.tweets.part0 = [{"full_text":"`, 'x'}, X, 0, errs.Limit, "err.archive.limit"},
		"an endless field": {&repeated{"text\n\"", 'x'}, CSV, 0, errs.Limit, "err.archive.limit"},
		"no text":          {strings.NewReader("a,b\n1,2\n"), CSV, 0, errs.Invalid, "err.archive.column"},
		"no header":        {strings.NewReader("\"a\n1,2\n"), CSV, 0, errs.Invalid, "err.archive.column"},
		"endless header":   {&repeated{"text,", 'x'}, CSV, 0, errs.Limit, "err.archive.limit"},
		"text twice":       {strings.NewReader("text,Text\n1,2\n"), CSV, 0, errs.Invalid, "err.archive.twice"},
		"empty":            {strings.NewReader(""), CSV, 0, errs.Invalid, "err.archive.cut"},
		"no kind":          {strings.NewReader("x"), "zip", 0, errs.Invalid, "err.archive.kind"},
	} {
		n := 0
		_, err := Read(test.in, test.kind, func(channel.Post) error { n++; return nil })
		key, _ := errs.Message(err)
		if errs.KindOf(err) != test.kindOf || key != test.key || n != test.read {
			t.Errorf("%s: %d posts, %v, %s", name, n, err, key)
		}
		if err != nil && strings.Contains(err.Error(), "xxx") {
			t.Errorf("%s: the error quotes the file: %.200v", name, err)
		}
	}
}

func TestEachEndsReading(t *testing.T) {
	stop := errs.New(errs.Lapsed, "err.mandate.lapsed", "lapsed")
	n := 0
	_, err := Read(strings.NewReader("text\na\nb\nc\n"), CSV, func(channel.Post) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Error(n, err)
	}
}

func fuzz(f *testing.F, kind Kind, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		r, err := Read(bytes.NewReader(data), kind, func(p channel.Post) error {
			n++
			if strings.TrimSpace(p.Text) == "" {
				t.Fatalf("a post without text: %+v", p)
			}
			return nil
		})
		if r.Posts != n || err != nil && errs.KindOf(err) != errs.Invalid && errs.KindOf(err) != errs.Limit {
			t.Fatal(n, r, err)
		}
	})
}

func FuzzWARC(f *testing.F) {
	fuzz(f, WARC, page("text/html", "<p>a<script>b</script>c"), gz(page("text/plain", "a")), page("text/html; charset=utf-16", "\x00a"))
}
func FuzzTelegram(f *testing.F) { fuzz(f, Telegram, telegramExport) }
func FuzzMastodon(f *testing.F) { fuzz(f, Mastodon, outbox) }
func FuzzX(f *testing.F)        { fuzz(f, X, tweets) }
func FuzzCSV(f *testing.F)      { fuzz(f, CSV, "id;text\n1;\"a\nb\"\n", "text\ta\nx\ty\n") }
