package lexicon

import (
	"fmt"
	"testing"
)

// A place of a table keeps 40 bits of a hash: words that begin alike must
// differ in those.
func TestWordsThatBeginAlikeAreToldApart(t *testing.T) {
	tags := map[uint64]string{}
	for i := range 50_000 {
		for _, w := range []string{fmt.Sprintf("proce%d", i), fmt.Sprintf("%dment", i), fmt.Sprintf("bezpiecze%dnstwo", i)} {
			tag := mix(wordHash(w)) & tagMask
			if other := tags[tag]; other != "" {
				t.Fatalf("%q and %q have the same tag", w, other)
			}
			tags[tag] = w
		}
	}
}

// A table gives each hash its numbers in the order of putting, and nothing for
// others.
func TestTable(t *testing.T) {
	for _, n := range []int{0, 1, 2, 100, 10_000} {
		var tab table
		for i := range n {
			tab.put(wordHash(fmt.Sprint(i)), uint32(i+1))
			if i%3 == 0 {
				tab.put(wordHash(fmt.Sprint(i)), maxNumber)
			}
		}
		tab.seal()
		for i := range 2 * n {
			got := tab.find(wordHash(fmt.Sprint(i)), nil)
			want := 0
			if i < n {
				want = 1
				if i%3 == 0 {
					want = 2
				}
			}
			if len(got) != want || want > 0 && got[0] != uint32(i+1) || want == 2 && got[1] != maxNumber || want > 0 != (tab.get(wordHash(fmt.Sprint(i))) == uint32(i+1)) {
				t.Fatalf("%d of %d: %v", i, n, got)
			}
		}
	}
}
