package bluesky

import (
	"encoding/json"
	"fmt"
	"strings"

	"ronde/channel"
)

// post is a record of app.bsky.feed.post.
type post struct {
	Type    string          `json:"$type,omitempty"`
	Text    string          `json:"text"`
	Created string          `json:"createdAt"`
	Langs   []string        `json:"langs,omitempty"`
	Facets  []facet         `json:"facets,omitempty"`
	Reply   *reply          `json:"reply,omitempty"`
	Embed   json.RawMessage `json:"embed,omitempty"`
}

type reply struct {
	Root   ref `json:"root"`
	Parent ref `json:"parent"`
}

type ref struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

// blob is a file with somebody's server, by its content.
type blob struct {
	Type string `json:"$type"`
	Ref  struct {
		Link string `json:"$link"`
	} `json:"ref"`
	Kind string `json:"mimeType"`
	Size int64  `json:"size"`
}

// embed is what a post shows beside its text.
type embed struct {
	Type     string                `json:"$type"`
	Images   []image               `json:"images,omitempty"`
	Video    *blob                 `json:"video,omitempty"`
	External *struct{ URI string } `json:"external,omitempty"`
	Media    *embed                `json:"media,omitempty"`
	Record   json.RawMessage       `json:"record,omitempty"`
}

type image struct {
	Image blob   `json:"image"`
	Alt   string `json:"alt"`
}

// arrival is what a notification says.
func (n notification) arrival() channel.Arrival {
	a := channel.Arrival{What: channel.Written, ID: n.URI, Thread: n.Author.DID, Author: n.Author.author(n.Author.DID),
		At: moment(n.Indexed).UnixMicro(), Public: true, Automatic: n.Author.bot()}
	if r := n.Record.Reply; r != nil && len(r.Parent.URI) <= channel.MaxKey && uriForm.MatchString(r.Parent.URI) {
		a.ReplyTo = r.Parent.URI // what else a stranger's record names is no post
	}
	if len(n.Record.Langs) > 0 && len(n.Record.Langs[0]) <= channel.MaxKey {
		a.Lang = n.Record.Langs[0]
	}
	text := named(n.Record.Text, n.Record.Facets)
	if len(n.Record.Embed) > 0 && string(n.Record.Embed) != "null" {
		var e embed
		if json.Unmarshal(n.Record.Embed, &e) != nil {
			a.Lost = append(a.Lost, channel.LostKind)
		} else {
			text = e.fill(&a, text)
		}
	}
	setText(&a, text)
	return a
}

// fill adds an embed's files to a, and its links to the text.
func (e *embed) fill(a *channel.Arrival, text string) string {
	for i, im := range e.Images {
		file(a, im.Image, fmt.Sprintf("image-%d", i+1))
	}
	if e.Video != nil {
		file(a, *e.Video, "video")
	}
	if e.External != nil && len(e.External.URI) <= 2048 && !strings.Contains(text, e.External.URI) {
		text = strings.TrimSpace(text + "\n" + e.External.URI)
	}
	if len(e.Record) > 0 {
		whole, _ := json.Marshal(map[string]json.RawMessage{"record": e.Record})
		if link := quoted(whole); link != "" && !strings.Contains(text, link) {
			text = strings.TrimSpace(text + "\n" + link)
		}
	}
	if e.Media != nil && e.Media.Media == nil {
		text = e.Media.fill(a, text)
	}
	return text
}

// file names a file by whose it is and what it holds.
func file(a *channel.Arrival, b blob, name string) {
	if len(a.Files) == channel.MaxFiles || !cidForm.MatchString(b.Ref.Link) {
		a.Lost = append(a.Lost, channel.LostFiles)
		return
	}
	kind, _ := channel.Cut(b.Kind, channel.MaxName)
	a.Files = append(a.Files, channel.File{ID: a.Author.ID + "/" + b.Ref.Link, Name: name, Type: kind, Size: max(b.Size, 0)})
}
