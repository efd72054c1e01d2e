package mail

import (
	"time"

	"github.com/emersion/go-imap/v2"
)

// tidy removes from the open folder what was taken and is older than the
// setting says: an erasure in Ronde must not leave the text on another machine
// for ever. Without UIDPLUS (RFC 4315) nothing is removed, as EXPUNGE would take
// what others marked.
func (l *Line) tidy(b *box, upTo uint32) error {
	if l.days == 0 || upTo == 0 || !b.Caps().Has(imap.CapUIDPlus) {
		return nil
	}
	defer b.within(mailTime)()
	before := time.UnixMicro(l.means.Now()).UTC().AddDate(0, 0, -l.days)
	found, err := b.UIDSearch(&imap.SearchCriteria{
		Before: before, UID: []imap.UIDSet{{imap.UIDRange{Start: 1, Stop: imap.UID(upTo)}}},
	}, nil).Wait()
	if err != nil {
		return told("search old mails", err)
	}
	uids := found.AllUIDs()
	if len(uids) == 0 {
		return nil
	}
	set := imap.UIDSetNum(uids...)
	flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := b.Store(set, flags, nil).Close(); err != nil {
		return told("mark old mails", err)
	}
	return told("remove old mails", b.UIDExpunge(set).Close())
}
