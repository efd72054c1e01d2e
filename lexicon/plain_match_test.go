package lexicon

import (
	"fmt"
	"slices"
	"strings"
)

// plainReader reads units and finds entries, plainly.
type plainReader struct {
	x     *plainIndex
	src   string
	buf   string
	off   []int
	toks  []plainToken
	units []plainUnit
}

type plainUnit struct {
	start, end int32
	elems      []string
	undo       undoing
}

// read cuts a text into units.
func (r *plainReader) read(src string) {
	buf, off := plainFold(src)
	r.src, r.buf, r.off, r.units = src, string(buf), off, nil
	r.toks = plainTokens(r.buf)
	for i := 0; i < len(r.toks); {
		i = r.unit(i)
	}
}

func (r *plainReader) push(start, end int32, elems []string, undo undoing) {
	r.units = append(r.units, plainUnit{start, end, elems, undo})
}

func (r *plainReader) unit(i int) int {
	t := r.toks[i]
	if t.kind == mark {
		return i + 1
	}
	if t.kind != emoji {
		if n := r.apart(i); n > i {
			return n
		}
		if n := r.split(i); n > i {
			return n
		}
		if t.handle {
			r.underscored(t)
			return i + 1
		}
	}
	r.plain(t)
	return i + 1
}

func (r *plainReader) plain(t plainToken) {
	elems := r.x.stands(t.text)
	var undo undoing
	if t.kind == number {
		elems = append(elems, "<n>")
		if int(t.num) < len(t.text) {
			elems = append(elems, r.x.stands(t.text[t.num:])...)
		}
	}
	if t.mixed {
		if more := r.x.leet(t.text); len(more) > 0 {
			elems, undo = append(elems, more...), undo|undoLeet
		}
	}
	if t.run {
		if more := r.x.stretched(t.text); len(more) > 0 {
			elems, undo = append(elems, more...), undo|undoRepeats
		}
	}
	from, to := r.off[t.start], r.off[t.end]
	if len(elems) == 0 && t.kind == word {
		if e, ok := r.x.reversed[t.text]; ok {
			elems, undo = []string{e}, undoReversed
		} else if s := r.src[from:to]; len(s) > len(t.text) && turned(s) {
			if elems = r.x.stands(string(turnInto(nil, s))); len(elems) > 0 {
				undo |= undoTurned
			}
		}
	}
	if t.tag && len(elems) == 0 {
		if parts := r.x.divide(t.text); len(parts) > 0 {
			for _, g := range parts {
				r.push(t.start+int32(g[0]), t.start+int32(g[1]), r.x.stands(t.text[g[0]:g[1]]), undoJoined)
			}
			return
		}
	}
	r.push(t.start, t.end, elems, undo)
}

// apart reads three single letters and more with the same sign between.
func (r *plainReader) apart(i int) int {
	single := func(k int) bool {
		return k < len(r.toks) && (r.toks[k].kind == word || r.toks[k].kind == number) && len(r.toks[k].text) == 1
	}
	var at []int
	for k := i; single(k); {
		if len(at) > 0 {
			gap := r.buf[r.toks[at[len(at)-1]].end:r.toks[k].start]
			if len(gap) != 1 || len(at) > 1 && gap[0] != r.buf[r.toks[i].end] {
				break
			}
		}
		at = append(at, k)
		k++
		if k < len(r.toks) && r.toks[k].kind == mark && len(r.toks[k].text) == 1 && !r.toks[k].spaced {
			k++
		}
	}
	if len(at) < 3 {
		return i
	}
	joined, last := "", at[len(at)-1]
	for _, k := range at {
		joined += r.toks[k].text
	}
	elems, undo := r.x.stands(joined), undoSpacing
	if len(elems) == 0 {
		if elems = r.x.leet(joined); len(elems) > 0 {
			undo |= undoLeet
		}
	}
	if len(elems) == 0 {
		if parts := r.x.divide(joined); len(parts) > 0 {
			for _, g := range parts {
				r.push(r.toks[at[g[0]]].start, r.toks[at[g[1]-1]].end, r.x.stands(joined[g[0]:g[1]]), undoSpacing|undoJoined)
			}
			return last + 1
		}
	}
	r.push(r.toks[i].start, r.toks[last].end, elems, undo)
	return last + 1
}

