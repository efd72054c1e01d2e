package mail

import (
	"context"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"ronde/channel"
)

// Receive reads the folder from the mark and waits for more.
func (l *Line) Receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	err := l.receive(ctx, from, take)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (l *Line) receive(ctx context.Context, from channel.Mark, take channel.Take) error {
	var at mark
	var err error
	if from != nil {
		if at, err = readMark(from); err != nil {
			return err
		}
	}
	b, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	if at, err = l.begin(b, at); err != nil {
		return err
	}
	for {
		if err := take(ctx, nil, at.encode()); err != nil {
			return err
		}
		if err := l.drain(ctx, b, &at, take); err != nil {
			return err
		}
		if err := l.tidy(b, at.UID); err != nil {
			return err
		}
		if err := l.wait(ctx, b); err != nil || ctx.Err() != nil {
			return err
		}
		at.Seconds = l.seconds()
	}
}

func (l *Line) seconds() int64 { return l.means.Now() / 1_000_000 }

// begin opens the folder, and finds where to go on.
func (l *Line) begin(b *box, at mark) (mark, error) {
	defer b.within(commandTime)()
	sel, err := b.Select(l.set.Option("folder", "INBOX"), &imap.SelectOptions{ReadOnly: l.days == 0}).Wait()
	if err != nil {
		return at, told("open folder", err)
	}
	if at.Validity == sel.UIDValidity {
		return at, nil
	}
	next := mark{Validity: sel.UIDValidity, Seconds: l.seconds()}
	if next.Validity == 0 {
		next.Validity = 1 // a server that numbers nothing for good; its mails are known by their Message-ID
	}
	criteria := imap.SearchCriteria{}
	if at.Validity != 0 {
		// Numbered anew: those since the day of the mark are read again.
		criteria.Since = time.Unix(at.Seconds, 0).Add(-reread).UTC()
		next.Seconds = at.Seconds
	}
	found, err := b.UIDSearch(&criteria, nil).Wait()
	if err != nil {
		return at, told("search folder", err)
	}
	uids := found.AllUIDs()
	switch {
	case at.Validity == 0 && sel.UIDNext > 0:
		next.UID = uint32(sel.UIDNext) - 1
	case len(uids) == 0 && sel.UIDNext > 0:
		next.UID = uint32(sel.UIDNext) - 1
	case len(uids) == 0:
	case at.Validity == 0:
		next.UID = uint32(slices.Max(uids))
	default:
		next.UID = uint32(slices.Min(uids)) - 1
	}
	return next, nil
}

// drain hands over all that is there after the mark.
func (l *Line) drain(ctx context.Context, b *box, at *mark, take channel.Take) error {
	for {
		select {
		case <-b.news:
		default:
		}
		heads, err := b.heads(at.UID)
		if err != nil {
			return err
		}
		if len(heads) == 0 {
			return nil
		}
		for len(heads) > 0 {
			var group []head
			group, heads = cutGroup(heads)
			if err := l.hand(ctx, b, group, at, take); err != nil {
				return err
			}
		}
	}
}

// head is what is known of a mail before it is read.
type head struct {
	uid  imap.UID
	size int64
	at   time.Time
}

// pageSize is how many mails are looked at together.
const pageSize = 500

// heads lists the next mails after a UID, in order.
func (b *box) heads(after uint32) ([]head, error) {
	defer b.within(commandTime)()
	found, err := b.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(after) + 1}}}}, nil).Wait()
	if err != nil {
		return nil, told("search folder", err)
	}
	// n:* holds the last mail also when n is beyond it (RFC 9051 §6.4.9).
	uids := slices.DeleteFunc(found.AllUIDs(), func(u imap.UID) bool { return uint32(u) <= after })
	slices.Sort(uids)
	if len(uids) == 0 {
		return nil, nil
	}
	uids = uids[:min(len(uids), pageSize)]
	all, err := b.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true}).Collect()
	if err != nil {
		return nil, told("list mails", err)
	}
	var out []head
	for _, m := range all {
		if uint32(m.UID) > after {
			out = append(out, head{uid: m.UID, size: m.RFC822Size, at: m.InternalDate})
		}
	}
	slices.SortFunc(out, func(a, b head) int { return int(int64(a.uid) - int64(b.uid)) })
	if len(out) == 0 {
		// They were there and are gone: go past them.
		return []head{{uid: uids[len(uids)-1], size: -1}}, nil
	}
	return out, nil
}

// cutGroup takes what is read and handed over together off the front.
func cutGroup(heads []head) (group, rest []head) {
	var bytes int64
	for i, h := range heads {
		if bytes += h.size; i > 0 && (bytes > maxBatch || i == channel.MaxBatch/2) {
			return heads[:i], heads[i:]
		}
	}
	return heads, nil
}

// hand reads a group and gives it to take; the mark moves when it was kept. A
// mail can be more than one arrival (a report on several messages of ours), so
// a batch is cut again.
func (l *Line) hand(ctx context.Context, b *box, group []head, at *mark, take channel.Take) error {
	next := *at
	next.UID = uint32(group[len(group)-1].uid)
	batch, err := l.read(b, group)
	if err != nil {
		return err
	}
	for len(batch) > channel.MaxBatch {
		if err := take(ctx, batch[:channel.MaxBatch], at.encode()); err != nil {
			return err
		}
		batch = batch[channel.MaxBatch:]
	}
	if err := take(ctx, batch, next.encode()); err != nil {
		return err
	}
	*at = next
	return nil
}

// read fetches a group: whole mails, or the beginning of one that is too large.
func (l *Line) read(b *box, group []head) ([]channel.Arrival, error) {
	if group[0].size < 0 {
		return nil, nil
	}
	section := &imap.FetchItemBodySection{Peek: true}
	large := group[0].size > maxMessage
	if large {
		section.Partial = &imap.SectionPartial{Size: maxHead}
	}
	var uids []imap.UID
	when := map[imap.UID]time.Time{}
	for _, h := range group {
		uids, when[h.uid] = append(uids, h.uid), h.at
	}
	defer b.within(mailTime)()
	all, err := b.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		return nil, told("read mails", err)
	}
	slices.SortFunc(all, func(a, b *imapclient.FetchMessageBuffer) int { return int(int64(a.UID) - int64(b.UID)) })
	var batch []channel.Arrival
	for _, m := range all {
		if len(m.BodySection) == 0 {
			continue
		}
		batch = append(batch, l.arrivals(m.BodySection[0].Bytes, when[m.UID], large)...)
	}
	return batch, nil
}

// wait returns when there may be something new, or after a while.
func (l *Line) wait(ctx context.Context, b *box) error {
	if !b.Caps().Has(imap.CapIdle) {
		return l.look(ctx, b)
	}
	calledOff := b.within(commandTime)
	idle, err := b.Idle()
	calledOff()
	if err != nil {
		return told("wait for mails", err)
	}
	renew := time.NewTimer(l.idle)
	defer renew.Stop()
	select {
	case <-b.news:
	case <-renew.C:
	case <-b.Closed():
	case <-ctx.Done():
		return nil
	}
	defer b.within(commandTime)()
	if err := idle.Close(); err != nil {
		return told("wait for mails", err)
	}
	return told("wait for mails", idle.Wait())
}

// look asks a server without IDLE after a while.
func (l *Line) look(ctx context.Context, b *box) error {
	pause := time.NewTimer(l.poll)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-b.Closed():
	case <-ctx.Done():
		return nil
	}
	defer b.within(commandTime)()
	return told("look for mails", b.Noop().Wait())
}
