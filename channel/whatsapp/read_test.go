package whatsapp

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"ronde/channel"
	"ronde/internal/graph"
)

func bare() *Line { return &Line{id: "106"} }

func body(kind, event string) []byte {
	return []byte(`{"object":"whatsapp_business_account","entry":[{"id":"W","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",
		"metadata":{"display_phone_number":"1555","phone_number_id":"106"},
		"contacts":[{"profile":{"name":"Lune","username":"lune"},"wa_id":"33600000001","user_id":"FR.1"}],"` + kind + `":[` + event + `]}}]}]}`)
}

// Messages after the published reference, each with what it must become.
func TestMessages(t *testing.T) {
	w := channel.Arrival{What: channel.Written, ID: "wamid.1"}
	with := func(f func(a *channel.Arrival)) channel.Arrival { a := w; f(&a); return a }
	for name, c := range map[string]struct {
		event string
		want  channel.Arrival
	}{
		"text":  {`"type":"text","text":{"body":"Bonjour"}`, with(func(a *channel.Arrival) { a.Text = "Bonjour" })},
		"reply": {`"type":"text","text":{"body":"oui"},"context":{"from":"1555","id":"wamid.0"}`, with(func(a *channel.Arrival) { a.Text, a.ReplyTo = "oui", "wamid.0" })},
		"image": {`"type":"image","image":{"caption":"ici","mime_type":"image/jpeg","sha256":"aGFzaA==","id":"77"}`,
			with(func(a *channel.Arrival) {
				a.Text, a.Files = "ici", []channel.File{{ID: "77#aGFzaA==", Name: "image", Type: "image/jpeg"}}
			})},
		"voice": {`"type":"audio","audio":{"mime_type":"audio/ogg; codecs=opus","sha256":"h","id":"78","voice":true}`,
			with(func(a *channel.Arrival) {
				a.Files = []channel.File{{ID: "78#h", Name: "voice", Type: "audio/ogg; codecs=opus"}}
			})},
		"document": {`"type":"document","document":{"filename":"plan.pdf","mime_type":"application/pdf","sha256":"h","id":"79"}`,
			with(func(a *channel.Arrival) {
				a.Files = []channel.File{{ID: "79#h", Name: "plan.pdf", Type: "application/pdf"}}
			})},
		"location": {`"type":"location","location":{"latitude":48.5,"longitude":-2.25,"name":"Pont","address":"1, rue des Ponts"}`,
			with(func(a *channel.Arrival) { a.Text = "Pont\n1, rue des Ponts\ngeo:48.5,-2.25" })},
		"contacts": {`"type":"contacts","contacts":[{"name":{"formatted_name":"Ada L."},"phones":[{"phone":"+33 6"}],"emails":[{"email":"a@b.example"}]}]`,
			with(func(a *channel.Arrival) { a.Text = "Ada L.\n+33 6\na@b.example" })},
		"reaction":            {`"type":"reaction","reaction":{"message_id":"wamid.0","emoji":"x"}`, with(func(a *channel.Arrival) { a.Text, a.ReplyTo = "x", "wamid.0" })},
		"reaction taken back": {`"type":"reaction","reaction":{"message_id":"wamid.0"}`, channel.Arrival{}},
		"button":              {`"type":"button","button":{"payload":"p","text":"Yes"}`, with(func(a *channel.Arrival) { a.Text = "Yes" })},
		"list":                {`"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"1","title":"Advice"}}`, with(func(a *channel.Arrival) { a.Text = "Advice" })},
		"unsupported":         {`"type":"unsupported","errors":[{"code":131051,"title":"Message type unknown"}]`, with(func(a *channel.Arrival) { a.Lost = []string{channel.LostKind} })},
		"new number":          {`"type":"system","system":{"body":"changed","type":"user_changed_number"}`, with(func(a *channel.Arrival) { a.Text, a.Automatic = "changed", true })},
		"edit": {`"type":"edit","edit":{"original_message_id":"wamid.0","message":{"type":"text","text":{"body":"new"}}}`,
			channel.Arrival{What: channel.Edited, ID: "wamid.0", Text: "new"}},
		"edit of a caption": {`"type":"edit","edit":{"original_message_id":"wamid.0","message":{"type":"image","image":{"caption":"new","id":"7"}}}`,
			channel.Arrival{What: channel.Edited, ID: "wamid.0", Text: "new"}},
		"revoke": {`"type":"revoke","revoke":{"original_message_id":"wamid.0"}`, channel.Arrival{What: channel.Deleted, ID: "wamid.0"}},
		"group":  {`"type":"text","group_id":"G1","text":{"body":"x"}`, channel.Arrival{}},
	} {
		got, err := bare().read(body("messages", `{"from":"33600000001","from_user_id":"FR.1","id":"wamid.1","timestamp":"1749416383",`+c.event+`}`))
		if err != nil || c.want.What == "" && len(got) != 0 || c.want.What != "" && len(got) != 1 {
			t.Errorf("%s: %+v %v", name, got, err)
			continue
		}
		if c.want.What == "" {
			continue
		}
		c.want.Thread, c.want.At = "FR.1", 1749416383_000_000
		c.want.Author = channel.Author{ID: "FR.1", Handle: "lune", Name: "Lune", Address: "33600000001"}
		g, _ := json.Marshal(got[0])
		if w, _ := json.Marshal(c.want); string(g) != string(w) {
			t.Errorf("%s:\n got %s\nwant %s", name, g, w)
		}
	}
}

