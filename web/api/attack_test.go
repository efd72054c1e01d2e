package api

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// One partner opens stream after stream and hardly sends, with its key in
// capitals, with and without dashes: the others still get in.
func TestOneSlowPartnerLeavesRoomForOthers(t *testing.T) {
	const more = 3
	o := open(t)
	stop := make(chan struct{})
	var refused, read atomic.Int32
	var all sync.WaitGroup
	for i := range MaxPerKey + more {
		key := o.key
		if i%2 == 0 {
			key = strings.ToUpper(strings.ReplaceAll(key, "-", ""))
		}
		in, out := io.Pipe()
		all.Go(func() {
			switch code, _, _ := o.post(t, key, kinds[0], in); code {
			case http.StatusServiceUnavailable:
				refused.Add(1)
			case http.StatusOK:
				read.Add(1)
			}
			in.Close()
		})
		all.Go(func() { drip(out, stop) })
	}
	for until := time.Now().Add(1500 * time.Millisecond); refused.Load() < more && time.Now().Before(until); {
		time.Sleep(10 * time.Millisecond)
	}
	if code, _, _ := o.post(t, "2345-6789-abcd-efgh-jkmn-pqrs-tvwx-yz01", kinds[0], strings.NewReader("\n")); code != http.StatusUnauthorized {
		t.Errorf("another key meets %d", code)
	}
	close(stop)
	all.Wait()
	if refused.Load() != more || read.Load() != MaxPerKey {
		t.Errorf("%d streams refused, %d read", refused.Load(), read.Load())
	}
	if code, _, _ := o.post(t, o.key, kinds[0], strings.NewReader("\n")); code != http.StatusOK {
		t.Errorf("afterwards: %d", code)
	}
}

// drip sends just enough not to be cut off.
func drip(out *io.PipeWriter, stop chan struct{}) {
	defer out.Close()
	for {
		if _, err := out.Write([]byte("\n")); err != nil {
			return
		}
		select {
		case <-stop:
			return
		case <-time.After(30 * time.Millisecond):
		}
	}
}
