// Command ronde is the working platform of an online police patrol.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

var cli struct {
	Scan    ScanCmd    `cmd:"" help:"Find coded offers in NDJSON posts."`
	Lexicon LexiconCmd `cmd:"" help:"Measure, fit, check and exchange the lexicon."`
}

func main() {
	ctx := kong.Parse(&cli, kong.Name("ronde"), kong.UsageOnError())
	err := ctx.Run()
	var exit exitError
	if errors.As(err, &exit) {
		if exit.msg != "" {
			fmt.Fprintln(os.Stderr, "ronde:", exit.msg)
		}
		os.Exit(exit.code)
	}
	ctx.FatalIfErrorf(err)
}
