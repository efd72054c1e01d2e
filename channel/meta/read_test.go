package meta

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/graph"
)

func bare(insta bool) *Line { return &Line{id: "104", app: "7", insta: insta} }

// Bodies after the published reference, each with what it must become.
func TestEvents(t *testing.T) {
	from := `"sender":{"id":"9"},"recipient":{"id":"104"},"timestamp":1458692752478,`
	echo := `"sender":{"id":"104"},"recipient":{"id":"9"},"timestamp":1458692752478,`
	for name, c := range map[string]struct {
		event string
		want  channel.Arrival
	}{
		"quick reply": {from + `"message":{"mid":"m1","text":"Hello!","quick_reply":{"payload":"X"}}`, channel.Arrival{What: channel.Written, ID: "m1", Text: "Hello!"}},
		"shared link": {from + `"message":{"mid":"m1","text":"see","attachments":[{"type":"fallback","url":"https://a.example/x","title":"A"}]}`,
			channel.Arrival{What: channel.Written, ID: "m1", Text: "see\nhttps://a.example/x"}},
		"link that the text holds": {from + `"message":{"mid":"m1","text":"https://a.example/x","attachments":[{"type":"fallback","payload":{"url":"https://a.example/x"}}]}`,
			channel.Arrival{What: channel.Written, ID: "m1", Text: "https://a.example/x"}},
		"voice": {from + `"message":{"mid":"m1","attachments":[{"type":"audio","payload":{"url":"https://cdn.example/v/clip.mp4?oe=1"}}]}`,
			channel.Arrival{What: channel.Written, ID: "m1", Files: []channel.File{{ID: "m1#0", Name: "clip.mp4"}}}},
		"unsupported": {from + `"message":{"mid":"m1","is_unsupported":true}`, channel.Arrival{What: channel.Written, ID: "m1", Lost: []string{channel.LostKind}}},
		"answer to a story": {from + `"message":{"mid":"m1","text":"nice","reply_to":{"story":{"url":"https://a.example","id":"3"}}}`,
			channel.Arrival{What: channel.Written, ID: "m1", Text: "nice", Lost: []string{channel.LostKind}}},
		"answer":   {from + `"message":{"mid":"m2","text":"yes","reply_to":{"mid":"m1"}}`, channel.Arrival{What: channel.Written, ID: "m2", ReplyTo: "m1", Text: "yes"}},
		"edit":     {from + `"message_edit":{"mid":"m1","text":"new","num_edit":"2"}`, channel.Arrival{What: channel.Edited, ID: "m1", Text: "new"}},
		"deletion": {from + `"message":{"mid":"m1","is_deleted":true}`, channel.Arrival{What: channel.Deleted, ID: "m1"}},
		"button":   {from + `"postback":{"mid":"m3","title":"Begin","payload":"START"}`, channel.Arrival{What: channel.Written, ID: "m3", Text: "Begin"}},
		"read":     {from + `"read":{"watermark":1458668856253}`, channel.Arrival{What: channel.Read, At: 1458668856253000}},
		"seen":     {from + `"read":{"mid":"m4"}`, channel.Arrival{What: channel.Read, ID: "m4"}},
		"by our staff in Meta's app": {echo + `"message":{"mid":"m5","text":"x","is_echo":true,"app_id":263902037430900}`,
			channel.Arrival{What: channel.Written, ID: "m5", Text: "x", Ours: true}},
		"by this app":      {echo + `"message":{"mid":"m5","text":"x","is_echo":true,"app_id":7}`, channel.Arrival{}},
		"by this app, too": {echo + `"message":{"mid":"m5","text":"x","is_echo":true,"app_id":"7"}`, channel.Arrival{}},
		"reaction":         {from + `"reaction":{"mid":"m1","action":"react","emoji":"x"}`, channel.Arrival{}},
		"delivery":         {from + `"delivery":{"mids":["m1"],"watermark":1}`, channel.Arrival{}},
		"no id":            {from + `"message":{"text":"x"}`, channel.Arrival{}},
		"no sender":        {`"timestamp":1,"message":{"mid":"m1","text":"x"}`, channel.Arrival{}},
	} {
		body := `{"object":"page","entry":[{"id":"104","time":1,"messaging":[{` + c.event + `}]}]}`
		got, err := bare(false).read([]byte(body))
		if err != nil || c.want.What == "" && len(got) != 0 || c.want.What != "" && len(got) != 1 {
			t.Errorf("%s: %+v %v", name, got, err)
			continue
		}
		if c.want.What == "" {
			continue
		}
		c.want.Thread, c.want.Author.ID = "9", "9"
		if c.want.Ours {
			c.want.Author.ID = "104"
		}
		if c.want.At == 0 {
			c.want.At = 1458692752478000
		}
		g, _ := json.Marshal(got[0])
		if w, _ := json.Marshal(c.want); string(g) != string(w) {
			t.Errorf("%s:\n got %s\nwant %s", name, g, w)
		}
	}
}

