package web

import (
	"net/http"

	"ronde/channel"
)

// hookPath is where networks call us. Each line proves its calls by a signature
// or a secret of its own before it believes a byte.
const hookPath = "/hooks/"

// hookRates are how often one address of a network may call: a network has few
// and brings everybody's messages by them.
var hookRates = Rates{Read: 50, ReadBurst: 500, Send: 6000, SendBurst: 2000}

// hooked bounds what a network may send at once.
func hooked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, channel.MaxHook+1)
		next.ServeHTTP(w, r)
	})
}
