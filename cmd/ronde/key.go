package main

import "ronde/internal/seal"

// KeyCmd is `ronde key`.
type KeyCmd struct {
	New KeyNewCmd `cmd:"" help:"Write a new master key to a file that does not exist yet."`
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
