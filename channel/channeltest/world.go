package channeltest

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"ronde/channel"
)

// World is one line with the network it stands on. New, Write and Got are
// needed; any other function may be nil when Lacks, or the line's Limits, say
// that the network has no such thing.
type World struct {
	// New makes the line as after a restart of ours: it shares nothing with the
	// lines made before but its settings.
	New func(t *testing.T) channel.Line

	// What the public does. An ID is the one that the arrival will carry; Write
	// may return "" where that cannot be known.
	Write  func(t *testing.T, m Message) string
	Edit   func(t *testing.T, id, text string)
	Delete func(t *testing.T, id string)
	Read   func(t *testing.T, who, id string) // reads our message
	Leave  func(t *testing.T, who string)     // blocks us, or ends the account: what we send is refused, or fails later
	Big    func(t *testing.T, from string)    // sends a file of more than channel.MaxFile bytes
	// Got is what the network shows somebody of what we sent, oldest first. It
	// waits for nothing.
	Got func(t *testing.T, who string) []Got

	// What the network does.
	Drop    func(t *testing.T)                      // cuts every connection; the next one is served
	Hang    func(t *testing.T)                      // takes connections from now on and answers nothing; cuts the present ones
	Busy    func(t *testing.T, after time.Duration) // refuses the next message of ours as too fast
	Expire  func(t *testing.T)                      // our credential is no longer good; cuts connections
	Renew   func(t *testing.T)                      // a new credential is good, and lies where the setting says
	Garbage func(t *testing.T)                      // sends something malformed, then goes on
	Again   func(t *testing.T)                      // delivers once more what it delivered last
	Shuffle func(t *testing.T, a, b Message)        // two messages written a before b, delivered b before a
	Forget  func(t *testing.T)                      // every cursor given out so far is too old
	Late    func(t *testing.T, who string)          // Limits.Window has passed since somebody's last message

	// Serve is for a [channel.Hooked] line: the handler that the network calls
	// from now on; nil: our door is shut, and the network tries again later.
	Serve func(t *testing.T, h http.Handler)
	// Call makes one call of a hook as the network or a stranger would (Good,
	// Unsigned, …); nil where the network's scheme knows no such thing.
	Call func(t *testing.T, kind string) *http.Request

	Patience   time.Duration     // how long a thing may take to arrive; 0: ten seconds
	Secrets    []string          // what no error may hold: tokens, passwords
	Parallel   bool              // worlds share nothing that a test could disturb; the checks may run side by side
	Goroutines []string          // parts of function names of libraries that run goroutines for the line
	Lacks      map[string]string // ability → why the network, or the world, has none
}

// Message is one that somebody writes to us.
type Message struct {
	From      string // who: "ada", "bo"
	Text      string
	ReplyTo   string // the ID of an earlier message, where the network knows replies
	Files     []channel.File
	Automatic bool // written by a machine, and marked so in the network's way
}

// Got is one message of ours as somebody sees it.
type Got struct {
	Text      string // holds the text, where the network adds to it
	Files     []channel.File
	Automatic bool // marked as written by no person
}

// Abilities that a network may lack. Those without a function of their own are
// taken for granted unless Lacks says otherwise.
const (
	Edit    = "edit"    // Limits.Edits
	Delete  = "delete"  // Limits.Deletes
	Read    = "read"    // Limits.Receipt
	Late    = "late"    // Limits.Window
	Leave   = "leave"   // somebody can be out of reach
	Drop    = "drop"    // there is a connection to cut
	Hang    = "hang"    // the network can fall silent
	Busy    = "busy"    // the network limits our rate
	Expire  = "expire"  // our credential can end
	Renew   = "renew"   // and be replaced while we run
	Garbage = "garbage" // what arrives can be malformed
	Again   = "again"   // deliveries repeat
	Shuffle = "shuffle" // deliveries overtake each other
	Forget  = "forget"  // cursors grow too old
	Attach  = "attach"  // people send files
	Big     = "big"     // of any size
	Cursor  = "cursor"  // the network keeps what is written while we are away
	Once    = "once"    // the network can tell a message sent twice
	Thread  = "thread"  // messages answer messages
	Machine = "machine" // what a machine wrote is marked
	Label   = "label"   // what no person of ours wrote can be marked
)

// Kinds of calls of a hook.
const (
	Good      = "good"      // as the network makes it
	Unsigned  = "unsigned"  // without proof of who calls
	Forged    = "forged"    // with a wrong proof
	Replayed  = "replayed"  // a good one of yesterday
	Tampered  = "tampered"  // a good proof over another body
	Oversized = "oversized" // proven, beyond channel.MaxHook bytes
	Malformed = "malformed" // proven, and not what the network's documents say
)

// given lists the abilities that are functions.
func (w *World) given() map[string]bool {
	return map[string]bool{
		Edit: w.Edit != nil, Delete: w.Delete != nil, Read: w.Read != nil, Late: w.Late != nil,
		Leave: w.Leave != nil, Drop: w.Drop != nil, Hang: w.Hang != nil, Busy: w.Busy != nil,
		Expire: w.Expire != nil, Renew: w.Renew != nil, Garbage: w.Garbage != nil, Again: w.Again != nil,
		Shuffle: w.Shuffle != nil, Forget: w.Forget != nil, Big: w.Big != nil,
	}
}

// granted are the abilities that need no function.
var granted = []string{Attach, Cursor, Once, Thread, Machine, Label}

// lacking says why the ability is not there, or "" when it is. It fails the
// test when the world says nothing about it, or two things.
func (w *World) lacking(t *testing.T, ability string, l channel.Limits) string {
	t.Helper()
	promised := map[string]bool{Edit: l.Edits, Delete: l.Deletes, Read: l.Receipt, Late: l.Window > 0}
	given, isFunc := w.given()[ability]
	why := w.Lacks[ability]
	says, limited := promised[ability]
	switch {
	case !isFunc && !slices.Contains(granted, ability):
		t.Fatalf("no ability is called %q", ability)
	case limited && says && !given:
		t.Fatalf("the line's limits promise %q: the world must do it", ability)
	case limited && !says:
		return "the line's limits have no " + ability
	case isFunc && given == (why != ""):
		t.Fatalf("the world must either do %q or say in Lacks why it cannot", ability)
	}
	return why
}
