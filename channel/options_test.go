package channel

import (
	"strings"
	"testing"

	"ronde/internal/errs"
)

func TestSettingNamesWhatIsWrong(t *testing.T) {
	needs := Needs{Options: []string{"server", "poll"}, Secrets: []string{"token"}, May: []string{"extra"}}
	row := func(options, secrets map[string]string) Setting {
		return Setting{Name: "brume", Options: options, Secrets: secrets}
	}
	good := row(map[string]string{"poll": "7"}, map[string]string{"token": "t", "extra": "e"})
	if err := good.Check(needs); err != nil {
		t.Error(err)
	}
	for what, s := range map[string]Setting{
		`"sever"`: row(map[string]string{"sever": "x"}, map[string]string{"token": "t"}),
		`"tokn"`:  row(nil, map[string]string{"token": "t", "tokn": "t"}),
		`missing`: row(nil, nil),
	} {
		if err := s.Check(needs); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), `"brume"`) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n, err := good.Number("poll", 3, 1, 9); n != 7 || err != nil {
		t.Error(n, err)
	}
	if n, err := good.Number("other", 3, 1, 9); n != 3 || err != nil {
		t.Error(n, err)
	}
	if _, err := good.Number("poll", 3, 8, 9); err == nil {
		t.Error("out of bounds")
	}
	if _, err := good.Choice("poll", "a", "b"); err == nil {
		t.Error("no choice")
	}
	if v, err := good.Choice("read", "a", "b"); v != "a" || err != nil {
		t.Error(v, err)
	}
}
