package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"

	"ronde/lexicon"
)

// userSeconds runs programs joined by pipes and adds up their user CPU time,
// as the operating system accounts for it. What they print is thrown away.
// installed is false when one of them is not there.
func userSeconds(programs [][]string) (seconds float64, installed bool, err error) {
	cmds := make([]*exec.Cmd, len(programs))
	for i, p := range programs {
		if _, err := exec.LookPath(p[0]); err != nil {
			return 0, false, nil
		}
		cmds[i] = exec.Command(p[0], p[1:]...)
		if i > 0 {
			if cmds[i].Stdin, err = cmds[i-1].StdoutPipe(); err != nil {
				return 0, true, err
			}
		}
	}
	for _, c := range cmds {
		if err := c.Start(); err != nil {
			return 0, true, err
		}
	}
	for i := len(cmds) - 1; i >= 0; i-- { // the reader first: Wait closes the pipe
		err := cmds[i].Wait()
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1: nothing found, or some input bad
			return 0, true, fmt.Errorf("run %s: %w", programs[i][0], err)
		}
		seconds += cmds[i].ProcessState.UserTime().Seconds()
	}
	return seconds, true, nil
}

// missingPeers names what cannot be measured here.
func missingPeers() (missing []string) {
	for _, p := range []struct{ program, what string }{
		{"rg", "ripgrep is not installed"},
		{"jq", "jq is not installed"},
	} {
		if _, err := exec.LookPath(p.program); err != nil {
			missing = append(missing, p.what)
		}
	}
	return append(missing, "vectorscan: it is a library without a program that reads posts")
}

// heap returns the memory figures after a collection.
func heap() (m runtime.MemStats) {
	runtime.GC()
	runtime.GC() // what a pool held goes with the second
	runtime.ReadMemStats(&m)
	return m
}

// mallocs counts the allocations of one scan of a file, the opening included.
func mallocs(lex *lexicon.Lexicon, name string) (uint64, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := lex.Scan(f, io.Discard, io.Discard, lexicon.ScanOptions{}); err != nil {
		return 0, err
	}
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, nil
}
