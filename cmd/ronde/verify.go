package main

import (
	"context"
	"fmt"

	"ronde/app"
)

// VerifyCmd is `ronde verify DIR`.
type VerifyCmd struct {
	Dir      string `arg:"" help:"Data folder." type:"existingdir"`
	Database string `help:"postgres:// address, when the rows are not in the folder." env:"RONDE_DATABASE"`
}

// Run proves and prints; it exits 1 when something does not fit.
func (c *VerifyCmd) Run() error {
	p, err := app.Verify(context.Background(), c.Dir, c.Database)
	if err != nil {
		return err
	}
	say("ledger: %d leaves, %d waiting, %d checkpoints, %d tiles", p.Leaves, p.Unsequenced, p.Checkpoints, p.Tiles)
	say("accounted rows: %d", p.Rows)
	say("blobs: %d", p.Blobs)
	for _, problem := range p.Problems {
		say("PROBLEM %s", problem)
	}
	if n := len(p.Problems); n > 0 {
		return exitError{1, fmt.Sprintf("%d things do not fit", n)}
	}
	say("Everything fits together. Without a witness or a checkpoint published elsewhere, this proves that the folder agrees with itself, no more.")
	return nil
}
