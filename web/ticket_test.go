package web

import (
	"testing"
	"time"
)

func TestTicketsFitOnePurposeOneHouseAndATime(t *testing.T) {
	now := int64(1_000_000)
	house := newTickets([]byte("s"), func() int64 { return now })
	ticket := house.issue("talk", "code", time.Minute)
	if v, ok := house.read("talk", ticket); !ok || v != "code" {
		t.Fatalf("read %q %v", v, ok)
	}
	forged := []byte(ticket)
	forged[len(forged)/2] ^= 1
	for name, try := range map[string]func() bool{
		"other purpose": func() bool { _, ok := house.read("form", ticket); return ok },
		"other house": func() bool {
			_, ok := newTickets([]byte("x"), func() int64 { return now }).read("talk", ticket)
			return ok
		},
		"forged": func() bool { _, ok := house.read("talk", string(forged)); return ok },
		"empty":  func() bool { _, ok := house.read("talk", ""); return ok },
	} {
		if try() {
			t.Errorf("%s: let in", name)
		}
	}
	now += time.Minute.Microseconds()
	if _, ok := house.read("talk", ticket); ok {
		t.Error("an old ticket was let in")
	}
}
