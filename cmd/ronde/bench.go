package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
)

// BenchCmd is `ronde bench`: what this program costs on this machine. What is
// measured elsewhere (another program, a peer that is not installed) is named
// as not measured, never taken from a book.
type BenchCmd struct {
	House BenchHouseCmd `cmd:"" default:"withargs" help:"Measure the running program: memory, start, pages, messages, posts, ledger."`
	Desk  BenchDeskCmd  `cmd:"" help:"Measure the desk when many people write at once, killed in the middle."`
	Scan  BenchScanCmd  `cmd:"" help:"Measure ronde scan beside ripgrep and jq, on made posts and lexicons."`
}

// benchRow is one figure: what, how much, and what is aimed at.
type benchRow struct{ what, value, aim string }

// printBench prints figures as a Markdown table, so that a run can be kept
// with the documents as it came out.
func printBench(title string, rows []benchRow) {
	fmt.Printf("\n%s, %s/%s, %d processors, %s\n\n", title, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprintln(out, "|what\tmeasured\taim\t")
	fmt.Fprintln(out, "|---\t---\t---\t")
	for _, r := range rows {
		if r.aim == "" {
			r.aim = "–"
		}
		fmt.Fprintf(out, "|%s\t%s\t%s\t\n", r.what, r.value, r.aim)
	}
	out.Flush()
}

// progress tells on standard error what is being measured.
func progress(format string, a ...any) { fmt.Fprintf(os.Stderr, format+"\n", a...) }

// median of a few runs: one slow or lucky run must not move a figure.
func median(runs []float64) float64 {
	slices.Sort(runs)
	n := len(runs)
	if n%2 == 1 {
		return runs[n/2]
	}
	return (runs[n/2-1] + runs[n/2]) / 2
}

// grouped writes 48213 as "48 213".
func grouped(n float64) string {
	s := fmt.Sprintf("%.0f", n)
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), " ")
}
