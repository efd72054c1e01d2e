package mastodon

import (
	"context"
	"io"
	"net/url"
	"strconv"
	"strings"

	"ronde/channel"
	"ronde/internal/rest"
)

// Fetch asks for the present address of a file and writes the file to w. Files
// lie with any host: no credential goes along, and the guarded client dials.
func (l *Line) Fetch(ctx context.Context, f channel.File, w io.Writer) error {
	id, place, ok := strings.Cut(f.ID, "#")
	n, err := strconv.Atoi(place)
	if !ok || err != nil || n < 0 || n >= channel.MaxFiles || id == "" {
		return &channel.Refusal{Why: channel.Gone}
	}
	var s status
	if _, err := l.get(ctx, "/api/v1/statuses/"+url.PathEscape(id), nil, &s); err != nil {
		return err
	}
	if n >= len(s.Media) || s.Media[n].address() == "" {
		return &channel.Refusal{Why: channel.Gone}
	}
	ans, err := rest.Download(ctx, l.client, s.Media[n].address(), l.server.Scheme == "http", w, channel.MaxFile)
	if err != nil {
		return err
	}
	if !ans.OK() {
		r := l.refusal(ans.Status, ans.Header).(*channel.Refusal)
		if ans.Status >= 400 && ans.Status < 429 {
			r.Why = channel.Gone
		}
		return r
	}
	return nil
}
