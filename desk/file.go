package desk

import (
	"cmp"
	"path"
	"strings"
	"unicode/utf8"

	"ronde/access"
	"ronde/channel"
	"ronde/internal/errs"
	"ronde/internal/media"
)

// The limits of files.
const (
	MaxFile      = channel.MaxFile // bytes of one file
	MaxUploads   = 5               // files sent at once through a form
	MaxUpload    = 40 << 20        // bytes of them together
	MaxFiles     = 200             // of one conversation
	MaxFileBytes = 500 << 20       // of one conversation
	MaxFileName  = 200             // runes
)

// FileState is where a file stands.
type FileState string

// The states of a file.
const (
	FileAway    FileState = "away"    // it lies at the network until an officer asks
	FileKept    FileState = "kept"    // sealed here
	FileGuarded FileState = "guarded" // suspected abuse image: for specialised staff, and no copy is made
	FileRefused FileState = "refused" // larger or more than is taken, or gone from the network; only that it came is kept
)

// Upload is a file on its way in.
type Upload struct {
	Name  string // as claimed
	Type  string // media type as claimed; not believed
	Bytes []byte
}

// File is one file of a conversation, without its bytes.
type File struct {
	ID           string
	Conversation string
	Message      string
	Ours         bool
	State        FileState
	Class        media.Class // a word of the group "media"
	Type         string      // media type by its bytes
	Size         int64
	At           int64  // microseconds UTC
	Name         string // made visible; empty for who may not know more than that it exists
	Shown        bool   // a copy can be shown
	Unshown      string // why none can: a word of the group "unshown"
}

// Why a file is not shown, words of the group "unshown".
const (
	UnshownKind    = "kind"    // sound, film, documents, archives, pictures of other kinds
	UnshownLarge   = "large"   // it would unfold to more than is safe
	UnshownDamaged = "damaged" // its head makes no sense
)

// file is a row, and what is sealed in it.
type file struct {
	ID           string
	Conversation string
	Message      string
	Incoming     bool
	Handle       string
	State        FileState
	Class        media.Class
	Type         string
	Size         int64
	Line         string
	At           int64
	blob         string
	blobSum      []byte
	sealed       []byte

	about about
}

// about is the sealed part of a file's row.
type about struct {
	Name   string `json:"name,omitempty"`
	Type   string `json:"type,omitempty"`   // as claimed
	SHA256 string `json:"sha256,omitempty"` // of the original, hexadecimal
	Far    string `json:"far,omitempty"`    // what the network calls it
	Closed string `json:"closed,omitempty"` // why no copy of a picture can be shown: a word of the group "unshown"
}

// resource is what the policies may ask of a file: its conversation's, and
// whether it is for specialised staff.
func (f file) resource(c conversation, by access.Actor) access.Resource {
	r := c.resource(by)
	r.Kind, r.ID, r.State, r.Guarded = "file", f.ID, string(f.State), f.State == FileGuarded
	return r
}

func (f file) view() File {
	v := File{ID: f.ID, Conversation: f.Conversation, Message: f.Message, Ours: !f.Incoming, State: f.State, Class: f.Class, Type: f.Type, Size: f.Size, At: f.At}
	if f.State == FileGuarded {
		v.Class, v.Type, v.Size = "", "", 0
		return v
	}
	v.Name = f.about.Name
	v.Shown = f.State == FileKept && media.Shows(f.Type) && f.about.Closed == ""
	if f.State == FileKept && !v.Shown {
		v.Unshown = cmp.Or(f.about.Closed, UnshownKind)
	}
	return v
}

// fileName is a claimed name as it may be kept and shown: its last part, on one
// line, without what acts unseen.
func fileName(claimed string) string {
	name := strings.ToValidUTF8(claimed, "�")
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Join(strings.Fields(Visible(name)), " ")
	if name == "." || name == "/" {
		return ""
	}
	if utf8.RuneCountInString(name) > MaxFileName {
		name = string([]rune(name)[:MaxFileName-1]) + "…"
	}
	return name
}

// checkUploads says what is wrong with files sent through a form, before
// anything of them is kept.
func checkUploads(files []Upload) error {
	if len(files) > MaxUploads {
		return errs.Field("files", "err.file.many", "read files: too many", "max", MaxUploads)
	}
	total := 0
	for _, f := range files {
		switch {
		case len(f.Bytes) == 0:
			return errs.Field("files", "err.file.empty", "read files: one is empty", "name", cmp.Or(fileName(f.Name), "–"))
		case len(f.Bytes) > MaxFile:
			return errs.Field("files", "err.file.large", "read files: one is too large", "name", cmp.Or(fileName(f.Name), "–"), "max", MaxFile>>20)
		}
		total += len(f.Bytes)
	}
	if total > MaxUpload {
		return errs.Field("files", "err.file.total", "read files: together too large", "max", MaxUpload>>20)
	}
	return nil
}

// checkSaid accepts a message with files without a word, and else as
// [checkText] does.
func checkSaid(text string, files []Upload) error {
	if err := checkUploads(files); err != nil {
		return err
	}
	if len(files) > 0 && strings.TrimSpace(text) == "" {
		return nil
	}
	return checkText("message", text)
}
