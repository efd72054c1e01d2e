package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"ronde/lexicon/lexbench"
)

// pages asks for one page again and again, on both doors.
func (b *houseBench) pages() error {
	visitor := newVisitor(b.house.ready.Portal, 0)
	rate, err := b.repeat(visitor, "/")
	if err != nil {
		return err
	}
	b.add("portal home, pages", "", "%s a second", grouped(rate))
	officer := newVisitor(b.house.ready.Workbench, 0)
	if err := officer.signIn(b.house.ready.People, "noor"); err != nil {
		return err
	}
	if rate, err = b.repeat(officer, "/inbox"); err != nil {
		return err
	}
	b.add("workbench inbox, signed in, pages", "", "%s a second", grouped(rate))
	return nil
}

// repeat gets a path from several connections and returns answers a second.
// An answer other than 200 ends it: a refusal is fast and would look good.
func (b *houseBench) repeat(v *visitor, path string) (perSecond float64, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(b.Seconds)*time.Second)
	defer cancel()
	var done atomic.Int64
	failed := make(chan error, b.Clients)
	var all sync.WaitGroup
	began := time.Now()
	for range b.Clients {
		all.Go(func() {
			for ctx.Err() == nil {
				if _, err := v.get(path); err != nil {
					failed <- err
					cancel()
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	select {
	case err := <-failed:
		return 0, err
	default:
		return float64(done.Load()) / took.Seconds(), nil
	}
}

// perAddress is how many messages one address may send before the desk slows
// it down; loopback has addresses enough.
const perAddress = 25

// messages fetches the form and sends it, as a citizen without JavaScript
// does; each is durable, sealed and in the ledger before the answer.
func (b *houseBench) messages() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(b.Seconds)*time.Second)
	defer cancel()
	var next, done atomic.Int64
	failed := make(chan error, b.Clients)
	var all sync.WaitGroup
	began := time.Now()
	for range b.Clients {
		all.Go(func() {
			var v *visitor
			for ctx.Err() == nil {
				n := next.Add(1)
				if n > int64(b.Messages) {
					return
				}
				if v == nil || v.sent == perAddress {
					v = newVisitor(b.house.ready.Portal, int(n))
				}
				if err := v.write(fmt.Sprintf("Bonjour, message de mesure numéro %d : à qui m’adresser pour un faux compte ?", n)); err != nil {
					failed <- err
					cancel()
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	select {
	case err := <-failed:
		return err
	default:
	}
	b.add("messages through the portal's form (form fetched, sent, kept)", "", "%s a second", grouped(float64(done.Load())/took.Seconds()))
	return nil
}

// stream sends made posts to the partners' door; the answer comes after the
// last verdict.
func (b *houseBench) stream() error {
	if b.house.ready.Partner == "" {
		b.add("posts through POST /api/v1/posts", "50 000 a second", "not measured: the partners' door is not open")
		return nil
	}
	var body bytes.Buffer
	if err := lexbench.Posts(7, b.Posts, nil, &body, nil); err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, b.house.ready.Partner+"/api/v1/posts", &body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+b.house.ready.Stream)
	req.Header.Set("Content-Type", "application/x-ndjson")
	began := time.Now()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	took := time.Since(began)
	var answer struct {
		Read    int `json:"read"`
		Flagged int `json:"flagged"`
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the partners' door answered %s: %s", resp.Status, text)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return err
	}
	if answer.Read != b.Posts {
		return fmt.Errorf("%d of %d posts were read: %s", answer.Read, b.Posts, text)
	}
	b.add(fmt.Sprintf("posts through POST /api/v1/posts, %s in one stream, to the verdict", grouped(float64(b.Posts))), "50 000 a second",
		"%s a second, %d alerts sealed and kept", grouped(float64(answer.Read)/took.Seconds()), answer.Flagged)
	return nil
}

// write sends one message by the form.
func (v *visitor) write(text string) error {
	page, err := v.get("/write")
	if err != nil {
		return err
	}
	answer, err := v.post("/write/send", page, url.Values{"identity": {"anonymous"}, "message": {text}, "tongue": {"fr"}})
	if err != nil {
		return err
	}
	v.sent++
	if !returnCode.Match(answer) {
		return fmt.Errorf("the portal gave no return code:\n%s", answer)
	}
	return nil
}
