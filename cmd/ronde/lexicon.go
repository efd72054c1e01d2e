package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ronde/lexicon"
)

// LexiconCmd is `ronde lexicon`: the work on entries and weights.
type LexiconCmd struct {
	Eval  LexiconEvalCmd  `cmd:"" help:"Judge labelled posts and print precision, recall, F1 and false alarms."`
	Fit   LexiconFitCmd   `cmd:"" help:"Fit weights to labelled posts and write weights.txt."`
	Check LexiconCheckCmd `cmd:"" help:"Load a lexicon and say what is in it."`

	Export LexiconExportCmd `cmd:"" help:"Write a lexicon as MISP galaxy or STIX 2.1, and say what they cannot carry."`
	Import LexiconImportCmd `cmd:"" help:"Take entries from MISP galaxy or STIX 2.1, to be reviewed, and say what was not taken."`
}

// LexiconCheckCmd loads a lexicon; errors name file and line.
type LexiconCheckCmd struct {
	Lexicon string `arg:"" optional:"" help:"Folder of a lexicon; without it the shipped one." type:"existingdir"`
}

// Run prints the counts per language and category, and the hash.
func (c *LexiconCheckCmd) Run() error {
	lex, err := openLexicon(c.Lexicon)
	if err != nil {
		return exitError{1, err.Error()}
	}
	counts := map[string]int{}
	for e := range lex.Entries {
		counts[e.Language+"\t"+e.Category]++
	}
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		fmt.Printf("%s\t%d\n", k, counts[k])
	}
	fmt.Printf("entries\t%d\nhash\t%s\n", lex.Len(), lex.Hash())
	return nil
}

// LexiconEvalCmd measures a lexicon.
type LexiconEvalCmd struct {
	Lexicon string   `help:"Folder of a lexicon; without it the shipped one." type:"existingdir" placeholder:"DIR"`
	HoldOut bool     `help:"Hold out each file in turn: fit on the others, judge that one."`
	Errors  bool     `help:"List the posts that were missed or flagged wrongly."`
	Files   []string `arg:"" name:"file" help:"Labelled NDJSON posts." type:"existingfile"`
}

// Run prints a report per file, or per held-out file, and one of all.
func (c *LexiconEvalCmd) Run() error {
	lex, err := openLexicon(c.Lexicon)
	if err != nil {
		return exitError{2, err.Error()}
	}
	files, err := readLabelled(c.Files)
	if err != nil {
		return err
	}
	if !c.HoldOut {
		if seen := fittedOn(lex, c.Files); len(seen) > 0 {
			fmt.Fprintf(os.Stderr, "warning: the weights were fitted on %s: these figures show what they remember, not how they judge new posts; use --hold-out with several files, or posts they have not seen\n", strings.Join(seen, ", "))
		}
		for i, posts := range files {
			printReport(c.Files[i], lexicon.Evaluate(lex, posts), c.Errors)
		}
		return nil
	}
	reports, err := lexicon.HoldOut(lex, files, lexicon.DefaultFit)
	if err != nil {
		return exitError{1, err.Error()}
	}
	for i, r := range reports {
		printReport("held out: "+c.Files[i], r, c.Errors)
	}
	printReport("all held out", lexicon.Together(reports), false)
	return nil
}

// fittedOn names the files that the weights were fitted on, as the notes at
// the head of the weights tell.
func fittedOn(lex *lexicon.Lexicon, files []string) (seen []string) {
	for _, file := range files {
		name := filepath.Base(file)
		if slices.ContainsFunc(lex.Weights().Notes, func(note string) bool { return strings.HasPrefix(note, "data: "+name+",") }) {
			seen = append(seen, name)
		}
	}
	return seen
}

func readLabelled(names []string) ([][]lexicon.Labelled, error) {
	var files [][]lexicon.Labelled
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, exitError{2, err.Error()}
		}
		posts, err := lexicon.ReadLabelled(f)
		f.Close()
		if err != nil {
			return nil, exitError{1, name + ": " + err.Error()}
		}
		files = append(files, posts)
	}
	return files, nil
}

func printReport(name string, r *lexicon.Report, errors bool) {
	fmt.Printf("== %s: %d posts\n", filepath.Base(name), r.Posts)
	line := func(what string, t lexicon.Tally) {
		fmt.Printf("%-22s precision %.3f  recall %.3f  F1 %.3f  false alarms %.4f (%d of %d)\n",
			what, t.Precision(), t.Recall(), t.F1(), t.FalseAlarms(), t.False, t.False+t.Quiet)
	}
	line("flag", r.Flag)
	line("micro", r.Micro)
	for c, t := range r.Category {
		if t.Hit+t.Miss+t.False > 0 {
			line("  "+lexicon.Category(c).String(), t)
		}
	}
	langs := make([]string, 0, len(r.Language))
	for l := range r.Language {
		langs = append(langs, l)
	}
	slices.Sort(langs)
	for _, l := range langs {
		line("  "+l, *r.Language[l])
	}
	line("  plain", r.Plain)
	line("  disguised", r.Disguised)
	if r.Curve != [3]float64{} {
		fmt.Printf("recall at false-alarm shares 0.01, 0.03, 0.10: %.3f %.3f %.3f\n", r.Curve[0], r.Curve[1], r.Curve[2])
	}
	fmt.Printf("false alarms per 10,000 harmless posts: %.1f\n", 10000*r.Flag.FalseAlarms())
	if errors {
		fmt.Printf("missed: %s\nfalse: %s\n", strings.Join(r.MissedIDs, " "), strings.Join(r.FalseIDs, " "))
	}
}

// LexiconFitCmd fits weights.
type LexiconFitCmd struct {
	Lexicon string   `help:"Folder of a lexicon; without it the shipped one." type:"existingdir" placeholder:"DIR"`
	Out     string   `help:"File to write." default:"weights.txt" type:"path"`
	Date    string   `help:"Date noted in the file; today without it." placeholder:"YYYY-MM-DD"`
	Files   []string `arg:"" name:"file" help:"Labelled NDJSON posts." type:"existingfile"`
}

// Run fits on all files and writes the weights with what they were fitted on
// and the figures per held-out file and language.
func (c *LexiconFitCmd) Run() error {
	lex, err := openLexicon(c.Lexicon)
	if err != nil {
		return exitError{2, err.Error()}
	}
	files, err := readLabelled(c.Files)
	if err != nil {
		return err
	}
	if c.Date == "" {
		c.Date = time.Now().UTC().Format(time.DateOnly)
	}
	w, err := lexicon.Fit(lex, c.Files, files, lexicon.DefaultFit)
	if err != nil {
		return exitError{1, err.Error()}
	}
	w.Notes = append([]string{"ronde weights, fitted " + c.Date}, w.Notes...)
	out, err := os.Create(c.Out)
	if err != nil {
		return exitError{2, err.Error()}
	}
	if _, err := w.WriteTo(out); err != nil {
		out.Close()
		return exitError{1, err.Error()}
	}
	return out.Close()
}
