package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// uses is where the repository takes its words from.
type uses struct {
	calls    []call
	literals map[string]bool // whole keys named in Go
	groups   []string        // prefixes from which a word is chosen at run time
}

// call is a key in plain sight; names are the placeholders it fills, nil where
// they cannot be read.
type call struct {
	where, key string
	names      []string
}

func (u *uses) used(key string) bool {
	if u.literals[key] || slices.ContainsFunc(u.calls, func(c call) bool { return c.key == key }) {
		return true
	}
	return slices.ContainsFunc(u.groups, func(g string) bool { return strings.HasPrefix(key, g) })
}

func usesOf(t *testing.T, root string) *uses {
	t.Helper()
	u := &uses{literals: make(map[string]bool)}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 || d.Name() == "node_modules" || d.Name() == "testdata"):
			return fs.SkipDir
		case strings.HasSuffix(path, "_test.go"):
			return nil
		case strings.HasSuffix(path, ".go"):
			return u.goFile(path)
		case strings.HasSuffix(path, ".html") && strings.Contains(filepath.ToSlash(path), "web/view/"):
			return u.template(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

var (
	inTemplate = regexp.MustCompile(`\b([TNW]) (?:"([a-z][\w.-]*)"|\(print "([\w.]+\.)")`)
	filled     = regexp.MustCompile(`^(?: +\(len [^)]*\)| +\(int [^)]*\)| +[.$][\w.]*)?((?: +"\w+" +(?:\([^()]*(?:\([^()]*\))?[^()]*\)|[.$][\w.]*|"[^"]*"))*)`)
	pairName   = regexp.MustCompile(`"(\w+)" +[.$("]`)
	optionsOf  = regexp.MustCompile(`\(options "(\w+)"((?: "[\w-]+")+)\)`)
	quoted     = regexp.MustCompile(`"([\w-]+)"`)
)

// template reads T "key", N "key", W "group" and (print "group." …).
func (u *uses) template(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	s := string(raw)
	if door := filepath.Base(filepath.Dir(path)); door == "portal" || door == "work" {
		u.calls = append(u.calls, call{where: path, key: "title." + door + "." + strings.TrimSuffix(filepath.Base(path), ".html")})
	}
	for _, m := range inTemplate.FindAllStringSubmatchIndex(s, -1) {
		word, rest := s[m[2]:m[3]], s[m[1]:min(len(s), m[1]+300)]
		switch {
		case m[6] >= 0:
			u.groups = append(u.groups, s[m[6]:m[7]])
		case word == "W":
			u.groups = append(u.groups, "word."+s[m[4]:m[5]]+".")
		default:
			names := []string{}
			for _, p := range pairName.FindAllStringSubmatch(filled.FindStringSubmatch(rest)[1], -1) {
				names = append(names, p[1])
			}
			if word == "N" {
				names = append(names, "n")
			}
			slices.Sort(names)
			u.calls = append(u.calls, call{where: path, key: s[m[4]:m[5]], names: slices.Compact(names)})
		}
	}
	for _, m := range optionsOf.FindAllStringSubmatch(s, -1) {
		for _, w := range quoted.FindAllStringSubmatch(m[2], -1) {
			u.calls = append(u.calls, call{where: path, key: "word." + m[1] + "." + w[1]})
		}
	}
	return nil
}

var errorKey = regexp.MustCompile(`^err\.[a-z][\w.]*\w$`)

// goFile reads T("key"), N("key"), every "err.…" literal, and literals that end
// in a dot as groups ("word.role." + role).
func (u *uses) goFile(path string) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil // a file being written is the compiler's business
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			u.callIn(fset, n)
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			s, err := strconv.Unquote(n.Value)
			if err != nil {
				return true
			}
			u.literals[s] = true
			switch {
			case errorKey.MatchString(s):
				u.calls = append(u.calls, call{where: fset.Position(n.Pos()).String(), key: s})
			case strings.HasSuffix(s, ".") && strings.Count(s, ".") > 0 && !strings.Contains(s, " ") && len(s) > 3:
				u.groups = append(u.groups, s)
			}
		}
		return true
	})
	return nil
}

func (u *uses) callIn(fset *token.FileSet, n *ast.CallExpr) {
	// web's facts(l, "keeps", "post", …) reads keeps.post.name and .value.
	if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "facts" && len(n.Args) > 1 {
		if lit, ok := n.Args[1].(*ast.BasicLit); ok {
			u.groups = append(u.groups, strings.Trim(lit.Value, `"`)+".")
		}
		return
	}
	f, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || f.Sel.Name != "T" && f.Sel.Name != "N" || len(n.Args) == 0 {
		return
	}
	lit, ok := n.Args[0].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	if key, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(key, ".") {
		u.calls = append(u.calls, call{where: fset.Position(n.Pos()).String(), key: key})
	}
}
