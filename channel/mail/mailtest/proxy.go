package mailtest

import (
	"bufio"
	"bytes"
	"net"
	"strings"
	"sync"
	"testing"
)

// Proxy stands between a line and a server, and can cut, fall silent, or answer
// in the server's place.
type Proxy struct {
	Address string

	target string
	mu     sync.Mutex // guards all below
	open   map[net.Conn]bool
	silent bool
	answer map[string]string // beginning of a client's line → what it hears instead, once
	hidden string            // what the server says of itself and the client does not hear
}

// NewProxy stands before an address until the test ends.
func NewProxy(tb testing.TB, target string) *Proxy {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{Address: l.Addr().String(), target: target, open: map[net.Conn]bool{}, answer: map[string]string{}}
	tb.Cleanup(func() { l.Close(); p.Cut() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

// Cut closes every connection; the next one is served.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		c.Close()
	}
}

// Hush takes connections from now on and answers nothing.
func (p *Proxy) Hush() {
	p.mu.Lock()
	p.silent = true
	p.mu.Unlock()
	p.Cut()
}

// Answer says what a client hears, once, to a line that begins so; the server
// does not get the line.
func (p *Proxy) Answer(line, answer string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer[line] = answer
}

// Hide takes a word out of what the server says of itself.
func (p *Proxy) Hide(word string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hidden = word
}

// said is what a client hears of the server's words.
func (p *Proxy) said(b []byte) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hidden == "" || !bytes.Contains(b, []byte("CAPABILITY")) {
		return b
	}
	return bytes.ReplaceAll(b, []byte(" "+p.hidden), nil)
}

func (p *Proxy) keep(c net.Conn, open bool) (silent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if delete(p.open, c); open {
		p.open[c] = true
	}
	return p.silent
}

func (p *Proxy) serve(client net.Conn) {
	defer client.Close()
	silent := p.keep(client, true)
	defer p.keep(client, false)
	if silent {
		_, _ = client.Read(make([]byte, 1)) // until it is cut
		return
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	p.keep(server, true)
	defer p.keep(server, false)
	go func() {
		defer client.Close()
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if _, werr := client.Write(p.said(buf[:n])); err != nil || werr != nil {
				return
			}
		}
	}()
	lines := bufio.NewReaderSize(client, 64<<10)
	for {
		line, err := lines.ReadSlice('\n')
		if said, ok := p.instead(string(line)); ok {
			_, _ = client.Write([]byte(said + "\r\n"))
			continue
		}
		if _, werr := server.Write(line); werr != nil || err != nil && err != bufio.ErrBufferFull {
			return
		}
	}
}

func (p *Proxy) instead(line string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for begin, said := range p.answer {
		if strings.HasPrefix(line, begin) {
			delete(p.answer, begin)
			return said, true
		}
	}
	return "", false
}
