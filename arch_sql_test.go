package ronde_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// statement recognises a text as SQL: a statement from its first word, or a
// piece of one by its keywords in capitals beside a numbered argument.
var statement = regexp.MustCompile(`(?is)^\s*(select\b.*\bfrom\b|insert\s+(or\s+\w+\s+)?into\s+\w+\s*(\(|values|select)|update\s+\S+\s+set\s|delete\s+from\s|` +
	`(create|drop|alter)\s+((unique|virtual|temp)\s+)?(table|index|view|trigger)\s|with\s+(recursive\s+)?\w+(\s*\([^)]*\))?\s+as\s*\(|pragma\s+\w)` +
	`|(?-i:^\s*SELECT\s)|(?-i:\b(FROM|WHERE|JOIN|ORDER BY|LIMIT|SET|AND)\b).*\$[0-9]`)

// tables finds what a statement reads or writes; ctes finds the names that it
// gives to its own parts.
var (
	tables = regexp.MustCompile(`(?i)\b(?:from|join|into|update|table(?:\s+if\s+(?:not\s+)?exists)?)\s+([a-z_][a-z0-9_]*)`)
	ctes   = regexp.MustCompile(`(?i)(?:\bwith\s+(?:recursive\s+)?|,\s*)([a-z_][a-z0-9_]*)(?:\s*\([^()]*\))?\s+as\s*\(`)
	// noise are places where one of those words stands for something else.
	noise = regexp.MustCompile(`(?i)\b(?:distinct\s+from|do\s+update|for\s+update)\b`)
)

// texts are the string constants of a file with their places.
func texts(f source) map[token.Pos]string {
	out := map[token.Pos]string{}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				out[lit.Pos()] = s
			}
		}
		return true
	})
	return out
}

// eachText calls visit for every string constant of the product, in order.
func eachText(t *tree, visit func(dir string, f source, at token.Pos, text string)) {
	for _, dir := range t.dirs() {
		if support(dir) {
			continue
		}
		for _, f := range t.pkgs[dir] {
			if f.test {
				continue
			}
			all := texts(f)
			var order []token.Pos
			for pos := range all {
				order = append(order, pos)
			}
			slices.Sort(order)
			for _, pos := range order {
				visit(dir, f, pos, all[pos])
			}
		}
	}
}

// isStore tells a store: store.go, and where a room has several nouns,
// store_<noun>.go beside it, so that none grows past reading.
func isStore(f source) bool {
	name := path.Base(f.path)
	return name == "store.go" || strings.HasPrefix(name, "store_") && !strings.HasSuffix(name, "_test.go")
}

func checkSQLPlace(t *tree) []string {
	var out []string
	eachText(t, func(dir string, f source, at token.Pos, text string) {
		if !isStore(f) && dir != "internal/db" && statement.MatchString(text) {
			out = append(out, fmt.Sprintf("%s: SQL outside a store.go: %q", t.fset.Position(at), clip(text)))
		}
	})
	return out
}

// checkSQLTables keeps each store to the tables of its own module. Another
// room's rows come by its verbs, never by a join.
func checkSQLTables(t *tree) []string {
	var out []string
	eachText(t, func(dir string, f source, at token.Pos, text string) {
		if !isStore(f) || dir == "internal/db" {
			return
		}
		for _, name := range foreign(text, dir) {
			out = append(out, fmt.Sprintf("%s: %s touches table %s, which is not its own", t.fset.Position(at), dir, name))
		}
	})
	return out
}

// foreign lists the tables in a piece of SQL that do not begin with the name of
// the module in dir.
func foreign(text, dir string) []string {
	own := map[string]bool{}
	for _, m := range ctes.FindAllStringSubmatch(text, -1) {
		own[strings.ToLower(m[1])] = true
	}
	var out []string
	for _, m := range tables.FindAllStringSubmatch(noise.ReplaceAllString(text, " "), -1) {
		name := strings.ToLower(m[1])
		if !own[name] && !slices.ContainsFunc(prefixes(dir), func(p string) bool { return name == p || strings.HasPrefix(name, p+"_") }) {
			out = append(out, name)
		}
	}
	return out
}

// prefixes are the beginnings of table names that belong to a package: its last
// name, and for a package inside another room both joined.
func prefixes(dir string) []string {
	dir = strings.TrimPrefix(dir, "internal/")
	return []string{path.Base(dir), strings.ReplaceAll(dir, "/", "_")}
}

// dialect lists what one of the two engines does not understand, or
// understands differently.
var dialect = []struct{ bad, instead string }{
	{`(?i)[=,( ]\?(?:[,) ]|$)`, "$1, $2, …"},
	{`::\s*[a-z]`, "the value's own type"},
	{`(?i)\bilike\b`, "a folded column"},
	{`(?i)\bnow\s*\(`, "the transaction's time"},
	{`(?i)\bcurrent_timestamp\b`, "the transaction's time"},
	{`->>?`, "a column of its own"},
	{`(?i)\bfor\s+update\b`, "the transaction itself"},
	{`(?i)=\s*any\s*\(`, "IN with numbered arguments"},
	{`(?i)\bgen_random_uuid\b`, "internal/id"},
	{`(?i)\blower\s*\(`, "folding in Go"},
	{`(?i)\b(timestamp|timestamptz|datetime|jsonb?|serial|bigserial|autoincrement)\b`, "BIGINT, BYTEA, BOOLEAN or TEXT"},
	{`(?i)\bstrict\s*;?\s*$`, "a CHECK"},
}

var quoted = regexp.MustCompile(`'[^']*'|--[^\n]*`)

func checkSQLDialect(t *tree) []string {
	var out []string
	eachText(t, func(dir string, f source, at token.Pos, text string) {
		if isStore(f) && statement.MatchString(text) && !strings.HasPrefix(dir, "internal/db") && dir != "internal/search" {
			out = append(out, oneDialect(t.fset.Position(at).String(), text)...)
		}
	})
	for _, p := range sqlFiles(t) {
		out = append(out, oneDialect(p, t.sql[p])...)
	}
	return out
}

func oneDialect(at, text string) []string {
	var out []string
	text = quoted.ReplaceAllString(text, "''")
	for _, d := range dialect {
		if m := regexp.MustCompile(d.bad).FindString(text); m != "" {
			out = append(out, fmt.Sprintf("%s: %q does not mean the same on both engines; use %s", at, strings.TrimSpace(m), d.instead))
		}
	}
	return out
}

// sqlFiles are the migrations, in order.
func sqlFiles(t *tree) []string {
	var all []string
	for p := range t.sql {
		if strings.HasPrefix(p, "internal/db/migrations/") {
			all = append(all, p)
		}
	}
	slices.Sort(all)
	return all
}

func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