// A signed call may hold the events of many pages, and of standby threads.
func TestOnlyOurPage(t *testing.T) {
	one := func(id, mid string) string {
		return `{"sender":{"id":"9"},"recipient":{"id":"` + id + `"},"timestamp":1,"message":{"mid":"` + mid + `","text":"x"}}`
	}
	body := `{"object":"page","entry":[{"id":"105","messaging":[` + one("105", "other") + `]},{"id":"104","messaging":[` + one("104", "a") + `,7,null,{"message":"x"},` +
		one("104", "b") + `],"standby":[` + one("104", "c") + `]}]}`
	got, err := bare(false).read([]byte(body))
	var ids []string
	for _, a := range got {
		ids = append(ids, a.ID)
	}
	if err != nil || !slices.Equal(ids, []string{"a", "b", "c"}) {
		t.Errorf("%v %v", ids, err)
	}
	if got, err := bare(true).read([]byte(body)); err != nil || len(got) != 0 {
		t.Errorf("a page's call on an Instagram line: %v %v", got, err)
	}
	for _, bad := range []string{``, `[]`, `{}`, `{"object":"page"}`, `{"object":"page","entry":7}`, strings.Repeat(`{"entry":[`, 100_000)} {
		if _, err := bare(false).read([]byte(bad)); err != graph.ErrBody {
			t.Errorf("%.20s: %v", bad, err)
		}
	}
}

func TestManyFiles(t *testing.T) {
	file := `{"type":"image","payload":{"url":"https://a.example/` + strings.Repeat("n", 3000) + `.jpg"}}`
	body := `{"object":"page","entry":[{"id":"104","messaging":[{"sender":{"id":"9"},"timestamp":1,"message":{"mid":"m1","attachments":[` +
		strings.Repeat(file+",", 40) + file + `]}}]}]}`
	got, err := bare(false).read([]byte(body))
	if err != nil || len(got) != 1 || len(got[0].Files) != channel.MaxFiles || !slices.Contains(got[0].Lost, channel.LostFiles) {
		t.Errorf("%d arrivals, %v", len(got), err)
	}
}

func TestReasons(t *testing.T) {
	for want, all := range map[string][]graph.Error{
		channel.Expired:  {{Status: 400, Code: 190, Subcode: 463}, {Status: 401}, {Status: 400, Code: 102}},
		channel.Window:   {{Status: 400, Code: 10, Subcode: 2018278}, {Status: 400, Code: 10, Subcode: 2534022}},
		channel.Gone:     {{Status: 400, Code: 551, Subcode: 1545041}, {Status: 400, Code: 100, Subcode: 2018001}, {Status: 403, Code: 200, Subcode: 1545041}},
		channel.Later:    {{Status: 400, Code: 613}, {Status: 400, Code: 4}, {Status: 400, Code: 80006}, {Status: 500, Code: 1200}, {Status: 503}, {Status: 429}, {Status: 400, Code: 9, Transient: true}},
		channel.Rejected: {{Status: 400, Code: 100}, {Status: 403, Code: 10}, {Status: 403, Code: 200}, {Status: 400, Code: 368}, {Status: 404}},
	} {
		for _, e := range all {
			if got := channel.WhyOf(refusal(&e)); got != want {
				t.Errorf("%+v: %q, want %q", e, got, want)
			}
		}
	}
	if refusal(nil) != nil || !errors.Is(refusal(io.EOF), io.EOF) {
		t.Error("what is no answer of Graph's stays as it is")
	}
}

func TestTimes(t *testing.T) {
	for text, want := range map[string]int64{`"2026-11-22T05:00:01+0000"`: 1795323601_000_000, `"2026-11-22T06:00:01+01:00"`: 1795323601_000_000,
		`1795323601`: 1795323601_000_000, `"1795323601"`: 1795323601_000_000, `"soon"`: 0, `null`: 0} {
		var s stamp
		if err := json.Unmarshal([]byte(text), &s); err != nil || s.micros() != want {
			t.Errorf("%s: %d %v", text, s.micros(), err)
		}
	}
}

func TestFileIDsAreOnlyOurs(t *testing.T) {
	for _, id := range []string{"", "m1", "#0", "m1#-1", "m1#99", "m1#x", "https://a.example/x"} {
		if err := bare(false).Fetch(t.Context(), channel.File{ID: id}, io.Discard); channel.WhyOf(err) != channel.Gone || errs.Is(err, errs.Limit) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"object":"page","entry":[{"id":"104","messaging":[{"sender":{"id":"9"},"timestamp":1,"message":{"mid":"m1","text":"x","attachments":[{"type":"image","payload":{"url":"%zz"}}]}}]}]}`))
	f.Add([]byte(`{"object":"page","entry":[{"id":"104","standby":[{"sender":{"id":"104"},"recipient":{"id":"9"},"read":{"watermark":-1},"message_edit":{"mid":"\u0000"}}]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := bare(false).read(body)
		if err != nil && err != graph.ErrBody {
			t.Fatal(err)
		}
		for _, a := range got {
			if err := a.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
