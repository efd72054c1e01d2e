package access

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

const matrixFile = "../docs/access.md"

var columns = []struct {
	role  Role
	short string
}{
	{Citizen, "Cit"}, {PatrolOfficer, "Pat"}, {DutyLead, "Lead"}, {WatchAnalyst, "Ana"}, {Investigator, "Inv"},
	{MandateAuthority, "Man"}, {Magistrate, "Mag"}, {PlatformLiaison, "Plat"}, {PartnerLiaison, "Part"},
	{PreventionPartner, "Prev"}, {DataProtection, "DPO"}, {Auditor, "Aud"}, {Administrator, "Adm"}, {Machine, "Mach"},
}

// TestMatrix compares every role and every verb with the committed table.
// RONDE_UPDATE=1 writes it anew; read the difference before you commit it.
func TestMatrix(t *testing.T) {
	got := matrix()
	if os.Getenv("RONDE_UPDATE") != "" {
		if err := os.WriteFile(matrixFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			t.Fatalf("docs/access.md line %d differs from the rules:\n rules %q\n table %q", i+1, line(g, i), line(w, i))
		}
	}
}

func line(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}

var guardedText = `## Material of exploitation

A person may hold, beside a role, the qualification ` + "`specialised`" + `. It permits nothing by itself. Without it an alert of coded exploitation is as nothing,
and a case or exhibit that came of it is only for who leads it or is assigned to it by name.

| verb | specialised |` + heads(1) + `
`

// heads are the columns' names and the line below them.
func heads(more int) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteString(" " + c.short + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)+more))
	return b.String()
}

func matrix() string {
	var b strings.Builder
	b.WriteString(`# Who may do what

Made from the rules in ` + "`access/policies`" + ` by the test of package access (` + "`RONDE_UPDATE=1 go test ./access -run Matrix`" + `), which fails when
the two differ. What is not in the table is refused.

**all**: every record · **unit**: records of the person's unit (where said in the rule, also those of no unit yet) · **own**: records that the person
is assigned to or leads · **asked**: only in the state or regime that the rule names · **2**: never the person who began the decision · **asker**: only that person · –: refused.

`)
	for _, c := range columns {
		fmt.Fprintf(&b, "%s = %s · ", c.short, c.role)
	}
	text := strings.TrimSuffix(b.String(), " · ")
	b.Reset()
	b.WriteString(text + "\n")
	last := ""
	for _, verb := range Verbs {
		kind, _, _ := strings.Cut(verb, ".")
		if kind != last {
			fmt.Fprintf(&b, "\n## %s\n\n| verb |%s\n", kind, heads(0))
			last = kind
		}
		b.WriteString("| " + verb + " |")
		for _, c := range columns {
			b.WriteString(" " + cell(c.role, verb) + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n" + guardedText)
	for _, verb := range Verbs {
		if kind, _, _ := strings.Cut(verb, "."); !slices.Contains(guardedKinds, kind) {
			continue
		}
		for _, with := range []bool{false, true} {
			fmt.Fprintf(&b, "| %s | %s |", verb, map[bool]string{false: "no", true: "yes"}[with])
			for _, c := range columns {
				b.WriteString(" " + cellOf(c.role, verb, true, with) + " |")
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("\n## The rules\n\n")
	for _, r := range book.all {
		word := "refuses"
		if r.policy.Effect() {
			word = "permits"
		}
		fmt.Fprintf(&b, "- `%s` %s: %s\n", r.id, word, book.why[r.id])
	}
	return b.String()
}

// cell asks about representative records and says how far the permission goes.
func cell(role Role, verb string) string { return cellOf(role, verb, false, false) }

func cellOf(role Role, verb string, guarded, specialised bool) string {
	by := Actor{Person: "per_me", Handle: "X-1", Roles: []Role{role}, Unit: "uni_mine"}
	if specialised {
		by.Roles = append(by.Roles, Specialised)
	}
	if role == Citizen || role == Machine {
		by.Person, by.Unit = "", ""
	}
	ask := func(unit, person, drafter, state, regime string) bool {
		r := Resource{ID: "x_1", Unit: unit, Owner: person, Assigned: []string{person}, Drafter: drafter, State: state, Regime: regime, Guarded: guarded}
		return Decide(by, verb, r).Allowed
	}
	some := func(unit, person, drafter string) (plain, asked bool) {
		for _, state := range []string{"", "open", Leaving} {
			for _, regime := range []string{"", RegimePatrol, RegimeWatch, RegimeInvestigation} {
				if ask(unit, person, drafter, state, regime) {
					asked = true
					plain = plain || state == "open" && regime == ""
				}
			}
		}
		return plain, asked
	}
	word, first := "", false
	for _, try := range []struct{ word, unit, person string }{
		{"all", "uni_other", "per_other"}, {"unit", "uni_mine", "per_other"}, {"own", "uni_other", "per_me"},
	} {
		plain, asked := some(try.unit, try.person, "per_other")
		_, self := some(try.unit, try.person, "per_me")
		if !asked && !self {
			continue
		}
		first = first || asked && !self
		switch {
		case !asked:
			try.word = "asker"
		case !plain:
			try.word += ", asked"
		}
		word = strings.TrimPrefix(word+", "+try.word, ", ")
		if try.word != "unit" {
			break
		}
	}
	switch {
	case word == "":
		return "–"
	case first:
		return word + ", 2"
	}
	return word
}
