// Package api is the partners' door for machines: `POST /api/v1/posts` takes
// public posts as NDJSON under the key of a mandate's source, and
// `/openapi.json` describes it (OpenAPI 3.1).
//
// It owns the form of requests and answers, the limits of a body, and the
// words of an error (RFC 9457). It promises that the answer comes after the
// verdict on the last post; that without a mandate in force not a byte of the
// body is read; that a slow or endless body is cut off in bounded time, with
// an answer that says what was done before; and that nothing of a post, a key
// or an address is logged.
//
// It does not know who may post (the key does), judge, or serve a page.
package api
