package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ronde/lexicon"
)

// LexiconExportCmd writes a lexicon for others.
type LexiconExportCmd struct {
	Format       string `help:"misp: a galaxy and its clusters. stix: a STIX 2.1 bundle." enum:"misp,stix" required:""`
	Out          string `help:"STIX: the file to write. MISP: the folder that gets galaxies/ and clusters/. Without it, standard output (MISP: the clusters alone)." type:"path" placeholder:"FILE"`
	Date         string `help:"Date of the document; today without it." placeholder:"YYYY-MM-DD"`
	Exploitation bool   `help:"Also write entries of exploitation-coded."`
	Lexicon      string `arg:"" optional:"" name:"dir" help:"Folder of a lexicon; without it the shipped one." type:"existingdir"`
}

// Run exports and says on standard error what could not be carried.
func (c *LexiconExportCmd) Run() error {
	lex, err := openLexicon(c.Lexicon)
	if err != nil {
		return exitError{2, err.Error()}
	}
	at, err := dayOr(c.Date, time.Now())
	if err != nil {
		return err
	}
	opt := lexicon.ExportOptions{At: at, Exploitation: c.Exploitation}
	write, name := lex.WriteSTIX, c.Out
	if c.Format == "misp" {
		write = lex.WriteMISP
	}
	if c.Format == "misp" && c.Out != "" {
		name = filepath.Join(c.Out, "clusters", lexicon.GalaxyType+".json")
		if err := writeFile(filepath.Join(c.Out, "galaxies", lexicon.GalaxyType+".json"), func(w io.Writer) error { return lexicon.WriteGalaxy(w, opt) }); err != nil {
			return err
		}
	}
	var losses []lexicon.Loss
	err = writeFile(name, func(w io.Writer) (err error) { losses, err = write(w, opt); return err })
	if err != nil {
		return err
	}
	printLosses(losses)
	return nil
}

// dayOr reads a date; the day of now, at its beginning, when there is none: an
// export made twice on a day is the same.
func dayOr(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return now.UTC().Truncate(24 * time.Hour), nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, exitError{2, "--date is a date like 2026-11-22"}
	}
	return t, nil
}

// writeFile writes a file whole or not at all; "" is standard output.
func writeFile(name string, write func(io.Writer) error) error {
	if name == "" {
		return write(os.Stdout)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return exitError{2, err.Error()}
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".ronde-*")
	if err != nil {
		return exitError{2, err.Error()}
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return exitError{1, err.Error()}
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return exitError{1, err.Error()}
	}
	return os.Rename(f.Name(), name)
}

// LexiconImportCmd takes entries from others.
type LexiconImportCmd struct {
	Format   string `help:"misp: a galaxy cluster file. stix: a STIX 2.1 bundle." enum:"misp,stix" required:""`
	Source   string `help:"Key of the source in sources.txt; a new one is added with reliability U." required:"" placeholder:"KEY"`
	Address  string `help:"Address of a new source; without it the file's name." placeholder:"URL"`
	Date     string `help:"Date of a new source; today without it." placeholder:"YYYY-MM-DD"`
	Language string `help:"Language of objects that do not say one." placeholder:"CODE"`
	Category string `help:"Category of objects that do not say one." placeholder:"NAME"`
	Family   string `help:"Family of objects that do not say one." placeholder:"NAME"`
	Losses   string `help:"File to write the whole loss list to, a JSON object a line." type:"path" placeholder:"FILE"`
	File     string `arg:"" help:"File to read." type:"existingfile"`
	Dir      string `arg:"" help:"Folder of the lexicon that the entries are written to; made when it is not there." type:"path"`
}

// Run imports and says on standard error what was not taken. Exit code 1 when
// something was refused.
func (c *LexiconImportCmd) Run() error {
	at, err := dayOr(c.Date, time.Now())
	if err != nil {
		return err
	}
	known, err := c.known()
	if err != nil {
		return err
	}
	im, err := c.read(lexicon.ImportOptions{Known: known, Language: c.Language, Category: c.Category, Family: c.Family})
	if err != nil {
		return exitError{1, c.File + ": " + err.Error()}
	}
	src := lexicon.Source{Key: c.Source, Date: at.Format(time.DateOnly), Address: c.Address}
	if src.Address == "" {
		src.Address = "file:" + filepath.Base(c.File)
	}
	files, more, err := lexicon.Merge(os.DirFS(c.Dir), im, src)
	if err != nil {
		return exitError{1, err.Error()}
	}
	if err := c.write(files); err != nil {
		return err
	}
	losses := append(im.Losses, more...)
	fmt.Printf("read %d, new entries %d, files %d, lines of the loss list %d\n", im.Objects, len(im.Entries)-len(more), len(files), len(losses))
	printLosses(losses)
	if err := c.writeLosses(losses); err != nil {
		return err
	}
	if slices.ContainsFunc(im.Losses, lexicon.Loss.Refused) {
		return exitError{1, ""}
	}
	return nil
}

// known are the lexicons whose families an import may use.
func (c *LexiconImportCmd) known() ([]*lexicon.Lexicon, error) {
	shipped, err := lexicon.Shipped()
	if err != nil {
		return nil, exitError{2, err.Error()}
	}
	known := []*lexicon.Lexicon{shipped}
	names, err := fs.Glob(os.DirFS(c.Dir), "entries/*/*.txt")
	if err != nil || len(names) == 0 {
		return known, err
	}
	own, err := openLexicon(c.Dir)
	if err != nil {
		return nil, exitError{2, err.Error()}
	}
	return append(known, own), nil
}

func (c *LexiconImportCmd) read(opt lexicon.ImportOptions) (*lexicon.Imported, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if c.Format == "misp" {
		return lexicon.ImportMISP(f, opt)
	}
	return lexicon.ImportSTIX(f, opt)
}

// write puts sources.txt first: entries may name a source that nothing uses
// yet, but none that is not there.
func (c *LexiconImportCmd) write(files map[string][]byte) error {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == "sources.txt" || b != "sources.txt" && a < b:
			return -1
		}
		return 1
	})
	for _, name := range names {
		if err := writeFile(filepath.Join(c.Dir, filepath.FromSlash(name)), func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(files[name]))
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (c *LexiconImportCmd) writeLosses(losses []lexicon.Loss) error {
	if c.Losses == "" {
		return nil
	}
	return writeFile(c.Losses, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		for _, l := range losses {
			if err := enc.Encode(l); err != nil {
				return err
			}
		}
		return nil
	})
}

// namedLosses is how many objects a line of the summary names.
const namedLosses = 3

// printLosses writes the loss list to standard error, equal losses together.
func printLosses(losses []lexicon.Loss) {
	type kind struct{ field, why string }
	sum, named := map[kind]int{}, map[kind][]string{}
	var order []kind
	for _, l := range losses {
		k := kind{l.Field, l.Why}
		if sum[k] == 0 {
			order = append(order, k)
		}
		sum[k] += l.Count
		if l.Object != "" && len(named[k]) < namedLosses {
			named[k] = append(named[k], l.Object)
		}
	}
	for _, k := range order {
		fmt.Fprintf(os.Stderr, "not carried: %s: %s: %d", k.field, k.why, sum[k])
		for i, object := range named[k] {
			fmt.Fprintf(os.Stderr, "%s%q", map[bool]string{true: ": ", false: ", "}[i == 0], object)
		}
		if len(named[k]) > 0 && sum[k] > len(named[k]) {
			fmt.Fprint(os.Stderr, ", …")
		}
		fmt.Fprintln(os.Stderr)
	}
}
