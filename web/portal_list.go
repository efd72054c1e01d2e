package web

import (
	"bytes"
	"net/http"

	"ronde/internal/errs"
)

// signedList is GET /.well-known/ronde-accounts: the list of our accounts as a
// signed note, which others may mirror.
func (p *Portal) signedList(w http.ResponseWriter, r *http.Request) error {
	signed, _, err := p.Patrol.SignedList(r.Context())
	if err != nil {
		return err
	}
	return sendOpen(w, "text/plain; charset=utf-8", signed)
}

// listJSON is GET /.well-known/ronde-accounts.json: the same without its
// signature, for who asks us and nobody else.
func (p *Portal) listJSON(w http.ResponseWriter, r *http.Request) error {
	signed, _, err := p.Patrol.SignedList(r.Context())
	if err != nil {
		return err
	}
	text, _, _ := bytes.Cut(signed, []byte("\n\n"))
	return sendOpen(w, "application/json", append(bytes.Clone(text), '\n'))
}

// listKey is GET /.well-known/ronde-accounts.key.
func (p *Portal) listKey(w http.ResponseWriter, r *http.Request) error {
	_, key, err := p.Patrol.SignedList(r.Context())
	if err != nil {
		return err
	}
	return sendOpen(w, "text/plain; charset=utf-8", []byte(key+"\n"))
}

// sendOpen sends what every site may read.
func sendOpen(w http.ResponseWriter, kind string, body []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, err := w.Write(body)
	return errs.Wrap(err, "send list")
}
