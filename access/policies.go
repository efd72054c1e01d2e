package access

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"iter"
	"slices"

	"github.com/cedar-policy/cedar-go"
)

//go:embed policies/*.cedar
var files embed.FS

// Verbs lists every verb that a rule may speak of, kind by kind.
var Verbs = []string{
	"conversation.list", "conversation.open", "conversation.receive", "conversation.return", "conversation.take",
	"conversation.answer", "conversation.note", "conversation.handover", "conversation.close",
	"conversation.merge", "conversation.export", "conversation.refer", "conversation.look",
	"conversation.unmask", "conversation.confirm-unmask", "conversation.erase", "conversation.restrict", "conversation.purge",
	"desk.read", "desk.configure", "desk.protect", "text.read", "text.draft", "text.approve",
	"file.list", "file.look", "file.fetch", "file.guard", "file.pull", "file.open", "file.clear",
	"room.make", "room.say", "room.end", "room.enter",
	"official.list", "official.publish", "official.withdraw",
	"account.list", "account.check", "account.publish", "account.withdraw", "account.own",
	"hours.list", "hours.publish", "hours.roster", "hours.own",
	"event.list", "event.plan", "event.publish",
	"booking.list", "booking.open", "booking.create", "booking.return", "booking.answer", "booking.purge",
	"official.vouch", "official.walk", "official.draft", "official.review", "official.retract",
	"account.list", "account.check", "account.publish", "account.withdraw", "account.prove", "account.impostor", "account.own",
	"hours.list", "hours.publish",
	"channel.list",
	"logbook.list", "logbook.open", "logbook.write", "logbook.change", "logbook.hand", "logbook.purge",
	"mandate.list", "mandate.open", "mandate.draft", "mandate.approve", "mandate.refuse", "mandate.suspend",
	"mandate.resume", "mandate.renew", "mandate.lapse", "mandate.hold", "mandate.release",
	"source.list", "source.add", "source.remove", "source.key", "source.read",
	"alert.list", "alert.open", "alert.raise", "alert.verdict", "alert.mark-minor", "alert.ask-leave",
	"alert.confirm-leave", "alert.review-glass", "alert.grade", "alert.count", "alert.paste", "alert.archive", "alert.erase", "alert.restrict", "alert.purge",
	"case.list", "case.open", "case.create", "case.note", "case.assign", "case.close", "case.hold", "case.erase", "case.restrict",
	"exhibit.list", "exhibit.open", "exhibit.seal", "exhibit.original", "exhibit.export", "exhibit.erase", "exhibit.restrict",
	"rights.list", "rights.open", "rights.create", "rights.return", "rights.prepare", "rights.decide",
	"ledger.read", "certificate.read", "figures.read", "register.read",
	"lexicon.list", "lexicon.open", "lexicon.propose", "lexicon.approve",
	"people.list", "people.create", "people.role", "people.unit", "people.reset", "people.disable", "people.kill-session", "people.train",
	"people.ask-unmask", "people.unmaskings", "people.list-unmask", "people.confirm-unmask", "people.open-unmask",
}

// rule is one policy and its name.
type rule struct {
	id     cedar.PolicyID
	policy *cedar.Policy
}

// rules is an ordered set that Cedar can walk.
type rules []rule

// All walks the rules in the order of the files.
func (rs rules) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, r := range rs {
			if !yield(r.id, r.policy) {
				return
			}
		}
	}
}

// policyBook is every rule, found by the verbs it speaks of.
type policyBook struct {
	byVerb map[string]rules
	why    map[cedar.PolicyID]string
	all    rules
}

// book is parsed once, when the program starts. The policies are part of the
// program: one that cannot be read is a broken build, not bad input.
var book = mustLoad(files)

func mustLoad(fsys fs.FS) *policyBook {
	b, err := load(fsys)
	if err != nil {
		panic(err)
	}
	return b
}

func load(fsys fs.FS) (*policyBook, error) {
	b := &policyBook{byVerb: map[string]rules{}, why: map[cedar.PolicyID]string{}}
	names, err := fs.Glob(fsys, "policies/*.cedar")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		list, err := cedar.NewPolicyListFromBytes(name, text)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		for _, p := range list {
			if err := b.add(p); err != nil {
				return nil, fmt.Errorf("%s line %d: %w", name, p.Position().Line, err)
			}
		}
	}
	return b, nil
}

func (b *policyBook) add(p *cedar.Policy) error {
	id, why := cedar.PolicyID(p.Annotations()["id"]), string(p.Annotations()["why"])
	if id == "" || why == "" {
		return fmt.Errorf("a rule needs @id and @why")
	}
	if _, ok := b.why[id]; ok {
		return fmt.Errorf("two rules are called %s", id)
	}
	verbs, err := verbsOf(p)
	if err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	b.why[id] = why
	b.all = append(b.all, rule{id, p})
	for _, v := range verbs {
		b.byVerb[v] = append(b.byVerb[v], rule{id, p})
	}
	return nil
}

// verbsOf lists the verbs a rule speaks of; a rule about any action speaks of
// all.
func verbsOf(p *cedar.Policy) ([]string, error) {
	type uid struct{ ID string }
	var head struct {
		Action struct {
			Op       string
			Entity   uid
			Entities []uid
		}
	}
	text, err := p.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, err
	}
	var verbs []string
	switch head.Action.Op {
	case "All":
		return Verbs, nil
	case "==":
		verbs = []string{head.Action.Entity.ID}
	case "in":
		for _, e := range head.Action.Entities {
			verbs = append(verbs, e.ID)
		}
	}
	for _, v := range verbs {
		if !slices.Contains(Verbs, v) {
			return nil, fmt.Errorf("verb %q is not in the list of verbs", v)
		}
	}
	return verbs, nil
}
