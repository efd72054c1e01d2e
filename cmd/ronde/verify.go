package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"ronde/app"
)

// VerifyCmd is `ronde verify DIR`.
type VerifyCmd struct {
	Dir      string `arg:"" help:"Data folder; the demo's is DIR/data." type:"path"`
	Database string `help:"postgres:// address, when the rows are not in the folder." env:"RONDE_DATABASE"`
}

// Run proves and prints; it exits 1 when something does not fit.
func (c *VerifyCmd) Run() error {
	if err := c.check(); err != nil {
		return err
	}
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

// check says what is missing in the folder, before anything is made there.
func (c *VerifyCmd) check() error {
	need := "ronde.db" // the rows
	if c.Database != "" {
		need = "blobs"
	}
	if _, err := os.Stat(filepath.Join(c.Dir, need)); err == nil {
		return nil
	}
	if _, err := os.Stat(filepath.Join(c.Dir, "data", need)); err == nil {
		inside := filepath.Join(c.Dir, "data")
		return exitError{2, fmt.Sprintf("%s holds a demo; its data folder is %s: ronde verify %s", c.Dir, inside, inside)}
	}
	if c.Database == "" {
		return exitError{2, fmt.Sprintf("no %s in %s: name the folder that serve was given with --data; when the rows are in PostgreSQL, also --database", need, c.Dir)}
	}
	return exitError{2, fmt.Sprintf("no %s in %s: name the folder that serve was given with --data", need, c.Dir)}
}
