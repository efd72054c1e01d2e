package twitch_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"ronde/channel/twitch"
)

// Lines as Twitch's guide shows them, and as RFC 1459 and IRCv3 allow them.
func TestParse(t *testing.T) {
	for _, c := range []struct {
		line, nick, command string
		params              []string
		tags                map[string]string
	}{
		{"PING :tmi.twitch.tv", "", "PING", []string{"tmi.twitch.tv"}, nil},
		{":tmi.twitch.tv NOTICE * :Login authentication failed\r\n", "tmi.twitch.tv", "NOTICE", []string{"*", "Login authentication failed"}, nil},
		{
			`@badge-info=;badges=turbo/1;id=b34c;display-name=ro\sn\:ni\\;x :ronni!ronni@ronni.tmi.twitch.tv PRIVMSG #ronni :Kappa :) a`, "ronni", "PRIVMSG",
			[]string{"#ronni", "Kappa :) a"}, map[string]string{"badge-info": "", "badges": "turbo/1", "id": "b34c", "display-name": `ro n;ni\`, "x": ""},
		},
		{"@a=b\\   :x  privmsg   #c   d ", "x", "PRIVMSG", []string{"#c", "d"}, map[string]string{"a": "b"}},
		{":tmi.twitch.tv CLEARCHAT #dallas", "tmi.twitch.tv", "CLEARCHAT", []string{"#dallas"}, nil},
		{"A " + strings.Repeat("p ", 20), "", "A", slices.Repeat([]string{"p"}, 15), nil},
		{"PRIVMSG #c :", "", "PRIVMSG", []string{"#c", ""}, nil},
	} {
		tags, nick, command, params, ok := twitch.Parse(c.line)
		if !ok || nick != c.nick || command != c.command || !slices.Equal(params, c.params) || !maps.Equal(tags, c.tags) {
			t.Errorf("%q is %q %q %q %v", c.line, nick, command, params, tags)
		}
	}
	for _, line := range []string{"", "@", "@a=b", ":x", "@a=b :x", "PRIVMSG #c :a\nQUIT", "P \x00", "P " + strings.Repeat("x", 17<<10)} {
		if _, _, command, _, ok := twitch.Parse(line); ok {
			t.Errorf("%.40q was read as %q", line, command)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`@id=1;user-id=3;room-id=2;tmi-sent-ts=9;badges=bot-badge/1 :a!a@a PRIVMSG #c :hello`)
	f.Add("@target-msg-id=1 :t CLEARMSG #c :hello\n@target-user-id=3 :t CLEARCHAT #c :a")
	f.Add("@id=2;user-id=1;room-id=2 :a USERNOTICE #c :\x01ACTION x\x01")
	f.Fuzz(func(t *testing.T, lines string) {
		for _, a := range twitch.Said(strings.Split(lines, "\n")) {
			if err := a.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
