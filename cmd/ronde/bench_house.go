package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ronde/app"
)

// BenchHouseCmd is `ronde bench house`. Everything runs on this machine, on
// loopback and in a temporary folder: the measuring program and the measured
// one share the processors, so rates are lower than over a network.
type BenchHouseCmd struct {
	Seconds  int `help:"How long each load lasts." default:"5"`
	Clients  int `help:"Connections at one time." default:"8"`
	Messages int `help:"Messages to send at most." default:"2000"`
	Posts    int `help:"Posts to send to the partners' door." default:"100000"`
	Events   int `help:"Events to write to a ledger." default:"20000"`
	Starts   int `help:"Starts to measure; the median counts." default:"5"`
}

// Limits of a measurement.
const (
	benchMaxSeconds  = 60
	benchMaxClients  = 256
	benchMaxMessages = 100_000
	benchMaxStream   = 500_000 // half of what the sample mandate may read in a day
	benchMaxEvents   = 1_000_000
	benchBatch       = 1000
)

// Check refuses what would not be bounded.
func (c *BenchHouseCmd) check() error {
	for _, f := range []struct {
		flag        string
		value, most int
	}{{"--seconds", c.Seconds, benchMaxSeconds}, {"--clients", c.Clients, benchMaxClients}, {"--messages", c.Messages, benchMaxMessages},
		{"--posts", c.Posts, benchMaxStream}, {"--events", c.Events, benchMaxEvents}, {"--starts", c.Starts, benchMaxRuns}} {
		if f.value < 1 || f.value > f.most {
			return exitError{2, fmt.Sprintf("%s is between 1 and %d", f.flag, f.most)}
		}
	}
	if c.Events < benchBatch {
		return exitError{2, fmt.Sprintf("--events is at least %d", benchBatch)}
	}
	return nil
}

// Run measures and prints.
func (c *BenchHouseCmd) Run() error {
	if err := c.check(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "ronde-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := houseBench{BenchHouseCmd: c, dir: dir}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"binary", b.binary}, {"seeding a demo, then starting it again", b.starts}, {"idle memory", b.idle},
		{"pages", b.pages}, {"messages", b.messages}, {"posts", b.stream}, {"memory after the loads", b.after}, {"ledger", b.ledger},
	} {
		progress("measuring: %s", step.what)
		if err := step.do(); err != nil {
			b.stop()
			return fmt.Errorf("measure %s: %w", step.what, err)
		}
	}
	if err := b.stop(); err != nil {
		return err
	}
	printBench(fmt.Sprintf("ronde bench house --seconds %d --clients %d", c.Seconds, c.Clients), b.rows)
	return nil
}

// houseBench is one run of the measurement.
type houseBench struct {
	*BenchHouseCmd
	dir   string
	house *benchedHouse
	rows  []benchRow
}

func (b *houseBench) add(what, aim, format string, a ...any) {
	b.rows = append(b.rows, benchRow{what, fmt.Sprintf(format, a...), aim})
}

func (b *houseBench) stop() error {
	if b.house == nil {
		return nil
	}
	h := b.house
	b.house = nil
	return h.stop()
}

func (b *houseBench) binary() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	info, err := os.Stat(self)
	if err != nil {
		return err
	}
	b.add("binary", "< 60 MB", "%.1f MB", float64(info.Size())/1e6)
	return nil
}

// starts measures the first start, which hires the whole sample organisation,
// and then the start of a folder that is there.
func (b *houseBench) starts() error {
	folder := filepath.Join(b.dir, "demo")
	var again []float64
	for i := range b.Starts + 1 {
		if err := b.stop(); err != nil {
			return err
		}
		h, took, err := openBenched(folder)
		if err != nil {
			return err
		}
		b.house = h
		if i == 0 {
			b.add("first start, the sample organisation made", "", "%.2f s", took.Seconds())
		} else {
			again = append(again, took.Seconds())
		}
	}
	b.add("start of a folder that is there, to doors open", "< 1 s", "%.2f s", median(again))
	return nil
}

// idle waits until the program's memory rests and reads it. The demo goes on
// reading its small feed every three seconds meanwhile.
func (b *houseBench) idle() error {
	m, err := b.house.settledMemory()
	if err != nil {
		return err
	}
	b.add("idle memory (resident)", "< 100 MB", "%s", m)
	return nil
}

func (b *houseBench) after() error {
	m, err := b.house.settledMemory()
	if err != nil {
		return err
	}
	b.add("memory after all loads", "", "%s", m)
	return nil
}

func (b *houseBench) ledger() error {
	if err := b.stop(); err != nil { // its chores would share the disk
		return err
	}
	dir := filepath.Join(b.dir, "ledger")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	s, err := app.MeasureLedger(context.Background(), dir, b.Events, benchBatch)
	if err != nil {
		return err
	}
	b.add(fmt.Sprintf("durable ledger events with their rows, batches of %d", s.Batch), "", "%s a second", grouped(s.Events))
	b.add("bare hash chain in a file, a flush a batch", "", "%s a second", grouped(s.Chain))
	b.add("ledger against hash chain", "≥ 0.25", "%.2f", s.Events/s.Chain)
	return nil
}

// settleWithin bounds the wait for memory to rest.
const settleWithin = 40 * time.Second
