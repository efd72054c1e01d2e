package bus

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"ronde/internal/errs"
)

func open(t *testing.T) *Bus {
	t.Helper()
	b, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func TestARequestIsAnsweredOnce(t *testing.T) {
	b := open(t)
	var served atomic.Int64
	for range 2 {
		stop, err := b.Serve("posts.judge", "watch", 2, func(_ context.Context, d []byte) []byte {
			served.Add(1)
			return bytes.ToUpper(d)
		})
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
	}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			if got, err := b.Request(ctx, "posts.judge", []byte("a")); err != nil || string(got) != "A" {
				t.Errorf("%q %v", got, err)
			}
		})
	}
	wg.Wait()
	if served.Load() != 50 {
		t.Fatalf("served %d times, want 50", served.Load())
	}
}

func TestNobodyThereIsSaidAtOnce(t *testing.T) {
	b := open(t)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := b.Request(ctx, "posts.judge", nil); !errs.Is(err, errs.Unavailable) || ctx.Err() != nil {
		t.Fatalf("no member: %v", err)
	}
	if _, err := b.Request(ctx, "posts.judge", make([]byte, MaxMessage+1)); !errs.Is(err, errs.Limit) {
		t.Fatalf("too large: %v", err)
	}
}

func TestWakeUps(t *testing.T) {
	b := open(t)
	got := make(chan string, 1)
	stop, err := b.Subscribe("wake.desk", func(d []byte) { got <- string(d) })
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	b.Publish("wake.desk", []byte("con_1"))
	select {
	case s := <-got:
		if s != "con_1" {
			t.Fatalf("got %q", s)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("nothing arrived")
	}
}

// A member that works longer than a sender's patience is waited for as long as
// it gives signs of life; one that falls silent is given up.
func TestSlowIsNotDead(t *testing.T) {
	b := open(t)
	stop, err := b.Serve("posts.judge", "watch", 1, func(ctx context.Context, d []byte) []byte {
		select {
		case <-time.After(silence + 2*signEvery):
		case <-ctx.Done():
		}
		return d
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	silent, err := b.conn.QueueSubscribe("posts.lost", "watch", func(*nats.Msg) {})
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Unsubscribe()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() {
		if got, err := b.Request(ctx, "posts.judge", []byte("a")); err != nil || string(got) != "a" {
			t.Errorf("slow: %q %v", got, err)
		}
	})
	wg.Go(func() {
		if _, err := b.Request(ctx, "posts.lost", []byte("a")); !errs.Is(err, errs.Unavailable) {
			t.Errorf("silent: %v", err)
		}
	})
	wg.Wait()
}
