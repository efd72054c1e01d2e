package channeltest

import (
	"testing"

	"ronde/channel"
)

// A check is one promise of a line, with the abilities of the network that it
// needs.
type check struct {
	name  string
	needs []string
	run   func(b *bench)
	alone bool // it looks for goroutines of the line, and runs with no other
}

var checks = []check{
	{"arrivals come whole and in order", nil, order, false},
	{"a conversation is whom an answer reaches", nil, threads, false},
	{"a message says which it answers", []string{Thread}, replies, false},
	{"what is written while we are away arrives", []string{Cursor}, away, false},
	{"nothing is lost or doubled wherever we die", []string{Cursor}, deaths, false},
	{"a take that fails is handed back", []string{Cursor}, handedBack, false},
	{"a cut connection loses nothing", []string{Drop, Cursor}, dropped, false},
	{"a mark that cannot be read harms nothing", nil, badMark, false},
	{"a mark that is too old is told", []string{Forget, Cursor}, forgotten, false},
	{"deliveries repeat", []string{Again}, again, false},
	{"deliveries overtake each other", []string{Shuffle}, shuffled, false},
	{"malformed data is passed over", []string{Garbage}, garbage, false},
	{"edits are followed", []string{Edit}, edits, false},
	{"deletions are followed", []string{Delete}, deletes, false},
	{"reading is told", []string{Read}, readings, false},
	{"what a machine wrote is marked", []string{Machine}, machine, false},
	{"files arrive", []string{Attach}, filesIn, false},
	{"a file beyond the bound is refused", []string{Attach, Big}, filesBig, false},
	{"hostile texts arrive tamed", nil, hostile, false},

	{"an answer has a receipt", nil, receipt, false},
	{"the same key is one message", []string{Once}, once, false},
	{"the same key after a restart is one message", []string{Once}, onceLater, false},
	{"two keys are two messages", nil, twice, false},
	{"files are sent", nil, filesOut, false},
	{"an automatic answer is marked", []string{Label}, label, false},
	{"a busy network says when", []string{Busy}, busy, false},
	{"an expired credential is told", []string{Expire}, expired, false},
	{"a new credential is taken up", []string{Expire, Renew}, renewed, false},
	{"who left is told", []string{Leave}, left, false},
	{"a closed window is told", []string{Late}, late, false},
	{"a text too long is told", nil, tooLong, false},

	{"the self-test says who we are", nil, selfTest, false},
	{"the end comes within a second", nil, ends, true},
	{"a silent network holds nobody", []string{Hang}, hangs, true},
	{"only the network's calls are believed", nil, hooked, false},
}

// Run asks a line for every promise of [channel.Line]. fresh makes a new world
// for each check, and cleans up with t.Cleanup.
func Run(t *testing.T, fresh func(t *testing.T) World) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			w := fresh(t)
			w.whole(t)
			limits := w.New(t).Limits()
			for _, ability := range c.needs {
				if why := w.lacking(t, ability, limits); why != "" {
					t.Skipf("%s: %s", ability, why)
				}
			}
			if w.Parallel && !c.alone {
				t.Parallel()
			}
			c.run(newBench(t, w))
		})
	}
}

// whole fails the test when the world is not complete.
func (w *World) whole(t *testing.T) {
	t.Helper()
	if w.New == nil || w.Write == nil || w.Got == nil {
		t.Fatal("a world needs New, Write and Got")
	}
	line := w.New(t)
	if _, ok := line.(channel.Hooked); ok && (w.Serve == nil || w.Call == nil) {
		t.Fatal("the world of a line that the network calls needs Serve and Call")
	}
	for ability := range w.Lacks {
		w.lacking(t, ability, line.Limits())
	}
}
