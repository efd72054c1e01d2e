package main

import "fmt"

// rows turns figures into the table. The aims are ratios of one run, because
// ratios hold across machines and absolute figures do not.
func (b *scanBench) rows(all []sizeFigures) (rows []benchRow) {
	add := func(what, aim, format string, a ...any) {
		rows = append(rows, benchRow{what, fmt.Sprintf(format, a...), aim})
	}
	add("one post", "", "%d bytes of NDJSON", b.bytes/int64(b.Posts))
	add("fixed memory: weights and languages; fold table", "", "%.1f MB; %.2f MB", b.fixed/1e6, b.fold/1e6)
	by := map[int]sizeFigures{}
	for _, f := range all {
		by[f.terms] = f
		at := grouped(float64(f.terms)) + " terms: "
		us := f.microseconds(b.Posts)
		add(at+"ronde scan, whole process", "", "%.2f s user CPU, of which loading %.2f s", f.whole, f.load)
		add(at+"each post", "", "%.2f µs, %s posts/s per CPU", us, grouped(1e6/us))
		if f.rg > 0 {
			add(at+"against `rg -c -F -f` on prepared text", map[int]string{10_000: "≤ 1.0", 100_000: "≤ 0.5"}[f.terms], "%.2f (%.2f s)", f.whole/f.rg, f.rg)
		}
		if f.jqrg > 0 {
			add(at+"against `jq -r .text \\| rg -c -F -f`", map[int]string{100_000: "≤ 0.35"}[f.terms], "%.2f (%.2f s)", f.whole/f.jqrg, f.jqrg)
		}
		add(at+"memory of the loaded lexicon", "", "%.1f MB", f.bytes/1e6)
		if f.terms >= 100_000 { // below, the measure is noise
			add(at+"memory of a term", "≤ 64", "%.0f bytes", f.bytesATerm)
		}
		add(at+"allocations per post that is not flagged", "0", "%.3f", f.allocsAPost)
	}
	for _, pair := range []struct {
		many, few int
		aim       string
	}{{100_000, 1000, "≤ 1.15"}, {1_000_000, 1000, "≤ 1.6"}} {
		many, ok := by[pair.many]
		few, ok2 := by[pair.few]
		if ok && ok2 {
			add(fmt.Sprintf("cost of a post, %s terms / %s", grouped(float64(pair.many)), grouped(float64(pair.few))), pair.aim,
				"%.2f", many.microseconds(b.Posts)/few.microseconds(b.Posts))
		}
	}
	return rows
}
