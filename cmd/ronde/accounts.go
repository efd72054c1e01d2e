package main

import (
	"io"
	"os"
	"time"

	"ronde/internal/errs"
	"ronde/patrol"
)

// AccountsCmd is `ronde accounts FILE --key KEY`: a copy of the signed list of
// official accounts, checked without any network.
type AccountsCmd struct {
	File string    `arg:"" help:"Copy of /.well-known/ronde-accounts; - reads standard input."`
	Key  string    `required:"" help:"The organisation's key, as text or as a file: /.well-known/ronde-accounts.key, got by another way than the copy."`
	At   time.Time `help:"Check as of this moment instead of now (2026-11-23T09:00:00Z)." format:"2006-01-02T15:04:05Z07:00"`
}

// Run prints what the list says; it exits 1 when the list is out of date and 2
// when it is not theirs.
func (c *AccountsCmd) Run() error {
	raw, err := readAll(c.File)
	if err != nil {
		return exitError{2, err.Error()}
	}
	key := c.Key
	if file, err := os.ReadFile(c.Key); err == nil {
		key = string(file)
	}
	at := c.At
	if at.IsZero() {
		at = time.Now()
	}
	l, err := patrol.ReadList(raw, key, at)
	if err != nil && !errs.Is(err, errs.Lapsed) {
		return exitError{2, err.Error()}
	}
	say("%s (%s), issued %s, good until %s", l.Organisation, l.Service, l.Issued.Format(time.RFC3339), l.Expires.Format(time.RFC3339))
	for _, a := range l.Accounts {
		say("%-9s %s %s %s", a.Status, a.Platform, a.Handle, a.URL)
	}
	for _, w := range l.Withdrawn {
		say("%-9s %s %s, since %s", "withdrawn", w.Platform, w.Handle, w.Since.Format(time.DateOnly))
	}
	say("officers: %d, channels with hours: %d", len(l.Officers), len(l.Hours))
	if err != nil {
		return exitError{1, "the list is out of date: nothing in it counts any more"}
	}
	say("The signature is theirs.")
	return nil
}

func readAll(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(name)
}
