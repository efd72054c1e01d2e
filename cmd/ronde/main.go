// Command ronde is the working platform of an online police patrol.
//
// It owns the command line: one file a command, exit code 0 when all was
// done, 1 when some input was bad (named, the rest done), 2 for wrong use or
// no access. It holds no rule: the rooms do.
package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

func main() {
	parser := kong.Must(&cli, kong.Name("ronde"), kong.Configuration(tomlFile), kong.Vars{"version": version()},
		kong.Description("The working platform of online police patrols."))
	ctx, err := parser.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "ronde: %v\n%s\n", err, hint(err))
		os.Exit(2)
	}
	os.Exit(exitCode(ctx.Run()))
}
