package view

import (
	"cmp"
	"slices"
	"strings"
)

// A lexicon may meet a post in fifty places. An analyst reads few at once:
// what is the same is one reason, what weighs little stands apart.
const (
	mainReasons   = 8    // shown at once
	leastMain     = 0.25 // weight from which a reason is a main one
	leastAgainst  = 0.05 // weight below zero from which it speaks against
	numbersOnSpan = 2    // numbers beside an underlined word
)

// Reason is one or several like signals; Weight is their sum.
type Reason struct {
	Signal
	Times int
}

// Reasons are the signals of a post as they are read: what speaks most for the
// verdict, what speaks against, and the rest. Their numbers run on.
type Reasons struct {
	Main, Against, Rest []Reason
	of                  map[int]*Reason // signal's number → the reason it went into
}

// ReasonsOf puts like signals together and sorts them by weight.
func ReasonsOf(signals []Signal) Reasons {
	type key struct{ text, family, sense string }
	found := make(map[key]*Reason)
	var all []*Reason
	r := Reasons{of: make(map[int]*Reason)}
	for _, s := range signals {
		k := key{strings.ToLower(s.Text), s.Family, s.Sense}
		g := found[k]
		if g == nil {
			g = &Reason{Signal: s}
			g.Weight, found[k] = 0, g
			all = append(all, g)
		}
		g.Weight += s.Weight
		g.Times++
		for _, in := range s.Innocent {
			if !slices.Contains(g.Innocent, in) {
				g.Innocent = append(slices.Clip(g.Innocent), in)
			}
		}
		r.of[s.Number] = g
	}
	slices.SortStableFunc(all, func(a, b *Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	r.part(all)
	return r
}

// part numbers the reasons in the order in which they are read.
func (r *Reasons) part(all []*Reason) {
	var main, against, rest []*Reason
	for _, g := range all {
		switch {
		case g.Weight >= leastMain && len(main) < mainReasons:
			main = append(main, g)
		case g.Weight <= -leastAgainst:
			against = append(against, g)
		default:
			rest = append(rest, g)
		}
	}
	slices.Reverse(against)
	n := 0
	for _, part := range []struct {
		from []*Reason
		to   *[]Reason
	}{{main, &r.Main}, {against, &r.Against}, {rest, &r.Rest}} {
		for _, g := range part.from {
			n++
			g.Number = n
			*part.to = append(*part.to, *g)
		}
	}
}

// Mark returns the spans of a text with the numbers of the reasons that are
// shown at once; what carries none of them is plain text again.
func (r Reasons) Mark(spans []Span) []Span {
	last := len(r.Main) + len(r.Against)
	out := make([]Span, 0, len(spans))
	for _, s := range spans {
		m := Span{Text: s.Text}
		for _, n := range s.Numbers {
			if g := r.of[n]; g != nil && g.Number <= last && !slices.Contains(m.Numbers, g.Number) {
				m.Numbers = append(m.Numbers, g.Number)
			}
		}
		slices.Sort(m.Numbers)
		m.Numbers = m.Numbers[:min(len(m.Numbers), numbersOnSpan)]
		if len(m.Numbers) > 0 {
			m.Family = r.family(m.Numbers[0])
		} else if i := len(out) - 1; i >= 0 && len(out[i].Numbers) == 0 {
			out[i].Text += m.Text
			continue
		}
		out = append(out, m)
	}
	return out
}

func (r Reasons) family(number int) string {
	if i := number - 1; i < len(r.Main) {
		return r.Main[i].Family
	}
	return r.Against[number-1-len(r.Main)].Family
}

// Reasons are the alert's signals as they are read.
func (p AlertPage) Reasons() Reasons { return ReasonsOf(p.Signals) }

// Reasons are the signals of a pasted post as they are read.
func (p PasteResult) Reasons() Reasons { return ReasonsOf(p.Signals) }
