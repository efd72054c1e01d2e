package e2e

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"ronde/channel/mail/mailtest"
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
	play(t, nil, func() string { return "" })
}

// onBoth are the stories in which the database is half of what is told: who
// comes first, what a death leaves behind, what waits. WIDE plays the others on
// PostgreSQL as well (make test-all); their rooms' own tests run on both anyway.
var onBoth = []string{"first-round.txtar", "crash.txtar", "crash-points.txtar", "channels.txtar", "oncall.txtar", "attacks.txtar"}

func TestStoriesOnPostgreSQL(t *testing.T) {
	some := onBoth
	if os.Getenv("WIDE") != "" {
		some = nil
	}
	play(t, some, func() string { return dbtest.PostgresAddress(t) })
}

// play runs some stories, or every one. database gives each one of its own, or
// "" for SQLite.
func play(t *testing.T, some []string, database func() string) {
	dir, sqlite := ".", database() == ""
	if some != nil {
		dir = ""
	}
	mail := sync.OnceValue(func() *mailtest.Server { return mailtest.Start(t) })
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		Files:               some,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       false,
		Setup: func(env *testscript.Env) error {
			h, err := newHouse(env.WorkDir, database())
			if err != nil {
				return err
			}
			h.tb, h.mail = t, mail
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
	"officer": "noor", "colleague": "elias", "lead": "maud", "analyst": "yann", "second": "paul", "investigator": "iris", "specialist": "noe",
	"authority": "helene", "magistrate": "marc", "dpo": "david", "auditor": "agnes", "admin": "ada",
}

func commands() map[string]func(*testscript.TestScript, bool, []string) {
	cmds := map[string]func(*testscript.TestScript, bool, []string){
		"house": houseCmd, "clock": clockCmd, "ronde": rondeCmd, "canary": canaryCmd, "certificate": certificateCmd, "note": noteCmd, "deliver": deliverCmd, "post": postCmd, "bells": bellsCmd, "spoil": spoilCmd, "tamper": tamperCmd, "calendar": calendarCmd, "takes-yesterday": yesterdayCmd,
		"networks": networksCmd, "telegram": networkCmd("telegram"), "mastodon": networkCmd("mastodon"), "whatsapp": networkCmd("whatsapp"),
		"discord": networkCmd("discord"), "twitch": networkCmd("twitch"), "photo": photoCmd,
	}
	for name := range cast {
		cmds[name] = func(ts *testscript.TestScript, neg bool, args []string) { actCmd(ts, neg, name, args) }
	}
	return cmds
}
