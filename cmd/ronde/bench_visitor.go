package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"ronde/app"
	"ronde/people"
)

// visitor is a browser without JavaScript.
type visitor struct {
	door   string
	client *http.Client
	sent   int // messages
}

// newVisitor comes from one of the loopback addresses, so that many visitors
// are not taken for one. 0 is 127.0.0.1.
func newVisitor(door string, number int) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it has no options that could be wrong
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if number > 0 {
		dialer.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, byte(1+number>>16&0x7F), byte(number>>8), byte(number))}
	}
	return &visitor{door: door, client: &http.Client{Jar: jar, Timeout: time.Minute,
		Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: benchMaxClients}}}
}

func (v *visitor) get(path string) ([]byte, error) {
	resp, err := v.client.Get(v.door + path)
	return v.page(path, resp, err)
}

var (
	formNumber = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	returnCode = regexp.MustCompile(`[0-9a-z]{4}(-[0-9a-z]{4}){4}`)
)

// post sends a form with the number that the page before gave out.
func (v *visitor) post(path string, from []byte, fields url.Values) ([]byte, error) {
	m := formNumber.FindSubmatch(from)
	if m == nil {
		return nil, errors.New("the page has no form")
	}
	fields.Set("csrf", string(m[1]))
	resp, err := v.client.PostForm(v.door+path, fields)
	return v.page(path, resp, err)
}

func (v *visitor) page(path string, resp *http.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s", path, resp.Status)
	}
	return text, err
}

// signIn goes through password and one-time code. A code counts once, so the
// next one is tried when this half minute's was used.
func (v *visitor) signIn(members []app.SamplePerson, login string) error {
	i := slices.IndexFunc(members, func(p app.SamplePerson) bool { return p.Login == login })
	if i < 0 {
		return fmt.Errorf("nobody signs in as %s", login)
	}
	page, err := v.get("/sign-in")
	if err != nil {
		return err
	}
	page, err = v.post("/sign-in", page, url.Values{"name": {login}, "password": {members[i].Password}})
	for ahead := time.Duration(0); err == nil && ahead <= 30*time.Second; ahead += 30 * time.Second {
		var code string
		if code, err = people.Code(members[i].TOTPSecret, time.Now().Add(ahead).UnixMicro()); err != nil {
			return err
		}
		next, refused := v.post("/sign-in/code", page, url.Values{"code": {code}})
		if refused == nil && !strings.Contains(string(next), `action="/sign-in/code"`) {
			return nil
		}
		if formNumber.Match(next) {
			page = next
		}
	}
	if err == nil {
		err = errors.New("no one-time code was taken")
	}
	return fmt.Errorf("sign in as %s: %w", login, err)
}
