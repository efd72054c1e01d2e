package access

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// askers are the functions of the rooms that hand a verb to the rules.
var askers = []string{"Allow", "Decide", "Ever", "may", "act", "load", "allowed", "change", "carriesOut", "move"}

// A verb that a room asks about and no rule knows would be refused to
// everybody, so a typing error is found here and not on somebody's desk.
func TestRoomsAskOnlyKnownVerbs(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "access" || len(d.Name()) > 2 && d.Name()[0] == '.') {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				for _, verb := range asked(call) {
					if !slices.Contains(Verbs, verb) {
						t.Errorf("%s asks about %q, which is not in access.Verbs", fset.Position(call.Pos()), verb)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// asked returns the verbs of a call such as people.Allow(by, "case.open", r).
func asked(call *ast.CallExpr) (verbs []string) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	if !slices.Contains(askers, name) {
		return nil
	}
	for _, arg := range call.Args {
		lit, ok := arg.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			continue
		}
		verb, err := strconv.Unquote(lit.Value)
		if kind, _, dotted := strings.Cut(verb, "."); err == nil && dotted && slices.Contains(kinds(), kind) {
			verbs = append(verbs, verb)
		}
	}
	return verbs
}
