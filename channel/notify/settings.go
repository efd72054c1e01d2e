package notify

import (
	"bytes"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"ronde/internal/errs"
)

// Settings is the file named by --notify. Secrets are names of files of mode
// 0600 with one secret each.
type Settings struct {
	Mail  *Mail  `toml:"mail"`
	Hooks []Hook `toml:"hook"`
	SMS   *SMS   `toml:"sms"`
}

// Mail is a server that takes mail from us.
type Mail struct {
	Server   string `toml:"server"`   // host:port; 465 begins with TLS, others must offer STARTTLS
	From     string `toml:"from"`     // address that the mails come from
	User     string `toml:"user"`     // empty: no sign-in
	Password string `toml:"password"` // file
	Plain    bool   `toml:"plain"`    // a relay on this machine that speaks no TLS
}

// Hook is an address that takes a signed JSON object.
type Hook struct {
	Name   string `toml:"name"` // chosen on the on-call page
	URL    string `toml:"url"`
	Secret string `toml:"secret"` // file: key of the signature
}

// SMS is a gateway that takes a form over HTTP.
type SMS struct {
	URL    string            `toml:"url"`
	To     string            `toml:"to"`     // name of the field for the number
	Text   string            `toml:"text"`   // name of the field for the text
	Fields map[string]string `toml:"fields"` // sent along as they are
	Token  string            `toml:"token"`  // file: sent as a bearer token; empty: none
}

var hookName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)

// Load reads the file and every secret it names.
func Load(path string) (*Notifier, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, errs.Wrap(err, "read notify file")
	}
	var s Settings
	if err := toml.NewDecoder(bytes.NewReader(raw)).DisallowUnknownFields().Decode(&s); err != nil {
		return nil, wrong(path, err.Error())
	}
	n, err := New(s, secret)
	if err != nil {
		return nil, wrong(path, err.Error())
	}
	return n, nil
}

func wrong(path, text string) error {
	return errs.New(errs.Invalid, "err.config", "read notify file "+path+": "+text)
}

// secret reads a file that only its owner may read.
func secret(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s can be read by others: make its mode 0600", path)
	}
	raw, err := os.ReadFile(path)
	text := strings.TrimSpace(string(raw))
	if err == nil && text == "" {
		return "", fmt.Errorf("%s is empty", path)
	}
	return text, err
}

func (s Settings) check() error {
	if s.Mail != nil {
		if _, _, err := net.SplitHostPort(s.Mail.Server); err != nil {
			return fmt.Errorf("mail: server is not host:port")
		}
		if _, err := mail.ParseAddress(s.Mail.From); err != nil {
			return fmt.Errorf("mail: from is no address")
		}
	}
	seen := map[string]bool{}
	for _, h := range s.Hooks {
		switch {
		case !hookName.MatchString(h.Name):
			return fmt.Errorf("hook %q: a name has small letters, digits and hyphens", h.Name)
		case seen[h.Name]:
			return fmt.Errorf("hook %s: named twice", h.Name)
		case !web(h.URL):
			return fmt.Errorf("hook %s: url is no http address", h.Name)
		case h.Secret == "":
			return fmt.Errorf("hook %s: without a secret anybody could sign", h.Name)
		}
		seen[h.Name] = true
	}
	if s.SMS != nil && (!web(s.SMS.URL) || s.SMS.To == "" || s.SMS.Text == "") {
		return fmt.Errorf("sms: url, to and text are needed")
	}
	return nil
}

func web(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
