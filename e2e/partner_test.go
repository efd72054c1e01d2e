package e2e

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// deliver sends posts as a partner's program would, with the key of a source.
func deliver(address, secret, ndjson string) (status int, body string, err error) {
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(ndjson))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/x-ndjson")
	r.Header.Set("Authorization", "Bearer "+secret)
	client := &http.Client{Timeout: time.Minute}
	resp, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	return resp.StatusCode, string(raw), err
}
