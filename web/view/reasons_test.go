package view

import (
	"fmt"
	"slices"
	"testing"
)

func TestLikeSignalsAreOneReasonAndTheHeaviestComeFirst(t *testing.T) {
	signals := []Signal{
		{Number: 1, Text: "tu", Family: "you", Sense: "you", Weight: 0.02},
		{Number: 2, Text: "mission", Family: "role", Sense: "job", Weight: 0.7, Innocent: []string{"intérim"}},
		{Number: 3, Text: "Mission", Family: "role", Sense: "job", Weight: 0.7, Innocent: []string{"jeu"}},
		{Number: 4, Text: "300 €", Family: "price", Sense: "pay", Weight: 1.6},
		{Number: 5, Text: "école", Family: "context", Sense: "school", Weight: -0.4},
	}
	r := ReasonsOf(signals)
	if got := fmt.Sprint(len(r.Main), len(r.Against), len(r.Rest)); got != "2 1 1" {
		t.Fatalf("parts %s", got)
	}
	if m := r.Main[1]; m.Times != 2 || m.Weight != 1.4 || m.Number != 2 || !slices.Equal(m.Innocent, []string{"intérim", "jeu"}) {
		t.Errorf("merged reason %+v", m)
	}
	if signals[1].Innocent[0] != "intérim" || len(signals[1].Innocent) != 1 {
		t.Error("the signals given were changed")
	}
	spans := r.Mark([]Span{{Text: "tu ", Numbers: []int{1}}, {Text: "as "}, {Text: "Mission", Numbers: []int{3, 2}}, {Text: " école", Numbers: []int{5}}})
	if len(spans) != 3 || spans[0].Text != "tu as " || len(spans[0].Numbers) != 0 {
		t.Fatalf("plain text: %+v", spans)
	}
	if spans[1].First() != 2 || spans[1].Family != "role" || spans[2].First() != 3 || spans[2].Family != "context" {
		t.Errorf("marks: %+v", spans[1:])
	}
}

func TestNoMoreReasonsAtOnceThanCanBeRead(t *testing.T) {
	var signals []Signal
	for i := range 60 {
		signals = append(signals, Signal{Number: i + 1, Text: fmt.Sprint(i), Weight: 1})
	}
	r := ReasonsOf(signals)
	if len(r.Main) != mainReasons || len(r.Rest) != 60-mainReasons {
		t.Fatalf("%d main, %d rest", len(r.Main), len(r.Rest))
	}
}
