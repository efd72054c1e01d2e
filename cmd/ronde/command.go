package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"
	"ronde/internal/errs"
)

var cli struct {
	Config  kong.ConfigFlag  `help:"One TOML file with settings." placeholder:"FILE"`
	Release kong.VersionFlag `name:"version" help:"Print the version and end."`

	Demo     DemoCmd     `cmd:"" help:"Start everything with a fictional organisation and play public posts."`
	Serve    ServeCmd    `cmd:"" help:"Start the program on a real configuration."`
	Scan     ScanCmd     `cmd:"" help:"Find coded offers in NDJSON posts."`
	Lexicon  LexiconCmd  `cmd:"" help:"Measure, fit, check and exchange the lexicon."`
	Verify   VerifyCmd   `cmd:"" help:"Prove ledger, accounted rows and blobs of a data folder, offline."`
	Accounts AccountsCmd `cmd:"" help:"Check a copy of the signed list of official accounts, offline."`
	User     UserCmd     `cmd:"" help:"Create the first administrator, end sessions, reset an administrator."`
	Key      KeyCmd      `cmd:"" help:"Make a master key, or change it."`
	Code     CodeCmd     `cmd:"" help:"Show an authenticator's code, to try the demo."`
	Bench    BenchCmd    `cmd:"" help:"Measure what the program costs on this machine."`
	Backup   BackupCmd   `cmd:"" help:"Copy database, blobs and keys; key copies live seven days."`
	Restore  RestoreCmd  `cmd:"" help:"Restore a backup into an empty folder, with the list of destroyed keys."`
	Version  VersionCmd  `cmd:"" help:"Print the version."`
}

// exitCode is the program's exit code for an error; it prints what to say.
func exitCode(err error) int {
	if err == nil {
		return 0
	}
	var exit exitError
	if !errors.As(err, &exit) {
		exit = exitError{1, err.Error()}
		switch errs.KindOf(err) {
		case errs.Invalid, errs.Denied, errs.Conflict, errs.NotFound:
			exit.code = 2
		}
	}
	if exit.msg != "" {
		fmt.Fprintln(os.Stderr, "ronde:", exit.msg)
	}
	return exit.code
}

// hint says where the use of a command that was called wrongly is printed.
func hint(err error) string {
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil {
		if node := wrong.Context.Selected(); node != nil {
			return "How it is used: ronde " + node.Path() + " --help"
		}
	}
	return "All commands: ronde --help. To see it run: ronde demo"
}
