package view

import "time"

// Portal is what every page of the citizens' door shows around its content.
// Embed it in a page of the portal.
type Portal struct {
	Lang      string   // "fr", "en-simple", "ar"
	Dir       string   // of its script: "ltr", "rtl"
	Offered   []string // languages that can be chosen, this one among them
	Path      string   // path and query of this page; the language link is /lang/{code}?back={Path}
	Org       string   // the organisation: "Police cantonale de Valombre"
	Service   string   // its patrol: "Patrouille en ligne"
	Emergency string   // "112"
	ExitURL   string   // where quick exit leads: a harmless page
	CSRF      string   // token of the forms
	Duty      Duty     // who is there now, and next
	Notice    *Notice  // what just happened, if something did
	Exercise  bool     // for practice: every page says so
	Demo      bool     // everything shown is invented
	Calm      bool     // somebody is writing: a phone shows 112, quick exit and the question, nothing else
}

// Work is what every page of the workbench shows around its content.
type Work struct {
	Lang     string
	Path     string
	Org      string
	CSRF     string
	User     User
	Doors    []Door // where this person may go, in order
	Notice   *Notice
	Live     string // address of the server-sent events of this page; empty = none
	Demo     bool
	Exercise bool   // for practice: every page says so
	Calm     string // classes by which one wants heavy material shown
	Mute     bool   // pages that do not move by themselves
	Break    bool   // one has looked long enough: a break is proposed
}

// Duty is the presence of the patrol.
type Duty struct {
	Now        []OnDuty
	Next       *Shift    // the next shift when nobody is there, or after this one
	Here       []HereNow // rounds that the public may know of
	AnswerDays int       // working days within which a message is answered
}

// OnDuty is an officer who is there now.
type OnDuty struct {
	Name      string // service name or number
	Handle    string // address part of the officer's page: /officers/{Handle}
	Photo     string // address of a picture; empty shows initials
	Channel   string // where: "Discord", "this site"
	Until     time.Time
	Languages []string // "fr", "en"
}

// Shift is a published time of duty.
type Shift struct {
	From, To  time.Time
	Officer   string
	Channel   string // where, already translated
	Purpose   string // what for, already translated
	Languages []string
}

// Notice is one sentence on top of a page, already in the reader's language.
// Kind is "done", "notice" or "urgent".
type Notice struct {
	Kind string
	Text string
}

// User is who is signed in.
type User struct {
	Name  string   // service name
	Roles []string // words of the group "role": "patrol-officer", "duty-lead"
	Unit  string
}

// Door is one entry of the workbench's navigation. Name is one of: dashboard
// inbox logbook channels alerts glass paste mandates sources cases officials people rights audit
// handles certificates registers lexicon law. Count is what waits behind it.
type Door struct {
	Name  string
	Count int
}

// Href is the address of the door.
func (d Door) Href() string {
	if d.Name == "dashboard" {
		return "/"
	}
	return "/" + d.Name
}

// Icon is the picture of the door in the sprite.
func (d Door) Icon() string { return doorIcons[d.Name] }

var doorIcons = map[string]string{
	"dashboard": "home", "inbox": "tray", "channels": "feed", "logbook": "pen", "alerts": "bell", "paste": "clip", "archive": "file", "mandates": "scale",
	"sources": "feed", "cases": "folder", "roster": "clock", "events": "calendar", "officials": "shield", "people": "people", "rights": "person",
	"glass": "urgent", "guarded": "lock", "vouch": "shield", "rounds": "globe", "care": "person", "training": "seal", "campaigns": "file", "impostors": "flag", "audit": "eye", "handles": "key", "certificates": "seal", "registers": "list", "lexicon": "book", "law": "file",
	"oncall": "phone", "texts": "reply", "looks": "eye",
}
