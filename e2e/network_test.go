package e2e

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ronde/channel/discord/discordtest"
	"ronde/channel/mastodon/mastodontest"
	"ronde/channel/telegram/telegramtest"
	"ronde/channel/twitch/twitchtest"
	"ronde/channel/whatsapp/whatsapptest"
)

// comesWithin is how long a message may be on its way between a network and
// the program: a binary with the race detector, on a busy machine.
const comesWithin = 40 * time.Second

// world is the networks outside, played by servers of their published
// protocols. They live on when the program dies.
type world struct {
	telegram *telegramtest.Network
	mastodon *mastodontest.Server
	whatsapp *whatsapptest.Network
	discord  *discordtest.Network
	twitch   *twitchtest.Network
	last     map[string]string // id of the newest message, by network and who wrote it
}

// rows are the channels' configuration of a story: one row a network.
const rows = `[[channel]]
name = "telegram"
kind = "telegram"
account = "@valombre_patrouille_bot"
language = "fr"
keep = 30
options = { server = "%s" }
secrets = { token = "telegram.token" }

[[channel]]
name = "mastodon"
kind = "mastodon"
account = "@patrouille@place.valombre.example"
language = "fr"
options = { server = "%s" }
secrets = { token = "mastodon.token" }

[[channel]]
name = "whatsapp"
kind = "whatsapp"
account = "+33 1 99 00 00 00"
language = "fr"
options = { server = "%s", id = "%s" }
secrets = { token = "whatsapp.token", app_secret = "whatsapp.app", verify = "whatsapp.verify" }

[[channel]]
name = "discord"
kind = "discord"
account = "Patrouille de Valombre"
language = "fr"
options = { server = "%s" }
secrets = { token = "discord.token" }

[[channel]]
name = "twitch"
kind = "twitch"
account = "brume_bot"
language = "fr"
options = { server = "%s", channel = "police_brume", hear = "called" }
secrets = { token = "twitch.token" }

[[channel]]
name = "portal"
kind = "portal"
keep = 60
`

// networksCmd: networks begin: plays five networks and writes channels.toml
// with its secrets; $LOCAL are their addresses.
func networksCmd(ts *testscript.TestScript, _ bool, _ []string) {
	h := houseOf(ts)
	w := &world{telegram: telegramtest.New(), mastodon: mastodontest.New(), whatsapp: whatsapptest.New(),
		discord: discordtest.New(), twitch: twitchtest.New(), last: map[string]string{}}
	ts.Defer(func() {
		for _, end := range []interface{ CloseClientConnections() }{w.telegram, w.mastodon, w.whatsapp} {
			end.CloseClientConnections()
		}
		w.telegram.Close()
		w.mastodon.Close()
		w.whatsapp.Close()
		w.discord.Close()
		w.twitch.Close()
	})
	h.world = w
	portal, err := url.Parse("http://" + h.doors[0])
	ts.Check(err)
	calls := httputil.NewSingleHostReverseProxy(portal)
	calls.ErrorLog = log.New(io.Discard, "", 0) // the program dies now and then
	w.whatsapp.Caller.Serve(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		r.URL.Path = "/hooks/whatsapp/"
		calls.ServeHTTP(out, r)
	}))
	ts.Check(os.WriteFile(filepath.Join(h.work, "channels.toml"), fmt.Appendf(nil, rows, w.telegram.URL, w.mastodon.URL, w.whatsapp.URL, whatsapptest.Number, w.discord.URL, w.twitch.URL), 0o644))
	for file, secret := range map[string]string{"telegram.token": telegramtest.Token, "mastodon.token": of(w.mastodon.Secret("token")),
		"whatsapp.token": of(w.whatsapp.Secret("token")), "whatsapp.app": whatsapptest.AppSecret, "whatsapp.verify": whatsapptest.Verify,
		"discord.token": discordtest.Token, "twitch.token": twitchtest.Token} {
		ts.Check(os.WriteFile(filepath.Join(h.work, file), []byte(secret+"\n"), 0o600))
	}
	var local []string
	for _, address := range []string{w.telegram.URL, w.mastodon.URL, w.whatsapp.URL, w.discord.URL, w.twitch.URL} {
		local = append(local, strings.TrimPrefix(address, "http://"))
	}
	ts.Setenv("LOCAL", strings.Join(local, ","))
}

