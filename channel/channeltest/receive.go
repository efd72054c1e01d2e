package channeltest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ronde/channel"
)

// written finds the arrivals that hold the text.
func written(kept []channel.Arrival, text string) []channel.Arrival {
	var out []channel.Arrival
	for _, a := range kept {
		if a.What == channel.Written && holds(a.Text, text) {
			out = append(out, a)
		}
	}
	return out
}

// holds compares whole words: "quince 1" is not in "quince 12".
func holds(text, want string) bool {
	return strings.Contains(text+" ", want+" ") || strings.Contains(text+"\n", want+"\n")
}

// arrive waits until every text is there, and fails on one that is there twice.
func (b *bench) arrive(texts ...string) []channel.Arrival {
	b.t.Helper()
	kept := b.desk.wait(b.Patience, fmt.Sprintf("%d messages", len(texts)), func(kept []channel.Arrival) bool {
		return !slices.ContainsFunc(texts, func(s string) bool { return len(written(kept, s)) == 0 })
	})
	var out []channel.Arrival
	for _, s := range texts {
		found := written(kept, s)
		if len(found) != 1 {
			b.t.Errorf("one message arrived %d times under different IDs: %s", len(found), outline(found))
		}
		out = append(out, found[0])
	}
	return out
}

// hello makes somebody write, and returns what arrived: whom to answer.
func (b *bench) hello(who string) channel.Arrival {
	b.t.Helper()
	return b.arrive(b.write(who))[0]
}

func order(b *bench) {
	b.start()
	var texts []string
	for i := range 12 {
		texts = append(texts, b.write([]string{"ada", "bo"}[i%2]))
	}
	b.arrive(texts...)
	b.inOrder(texts)
	for _, a := range b.desk.kept {
		if a.Author.ID == "" && a.Author.Handle == "" && a.Author.Address == "" {
			b.t.Errorf("an arrival without an author")
		}
	}
}

// inOrder wants each person's messages in the order in which they were
// written, and all of them when the network has one order.
func (b *bench) inOrder(texts []string) {
	b.t.Helper()
	at := map[string]int{}
	for _, a := range b.desk.wait(b.Patience, "arrivals", func([]channel.Arrival) bool { return true }) {
		for i, s := range texts {
			if a.What != channel.Written || !holds(a.Text, s) {
				continue
			}
			who := a.Author.ID + a.Author.Address
			if last, ok := at[who]; ok && i < last {
				b.t.Errorf("message %d of the same person arrived after message %d", i, last)
			}
			at[who] = i
		}
	}
}

func threads(b *bench) {
	b.start()
	ada, bo := b.hello("ada"), b.hello("bo")
	if ada.Author.ID == bo.Author.ID && ada.Author.Address == bo.Author.Address {
		b.t.Error("two people are one author")
	}
	if !b.line.Limits().Public && ada.Thread == bo.Thread {
		b.t.Error("two people are in one conversation")
	}
	if b.line.Limits().Public != ada.Public {
		b.t.Errorf("the limits say public %v, the arrival %v", b.line.Limits().Public, ada.Public)
	}
}

func replies(b *bench) {
	b.start()
	first := b.hello("ada")
	s := b.text()
	b.Write(b.t, Message{From: "ada", Text: s, ReplyTo: first.ID})
	second := b.arrive(s)[0]
	if second.ReplyTo != first.ID || second.Thread != first.Thread {
		b.t.Errorf("an answer to %q in thread %q arrived as one to %q in %q", first.ID, first.Thread, second.ReplyTo, second.Thread)
	}
}

func away(b *bench) {
	b.start()
	var texts []string
	for range 3 {
		for range 3 {
			texts = append(texts, b.write("ada"))
		}
		b.arrive(texts...)
		b.halt()
		for range 3 {
			texts = append(texts, b.write("ada"))
		}
		b.start()
	}
	b.arrive(texts...)
	b.inOrder(texts)
}

// deaths kills the program at every point around take, message by message.
func deaths(b *bench) {
	b.start()
	b.halt()
	var texts []string
	for _, how := range []death{refuses, unheard, struck, finished} {
		for range 3 {
			texts = append(texts, b.write("ada"))
		}
		b.desk.mu.Lock()
		b.desk.next = []death{how}
		b.desk.mu.Unlock()
		b.begin()
		b.desk.wait(b.Patience, "a batch at which the program dies", func([]channel.Arrival) bool { return len(b.desk.next) == 0 })
		b.halt()
	}
	b.start()
	b.arrive(texts...)
	b.inOrder(texts)
}

