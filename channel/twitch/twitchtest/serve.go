package twitchtest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
)

func (n *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	hang, token := n.hang, n.token
	n.mu.Unlock()
	if hang {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		return
	}
	switch r.URL.Path {
	case "/irc":
		n.irc(w, r)
		return
	case "/oauth2/validate":
		n.validate(w, r)
		return
	case "/oauth2/token":
		n.exchange(w, r)
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+token || r.Header.Get("Client-Id") != Client {
		fail(w, http.StatusUnauthorized, "Invalid OAuth token")
		return
	}
	switch r.URL.Path {
	case "/helix/users":
		data := []any{}
		if r.URL.Query().Get("login") == Channel {
			data = append(data, map[string]any{"id": Room, "login": Channel, "display_name": "Police_Brume"})
		}
		answer(w, map[string]any{"data": data})
	case "/helix/chat/messages":
		n.post(w, r)
	default:
		fail(w, http.StatusNotFound, "")
	}
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]any{"error": http.StatusText(status), "status": status, "message": text})
}

func (n *Network) validate(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if r.Header.Get("Authorization") != "OAuth "+n.token {
		fail(w, http.StatusUnauthorized, "invalid access token")
		return
	}
	answer(w, map[string]any{"client_id": Client, "login": Bot, "scopes": n.scopes, "user_id": BotID, "expires_in": 14124})
}

func (n *Network) exchange(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if r.FormValue("grant_type") != "refresh_token" || r.FormValue("refresh_token") != Refresh || r.FormValue("client_id") != Client || r.FormValue("client_secret") != Secret {
		fail(w, http.StatusBadRequest, "Invalid refresh token")
		return
	}
	answer(w, map[string]any{"access_token": Third, "refresh_token": Refresh, "expires_in": 14124, "scope": n.scopes, "token_type": "bearer"})
}

func (n *Network) post(w http.ResponseWriter, r *http.Request) {
	var p struct {
		Room    string `json:"broadcaster_id"`
		Sender  string `json:"sender_id"`
		Message string `json:"message"`
		ReplyTo string `json:"reply_parent_message_id"`
	}
	err := json.NewDecoder(r.Body).Decode(&p)
	n.mu.Lock()
	defer n.mu.Unlock()
	left := time.Until(n.busy)
	switch {
	case left > 0:
		w.Header().Set("Ratelimit-Limit", "20")
		w.Header().Set("Ratelimit-Remaining", "0")
		w.Header().Set("Ratelimit-Reset", strconv.FormatInt(n.busy.Unix()+1, 10))
		fail(w, http.StatusTooManyRequests, "")
	case err != nil || p.Room != Room || p.Sender != BotID || p.Message == "":
		fail(w, http.StatusBadRequest, "")
	case utf8.RuneCountInString(p.Message) > 500:
		fail(w, http.StatusUnprocessableEntity, "The message is too large")
	case n.drop != "":
		answer(w, map[string]any{"data": []any{map[string]any{"message_id": "", "is_sent": false, "drop_reason": map[string]any{"code": n.drop, "message": "played"}}}})
	default:
		id := n.say(BotID, Bot, Bot, p.Message, p.ReplyTo)
		n.got = append(n.got, Got{id, p.Message, p.ReplyTo})
		if held := n.held; held != nil {
			n.mu.Unlock()
			<-held
			n.mu.Lock()
		}
		answer(w, map[string]any{"data": []any{map[string]any{"message_id": id, "is_sent": true}}})
	}
}

// irc serves one connection.
func (n *Network) irc(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer ws.CloseNow()
	c := &chat{ws: ws}
	n.set(func() { n.chats = append(n.chats, c) })
	defer n.set(func() { n.chats = slices.DeleteFunc(n.chats, func(other *chat) bool { return other == c }) })
	for {
		_, b, err := ws.Read(r.Context())
		if err != nil {
			return
		}
		for line := range strings.SplitSeq(strings.TrimSpace(string(b)), "\r\n") {
			if !n.hear(c, line) {
				return
			}
		}
	}
}

func (n *Network) hear(c *chat, line string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "CAP":
		c.caps = strings.Contains(rest, "twitch.tv/tags") && strings.Contains(rest, "twitch.tv/commands")
		c.write(":tmi.twitch.tv CAP * ACK :twitch.tv/commands twitch.tv/tags")
	case "PASS":
		c.token = rest
	case "NICK":
		return n.welcome(c, rest)
	case "JOIN":
		n.join(c, rest)
	case "PONG":
		n.pongs++
	case "PING":
		if !n.mute {
			c.write(":tmi.twitch.tv PONG tmi.twitch.tv " + rest)
		}
	}
	return true
}

func (n *Network) welcome(c *chat, login string) bool {
	switch {
	case !strings.HasPrefix(c.token, "oauth:"):
		c.write(":tmi.twitch.tv NOTICE * :Improperly formatted auth")
		return false
	case c.token != "oauth:"+n.token || login != Bot:
		c.write(":tmi.twitch.tv NOTICE * :Login authentication failed")
		return false
	}
	c.login = login
	var lines []string
	for _, l := range []string{"001 " + login + " :Welcome, GLHF!", "002 " + login + " :Your host is tmi.twitch.tv", "375 " + login + " :-", "372 " + login + " :You are in a maze of twisty passages.", "376 " + login + " :>"} {
		lines = append(lines, ":tmi.twitch.tv "+l)
	}
	c.write(append(lines, "@badge-info=;badges=;color=;display-name="+login+";user-id="+BotID+" :tmi.twitch.tv GLOBALUSERSTATE", "PING :tmi.twitch.tv")...)
	return true
}

func (n *Network) join(c *chat, room string) {
	switch {
	case c.login == "" || room != "#"+Channel:
		return // as Twitch does: no word
	case n.refused != "":
		c.write("@msg-id=" + n.refused + " :tmi.twitch.tv NOTICE " + room + " :You are permanently banned from talking in " + Channel + ".")
		return
	}
	n.joins++
	c.joined = true
	state := "@badge-info=;badges=;display-name=" + c.login + ";mod=0 :tmi.twitch.tv USERSTATE " + room
	c.write(
		":"+c.login+"!"+c.login+"@"+c.login+".tmi.twitch.tv JOIN "+room,
		":"+c.login+".tmi.twitch.tv 353 "+c.login+" = "+room+" :"+c.login, ":"+c.login+".tmi.twitch.tv 366 "+c.login+" "+room+" :End of /NAMES list",
		state, "@emote-only=0;followers-only=-1;r9k=0;room-id="+Room+";slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE "+room,
	)
}
