package ronde_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// impure are the packages that bring I/O to a floor that has none.
var impure = []string{"net", "net/http", "os", "os/exec", "os/signal", "syscall", "database/sql", "log", "log/slog"}

// clocks are the functions of package time that read or wait for a clock.
// Types, constants and arithmetic are welcome on floor 0.
var clocks = []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker"}

// ends are packages of floor 0 that exist to end the process.
var ends = []string{"internal/crash"}

func checkPure(t *tree) []string {
	var out []string
	for _, dir := range t.dirs() {
		r, ok := roomOf(dir)
		if !ok || r.floor != 0 {
			continue
		}
		for _, f := range t.pkgs[dir] {
			if f.test {
				continue
			}
			for _, imp := range imports(f) {
				if slices.Contains(impure, imp) && !(slices.Contains(ends, dir) && imp != "net/http") {
					out = append(out, fmt.Sprintf("%s imports %s: floor 0 has no I/O", f.path, imp))
				}
			}
			out = append(out, readsClock(t, f)...)
		}
	}
	return out
}

func readsClock(t *tree, f source) []string {
	var out []string
	ast.Inspect(f.ast, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, sel.Sel.Name) {
			out = append(out, fmt.Sprintf("%s uses time.%s: floor 0 has no clock", t.fset.Position(sel.Pos()), sel.Sel.Name))
		}
		return true
	})
	return out
}

// drivers name, by the beginning of their import path, the libraries that one
// room keeps from all others.
var drivers = []struct{ library, room string }{
	{"modernc.org/sqlite", "internal/db"},
	{"github.com/mattn/go-sqlite3", "internal/db"},
	{"github.com/jackc/pgx", "internal/db"},
	{"github.com/lib/pq", "internal/db"},
	{"github.com/nats-io/", "internal/bus"},
}

func checkDrivers(t *tree) []string {
	var out []string
	for _, dir := range t.dirs() {
		for _, f := range t.pkgs[dir] {
			for _, imp := range imports(f) {
				for _, d := range drivers {
					home := dir == d.room || support(dir) && path.Dir(dir) == d.room
					if strings.HasPrefix(imp, d.library) && !home {
						out = append(out, fmt.Sprintf("%s imports %s, which only %s may", f.path, imp, d.room))
					}
				}
			}
		}
	}
	return out
}

// checkPages keeps web and what is below it from floors 1 and 2: a page asks a
// service, never the database, the bus, a blob, a key or a job.
func checkPages(t *tree) []string {
	var out []string
	for _, dir := range t.dirs() {
		if dir != "web" && !strings.HasPrefix(dir, "web/") {
			continue
		}
		for _, f := range t.pkgs[dir] {
			if f.test {
				continue
			}
			for _, imp := range imports(f) {
				r, ok := roomOf(strings.TrimPrefix(imp, module))
				if ok && strings.HasPrefix(imp, module) && (r.floor == 1 || r.floor == 2) {
					out = append(out, fmt.Sprintf("%s imports %s: pages ask services, not floor %d", f.path, imp, r.floor))
				}
			}
		}
	}
	return out
}

// vague names say nothing about what is inside.
var vague = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types",
	"misc", "shared", "base", "core", "lib", "tools", "manager"}

func checkNames(t *tree) []string {
	var out []string
	for _, dir := range t.dirs() {
		for _, f := range t.pkgs[dir] {
			name := strings.TrimSuffix(f.ast.Name.Name, "_test")
			if slices.Contains(vague, name) || slices.Contains(vague, path.Base(dir)) {
				out = append(out, fmt.Sprintf("%s: %q names nothing; say what the package is", dir, name))
				break
			}
		}
	}
	return out
}

// checkComments wants a package comment that begins as Go's own do.
func checkComments(t *tree) []string {
	var out []string
	for _, dir := range t.dirs() {
		product, said := false, false
		for _, f := range t.pkgs[dir] {
			if f.test {
				continue
			}
			product = true
			text := f.ast.Doc.Text()
			said = said || strings.HasPrefix(text, "Package "+f.ast.Name.Name) ||
				f.ast.Name.Name == "main" && text != ""
		}
		if product && !said {
			out = append(out, fmt.Sprintf("%s has no package comment: what it is, owns, promises and does not do", dir))
		}
	}
	return out
}
