package id

import (
	"slices"
	"testing"
)

func TestSortsByTimeAndIsValid(t *testing.T) {
	var ids []string
	for at := int64(1); at < 50; at++ {
		for _, seq := range []uint16{0, 1, 255, 256, 65535} {
			ids = append(ids, New("cas", 1_790_000_000_000_000+at, seq))
		}
	}
	if !slices.IsSorted(ids) {
		t.Fatal("identifiers do not sort by time")
	}
	for _, s := range ids {
		if !Valid("cas", s) || Valid("con", s) {
			t.Fatalf("%q judged wrongly", s)
		}
	}
}

func TestValidKeepsPathsOut(t *testing.T) {
	for _, s := range []string{"", "cas_", "cas_../../../../etc/passwd0000", "cas_0000000000000000000000000U", "cas_00000000000000000000000000x"} {
		if Valid("cas", s) {
			t.Errorf("%q let in", s)
		}
	}
}

func TestSecretIsFoundAgainHoweverTyped(t *testing.T) {
	if got := FoldSecret(" AB0D efgh\tI1L1-o000"); got != "ab0defgh11110000" {
		t.Fatalf("folded to %q", got)
	}
	s := Secret(5)
	if len(s) != 24 || len(FoldSecret(s)) != 20 {
		t.Fatalf("secret %q", s)
	}
	if Secret(5) == s {
		t.Fatal("secret repeats")
	}
}

func TestTimeIsReadBack(t *testing.T) {
	const at = int64(1_795_000_000_123_456)
	if got, ok := Time(New("exh", at, 7)); !ok || got != at {
		t.Fatalf("time = %d %v", got, ok)
	}
	if _, ok := Time("nonsense"); ok {
		t.Fatal("nonsense has a time")
	}
}
