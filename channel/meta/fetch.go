package meta

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"

	"ronde/channel"
	"ronde/internal/graph"
)

// Fetch asks for the present address of a file and writes the file to w.
func (l *Line) Fetch(ctx context.Context, f channel.File, w io.Writer) error {
	message, place, ok := strings.Cut(f.ID, "#")
	n, err := strconv.Atoi(place)
	if !ok || err != nil || n < 0 || n >= channel.MaxFiles || message == "" {
		return &channel.Refusal{Why: channel.Gone}
	}
	var out struct {
		Files struct {
			Data []struct {
				Image struct{ URL string } `json:"image_data"`
				Video struct{ URL string } `json:"video_data"`
				File  string               `json:"file_url"`
			}
		} `json:"attachments"`
	}
	q := fields("attachments{id,mime_type,name,size,image_data,video_data,file_url}")
	if err := l.api.Get(ctx, url.PathEscape(message), q, &out); err != nil {
		return refusal(err)
	}
	if n >= len(out.Files.Data) {
		return &channel.Refusal{Why: channel.Gone}
	}
	a := out.Files.Data[n]
	for _, address := range []string{a.Image.URL, a.Video.URL, a.File} {
		if address != "" {
			return gone(l.api.Fetch(ctx, address, w, channel.MaxFile, false))
		}
	}
	return &channel.Refusal{Why: channel.Gone}
}

// gone tells what a file's own host answers: it knows no codes.
func gone(err error) error {
	var e *graph.Error
	if errors.As(err, &e) && e.Code == 0 && e.Status >= 400 && e.Status < 500 {
		return &channel.Refusal{Why: channel.Gone, Err: e}
	}
	return refusal(err)
}
