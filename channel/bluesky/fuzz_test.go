package bluesky

import (
	"encoding/json"
	"testing"
)

func FuzzArrivals(f *testing.F) {
	f.Add([]byte(`{"$type":"x#logCreateMessage","convoId":"3c","message":{"id":"1","text":"t","facets":[{"features":[{"uri":"https://x.example"}]}],"embed":{"record":{"uri":"at://x"}},"sender":{"did":"did:plc:x"},"sentAt":"2026-11-22T08:00:00Z"}}`))
	f.Add([]byte(`{"uri":"at://x","author":{"did":"did:plc:x","labels":[{"val":"bot","src":"did:plc:x"}]},"record":{"text":"t","reply":{"parent":{"uri":"x"}},"embed":{"media":{"media":{"media":{}}},"external":{"uri":"\u0000"}}},"indexedAt":"2026-11-22T08:00:00Z"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var e entry
		if json.Unmarshal(b, &e) == nil && e.Message != nil {
			if a := e.arrival("did:plc:me", convo{}); a.ID != "" && len(a.ID) < 100 && a.Thread != "" && len(a.Thread) < 100 && len(a.Author.ID) < 100 && clean(a.ID+a.Thread+a.Author.ID) {
				if err := a.Check(); err != nil {
					t.Fatal(err)
				}
			}
		}
		var n notification
		if json.Unmarshal(b, &n) == nil {
			if a := n.arrival(); a.ID != "" && len(a.ID) < 100 && a.Thread != "" && len(a.Thread) < 100 && clean(a.ID+a.Thread) {
				if err := a.Check(); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// clean says whether an id could be one.
func clean(s string) bool {
	for _, r := range s {
		if r < ' ' || r == '\uFFFD' {
			return false
		}
	}
	return true
}
