package patrol

import (
	"encoding/json"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"ronde/internal/errs"
)

// The list of official accounts as machines read it. It is one C2SP signed
// note: the text is JSON, so that one file holds what is said and who says it,
// and a copy on another server is as good as the original.
const (
	ListVersion = 1
	ListLife    = 48 * time.Hour // a copy older than this says nothing any more
	listFresh   = time.Minute    // the same bytes are given out so long
	maxList     = 8 << 20        // bytes of a list that is read
)

// Listing is what the list says.
type Listing struct {
	Version      int               `json:"version"`
	Organisation string            `json:"organisation"`
	Service      string            `json:"service"`
	Site         string            `json:"site"`
	Issued       time.Time         `json:"issued"` // a newer list replaces an older one
	Expires      time.Time         `json:"expires"`
	Zone         string            `json:"zone"` // of the hours
	Accounts     []ListedAccount   `json:"accounts"`
	Withdrawn    []WithdrawnBefore `json:"withdrawn"` // ours once: not any more
	Officers     []ListedOfficer   `json:"officers"`
	Hours        []ListedHours     `json:"hours"`
}

// ListedAccount is an account of ours. Status is "proven" or "unproven": only
// the former may be called ours.
type ListedAccount struct {
	Platform string      `json:"platform"`
	Handle   string      `json:"handle"`
	URL      string      `json:"url,omitempty"`
	Officer  string      `json:"officer,omitempty"` // name on the public card
	Status   string      `json:"status"`
	Proof    ListedProof `json:"proof"`
}

// ListedProof says how an account is shown to be ours and when that was last
// seen. Way is "link-back", "dns", "did" or "seen".
type ListedProof struct {
	Way  string     `json:"way"`
	At   string     `json:"at,omitempty"`
	Seen *time.Time `json:"seen,omitempty"`
}

// WithdrawnBefore is an account that was ours.
type WithdrawnBefore struct {
	Platform string    `json:"platform"`
	Handle   string    `json:"handle"`
	Since    time.Time `json:"since"`
}

// ListedOfficer is a public card.
type ListedOfficer struct {
	Name      string   `json:"name"`
	Unit      string   `json:"unit"`
	Page      string   `json:"page,omitempty"`
	Languages []string `json:"languages,omitempty"`
	Channels  []string `json:"channels,omitempty"`
	Hours     string   `json:"hours,omitempty"` // "mon 09:00-12:00; …"
}

// ListedHours are the hours of a channel.
type ListedHours struct {
	Channel    string `json:"channel"`
	Week       string `json:"week"`
	AnswerDays int    `json:"answer_days"`
}

func moment(at int64) time.Time { return time.UnixMicro(at).UTC().Truncate(time.Second) }

// listing makes the list of what is published.
func (s *Service) listing(now int64, officers []Officer, accounts []Account, hours []Hours) Listing {
	issued := time.UnixMicro(now).UTC().Truncate(listFresh)
	l := Listing{Version: ListVersion, Organisation: s.set.Organisation, Service: s.set.Service, Site: s.set.Site, Issued: issued, Expires: issued.Add(ListLife),
		Zone: s.zone.String(), Accounts: []ListedAccount{}, Withdrawn: []WithdrawnBefore{}, Officers: []ListedOfficer{}, Hours: []ListedHours{}}
	names := map[string]string{}
	for _, o := range officers {
		names[o.ID] = o.Name
		one := ListedOfficer{Name: o.Name, Unit: o.Unit, Languages: o.Languages, Channels: o.Channels, Hours: o.Hours.String()}
		if s.set.Site != "" {
			one.Page = s.set.Site + "/officers/" + o.ID
		}
		l.Officers = append(l.Officers, one)
	}
	for _, a := range accounts {
		if a.State == Withdrawn {
			l.Withdrawn = append(l.Withdrawn, WithdrawnBefore{a.Platform, a.Handle, moment(a.Withdrawn)})
			continue
		}
		one := ListedAccount{Platform: a.Platform, Handle: a.Handle, URL: a.URL, Officer: names[a.Officer], Status: "unproven", Proof: ListedProof{Way: a.Proof, At: a.ProofAt}}
		if a.Stands(now) {
			one.Status = "proven"
		}
		if a.Proven > 0 {
			seen := moment(a.Proven)
			one.Proof.Seen = &seen
		}
		l.Accounts = append(l.Accounts, one)
	}
	for _, h := range hours {
		l.Hours = append(l.Hours, ListedHours{h.Channel, h.Week.String(), h.AnswerDays})
	}
	return l
}

// ReadList reads a signed list and checks it with the organisation's key
// ("name+hash+key", as published), without any network. A wrong signature, a
// version it does not know, or bytes that are no list are errs.Invalid; one
// whose time is over is errs.Lapsed, with the list all the same.
func ReadList(signed []byte, key string, now time.Time) (Listing, error) {
	var l Listing
	if len(signed) > maxList {
		return l, errs.New(errs.Limit, "err.too_large", "read list: too long")
	}
	v, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		return l, errs.As(errs.Wrap(err, "read key"), errs.Invalid, "err.patrol.list_key")
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return l, errs.As(errs.Wrap(err, "check signature"), errs.Invalid, "err.patrol.list_signature")
	}
	if err := json.Unmarshal([]byte(n.Text), &l); err != nil {
		return l, errs.As(errs.Wrap(err, "read list"), errs.Invalid, "err.patrol.list_form")
	}
	if l.Version != ListVersion {
		return l, errs.New(errs.Invalid, "err.patrol.list_form", "read list: its version is not known here")
	}
	if !now.Before(l.Expires) || now.Before(l.Issued.Add(-time.Hour)) {
		return l, errs.New(errs.Lapsed, "err.patrol.list_old", "read list: it is over, or from a time to come")
	}
	return l, nil
}
