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
}

var checks = []check{
	{"arrivals come whole and in order", nil, order},
	{"a conversation is whom an answer reaches", nil, threads},
	{"a message says which it answers", []string{Thread}, replies},
	{"what is written while we are away arrives", []string{Cursor}, away},
	{"nothing is lost or doubled wherever we die", []string{Cursor}, deaths},
	{"a take that fails is handed back", []string{Cursor}, handedBack},
	{"a cut connection loses nothing", []string{Drop, Cursor}, dropped},
	{"a mark that cannot be read harms nothing", nil, badMark},
	{"a mark that is too old is told", []string{Forget, Cursor}, forgotten},
	{"deliveries repeat", []string{Again}, again},
	{"deliveries overtake each other", []string{Shuffle}, shuffled},
	{"malformed data is passed over", []string{Garbage}, garbage},
	{"edits are followed", []string{Edit}, edits},
	{"deletions are followed", []string{Delete}, deletes},
	{"reading is told", []string{Read}, readings},
	{"what a machine wrote is marked", []string{Machine}, machine},
	{"files arrive", []string{Attach}, filesIn},
	{"a file beyond the bound is refused", []string{Attach, Big}, filesBig},
	{"hostile texts arrive tamed", nil, hostile},

	{"an answer has a receipt", nil, receipt},
	{"the same key is one message", []string{Once}, once},
	{"the same key after a restart is one message", []string{Once}, onceLater},
	{"two keys are two messages", nil, twice},
	{"files are sent", nil, filesOut},
	{"an automatic answer is marked", []string{Label}, label},
	{"a busy network says when", []string{Busy}, busy},
	{"an expired credential is told", []string{Expire}, expired},
	{"a new credential is taken up", []string{Expire, Renew}, renewed},
	{"who left is told", []string{Leave}, left},
	{"a closed window is told", []string{Late}, late},
	{"a text too long is told", nil, tooLong},

	{"the self-test says who we are", nil, selfTest},
	{"the end comes within a second", nil, ends},
	{"a silent network holds nobody", []string{Hang}, hangs},
	{"only the network's calls are believed", nil, hooked},
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
