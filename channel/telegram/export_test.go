package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"ronde/channel"
	"ronde/internal/rest"
)

// Arrivals reads one update, for the fuzzer.
func Arrivals(b []byte) []channel.Arrival {
	var all []channel.Arrival
	token, err := rest.NewSecret(func() (string, error) { return "1:a", nil })
	if err != nil {
		return nil
	}
	l := &Line{api: api{http: &http.Client{Transport: nowhere{}}, base: "http://telegram.example", token: token}, now: func() int64 { return 0 }, groups: map[int64]bool{}, moved: map[int64]int64{}, took: map[int64]int64{}}
	_, err = l.pass(context.Background(), mark{}, []json.RawMessage{b}, func(_ context.Context, batch []channel.Arrival, _ channel.Mark) error {
		all = batch
		return nil
	})
	if err != nil {
		return nil
	}
	return all
}

// nowhere is a network that is not there.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("there is no network")
}
