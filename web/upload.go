package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ronde/desk"
	"ronde/internal/errs"
)

// Limits of a form with files. Its parts are read into memory, never to a file
// on disk, where they would lie in clear; so few are read at one time.
const (
	filesTime   = 5 * time.Minute // from first to last byte
	filesParts  = 40
	filesField  = 64 << 10 // bytes of a field that is no file
	filesBody   = desk.MaxUpload + 1<<20
	filesAtOnce = 4 // forms that are read at one time; others wait
)

// reading counts the forms with files that are read now, over both doors.
var reading = make(chan struct{}, filesAtOnce)

// withFiles is the frame of a route that takes files: a body that may be
// large, and the time for it.
func withFiles(do func(w http.ResponseWriter, r *http.Request, files []desk.Upload, err error) error) action {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), filesTime)
		defer cancel()
		r = r.WithContext(ctx)
		c := http.NewResponseController(w)
		ends := time.Now().Add(filesTime)
		_, _ = c.SetReadDeadline(ends), c.SetWriteDeadline(ends) // a server that cannot keeps its own, shorter ones
		r.Body = http.MaxBytesReader(w, r.Body, filesBody)
		select {
		case reading <- struct{}{}:
			defer func() { <-reading }()
		case <-ctx.Done():
			return errs.New(errs.Unavailable, "err.file.busy", "read files: too many at one time")
		}
		files, err := formFiles(r)
		if err != nil {
			_, _ = io.CopyN(io.Discard, r.Body, filesBody) // so that the browser reads why
		}
		return do(w, r, files, err)
	}
}

// formFiles reads the fields of a form into r.PostForm, and its files. What was
// read before an error stays, so that nobody writes it again: our forms have
// their files last.
func formFiles(r *http.Request) ([]desk.Upload, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		r.Body = http.MaxBytesReader(nil, r.Body, formSize)
		return nil, errs.As(r.ParseForm(), errs.Limit, "err.too_large")
	}
	r.PostForm, r.Form = url.Values{}, url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, errs.Field("files", "err.file.form", "read files: no form")
	}
	var files []desk.Upload
	for range filesParts {
		part, err := parts.NextPart()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, badPart(err)
		}
		most := int64(filesField)
		if part.FileName() != "" {
			most = desk.MaxFile
		}
		raw, err := io.ReadAll(io.LimitReader(part, most+1))
		switch {
		case err != nil:
			return nil, badPart(err)
		case part.FileName() != "" && int64(len(raw)) > most:
			return nil, errs.Field("files", "err.file.large", "read files: one is too large", "name", desk.Visible(part.FileName()), "max", desk.MaxFile>>20)
		case int64(len(raw)) > most:
			return nil, errs.New(errs.Limit, "err.too_large", "read form: a field is too large")
		case part.FileName() != "":
			files = append(files, desk.Upload{Name: part.FileName(), Type: part.Header.Get("Content-Type"), Bytes: raw})
		case part.FormName() != "files": // a browser sends an empty file where none was chosen
			r.PostForm.Add(part.FormName(), string(raw))
			r.Form.Add(part.FormName(), string(raw))
		}
	}
	return nil, errs.Field("files", "err.file.many", "read files: too many parts", "max", desk.MaxUploads)
}

func badPart(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errs.Field("files", "err.file.total", "read files: together too large", "max", desk.MaxUpload>>20)
	}
	return errs.Field("files", "err.file.form", "read files: broken off")
}

// attach sends bytes to be saved, never opened: a browser that is told so runs
// nothing of them, and keeps no copy.
func attach(w http.ResponseWriter, name string, raw []byte) error {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", disposition(name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	_, _ = w.Write(raw) // the reader went away; there is nobody to tell
	return nil
}

// disposition names a download in ASCII and, for browsers that read it, in
// full (RFC 6266 §4.3).
func disposition(name string) string {
	if name == "" {
		name = "file"
	}
	plain := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`"\/%;`, r) {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + url.PathEscape(name)
}

// picture sends a copy that was made here. It is a picture and nothing else.
func picture(w http.ResponseWriter, raw []byte) error {
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Disposition", "inline")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	_, _ = w.Write(raw)
	return nil
}
