package view

import "time"

// RightsQueuePage lists the rights requests, at /rights?show=….
type RightsQueuePage struct {
	Work
	Show  string
	Tabs  []Tab
	Rows  []RightsRow
	Pager Pager
}

// Template names the page.
func (RightsQueuePage) Template() string { return "work/rightsqueue" }

// RightsRow is one request, linked to /rights/{ID}. Right is a word of the
// group "right", State of "rightstate".
type RightsRow struct {
	ID      string
	Ref     string
	Right   string
	State   string
	Came    time.Time
	Due     time.Time
	Late    bool
	Officer string
}

// RightsDecisionPage is one request, at /rights/{ID}. Forms, all POST:
// /rights/{ID}/prepare with decision, ground, reason · /confirm with confirm
// (the second person).
type RightsDecisionPage struct {
	Work
	ID        string
	Ref       string
	Form      Form
	Right     string
	State     string
	Text      string // what the person wrote
	Reach     string // how they can be reached: "return code" or their contact
	Came      time.Time
	Due       time.Time
	Late      bool
	Found     []FoundData // what is held
	Decisions []Option    // of the group "decision"
	Prepared  *Prepared
	Decision  string
	Reasons   string
	Decided   time.Time
	Decider   string
	Awaits    bool  // this person could decide, once an officer has prepared it
	Proof     *Link // certificate of the erasure
	History   []Step
	May       RightsMay
}

// RightsMay says which forms this person is offered. Own is true when this
// person prepared the decision and therefore may not confirm it.
type RightsMay struct {
	Prepare, Confirm, Own bool
}

// FoundData is something held that the request touches.
type FoundData struct {
	Kind string // word of the group "hit"
	Link Link
	Hold string // why it is kept from erasure; translated; empty = free
}

// Prepared is a decision that waits for the second person.
type Prepared struct {
	Decision string
	Reason   string
	By       string
	At       time.Time
	Seen     string // stands for the above; the second person sends it back
}

// Template names the page.
func (RightsDecisionPage) Template() string { return "work/rightsdecision" }

// Subject names the page in the browser.
func (p RightsDecisionPage) Subject() string { return p.Ref }

// AuditPage reads the ledger, at /audit with who, verb, object, from, to,
// after.
type AuditPage struct {
	Work
	Form   Form
	Verbs  []Option
	Rows   []LedgerRow
	Pager  Pager
	Verify VerifyState
}

// Template names the page.
func (AuditPage) Template() string { return "work/audit" }

// LedgerRow is one event. Verb is ready to show; Actor is a service handle.
type LedgerRow struct {
	Number int64
	At     time.Time
	Actor  string
	Verb   string
	Object Link
	Permit string
	Reason string
	Leaf   string // first signs of the leaf hash; empty = not sealed yet
}

// VerifyState says how far the ledger is proved. State is a word of the group
// "verify".
type VerifyState struct {
	State     string
	Size      int64
	Pending   int
	Root      string
	Signed    time.Time
	Witnesses int
	Bad       string // what does not verify, translated
}

// CertificatesPage lists the certificates, at /certificates.
type CertificatesPage struct {
	Work
	Rows  []CertificateRow
	Pager Pager
}

// Template names the page.
func (CertificatesPage) Template() string { return "work/certificates" }

// CertificateRow is one certificate, linked to /certificates/{ID}. Kind is a
// word of the group "certificate".
type CertificateRow struct {
	ID     string
	Kind   string
	About  string
	Count  int
	At     time.Time
	Ledger int64 // number of the event that it belongs to
}

// CertificatePage is one certificate, to be printed, at /certificates/{ID}.
type CertificatePage struct {
	Work
	ID    string
	Kind  string
	Title string
	At    time.Time
	Facts []Fact
	Text  string // the certificate itself, as signed
	Leaf  string
}

// Template names the page.
func (CertificatePage) Template() string { return "work/certificate" }

// RegistersPage is the record of processings, at /registers.
type RegistersPage struct {
	Work
	Entries  []RegisterEntry
	Mandates []RegisterEntry // for who may read mandates
}

// Template names the page.
func (RegistersPage) Template() string { return "work/registers" }

// LawPage is the legal profile in force, at /law.
type LawPage struct {
	Work
	Profile  string
	Version  string
	Lines    []LawLine
	Excluded []string // subjects that are refused as data
	Review   time.Time
}

// Template names the page.
func (LawPage) Template() string { return "work/law" }

// LawLine is one act with who may authorise it. Checked is the day by which the
// line is to be read again at its source; Late = that day has passed.
type LawLine struct {
	Act       string
	Authority string // word of the group "role"
	Term      string // translated
	Basis     string
	Source    string // official address
	Checked   time.Time
	Late      bool
}
