// Command ronde is the working platform of an online police patrol.
//
// It owns the command line: one file a command, exit code 0 when all was
// done, 1 when some input was bad (named, the rest done), 2 for wrong use or
// no access. It holds no rule: the rooms do.
package main

import (
	"os"

	"github.com/alecthomas/kong"
)

func main() {
	ctx := kong.Parse(&cli, kong.Name("ronde"), kong.UsageOnError(), kong.Configuration(tomlFile), kong.Exit(exit),
		kong.Description("The working platform of online police patrols."))
	os.Exit(exitCode(ctx.Run()))
}

// exit says wrong use with 2, whatever number the parser has for it.
func exit(code int) {
	if code != 0 {
		code = 2
	}
	os.Exit(code)
}
