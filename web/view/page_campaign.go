package view

import "time"

// CampaignsPage lists public texts, at /campaigns.
type CampaignsPage struct {
	Work
	Waiting []CampaignRow // for a second person
	Drafts  []CampaignRow
	Public  []CampaignRow
	Gone    []CampaignRow
}

// Template names the page.
func (CampaignsPage) Template() string { return "work/campaigns" }

// CampaignRow is one public text in a list.
type CampaignRow struct {
	ID     string
	Kind   string // word of the group "textkind"
	Title  string
	Author string
	Mine   bool
	At     time.Time
}

// CampaignDraftPage writes a public text, at /campaigns/new?kind=… and
// /campaigns/{ID}/edit. Form: POST /campaigns with id, revision, kind, title,
// aim, audience, claim, sources, and for each slot platform-N, language-N,
// title-N, body-N.
type CampaignDraftPage struct {
	Work
	Form      Form
	ID        string
	Revision  int64
	Kind      string
	Slots     []TextSlot
	Platforms []Option
	Languages []Option
}

// Template names the page.
func (CampaignDraftPage) Template() string { return "work/campaigndraft" }

// TextSlot is one text of a draft.
type TextSlot struct {
	N                               int
	Platform, Language, Title, Body string
}

// CampaignPage is one public text with its review, at /campaigns/{ID}. Forms,
// all POST: …/submit · …/review with do (publish, return), revision, checks,
// remark · …/retract · …/reach with channel, reach.
type CampaignPage struct {
	Work
	Form       Form
	ID         string
	Kind       string
	Title      string
	Aim        string
	Audience   string
	Claim      string
	Sources    []Link
	State      string // word of the group "textstate"
	Author     string
	Reviewer   string
	Remark     string
	Revision   int64
	Published  time.Time
	Withdrawn  time.Time
	Texts      []CampaignText
	Reach      []ReachRow
	Checks     []Option
	Places     []Option // platforms of its texts
	MayEdit    bool
	MayReview  bool
	MayRetract bool
	Mine       bool
}

// Template names the page.
func (CampaignPage) Template() string { return "work/campaign" }

// Subject names the page in the browser.
func (p CampaignPage) Subject() string { return p.Title }

// CampaignText is one version of a public text.
type CampaignText struct {
	N        int
	Channel  string // word of the group "channel"
	Lang     string
	Title    string
	Body     string
	Letters  int  // of the body
	Elsewise bool // it is said elsewhere: copy it
}

// ReachRow is how many people a text was shown to.
type ReachRow struct {
	Channel string
	N       int
	Noted   time.Time
}

// NewsPage lists what we said, at /news.
type NewsPage struct {
	Portal
	Items []NewsItem
}

// Template names the page.
func (NewsPage) Template() string { return "portal/news" }

// NewsItemPage is one text, at /news/{ID}.
type NewsItemPage struct {
	Portal
	Item NewsItem
}

// Template names the page.
func (NewsItemPage) Template() string { return "portal/newsitem" }

// Subject names the page in the browser.
func (p NewsItemPage) Subject() string { return p.Item.Title }

// NewsItem is one public text in the reader's language, or the one it has.
type NewsItem struct {
	ID      string
	Kind    string // word of the group "textkind"
	Lang    string // of the text
	Title   string
	Body    []string // paragraphs
	At      time.Time
	Claim   string // of a correction: what is not true
	Sources []Link
	Reach   int      // people it was shown to, as the networks tell it; 0 = not noted
	Others  []string // languages in which it stands, too
}
