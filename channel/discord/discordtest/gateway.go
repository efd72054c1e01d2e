package discordtest

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// write sends a frame; a connection that is gone shows when it is read.
func write(c *websocket.Conn, raw []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.Write(ctx, websocket.MessageText, raw)
}

// gateway serves one connection.
func (n *Network) gateway(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("v") != "10" {
		http.Error(w, "version", http.StatusBadRequest)
		return
	}
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer c.CloseNow()
	c.SetReadLimit(64 << 10)
	write(c, []byte(`{"op":10,"s":null,"t":null,"d":{"heartbeat_interval":`+strconv.FormatInt(n.beat.Milliseconds(), 10)+`}}`))
	for {
		_, raw, err := c.Read(r.Context())
		if err != nil {
			code := websocket.CloseStatus(err)
			n.gone(c, code == websocket.StatusNormalClosure || code == websocket.StatusGoingAway)
			return
		}
		var f struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if json.Unmarshal(raw, &f) != nil {
			c.Close(4002, "decode error")
			return
		}
		if !n.hear(c, f.Op, f.Data) {
			return
		}
	}
}

// gone leaves the session of a connection to be resumed, unless the bot said
// goodbye.
func (n *Network) gone(c *websocket.Conn, over bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.sessions {
		if s.conn == c {
			s.conn, s.over = nil, over
		}
	}
}

func (n *Network) hear(c *websocket.Conn, op int, data json.RawMessage) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch op {
	case 1:
		if !n.deaf {
			write(c, []byte(`{"op":11}`))
		}
		return true
	case 2:
		return n.identify(c, data)
	case 6:
		return n.resume(c, data)
	}
	go c.Close(4001, "unknown opcode")
	return false
}

func (n *Network) identify(c *websocket.Conn, data json.RawMessage) bool {
	var d struct {
		Token      string            `json:"token"`
		Intents    int               `json:"intents"`
		Properties map[string]string `json:"properties"`
	}
	_ = json.Unmarshal(data, &d)
	switch {
	case d.Token != n.token:
		c.Close(4004, "authentication failed")
		return false
	case d.Intents&(1<<15) != 0 && !n.content:
		c.Close(4014, "disallowed intents")
		return false
	case d.Intents&(1<<12) == 0, d.Properties["os"] == "":
		c.Close(4013, "invalid intents")
		return false
	}
	n.begun++
	s := &session{id: "session" + strconv.Itoa(n.begun), conn: c}
	n.sessions[s.id] = s
	s.tell("READY", map[string]any{
		"v": 10, "user": map[string]any{"id": Bot, "username": "brume-patrouille", "bot": true}, "session_id": s.id,
		"resume_gateway_url": "ws" + n.URL[len("http"):] + "/gateway", "guilds": []any{map[string]any{"id": Guild, "unavailable": true}}, "private_channels": []any{},
	})
	return true
}

func (n *Network) resume(c *websocket.Conn, data json.RawMessage) bool {
	var d struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int64  `json:"seq"`
	}
	_ = json.Unmarshal(data, &d)
	s := n.sessions[d.Session]
	switch {
	case d.Token != n.token:
		c.Close(4004, "authentication failed")
		return false
	case s == nil || s.over:
		write(c, []byte(`{"op":9,"d":false}`))
		return true
	case d.Seq > s.seq:
		c.Close(4007, "invalid seq")
		return false
	}
	s.conn = c
	for _, e := range s.events {
		if e["s"].(int64) <= d.Seq {
			continue
		}
		raw, err := json.Marshal(e)
		if err != nil {
			panic(err) // it was marshalled before
		}
		write(c, raw)
	}
	s.tell("RESUMED", map[string]any{})
	return true
}
