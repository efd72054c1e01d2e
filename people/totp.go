package people

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"ronde/internal/errs"
)

// Second factor by RFC 6238 with the values every authenticator knows.
const (
	codePeriod  = 30 // seconds
	codeSkew    = 1  // periods that a phone's clock may be off
	secretBytes = 20 // RFC 4226 section 4, R6
	issuer      = "Ronde"
)

var codeOpts = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

var base = base32.StdEncoding.WithPadding(base32.NoPadding)

func newSecret() string {
	b := make([]byte, secretBytes)
	rand.Read(b)
	return base.EncodeToString(b)
}

// step is the number of the period that a time (microseconds UTC) lies in.
func step(at int64) int64 { return at / int64(time.Second/time.Microsecond) / codePeriod }

// matchStep returns the period whose code this is.
func matchStep(secret, code string, at int64) (int64, bool) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '\u202f' || r == '-' {
			return -1
		}
		return r
	}, code)
	found, ok := int64(0), false
	for n := step(at) - codeSkew; n <= step(at)+codeSkew; n++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(n), codeOpts)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found, ok = n, true
		}
	}
	return found, ok
}

// Code is what an authenticator shows for the secret at a time (microseconds
// UTC). It is for trying the demo without a telephone; the secret may be in
// groups, as it is shown.
func Code(secret string, at int64) (string, error) {
	secret = strings.ReplaceAll(secret, " ", "")
	code, err := hotp.GenerateCodeCustom(secret, uint64(step(at)), codeOpts)
	return code, errs.Wrap(err, "make code")
}

// Enrolment is what a person puts into an authenticator.
type Enrolment struct {
	Secret string // base 32, in groups of four for typing
	URI    string // otpauth://…
	QR     QR
}

func newEnrolment(secret, handle string) (Enrolment, error) {
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "period": {fmt.Sprint(codePeriod)}, "digits": {"6"}, "algorithm": {"SHA1"}}
	uri := "otpauth://totp/" + issuer + ":" + url.PathEscape(handle) + "?" + q.Encode()
	square, err := NewQR(uri)
	if err != nil {
		return Enrolment{}, err
	}
	var groups []string
	for rest := secret; rest != ""; {
		n := min(4, len(rest))
		groups = append(groups, rest[:n])
		rest = rest[n:]
	}
	return Enrolment{Secret: strings.Join(groups, " "), URI: uri, QR: square}, nil
}
