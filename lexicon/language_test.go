package lexicon

import "testing"

// Nine of ten posts that do not say their language are read in the right one;
// Danish and Norwegian read each other and count as one.
func TestLanguageIsGuessed(t *testing.T) {
	l := shippedForTest(t)
	_, files := postsForTest(t)
	same := map[string]string{"no": "da"}
	right, all := 0, 0
	for _, posts := range files {
		for i, p := range posts {
			if i%10 != 0 {
				continue
			}
			j := l.pool.Get().(*judge)
			j.weigh(l, p.Text, "")
			all++
			if j.lang >= 0 {
				guess, want := languages[j.lang], p.Lang
				if s := same[guess]; s != "" {
					guess = s
				}
				if s := same[want]; s != "" {
					want = s
				}
				if guess == want {
					right++
				}
			}
			l.pool.Put(j)
		}
	}
	if right*10 < all*9 {
		t.Errorf("%d of %d", right, all)
	}
}
