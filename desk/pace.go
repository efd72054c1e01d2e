package desk

import (
	"strconv"
	"strings"
)

// fillPace reads one counter of answer times: "intime.mail", "late.mail",
// "byspan.mail.4h".
func fillPace(pace func(string) *Pace, name string, n int64) {
	table, rest, ok := strings.Cut(name, ".")
	switch {
	case !ok:
	case table == "intime":
		pace(rest).InTime += n
	case table == "late":
		pace(rest).Late += n
	case table == "byspan":
		if at := strings.LastIndexByte(rest, '.'); at > 0 {
			pace(rest[:at]).Spans[rest[at+1:]] += int(n)
		}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
