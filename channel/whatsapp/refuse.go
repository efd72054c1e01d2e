package whatsapp

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"ronde/channel"
	"ronde/internal/graph"
)

// Codes of the Cloud API ("Error codes"), beside those of Graph.
const (
	codeWABARate      = 80007
	codeThroughput    = 130429
	codeSomething     = 131000
	codeUnavailable   = 131016
	codeUndeliverable = 131026
	codeReengage      = 131047
	codeSpam          = 131048
	codeOptedOut      = 131050
	codePair          = 131056 // too many messages to one person
	codeMaintenance   = 131057
	codeServer        = 133004
	codeOldWindow     = 470

	pairWait = 6 * time.Second // "Pair rate limits": one message in six seconds
)

// refusal says why WhatsApp refused, in the words that all lines share.
func refusal(err error) error {
	var e *graph.Error
	if !errors.As(err, &e) {
		return err
	}
	out := &channel.Refusal{Why: why(e), After: e.After, Err: e}
	if e.Code == codePair && out.After == 0 {
		out.After = pairWait
	}
	return out
}

var busy = []int{graph.CodeUnknown, graph.CodeService, graph.CodeAppRate, graph.CodeUserRate, graph.CodeRate, codeWABARate, codeThroughput,
	codeSomething, codeUnavailable, codeSpam, codePair, codeMaintenance, codeServer}

func why(e *graph.Error) string {
	switch {
	case e.Code == graph.CodeToken, e.Code == 0 && e.Status == http.StatusUnauthorized:
		return channel.Expired
	case e.Code == codeReengage, e.Code == codeOldWindow:
		return channel.Window
	case e.Code == codeUndeliverable, e.Code == codeOptedOut:
		return channel.Gone
	case slices.Contains(busy, e.Code), e.Transient, e.Status == http.StatusTooManyRequests, e.Status >= 500:
		return channel.Later
	}
	return channel.Rejected
}
