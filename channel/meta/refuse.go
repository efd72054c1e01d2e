package meta

import (
	"errors"
	"net/http"
	"slices"

	"ronde/channel"
	"ronde/internal/graph"
)

// Codes and subcodes of the Messenger Platform ("Common Error Codes").
const (
	codeSession     = 102 // the session ended: as 190
	codeUnavailable = 551
	codeSendFailed  = 1200 // temporary

	subNoUser      = 2018001
	subNoInstaUser = 2534014
	subWindow      = 2018278
	subInstaWindow = 2534022
	subUnavailable = 1545041
	subMissing     = 33 // with 100: no such object, or not for us
)

// refusal says why Graph refused, in the words that all lines share.
func refusal(err error) error {
	var e *graph.Error
	if !errors.As(err, &e) {
		return err
	}
	return &channel.Refusal{Why: why(e), After: e.After, Err: e}
}

func why(e *graph.Error) string {
	switch {
	case e.Code == graph.CodeToken, e.Code == codeSession:
		return channel.Expired
	case e.Subcode == subWindow, e.Subcode == subInstaWindow:
		return channel.Window
	case e.Code == codeUnavailable, e.Subcode == subUnavailable, e.Subcode == subNoUser, e.Subcode == subNoInstaUser:
		return channel.Gone
	case e.Code == graph.CodeParameter && e.Subcode == subMissing:
		return channel.Gone
	case slices.Contains([]int{graph.CodeUnknown, graph.CodeService, graph.CodeAppRate, graph.CodeUserRate, graph.CodePageRate, graph.CodeRate, codeSendFailed}, e.Code),
		e.Code >= 80000 && e.Code <= 80014, // limits of a business use case
		e.Transient, e.Status == http.StatusTooManyRequests, e.Status >= 500:
		return channel.Later
	case e.Code == 0 && e.Status == http.StatusUnauthorized:
		return channel.Expired
	}
	return channel.Rejected
}
