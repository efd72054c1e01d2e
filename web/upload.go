package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"ronde/desk"
	"ronde/internal/errs"
)

// Limits of a form with files. Its parts are read into memory, never to a file
// on disk, where they would lie in clear; so few large ones are read at one
// time. A message must never wait for somebody's film: what a small form has is
// read without waiting.
const (
	filesTime   = 5 * time.Minute // from first to last byte
	filesParts  = 40
	filesField  = 64 << 10 // bytes of a field that is no file
	filesBody   = desk.MaxUpload + 1<<20
	filesFree   = 256 << 10        // bytes that are read without a place: a long message, a small picture
	filesAtOnce = 4                // large forms that are read at one time; others wait
	filesOfOne  = 2                // of them from one address; a third is sent away
	filesPace   = 8 << 10          // bytes a second that a large form must bring, on average
	filesGrace  = 20 * time.Second // before its pace counts
)

// reading counts the large forms that are read now, over both doors.
var reading = make(chan struct{}, filesAtOnce)

// readers counts them by address.
var readers = struct {
	sync.Mutex
	of map[string]int // guarded by the mutex
}{of: map[string]int{}}

// fed is the body of a form with files. It takes a place once it turns out to
// be large, and gives it up when what comes is a trickle.
type fed struct {
	io.ReadCloser
	ctx   context.Context
	from  string // address; empty is nobody in particular
	n     int64
	since time.Time // zero: it has no place
}

func (f *fed) Read(p []byte) (int, error) {
	if f.since.IsZero() && f.n >= filesFree {
		if err := f.place(); err != nil {
			return 0, err
		}
	}
	n, err := f.ReadCloser.Read(p)
	f.n += int64(n)
	if waited := time.Since(f.since) - filesGrace; err == nil && !f.since.IsZero() && waited > 0 && f.n < filesPace*int64(waited/time.Second) {
		return n, errs.New(errs.Unavailable, "err.file.busy", "read files: too slow for the place it takes")
	}
	return n, err
}

// place waits for a place among the large forms.
func (f *fed) place() error {
	readers.Lock()
	full := f.from != "" && readers.of[f.from] >= filesOfOne
	if !full {
		readers.of[f.from]++
	}
	readers.Unlock()
	if full {
		return errs.New(errs.Unavailable, "err.file.busy", "read files: too many at one time from one address")
	}
	select {
	case reading <- struct{}{}:
		f.since = time.Now()
		return nil
	case <-f.ctx.Done():
		f.leave()
		return errs.New(errs.Unavailable, "err.file.busy", "read files: too many at one time")
	}
}

func (f *fed) leave() {
	readers.Lock()
	defer readers.Unlock()
	if readers.of[f.from]--; readers.of[f.from] <= 0 {
		delete(readers.of, f.from)
	}
}

// free gives the place back, once nothing of the form is held any more.
func (f *fed) free() {
	if !f.since.IsZero() {
		<-reading
		f.leave()
	}
}

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
		body := &fed{ReadCloser: http.MaxBytesReader(w, r.Body, filesBody), ctx: ctx, from: strangers(r)}
		defer body.free()
		r.Body = body
		files, err := formFiles(r)
		if errs.Is(err, errs.Unavailable) {
			w.Header().Set("Connection", "close") // the rest of it is not waited for
		} else if err != nil {
			_, _ = io.CopyN(io.Discard, r.Body, filesBody) // so that the browser reads why
		}
		return do(w, r, files, err)
	}
}

// strangers is the address that places are counted by; who comes by this
// machine itself (an onion service) cannot be told apart and is not.
func strangers(r *http.Request) string {
	if addressOf(r.RemoteAddr).IsLoopback() {
		return ""
	}
	return remoteHost(r)
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
	if errs.Is(err, errs.Unavailable) {
		return errs.As(err, errs.Unavailable, "err.file.busy")
	}
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
