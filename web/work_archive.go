package web

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"time"

	"ronde/access"
	"ronde/channel/archive"
	"ronde/internal/errs"
	"ronde/mandate"
	"ronde/people"
	"ronde/watch"
	"ronde/web/view"
)

// Limits of a file that is sent.
const (
	maxUploadGB  = 4
	maxUpload    = maxUploadGB << 30 // bytes
	uploadTime   = 2 * time.Hour     // from first to last byte
	maxFormField = 4 << 10           // bytes of a field before the file
	maxFormParts = 8
	drainUpTo    = 64 << 20 // bytes of a refused file that are taken, so that the browser reads why
)

// uploads are the routes whose body is read as it comes, never gathered: a
// form that the browser library gathers goes to a file on disk.
func (b *Workbench) uploads() []staffRoute {
	return []staffRoute{{"POST /archive", b.readArchive}, {"POST /inbox/{id}/room/say", b.sayInRoom}}
}

// upload lets somebody with a living session send a large body. Whether it was
// made for that session, the action reads from the body's first field.
func (b *Workbench) upload(do staffAction) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), uploadTime)
		defer cancel()
		r = r.WithContext(ctx)
		c := http.NewResponseController(w)
		ends := time.Now().Add(uploadTime)
		_, _ = c.SetReadDeadline(ends), c.SetWriteDeadline(ends) // a server that cannot keeps its own, shorter ones
		r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
		by, err := b.session(r)
		switch {
		case errs.Is(err, errs.Lapsed):
			err = b.toSignIn(w, r)
		case err == nil:
			err = do(w, r, by)
		}
		if err != nil {
			_, _ = io.CopyN(io.Discard, r.Body, drainUpTo)
			b.Failed(w, r, err)
		}
	}
}

// archivePage is GET /archive.
func (b *Workbench) archivePage(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.archiveForm(r, by)
	if err != nil {
		return err
	}
	return b.show(w, r, http.StatusOK, page)
}

func (b *Workbench) archiveForm(r *http.Request, by people.Session) (view.ArchivePage, error) {
	if err := people.Allow(by.Actor, "alert.archive", access.Resource{Kind: "alert", Unit: by.Actor.Unit}); err != nil {
		return view.ArchivePage{}, err
	}
	list, err := b.Mandates.List(r.Context(), by.Actor)
	page := view.ArchivePage{Work: b.frame(r, by), MaxGB: maxUploadGB}
	page.Path = "/archive" // also of the answer, which the browser shows at this address
	for _, m := range list {
		if m.Live(b.Now()) && slices.ContainsFunc(m.Sources, func(s mandate.Source) bool { return s.Kind == mandate.Archive && !s.Removed }) {
			page.Mandates = append(page.Mandates, view.Option{Value: m.ID, Label: ref("M", m.ID) + " · " + m.Purpose})
		}
	}
	for _, k := range archive.Kinds {
		page.Kinds = append(page.Kinds, view.Option{Value: string(k), Label: b.words(r).T("word.archivekind." + string(k))})
	}
	return page, err
}

// readArchive is POST /archive: a file is judged as it is sent.
func (b *Workbench) readArchive(w http.ResponseWriter, r *http.Request, by people.Session) error {
	page, err := b.archiveForm(r, by)
	if err != nil {
		return err
	}
	fields, file, err := untilFile(r, by)
	page.Form.Values = fields
	var out watch.ArchiveRead
	if err == nil {
		out, err = b.Watch.ReadArchive(r.Context(), by.Actor, fields["mandate"], archive.Kind(fields["kind"]), &sized{file})
	}
	read := out.Read+out.Before+out.NotRead+out.Refused+len(out.Left) > 0
	found, ok := problems(b.words(r), err)
	switch {
	case err != nil && !ok && !(read && (errs.Is(err, errs.Lapsed) || errs.Is(err, errs.Unavailable))):
		return err
	case err != nil && !read:
		_, _ = io.CopyN(io.Discard, r.Body, drainUpTo)
		page.Form.Problems = found
		return b.show(w, r, http.StatusUnprocessableEntity, page)
	}
	page.Result = archiveResult(out)
	if err != nil {
		_, _ = io.CopyN(io.Discard, r.Body, drainUpTo)
		key, args := errs.Message(err)
		page.Result.Broke = b.words(r).T(key, args...)
	}
	return b.show(w, r, http.StatusOK, page)
}

func archiveResult(out watch.ArchiveRead) *view.ArchiveResult {
	res := &view.ArchiveResult{Read: out.Read, Flagged: out.Flagged, Reposts: out.Reposts, Before: out.Before, NotRead: out.NotRead, Refused: out.Refused, Unsaid: out.Unsaid}
	for reason, n := range out.Left {
		res.Left = append(res.Left, view.ArchiveLeft{Reason: reason, Count: n})
	}
	slices.SortFunc(res.Left, func(x, y view.ArchiveLeft) int {
		if x.Count != y.Count {
			return y.Count - x.Count
		}
		return map[bool]int{true: -1, false: 1}[x.Reason < y.Reason]
	})
	return res
}

// untilFile reads the fields before the file and checks that the form was made
// for this session before anything of the file is looked at.
func untilFile(r *http.Request, by people.Session) (fields map[string]string, file io.Reader, err error) {
	fields = map[string]string{}
	none := errs.Field("file", "err.archive.none", "read upload: no file in the form")
	parts, err := r.MultipartReader()
	if err != nil {
		return fields, nil, none
	}
	var part *multipart.Part
	for range maxFormParts {
		if part, err = parts.NextPart(); err != nil {
			return fields, nil, none
		}
		if part.FormName() == "file" {
			break
		}
		value, err := io.ReadAll(io.LimitReader(part, maxFormField))
		if err != nil {
			return fields, nil, none
		}
		fields[part.FormName()] = string(value)
	}
	if subtle.ConstantTimeCompare([]byte(fields["csrf"]), []byte(by.Form)) != 1 {
		return nil, nil, errs.New(errs.Invalid, "err.form.old", "read form: not made for this session")
	}
	delete(fields, "csrf")
	if part.FormName() != "file" || part.FileName() == "" {
		return fields, nil, none
	}
	return fields, part, nil
}

// sized says in our words that a file is too large.
type sized struct{ r io.Reader }

func (s *sized) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = errs.New(errs.Limit, "err.archive.size", "read upload: too large", "max", maxUploadGB)
	}
	return n, err
}
