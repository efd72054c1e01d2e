package patrol

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ronde/access"
	"ronde/internal/errs"
)

// The limits of a public card.
const (
	MaxName     = 60  // runes of a service name or number
	MaxUnit     = 120 // runes of a unit's name
	MaxChannels = 12
	MaxTongues  = 12
	MaxOfficers = 2000 // published at one time
)

// The states of a card and of an official account.
const (
	Published = "published"
	Withdrawn = "withdrawn"
)

// Officer is a public card. It holds nothing that is not shown.
type Officer struct {
	ID        string // off_…, the only address of the card
	Name      string // service name or number, as the organisation chooses
	Unit      string // the unit's name as text, never its key
	Photo     string // name of the re-encoded picture, or empty
	Languages []string
	Channels  []string
	Hours     Week
	State     string
	Published int64 // microseconds UTC
	Withdrawn int64 // 0 while published
}

// OfficerIn is what the duty lead hands over for publication.
type OfficerIn struct {
	ID        string // of the card to replace, or empty for a new one
	Name      string
	Unit      string
	Languages []string
	Channels  []string
	Hours     string // as ParseWeek reads it; may be empty
	Photo     []byte // JPEG or PNG; empty keeps the picture of a replaced card
	// Holder is the service handle of whoever the card is about: they alone
	// sign with it. It is kept as a mark that nobody can read; empty leaves a
	// replaced card with whom it is.
	Holder string
	// HolderRoles are the roles of whoever the card is about. They are looked
	// at once, to refuse hidden staff, and kept nowhere: a card that referred
	// to an account would be a way from the street to the watch.
	HolderRoles []access.Role
}

// hidden are the roles whose holders have no public face (D 2.32).
var hidden = []access.Role{access.WatchAnalyst, access.Investigator}

// hiddenHandle finds the service handle of an analyst or an investigator, also
// with another dash: it is known inside, and nothing of it belongs outside.
var hiddenHandle = regexp.MustCompile(`(?i)(^|[^\pL\pN])[WI]\s?\p{Pd}\s?[0-9]{5}($|[^\pL\pN])`)

var (
	tongue  = regexp.MustCompile(`^[a-z]{2,3}$`)
	channel = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)
)

// officer makes the card, or says which field is wrong.
func (in OfficerIn) officer() (Officer, error) {
	o := Officer{ID: in.ID, Name: strings.TrimSpace(in.Name), Unit: strings.TrimSpace(in.Unit), State: Published}
	if slices.ContainsFunc(in.HolderRoles, func(r access.Role) bool { return slices.Contains(hidden, r) }) {
		return o, errs.New(errs.Denied, "err.patrol.hidden", "publish officer: the holder works where nobody is shown")
	}
	if hiddenHandle.MatchString(o.Name) || hiddenHandle.MatchString(o.Unit) {
		return o, errs.New(errs.Denied, "err.patrol.hidden", "publish officer: a hidden service handle stands in it")
	}
	if in.Holder != "" {
		if err := checkHolder(in.Holder); err != nil {
			return o, err
		}
	}
	if err := line("name", o.Name, MaxName); err != nil {
		return o, err
	}
	if err := line("unit", o.Unit, MaxUnit); err != nil {
		return o, err
	}
	var err error
	if o.Languages, err = words("languages", in.Languages, tongue, MaxTongues); err != nil {
		return o, err
	}
	if o.Channels, err = words("channels", in.Channels, channel, MaxChannels); err != nil {
		return o, err
	}
	o.Hours, err = ParseWeek(in.Hours)
	return o, err
}

// line accepts one visible line of text.
func line(field, s string, most int) error {
	switch {
	case s == "":
		return errs.Field(field, "err.patrol.missing", "read "+field+": it is empty")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, invisible):
		return errs.Field(field, "err.patrol.invisible", "read "+field+": it has characters that cannot be seen")
	case utf8.RuneCountInString(s) > most:
		return errs.Field(field, "err.patrol.long", "read "+field+": too long", "max", most)
	}
	return nil
}

func words(field string, in []string, form *regexp.Regexp, most int) ([]string, error) {
	var out []string
	for _, w := range in {
		w = strings.ToLower(strings.TrimSpace(w))
		if w == "" || slices.Contains(out, w) {
			continue
		}
		if !form.MatchString(w) {
			return nil, errs.Field(field, "err.patrol.word", "read "+field+": not a code", "word", clip(w))
		}
		out = append(out, w)
	}
	if len(out) > most {
		return nil, errs.Field(field, "err.patrol.long", "read "+field+": too many", "max", most)
	}
	return out, nil
}

// invisible are control and format characters: line ends, bidirectional
// controls, zero-width letters, and the blanks that show as nothing.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == 0x115F || r == 0x1160 || r == 0x3164 || r == 0xFFA0 || r == 0x2800
}

func clip(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
