package channel

import "time"

// Times of a line's health, in microseconds.
const (
	TestEvery  = int64(5 * 60 * 1_000_000)           // between two self-tests
	quietFor   = 3 * TestEvery                       // without a test that came back
	failingFor = int64(10 * 60 * 1_000_000)          // before failing to connect is an alarm
	endsWithin = int64(7 * 24 * 60 * 60 * 1_000_000) // before a credential's end
)

// LineHealth is how a line does. It says nothing of a message or a person.
type LineHealth struct {
	Name       string
	Kind       string
	Account    string // who we are there, as the network says; empty: not asked yet
	BeganAt    int64  // when a copy of the program last began to run it, microseconds UTC
	ReceivedAt int64  // when somebody last really wrote; 0: never
	AliveAt    int64  // when it was last known to listen; 0: never
	TestedAt   int64  // when a self-test was last tried; 0: never
	PassedAt   int64  // when one last came back; 0: never
	Expires    int64  // when the credential ends; 0: not said
	Failures   int64  // in a row
	FailingAt  int64  // since when; 0: it does not fail
	Why        string // of the last failure: a reason of a [Refusal], WhyNet or WhyDesk
}

// Why a line fails when the network gave no reason.
const (
	WhyNet  = "unreachable" // no answer, or the connection was lost
	WhyDesk = "desk"        // what came could not be kept here
)

// The alarms of a line.
const (
	AlarmExpired = "expired"     // our credential is no longer good
	AlarmRefused = "refused"     // the network will not have us
	AlarmDesk    = "desk"        // what comes cannot be kept
	AlarmNet     = "unreachable" // it has not connected for a while
	AlarmTest    = "test"        // self-tests do not come back
	AlarmStopped = "stopped"     // no copy of the program runs it
	AlarmEnds    = "ends"        // the credential ends within a week
)

// Alarm is the worst that is wrong with the line, or "": people who write there
// may go unheard.
func (h LineHealth) Alarm(now int64) string {
	switch {
	case h.Why == Expired || h.Expires != 0 && h.Expires <= now:
		return AlarmExpired
	case h.Why == Rejected || h.Why == Gone:
		return AlarmRefused
	case h.Why == WhyDesk:
		return AlarmDesk
	case max(h.TestedAt, h.BeganAt) < now-quietFor:
		return AlarmStopped
	case h.FailingAt != 0 && h.FailingAt < now-failingFor:
		return AlarmNet
	case max(h.PassedAt, h.BeganAt) < now-quietFor:
		return AlarmTest
	case h.Expires != 0 && h.Expires < now+endsWithin:
		return AlarmEnds
	}
	return ""
}

// Back-off of a line, from the first failure to the longest wait.
const (
	backFirst = time.Second
	backMost  = 5 * time.Minute
	backReset = time.Minute // a connection that lived so long was a good one
)

// backoff is how long to wait after so many failures in a row: doubled each
// time, at least what the network asked for, and up to half of it more so that
// many lines do not come back in step. chance is between 0 and 1.
func backoff(first time.Duration, failures int, asked time.Duration, chance float64) time.Duration {
	wait := first << min(max(failures-1, 0), 20)
	wait = max(min(wait, backMost), asked)
	return wait + time.Duration(chance*float64(wait)/2)
}
