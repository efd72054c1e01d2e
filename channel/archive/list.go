package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Exports are one JSON document each, as large as an account is old. They are
// walked piece by piece; the elements of one list are what is read.

const (
	maxLevels = 32       // of JSON around a list
	readPiece = 64 << 10 // bytes of one reading
)

// meter bounds how much is read between two pieces.
type meter struct {
	r    io.Reader
	left int
}

func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, fmt.Errorf("%w: one piece has more than %d bytes", errLimit, MaxItem)
	}
	n, err := m.r.Read(p[:min(len(p), readPiece, m.left)])
	m.left -= n
	return n, err
}

// refill allows for one more piece. What the decoder has read ahead came out of
// the last.
func (m *meter) refill() { m.left = MaxItem + readPiece }

// walker finds lists of a name in a JSON document.
type walker struct {
	in    *meter
	dec   *json.Decoder
	name  string
	each  func(element json.RawMessage, beside map[string]string) error
	lists int
}

// walk calls each with every element of every list of that name, and with the
// strings and numbers that stand before the list in its object.
func walk(r io.Reader, name string, each func(json.RawMessage, map[string]string) error) error {
	in := &meter{r: r}
	w := &walker{in: in, dec: json.NewDecoder(in), name: name, each: each}
	w.dec.UseNumber()
	t, err := w.token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return fmt.Errorf("%w: not a JSON object", errForm)
	}
	if err := w.object(1); err != nil {
		return err
	}
	if w.lists == 0 {
		return fmt.Errorf("%w: it has no %q", errForm, name)
	}
	return nil
}

func (w *walker) token() (json.Token, error) {
	w.in.refill()
	t, err := w.dec.Token()
	return t, jsonError(err)
}

// jsonError drops the parser's own words: they quote the document.
func jsonError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: it ends in the middle", errCut)
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &syntax) || errors.As(err, &kind) {
		return fmt.Errorf("%w: not well-formed JSON", errForm)
	}
	return err
}

// object walks the rest of an object whose brace is read.
func (w *walker) object(level int) error {
	beside := map[string]string{}
	for w.dec.More() {
		t, err := w.token()
		if err != nil {
			return err
		}
		key, _ := t.(string)
		if t, err = w.token(); err != nil {
			return err
		}
		if key == w.name && t == json.Delim('[') {
			err = w.list(beside)
		} else if d, ok := t.(json.Delim); ok {
			err = w.inside(d, level)
		} else if len(beside) < maxBeside {
			beside[key] = short(t)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.token()
	return err
}

// maxBeside bounds what is remembered of an object.
const maxBeside = 32

func short(t json.Token) string {
	switch t := t.(type) {
	case string:
		return upTo(t, 1024)
	case json.Number:
		return upTo(t.String(), 64)
	}
	return ""
}

func (w *walker) inside(d json.Delim, level int) error {
	if level == maxLevels {
		return fmt.Errorf("%w: more than %d levels of JSON", errLimit, maxLevels)
	}
	if d == '{' {
		return w.object(level + 1)
	}
	for w.dec.More() {
		t, err := w.token()
		if d, ok := t.(json.Delim); err == nil && ok {
			err = w.inside(d, level+1)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.token()
	return err
}

// list reads the elements of a list whose bracket is read.
func (w *walker) list(beside map[string]string) error {
	w.lists++
	for {
		w.in.refill()
		if !w.dec.More() {
			break
		}
		var element json.RawMessage
		w.in.refill()
		if err := w.dec.Decode(&element); err != nil {
			return jsonError(err)
		}
		if len(element) > MaxItem {
			return fmt.Errorf("%w: one piece has more than %d bytes", errLimit, MaxItem)
		}
		if err := w.each(element, beside); err != nil {
			return err
		}
	}
	_, err := w.token()
	return err
}
