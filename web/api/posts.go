package api

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"ronde/channel"
	"ronde/watch"
)

// kinds are the names that NDJSON goes by.
var kinds = []string{"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}

const postsPath = "/api/v1/posts"

// Post is one line of the body.
type Post struct {
	Text     string `json:"text" minLength:"1" doc:"The post's text, at most 64 KiB. Judged, and forgotten when it does not match."`
	ID       string `json:"id,omitempty" maxLength:"512" doc:"The post's id where it was published. A post sent twice counts once. A number is taken, too."`
	Lang     string `json:"lang,omitempty" maxLength:"35" doc:"BCP 47 language tag, where the source says it."`
	At       string `json:"at,omitempty" format:"date-time" doc:"When it was published. A time in the future becomes the time of reading."`
	Author   string `json:"author,omitempty" maxLength:"512" doc:"Who published it. No input of the verdict; kept only with an alert."`
	Platform string `json:"platform,omitempty" maxLength:"100" doc:"Where it was published."`
	URL      string `json:"url,omitempty" maxLength:"2048" doc:"Its address."`
}

func postsOperation(maxBody int64) huma.Operation {
	return huma.Operation{
		OperationID: "post-posts", Method: http.MethodPost, Path: postsPath, Tags: []string{"posts"},
		Summary: "Send public posts to be judged",
		Description: fmt.Sprintf("One JSON object a line, UTF-8, streamed: at most %d bytes a line, %d bytes of text, %d bytes a request. Bad lines are named "+
			"(the first %d) and the rest is done. The answer comes after the verdict on the last post. Unknown fields are ignored.",
			watch.MaxLine, channel.MaxText, maxBody, watch.MaxNamed),
		Security: []map[string][]string{{"source": {}}},
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType, http.StatusTooManyRequests, http.StatusServiceUnavailable},
	}
}

// postsBody is described after the operation is registered: the library would
// read a body it knows of into memory, before anybody asked for the mandate.
func postsBody() *huma.RequestBody {
	return &huma.RequestBody{Required: true, Description: "NDJSON; the schema is that of one line.",
		Content: map[string]*huma.MediaType{kinds[0]: {Schema: &huma.Schema{Ref: "#/components/schemas/Post"}}}}
}

// request takes the body as a stream: nothing reads it before the mandate is
// known to be in force.
type request struct {
	r *http.Request
	w http.ResponseWriter
}

// Resolve keeps what a stream needs.
func (q *request) Resolve(ctx huma.Context) []error {
	q.r, q.w = humago.Unwrap(ctx)
	return nil
}

// answer is what a partner reads after the verdict.
type answer struct {
	Body watch.Streamed
}

func (a *API) posts(ctx context.Context, q *request) (*answer, error) {
	done, err := a.stream(ctx, q)
	if err != nil {
		// Otherwise the server would wait for the body before it answers.
		q.w.Header().Set("Connection", "close")
		return nil, err
	}
	return &answer{done}, nil
}

func (a *API) stream(ctx context.Context, q *request) (none watch.Streamed, err error) {
	key, err := bearer(q.r)
	if err != nil {
		return none, err
	}
	if err := checkType(q.r); err != nil {
		return none, err
	}
	if q.r.ContentLength > a.opt.MaxBody {
		return none, tooLarge(a.opt.MaxBody)
	}
	leave, ok := a.enter(key)
	if !ok {
		return none, problem{Status: http.StatusServiceUnavailable, Title: "Too many streams at once",
			Detail: "Other requests are under way. Try again in a few seconds.", retry: "5"}
	}
	defer leave()
	body := newBody(q.w, q.r.Body, a.opt)
	// A body that breaks off ends the request's context; what came before is
	// judged all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.opt.Total+answerTime)
	defer cancel()
	done, err := a.watch.PostStream(ctx, key, body)
	body.finish()
	if err != nil {
		return none, a.explain(body, done, err)
	}
	return done, nil
}

func bearer(r *http.Request) (string, error) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	key = strings.TrimSpace(key)
	if !strings.EqualFold(scheme, "Bearer") || key == "" || len(key) > 200 {
		return "", unauthorized()
	}
	return key, nil
}

func checkType(r *http.Request) error {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	if err != nil || !slices.Contains(kinds, kind) || charset != "" && charset != "utf-8" || r.Header.Get("Content-Encoding") != "" {
		return problem{Status: http.StatusUnsupportedMediaType, Title: "Not NDJSON",
			Detail: "Send Content-Type: application/x-ndjson, UTF-8, without Content-Encoding."}
	}
	return nil
}

var _ io.Reader = (*body)(nil)
