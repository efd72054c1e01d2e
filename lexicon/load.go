package lexicon

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a lexicon's files.
const (
	maxFileBytes = 64 << 20
	maxFamilies  = 512
)

// source is where an entry is known from.
type source struct {
	reliability, date, url string
}

// loadSources reads sources.txt: key, reliability (A, B, C or U), date, address.
func (l *Lexicon) loadSources(dir fs.FS) error {
	l.sources = map[string]source{}
	data, err := fs.ReadFile(dir, "sources.txt")
	if err != nil {
		return fmt.Errorf("load sources: %w", err)
	}
	for n, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		f := strings.Fields(line)
		if len(f) != 4 || !strings.Contains("ABCU", f[1]) || len(f[1]) != 1 {
			return fmt.Errorf("sources.txt:%d: want key, A, B, C or U, date, address", n+1)
		}
		if _, dup := l.sources[f[0]]; dup {
			return fmt.Errorf("sources.txt:%d: source %q twice", n+1, f[0])
		}
		l.sources[f[0]] = source{f[1], f[2], f[3]}
	}
	return nil
}

// fileLoader reads one entries file.
type fileLoader struct {
	l    *Lexicon
	name string
	line int
	lang string
	cat  Category
	mask uint16
	sec  section
	at   int32 // the section's number
	open bool
}

// loadFile reads one file. See docs/lexicon.md for the form.
func (l *Lexicon) loadFile(dir fs.FS, name string) error {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return fmt.Errorf("load %s: %w", name, err)
	}
	if len(data) > maxFileBytes {
		return fmt.Errorf("%s: larger than %d bytes", name, maxFileBytes)
	}
	f := fileLoader{l: l, name: name, lang: path.Base(path.Dir(name))}
	var ok bool
	if f.mask, ok = languageBit(f.lang); !ok {
		return fmt.Errorf("%s: unknown language %q", name, f.lang)
	}
	if f.cat, ok = ParseCategory(strings.TrimSuffix(path.Base(name), ".txt")); !ok {
		return fmt.Errorf("%s: unknown category", name)
	}
	if f.lang == "mul" {
		f.mask = allLanguages
	}
	for line := range strings.SplitSeq(string(data), "\n") {
		f.line++
		if err := f.read(strings.TrimSpace(line)); err != nil {
			return fmt.Errorf("%s:%d: %w", name, f.line, err)
		}
	}
	return nil
}

func (f *fileLoader) read(line string) error {
	switch {
	case line == "" || line[0] == '#':
		return nil
	case !utf8.ValidString(line):
		return fmt.Errorf("not UTF-8")
	case line[0] == '[':
		return f.head(strings.Clone(line)) // what is kept of it must not keep the file
	case line[0] == '!':
		return f.reading(strings.Clone(line))
	case !f.open:
		return fmt.Errorf("entry before the first [family]")
	}
	return f.entries(line)
}

// head reads [family sense] key=value …
func (f *fileLoader) head(line string) error {
	inner, rest, ok := strings.Cut(line[1:], "]")
	names := strings.Fields(inner)
	if !ok || len(names) == 0 || len(names) > 2 {
		return fmt.Errorf("want [family] or [family sense]")
	}
	f.open = true
	f.sec = section{proto: Entry{Sense: names[0], Source: "own", Confidence: "medium", Strength: 1,
		Language: f.lang, Category: f.cat.String(), Family: names[0], File: f.name}}
	if len(names) == 2 {
		f.sec.proto.Sense = names[1]
	}
	for _, kv := range strings.Fields(rest) {
		if err := f.attribute(kv); err != nil {
			return err
		}
	}
	src, ok := f.l.sources[f.sec.proto.Source]
	if !ok {
		return fmt.Errorf("source %q is not in sources.txt", f.sec.proto.Source)
	}
	e := &f.sec.proto
	e.SourceURL, e.SourceDate, e.Reliability = src.url, src.date, src.reliability
	if e.FirstSeen == "" {
		e.FirstSeen = src.date
	}
	if e.LastSeen == "" {
		e.LastSeen = e.FirstSeen
	}
	if f.l.familyOf(f.cat, names[0]) >= maxFamilies {
		return fmt.Errorf("more than %d families", maxFamilies)
	}
	var err error
	mask := f.mask
	if travels(f.cat, e) {
		mask = allLanguages
	}
	f.sec.prefix = f.lang + "/" + e.Category + "/" + e.Family + "/"
	f.at, err = f.l.newSection(f.sec, f.cat, mask)
	return err
}

