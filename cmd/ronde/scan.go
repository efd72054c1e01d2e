package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"ronde/lexicon"
)

// ScanCmd is `ronde scan`: NDJSON posts in, one NDJSON line per flagged post out.
type ScanCmd struct {
	Lexicon  string   `help:"Folder of a lexicon; without it the shipped one." type:"existingdir" placeholder:"DIR"`
	All      bool     `help:"Write every post; categories are empty where it is not flagged."`
	MinScore float64  `help:"Flag from this score on, instead of the lexicon's threshold." placeholder:"F"`
	Stats    bool     `help:"Write counts to standard error at the end."`
	Files    []string `arg:"" optional:"" name:"file" help:"NDJSON files; without one, standard input." type:"path"`
}

// Run scans each file in turn. Input that cannot be read is named on standard
// error, the rest is done, and the exit code is 1.
func (c *ScanCmd) Run() error {
	if c.MinScore < 0 || c.MinScore > 1 {
		return exitError{2, "--min-score is between 0 and 1"}
	}
	lex, err := openLexicon(c.Lexicon)
	if err != nil {
		return exitError{2, err.Error()}
	}
	opt := lexicon.ScanOptions{All: c.All, MinScore: c.MinScore}
	var total lexicon.ScanStats
	bad := false
	if len(c.Files) == 0 {
		c.Files = []string{"-"}
	}
	for _, name := range c.Files {
		stats, err := scanFile(lex, name, opt)
		total.Lines += stats.Lines
		total.Posts += stats.Posts
		total.Flagged += stats.Flagged
		total.Bad += stats.Bad
		total.Bytes += stats.Bytes
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			bad = true
		}
	}
	if c.Stats {
		fmt.Fprintf(os.Stderr, "lines %d posts %d flagged %d unreadable %d bytes %d lexicon %s\n",
			total.Lines, total.Posts, total.Flagged, total.Bad, total.Bytes, lex.Hash()[:12])
	}
	if bad || total.Bad > 0 {
		return exitError{1, ""}
	}
	return nil
}

func scanFile(lex *lexicon.Lexicon, name string, opt lexicon.ScanOptions) (lexicon.ScanStats, error) {
	var in io.Reader = os.Stdin
	var errw io.Writer = os.Stderr
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			var pathErr *os.PathError
			if errors.As(err, &pathErr) {
				err = pathErr.Err
			}
			return lexicon.ScanStats{}, err
		}
		defer f.Close()
		in, errw = f, named{name, os.Stderr}
	}
	return lex.Scan(in, os.Stdout, errw, opt)
}

// named puts a file's name before each message.
type named struct {
	name string
	w    io.Writer
}

func (n named) Write(p []byte) (int, error) {
	if _, err := fmt.Fprintf(n.w, "%s: %s", n.name, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// openLexicon loads the folder, or the shipped lexicon without one.
func openLexicon(dir string) (*lexicon.Lexicon, error) {
	if dir == "" {
		return lexicon.Shipped()
	}
	return lexicon.Load(os.DirFS(dir))
}

// exitError is an exit code with what to say: 1 some input was bad, the rest
// is done; 2 wrong use or no access. An empty message was already printed.
type exitError struct {
	code int
	msg  string
}

func (e exitError) Error() string { return e.msg }

// ExitCode is the program's exit code.
func (e exitError) ExitCode() int { return e.code }
