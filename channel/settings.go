package channel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"ronde/internal/errs"
)

// Limits of the channels' configuration.
const (
	MaxLines     = 100
	MaxKeep      = 3650    // days
	maxSettings  = 1 << 20 // bytes of the file
	maxSecret    = 64 << 10
	secretByHand = 0o077 // nobody but the owner reads a secret
)

var (
	lineName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)
	language = regexp.MustCompile(`^[a-z]{2,3}$`)
)

// ReadSettings reads the channels' file: TOML with one [[channel]] a line.
// kinds are the protocols that this program knows. A key or kind that nobody
// knows, a name that stands twice and a secret that others can read are refused
// with the name of their row: a misspelt setting must not be silent. Names of
// secret files are taken from the folder of the file.
func ReadSettings(path string, kinds []string) ([]Setting, error) {
	raw, err := readBounded(path, maxSettings)
	if err != nil {
		return nil, refuseRow("", "cannot be read: "+err.Error())
	}
	var file struct {
		Channel []Setting `toml:"channel"`
	}
	d := toml.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, refuseRow("", badTOML(raw, err))
	}
	if len(file.Channel) > MaxLines {
		return nil, refuseRow("", fmt.Sprintf("has %d channels, at most %d", len(file.Channel), MaxLines))
	}
	names := map[string]bool{}
	for i := range file.Channel {
		s := &file.Channel[i]
		for name, f := range s.Secrets {
			if !filepath.IsAbs(f) {
				s.Secrets[name] = filepath.Join(filepath.Dir(path), f)
			}
		}
		if err := s.check(kinds); err != nil {
			return nil, err
		}
		if names[s.Name] {
			return nil, refuseRow(s.Name, "the name stands twice")
		}
		names[s.Name] = true
	}
	return file.Channel, nil
}

func (s Setting) check(kinds []string) error {
	switch {
	case !lineName.MatchString(s.Name):
		return refuseRow(s.Name, "the name is 2 to 31 small letters, digits and dashes")
	case !slices.Contains(kinds, s.Kind):
		return refuseRow(s.Name, fmt.Sprintf("the kind %q is not one of %s", s.Kind, strings.Join(kinds, ", ")))
	case s.Keep < 0 || s.Keep > MaxKeep:
		return refuseRow(s.Name, fmt.Sprintf("keep is 0 to %d days", MaxKeep))
	case s.Language != "" && !language.MatchString(s.Language):
		return refuseRow(s.Name, "language is a code such as fr")
	}
	for name := range s.Secrets {
		if _, err := s.Secret(name); err != nil {
			return err
		}
	}
	return nil
}

// Secret reads one secret of the row from its file, which only its owner may
// read. The text of an error names the row and the secret, never what is in it.
func (s Setting) Secret(name string) (string, error) {
	path, ok := s.Secrets[name]
	if !ok || path == "" {
		return "", refuseRow(s.Name, "the secret "+name+" is missing (secrets."+name+" = \"FILE\")")
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", refuseRow(s.Name, "the file of the secret "+name+" cannot be read")
	}
	if info.Mode().Perm()&secretByHand != 0 {
		return "", refuseRow(s.Name, "others can read the file of the secret "+name+"; set its mode to 0600")
	}
	raw, err := readBounded(path, maxSecret)
	if err != nil {
		return "", refuseRow(s.Name, "the file of the secret "+name+" cannot be read")
	}
	secret := strings.TrimRight(string(raw), "\r\n")
	if secret == "" {
		return "", refuseRow(s.Name, "the file of the secret "+name+" is empty")
	}
	return secret, nil
}

func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(raw)) > most {
		err = fmt.Errorf("larger than %d bytes", most)
	}
	return raw, err
}

// badTOML says what is wrong in the file, and in which row.
func badTOML(raw []byte, err error) string {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		e := unknown.Errors[0]
		line, _ := e.Position()
		return fmt.Sprintf("line %d, channel %q: %q is no setting", line, rowAt(raw, line), strings.Join(e.Key(), "."))
	}
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		line, _ := bad.Position()
		return fmt.Sprintf("line %d, channel %q: %s", line, rowAt(raw, line), bad.Error())
	}
	return err.Error()
}

// nameLine finds the name of a row.
var nameLine = regexp.MustCompile(`^\s*name\s*=\s*["']([^"']*)["']`)

// rowAt is the name of the [[channel]] that a line of the file belongs to.
func rowAt(raw []byte, line int) string {
	name := ""
	for i, text := range strings.Split(string(raw), "\n") {
		if strings.HasPrefix(strings.TrimSpace(text), "[[") {
			if i >= line {
				break
			}
			name = ""
		}
		if m := nameLine.FindStringSubmatch(text); m != nil {
			name = m[1]
		}
	}
	return name
}

func refuseRow(row, text string) error {
	if row != "" {
		text = fmt.Sprintf("channel %q: %s", row, text)
	}
	return errs.New(errs.Invalid, "err.config", "read channels: "+text)
}
