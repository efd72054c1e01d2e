package mail

import (
	"bytes"
	"encoding/json"
	"errors"

	"ronde/channel"
)

// mark is where reading goes on: the mailbox's numbering and the last number,
// and a day from which to read again should the numbering end (RFC 9051 §2.3.1.1).
type mark struct {
	Validity uint32 `json:"v"`
	UID      uint32 `json:"u"`
	Seconds  int64  `json:"t"` // UTC; until then everything was read
}

func (m mark) encode() channel.Mark {
	b, _ := json.Marshal(m)
	return b
}

// readMark reads what encode wrote; anything else is a mark that is of no use.
func readMark(from channel.Mark) (mark, error) {
	var m mark
	d := json.NewDecoder(bytes.NewReader(from))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil || m.Validity == 0 || m.Seconds <= 0 {
		return mark{}, &channel.Refusal{Why: channel.Forgotten, Err: errors.New("read mark: not one of a mailbox")}
	}
	return m, nil
}
