package view

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed static
var static embed.FS

// StaticPath is where [Static] is to be mounted; it ends with a slash.
const StaticPath = "/static/"

// release names the content of all static files together, so that a changed
// file has a new address and an old one may be kept for ever.
var release = hashOf(static)

func hashOf(fsys fs.FS) string {
	h := sha256.New()
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(fsys, path)
		h.Write([]byte(path))
		h.Write(raw)
		return err
	})
	if err != nil {
		panic("read embedded files: " + err.Error()) // embedded files cannot fail to be read
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// asset is the address of a static file: asset("css/base.css").
func asset(name string) string { return StaticPath + release + "/" + name }

// Static serves the style sheets, fonts, pictures and scripts. Files of this
// release may be cached for a year; any other address is not found.
func Static() http.Handler {
	sub, err := fs.Sub(static, "static")
	if err != nil {
		panic("open embedded files: " + err.Error()) // the folder is embedded above
	}
	files := http.StripPrefix(StaticPath+release+"/", http.FileServerFS(sub))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, ok := strings.CutPrefix(r.URL.Path, StaticPath+release+"/")
		if !ok || rest == "" || strings.HasSuffix(rest, "/") {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		files.ServeHTTP(w, r)
	})
}
