package feed

import "net/http"

// Client is the reader's own: guarded against addresses inside our network, no
// proxy, no cookies, few redirects. It fetches proofs that accounts are ours.
func (r *Reader) Client() *http.Client { return r.client }
