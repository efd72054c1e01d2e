package rest

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path"
	"strings"
	"unicode"

	"ronde/internal/errs"
)

// maxName bounds a file's name as it is sent, in letters.
const maxName = 100

// Part is a file on its way out.
type Part struct {
	Field, Name, Type string
	Bytes             []byte
}

// Form makes a request with fields and one file (multipart/form-data, RFC
// 7578). The name is tamed by FileName; a type that is none is errs.Invalid.
func Form(ctx context.Context, address string, fields map[string]string, p Part) (*http.Request, error) {
	kind, err := FileType(p.Type)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			return nil, errs.Wrap(err, "write form")
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", multipart.FileContentDisposition(p.Field, FileName(p.Name)))
	h.Set("Content-Type", kind)
	part, err := w.CreatePart(h)
	if err == nil {
		_, err = part.Write(p.Bytes)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, errs.Wrap(err, "write form")
	}
	req, err := JSON(ctx, http.MethodPost, address, nil)
	if err != nil {
		return nil, err
	}
	req.Body, req.ContentLength = io.NopCloser(&b), int64(b.Len())
	req.Header.Set("Content-Type", w.FormDataContentType())
	return req, nil
}

// FileName is the last part of a name, without what turns or breaks a line.
func FileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/"<>:|?*`, r) {
			return '_'
		}
		return r
	}, name)
	if r := []rune(name); len(r) > maxName {
		name = string(r[len(r)-maxName:])
	}
	if name = strings.Trim(name, " ."); name == "" {
		return "file"
	}
	return name
}

// FileType is a media type without its parameters.
func FileType(s string) (string, error) {
	kind, _, err := mime.ParseMediaType(s)
	if err != nil || strings.Count(kind, "/") != 1 || strings.ContainsFunc(s, unicode.IsControl) {
		return "", errs.New(errs.Invalid, "err.rest.type", "send file: its type is not a media type")
	}
	return kind, nil
}
