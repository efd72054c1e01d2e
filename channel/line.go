package channel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// A Line is one account of ours on one network on which people write to us
// and we answer: a mailbox, a page, a bot. A package below channel/ makes it
// from a [Setting]; what it promises is checked by channeltest.Run.
//
// A Line keeps no state that a restart would miss: where it goes on is the
// cursor that it hands over with what it read. It writes nothing to a disk and
// logs no text, name or address.
type Line interface {
	// Limits says what the network allows.
	Limits() Limits
	// Receive reads what came after the cursor, hands it to take in the order
	// in which it came, and goes on until ctx ends or the connection is lost.
	// It never goes past a batch for which take returned an error: it returns
	// that error. It returns nil only when ctx has ended. Reconnecting and
	// backing off is the caller's ([Service.Run]).
	//
	// Once it is connected, Receive calls take with an empty batch and the mark
	// where it stands, before anything else: from then on nothing is missed, also
	// when nobody writes before the next restart. It may do so again at any time;
	// an empty batch says only that the line is alive.
	Receive(ctx context.Context, from Mark, take Take) error
	// Send writes one answer and returns once the network has it. The same Key
	// twice is one message wherever the network can tell. An error is a
	// [*Refusal] when the network said why.
	Send(ctx context.Context, out Outgoing) (Sent, error)
	// Test asks the network who we are, without writing to anybody.
	Test(ctx context.Context) (Checkup, error)
}

// A Hooked line is one that the network calls: its handler stands on the
// portal's door under /hooks/{line name}/. Every call is authenticated by the
// line (signature, secret) before a byte of it is believed, answered after
// take, and refused beyond MaxHook bytes. Receive then blocks until ctx ends,
// fetching what was missed where the network can tell.
type Hooked interface {
	Line
	Hook(take Take) http.Handler
}

// A Fetcher line can get the bytes of a file that somebody sent.
type Fetcher interface {
	Line
	// Fetch writes at most MaxFile bytes to w; more is errs.Limit.
	Fetch(ctx context.Context, f File, w io.Writer) error
}

// Mark is where reading goes on, in the line's own form; nil: from now on.
type Mark json.RawMessage

// Take keeps a batch. When it returns nil, the batch and next are kept for
// good; the line need not remember either. A nil next leaves the mark where it
// stood: what a network calls in (Hooked) may overtake what Receive still
// fetches.
type Take func(ctx context.Context, batch []Arrival, next Mark) error

// Limits of what passes a line.
const (
	MaxHook  = 1 << 20  // bytes of one call of a network
	MaxFile  = 25 << 20 // bytes of one file
	MaxFiles = 20       // of one message
	MaxBatch = 100      // arrivals handed over at once
	MaxKey   = 512      // bytes of an id of the network
	MaxName  = 1 << 10  // bytes of a name, handle, address, subject or file name; the line cuts
	// MaxText (64 KiB) holds for an arrival too: the line cuts, and says LostText.
)

// Limits says what a network allows. A zero number means: no limit known.
// Files, Edits, Deletes and Receipt are promises that channeltest asks for.
type Limits struct {
	Runes   int           // of one message of ours; Send splits nothing
	Window  time.Duration // how long after their last message we may answer
	Files   bool          // Send takes files
	Edits   bool          // edits of theirs are told
	Deletes bool          // deletions of theirs are told
	Receipt bool          // the network says when a message of ours was read
	Public  bool          // what is written stands in public (a stream's chat)
}

// What arrives.
const (
	Written = "written" // a new message
	Edited  = "edited"  // Text is what the message says now
	Deleted = "deleted" // the message is taken back; Text is empty
	Read    = "read"    // they have read our messages up to the one named by ID; without an ID, those written until At
	Failed  = "failed"  // the message of ours named by ID did not reach them after all; Why says why
)

// What a line could not carry of an arrival, so that nothing is dropped unsaid.
const (
	LostText      = "text"      // longer than MaxText: the rest was cut
	LostFiles     = "files"     // more than MaxFiles, or one beyond MaxFile
	LostEncrypted = "encrypted" // PGP or S/MIME: nobody here can read it
	LostQuoted    = "quoted"    // what the mail repeated of ours was folded off
	LostKind      = "kind"      // a kind of message that Ronde does not show (a poll, a sticker, a call)
)