func (f *fileLoader) attribute(kv string) error {
	key, value, _ := strings.Cut(kv, "=")
	e := &f.sec.proto
	switch key {
	case "source":
		e.Source = value
	case "confidence":
		if value != "high" && value != "medium" && value != "low" {
			return fmt.Errorf("confidence is high, medium or low, not %q", value)
		}
		e.Confidence = value
	case "region":
		e.Region = value
	case "platform":
		e.Platform = value
	case "first":
		e.FirstSeen = value
	case "last":
		e.LastSeen = value
	case "reviewer":
		e.Reviewer = value
	case "weight":
		v, err := strconv.ParseFloat(value, 64)
		if err != nil || !(v >= 0.1 && v <= 3) {
			return fmt.Errorf("weight is a number from 0.1 to 3, not %q", value)
		}
		e.Strength = v
	case "backwards":
		f.sec.back = true
	default:
		return fmt.Errorf("unknown attribute %q", key)
	}
	return nil
}

// entries reads a line of entries with commas between.
func (f *fileLoader) entries(line string) error {
	for text := range strings.SplitSeq(line, ",") {
		if text = singleSpaced(text); text == "" {
			continue
		}
		if err := f.add(text); err != nil {
			return err
		}
	}
	return nil
}

// singleSpaced returns a text with one space between its words; nearly every
// text is so already, and then lies where it was read.
func singleSpaced(text string) string {
	text = strings.TrimSpace(text)
	for i, c := range text {
		if unicode.IsSpace(c) && (c != ' ' || text[i-1] == ' ') {
			return strings.Join(strings.Fields(text), " ")
		}
	}
	return text
}

func (f *fileLoader) add(text string) error {
	if old, dup := f.l.findIn(f.at, text); dup {
		_, line := f.l.texts.at(old)
		return fmt.Errorf("entry %q stands also at line %d", text, line)
	}
	_, err := f.put(text, f.at)
	return err
}

// put adds an entry to the lexicon and its index.
func (f *fileLoader) put(text string, section int32) (int32, error) {
	l := f.l
	pattern := canonical(text)
	if err := l.x.add(pattern); err != nil {
		return 0, err
	}
	if l.sections[section].back {
		l.x.addReversed(pattern)
	}
	i, err := l.keep(text, section, int32(f.line), symbolic(pattern))
	if err == nil {
		l.names.set(hashOn(hashOf(l.sections[section].prefix), text), uint32(i))
	}
	return i, err
}

// canonical is the form of an entry's text that its pattern is made of.
func canonical(text string) string {
	if folded(text) && singleSpaced(text) == text {
		return text
	}
	fields := strings.Fields(text)
	for i, f := range fields {
		if f != "<n>" && f != ".." {
			fields[i] = Fold(f)
		}
	}
	return strings.Join(fields, " ")
}

// symbolic says that no letter stands in a pattern: emoji, figures, signs.
func symbolic(pattern string) bool {
	for _, r := range strings.ReplaceAll(pattern, "<n>", "") {
		if unicode.IsLetter(r) && !isEmoji(r) {
			return false
		}
	}
	return true
}

// reading reads "! herbe | garden: jardin, pelouse" — an innocent reading of an
// entry above and the words that show it.
func (f *fileLoader) reading(line string) error {
	text, rest, ok := strings.Cut(line[1:], "|")
	name, words, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 {
		return fmt.Errorf("want ! entry | reading: word, word")
	}
	i, ok := f.l.findIn(f.at, strings.Join(strings.Fields(text), " "))
	if !ok {
		return fmt.Errorf("innocent reading of %q, which is no entry of this family", strings.TrimSpace(text))
	}
	in := InnocentReading{Reading: strings.TrimSpace(name)}
	for _, w := range strings.Split(words, ",") {
		if w = strings.Join(strings.Fields(w), " "); w == "" {
			continue
		}
		in.Words = append(in.Words, w)
		if err := f.innocentWord(i, w); err != nil {
			return err
		}
	}
	f.l.readings[i] = append(f.l.readings[i], in)
	return nil
}

// innocentWord makes a word of an innocent reading an entry of its own, so that
// the matcher finds it in the same pass.
func (f *fileLoader) innocentWord(of int32, w string) error {
	sec := &f.l.sections[f.at]
	if sec.innocent == 0 {
		made := section{proto: sec.proto, prefix: f.lang + "/about/innocent/"}
		made.proto.Sense, made.proto.Category, made.proto.Family = "innocent-reading", About.String(), "innocent"
		number, err := f.l.newSection(made, About, f.mask)
		if err != nil {
			return err
		}
		f.l.sections[f.at].innocent = number
	}
	at := f.l.sections[f.at].innocent
	j, ok := f.l.findIn(at, w)
	if !ok {
		var err error
		if j, err = f.put(w, at); err != nil {
			return err
		}
	}
	f.l.innocent[of] = append(f.l.innocent[of], j)
	return nil
}
