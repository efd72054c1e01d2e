package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ronde/internal/bus/bustest"
	"ronde/internal/db"
	"ronde/internal/errs"
)

// A copy is another process of the real program that shares database, bus and
// keys with this one.
type copyOf struct {
	t   *testing.T
	cmd *exec.Cmd
}

// start waits until the copy says that it is ready.
func start(t *testing.T, c Config, roles string) *copyOf {
	t.Helper()
	path, err := binary()
	must0(t, err)
	cmd := exec.Command(path, "serve", "--roles", roles, "--data", c.Data, "--keys", filepath.Join(c.Data, "keys"), "--master-key", c.MasterKey,
		"--database", c.Database, "--bus", c.Bus, "--log", c.Log, "--law", c.Law)
	out, err := cmd.StdoutPipe()
	must0(t, err)
	var errw bytes.Buffer
	cmd.Stderr = &errw
	must0(t, cmd.Start())
	p := &copyOf{t, cmd}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "ready") {
			go io.Copy(io.Discard, out)
			return p
		}
	}
	t.Fatalf("the copy ended: %v\n%s", cmd.Wait(), errw.String())
	return nil
}

// kill ends the copy as a power cut would.
func (p *copyOf) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// Two copies judge what a third takes in. One dies in the middle: what it had
// is judged again, nothing is lost, and no post stands in two alerts.
func TestTwoWatchesShareTheWorkAndOneDies(t *testing.T) {
	c := plain(t)
	c.Database, c.Bus, c.Roles = postgres(t), bustest.Server(t), []string{roleWeb, roleWorker}
	a := opened(t, c)
	s, err := a.Seed(ctx, "http://feed.example/")
	must0(t, err)
	must0(t, a.OpenDoors())
	run, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(run) }()
	defer func() { stop(); must0(t, <-ended) }()

	const posts, every = 9000, 100
	body, feed := io.Pipe()
	third := func(k int) {
		for i := k * posts / 3; i < (k+1)*posts/3; i++ {
			text := fmt.Sprintf("kanari promenade numéro %d au bord du lac, il fait doux", i)
			if i%every == 0 {
				text = fmt.Sprintf("%s numéro %d", samplePaste.Text, i)
			}
			line, err := json.Marshal(map[string]string{"id": fmt.Sprint(i), "lang": "fr", "text": text})
			must0(t, err)
			feed.Write(append(line, '\n'))
		}
	}
	req, err := http.NewRequest(http.MethodPost, a.Address("partner")+"/api/v1/posts", body)
	must0(t, err)
	req.Header.Set("Authorization", "Bearer "+s.Stream)
	req.Header.Set("Content-Type", "application/x-ndjson")
	first := start(t, c, roleWatch)
	go func() {
		third(0)
		start(t, c, roleWatch)
		third(1)
		first.kill()
		third(2)
		feed.Close()
	}()
	client := http.Client{Timeout: 2 * time.Minute}
	answer, err := client.Do(req)
	must0(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must0(t, err)
	var got struct{ Read, Flagged, Reposts int }
	must0(t, json.Unmarshal(text, &got))
	if answer.StatusCode != http.StatusOK || got.Read != posts {
		t.Fatalf("%s: %s", answer.Status, text)
	}
	var alerts, copies int
	must0(t, a.db.Read(ctx, func(tx *db.Tx) error {
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM watch_alerts").Scan(&alerts); err != nil {
			return err
		}
		return tx.QueryRow(ctx, "SELECT COUNT(*) FROM watch_copies").Scan(&copies)
	}))
	if alerts != posts/every || copies != posts/every {
		t.Errorf("%d alerts of %d posts, %d were offers", alerts, copies, posts/every)
	}
	clearRows(t, c.Database, []string{"kanari"})
	clear(t, c.Data, []string{"kanari"})
}

func TestRolesThatCannotWork(t *testing.T) {
	for says, change := range map[string]func(*Config){
		"not capture":    func(c *Config) { c.Roles = []string{"watch", "capture"} },
		"one --database": func(c *Config) { c.Roles, c.Bus = []string{"watch"}, "nats://127.0.0.1:1" },
		"one --bus":      func(c *Config) { c.Roles, c.Database = []string{"web"}, "postgres://nobody@127.0.0.1:1/none" },
		"load lexicon":   func(c *Config) { c.Lexicon = t.TempDir() },
	} {
		c := plain(t)
		change(&c)
		refused(t, c, errs.Invalid, "err.config", says)
	}
}
