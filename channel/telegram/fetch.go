package telegram

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/rest"
)

// Fetch gets a file's bytes. Telegram gives a path that is good for an hour,
// so it is asked for each time. More than 20 MB a bot cannot fetch from
// Telegram's own servers: errs.Limit, as is what goes beyond channel.MaxFile.
func (l *Line) Fetch(ctx context.Context, f channel.File, w io.Writer) error {
	var at struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	err := l.api.call(ctx, "getFile", map[string]any{"file_id": f.ID}, &at)
	if channel.WhyOf(err) == channel.TooLong || at.Size > channel.MaxFile {
		return errs.As(errors.New("fetch file: larger than Telegram hands out"), errs.Limit, "err.rest.file_large")
	}
	if err != nil {
		return err
	}
	if strings.Contains(at.Path, "..") || at.Path == "" {
		return errs.New(errs.Unavailable, "err.rest.answer", "fetch file: not a path as published")
	}
	parts := strings.Split(at.Path, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	req, err := rest.JSON(ctx, http.MethodGet, l.api.base+"/file/bot"+url.PathEscape(l.api.token.Value())+"/"+strings.Join(parts, "/"), nil)
	if err != nil {
		return err
	}
	got, err := rest.Copy(l.api.http, req, w, channel.MaxFile)
	if err != nil {
		return err
	}
	switch {
	case got.OK():
		return nil
	case got.Status == http.StatusNotFound:
		return &channel.Refusal{Why: channel.Gone, Err: errors.New("the file is no more")}
	}
	return answer{Code: got.Status}.refusal()
}
