package whatsapp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"strings"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/graph"
)

// fileID is the medium's number and the hash that the message named.
func fileID(m *media) string { return m.ID + "#" + m.Hash }

// Fetch asks for the present address of a file, which lives five minutes, and
// writes the file to w. It fails after the last byte when they are not those
// that the message named.
func (l *Line) Fetch(ctx context.Context, f channel.File, w io.Writer) error {
	id, hash, ok := strings.Cut(f.ID, "#")
	if !ok || !idForm.MatchString(id) {
		return &channel.Refusal{Why: channel.Gone}
	}
	var at struct {
		URL  string `json:"url"`
		Size int64  `json:"file_size"`
	}
	if err := l.api.Get(ctx, id, url.Values{"phone_number_id": {l.id}}, &at); err != nil {
		return gone(err)
	}
	if at.Size > channel.MaxFile {
		return errs.New(errs.Limit, "err.rest.file_large", "fetch file: larger than allowed")
	}
	sum := sha256.New()
	if err := l.api.Fetch(ctx, at.URL, io.MultiWriter(w, sum), channel.MaxFile, true); err != nil {
		return gone(err)
	}
	if !same(hash, sum.Sum(nil)) {
		return &channel.Refusal{Why: channel.Rejected, Err: errors.New("fetch file: other bytes than the message named")}
	}
	return nil
}

// same compares with a hash as WhatsApp writes it: in base64, or in hex. A
// message that named none is believed.
func same(named string, sum []byte) bool {
	if named == "" {
		return true
	}
	want, err := hex.DecodeString(named)
	if err != nil || len(want) != len(sum) {
		want, err = base64.StdEncoding.DecodeString(named)
	}
	return err == nil && subtle.ConstantTimeCompare(want, sum) == 1
}

// gone tells that a medium is no longer kept.
func gone(err error) error {
	var e *graph.Error
	if errors.As(err, &e) && (e.Code == graph.CodeParameter || e.Code == 0 && e.Status == 404) {
		return &channel.Refusal{Why: channel.Gone, Err: e}
	}
	return refusal(err)
}
