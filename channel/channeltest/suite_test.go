package channeltest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"ronde/channel/channeltest"
)

func TestLine(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.World { return world(t, "", false) })
}

func TestCalledLine(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) channeltest.World { return world(t, "", true) })
}

// faults name what a bad line does, and the check that must find it.
var faults = []struct {
	name, check string
	hooked      bool
}{
	{"says not that it is connected", "arrivals come whole and in order", false},
	{"turns the order", "what is written while we are away arrives", false},
	{"mixes people", "a conversation is whom an answer reaches", false},
	{"loses replies", "a message says which it answers", false},
	{"begins anew", "what is written while we are away arrives", false},
	{"passes a failed take", "nothing is lost or doubled wherever we die", false},
	{"hides a failed take", "a take that fails is handed back", false},
	{"begins anew", "a mark that is too old is told", false},
	{"makes up ids", "deliveries repeat", false},
	{"believes anything", "malformed data is passed over", false},
	{"takes edits for messages", "edits are followed", false},
	{"loses deletions", "deletions are followed", false},
	{"marks no machine", "what a machine wrote is marked", false},
	{"drops files", "files arrive", false},
	{"fetches without end", "a file beyond the bound is refused", false},
	{"lets bad bytes in", "hostile texts arrive tamed", false},
	{"cuts unsaid", "hostile texts arrive tamed", false},
	{"has no receipt", "an answer has a receipt", false},
	{"sends twice", "the same key is one message", false},
	{"sends twice", "the same key after a restart is one message", false},
	{"labels nothing", "an automatic answer is marked", false},
	{"sends when it may not", "a busy network says when", false},
	{"tells a secret", "an expired credential is told", false},
	{"sends to nobody", "who left is told", false},
	{"splits long texts", "a text too long is told", false},
	{"ends late", "the end comes within a second", false},
	{"ends late", "a silent network holds nobody", false},
	{"leaves a goroutine", "the end comes within a second", false},
	{"believes strangers", "only the network's calls are believed", true},
	{"answers before take", "only the network's calls are believed", true},
	{"answers before take", "nothing is lost or doubled wherever we die", true},
}

const faultName = "CHANNELTEST_FAULT"

// TestFaulty runs only as a child of the test below.
func TestFaulty(t *testing.T) {
	fault, hooked := os.Getenv(faultName), os.Getenv(faultName+"_HOOKED") != ""
	if fault == "" {
		t.Skip("a part of TestFaultsAreFound")
	}
	channeltest.Run(t, func(t *testing.T) channeltest.World { return world(t, fault, hooked) })
}

// TestFaultsAreFound shows that the suite is not content with everything: each
// bad line fails the check that its fault is about.
func TestFaultsAreFound(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name+" in "+f.check, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run", "^TestFaulty$/^"+strings.ReplaceAll(f.check, " ", "_")+"$", "-test.v")
			cmd.Env = append(os.Environ(), faultName+"="+f.name)
			if f.hooked {
				cmd.Env = append(cmd.Env, faultName+"_HOOKED=1")
			}
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestFaulty/") {
				t.Errorf("the suite did not find it (%v):\n%s", err, out)
			}
		})
	}
}
