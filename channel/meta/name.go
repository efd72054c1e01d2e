package meta

import (
	"context"
	"net/url"

	"ronde/channel"
)

// person is what Graph tells of somebody who wrote.
type person struct {
	Name     string `json:"name"`
	Username string `json:"username"` // Instagram
}

// name puts names to who wrote, where the row asks for it. Whom Graph does not
// tell stays without.
func (l *Line) name(ctx context.Context, batch []channel.Arrival) {
	if !l.names {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, nameTimeout) // for all of them: Meta waits for the answer
	defer cancel()
	for i, a := range batch {
		if a.Ours || a.What != channel.Written && a.What != channel.Edited || !idForm.MatchString(a.Author.ID) {
			continue
		}
		p := l.person(ctx, a.Author.ID)
		batch[i].Author.Name, _ = channel.Cut(p.Name, channel.MaxName)
		batch[i].Author.Handle, _ = channel.Cut(p.Username, channel.MaxName)
	}
}

func (l *Line) person(ctx context.Context, id string) person {
	l.mu.Lock()
	p, ok := l.told[id]
	l.mu.Unlock()
	if ok {
		return p
	}
	want := "name"
	if l.insta {
		want = "name,username"
	}
	if l.api.Get(ctx, url.PathEscape(id), fields(want), &p) != nil {
		return person{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.told) >= keptNames {
		clear(l.told)
	}
	l.told[id] = p
	return p
}
