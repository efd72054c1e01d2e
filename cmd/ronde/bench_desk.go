package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ronde/app"
)

// BenchDeskCmd is `ronde bench desk`: many people write at once. They write on
// a played network, the program fetches them by its Telegram line, and an
// officer who is signed in looks at the inbox all the time. In the middle the
// program is killed, as by a power cut, and started again.
type BenchDeskCmd struct {
	Arrivals int `help:"How many people write, each once." default:"20000"`
	Seconds  int `help:"Within how many seconds they write; fewer compress it further." default:"600"`
}

const (
	benchMaxArrivals = 200_000
	benchMaxSpan     = 3600
	lookEvery        = 50 * time.Millisecond // between two looks at the inbox
	catchesUpIn      = 10 * time.Minute      // after the last has written
)

// Run measures and prints.
func (c *BenchDeskCmd) Run() error {
	if c.Arrivals < 100 || c.Arrivals > benchMaxArrivals || c.Seconds < 1 || c.Seconds > benchMaxSpan {
		return exitError{2, fmt.Sprintf("--arrivals is between 100 and %d, --seconds between 1 and %d", benchMaxArrivals, benchMaxSpan)}
	}
	dir, err := os.MkdirTemp("", "ronde-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &deskBench{BenchDeskCmd: c, dir: dir, seen: make([]time.Time, c.Arrivals)}
	if b.crowd, err = newCrowd(c.Arrivals); err != nil {
		return err
	}
	defer b.crowd.server.Close()
	if err := b.measure(); err != nil {
		if b.house != nil {
			b.house.cmd.Process.Kill()
		}
		return fmt.Errorf("measure the desk: %w", err)
	}
	printBench(fmt.Sprintf("ronde bench desk --arrivals %d --seconds %d", c.Arrivals, c.Seconds), b.rows)
	return nil
}

// deskBench is one run of the measurement.
type deskBench struct {
	*BenchDeskCmd
	dir     string
	crowd   *crowd
	house   *benchedHouse
	officer *visitor
	seen    []time.Time // when each message stood on the officer's screen
	upto    int
	killed  time.Time
	healed  time.Time // when the first message written after the kill stood there
	rows    []benchRow
}

func (b *deskBench) add(what, aim, format string, a ...any) {
	b.rows = append(b.rows, benchRow{what, fmt.Sprintf(format, a...), aim})
}

func (b *deskBench) data() string { return filepath.Join(b.dir, "demo", "data") }

func (b *deskBench) measure() error {
	if err := b.open(); err != nil {
		return err
	}
	idle, err := b.house.settledMemory()
	if err != nil {
		return err
	}
	if err := b.house.stop(); err != nil { // so that the database lies in one file
		return err
	}
	empty, err := sizes(b.data())
	if err != nil {
		return err
	}
	if err := b.open(); err != nil {
		return err
	}
	progress("measuring: %d people write within %d seconds", b.Arrivals, b.Seconds)
	b.crowd.begin(time.Duration(b.Seconds) * time.Second)
	if err := b.watch(b.Arrivals / 2); err != nil {
		return err
	}
	progress("killing the program at %d, and starting it again", b.upto)
	b.killed = time.Now()
	if err := b.die(); err != nil {
		return err
	}
	if err := b.open(); err != nil {
		return err
	}
	if err := b.watch(b.Arrivals); err != nil {
		return err
	}
	full, err := b.house.settledMemory()
	if err != nil {
		return err
	}
	if err := b.house.stop(); err != nil {
		return err
	}
	b.latencies()
	if err := b.kept(); err != nil {
		return err
	}
	after, err := sizes(b.data())
	if err != nil {
		return err
	}
	b.add("memory before", "", "%s", idle)
	b.add("memory after", "", "%s", full)
	per := 10_000 / float64(b.Arrivals)
	b.add("database, for 10 000 conversations", "", "%.1f MB", (after.rows-empty.rows)*per/1e6)
	b.add("key files, for 10 000 conversations (as the disk counts them)", "", "%.1f MB", (after.keys-empty.keys)*per/1e6)
	b.add("ledger tiles and other blobs, for 10 000 conversations", "", "%.1f MB", (after.blobs-empty.blobs)*per/1e6)
	return nil
}

// open starts the program with the crowd's network and signs an officer in.
func (b *deskBench) open() error {
	file := filepath.Join(b.dir, "channels.toml")
	row := fmt.Sprintf("[[channel]]\nname = \"crowd\"\nkind = \"telegram\"\naccount = \"@bench_bot\"\nlanguage = \"fr\"\noptions = { server = %q }\nsecrets = { token = \"crowd.token\" }\n", "http://"+b.crowd.host())
	if err := errors.Join(os.WriteFile(file, []byte(row), 0o600), os.WriteFile(filepath.Join(b.dir, "crowd.token"), []byte("1:bench\n"), 0o600)); err != nil {
		return err
	}
	h, _, err := openBenched(filepath.Join(b.dir, "demo"), "--empty", "--channels", file, "--local-channels", b.crowd.host())
	if err != nil {
		return err
	}
	b.house, b.officer = h, newVisitor(h.ready.Workbench, 0)
	return b.officer.signIn(h.ready.People, "noor")
}

// die ends the program as a power cut would.
func (b *deskBench) die() error {
	if err := b.house.cmd.Process.Kill(); err != nil {
		return err
	}
	<-b.house.ended
	return nil
}

// openTab finds how many conversations wait, on the inbox's first tab.
var openTab = regexp.MustCompile(`show=open"[^>]*>[^<]*<span class="num soft">([^<]*)<`)

// watch looks at the inbox until so many have arrived. Everybody's first
// message is a conversation, and they arrive in the order in which they wrote.
func (b *deskBench) watch(until int) error {
	late := b.crowd.wroteAt(b.Arrivals).Add(catchesUpIn)
	for b.upto < until {
		page, err := b.officer.get("/inbox")
		if err != nil {
			return err
		}
		m := openTab.FindSubmatch(page)
		if m == nil {
			return errors.New("the inbox says nowhere how many wait")
		}
		n, err := strconv.Atoi(strings.Map(digits, string(m[1])))
		if err != nil {
			return err
		}
		now := time.Now()
		if n > b.Arrivals {
			return fmt.Errorf("%d conversations, and only %d people wrote", n, b.Arrivals)
		}
		for ; b.upto < n; b.upto++ {
			b.seen[b.upto] = now
			if !b.killed.IsZero() && b.healed.IsZero() && b.crowd.wroteAt(b.upto).After(b.killed) {
				b.healed = now
			}
		}
		if now.After(late) {
			return fmt.Errorf("%d of %d arrived", b.upto, b.Arrivals)
		}
		time.Sleep(lookEvery)
	}
	return nil
}

func digits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// latencies are from writing to the officer's screen, with and without those
// who wrote while the program was dead and the line caught up.
func (b *deskBench) latencies() {
	var calm, all []time.Duration
	for i, at := range b.seen {
		wait := at.Sub(b.crowd.wroteAt(i))
		all = append(all, wait)
		if at.Before(b.killed) || b.crowd.wroteAt(i).After(b.healed.Add(healing)) {
			calm = append(calm, wait)
		}
	}
	b.add("arrivals", "", "%s, %.0f a second", grouped(float64(b.Arrivals)), float64(b.Arrivals)/float64(b.Seconds))
	b.add("from writing to the officer's screen, p50", "", "%.2f s", percentile(calm, 0.50).Seconds())
	b.add("the same, p99", "", "%.2f s", percentile(calm, 0.99).Seconds())
	b.add("the same, longest", "", "%.2f s", percentile(calm, 1).Seconds())
	b.add("killed in the middle: until messages came in again", "", "%.1f s", b.healed.Sub(b.killed).Seconds())
	b.add("longest of all, those who wrote meanwhile included", "", "%.1f s", percentile(all, 1).Seconds())
}

// healing is how long after the kill figures count as disturbed.
const healing = 10 * time.Second

func percentile(all []time.Duration, p float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(int(p*float64(len(all))), len(all)-1)]
}

// kept compares what was written with what lies there.
func (b *deskBench) kept() error {
	conversations, messages, problems, err := app.Stored(context.Background(), b.data())
	if err != nil {
		return err
	}
	b.add("lost", "0", "%d", b.Arrivals-conversations)
	b.add("kept twice", "0", "%d", messages-conversations)
	b.add("what ronde verify has against the folder", "nothing", "%d", len(problems))
	return nil
}

// size is what a data folder takes on the disk, in bytes.
type size struct{ rows, keys, blobs float64 }

func sizes(data string) (s size, err error) {
	err = filepath.WalkDir(data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		taken := float64(info.Size())
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			taken = float64(st.Blocks * 512)
		}
		switch part, _, _ := strings.Cut(strings.TrimPrefix(path, data+string(filepath.Separator)), string(filepath.Separator)); part {
		case "keys":
			s.keys += taken
		case "blobs":
			s.blobs += taken
		default:
			s.rows += taken
		}
		return nil
	})
	return s, err
}
