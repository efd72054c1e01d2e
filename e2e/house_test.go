package e2e

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ronde/channel/mail/mailtest"
)

const (
	startsWithin = 60 * time.Second // a binary with the race detector, on a busy machine
	stopsWithin  = 30 * time.Second
)

// house is the program of one story: its process, its folder, its people.
type house struct {
	work     string // the story's folder
	data     string
	database string    // empty: SQLite in the data folder
	doors    [3]string // portal, workbench, partner: the same after a restart

	cmd    *exec.Cmd
	ended  chan error
	ready  ready
	people map[string]*person
	world  *world         // networks outside, in stories that have them
	trusts *x509.CertPool // of a house with TLS
	offset time.Duration  // how far the clock was moved
	tb     testing.TB     // of all stories
	mail   func() *mailtest.Server
	bells  *bells // nil until they are open
	post   *post  // nil until it opens

	mu  sync.Mutex // guards log
	log bytes.Buffer
}

// ready is what the program writes once its doors are open.
type ready struct {
	Portal    string   `json:"portal"`
	Workbench string   `json:"workbench"`
	Partner   string   `json:"partner"`
	People    []member `json:"people"`
	Stream    string   `json:"stream_key"`
	MasterKey string   `json:"master_key"`
	Mandate   string   `json:"mandate"`
}

// member is a sample person of the demo.
type member struct {
	Name     string `json:"name"`
	Role     string `json:"role"`
	Login    string `json:"login"`
	Password string `json:"password"`
	Secret   string `json:"totp_secret"`
}

func newHouse(work, database string) (*house, error) {
	h := &house{work: work, data: filepath.Join(work, "data"), database: database, people: map[string]*person{}}
	for i := range h.doors {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		h.doors[i] = l.Addr().String()
		l.Close()
	}
	return h, nil
}

func (h *house) clockFile() string { return filepath.Join(h.work, "clock") }
func (h *house) readyFile() string { return filepath.Join(h.work, "ready.json") }

// start runs a command of the program that opens doors, and waits for them.
func (h *house) start(env []string, args ...string) error {
	if h.cmd != nil {
		return errors.New("the house is open already")
	}
	os.Remove(h.readyFile())
	serves := args[0] == "serve"
	args = append(args, "--data", h.data, "--portal", h.doors[0], "--workbench", h.doors[1], "--partner", h.doors[2])
	if !serves {
		args = append(args, "--empty", "--ready-file", h.readyFile())
	}
	if h.database != "" {
		args = append(args, "--database", h.database)
	}
	h.cmd = exec.Command(binary, args...)
	h.cmd.Dir = h.work
	h.cmd.Env = append(env, "RONDE_CLOCK="+h.clockFile())
	h.cmd.Stdout, h.cmd.Stderr = h, h
	if err := h.cmd.Start(); err != nil {
		return err
	}
	h.ended = make(chan error, 1)
	go func(cmd *exec.Cmd) { h.ended <- cmd.Wait() }(h.cmd)
	if serves { // no sample people to be told of: the doors are where they were ordered
		h.ready = ready{Portal: "https://" + h.doors[0], Workbench: "https://" + h.doors[1], Partner: "https://" + h.doors[2]}
		return h.waitFor(func() bool { return strings.Contains(h.said(), "partner") && reachable(h.doors[:]) })
	}
	return h.waitReady()
}

func reachable(doors []string) bool {
	for _, d := range doors {
		c, err := net.DialTimeout("tcp", d, time.Second)
		if err != nil {
			return false
		}
		c.Close()
	}
	return true
}

// Write keeps what the program says; it is searched for canaries too.
func (h *house) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.Write(b)
}

func (h *house) said() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String()
}

func (h *house) waitReady() error {
	return h.waitFor(func() bool {
		raw, err := os.ReadFile(h.readyFile())
		var r ready
		if err != nil || json.Unmarshal(raw, &r) != nil || r.Portal == "" {
			return false
		}
		h.ready = r
		return true
	})
}

// waitFor looks again and again whether the program is there, has ended, or
// takes too long.
func (h *house) waitFor(there func() bool) error {
	look := time.NewTicker(25 * time.Millisecond)
	defer look.Stop()
	late := time.After(startsWithin)
	for {
		var ended error
		over := false
		select {
		case ended = <-h.ended:
			over = true
			h.ended <- ended // whoever asks later is told too
		case <-late:
			return fmt.Errorf("the doors did not open in %s\n%s", startsWithin, h.said())
		case <-look.C:
		}
		if there() {
			return nil
		}
		if over {
			h.cmd = nil
			return fmt.Errorf("the program ended: %v\n%s", ended, h.said())
		}
	}
}

// stop ends the program as Ctrl-C does.
func (h *house) stop() error {
	if h.cmd == nil {
		return nil
	}
	h.cmd.Process.Signal(syscall.SIGINT)
	select {
	case err := <-h.ended:
		h.cmd = nil
		if err != nil {
			return fmt.Errorf("stop: %w\n%s", err, h.said())
		}
		return nil
	case <-time.After(stopsWithin):
		h.cmd.Process.Kill()
		<-h.ended
		h.cmd = nil
		return fmt.Errorf("the program did not stop in %s\n%s", stopsWithin, h.said())
	}
}

// died waits for the program to end at a crash point.
func (h *house) died() error {
	if h.cmd == nil {
		return errors.New("the house is closed")
	}
	select {
	case err := <-h.ended:
		h.cmd = nil
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 137 {
			return nil
		}
		return fmt.Errorf("ended with %v, not at a crash point\n%s", err, h.said())
	case <-time.After(stopsWithin):
		return errors.New("the program lives on")
	}
}

// kill ends the program as a power cut does.
func (h *house) kill() {
	if h.cmd != nil {
		h.cmd.Process.Kill()
		<-h.ended
		h.cmd = nil
	}
}

// moveClock sets the story's time forward. The file is replaced whole.
func (h *house) moveClock(by time.Duration) error {
	h.offset += by
	tmp := h.clockFile() + ".new"
	if err := os.WriteFile(tmp, fmt.Appendf(nil, "%d\n", int64(h.offset/time.Second)), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, h.clockFile())
}

// now is the story's time.
func (h *house) now() time.Time { return time.Now().Add(h.offset) }

// clear lists where a text lies in clear, capitals or not: in any file that the program wrote,
// in what it said, and in the dump of its database.
func (h *house) clear(text string) ([]string, error) {
	var where []string
	text = strings.ToLower(text)
	within := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	if within(h.said()) {
		where = append(where, "what the program said")
	}
	err := filepath.WalkDir(h.data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a temporary file of the program under way
		}
		if err == nil && (bytes.Contains(bytes.ToLower(raw), []byte(text)) || within(path[len(h.data):])) {
			where = append(where, path)
		}
		return err
	})
	if err != nil || h.database == "" {
		return where, err
	}
	dump, err := dumpPostgres(h.database)
	if within(dump) {
		where = append(where, "the PostgreSQL database")
	}
	return where, err
}

// dumpPostgres reads every row of the database, with binary columns as text.
func dumpPostgres(address string) (string, error) {
	tool, err := exec.LookPath("pg_dump")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
		if len(found) == 0 {
			return "", errors.New("no pg_dump (install it: apt-get install postgresql-client)")
		}
		tool = found[len(found)-1]
	}
	out, err := exec.Command(tool, "--data-only", "--inserts", address).Output()
	if err != nil {
		return "", fmt.Errorf("dump database: %w", err)
	}
	return string(out) + unhex(string(out)), nil
}
