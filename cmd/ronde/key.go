package main

import (
	"context"
	"fmt"
	"os"

	"ronde/app"
	"ronde/internal/seal"
)

// KeyCmd is `ronde key`.
type KeyCmd struct {
	New    KeyNewCmd    `cmd:"" help:"Write a new master key to a file that does not exist yet."`
	Rotate KeyRotateCmd `cmd:"" help:"Put every key under a new master key, while nothing else has the folder open."`
}

// KeyNewCmd is `ronde key new FILE`.
type KeyNewCmd struct {
	File string `arg:"" help:"Where to keep it: outside the data folder, on something you will not lose." type:"path"`
}

// Run makes the key.
func (c *KeyNewCmd) Run() error {
	if err := seal.NewMaster(c.File); err != nil {
		return err
	}
	say("master key: %s. Keep a copy apart: without it everything sealed is unreadable for good.", c.File)
	return nil
}

// KeyRotateCmd is `ronde key rotate --master-key OLD --new-master-key NEW`.
type KeyRotateCmd struct {
	app.Config   `embed:""`
	NewMasterKey string `help:"File with the master key from now on (make it with: ronde key new FILE)." required:"" type:"path" placeholder:"FILE"`
}

// Run changes the master key and says what is left to do by hand.
func (c *KeyRotateCmd) Run() error {
	done, err := app.Rotate(context.Background(), storyClock(c.Config), c.NewMasterKey)
	if done.Wrapped > 0 {
		say("%d container keys are under %s, %d of them since an earlier run", done.Wrapped, c.NewMasterKey, done.Before)
	}
	if err != nil {
		return err
	}
	say("The key ring opens with %s alone. Next:\n"+
		"  1. start the program with --master-key %s, and keep a second copy of it elsewhere\n"+
		"  2. make a backup, then destroy the key copies of every older one: they still open with the old master key\n"+
		"  3. destroy the old master key: %s", c.NewMasterKey, c.NewMasterKey, c.MasterKey)
	for _, name := range done.Damaged {
		fmt.Fprintln(os.Stderr, "damaged key, unreadable before and now:", name)
	}
	if n := len(done.Damaged); n > 0 {
		return exitError{1, fmt.Sprintf("%d keys are damaged", n)}
	}
	return nil
}
