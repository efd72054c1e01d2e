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

// askers are the functions that take a verb, and where they take it.
var askers = map[string]int{"Allow": 1, "Decide": 1}

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
				if verb, ok := asked(call); ok && !slices.Contains(Verbs, verb) {
					t.Errorf("%s asks about %q, which is not in access.Verbs", fset.Position(call.Pos()), verb)
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

// asked returns the verb of a call such as people.Allow(by, "case.open", r).
func asked(call *ast.CallExpr) (string, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	if room, ok := sel.X.(*ast.Ident); !ok || room.Name != "people" && room.Name != "access" {
		return "", false
	}
	at, ok := askers[sel.Sel.Name]
	if !ok || len(call.Args) <= at {
		return "", false
	}
	lit, ok := call.Args[at].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	verb, err := strconv.Unquote(lit.Value)
	return verb, err == nil
}
