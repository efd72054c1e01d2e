package watch

import "sync"

// maxGather bounds how many batches share one transaction.
const maxGather = 64

// gather lets batches that come together share one transaction: a commit
// costs a disk flush, and on PostgreSQL transactions that touch the same
// totals side by side would throw each other out.
type gather[T any] struct {
	run func([]T)

	mu      sync.Mutex // guards the rest
	pending []waiting[T]
	busy    bool
}

type waiting[T any] struct {
	item T
	done chan struct{}
}

// do hands item to a run with whatever else waits, and returns after it.
func (g *gather[T]) do(item T) {
	w := waiting[T]{item, make(chan struct{})}
	g.mu.Lock()
	g.pending = append(g.pending, w)
	if !g.busy {
		g.busy = true
		go g.lead()
	}
	g.mu.Unlock()
	<-w.done
}

// lead runs groups until nothing waits.
func (g *gather[T]) lead() {
	for {
		g.mu.Lock()
		n := min(len(g.pending), maxGather)
		group := g.pending[:n:n]
		g.pending = g.pending[n:]
		if n == 0 {
			g.busy, g.pending = false, nil
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		items := make([]T, n)
		for i, w := range group {
			items[i] = w.item
		}
		g.run(items)
		for _, w := range group {
			close(w.done)
		}
	}
}
