package patrol

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"ronde/internal/errs"
	"ronde/lexicon"
)

// MaxIncidents bounds the incidents that are open at one time, so that a flood
// of reports (D 2.91) fills nothing; above it only the count goes on.
const MaxIncidents = 1000

// The ends of an incident.
const (
	OutcomeReported = "reported" // told to the platform
	OutcomeGenuine  = "genuine"  // it is ours after all
	OutcomeNothing  = "nothing"  // nothing to see there
	OutcomeRemoved  = "removed"  // the platform took it down
	OutcomeRefused  = "refused"  // the platform leaves it where it is
)

// Outcomes lists them.
var Outcomes = []string{OutcomeReported, OutcomeRemoved, OutcomeRefused, OutcomeGenuine, OutcomeNothing}

// The states of an incident.
const (
	Open   = "open"
	Closed = "closed"
)

// What is known of an impostor at its platform.
const (
	Told       = "told"        // it was reported there; nobody has looked again
	StillThere = "still-there" // somebody looked: it is there
	GoneThere  = "gone"        // somebody looked: it is gone
)

// LookAgain is how long a platform has before somebody looks again.
const LookAgain = 3 * 24 * time.Hour

// Incident is an account that people took for a false police account. What
// names it is sealed; nobody who reported it is kept.
type Incident struct {
	ID       string // imp_…
	Platform string
	Handle   string // empty once closed: its key is gone
	Reports  int64  // how often it was reported; an incident counts, nobody is judged
	First    int64  // microseconds UTC
	Last     int64
	State    string
	Outcome  string
	Answer   Answer // what the check says of it now

	Told  int64  // when its platform was told; 0: not yet
	Again int64  // when to look again whether it is gone
	There string // Told, StillThere, GoneThere; empty before the platform was told
}

// ImpostorIn is a report from the street: nothing about who reports.
type ImpostorIn struct {
	Platform string
	Handle   string // handle or address, as seen
}

// named is the sealed part of an incident.
type named struct {
	Handle string `json:"handle"`
}

func (in ImpostorIn) read() (query, error) {
	q, err := readQuery(in.Platform, in.Handle)
	if err != nil {
		return q, err
	}
	if q.platform == "" && q.isURL {
		q.platform = hosts[q.address.host]
	}
	if q.platform != "" && !slices.Contains(platforms, q.platform) {
		return q, errs.Field("platform", "err.patrol.word", "report impostor: not a platform's name", "word", clip(q.platform))
	}
	return q, nil
}

// platforms are where an impostor can be told of. The name stands in a column
// in clear and comes from the street, so it is one of ours and no other word.
var platforms = []string{"instagram", "tiktok", "snapchat", "facebook", "discord", "telegram", "whatsapp", "x", "youtube", "twitch", "mastodon", "bluesky",
	"threads", "steam", "reddit", "linkedin", "pinterest", "vk", "mail", "phone", "sms", "web"}

// mark is what two reports of the same account have in common.
func (q query) mark() []byte {
	host := ""
	if q.isURL && hosts[q.address.host] == "" {
		host = q.address.host
	}
	return []byte(q.platform + "\x00" + host + "\x00" + lexicon.Fold(strings.ToLower(q.handle)))
}

func (q query) sealed() ([]byte, error) { return json.Marshal(named{Handle: q.shown}) }

func validOutcome(o string) bool { return slices.Contains(Outcomes, o) }
