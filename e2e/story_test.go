package e2e

import (
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"io/fs"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/rogpeppe/go-internal/testscript"
	"ronde/internal/db"
	"ronde/internal/db/dbtest"
)

// binary is the program under test, built once with the race detector and the
// clock of the stories.
var binary string

var (
	plain = flag.Bool("norace", false, "build the program without the race detector")
	built = flag.String("binary", "", "play against this binary, built with the tag story, instead of building one")
)

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "ronde-e2e-")
	if binary = *built; err == nil && binary == "" {
		binary = filepath.Join(dir, "ronde")
		err = build()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func build() error {
	args := []string{"build", "-tags", "story", "-o", binary}
	if !*plain {
		args = append(args, "-race")
	}
	cmd := exec.Command("go", append(args, "ronde/cmd/ronde")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
}

func TestStoriesOnSQLite(t *testing.T) {
	play(t, true, func() string { return "" })
}

func TestStoriesOnPostgreSQL(t *testing.T) {
	play(t, false, func() string { return dbtest.PostgresAddress(t) })
}

// play runs every story. database gives each a database of its own.
func play(t *testing.T, sqlite bool, database func() string) {
	testscript.Run(t, testscript.Params{
		Dir:                 ".",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       false,
		Setup: func(env *testscript.Env) error {
			h, err := newHouse(env.WorkDir, database())
			if err != nil {
				return err
			}
			env.Values[key{}] = h
			env.Setenv("DATA", h.data)
			env.Setenv("DATABASE", h.database)
			env.Setenv("GORACE", "exitcode=66 halt_on_error=0")
			env.Defer(h.kill)
			return nil
		},
		Cmds: commands(),
		Condition: func(name string) (bool, error) {
			if name != "sqlite" {
				return false, fmt.Errorf("unknown condition %s", name)
			}
			return sqlite, nil
		},
	})
}

type key struct{}

func houseOf(ts *testscript.TestScript) *house { return ts.Value(key{}).(*house) }

// cast says who is who: a name in the stories, and the login of the sample
// person, or nobody for those in the street.
var cast = map[string]string{
	"citizen": "", "neighbour": "", "attacker": "",
	"officer": "noor", "colleague": "elias", "lead": "maud", "analyst": "yann", "second": "paul", "investigator": "iris",
	"authority": "helene", "magistrate": "marc", "dpo": "david", "auditor": "agnes", "admin": "ada",
}

func commands() map[string]func(*testscript.TestScript, bool, []string) {
	cmds := map[string]func(*testscript.TestScript, bool, []string){
		"house": houseCmd, "clock": clockCmd, "ronde": rondeCmd, "canary": canaryCmd, "certificate": certificateCmd, "note": noteCmd, "deliver": deliverCmd, "spoil": spoilCmd, "tamper": tamperCmd, "calendar": calendarCmd, "takes-yesterday": yesterdayCmd,
	}
	for name := range cast {
		cmds[name] = func(ts *testscript.TestScript, neg bool, args []string) { actCmd(ts, neg, name, args) }
	}
	return cmds
}

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
	if len(args) > 0 && (args[0] == "verify" || args[0] == "user") && h.database != "" && !slices.Contains(args, "--database") {
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

// actCmd is what people do; the words are in acts.
func actCmd(ts *testscript.TestScript, neg bool, name string, args []string) {
	h := houseOf(ts)
	if len(args) == 0 {
		ts.Fatalf("%s does what?", name)
	}
	p := h.people[name]
	if p == nil {
		door := h.ready.Portal
		if cast[name] != "" {
			door = h.ready.Workbench
		}
		p = newPerson(door, byte(10+len(h.people)), h.trusts)
		h.people[name] = p
	}
	act, ok := acts[args[0]]
	if !ok {
		ts.Fatalf("%s: nobody can %q", name, args[0])
	}
	check(ts, neg, act(ts, h, p, name, args[1:]))
}

type act func(ts *testscript.TestScript, h *house, p *person, name string, args []string) error

// acts are the verbs of a story.
var acts map[string]act

func init() {
	acts = map[string]act{
		"speaks":     alone(func(p *person, a []string) error { p.speaks = a[0]; return nil }),
		"visits":     alone(func(p *person, a []string) error { return p.visit(a[0]) }),
		"follows":    alone(func(p *person, a []string) error { return p.follow(a[0]) }),
		"presses":    alone(func(p *person, a []string) error { return p.press(a[0]) }),
		"keeps":      alone(func(p *person, a []string) error { return p.keep(a[0]) }),
		"returns-to": alone(func(p *person, a []string) error { return p.back(a[0]) }),
		"fills":      alone(func(p *person, a []string) error { return pairs(func(k, v string) { p.filled.Add(k, spelled(v)) }, a) }),
		"forges":     alone(func(p *person, a []string) error { return pairs(p.forged.Set, a) }),
		"fills-long": alone(fillsLong),
		"leaves":     alone(leaves),
		"sees":       alone(sees),
		"meets":      alone(meets),
		"waits-for":  alone(func(p *person, a []string) error { return waits(p, a, true) }),
		"waits-out":  alone(func(p *person, a []string) error { return waits(p, a, false) }),
		"guesses":    alone(guesses),
		"tries":      alone(tries),
		"attaches":   attaches,
		"enrols":     enrols,
		"codes":      codes,
		"shows": func(ts *testscript.TestScript, _ *house, p *person, _ string, _ []string) error {
			ts.Logf("%s", p.raw)
			return nil
		},
		"notes":    notes,
		"signs-in": signsIn,
	}
}

// alone is an act that needs nothing but the person.
func alone(do func(*person, []string) error) act {
	return func(_ *testscript.TestScript, _ *house, p *person, _ string, args []string) error { return do(p, args) }
}

// fillsLong: fills a field with so many letters.
func fillsLong(p *person, args []string) error {
	n, err := strconv.Atoi(args[1])
	p.filled.Set(args[0], strings.Repeat("é", n))
	return err
}

// leaves: closes the browser; no cookie stays.
func leaves(p *person, _ []string) (err error) {
	p.jar, err = cookiejar.New(nil)
	p.client.Jar = p.jar
	return err
}

// attaches: puts a file of the story into a field.
func attaches(ts *testscript.TestScript, _ *house, p *person, _ string, args []string) error {
	return pairs(func(field, file string) { p.files[field], p.filled[field] = ts.MkAbs(file), nil }, args)
}

func pairs(set func(string, string), args []string) error {
	if len(args)%2 != 0 {
		return fmt.Errorf("fields and values come in pairs")
	}
	for i := 0; i < len(args); i += 2 {
		set(args[i], args[i+1])
	}
	return nil
}

// sees: all these words stand on the page.
func sees(p *person, args []string) error {
	text := p.text()
	for _, want := range args {
		if !strings.Contains(text, plainSpaces.Replace(want)) {
			return fmt.Errorf("%q is not on the page %s (%d)\n%s", want, p.at, p.status, text)
		}
	}
	return nil
}

// waits: opens a page again and again until a text stands there, or is gone: what
// the program does by the clock takes up to half a minute.
func waits(p *person, args []string, there bool) error {
	const patience = 45 * time.Second
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(patience); ; {
		if err := p.visit(args[0]); err != nil {
			return err
		}
		if strings.Contains(p.text(), plainSpaces.Replace(args[1])) == there {
			return nil
		}
		select {
		case <-tick.C:
		case <-late:
			return fmt.Errorf("waited %s for %q\n%s", patience, args[1], p.text())
		}
	}
}

// meets: the page answered with this status.
func meets(p *person, args []string) error {
	if got := fmt.Sprint(p.status); got != args[0] {
		return fmt.Errorf("%s answered %s\n%s", p.at, got, p.text())
	}
	return nil
}

// notes: keeps what a pattern finds in the page's address, on the page, or in its source,
// under a name.
func notes(ts *testscript.TestScript, _ *house, p *person, _ string, args []string) error {
	re, err := regexp.Compile(args[1])
	if err != nil {
		return err
	}
	for _, in := range []string{p.at.String(), p.text(), string(p.raw)} {
		if m := re.FindStringSubmatch(in); m != nil {
			ts.Setenv(args[0], m[len(m)-1])
			return nil
		}
	}
	return fmt.Errorf("nothing like %s on %s\n%s", args[1], p.at, p.text())
}

// codes: fills a field with the one-time code of a secret.
func codes(_ *testscript.TestScript, h *house, p *person, _ string, args []string) error {
	code, err := totp.GenerateCode(strings.ReplaceAll(args[1], " ", ""), h.now())
	p.filled.Set(args[0], code)
	return err
}

// enrols: the first sign-in of LOGIN with the one-time PASSWORD; a password of
// one's own is set, the authenticator's secret becomes known to signs-in.
func enrols(_ *testscript.TestScript, h *house, p *person, name string, args []string) error {
	if err := p.visit("/sign-in"); err != nil {
		return err
	}
	p.filled.Set("name", args[0])
	p.filled.Set("password", args[1])
	if err := p.press("/sign-in"); err != nil {
		return err
	}
	secret := strings.ReplaceAll(regexp.MustCompile(`(?:[A-Z2-7]{4} ?){8}`).FindString(p.text()), " ", "")
	own := "ein-eigenes-Wort-" + name + "-4711"
	code, err := totp.GenerateCode(secret, h.now())
	if err != nil {
		return fmt.Errorf("%w\n%s", err, p.text())
	}
	p.filled.Set("password", own)
	p.filled.Set("code", code)
	if err := p.press("/enrol"); err != nil {
		return err
	}
	if p.at.Path != "/" {
		return fmt.Errorf("not let in\n%s", p.text())
	}
	h.ready.People = append(h.ready.People, member{Login: cast[name], Password: own, Secret: secret})
	return nil
}

// signsIn goes through password and one-time code. A code counts once, so the
// next one is tried when this half minute's was used.
func signsIn(_ *testscript.TestScript, h *house, p *person, name string, _ []string) error {
	i := slices.IndexFunc(h.ready.People, func(m member) bool { return m.Login == cast[name] })
	if i < 0 {
		return fmt.Errorf("nobody is called %s here", cast[name])
	}
	who := h.ready.People[i]
	if err := p.visit("/sign-in"); err != nil {
		return err
	}
	p.filled.Set("name", who.Login)
	p.filled.Set("password", who.Password)
	if err := p.press("/sign-in"); err != nil {
		return err
	}
	for _, ahead := range []time.Duration{0, 30 * time.Second} {
		code, err := totp.GenerateCode(who.Secret, h.now().Add(ahead))
		if err != nil {
			return err
		}
		p.filled.Set("code", code)
		if err := p.press("/sign-in/code"); err != nil {
			return err
		}
		if !strings.HasPrefix(p.at.Path, "/sign-in") {
			return nil
		}
	}
	return fmt.Errorf("%s could not sign in\n%s", who.Login, p.text())
}

// tries: tries so many wrong passwords of a login.
func tries(p *person, args []string) error {
	n, err := strconv.Atoi(args[1])
	for i := 0; i < n && err == nil; i++ {
		if err = p.visit("/sign-in"); err != nil {
			break
		}
		p.filled.Set("name", args[0])
		p.filled.Set("password", fmt.Sprintf("wrong-password-%d", i))
		err = p.press("/sign-in")
	}
	return err
}

// guesses: tries so many return codes, each wrong.
func guesses(p *person, args []string) error {
	var n int
	if _, err := fmt.Sscan(args[0], &n); err != nil {
		return err
	}
	for i := range n {
		if err := p.visit("/return"); err != nil {
			return err
		}
		p.filled.Set("code", fmt.Sprintf("2345-6789-abcd-efgh-%04d", i))
		if err := p.press("/return"); err != nil {
			return err
		}
	}
	return nil
}

var escape = regexp.MustCompile(`\\u[0-9a-f]{4}`)

// spelled puts in the characters that a story can only name: \u202e.
func spelled(v string) string {
	return escape.ReplaceAllStringFunc(v, func(e string) string {
		n, _ := strconv.ParseUint(e[2:], 16, 32)
		return string(rune(n))
	})
}

var hexText = regexp.MustCompile(`\\x([0-9a-f]+)`)

// unhex reads the binary columns of a dump.
func unhex(dump string) string {
	var b strings.Builder
	for _, m := range hexText.FindAllStringSubmatch(dump, -1) {
		raw, err := hex.DecodeString(m[1])
		if err == nil {
			b.Write(raw)
			b.WriteByte('\n')
		}
	}
	return b.String()
}
