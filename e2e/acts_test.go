package e2e

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/rogpeppe/go-internal/testscript"
)

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
		"speaks":        alone(func(p *person, a []string) error { p.speaks = a[0]; return nil }),
		"visits":        alone(func(p *person, a []string) error { return p.visit(a[0]) }),
		"follows":       alone(func(p *person, a []string) error { return p.follow(a[0]) }),
		"presses":       alone(func(p *person, a []string) error { return p.press(a[0]) }),
		"hurries":       alone(hurries),
		"keeps":         alone(func(p *person, a []string) error { return p.keep(a[0]) }),
		"returns-to":    alone(func(p *person, a []string) error { return p.back(a[0]) }),
		"fills":         alone(func(p *person, a []string) error { return pairs(func(k, v string) { p.filled.Add(k, spelled(v)) }, a) }),
		"forges":        alone(func(p *person, a []string) error { return pairs(p.forged.Set, a) }),
		"fills-long":    alone(fillsLong),
		"leaves":        alone(leaves),
		"sees":          alone(sees),
		"meets":         alone(meets),
		"waits-for":     alone(func(p *person, a []string) error { return waits(p, a, true) }),
		"waits-out":     alone(func(p *person, a []string) error { return waits(p, a, false) }),
		"guesses":       alone(guesses),
		"guesses-codes": alone(guessesCodes),
		"saves":         saves,
		"tries":         alone(tries),
		"attaches":      attaches,
		"enrols":        enrols,
		"codes":         codes,
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

// hurries presses and does not wait for the page that follows: the program may
// be dead by then.
func hurries(p *person, args []string) error {
	err := p.press(args[0])
	var cut *url.Error
	if errors.As(err, &cut) {
		return nil
	}
	return err
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

// guessesCodes: tries so many of an officer's one-time codes, each wrong.
func guessesCodes(p *person, args []string) error {
	n, err := strconv.Atoi(args[0])
	for i := 0; i < n && err == nil; i++ {
		if err = p.visit("/check"); err != nil {
			break
		}
		p.filled.Set("code", fmt.Sprintf("9999 %04d", i))
		err = p.press("/check/code")
	}
	if err != nil {
		return err
	}
	return p.visit("/check")
}

// saves: keeps what was answered in a file.
func saves(ts *testscript.TestScript, _ *house, p *person, _ string, args []string) error {
	return os.WriteFile(ts.MkAbs(args[0]), p.raw, 0o600)
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
