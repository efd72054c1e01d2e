package channeltest

import (
	"context"
	"errors"
	"strings"
	"time"

	"ronde/channel"
)

// outgoing is an answer to an arrival.
func (b *bench) outgoing(a channel.Arrival, key, text string) channel.Outgoing {
	return channel.Outgoing{
		Key: b.word + key, Thread: a.Thread, ReplyTo: a.ID, To: a.Author, Subject: a.Subject,
		Text: text, Last: time.Now().UnixMicro(),
	}
}

// answer sends, and fails the test when it cannot.
func (b *bench) answer(a channel.Arrival, key, text string) channel.Sent {
	b.t.Helper()
	sent, err := b.line.Send(b.t.Context(), b.outgoing(a, key, text))
	if err != nil {
		b.t.Fatalf("send: %v", err)
	}
	return sent
}

// refused sends, and wants the reason.
func (b *bench) refused(out channel.Outgoing, why string) *channel.Refusal {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), b.Patience)
	defer cancel()
	_, err := b.line.Send(ctx, out)
	if err != nil {
		b.note(err)
	}
	var r *channel.Refusal
	if !errors.As(err, &r) || r.Why != why {
		b.t.Fatalf("send was to be refused as %q and returned: %v", why, err)
	}
	return r
}

// shown waits until somebody sees n messages with the text, and fails on more.
func (b *bench) shown(who, text string, n int) []Got {
	b.t.Helper()
	var found []Got
	for end := time.Now().Add(b.Patience); ; time.Sleep(pause) {
		found = found[:0]
		for _, g := range b.Got(b.t, who) {
			if holds(g.Text, text) {
				found = append(found, g)
			}
		}
		if len(found) >= n || time.Now().After(end) {
			break
		}
	}
	if len(found) != n {
		b.t.Fatalf("%s sees the answer %d times, not %d", who, len(found), n)
	}
	return found
}

// silent wants that somebody does not see a text.
func (b *bench) silent(who, text string) {
	b.t.Helper()
	for _, g := range b.Got(b.t, who) {
		if holds(g.Text, text) {
			b.t.Errorf("%s sees an answer that was refused, or was for somebody else", who)
		}
	}
}

func receipt(b *bench) {
	b.start()
	ada, bo := b.hello("ada"), b.hello("bo")
	s := b.text()
	sent := b.answer(ada, "k1", s)
	if sent.ID == "" || len(sent.ID) > channel.MaxKey {
		b.t.Errorf("the receipt's id has %d bytes", len(sent.ID))
	}
	b.shown("ada", s, 1)
	if !b.line.Limits().Public {
		b.silent("bo", s)
	}
	other := b.answer(bo, "k2", b.text())
	if other.ID == sent.ID && ada.Thread == bo.Thread {
		b.t.Error("two messages have one id")
	}
	b.shown("ada", s, 1)
}

func once(b *bench) {
	b.start()
	a := b.hello("ada")
	out := b.outgoing(a, "k1", b.text())
	b.both(out)
}

// both sends twice under one key: one message, one receipt.
func (b *bench) both(out channel.Outgoing) {
	b.t.Helper()
	first, err := b.line.Send(b.t.Context(), out)
	if err != nil {
		b.t.Fatalf("send: %v", err)
	}
	out.Tried = time.Now().UnixMicro() - int64(time.Minute/time.Microsecond)
	second, err := b.line.Send(b.t.Context(), out)
	if err != nil {
		b.t.Fatalf("send again: %v", err)
	}
	if first.ID != second.ID {
		b.t.Errorf("one key has two receipts, %q and %q", first.ID, second.ID)
	}
	b.settled(out.Text)
}

// settled wants one message, also after one that was sent later has been seen.
func (b *bench) settled(text string) {
	b.t.Helper()
	last := b.text()
	b.answer(b.hello("ada"), "last", last)
	b.shown("ada", last, 1)
	b.shown("ada", text, 1)
}

func onceLater(b *bench) {
	b.start()
	a := b.hello("ada")
	out := b.outgoing(a, "k1", b.text())
	if _, err := b.line.Send(b.t.Context(), out); err != nil {
		b.t.Fatalf("send: %v", err)
	}
	b.halt()
	b.start()
	out.Tried = time.Now().UnixMicro() - int64(time.Minute/time.Microsecond)
	if _, err := b.line.Send(b.t.Context(), out); err != nil {
		b.t.Fatalf("send again after a restart: %v", err)
	}
	b.settled(out.Text)
}

