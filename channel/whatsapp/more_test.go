package whatsapp_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"ronde/channel"
	"ronde/channel/whatsapp"
	"ronde/channel/whatsapp/whatsapptest"
	"ronde/internal/errs"
)

// A file is what the message named, or it is refused.
func TestOtherBytesThanNamedAreRefused(t *testing.T) {
	n := play(t, false)
	id := n.Keep(whatsapptest.File{Type: "image/png", Bytes: []byte("other")})
	var out bytes.Buffer
	for hash, want := range map[string]string{
		"2689367b205c16ce32ed4200942b8b8b1e262dfc70d9bc9fbc77c49699a4f1df": channel.Rejected, // of "ok"
		"not a hash": channel.Rejected, "": "", "2TgOh8mSuFR+nhoR9KNZxV8wvb1d8ASkNPwDHSCZWwA=": channel.Rejected,
	} {
		err := line(t, n).Fetch(t.Context(), channel.File{ID: id + "#" + hash}, &out)
		if (err != nil) != (want != "") || channel.WhyOf(err) != want {
			t.Errorf("%q: %v", hash, err)
		}
	}
	for _, bad := range []string{"", "7", "../x#h", "999#h"} {
		if err := line(t, n).Fetch(t.Context(), channel.File{ID: bad}, &out); channel.WhyOf(err) != channel.Gone {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestWhatDoesNotFitIsNotTried(t *testing.T) {
	n := play(t, false)
	phone, now := n.Phone("ada"), time.Now().UnixMicro()
	pdf := channel.File{Name: "a.pdf", Type: "application/pdf", Bytes: []byte("p")}
	for what, c := range map[string]struct {
		out  channel.Outgoing
		want string
	}{
		"two files":       {channel.Outgoing{Thread: phone, Files: []channel.File{pdf, pdf}}, channel.Rejected},
		"nothing":         {channel.Outgoing{Thread: phone}, channel.Rejected},
		"long caption":    {channel.Outgoing{Thread: phone, Text: strings.Repeat("x", 1025), Files: []channel.File{pdf}}, channel.TooLong},
		"large picture":   {channel.Outgoing{Thread: phone, Files: []channel.File{{Name: "a", Type: "image/png", Bytes: make([]byte, 5<<20+1)}}}, channel.TooLong},
		"another's words": {channel.Outgoing{Thread: "me/../x", Text: "x"}, channel.Gone},
		"a day later":     {channel.Outgoing{Thread: phone, Text: "x", Last: now - (24 * time.Hour).Microseconds()}, channel.Window},
	} {
		if _, err := line(t, n).Send(t.Context(), c.out); channel.WhyOf(err) != c.want {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := n.Got("ada"); len(got) != 0 {
		t.Errorf("sent %+v", got)
	}
}

func TestAnswersNameWhatTheyAnswer(t *testing.T) {
	for _, users := range []bool{false, true} {
		n := play(t, users)
		to := n.Phone("ada")
		if users {
			to = n.User("ada")
		}
		if _, err := line(t, n).Send(t.Context(), channel.Outgoing{Key: "k", Thread: to, ReplyTo: "wamid.1", Text: "oui"}); err != nil {
			t.Fatal(err)
		}
		if got := n.Got("ada"); len(got) != 1 || got[0].ReplyTo != "wamid.1" {
			t.Errorf("%+v", got)
		}
	}
}

func TestTokenOfAnotherNumberIsToldAtOnce(t *testing.T) {
	n := play(t, false)
	l, err := whatsapp.New(row(n, "id", "999"), n.Secret, channel.Means{Client: n.Client(), Now: func() int64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	err = l.Receive(t.Context(), nil, func(context.Context, []channel.Arrival, channel.Mark) error { t.Error("connected"); return nil })
	if channel.WhyOf(err) != channel.Rejected {
		t.Errorf("%v", err)
	}
}

func TestRowsAreChecked(t *testing.T) {
	n := play(t, false)
	for what, more := range map[string][]string{"id": {"id", "+33"}, "version": {"version", "25"}, "server": {"server", "x"}, "colour": {"colour", "blue"}, "app": {"app", "x|y"}} {
		_, err := whatsapp.New(row(n, more...), n.Secret, channel.Means{Client: n.Client()})
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
