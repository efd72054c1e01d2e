package channeltest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"

	"ronde/channel"
)

// hooked makes calls that only the network may make, and some that not even it
// may.
func hooked(b *bench) {
	line, ok := b.New(b.t).(channel.Hooked)
	if !ok {
		b.t.Skip("the network does not call this line")
	}
	if b.Call(b.t, Good) == nil || b.Call(b.t, Unsigned) == nil || b.Call(b.t, Oversized) == nil || b.Call(b.t, Malformed) == nil {
		b.t.Fatal("a world needs good, unsigned, oversized and malformed calls")
	}
	var taken atomic.Int64
	h := line.Hook(func(_ context.Context, batch []channel.Arrival, _ channel.Mark) error {
		taken.Add(int64(len(batch)))
		return nil
	})
	for _, kind := range []string{Unsigned, Forged, Tampered, Replayed, Oversized, Malformed} {
		r := b.Call(b.t, kind)
		if r == nil {
			b.t.Logf("skipped: the network's scheme knows no call that is %s", kind)
			continue
		}
		w := serve(h, r)
		if taken.Load() != 0 {
			b.t.Fatalf("a call that is %s was believed", kind)
		}
		if kind != Malformed && (w.Code < 400 || w.Code >= 500) {
			b.t.Errorf("a call that is %s was answered %d, not refused", kind, w.Code)
		}
		if kind == Malformed && w.Code >= 500 {
			b.t.Errorf("a malformed call was answered %d: the network would repeat it without end", w.Code)
		}
	}
	if w := serve(h, b.Call(b.t, Good)); w.Code >= 300 || taken.Load() == 0 {
		b.t.Errorf("a good call was answered %d, and %d arrivals were taken", w.Code, taken.Load())
	}
	failing := line.Hook(func(context.Context, []channel.Arrival, channel.Mark) error { return errTake{} })
	if w := serve(failing, b.Call(b.t, Good)); w.Code < 500 {
		b.t.Errorf("take failed and the call was answered %d: the network will not repeat it", w.Code)
	}
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
