//go:build story

package main

import (
	"os"
	"strconv"
	"strings"
	"time"

	"ronde/app"
)

// storyClock adds the offset, in seconds, that stands in the file RONDE_CLOCK
// names. Only programs built for the stories have it.
func storyClock(c app.Config) app.Config {
	path := os.Getenv("RONDE_CLOCK")
	if path == "" {
		return c
	}
	c.Clock = func() int64 {
		text, _ := os.ReadFile(path)
		offset, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		return time.Now().UnixMicro() + offset*int64(time.Second/time.Microsecond)
	}
	return c
}
