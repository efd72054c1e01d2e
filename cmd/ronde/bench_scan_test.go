package main

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"testing/fstest"

	"ronde/lexicon"
	"ronde/lexicon/lexbench"
)

// made is a lexicon of n made terms and made posts, in memory.
func made(tb testing.TB, terms, posts int) (*lexicon.Lexicon, []byte) {
	tb.Helper()
	all := lexbench.Terms(7, terms)
	dir := fstest.MapFS{}
	for name, text := range lexbench.Lexicon(all) {
		dir[name] = &fstest.MapFile{Data: text}
	}
	l, err := lexicon.Load(dir)
	if err != nil {
		tb.Fatal(err)
	}
	var raw bytes.Buffer
	if err := lexbench.Posts(7, posts, all, &raw, nil); err != nil {
		tb.Fatal(err)
	}
	return l, raw.Bytes()
}

// BenchmarkScan is the way of a post from its line to its verdict.
func BenchmarkScan(b *testing.B) {
	const posts = 20_000
	for _, terms := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(terms), func(b *testing.B) {
			l, raw := made(b, terms, posts)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Scan(bytes.NewReader(raw), io.Discard, io.Discard, lexicon.ScanOptions{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/posts, "ns/post")
		})
	}
}
