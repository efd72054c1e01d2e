package desk

import (
	"context"
	"encoding/json"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
	"ronde/ledger"
)

// Transcript is what a case takes from a conversation: what was written, as it
// was written, without the name and contact, which stay here and are opened
// with a reason.
type Transcript struct {
	ID         string
	Channel    string
	ReceivedAt int64  // microseconds UTC
	Bytes      []byte // JSON of the fields below, in one canonical form
}

// transcript is the form of Transcript.Bytes. Texts are the bytes that were
// sent, invisible characters included.
type transcript struct {
	Conversation string           `json:"conversation"`
	Channel      string           `json:"channel"`
	Language     string           `json:"language"`
	Identity     Identity         `json:"identity"`
	Received     int64            `json:"received_us"`
	Link         string           `json:"link,omitempty"`
	Messages     []transcriptLine `json:"messages"`
}

type transcriptLine struct {
	ID   string `json:"id"`
	From string `json:"from"` // "citizen" or "patrol"
	At   int64  `json:"at_us"`
	Text string `json:"text"`
	// Taken is when its writer took it back: then text and files are left out.
	Taken int64 `json:"taken_back_us,omitempty"`

	Files []transcriptFile `json:"files,omitempty"`
	Room  bool             `json:"room,omitempty"` // said in a secure room
}

// transcriptFile names a file; its original is an exhibit of its own. Of one
// that is for specialised staff it says that it exists.
type transcriptFile struct {
	ID     string `json:"id"`
	Name   string `json:"name,omitempty"`
	Type   string `json:"type,omitempty"`
	Size   int64  `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	State  string `json:"state"`
}

// Transcript reads a conversation for a case, outside the case's transaction:
// its bytes are sealed as an exhibit first. It is recorded as an opened record.
func (s *Service) Transcript(ctx context.Context, by access.Actor, conversationID string) (Transcript, error) {
	var t Transcript
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		c, err := s.load(ctx, tx, by, "conversation.open", conversationID)
		if err != nil {
			return err
		}
		if c.Erased != 0 {
			return errs.New(errs.NotFound, "err.erased", "read transcript: the conversation is erased")
		}
		t = Transcript{ID: c.ID, Channel: c.Channel, ReceivedAt: c.Received}
		if t.Bytes, err = s.transcript(ctx, tx, c); err != nil {
			return errs.Wrap(err, "read transcript")
		}
		return s.book.Append(ctx, tx, ledger.Event{Verb: "conversation.open", Table: tableConversations, ID: c.ID, By: by, Detail: "for a case"})
	})
	return t, err
}

func (s *Service) transcript(ctx context.Context, tx *db.Tx, c conversation) ([]byte, error) {
	o, err := s.outside(c)
	if err != nil {
		return nil, err
	}
	rows, err := selectMessages(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	files, err := s.transcriptFiles(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	rooms, err := selectSaid(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	t := transcript{Conversation: c.ID, Channel: c.Channel, Language: c.Lang, Identity: c.Identify, Received: c.Received, Link: o.Link}
	for _, r := range rows {
		var w written
		if err := s.open(c.ID, purposeMessage, r.sealed, &w); err != nil {
			return nil, err
		}
		from := "patrol"
		if r.Incoming {
			from = "citizen"
		}
		line := transcriptLine{ID: r.ID, From: from, At: r.At, Text: w.Text, Taken: w.Taken, Files: files[r.ID], Room: rooms[r.ID] != ""}
		if w.Taken != 0 {
			line.Text, line.Files = "", nil
		}
		t.Messages = append(t.Messages, line)
	}
	return json.Marshal(t)
}

// TakeIn records, in the transaction of the case, that the conversation went
// into one. The conversation does not know which.
func (s *Service) TakeIn(ctx context.Context, tx *db.Tx, by access.Actor, conversationID string) error {
	c, err := s.load(ctx, tx, by, "conversation.open", conversationID)
	if err != nil {
		return err
	}
	if c.Erased != 0 {
		return errs.New(errs.NotFound, "err.erased", "take conversation into case: it is erased")
	}
	return s.keep(ctx, tx, &c, ledger.Event{Verb: "conversation.pull", By: by, Detail: "into a case"})
}
