package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"ronde/app"
)

// benchedHouse is the program being measured, in a process of its own.
type benchedHouse struct {
	cmd   *exec.Cmd
	ended chan error
	said  bytes.Buffer
	ready benchReady
}

// benchReady is what the demo writes once its doors are open.
type benchReady struct {
	Portal    string             `json:"portal"`
	Workbench string             `json:"workbench"`
	Partner   string             `json:"partner"`
	People    []app.SamplePerson `json:"people"`
	Stream    string             `json:"stream_key"`
}

const (
	opensWithin = 2 * time.Minute
	closeWithin = 30 * time.Second
)

// openBenched starts the demo on a folder and returns once its doors are
// open, with how long that took from the start of the process.
func openBenched(folder string, more ...string) (h *benchedHouse, took time.Duration, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, 0, err
	}
	file := filepath.Join(filepath.Dir(folder), "ready.json")
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, 0, err
	}
	h = &benchedHouse{ended: make(chan error, 1)}
	h.cmd = exec.Command(self, append([]string{"demo", "--data", folder, "--ready-file", file,
		"--portal", "127.0.0.1:0", "--workbench", "127.0.0.1:0", "--partner", "127.0.0.1:0"}, more...)...)
	h.cmd.Stderr = &h.said
	began := time.Now()
	if err := h.cmd.Start(); err != nil {
		return nil, 0, err
	}
	go func() { h.ended <- h.cmd.Wait() }()
	if err := h.waitReady(file); err != nil {
		h.cmd.Process.Kill()
		return nil, 0, err
	}
	return h, time.Since(began), nil
}

func (h *benchedHouse) waitReady(file string) error {
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	late := time.After(opensWithin)
	for {
		select {
		case err := <-h.ended:
			return fmt.Errorf("the program ended: %v\n%s", err, h.said.String())
		case <-late:
			return fmt.Errorf("the doors did not open in %s", opensWithin)
		case <-look.C:
		}
		raw, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(raw, &h.ready)
	}
}

// stop ends the program as Ctrl-C does.
func (h *benchedHouse) stop() error {
	if err := h.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	select {
	case err := <-h.ended:
		if err != nil {
			return fmt.Errorf("the program ended: %w\n%s", err, h.said.String())
		}
		return nil
	case <-time.After(closeWithin):
		h.cmd.Process.Kill()
		return fmt.Errorf("the program did not stop in %s", closeWithin)
	}
}

// memory is what the system says of a process, in KB.
type memory struct{ resident, own int64 }

func (m memory) String() string {
	if m.resident == 0 {
		return "not measured: no /proc here"
	}
	return fmt.Sprintf("%.1f MB, of which its own %.1f MB and the rest mapped from the binary", float64(m.resident)/1024, float64(m.own)/1024)
}

func (h *benchedHouse) memory() (m memory, err error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.cmd.Process.Pid))
	if errors.Is(err, os.ErrNotExist) {
		return memory{}, nil
	}
	if err != nil {
		return memory{}, err
	}
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		n, _ := strconv.ParseInt(f[1], 10, 64)
		switch f[0] {
		case "VmRSS:":
			m.resident = n
		case "RssAnon:":
			m.own = n
		}
	}
	return m, nil
}

// settledMemory reads memory each second until it has moved by less than a
// percent over five readings, or the time for it is over.
func (h *benchedHouse) settledMemory() (memory, error) {
	const still = 5
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	late := time.After(settleWithin)
	last, err := h.memory()
	for calm := 0; err == nil && calm < still && last.resident > 0; {
		select {
		case <-late:
			return last, nil
		case <-tick.C:
		}
		var m memory
		if m, err = h.memory(); err != nil {
			break
		}
		if diff := m.resident - last.resident; diff*100 > last.resident || -diff*100 > last.resident {
			calm = 0
		} else {
			calm++
		}
		last = m
	}
	return last, err
}
