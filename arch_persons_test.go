package ronde_test

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"
	"unicode"
)

// A post is judged, never a person: no column and no field may score, rank or
// profile somebody (D 4.30–4.33). These words are refused in every name.
var judging = []string{"score", "risk", "rank", "ranking", "rating", "profile", "reputation", "threat",
	"suspicion", "propensity", "trustworthiness", "dangerousness", "recidivism", "creditworthiness"}

// lawful are the few places where such a word is about a text or a law.
var lawful = []struct{ where, word, about string }{
	{"watch_", "score", "one post's text, shown with its parts"},
	{"lexicon", "score", "one post's text, the pure engine"},
	{"mandate", "profile", "the legal profile, which is law as data"},
	{"", "legal_profile", "the legal profile, which is law as data"},
	{"access", "profile", "the legal profile, which is law as data"},
}

// people are words that, joined to a figure, would be a figure about somebody.
var figure = regexp.MustCompile(`(^|_)(author|account|person|citizen|officer|suspect|handle|sender|user)_(level|weight|points|grade|class|tier|hits|offences|probability)(_|$)`)

// judges says which word in a snake_case name judges, or nothing.
func judges(where, name string) string {
	if m := figure.FindString("_" + name); m != "" {
		return strings.Trim(m, "_")
	}
	for _, word := range judging {
		if !hasWord(name, word) {
			continue
		}
		if !excused(where, name, word) {
			return word
		}
	}
	return ""
}

func hasWord(name, word string) bool {
	for _, part := range strings.Split(name, "_") {
		if part == word || part == word+"s" {
			return true
		}
	}
	return false
}

func excused(where, name, word string) bool {
	for _, l := range lawful {
		if strings.HasPrefix(where, l.where) && (l.word == word || strings.Contains(name, l.word)) {
			return true
		}
	}
	return false
}

var (
	createTable = regexp.MustCompile(`(?is)\bcreate\s+(?:virtual\s+)?table\s+(?:if\s+not\s+exists\s+)?([a-z_][a-z0-9_]*)[^(]*\((.*?)\)\s*;`)
	addColumn   = regexp.MustCompile(`(?is)\balter\s+table\s+([a-z_][a-z0-9_]*)\s+(?:add|rename)\s+(?:column\s+)?([a-z_][a-z0-9_]*)`)
	column      = regexp.MustCompile(`(?im)(?:^|,)\s*([a-z_][a-z0-9_]*)\s+(?:text|bytea|bigint|integer|boolean|real|double|blob|numeric)`)
)

func checkColumns(t *tree) []string {
	var out []string
	complain := func(p, table, col string) {
		if w := judges(strings.ToLower(table), strings.ToLower(col)); w != "" {
			out = append(out, fmt.Sprintf("%s: column %s.%s: %q judges a person; a post is judged, never a person", p, table, col, w))
		}
	}
	for _, p := range sqlFiles(t) {
		text := quoted.ReplaceAllString(t.sql[p], "")
		for _, m := range createTable.FindAllStringSubmatch(text, -1) {
			complain(p, m[1], m[1])
			for _, c := range column.FindAllStringSubmatch(m[2], -1) {
				complain(p, m[1], c[1])
			}
		}
		for _, m := range addColumn.FindAllStringSubmatch(text, -1) {
			complain(p, m[1], m[2])
		}
	}
	return out
}

// checkFields refuses the same names in the program, where a figure could be
// computed without a column: fields of structs, whatever the package.
func checkFields(t *tree) []string {
	var out []string
	for _, dir := range t.dirs() {
		for _, f := range t.pkgs[dir] {
			if f.test {
				continue
			}
			ast.Inspect(f.ast, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				st, ok := spec.Type.(*ast.StructType)
				if !ok {
					return true
				}
				for _, field := range st.Fields.List {
					for _, name := range field.Names {
						if w := figureOfPerson(spec.Name.Name, name.Name); w != "" {
							out = append(out, fmt.Sprintf("%s: %s.%s: %q judges a person", t.fset.Position(name.Pos()), spec.Name.Name, name.Name, w))
						}
					}
				}
				return true
			})
		}
	}
	return out
}

// somebody are the words for who must not be judged.
var somebody = regexp.MustCompile(`(^|_)(author|account|person|citizen|officer|suspect|handle|sender|user|people|seat|minor|child)(_|$)`)

// figureOfPerson looks at a field together with the type that holds it: a
// Score in a Hit is about a text, a Score in an Account is about somebody.
func figureOfPerson(typ, field string) string {
	name := snake(field)
	if m := figure.FindString("_" + name); m != "" {
		return strings.Trim(m, "_")
	}
	for _, word := range judging {
		if hasWord(name, word) && !strings.Contains(name, "legal_profile") &&
			(somebody.MatchString(snake(typ)) || somebody.MatchString(name)) {
			return word
		}
	}
	return ""
}

// snake turns CamelCase into snake_case.
func snake(name string) string {
	var b strings.Builder
	var last rune
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 && !unicode.IsUpper(last) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
		last = r
	}
	return b.String()
}
