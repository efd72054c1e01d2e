package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The ways to reach somebody.
const (
	ByMail = "mail"
	ByHook = "hook"
	BySMS  = "sms"
)

// Limits of one sending.
const (
	sendTime  = 15 * time.Second
	maxAnswer = 4 << 10 // bytes that are read of an answer
)

// Ring is one word to one place.
type Ring struct {
	ID        string // the same ID is the same ring
	Way       string // ByMail, ByHook, BySMS
	To        string // mail address, name of a hook, or telephone number
	Kind      string // "danger", "handed", "added", "test"
	Reference string // "C-0147"
	Link      string
	Subject   string // of a mail
	Text      string // of a mail or SMS
	At        time.Time
}

// ErrRefused is why somebody who was reached took nothing; any other error
// says that nobody was.
var ErrRefused = errors.New("refused")

// Notifier sends. The zero value can send nothing.
type Notifier struct {
	set      Settings
	password string
	token    string
	hooks    map[string]hook
	client   *http.Client
}

type hook struct {
	url    string
	secret []byte
}

// New checks the settings and reads their secrets.
func New(s Settings, secret func(path string) (string, error)) (*Notifier, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	n := &Notifier{set: s, hooks: map[string]hook{}, client: &http.Client{Timeout: sendTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	var err error
	if s.Mail != nil && s.Mail.User != "" {
		if n.password, err = secret(s.Mail.Password); err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
	}
	if s.SMS != nil && s.SMS.Token != "" {
		if n.token, err = secret(s.SMS.Token); err != nil {
			return nil, fmt.Errorf("sms: %w", err)
		}
	}
	for _, h := range s.Hooks {
		key, err := secret(h.Secret)
		if err != nil {
			return nil, fmt.Errorf("hook %s: %w", h.Name, err)
		}
		n.hooks[h.Name] = hook{h.URL, []byte(key)}
	}
	return n, nil
}

// Ways lists what is set up.
func (n *Notifier) Ways() (ways []string) {
	if n == nil {
		return nil
	}
	for _, w := range []struct {
		name string
		set  bool
	}{{ByMail, n.set.Mail != nil}, {ByHook, len(n.hooks) > 0}, {BySMS, n.set.SMS != nil}} {
		if w.set {
			ways = append(ways, w.name)
		}
	}
	return ways
}

// Hooks lists the names of the webhooks in the order of the file.
func (n *Notifier) Hooks() (names []string) {
	if n == nil {
		return nil
	}
	for _, h := range n.set.Hooks {
		names = append(names, h.Name)
	}
	return names
}

var number = regexp.MustCompile(`^\+?[0-9]{3,15}$`)

// Address says what is wrong with an address of a way; "" is nothing.
func (n *Notifier) Address(way, to string) string {
	switch way {
	case ByMail:
		if a, err := mail.ParseAddress(to); err != nil || a.Address != to || strings.ContainsAny(to, "\r\n") {
			return "mail"
		}
	case ByHook:
		if n == nil {
			return "hook"
		}
		if _, ok := n.hooks[to]; !ok {
			return "hook"
		}
	case BySMS:
		if !number.MatchString(to) {
			return "sms"
		}
	default:
		return "way"
	}
	return ""
}

// Send sends one ring and returns once it was taken.
func (n *Notifier) Send(ctx context.Context, r Ring) error {
	ctx, stop := context.WithTimeout(ctx, sendTime)
	defer stop()
	if n == nil || n.Address(r.Way, r.To) != "" {
		return fmt.Errorf("%w: no such way or address", ErrRefused)
	}
	switch {
	case r.Way == ByMail && n.set.Mail != nil:
		return n.mail(ctx, r)
	case r.Way == ByHook:
		return n.hook(ctx, r)
	case r.Way == BySMS && n.set.SMS != nil:
		return n.sms(ctx, r)
	}
	return fmt.Errorf("%w: this way is not set up", ErrRefused)
}

// hook posts what waits, signed over the time and the body: whoever repeats it
// later can be told by its time.
func (n *Notifier) hook(ctx context.Context, r Ring) error {
	h := n.hooks[r.To]
	body, err := json.Marshal(struct {
		ID        string `json:"id"`
		Kind      string `json:"kind"`
		Reference string `json:"reference"`
		Link      string `json:"link,omitempty"`
		At        string `json:"at"`
		Text      string `json:"text"`
	}{r.ID, r.Kind, r.Reference, r.Link, r.At.UTC().Format(time.RFC3339), r.Text})
	if err != nil {
		return err
	}
	when := strconv.FormatInt(r.At.Unix(), 10)
	return n.post(ctx, h.url, "application/json", string(body), map[string]string{
		"Idempotency-Key": r.ID, "Ronde-Signature": "t=" + when + ",v1=" + Sign(h.secret, when, body)})
}

// Sign is the signature of a webhook: HMAC-SHA-256 over time, a full stop, and
// the body, in hexadecimal.
func Sign(secret []byte, when string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(when + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func (n *Notifier) sms(ctx context.Context, r Ring) error {
	form := url.Values{}
	for name, value := range n.set.SMS.Fields {
		form.Set(name, value)
	}
	form.Set(n.set.SMS.To, r.To)
	form.Set(n.set.SMS.Text, r.Text)
	head := map[string]string{"Idempotency-Key": r.ID}
	if n.token != "" {
		head["Authorization"] = "Bearer " + n.token
	}
	return n.post(ctx, n.set.SMS.URL, "application/x-www-form-urlencoded", form.Encode(), head)
}

func (n *Notifier) post(ctx context.Context, address, media, body string, head map[string]string) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", media)
	q.Header.Set("User-Agent", "ronde")
	for name, value := range head {
		q.Header.Set(name, value)
	}
	answer, err := n.client.Do(q)
	if err != nil {
		return fmt.Errorf("post: %w", unnamed(err))
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer)); err != nil {
		return fmt.Errorf("post: %w", unnamed(err))
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return fmt.Errorf("%w: status %d", ErrRefused, answer.StatusCode)
	}
	return nil
}

// unnamed takes the address out of an error: it may hold a token.
func unnamed(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}
