package desk

import (
	"context"
	"slices"
	"strings"

	"ronde/access"
	"ronde/internal/db"
	"ronde/internal/errs"
)

// A protocol is what experienced officers do, in order, when danger of a kind
// was written. It stands beside the conversation; what was done is ticked, by
// whom and when. It decides nothing.

// protocols are the steps by name; the kinds of danger that show each are in
// protocolOf. Words: protocol.<name>.<step> of the catalogue.
var protocols = map[string][]string{
	"suicide":  {"answer", "ask", "where", "emergency", "stay", "helpline", "after"},
	"child":    {"believe", "promise", "listen", "safe", "welfare", "keep", "after"},
	"violence": {"where", "emergency", "away", "keep", "after"},
}

var protocolOf = map[string]string{"suicide": "suicide", "abuse": "child", "held": "violence", "violence": "violence", "weapon": "violence"}

// Protocol is the steps shown beside one conversation.
type Protocol struct {
	Name  string
	Steps []Step
}

// Step is one step, and whether it was done.
type Step struct {
	Name string // of the group of its protocol
	By   string // service handle; empty: not done
	At   int64  // microseconds UTC
}

// protocolsFor chooses by the words of danger that were written.
func protocolsFor(words []string) (names []string) {
	for _, d := range FindDanger(strings.Join(words, "\n")) {
		if name := protocolOf[d.Kind]; name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// protocols reads the steps of a conversation and what was done of them.
func (s *Service) protocols(ctx context.Context, tx *db.Tx, conversationID string, danger []string) ([]Protocol, error) {
	done, err := selectSteps(ctx, tx, conversationID)
	if err != nil {
		return nil, err
	}
	var out []Protocol
	for _, name := range protocolsFor(danger) {
		p := Protocol{Name: name}
		for _, step := range protocols[name] {
			one := Step{Name: step}
			if d, ok := done[name+"."+step]; ok {
				one.By, one.At = d.By, d.At
			}
			p.Steps = append(p.Steps, one)
		}
		out = append(out, p)
	}
	return out, nil
}

// Tick records that a step was done, or takes that back.
func (s *Service) Tick(ctx context.Context, by access.Actor, conversationID, protocol, step string, done bool) error {
	if !slices.Contains(protocols[protocol], step) {
		return errs.New(errs.Invalid, "err.desk.step", "tick step: no such step")
	}
	return s.act(ctx, by, "conversation.note", conversationID, "", func(tx *db.Tx, c *conversation) (string, error) {
		name := protocol + "." + step
		if !done {
			return "not done " + name, errs.Wrap(deleteStep(ctx, tx, c.ID, name), "tick step")
		}
		return "done " + name, errs.Wrap(putStep(ctx, tx, c.ID, name, by.Handle), "tick step")
	})
}
