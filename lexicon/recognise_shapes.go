package lexicon

// The shapes that span several numbers.

// between returns the only sign between two neighbouring units, 0 when there
// is none, -1 when there is more than a sign.
func (j *judge) between(i int) rune {
	if i+1 >= len(j.units) {
		return -1
	}
	var sign rune
	for k := j.units[i].end; k < j.units[i+1].start; {
		c := j.buf[k]
		if c == ' ' {
			k++
			continue
		}
		if sign != 0 {
			return -1
		}
		sign = j.runeAt(k)
		k++
		for k < j.units[i+1].start && j.buf[k]&0xC0 == 0x80 {
			k++
		}
	}
	return sign
}

// pairs reads "3 for 130", "1=70", "5x200", "10g = 60": so many for so much.
func (j *judge) pairs(words []unitWord, i int) bool {
	k := i
	for step := 0; step < 3; step++ { // 10 g 60 → skip units of weight or piece
		sign := j.between(k)
		if k+1 >= len(j.units) {
			return false
		}
		next := &j.units[k+1]
		if next.kind == number {
			return k == i && (sign == '=' || sign == ':' && j.number(next).value >= 60) ||
				k > i && (sign == '=' || sign == ':' || sign == '-' || sign == '/' && words[k]&(isWeight|isPiece) != 0 || words[k]&isUntil == 0 && words[k]&isEach != 0 || sign == 0 && words[k]&(isWeight|isPiece) != 0) && j.number(next).value >= 5 ||
				words[i]&isWeight != 0 && k == i && (sign == 0 || sign == '=' || sign == '-' || sign == ':' || sign == '/')
		}
		if words[k+1]&(isWeight|isPiece|isEach) == 0 {
			return false
		}
		k++
	}
	return false
}

// slashLadder reads 10/20/50: rising numbers with the same sign between.
func (j *judge) slashLadder(i int) bool {
	const rungs = 3
	last := j.number(&j.units[i]).value
	sign := j.between(i)
	if sign != '/' && sign != '-' && sign != '|' {
		return false
	}
	for n := 1; n < rungs; n++ {
		if i+n >= len(j.units) || j.units[i+n].kind != number || j.between(i+n-1) != sign {
			return false
		}
		v := j.number(&j.units[i+n]).value
		if v <= last || v > 2000 {
			return false
		}
		last = v
	}
	return last >= 20 && last != 31
}

// hours reads 18h-2h, 18-02, "till 4", 24/7. Hours that run past midnight are
// a sign of their own.
func (j *judge) hours(l *Lexicon, words []unitWord, i int, n amount) {
	if n.value > 24 {
		return
	}
	if n.value == 24 && i+1 < len(j.units) && j.units[i+1].kind == number && j.between(i) == '/' {
		j.found(l, recHours, i, i+1)
		return
	}
	clock := words[i]&isClock != 0 || j.wordAt(words, i+1)&isClock != 0
	if j.wordAt(words, i-1)&isUntil != 0 || i > 1 && j.wordAt(words, i-2)&isUntil != 0 && j.wordAt(words, i-1)&isClock != 0 {
		j.found(l, recHours, i, i)
		if n.value <= 6 && (clock || j.wordAt(words, i-1)&isClock != 0 || n.value <= 5) {
			j.found(l, recNight, i, i)
		}
		return
	}
	k := i + 1
	if k < len(j.units) && words[k]&isClock != 0 && j.units[k].kind != number {
		k++
	}
	if k >= len(j.units) || j.units[k].kind != number {
		return
	}
	sign := j.between(k - 1)
	m := j.number(&j.units[k])
	if sign == '-' && m.value <= 24 && n.value >= 7 && n.value <= 24 && m.value != n.value && (clock || words[k]&isClock != 0 || m.value <= 6) {
		j.found(l, recHours, i, k)
		if m.value <= 6 {
			j.found(l, recNight, i, k)
		}
	}
}

// age reads 14-17, 15+, "13 ans": people who are young.
func (j *judge) age(l *Lexicon, i int, n amount) {
	if n.value < 12 || n.value > 20 || j.toks[j.units[i].tok].num != 2 {
		return
	}
	sign := j.between(i)
	if i+1 < len(j.units) && j.units[i+1].kind == number && sign == '-' {
		if m := j.number(&j.units[i+1]).value; m > n.value && m <= 25 && j.toks[j.units[i+1].tok].num == 2 {
			j.found(l, recAge, i, i+1)
		}
		return
	}
	if j.markAfter(&j.units[i]) == '+' && n.value <= 17 {
		j.found(l, recAge, i, i)
	}
}

// phone reads seven or more digits in groups.
func (j *judge) phone(l *Lexicon, i int) {
	const fewest, most = 7, 14
	if i > 0 && j.units[i-1].kind == number && j.between(i-1) != -1 {
		return // not the first group
	}
	digits, k := 0, i
	for ; k < len(j.units) && j.units[k].kind == number; k++ {
		t := j.toks[j.units[k].tok]
		if t.num != t.end-t.start {
			break
		}
		if k > i {
			if s := j.between(k - 1); s != 0 && s != '-' && s != '.' {
				break
			}
		}
		digits += int(t.num)
	}
	if digits >= fewest && digits <= most {
		j.found(l, recPhone, i, k-1)
	}
}

// area reads district numbers: 93, 94 & 91, 75/92, after a place word or in a list.
func (j *judge) area(l *Lexicon, i int, n amount) {
	t := j.toks[j.units[i].tok]
	if t.num != 2 || t.end-t.start != 2 || n.value < 1 || n.value > 98 || i+1 >= len(j.units) {
		return
	}
	if j.units[i+1].kind != number || j.toks[j.units[i+1].tok].num != 2 {
		return
	}
	if s := j.between(i); s == '/' || s == '&' || s == '+' {
		if v := j.number(&j.units[i+1]).value; v <= 98 && (v < n.value || v-n.value <= 5) {
			j.found(l, recArea, i, i+1)
		}
	}
}
