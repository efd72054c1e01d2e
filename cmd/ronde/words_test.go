package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"ronde/app"
	"ronde/internal/seal"
)

// parsed parses a command line as main does, and runs nothing.
func parsed(t *testing.T, args ...string) error {
	t.Helper()
	parser, err := kong.New(&cli, kong.Name("ronde"), kong.Configuration(tomlFile), kong.Vars{"version": "0"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(args)
	return err
}

func TestWrongUseIsSaidInOneLine(t *testing.T) {
	toml := func(text string) string {
		path := filepath.Join(t.TempDir(), "ronde.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		args      []string
		says, way string
	}{
		{nil, `expected one of "demo"`, "ronde --help"},
		{[]string{"sevre"}, `did you mean "serve"`, "ronde --help"},
		{[]string{"user"}, `expected one of "add"`, "ronde user --help"},
		{[]string{"key", "rotate"}, "--new-master-key", "ronde key rotate --help"},
		{[]string{"serve", "--config", toml("dta = \"x\"\n")}, `"dta" is no setting`, "ronde serve --help"},
		{[]string{"serve", "--config", toml("data = \"x\"\nlaw =\n")}, "line 2: ", "ronde serve --help"},
	} {
		err := parsed(t, c.args...)
		if err == nil {
			t.Errorf("%q is no wrong use", c.args)
			continue
		}
		if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") || !strings.Contains(hint(err), c.way) {
			t.Errorf("%q: %q, %q", c.args, err, hint(err))
		}
	}
}

// fresh is a configuration whose folder does not exist yet.
func fresh(t *testing.T) app.Config {
	t.Helper()
	dir := t.TempDir()
	c := app.Config{Data: filepath.Join(dir, "data"), MasterKey: filepath.Join(dir, "master.key"), Log: "ronde.test/ledger", Zone: "Europe/Paris", Law: "fr"}
	if err := seal.NewMaster(c.MasterKey); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBusyFolderSaysWhatToDo(t *testing.T) {
	c := fresh(t)
	a, err := app.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for name, run := range map[string]func() error{
		"add":   (&UserAddCmd{Config: c, Login: "ada", Name: "Ada"}).Run,
		"kill":  (&UserKillCmd{Config: c, Login: "ada"}).Run,
		"reset": (&UserResetCmd{Config: c, Login: "ada"}).Run,
	} {
		var exit exitError
		if err := run(); !errors.As(err, &exit) || exit.code != 2 || !strings.Contains(exit.msg, "workbench") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerifyFindsTheDemosData(t *testing.T) {
	c := fresh(t)
	a, err := app.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	for dir, says := range map[string]string{filepath.Dir(c.Data): "ronde verify " + c.Data, t.TempDir(): "--data"} {
		if err := (&VerifyCmd{Dir: dir}).Run(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", dir, err)
		}
	}
	if err := (&VerifyCmd{Dir: c.Data}).Run(); err != nil {
		t.Error(err)
	}
}

func TestFiguresOnFittedPostsAreWarnedOf(t *testing.T) {
	lex, err := openLexicon("")
	if err != nil {
		t.Fatal(err)
	}
	if seen := fittedOn(lex, []string{"some/posts-a.jsonl", "posts-unseen.jsonl"}); len(seen) != 1 || seen[0] != "posts-a.jsonl" {
		t.Errorf("%q", seen)
	}
}

// The line that the demo prints to be tried is a post, and an offer.
func TestTrialPostIsFlagged(t *testing.T) {
	out, errs, code := scanned(t, ScanCmd{}, trialPost)
	if code != 0 || errs != "" || strings.Count(out, "\n") != 1 {
		t.Errorf("code %d, output %s, errors %s", code, out, errs)
	}
}
