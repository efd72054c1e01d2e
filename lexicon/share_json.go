package lexicon

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// encoding/json takes the last of two equal keys, matches keys whatever their
// case and mends what is no UTF-8. Whoever checks a file and whoever reads it
// could then see two things, so files from outside are read strictly.

// readShared reads a JSON object. Elements of its list go one by one to each,
// everything else is returned.
func readShared(r io.Reader, list string, each func(map[string]any) error) (map[string]any, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxShareBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	if len(data) > MaxShareBytes {
		return nil, fmt.Errorf("read file: larger than %d MiB", MaxShareBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("read file: it is not UTF-8")
	}
	s := &strict{dec: json.NewDecoder(bytes.NewReader(data)), list: list, each: each}
	s.dec.UseNumber()
	top, err := s.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := s.dec.Token(); err != io.EOF {
		return nil, s.bad("something follows the document")
	}
	object, ok := top.(map[string]any)
	if !ok {
		return nil, s.bad("it is not a JSON object")
	}
	return object, nil
}

type strict struct {
	dec  *json.Decoder
	list string
	each func(map[string]any) error
	n    int
}

func (s *strict) bad(why string) error {
	return fmt.Errorf("read file: byte %d: %s", s.dec.InputOffset(), why)
}

// value reads the next value, depth levels below the document.
func (s *strict) value(depth int) (any, error) {
	t, err := s.dec.Token()
	if err != nil {
		return nil, s.bad("it is not well-formed JSON")
	}
	switch t := t.(type) {
	case json.Delim:
		if depth == maxShareDepth {
			return nil, s.bad(fmt.Sprintf("deeper than %d levels", maxShareDepth))
		}
		if t == '{' {
			return s.object(depth)
		}
		return s.array(depth)
	case string:
		if len(t) > maxShareString {
			return nil, s.bad(fmt.Sprintf("a string longer than %d bytes", maxShareString))
		}
	}
	return t, nil
}

func (s *strict) object(depth int) (any, error) {
	out := map[string]any{}
	for s.dec.More() {
		t, err := s.dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return nil, s.bad("it is not well-formed JSON")
		}
		if _, twice := out[key]; twice {
			return nil, s.bad(fmt.Sprintf("key %q twice", short(key)))
		}
		if depth == 0 && key == s.list {
			out[key], err = nil, s.elements()
		} else {
			out[key], err = s.value(depth + 1)
		}
		if err != nil {
			return nil, err
		}
	}
	_, err := s.dec.Token()
	if err != nil {
		return nil, s.bad("it is not well-formed JSON")
	}
	return out, nil
}

func (s *strict) array(depth int) (any, error) {
	out := []any{}
	for s.dec.More() {
		v, err := s.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if _, err := s.dec.Token(); err != nil {
		return nil, s.bad("it is not well-formed JSON")
	}
	return out, nil
}

// elements reads the list that the file is about.
func (s *strict) elements() error {
	if t, err := s.dec.Token(); err != nil || t != json.Delim('[') {
		return s.bad(fmt.Sprintf("%q is not a list", s.list))
	}
	for s.dec.More() {
		if s.n++; s.n > MaxShareObjects {
			return s.bad(fmt.Sprintf("more than %d objects", MaxShareObjects))
		}
		v, err := s.value(2)
		if err != nil {
			return err
		}
		object, ok := v.(map[string]any)
		if !ok {
			return s.bad(fmt.Sprintf("%q has something that is not an object", s.list))
		}
		if err := s.each(object); err != nil {
			return err
		}
	}
	if _, err := s.dec.Token(); err != nil {
		return s.bad("it is not well-formed JSON")
	}
	return nil
}

// str reads a string of an object, "" when there is none; ok is false when it
// is something else.
func str(object map[string]any, key string) (s string, ok bool) {
	v, there := object[key]
	if !there {
		return "", true
	}
	s, ok = v.(string)
	return s, ok
}

// strs reads a string or a list of strings, as MISP has either.
func strs(v any) (out []string, ok bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case string:
		return []string{v}, true
	case []any:
		for _, x := range v {
			s, is := x.(string)
			if !is {
				return nil, false
			}
			out = append(out, s)
		}
		return out, true
	}
	return nil, false
}

// writeShared writes a document as people read and compare it.
func writeShared(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
