package discord

import "ronde/channel"

// Event reads one event of the gateway, for the fuzzer.
func Event(kind string, b []byte) []channel.Arrival {
	l := &Line{channels: map[string]bool{"9": true}, threads: map[string]string{}}
	return l.event(frame{Type: kind, Data: b}, &mark{Seen: map[string]string{}})
}
