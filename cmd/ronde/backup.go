package main

import (
	"context"

	"ronde/app"
)

// BackupCmd is `ronde backup --to DIR`.
type BackupCmd struct {
	app.Config `embed:""`
	To         string `help:"Folder of the backups." required:"" type:"path"`
}

// Run makes one backup and destroys key copies that are seven days old.
func (c *BackupCmd) Run() error {
	folder, err := app.Backup(context.Background(), storyClock(c.Config), c.To)
	if err != nil {
		return err
	}
	say("backup: %s", folder)
	return nil
}

// RestoreCmd is `ronde restore BACKUP`.
type RestoreCmd struct {
	app.Config  `embed:""`
	Backup      string `arg:"" help:"Folder that ronde backup made." type:"existingdir"`
	KeysFrom    string `help:"Key folder of a newer backup." type:"existingdir"`
	Destroyed   string `help:"Current list of destroyed containers (the file destroyed of the key ring that was in use)." type:"existingfile"`
	NoDestroyed bool   `help:"There is no such list any more: what was erased after the backup will be readable again, and must be erased again."`
}

// Run restores and says what the ledger lost.
func (c *RestoreCmd) Run() error {
	if c.Destroyed == "" && !c.NoDestroyed {
		return exitError{2, "give --destroyed FILE, the list of what was erased since the backup; without it erased texts would come back (--no-destroyed if it is lost)"}
	}
	if err := app.Restore(context.Background(), storyClock(c.Config), c.Backup, c.KeysFrom, c.Destroyed); err != nil {
		return err
	}
	say("restored into %s; the ledger names the gap", c.Data)
	return nil
}
