package e2e

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"ronde/internal/db"
)

// check fails the story unless the outcome is the wanted one.
func check(ts *testscript.TestScript, neg bool, err error) {
	switch {
	case err != nil && !neg:
		ts.Fatalf("%v", err)
	case err == nil && neg:
		ts.Fatalf("this should not have worked")
	case neg:
		ts.Logf("as it should be: %.300v", err)
	}
}

// houseCmd: house demo|serve [flags] · house stops · house dies · house is-killed
func houseCmd(ts *testscript.TestScript, neg bool, args []string) {
	h := houseOf(ts)
	if len(args) == 0 {
		ts.Fatalf("house: opens how?")
	}
	switch args[0] {
	case "demo", "serve":
		err := h.start(environ(ts), args...)
		ts.Check(os.WriteFile(filepath.Join(h.work, "log"), []byte(h.said()), 0o600))
		check(ts, neg, err)
	case "stops":
		check(ts, neg, h.stop())
	case "dies":
		check(ts, neg, h.died())
	case "is-killed":
		h.kill()
	case "moves-to":
		h.data = ts.MkAbs(args[1])
	default:
		ts.Fatalf("house: %s?", args[0])
	}
}

// environ hands the program what the story set, and nothing of this machine's.
func environ(ts *testscript.TestScript) []string {
	var out []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "WORK", "GORACE", "RONDE_CRASH", "RONDE_MASTER_KEY"} {
		if v := ts.Getenv(name); v != "" {
			out = append(out, name+"="+v)
		}
	}
	return out
}

// clockCmd: clock +72h moves the story's time.
func clockCmd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 || neg {
		ts.Fatalf("usage: clock +DURATION")
	}
	by, err := time.ParseDuration(strings.TrimPrefix(args[0], "+"))
	ts.Check(err)
	ts.Check(houseOf(ts).moveClock(by))
}

// calendarCmd: calendar NAME +30 puts the story's date, some days on, into NAME.
func calendarCmd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: calendar NAME +DAYS")
	}
	days, err := strconv.Atoi(strings.TrimPrefix(args[1], "+"))
	ts.Check(err)
	ts.Setenv(args[0], houseOf(ts).now().AddDate(0, 0, days).Format(time.DateOnly))
}

// yesterdayCmd restores the only backup into a new house, under the list of
// destroyed keys of today's, and moves there.
func yesterdayCmd(ts *testscript.TestScript, neg bool, _ []string) {
	h := houseOf(ts)
	today := h.data
	found, err := filepath.Glob(filepath.Join(h.work, "backups", "*"))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("backups: %q", found)
	}
	h.data = filepath.Join(h.work, "yesterday")
	ts.Check(os.MkdirAll(h.data, 0o700))
	for _, name := range []string{"master.key", "people.json"} {
		raw, err := os.ReadFile(filepath.Join(today, name))
		ts.Check(err)
		ts.Check(os.WriteFile(filepath.Join(h.data, name), raw, 0o600))
	}
	rondeCmd(ts, neg, []string{"restore", found[0], "--data", filepath.Join(h.data, "data"), "--master-key", filepath.Join(h.data, "master.key"),
		"--destroyed", filepath.Join(today, "data", "keys", "destroyed")})
}

// certificateCmd: makes cert.pem and key.pem for the doors, which everybody in
// the story trusts.
func certificateCmd(ts *testscript.TestScript, _ bool, _ []string) {
	cert, key, pool, err := certificate()
	ts.Check(err)
	h := houseOf(ts)
	h.trusts = pool
	ts.Check(os.WriteFile(filepath.Join(h.work, "cert.pem"), cert, 0o600))
	ts.Check(os.WriteFile(filepath.Join(h.work, "key.pem"), key, 0o600))
}

// noteCmd: note NAME PATTERN FILE keeps what a pattern finds in a file.
func noteCmd(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile(args[2]))
	if m == nil {
		ts.Fatalf("nothing like %s in %s", args[1], args[2])
	}
	ts.Setenv(args[0], m[len(m)-1])
}

// rondeCmd runs the program for its output: ronde verify $DATA.
func rondeCmd(ts *testscript.TestScript, neg bool, args []string) {
	h := houseOf(ts)
	if len(args) > 0 && (args[0] == "verify" || args[0] == "user" || slices.Contains(args, "rotate")) && h.database != "" && !slices.Contains(args, "--database") {
		args = append(args, "--database", h.database)
	}
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Env = h.work, append(environ(ts), "RONDE_CLOCK="+h.clockFile())
	out, err := cmd.CombinedOutput()
	ts.Logf("%s", out)
	h.Write(out)
	if err != nil {
		err = fmt.Errorf("ronde %s: %w", strings.Join(args, " "), err)
	}
	ts.Check(os.WriteFile(filepath.Join(h.work, "said"), out, 0o600))
	check(ts, neg, err)
}

// canaryCmd: canary WORD… fails if one of them lies in clear anywhere.
func canaryCmd(ts *testscript.TestScript, neg bool, args []string) {
	for _, word := range args {
		where, err := houseOf(ts).clear(word)
		ts.Check(err)
		if (len(where) > 0) != neg {
			ts.Fatalf("%s lies in clear in %q", word, where)
		}
	}
}

// deliverCmd: deliver FILE [KEY] posts NDJSON to the partners' door; the answer
// is kept in the file "answer". Its status must be 2xx.
func deliverCmd(ts *testscript.TestScript, neg bool, args []string) {
	h := houseOf(ts)
	secret := h.ready.Stream
	if len(args) == 2 {
		secret = args[1]
	}
	status, body, err := deliver(h.ready.Partner+"/api/v1/posts", secret, ts.ReadFile(args[0]))
	ts.Logf("%d %.600s", status, body)
	ts.Check(os.WriteFile(filepath.Join(h.work, "answer"), []byte(body), 0o600))
	if err == nil && status/100 != 2 {
		err = fmt.Errorf("answered %d", status)
	}
	check(ts, neg, err)
}

// spoilCmd: spoil FOLDER changes one byte in the middle of the first file below
// it; done twice, the byte is as before.
func spoilCmd(ts *testscript.TestScript, neg bool, args []string) {
	var path string
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && path == "" {
			path = p
		}
		return err
	}))
	raw, err := os.ReadFile(path)
	ts.Check(err)
	raw[len(raw)/2] ^= 1
	ts.Check(os.WriteFile(path, raw, 0o600))
}

// tamperCmd: tamper TABLE +1|-1 changes the time of a row behind the program's
// back, or puts it right again; tamper newer-schema +1 adds a step of a program
// of tomorrow.
func tamperCmd(ts *testscript.TestScript, neg bool, args []string) {
	h := houseOf(ts)
	address := h.database
	if address == "" {
		address = filepath.Join(h.data, "data", "ronde.db")
	}
	by, err := strconv.Atoi(args[1])
	ts.Check(err)
	d, err := db.Open(context.Background(), address, db.System)
	ts.Check(err)
	defer d.Close()
	ts.Check(d.Write(context.Background(), func(tx *db.Tx) error {
		if args[0] == "newer-schema" {
			_, err := tx.Exec(context.Background(), "INSERT INTO db_migrations (version, name, at) VALUES ($1, 'tomorrow', $2)", 9999, tx.Now)
			return err
		}
		n, err := tx.Exec(context.Background(), "UPDATE "+args[0]+" SET at = at + $1 WHERE id = (SELECT MIN(id) FROM "+args[0]+")", by)
		if err == nil && n != 1 {
			err = fmt.Errorf("%s has no row", args[0])
		}
		return err
	}))
}