func handedBack(b *bench) {
	b.start()
	b.desk.mu.Lock()
	b.desk.next = []death{refuses}
	b.desk.mu.Unlock()
	b.arrive(b.write("ada"))
	if _, ok := b.line.(channel.Hooked); ok {
		return // the network heard of it, and called again
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.ContainsFunc(b.errs, func(err error) bool { return errors.As(err, &errTake{}) }) {
		b.t.Errorf("take failed, and Receive did not return its error but %v", b.errs)
	}
}

func dropped(b *bench) {
	b.start()
	texts := []string{b.write("ada"), b.write("ada")}
	b.arrive(texts...)
	b.Drop(b.t)
	for range 3 {
		texts = append(texts, b.write("ada"))
	}
	b.arrive(texts...)
	b.desk.mu.Lock()
	b.desk.onTake = func() { b.Drop(b.t) }
	b.desk.mu.Unlock()
	for range 4 {
		texts = append(texts, b.write("ada"))
	}
	b.arrive(texts...)
	b.inOrder(texts)
}

func badMark(b *bench) {
	for _, mark := range []string{`"nonsense"`, `{"a":[{}],"uid":-1,"id":"../x"}`, `[]`, `0`} {
		b.desk.mark = channel.Mark(mark)
		b.begin()
		for end := time.Now().Add(b.Patience); ; time.Sleep(pause) {
			b.desk.mu.Lock()
			greeted := b.desk.greeted
			b.desk.mu.Unlock()
			b.mu.Lock()
			refused := len(b.errs) > 0
			b.errs = nil
			b.mu.Unlock()
			if greeted || refused {
				break
			}
			if time.Now().After(end) {
				b.t.Fatalf("with the mark %s the line neither began nor returned an error", mark)
			}
		}
		b.halt()
	}
}

func forgotten(b *bench) {
	b.start()
	b.hello("ada")
	b.halt()
	b.write("ada")
	b.Forget(b.t)
	b.begin()
	b.why(channel.Forgotten)
	b.halt()
	b.desk.mark = nil // what the caller does, after it counted the gap
	b.start()
	b.hello("ada")
}

func again(b *bench) {
	b.start()
	texts := []string{b.write("ada"), b.write("bo")}
	b.arrive(texts...)
	b.Again(b.t)
	b.Again(b.t)
	b.arrive(append(texts, b.write("ada"))...)
}

func shuffled(b *bench) {
	b.start()
	first, second := b.text(), b.text()
	b.Shuffle(b.t, Message{From: "ada", Text: first}, Message{From: "ada", Text: second})
	b.arrive(first, second)
	b.halt()
	third := b.write("ada")
	b.start()
	b.arrive(first, second, third)
}

func garbage(b *bench) {
	b.start()
	b.hello("ada")
	b.Garbage(b.t)
	b.hello("ada")
}

// about waits for an arrival of a kind about a message.
func (b *bench) about(what string, fits func(channel.Arrival) bool) channel.Arrival {
	b.t.Helper()
	var found channel.Arrival
	b.desk.wait(b.Patience, "an arrival of the kind "+what, func(kept []channel.Arrival) bool {
		i := slices.IndexFunc(kept, func(a channel.Arrival) bool { return a.What == what && fits(a) })
		if i >= 0 {
			found = kept[i]
		}
		return i >= 0
	})
	return found
}

func edits(b *bench) {
	b.start()
	a := b.hello("ada")
	s := b.text()
	b.Edit(b.t, a.ID, s)
	e := b.about(channel.Edited, func(e channel.Arrival) bool { return e.ID == a.ID })
	if !holds(e.Text, s) || e.Thread != a.Thread {
		b.t.Errorf("the edit arrived in thread %q with another text", e.Thread)
	}
}

func deletes(b *bench) {
	b.start()
	a := b.hello("ada")
	b.Delete(b.t, a.ID)
	d := b.about(channel.Deleted, func(d channel.Arrival) bool { return d.ID == a.ID })
	if d.Thread != a.Thread {
		b.t.Errorf("the deletion arrived in thread %q, the message in %q", d.Thread, a.Thread)
	}
}

func readings(b *bench) {
	b.start()
	a := b.hello("ada")
	sent := b.answer(a, "k1", b.text())
	b.Read(b.t, "ada", sent.ID)
	b.about(channel.Read, func(r channel.Arrival) bool { return r.Thread == a.Thread && (r.ID == sent.ID || r.ID == "") })
}

func machine(b *bench) {
	b.start()
	s := b.text()
	b.Write(b.t, Message{From: "ada", Text: s, Automatic: true})
	if a := b.arrive(s)[0]; !a.Automatic {
		b.t.Error("a machine's message is not marked: two machines could answer each other without end")
	}
	if a := b.hello("ada"); a.Automatic {
		b.t.Error("a person's message is marked as a machine's")
	}
}