func twice(b *bench) {
	b.start()
	a := b.hello("ada")
	s := b.text()
	first, second := b.answer(a, "k1", s), b.answer(a, "k2", s)
	if first.ID == second.ID {
		b.t.Error("two keys have one receipt")
	}
	b.shown("ada", s, 2)
}

func label(b *bench) {
	b.start()
	a := b.hello("ada")
	out := b.outgoing(a, "k1", b.text())
	out.Automatic = true
	if _, err := b.line.Send(b.t.Context(), out); err != nil {
		b.t.Fatalf("send: %v", err)
	}
	if !b.shown("ada", out.Text, 1)[0].Automatic {
		b.t.Error("an automatic answer is not marked as one")
	}
	s := b.text()
	b.answer(a, "k2", s)
	if b.shown("ada", s, 1)[0].Automatic {
		b.t.Error("a person's answer is marked as automatic")
	}
}

func busy(b *bench) {
	const after = 3 * time.Second
	b.start()
	a := b.hello("ada")
	out := b.outgoing(a, "k1", b.text())
	b.Busy(b.t, after)
	began := time.Now()
	r := b.refused(out, channel.Later)
	if took := time.Since(began); took > after {
		b.t.Errorf("the line waited %v by itself; waiting is the caller's", took)
	}
	if r.After != 0 && r.After < after-time.Second {
		b.t.Errorf("the network said to wait %v, the line says %v", after, r.After)
	}
	out.Tried = time.Now().UnixMicro()
	for end := time.Now().Add(after + b.Patience); ; time.Sleep(pause) {
		_, err := b.line.Send(b.t.Context(), out)
		if err == nil {
			break
		}
		if channel.WhyOf(err) != channel.Later || time.Now().After(end) {
			b.t.Fatalf("send after it was busy: %v", err)
		}
	}
	b.shown("ada", out.Text, 1)
}

func expired(b *bench) {
	b.start()
	a := b.hello("ada")
	b.Expire(b.t)
	b.refused(b.outgoing(a, "k1", b.text()), channel.Expired)
	if _, err := b.line.Test(b.t.Context()); channel.WhyOf(err) != channel.Expired {
		b.t.Errorf("the self-test with an expired credential returned: %v", err)
	} else {
		b.note(err)
	}
	if _, ok := b.line.(channel.Hooked); !ok {
		b.why(channel.Expired)
	}
}

func renewed(b *bench) {
	b.start()
	a := b.hello("ada")
	b.Expire(b.t)
	out := b.outgoing(a, "k1", b.text())
	b.refused(out, channel.Expired)
	b.Renew(b.t)
	if _, err := b.line.Send(b.t.Context(), out); err != nil {
		if _, err = b.line.Send(b.t.Context(), out); err != nil {
			b.t.Fatalf("send with a new credential: %v", err)
		}
	}
	b.shown("ada", out.Text, 1)
	b.hello("ada")
}

func left(b *bench) {
	b.start()
	a := b.hello("ada")
	b.Leave(b.t, "ada")
	sent, err := b.line.Send(b.t.Context(), b.outgoing(a, "k1", b.text()))
	if err != nil {
		b.note(err)
		if channel.WhyOf(err) != channel.Gone {
			b.t.Fatalf("send to somebody who left returned: %v", err)
		}
		return
	}
	f := b.about(channel.Failed, func(f channel.Arrival) bool { return f.ID == sent.ID })
	if f.Why != channel.Gone || f.Thread != a.Thread {
		b.t.Errorf("the message failed as %q in thread %q, not as %q in %q", f.Why, f.Thread, channel.Gone, a.Thread)
	}
}

func late(b *bench) {
	b.start()
	a := b.hello("ada")
	b.Late(b.t, "ada")
	out := b.outgoing(a, "k1", b.text())
	out.Last -= (b.line.Limits().Window + time.Hour).Microseconds()
	b.refused(out, channel.Window)
	b.silent("ada", out.Text)
}

func tooLong(b *bench) {
	runes := b.New(b.t).Limits().Runes
	if runes == 0 {
		b.t.Skip("the line's limits have no longest text")
	}
	b.start()
	a := b.hello("ada")
	mark := b.text()
	whole := mark + " " + strings.Repeat("é", runes-len(mark)-1)
	b.answer(a, "k1", whole)
	if got := b.shown("ada", mark, 1); !strings.Contains(got[0].Text, whole) {
		b.t.Errorf("a text of exactly %d letters was not sent whole", runes)
	}
	other := b.text()
	whole = other + " " + strings.Repeat("é", runes-len(other))
	b.refused(b.outgoing(a, "k2", whole), channel.TooLong)
	b.silent("ada", other)
}