func of(secret string, _ error) string { return secret }

// networkCmd: telegram|mastodon|whatsapp|discord|twitch writes|edits|deletes|blocks
// WHO [TEXT] · shows WHO PATTERN… (each exactly once) · telegram expires|renews
// · whatsapp repeats.
func networkCmd(network string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		w := houseOf(ts).world
		switch args[0] {
		case "writes":
			w.last[network+args[1]] = w.write(network, args[1], args[2])
		case "edits":
			w.edit(ts, network, w.last[network+args[1]], args[2])
		case "deletes":
			w.remove(network, w.last[network+args[1]])
		case "blocks":
			w.telegram.Block(args[1])
		case "expires":
			w.telegram.Expire()
		case "renews":
			ts.Check(os.WriteFile(filepath.Join(houseOf(ts).work, "telegram.token"), []byte(telegramtest.Second+"\n"), 0o600))
		case "repeats":
			w.whatsapp.Caller.Again()
		case "shows":
			check(ts, neg, w.shows(network, args[1], args[2:], neg))
		default:
			ts.Fatalf("%s: %s?", network, args[0])
		}
	}
}

func (w *world) write(network, who, text string) string {
	switch network {
	case "telegram":
		return w.telegram.Write(telegramtest.Message{From: who, Text: text})
	case "mastodon":
		return w.mastodon.Write(mastodontest.Status{From: who, Text: text}, false)
	case "discord":
		return w.discord.Write(discordtest.Message{From: who, Text: text})
	case "twitch":
		w.twitch.Listened(comesWithin) // else it is lost, as on Twitch
		return w.twitch.Write(who, text, "")
	}
	id, event := w.whatsapp.Write(who, text, "", nil)
	w.whatsapp.Deliver(who, event)
	return id
}

func (w *world) remove(network, id string) {
	switch network {
	case "mastodon":
		w.mastodon.Delete(id)
	case "discord":
		w.discord.Delete(id)
	case "twitch":
		w.twitch.Delete(id)
	}
}

func (w *world) edit(ts *testscript.TestScript, network, id, text string) {
	switch network {
	case "telegram":
		w.telegram.Edit(id, text)
	case "mastodon":
		w.mastodon.Edit(id, text)
	case "discord":
		w.discord.Edit(id, text)
	default:
		ts.Fatalf("%s tells no edits", network)
	}
}

// got is what somebody sees of ours.
func (w *world) got(network, who string) (texts []string) {
	switch network {
	case "telegram":
		for _, m := range w.telegram.Got(who) {
			texts = append(texts, m.Text)
		}
	case "mastodon":
		for _, p := range w.mastodon.Got(who) {
			texts = append(texts, p.Text)
		}
	case "whatsapp":
		for _, m := range w.whatsapp.Got(who) {
			texts = append(texts, m.Text)
		}
	case "discord":
		for _, m := range w.discord.Got(who) {
			texts = append(texts, m.Text)
		}
	case "twitch":
		for _, m := range w.twitch.Got() {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// shows waits until somebody sees a text of ours, exactly so often as it is
// said; with neg it looks once.
func (w *world) shows(network, who string, patterns []string, neg bool) error {
	late := time.Now().Add(comesWithin)
	for {
		all := strings.Join(w.got(network, who), "\n")
		var missing string
		for _, p := range patterns {
			if n := len(regexp.MustCompile(p).FindAllString(all, -1)); n != 1 {
				missing = fmt.Sprintf("%s sees %q %d times on %s: %q", who, p, n, network, all)
			}
		}
		if missing == "" {
			return nil
		}
		if neg || time.Now().After(late) {
			return fmt.Errorf("%s", missing)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