func TestOurOwnPeopleInTheBusinessApp(t *testing.T) {
	got, err := bare().read(body("message_echoes", `{"from":"1555","to":"33600000001","to_user_id":"FR.1","id":"wamid.2","timestamp":"1749416383","type":"text","text":{"body":"x"}}`))
	if err != nil || len(got) != 1 || !got[0].Ours || got[0].Thread != "FR.1" || got[0].Text != "x" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestStatuses(t *testing.T) {
	for status, want := range map[string]channel.Arrival{
		`"status":"read"`: {What: channel.Read}, `"status":"delivered"`: {}, `"status":"sent"`: {}, `"status":"failed"`: {What: channel.Failed, Why: channel.Rejected},
		`"status":"failed","errors":[{"code":131026}]`: {What: channel.Failed, Why: channel.Gone},
		`"status":"failed","errors":[{"code":131047}]`: {What: channel.Failed, Why: channel.Window},
		`"status":"failed","errors":[{"code":131000}]`: {What: channel.Failed, Why: channel.Later},
	} {
		got, err := bare().read(body("statuses", `{"id":"wamid.1","timestamp":"1749416383","recipient_id":"33600000001",`+status+`}`))
		if err != nil || want.What == "" && len(got) != 0 || want.What != "" && (len(got) != 1 || got[0].What != want.What || got[0].Why != want.Why || got[0].Thread != "33600000001" || got[0].ID != "wamid.1") {
			t.Errorf("%s: %+v %v", status, got, err)
		}
	}
}

func TestOnlyOurNumber(t *testing.T) {
	b := body("messages", `{"from":"33600000001","id":"wamid.1","timestamp":"1","type":"text","text":{"body":"x"}}`)
	if got, err := (&Line{id: "107"}).read(b); err != nil || len(got) != 0 {
		t.Errorf("%+v %v", got, err)
	}
	for _, bad := range []string{``, `[]`, `{}`, `{"entry":7}`, strings.Repeat(`{"entry":[`, 100_000)} {
		if _, err := bare().read([]byte(bad)); err != graph.ErrBody {
			t.Errorf("%.20s: %v", bad, err)
		}
	}
}

func TestReasons(t *testing.T) {
	for want, all := range map[string][]graph.Error{
		channel.Expired:  {{Status: 401, Code: 190}, {Status: 401, Code: 0}},
		channel.Window:   {{Status: 400, Code: 131047}},
		channel.Gone:     {{Status: 400, Code: 131026}, {Status: 400, Code: 131050}},
		channel.Later:    {{Status: 429, Code: 130429}, {Status: 429, Code: 80007}, {Status: 429, Code: 131056}, {Status: 500, Code: 131000}, {Status: 503, Code: 131016}, {Status: 400, Code: 4}},
		channel.Rejected: {{Status: 403, Code: 10}, {Status: 403, Code: 131031}, {Status: 400, Code: 100}, {Status: 400, Code: 131051}, {Status: 404}},
	} {
		for _, e := range all {
			if got := channel.WhyOf(refusal(&e)); got != want {
				t.Errorf("%+v: %q, want %q", e, got, want)
			}
		}
	}
	if r, ok := refusal(&graph.Error{Code: codePair}).(*channel.Refusal); !ok || r.After != 6*time.Second {
		t.Errorf("%+v", r)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(body("messages", `{"from":"3","id":"w","timestamp":"-1","type":"contacts","contacts":[{"name":{"formatted_name":"\u0000"}}],"location":{"latitude":1e400}}`))
	f.Add(body("statuses", `{"id":"w","status":"failed","errors":[{"code":131026}],"recipient_id":"3"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := bare().read(b)
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
