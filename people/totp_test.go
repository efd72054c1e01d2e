package people

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
)

// The secret and times of RFC 6238 appendix B; our codes are the last six of
// its eight digits.
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func TestCodesOfTheStandard(t *testing.T) {
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got, err := Code(rfcSecret, at*1_000_000); err != nil || got != want {
			t.Errorf("at %d: %s %v, want %s", at, got, err, want)
		}
	}
}

func TestCodeIsGoodForOnePeriodAround(t *testing.T) {
	at := int64(1111111111) * 1_000_000
	code, _ := Code(rfcSecret, at)
	for off, want := range map[time.Duration]bool{0: true, 30 * time.Second: true, -30 * time.Second: true, 90 * time.Second: false, -90 * time.Second: false} {
		n, ok := matchStep(rfcSecret, code, at+off.Microseconds())
		if ok != want || ok && n != step(at) {
			t.Errorf("%v later: %v, period %d", off, ok, n)
		}
	}
	if _, ok := matchStep(rfcSecret, code[:3]+" "+code[3:], at); !ok {
		t.Error("a code typed in two groups is refused")
	}
	for _, bad := range []string{"", "1", "abcdef", code + "1", strings.Repeat("9", 1000)} {
		if _, ok := matchStep(rfcSecret, bad, at); ok {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestEnrolmentIsWhatAuthenticatorsRead(t *testing.T) {
	e, err := newEnrolment(rfcSecret, "P-10000")
	if err != nil {
		t.Fatal(err)
	}
	key, err := otp.NewKeyFromURL(e.URI)
	if err != nil || key.Secret() != rfcSecret || key.AccountName() != "P-10000" || key.Issuer() != "Ronde" || key.Period() != 30 {
		t.Errorf("%s: %v", e.URI, err)
	}
	if strings.ReplaceAll(e.Secret, " ", "") != rfcSecret {
		t.Error(e.Secret)
	}
	// The three corners of a QR code are 7 by 7 squares with a light ring.
	for _, corner := range []string{"M4 4h1", "M10 4h1", "M4 10h1", "M7 7h1"} {
		if !strings.Contains(e.QR.Path, corner) {
			t.Errorf("no dark module at %s", corner)
		}
	}
	if strings.Contains(e.QR.Path, "M5 5h1") || e.QR.Size < 21+8 || strings.Count(e.QR.Text, "\n") < 12 {
		t.Errorf("size %d", e.QR.Size)
	}
}
