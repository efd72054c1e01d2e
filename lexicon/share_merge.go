package lexicon

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Source is where an import comes from, as a line of sources.txt names it.
type Source struct {
	Key     string
	Date    string // year and month, or a day
	Address string // without spaces
}

// Merge writes an import's entries under one source into a lexicon's files and
// returns those that change, by path. What stands in them already stays as it
// is; the new entries follow, sorted, under a line that asks for review. An
// entry that the lexicon has is left out and said. Nothing is returned that
// would not load.
func Merge(dir fs.FS, im *Imported, src Source) (files map[string][]byte, losses []Loss, err error) {
	sources, err := withSource(dir, src)
	if err != nil {
		return nil, nil, err
	}
	have, err := standing(dir)
	if err != nil {
		return nil, nil, err
	}
	byFile := map[string][]Entry{}
	for _, e := range im.Entries {
		if have[e.ID] {
			losses = append(losses, Loss{e.ID, "entry", "left out: the lexicon has it", 1})
			continue
		}
		e.Source = src.Key
		name := "entries/" + e.Language + "/" + e.Category + ".txt"
		byFile[name] = append(byFile[name], e)
	}
	files = map[string][]byte{}
	if sources != nil && len(byFile) > 0 {
		files["sources.txt"] = sources
	}
	for name, entries := range byFile {
		old, err := fs.ReadFile(dir, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("read %s: %w", name, err)
		}
		files[name] = append(old, addition(old, src, entries)...)
	}
	if len(byFile) == 0 {
		return files, losses, nil
	}
	if _, err := Load(overlay{dir, files}); err != nil {
		return nil, nil, fmt.Errorf("check merged lexicon: %w", err)
	}
	return files, losses, nil
}

// withSource returns sources.txt with the source in it, or nil when it is
// there already.
func withSource(dir fs.FS, src Source) ([]byte, error) {
	if !name.MatchString(src.Key) {
		return nil, fmt.Errorf("source %q: want up to 64 small letters, digits and hyphens", short(src.Key))
	}
	if !aMonth.MatchString(src.Date) || src.Address == "" || len(src.Address) > 1000 || strings.ContainsFunc(src.Address, func(r rune) bool { return r <= ' ' }) {
		return nil, fmt.Errorf("source %q: want a date and an address without spaces", src.Key)
	}
	old, err := fs.ReadFile(dir, "sources.txt")
	if errors.Is(err, fs.ErrNotExist) {
		old, err = []byte("# key reliability date address\n"), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	var known Lexicon
	if err := known.loadSources(overlay{dir, map[string][]byte{"sources.txt": old}}); err != nil {
		return nil, err
	}
	if s, there := known.sources[src.Key]; there {
		if s.reliability != "U" {
			return nil, fmt.Errorf("source %q has reliability %s: what is imported is unverified until it is reviewed; name a source of reliability U", src.Key, s.reliability)
		}
		return nil, nil
	}
	return fmt.Appendf(endLine(old), "%s U %s %s\n", src.Key, src.Date, src.Address), nil
}

// standing is what the lexicon has, by ID; a folder without entries has none.
func standing(dir fs.FS) (map[string]bool, error) {
	have := map[string]bool{}
	names, err := fs.Glob(dir, "entries/*/*.txt")
	if err != nil || len(names) == 0 {
		return have, err
	}
	l, err := Load(dir)
	if err != nil {
		return nil, err
	}
	for e := range l.Entries {
		have[e.ID] = true
	}
	return have, nil
}

func endLine(b []byte) []byte {
	if len(b) > 0 && b[len(b)-1] != '\n' {
		b = append(b, '\n')
	}
	return b
}

// addition is what is added to a file.
func addition(old []byte, src Source, entries []Entry) []byte {
	var b bytes.Buffer
	if len(old) > 0 {
		b.WriteString(strings.Repeat("\n", 2-min(2, len(old)-len(bytes.TrimRight(old, "\n")))))
	}
	fmt.Fprintf(&b, "# Imported from %s, to be reviewed: nobody of ours has read what follows.\n", src.Key)
	b.Write(Canonical(entries))
	return b.Bytes()
}

// Canonical writes entries of one language and category as their file has
// them: sections in order, entries in order within, each reading below.
func Canonical(entries []Entry) []byte {
	byHead := map[string][]Entry{}
	var heads []string
	for _, e := range entries {
		h := head(e)
		if byHead[h] == nil {
			heads = append(heads, h)
		}
		byHead[h] = append(byHead[h], e)
	}
	slices.Sort(heads)
	var b bytes.Buffer
	for i, h := range heads {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(h + "\n")
		writeSection(&b, byHead[h])
	}
	return b.Bytes()
}

// head is the line that opens an entry's section. What the loader would assume
// anyway is not written.
func head(e Entry) string {
	h := "[" + e.Family
	if e.Sense != e.Family {
		h += " " + e.Sense
	}
	h += "] source=" + e.Source + " weight=" + strconv.FormatFloat(e.Strength, 'g', -1, 64)
	for _, kv := range [...][2]string{{"confidence", e.Confidence}, {"region", e.Region}, {"platform", e.Platform}, {"first", e.FirstSeen},
		{"last", e.LastSeen}, {"reviewer", e.Reviewer}} {
		if kv[1] != "" && !(kv[0] == "last" && e.LastSeen == e.FirstSeen) {
			h += " " + kv[0] + "=" + kv[1]
		}
	}
	if e.Backwards {
		h += " backwards"
	}
	return h
}

// lineWidth is where a line of entries breaks, in bytes.
const lineWidth = 100

func writeSection(b *bytes.Buffer, entries []Entry) {
	slices.SortFunc(entries, func(x, y Entry) int { return cmp.Compare(x.Text, y.Text) })
	width := 0
	for i, e := range entries {
		switch {
		case i == 0:
		case width+len(e.Text) > lineWidth:
			b.WriteByte('\n')
			width = 0
		default:
			b.WriteString(", ")
		}
		b.WriteString(e.Text)
		width += len(e.Text) + 2
	}
	b.WriteByte('\n')
	for _, e := range entries {
		for _, in := range e.Innocent {
			fmt.Fprintf(b, "! %s | %s: %s\n", e.Text, in.Reading, strings.Join(in.Words, ", "))
		}
	}
}

// overlay is a folder with some files that are not written yet.
type overlay struct {
	fs.FS
	files map[string][]byte
}

// ReadFile is of fs.ReadFileFS.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if data, ok := o.files[name]; ok {
		return data, nil
	}
	return fs.ReadFile(o.FS, name)
}

// Glob is of fs.GlobFS.
func (o overlay) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(o.FS, pattern)
	for name := range o.files {
		if ok, _ := path.Match(pattern, name); ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, err
}
