package app

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"ronde/channel"
	"ronde/internal/errs"
)

// exerciseMark is a file that says whether a data folder is of an exercise. A
// folder is one or the other from its first day: what is practised on never
// becomes real, and nobody practises on what is real.
const exerciseMark = "EXERCISE"

// settleExercise refuses whatever would let an exercise out of the house.
func (c *Config) settleExercise() error {
	switch {
	case !c.Exercise:
		return nil
	case c.Channels != "":
		return refuse("--exercise touches no real channel: leave out --channels")
	case c.Notify != "":
		return refuse("--exercise rings nobody: leave out --notify")
	}
	return nil
}

// markExercise marks a new folder and refuses one of the other kind.
func (c *Config) markExercise() error {
	mark := filepath.Join(c.Data, exerciseMark)
	_, err := os.Stat(mark)
	marked := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errs.Wrap(err, "read mark of exercise")
	}
	_, err = os.Stat(filepath.Join(c.Data, "blobs"))
	used := err == nil
	switch {
	case marked && !c.Exercise:
		return refuse(c.Data + " is the data of an exercise: start it with --exercise, or name another folder")
	case !c.Exercise || marked:
		return nil
	case used:
		return refuse(c.Data + " holds real data: an exercise needs a folder of its own")
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return errs.Wrap(err, "mark exercise")
	}
	return errs.Wrap(os.WriteFile(mark, []byte("Everything in this folder is invented, for practice.\n"), 0o600), "mark exercise")
}

// proofClient fetches the proofs that accounts are ours; nil in an exercise,
// where nothing is fetched.
func (a *App) proofClient() (*http.Client, error) {
	if a.cfg.Exercise {
		return nil, nil
	}
	guard, err := channel.NewGuard(nil)
	if err != nil {
		return nil, err
	}
	return guard.Client(), nil
}
