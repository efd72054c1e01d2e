package graph

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"ronde/internal/errs"
	"ronde/internal/rest"
)

const (
	// Version is the version of the API that this was written for. Each lives
	// at least two years.
	Version = "v25.0"
	// Server is where the API stands.
	Server = "https://graph.facebook.com"
)

// Codes that every product shares (Graph API, "Handling errors").
const (
	CodeUnknown   = 1
	CodeService   = 2
	CodeAppRate   = 4
	CodeDenied    = 10
	CodeUserRate  = 17
	CodePageRate  = 32
	CodeParameter = 100
	CodeToken     = 190
	CodePolicy    = 368
	CodeRate      = 613
)

// Error is what Graph said instead of doing it. Its own message is not kept:
// it may quote a number or a text.
type Error struct {
	Status    int
	Code      int
	Subcode   int
	Transient bool
	After     time.Duration // to wait, where the headers say so
}

func (e *Error) Error() string {
	return fmt.Sprintf("graph answers %d, code %d, subcode %d", e.Status, e.Code, e.Subcode)
}

// API is one token's way to Graph.
type API struct {
	HTTP    *http.Client
	Base    string // Server, or where a test stands
	Version string
	Token   *rest.Secret
	App     *rest.Secret // the app's secret
	Now     func() int64 // microseconds UTC
}

// Get asks for path with a query and reads the answer into v.
func (a API) Get(ctx context.Context, path string, query url.Values, v any) error {
	return a.call(ctx, path, query, func(ctx context.Context, address string) (*http.Request, error) {
		return rest.JSON(ctx, http.MethodGet, address, nil)
	}, v)
}

// Post sends body as JSON to path and reads the answer into v.
func (a API) Post(ctx context.Context, path string, body, v any) error {
	return a.call(ctx, path, nil, func(ctx context.Context, address string) (*http.Request, error) {
		return rest.JSON(ctx, http.MethodPost, address, body)
	}, v)
}

// Upload sends fields and one file to path and reads the answer into v.
func (a API) Upload(ctx context.Context, path string, fields map[string]string, p rest.Part, v any) error {
	return a.call(ctx, path, nil, func(ctx context.Context, address string) (*http.Request, error) {
		return rest.Form(ctx, address, fields, p)
	}, v)
}

// Fetch writes the file at address, which Graph gave, to w. The token goes
// along only to a host of Meta's, over https, or to the one in Base.
func (a API) Fetch(ctx context.Context, address string, w io.Writer, limit int64, token bool) error {
	base, _ := url.Parse(a.Base)
	u, ok := rest.Web(address, base != nil && base.Scheme == "http")
	if !ok {
		return errs.New(errs.Invalid, "err.rest.address", "fetch file: not a web address")
	}
	req, err := rest.JSON(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "*/*")
	if token {
		if !theirs(u, base) {
			return errs.New(errs.Denied, "err.rest.address", "fetch file: the token is for Meta's hosts only")
		}
		req.Header.Set("Authorization", "Bearer "+a.Token.Value())
	}
	ans, err := rest.Copy(a.HTTP, req, w, limit)
	if err != nil {
		return err
	}
	return a.failed(ans)
}

// hosts of Meta's that may see a token (WhatsApp's media addresses).
var hosts = []string{"facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net"}

func theirs(u, base *url.URL) bool {
	if base != nil && u.Host == base.Host && u.Scheme == base.Scheme {
		return true
	}
	name := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && (u.Port() == "" || u.Port() == "443") &&
		slices.ContainsFunc(hosts, func(h string) bool { return name == h || strings.HasSuffix(name, "."+h) })
}

// call makes one call, and a second one when the token was called expired and
// another lies in its file.
func (a API) call(ctx context.Context, path string, query url.Values, make func(context.Context, string) (*http.Request, error), v any) error {
	for {
		token := a.Token.Value()
		req, err := make(ctx, a.address(path, query, token))
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		ans, err := rest.Do(a.HTTP, req)
		if err != nil {
			return err
		}
		err = a.failed(ans)
		if e, ok := err.(*Error); ok && e.Code == CodeToken && a.Token.Renew(token) {
			continue
		}
		if err != nil {
			return err
		}
		return ans.Into(v)
	}
}

// address has the proof that the caller also holds the app's secret
// (appsecret_proof: HMAC-SHA256 of the token under it).
func (a API) address(path string, query url.Values, token string) string {
	q := url.Values{}
	for k, v := range query {
		q[k] = v
	}
	m := hmac.New(sha256.New, []byte(a.App.Value()))
	m.Write([]byte(token))
	q.Set("appsecret_proof", hex.EncodeToString(m.Sum(nil)))
	return strings.TrimSuffix(a.Base, "/") + "/" + a.Version + "/" + strings.TrimPrefix(path, "/") + "?" + q.Encode()
}

func (a API) failed(ans rest.Answer) error {
	var e struct {
		Error *struct {
			Code      int  `json:"code"`
			Subcode   int  `json:"error_subcode"`
			Transient bool `json:"is_transient"`
		} `json:"error"`
	}
	err := json.Unmarshal(ans.Body, &e)
	if ans.OK() && (err != nil || e.Error == nil) {
		return nil
	}
	out := &Error{Status: ans.Status, After: a.after(ans.Header)}
	if err == nil && e.Error != nil {
		out.Code, out.Subcode, out.Transient = e.Error.Code, e.Error.Subcode, e.Error.Transient
	}
	return out
}

// after is the longest wait that the headers name: Retry-After, or the minutes
// until access comes back in X-Business-Use-Case-Usage.
func (a API) after(h http.Header) time.Duration {
	wait := rest.After(h, a.Now())
	var use map[string][]struct {
		Minutes float64 `json:"estimated_time_to_regain_access"`
	}
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &use) == nil {
		for _, all := range use {
			for _, u := range all {
				wait = max(wait, rest.Wait(time.Duration(min(u.Minutes, rest.MaxAfter.Minutes())*float64(time.Minute))))
			}
		}
	}
	return wait
}

// Expires asks Graph when the token ends: microseconds UTC, 0 when it never
// does. app is the app's id; with it and its secret Graph answers.
func (a API) Expires(ctx context.Context, app string) (int64, error) {
	token := a.Token.Value()
	q := url.Values{"input_token": {token}}
	req, err := rest.JSON(ctx, http.MethodGet, strings.TrimSuffix(a.Base, "/")+"/"+a.Version+"/debug_token?"+q.Encode(), nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+app+"|"+a.App.Value())
	ans, err := rest.Do(a.HTTP, req)
	if err != nil {
		return 0, err
	}
	if err := a.failed(ans); err != nil {
		return 0, err
	}
	var out struct {
		Data struct {
			Valid   bool  `json:"is_valid"`
			Expires int64 `json:"expires_at"`
			Data    int64 `json:"data_access_expires_at"`
		} `json:"data"`
	}
	if err := ans.Into(&out); err != nil {
		return 0, err
	}
	if !out.Data.Valid {
		return 0, &Error{Status: ans.Status, Code: CodeToken}
	}
	return first(out.Data.Expires, out.Data.Data) * 1_000_000, nil
}

// first is the earlier of two ends in seconds, of which 0 is never.
func first(a, b int64) int64 {
	if a <= 0 || b > 0 && b < a {
		return max(b, 0)
	}
	return a
}
