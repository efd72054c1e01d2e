package evidence

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// State of an exhibit.
const (
	Sealed     = "sealed"
	Restricted = "restricted" // kept, but shown only for evidence (LED art. 16(3))
	Destroyed  = "destroyed"
)

// Kinds of exhibit.
const (
	KindPost    = "post"
	KindMessage = "message"
	KindFile    = "file"      // sent to us; never shown here, only downloaded
	KindGuarded = "suspected" // a file suspected to show abuse: for specialised staff
)

// MaxOriginal bounds one exhibit, in bytes.
const MaxOriginal = 64 << 20

// Exhibit is the public part of an exhibit's row.
type Exhibit struct {
	ID         string
	Number     int64
	Case       string
	Kind       string
	State      string
	Permit     string
	CapturedAt int64 // microseconds UTC
	SealedAt   int64
	SealedBy   string
	Size       int64 // bytes of the original

	blob      string
	blobSum   []byte
	container string
	sealed    []byte
}

// Label is how an exhibit is spoken of: E-3.
func (e Exhibit) Label() string { return fmt.Sprintf("E-%d", e.Number) }

// Particulars are the sealed part: what would identify somebody, or let a
// guess at the text be confirmed.
type Particulars struct {
	SHA256    string `json:"sha256"` // of the original, hexadecimal
	MediaType string `json:"media_type"`
	Source    string `json:"source"` // platform and address, as it was given to us
}

// View is an exhibit opened by somebody who may.
type View struct {
	Exhibit
	Particulars
	Bytes []byte // the original; nil when only listed
}

// Original is what is to be sealed.
type Original struct {
	Kind       string
	MediaType  string
	Source     string
	CapturedAt int64
	Bytes      []byte
}

func (o Original) particulars(sum [32]byte) ([]byte, error) {
	return json.Marshal(Particulars{hex.EncodeToString(sum[:]), o.MediaType, o.Source})
}

// Accounted names the tables whose rows the ledger accounts for.
var Accounted = []string{"evidence_exhibits"}
