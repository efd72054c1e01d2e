package patrol

import (
	"net"
	"net/http"
	"strings"

	"ronde/internal/errs"
)

// Setting is what the organisation and the house give the patrol.
type Setting struct {
	Organisation, Service string // as citizens read them
	ListName              string // name of the key that signs the list: no spaces, no plus

	Site  string // address of the portal, as people type it; "" where it has none yet
	Names string // one of Namings
	// RoundsShown are the platforms where the public may know that an officer is
	// there now.
	RoundsShown []string
	// Client fetches proofs; guarded against addresses inside our own network.
	Client *http.Client
	// Resolver reads DNS records; nil is the machine's own.
	Resolver *net.Resolver
	PLC      string // address of the directory of did:plc; "" is the public one
}

// The ways in which an organisation names its officers in public. France,
// Estonia and Denmark differ (D 2.28, 2.33, 2.65).
const (
	NameFree    = "free"    // as the lead writes it
	NameFull    = "full"    // first and family name (D 2.33)
	NameService = "service" // a name that holds a service number
	NameNumber  = "number"  // a number, no name (D 2.28)
)

// Namings lists them.
var Namings = []string{NameFree, NameFull, NameService, NameNumber}

// leastNumber is how many figures make a service number.
const leastNumber = 2

// fits says whether a name is of the way that the organisation chose.
func fits(naming, name string) error {
	words, numbers := 0, 0
	for w := range strings.FieldsSeq(name) {
		if strings.ContainsAny(w, "0123456789") {
			numbers++
		} else {
			words++
		}
	}
	figures := len(name) - len(strings.Trim(name, "0123456789"))
	ok := true
	switch naming {
	case NameFull:
		ok = words >= 2 && numbers == 0
	case NameService:
		ok = words >= 1 && numbers == 1
	case NameNumber:
		ok = numbers == 1 && words <= 1 && figures >= leastNumber
	}
	if !ok {
		return errs.Field("name", "err.patrol.naming."+naming, "publish officer: the name is not of the organisation's kind")
	}
	return nil
}
