package bluesky

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"ronde/channel"
	"ronde/internal/rest"
)

// Fetch asks the author's own server for a file and writes it to w. That
// server is a stranger's: no credential goes along, and the guarded client
// dials. It fails after the last byte when they are not those that the
// identifier names.
func (l *Line) Fetch(ctx context.Context, f channel.File, w io.Writer) error {
	did, cid, ok := strings.Cut(f.ID, "/")
	if !ok || !didForm.MatchString(did) || !cidForm.MatchString(cid) {
		return &channel.Refusal{Why: channel.Gone}
	}
	host, err := l.home(ctx, did)
	if err != nil {
		return err
	}
	sum := sha256.New()
	q := values("did", did, "cid", cid)
	ans, err := rest.Download(ctx, l.client, host+"/xrpc/com.atproto.sync.getBlob?"+q.Encode(), l.insecure, io.MultiWriter(w, sum), channel.MaxFile)
	if err != nil {
		return err
	}
	if !ans.OK() {
		return l.away(ans)
	}
	if contentID(sum.Sum(nil)) != cid {
		return &channel.Refusal{Why: channel.Rejected, Err: errors.New("fetch file: other bytes than its identifier names")}
	}
	return nil
}

// away says why a stranger's server did not answer well.
func (l *Line) away(ans rest.Answer) error {
	if ans.Status >= 400 && ans.Status < 500 && ans.Status != http.StatusTooManyRequests {
		return &channel.Refusal{Why: channel.Gone}
	}
	return l.refusal(ans)
}

// contentID is the CID of a file's bytes: version 1, raw, SHA-256, in base32.
func contentID(sum []byte) string {
	b := append([]byte{0x01, 0x55, 0x12, 0x20}, sum...)
	return "b" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

// home is the server where an account lives, by its identifier's document.
func (l *Line) home(ctx context.Context, did string) (string, error) {
	address := l.plc + "/" + did
	if name, ok := strings.CutPrefix(did, "did:web:"); ok {
		name, err := url.PathUnescape(name)
		if err != nil {
			return "", &channel.Refusal{Why: channel.Gone}
		}
		address = "https://" + name + "/.well-known/did.json"
	}
	if _, ok := rest.Web(address, l.insecure); !ok {
		return "", &channel.Refusal{Why: channel.Gone}
	}
	req, err := rest.JSON(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	ans, err := rest.Do(l.client, req)
	if err != nil {
		return "", err
	}
	if !ans.OK() {
		return "", l.away(ans)
	}
	var d doc
	if err := ans.Into(&d); err != nil {
		return "", err
	}
	host := d.pds(l.insecure)
	if host == "" {
		return "", &channel.Refusal{Why: channel.Gone}
	}
	return host, nil
}
