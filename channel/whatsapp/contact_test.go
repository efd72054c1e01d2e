package whatsapp

import (
	"encoding/json"
	"testing"
)

// One call brought two senders and the card of one: the other's message must
// not be taken for theirs, or the answer would go to a stranger.
func TestACardOfAnotherIsNotTaken(t *testing.T) {
	ada := contact{Phone: "33600000001", User: "u-ada"}
	for _, x := range []struct {
		from, user, want string
	}{
		{"33600000001", "", "u-ada"},
		{"33600000002", "", "33600000002"},
		{"", "u-ben", "u-ben"},
		{"33600000001", "u-ben", "u-ben"}, // number and name disagree
	} {
		raw, err := json.Marshal(map[string]any{"id": "wamid.1", "from": x.from, "from_user_id": x.user, "timestamp": "1790000000", "type": "text", "text": map[string]string{"body": "hello"}})
		if err != nil {
			t.Fatal(err)
		}
		a, ok := theirs(raw, []contact{ada})
		if !ok || a.Thread != x.want {
			t.Errorf("from %q, %q: thread %q, %v; want %q", x.from, x.user, a.Thread, ok, x.want)
		}
	}
}
