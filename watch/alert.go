package watch

import (
	"cmp"
	"slices"
	"strings"

	"ronde/channel"
	"ronde/lexicon"
)

// State is where an alert stands.
type State string

// The states of an alert.
const (
	Open     State = "open"     // nobody let it out or put it away
	Leaving  State = "leaving"  // an analyst asked that it leave the watch
	Left     State = "left"     // a second person agreed
	Taken    State = "taken"    // a case took it in
	Harmless State = "harmless" // its text is gone; the row stays until it expires, so that the same text is not raised again
)

// Verdict is what a human says of a post.
type Verdict string

// The verdicts.
const (
	VerdictNone        Verdict = ""
	VerdictOffer       Verdict = "offer"
	VerdictRecruitment Verdict = "recruitment"
	VerdictUnclear     Verdict = "unclear"
	VerdictHarmless    Verdict = "harmless"
)

// Verdicts lists what a human can say.
var Verdicts = []Verdict{VerdictOffer, VerdictRecruitment, VerdictUnclear, VerdictHarmless}

// Confirmed reports whether a human found it to be what it seemed.
func (v Verdict) Confirmed() bool { return v == VerdictOffer || v == VerdictRecruitment }

// Destinations are where an alert can go.
var Destinations = []string{"case", "notice", "prevention", "partner"}

// Terms, in microseconds.
const (
	day          = int64(24 * 60 * 60 * 1_000_000)
	AlertFor     = 14 * day // an alert that nobody decided
	ConfirmedFor = 90 * day // a confirmed one that nobody took
	GlassFor     = day      // until a broken glass is to be reviewed
)

// severity orders categories; the greater the sooner a human looks. It is
// about the kind of harm, and the same for everybody.
var severity = map[string]int64{
	"violence-for-hire": 7, "exploitation-coded": 6, "crime-recruitment": 5, "drugs-offer": 4,
	"police-impersonation": 3, "fraud-offer": 2, "cybercrime-service": 1,
}

// blurred are the categories that are shown blurred and grey until asked for.
var blurred = []string{"violence-for-hire", "exploitation-coded"}

// Signal is one piece of evidence with everything that is known of it.
type Signal struct {
	lexicon.Signal
	Language    string
	Region      string
	Source      string
	SourceURL   string
	SourceDate  string
	Reliability string
	Confidence  string
	Innocent    []lexicon.InnocentReading
}

// content is the sealed part of an alert.
type content struct {
	Post       channel.Post
	Categories []lexicon.CategoryScore
	Signals    []Signal
	Undone     []string // disguises undone
	Danger     []string // the post's own words of danger
	Cut        bool     // a limit cut the post short
}

// Alert is one row of the queue.
type Alert struct {
	ID         string
	Mandate    string
	Unit       string
	Source     string
	Category   string
	Categories []string
	Language   string
	Lexicon    string // hash of the lexicon that flagged it
	Danger     bool
	Minor      bool
	Blur       bool
	State      State
	Verdict    Verdict
	PostedAt   int64
	RaisedAt   int64
	LastAt     int64 // when the text was last seen
	ExpiresAt  int64
	Copies     int64 // times the text was reposted after the first
	To         string
	Grade      string // see [ReadGrade]; empty until an analyst sets one
	Asker      string // service handles
	Confirmer  string
	Decider    string
	Glass      bool  // left by one person alone, in danger
	ReviewBy   int64 // until when another reviews that; 0: nothing to review
	ReviewedAt int64
	Excerpt    string   // beginning of the text; empty where blurred or erased
	Families   []string // the kinds of evidence that spoke most for it, strongest first; as Excerpt

	severity int64
	textHash []byte
	askerKey []byte
	sealed   []byte
	reasons  []byte
}

// Reasons are what people wrote about an alert; sealed with it.
type Reasons struct {
	Verdict string
	Leave   string
	Minor   string
	Review  string
}

// View is an alert as it is opened.
type View struct {
	Alert
	Post    channel.Post
	Scores  []lexicon.CategoryScore
	Signals []Signal
	Undone  []string
	Words   []string // the post's own words of danger
	Cut     bool
	Reasons Reasons
	Erased  bool
	Seen    string // stands for what is read here; the second person sends it back
}

// raise makes the alert of a flagged post; categories are those of the mandate.
func raise(p channel.Post, categories []lexicon.CategoryScore, words []string) *Alert {
	a := &Alert{Category: categories[0].Name, Language: language(p.Lang), Danger: len(words) > 0, State: Open, PostedAt: p.At, Source: p.Source}
	for _, c := range categories {
		a.Categories = append(a.Categories, c.Name)
		a.severity = max(a.severity, severity[c.Name])
		a.Blur = a.Blur || slices.Contains(blurred, c.Name)
	}
	return a
}

// language is one that the lexicon knows, or empty: what a source writes into
// that field stays sealed with the post.
func language(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	if slices.Contains(lexicon.Languages(), base) {
		return base
	}
	return ""
}

// spoken is the language of most words that were found, for a post that does
// not say its own; empty where two draw.
func spoken(signals []lexicon.Signal) (most string) {
	votes := map[string]int{}
	for _, s := range signals {
		if code, _, ok := strings.Cut(s.Entry, "/"); ok && language(code) == code {
			votes[code]++
		}
	}
	for code, n := range votes {
		if n > votes[most] {
			most = code
		}
	}
	for code, n := range votes {
		if code != most && n == votes[most] {
			return ""
		}
	}
	return most
}

// explain adds to each signal what the lexicon knows of its entry now: the
// lexicon may change before a human reads it.
func explain(lex *lexicon.Lexicon, signals []lexicon.Signal) []Signal {
	out := make([]Signal, len(signals))
	for i, s := range signals {
		out[i] = Signal{Signal: s}
		if e, ok := lex.Entry(s.Entry); ok {
			out[i].Language, out[i].Region, out[i].Source, out[i].SourceURL, out[i].SourceDate = e.Language, e.Region, e.Source, e.SourceURL, e.SourceDate
			out[i].Reliability, out[i].Confidence, out[i].Innocent = e.Reliability, e.Confidence, e.Innocent
		}
	}
	return out
}

// families are the kinds of evidence that spoke most for a flag.
func families(signals []Signal) (out []string) {
	const shown = 3
	sums := map[string]float64{}
	for _, s := range signals {
		if counted(s) {
			sums[s.Family] += s.Weight
		}
	}
	for family, sum := range sums {
		if sum > 0 {
			out = append(out, family)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), strings.Compare(a, b)) })
	return out[:min(len(out), shown)]
}

// excerpt is the beginning of a text, cut between letters.
func excerpt(text string) string {
	const letters = 160
	n := 0
	for i := range text {
		if n++; n > letters {
			return text[:i] + "…"
		}
	}
	return text
}