// split reads a known word with signs inside.
func (r *plainReader) split(i int) int {
	joined, withO, j := r.toks[i].text, r.toks[i].text, i
	for j+2 < len(r.toks) && r.toks[j+1].kind == emoji && !r.toks[j+1].spaced && r.toks[j+2].kind == word && !r.toks[j+2].spaced {
		j += 2
		joined, withO = joined+r.toks[j].text, withO+"o"+r.toks[j].text
	}
	if j == i {
		return i
	}
	elems := r.x.stands(joined)
	if len(elems) == 0 {
		elems = r.x.stands(withO)
	}
	if len(elems) == 0 {
		return i
	}
	r.push(r.toks[i].start, r.toks[j].end, elems, undoSplit)
	return j + 1
}

func (r *plainReader) underscored(t plainToken) {
	joined := ""
	for k := range len(t.text) {
		if k%2 == 1 && t.text[k] != '_' {
			r.push(t.start, t.end, nil, 0)
			return
		}
		if k%2 == 0 {
			joined += t.text[k : k+1]
		}
	}
	r.push(t.start, t.end, r.x.stands(joined), undoSpacing)
}

// divide covers as much of s as it can with known words, long ones first.
func (x *plainIndex) divide(s string) (parts [][2]int) {
	s = s[:min(len(s), longestRun)]
	score, end := make([]int, len(s)+1), make([]int, len(s)+1)
	for i := len(s) - 1; i >= 0; i-- {
		score[i] = score[i+1]
		for j := i + shortestWord; j <= min(len(s), i+longestSegment); j++ {
			if n := j - i; (x.elements["="+s[i:j]] || x.elements["<"+s[i:j]]) && score[j]+n*n > score[i] {
				score[i], end[i] = score[j]+n*n, j
			}
		}
	}
	for i := 0; i < len(s); {
		if end[i] == 0 {
			i++
			continue
		}
		parts = append(parts, [2]int{i, end[i]})
		i = end[i]
	}
	return parts
}

// found is an entry in units from..to.
type found struct {
	entry    int32
	from, to int
}

// hits finds all entries that the mask allows and that no longer phrase hides.
func (r *plainReader) hits(l *Lexicon, mask uint16) (lines []string) {
	seen := map[found]bool{}
	for i, u := range r.units {
		for _, e := range u.elems {
			for _, p := range r.x.patterns[e] {
				if to := r.follows(i, p.elems); to >= 0 && l.meta(p.entry).mask&mask != 0 {
					seen[found{p.entry, i, to}] = true
				}
			}
		}
	}
	for h := range seen {
		hidden := false
		for long := range seen {
			c, own := l.category(long.entry), l.category(h.entry)
			hidden = hidden || long.from <= h.from && h.to <= long.to && h.to-h.from < long.to-long.from &&
				(c == own || c == About && own != Form) && !l.unitWord(h.entry)
		}
		if hidden {
			continue
		}
		var undo undoing
		for _, u := range r.units[h.from : h.to+1] {
			undo |= u.undo
		}
		from, to := r.off[r.units[h.from].start], r.off[r.units[h.to].end]
		for to > from && strings.ContainsRune(" \n", rune(r.src[to-1])) {
			to--
		}
		lines = append(lines, fmt.Sprintf("%s %d..%d %v", l.id(h.entry), from, to, undo.names()))
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// follows matches elements against units from i on and returns the last unit.
func (r *plainReader) follows(i int, elems []string) int {
	if len(elems) == 0 {
		return i - 1
	}
	if elems[0] == ".." {
		for skip := 0; skip <= maxGap; skip++ {
			if to := r.follows(i+skip, elems[1:]); to >= 0 {
				return to
			}
		}
		return -1
	}
	if i >= len(r.units) || !slices.Contains(r.units[i].elems, elems[0]) {
		return -1
	}
	return r.follows(i+1, elems[1:])
}
