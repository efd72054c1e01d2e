package view

// CandidatesPage lists words that could be new codes, at /lexicon/candidates.
type CandidatesPage struct {
	Work
	Rows   []CandidateRow
	Least  int // confirmed posts that a word must stand in
	Beside int // words between it and a known code, at most
}

// Template names the page.
func (CandidatesPage) Template() string { return "work/candidates" }

// CandidateRow is one word with what it rests on.
type CandidateRow struct {
	Text     string
	Tongue   string
	Category string
	Offers   int // of OfOffers confirmed posts
	OfOffers int
	Others   int // of OfOthers other posts
	OfOthers int
	Beside   []string // families, translated
	Propose  string   // address of the form, filled in
}
