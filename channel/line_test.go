package channel

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ronde/internal/db"
	"ronde/internal/db/dbtest"
	"ronde/internal/jobs"
)

func TestSettingsAreReadOrRefusedByRow(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(text), mode))
		must(t, os.Chmod(path, mode))
		return path
	}
	file("token", "s3cret-of-the-bot\n", 0o600)
	file("open", "s3cret-for-all\n", 0o644)
	file("empty", "\n", 0o600)
	row := "[[channel]]\nname = \"chat-1\"\nkind = \"telegram\"\n"
	got, err := ReadSettings(file("good.toml", row+"keep = 14\n[channel.secrets]\ntoken = \"token\"\n[channel.options]\nforum = \"yes\"\n", 0o644), []string{"telegram"})
	must(t, err)
	if len(got) != 1 || got[0].Keep != 14 || got[0].Options["forum"] != "yes" {
		t.Fatalf("%+v", got)
	}
	if s, err := got[0].Secret("token"); err != nil || s != "s3cret-of-the-bot" {
		t.Fatalf("%q %v", s, err)
	}
	if _, err := got[0].Secret("other"); err == nil {
		t.Fatal("a secret that is not named was read")
	}
	for name, c := range map[string]struct{ text, says string }{
		"unknown key":   {row + "colour = \"red\"\n", `"chat-1": "channel.colour" is no setting`},
		"unknown kind":  {"[[channel]]\nname = \"chat-1\"\nkind = \"pigeon\"\n", "pigeon"},
		"doubled":       {row + row, "stands twice"},
		"bad name":      {"[[channel]]\nname = \"Chat 1\"\nkind = \"telegram\"\n", "Chat 1"},
		"keep":          {row + "keep = -1\n", "keep"},
		"language":      {row + "language = \"français\"\n", "language"},
		"open secret":   {row + "secrets = { token = \"open\" }\n", "0600"},
		"empty secret":  {row + "secrets = { token = \"empty\" }\n", "empty"},
		"no secret":     {row + "secrets = { token = \"nowhere\" }\n", "cannot be read"},
		"not TOML":      {row + "keep = \n", "line 4"},
		"secret inline": {row + "token = \"s3cret\"\n", "token"},
	} {
		_, err := ReadSettings(file("bad.toml", c.text, 0o644), []string{"telegram"})
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAlarmsOfALine(t *testing.T) {
	const now, minute = int64(1_800_000_000_000_000), int64(60_000_000)
	good := LineHealth{BeganAt: now - 100*minute, TestedAt: now - minute, PassedAt: now - minute}
	for want, spoil := range map[string]func(*LineHealth){
		"":           func(*LineHealth) {},
		AlarmExpired: func(h *LineHealth) { h.Expires = now - 1 },
		AlarmRefused: func(h *LineHealth) { h.Why = Rejected },
		AlarmDesk:    func(h *LineHealth) { h.Why = WhyDesk },
		AlarmStopped: func(h *LineHealth) { h.TestedAt = now - 20*minute },
		AlarmNet:     func(h *LineHealth) { h.Why, h.FailingAt = WhyNet, now-11*minute },
		AlarmTest:    func(h *LineHealth) { h.PassedAt = now - 20*minute },
		AlarmEnds:    func(h *LineHealth) { h.Expires = now + 6*24*60*minute },
	} {
		h := good
		if spoil(&h); h.Alarm(now) != want {
			t.Errorf("%q: got %q", want, h.Alarm(now))
		}
	}
	if got := backoff(backFirst, 3, 0, 0); got != 4*time.Second || backoff(backFirst, 50, 0, 1) > backMost*3/2 || backoff(backFirst, 1, time.Hour, 0) != time.Hour {
		t.Errorf("back-off %v", got)
	}
}

// tape is a line that plays one batch for each connection.
type tape struct {
	mu      sync.Mutex // guards what follows
	batches [][]Arrival
	marks   []string
	froms   []string
	expired bool
	done    chan struct{}
}

func (p *tape) Limits() Limits                               { return Limits{} }
func (p *tape) Send(context.Context, Outgoing) (Sent, error) { return Sent{}, nil }
func (p *tape) Test(context.Context) (Checkup, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.expired {
		return Checkup{}, &Refusal{Why: Expired}
	}
	return Checkup{Account: "@ronde", Expires: 42}, nil
}

func (p *tape) Receive(ctx context.Context, from Mark, take Take) error {
	p.mu.Lock()
	p.froms = append(p.froms, string(from))
	if len(p.batches) == 0 {
		p.mu.Unlock()
		p.done <- struct{}{}
		<-ctx.Done()
		return nil
	}
	batch, mark := p.batches[0], p.marks[0]
	p.mu.Unlock()
	if err := take(ctx, batch, Mark(mark)); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.batches, p.marks = p.batches[1:], p.marks[1:]
	return &Refusal{Why: Later} // the connection is lost after each batch
}

func TestRunGoesOnWhereItStood(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		s := service(t, d)
		s.back = time.Millisecond
		p := &tape{done: make(chan struct{}, 10), marks: []string{`{"at":1}`, `{"at":2}`}, batches: [][]Arrival{
			{{What: Written, ID: "1", Thread: "a", Text: "bonjour"}, {What: "sung", ID: "2", Thread: "a"}},
			{{What: Written, ID: "3", Thread: "a", Text: "encore"}},
		}}
		kept, refuse := 0, 1
		r := Running{Line: p, Setting: Setting{Name: "chat-1", Kind: "telegram", Account: "@x"}, Container: "lin_chat-1", Jobs: jobs.New(d), Log: slog.New(slog.DiscardHandler)}
		r.Keep = func(ctx context.Context, batch []Arrival, move func(context.Context, *db.Tx) error) error {
			if refuse > 0 {
				refuse--
				return errors.New("the desk is busy")
			}
			kept += len(batch)
			return d.Write(ctx, func(tx *db.Tx) error { return move(ctx, tx) })
		}
		run := func() {
			ctx, stop := context.WithCancel(ctx)
			var all sync.WaitGroup
			all.Go(func() { s.Run(ctx, r) })
			<-p.done
			stop()
			all.Wait()
			must(t, r.Jobs.Release(context.Background()))
		}
		run()
		if kept != 2 {
			t.Fatalf("%d kept", kept)
		}
		if got := strings.Join(p.froms, " "); got != `  {"at":1} {"at":2}` {
			t.Fatalf("went on from %q", got)
		}
		p.mu.Lock()
		p.expired = true
		p.mu.Unlock()
		run() // a restart
		if last := p.froms[len(p.froms)-1]; last != `{"at":2}` || !json.Valid([]byte(last)) {
			t.Fatalf("after a restart from %q", last)
		}
		all, err := s.Lines(ctx)
		must(t, err)
		if len(all) != 1 || all[0].ReceivedAt == 0 || all[0].Account != "@ronde" || all[0].Expires != 42 || all[0].Alarm(d.Now()) != AlarmExpired {
			t.Fatalf("%+v", all)
		}
		must(t, d.Read(ctx, func(tx *db.Tx) error {
			gaps, err := s.Counts(ctx, tx, "2026-11-23", "2026-11-23")
			if gaps["gap.arrival"] != 1 {
				t.Errorf("an arrival outside the contract is not counted: %v", gaps)
			}
			return err
		}))
		must(t, s.Retire(ctx, nil))
		if all, err = s.Lines(ctx); err != nil || len(all) != 0 {
			t.Fatalf("%v %v", all, err)
		}
	})
}

func TestAForgottenMarkIsAGap(t *testing.T) {
	d := dbtest.SQLite(t, dbtest.NewClock())
	s := service(t, d)
	r := Running{Setting: Setting{Name: "chat-1", Kind: "twitch"}, Container: "man_1", Log: slog.New(slog.DiscardHandler)}
	must(t, d.Write(ctx, func(tx *db.Tx) error { return s.took(ctx, tx, r, nil, 0, Mark(`{"at":1}`)) }))
	m, err := s.markOf(ctx, r)
	if err != nil || string(m) != `{"at":1}` {
		t.Fatalf("%q %v", m, err)
	}
	must(t, s.forget(ctx, r))
	if m, err = s.markOf(ctx, r); err != nil || m != nil {
		t.Fatalf("%q %v", m, err)
	}
	must(t, d.Read(ctx, func(tx *db.Tx) error {
		gaps, err := s.Counts(ctx, tx, "2026-11-23", "2026-11-23")
		if gaps["gap.line.twitch"] != 1 {
			t.Errorf("%v", gaps)
		}
		return err
	}))
}