// Arrival is one thing that came in on a line.
type Arrival struct {
	What    string // Written, Edited, Deleted, Read, Failed
	ID      string // of the message, in the network's words; unique within Thread
	Thread  string // of the conversation: whom an answer reaches
	ReplyTo string // ID of the message it answers, where the network says so
	Author  Author
	Subject string // of a mail
	Text    string
	Lang    string // BCP 47 where the network says so
	At      int64  // microseconds UTC by the network's clock; 0: not said
	Files   []File
	// Automatic: written by a machine (a vacation notice, a bot, a list). Nobody
	// answers it automatically (RFC 3834 §2).
	Automatic bool
	// Ours: written by our own account elsewhere (on the network's own app).
	Ours   bool
	Public bool     // it stands in public
	Why    string   // of Failed: a reason of a [Refusal]
	Lost   []string // what could not be carried: LostText, …; empty: nothing
}

// Author is who wrote, as the network tells it. It is sealed at once.
type Author struct {
	ID      string // stable in the network
	Handle  string // how people see it; may change
	Name    string
	Address string // mail address or phone number, where that is how one answers
}

// File is a file of an arrival. It is fetched only when an officer asks.
type File struct {
	ID    string // in the network's words; enough to fetch it later
	Name  string
	Type  string // media type as claimed
	Size  int64  // bytes as claimed; 0: not said
	Bytes []byte // when it came with the message; at most MaxFile
}

// Outgoing is one answer.
type Outgoing struct {
	Key     string // ours: the same key is the same message
	Thread  string
	ReplyTo string // ID of their newest message
	To      Author // who gets it
	Subject string // of a mail
	Text    string
	Lang    string
	Files   []File // with Bytes
	Last    int64  // when they last wrote, microseconds UTC
	// Tried is when sending under this Key was first tried, microseconds UTC,
	// where nobody knows how that ended; 0: never. A line whose network knows no
	// keys looks there first whether the message stands already.
	Tried int64
	// Automatic marks an answer that no person wrote (RFC 3834 §3.1.7).
	Automatic bool
}

// Sent is the network's receipt.
type Sent struct {
	ID string // of our message in the network's words
	At int64  // microseconds UTC by the network's clock; 0: not said
}

// Checkup is what a self-test found.
type Checkup struct {
	Account string // who we are there
	Expires int64  // when the credential ends, microseconds UTC; 0: not said
}

// Why a network refused.
const (
	Later     = "later"     // busy or too fast: again after Refusal.After
	Expired   = "expired"   // our credential is no longer good
	Window    = "window"    // they must write first again
	Gone      = "gone"      // they blocked us, left, or the thread is no more
	TooLong   = "too-long"  // beyond Limits.Runes or a file beyond what is allowed
	Rejected  = "rejected"  // the network will not have it, whatever we do
	Forgotten = "forgotten" // the cursor is too old: what lies between is lost, and is counted
)

// Refusal is why a network did not do what it was asked. Its text holds no
// word of a message and no secret.
type Refusal struct {
	Why   string
	After time.Duration // for Later: wait at least so long; 0: not said
	Err   error
}

func (r *Refusal) Error() string {
	if r.Err == nil {
		return "refused: " + r.Why
	}
	return fmt.Sprintf("refused (%s): %v", r.Why, r.Err)
}

func (r *Refusal) Unwrap() error { return r.Err }

// WhyOf is the reason of a refusal in the chain of err, or "" when there is
// none: then trying again later is all one can do.
func WhyOf(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Why
	}
	return ""
}

// Setting is one row of the channels' configuration.
type Setting struct {
	Name     string            `toml:"name"`     // of the line: "mail-fr", stands in addresses and counts
	Kind     string            `toml:"kind"`     // package: "mail", "telegram"
	Account  string            `toml:"account"`  // our address or handle there
	Language string            `toml:"language"` // of automatic answers when nothing else is known
	Keep     int               `toml:"keep"`     // days a closed conversation is kept; 0: the channel's own default
	Options  map[string]string `toml:"options"`  // of the kind; each package's doc.go lists its own
	// Secrets are names of files (mode 0600) with one secret each, read when the
	// line is made and again when the network says that one expired.
	Secrets map[string]string `toml:"secrets"`
}

// Means is what the house gives every line.
type Means struct {
	Client *http.Client // guarded against addresses inside our own network
	Now    func() int64 // microseconds UTC
}
