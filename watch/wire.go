package watch

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"ronde/channel"
	"ronde/internal/errs"
)

// Bounds of one batch on the bus (design 4).
const (
	MaxBatchPosts = 256
	MaxBatchBytes = 64 << 10 // one post alone may be larger, never above the bus's own bound
)

// batch is what travels: length-prefixed texts, so that a post costs no
// escaping and keeps its bytes. The first byte is the version of this form.
type batch struct {
	mandate string
	source  string
	posts   []channel.Post
}

const wireVersion = 1

func postSize(p channel.Post) int {
	return len(p.ID) + len(p.Text) + len(p.Lang) + len(p.Author) + len(p.Platform) + len(p.URL) + 32
}

func (b batch) encode() []byte {
	size := 64
	for _, p := range b.posts {
		size += postSize(p)
	}
	out := append(make([]byte, 0, size), wireVersion)
	out = appendText(appendText(out, b.mandate), b.source)
	out = binary.AppendUvarint(out, uint64(len(b.posts)))
	for _, p := range b.posts {
		for _, f := range [...]string{p.ID, p.Text, p.Lang, p.Author, p.Platform, p.URL} {
			out = appendText(out, f)
		}
		out = binary.AppendVarint(out, p.At)
	}
	return out
}

func appendText(out []byte, s string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}

var errWire = errors.New("read batch: it is cut short or of another version")

// decoder reads a batch; after a fault it gives empty values and keeps bad.
type decoder struct {
	rest string
	bad  bool
}

func (d *decoder) uvarint() uint64 {
	n, w := binary.Uvarint([]byte(d.rest[:min(len(d.rest), binary.MaxVarintLen64)]))
	if w <= 0 {
		d.bad, d.rest = true, ""
		return 0
	}
	d.rest = d.rest[w:]
	return n
}

func (d *decoder) varint() int64 {
	n, w := binary.Varint([]byte(d.rest[:min(len(d.rest), binary.MaxVarintLen64)]))
	if w <= 0 {
		d.bad, d.rest = true, ""
		return 0
	}
	d.rest = d.rest[w:]
	return n
}

func (d *decoder) text() string {
	n := d.uvarint()
	if n > uint64(len(d.rest)) {
		d.bad, d.rest = true, ""
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func decodeBatch(data []byte) (batch, error) {
	if len(data) == 0 || data[0] != wireVersion {
		return batch{}, errWire
	}
	d := &decoder{rest: string(data[1:])}
	b := batch{mandate: d.text(), source: d.text()}
	n := d.uvarint()
	if n > MaxBatchPosts {
		return batch{}, errWire
	}
	for range n {
		p := channel.Post{ID: d.text(), Text: d.text(), Lang: d.text(), Author: d.text(), Platform: d.text(), URL: d.text(), At: d.varint()}
		if d.bad {
			return batch{}, errWire
		}
		b.posts = append(b.posts, p)
	}
	if d.bad || d.rest != "" {
		return batch{}, errWire
	}
	return b, nil
}

// reply is the verdict's way back: counts, or the kind and key of an error.
type reply struct {
	Result
	Failed bool      `json:"failed,omitempty"`
	Kind   errs.Kind `json:"kind,omitempty"`
	Key    string    `json:"key,omitempty"`
}

func encodeReply(r Result, err error) []byte {
	out := reply{Result: r}
	if err != nil {
		out.Failed, out.Kind = true, errs.KindOf(err)
		out.Key, _ = errs.Message(err)
	}
	text, _ := json.Marshal(out) // numbers and words of ours: it cannot fail
	return text
}

func decodeReply(data []byte) (Result, error) {
	var r reply
	if err := json.Unmarshal(data, &r); err != nil {
		return Result{}, errs.Wrap(err, "read verdict")
	}
	if r.Failed {
		return Result{}, errs.New(r.Kind, r.Key, "judge batch: "+r.Kind.String())
	}
	return r.Result, nil
}

// batches cuts posts into pieces that the bus carries.
func batches(posts []channel.Post) [][]channel.Post {
	var out [][]channel.Post
	begin, size := 0, 0
	for i, p := range posts {
		n := postSize(p)
		if i > begin && (i-begin == MaxBatchPosts || size+n > MaxBatchBytes) {
			out = append(out, posts[begin:i])
			begin, size = i, 0
		}
		size += n
	}
	if begin < len(posts) {
		out = append(out, posts[begin:])
	}
	return out
}
