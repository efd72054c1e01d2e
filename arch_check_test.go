package ronde_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is how our own packages begin their import paths.
const module = "ronde/"

// tree is the source as the checks see it: Go files by package folder, and the
// SQL files of the migrations.
type tree struct {
	fset *token.FileSet
	pkgs map[string][]source
	sql  map[string]string // path → text
}

type source struct {
	path string
	test bool
	ast  *ast.File
}

// load reads every Go file below the root that belongs to this module, and
// every migration. Folders that Go ignores, and modules of their own, are left
// out.
func load(fsys fs.FS) (*tree, error) {
	t := &tree{fset: token.NewFileSet(), pkgs: map[string][]source{}, sql: map[string]string{}}
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return skip(fsys, p)
		case strings.HasSuffix(p, ".go"):
			return t.parse(fsys, p)
		case strings.HasSuffix(p, ".sql"):
			text, err := fs.ReadFile(fsys, p)
			t.sql[p] = string(text)
			return err
		}
		return nil
	})
	return t, err
}

func skip(fsys fs.FS, p string) error {
	base := path.Base(p)
	if p == "." {
		return nil
	}
	if base == "testdata" || base == "node_modules" || base == "vendor" || base[0] == '.' || base[0] == '_' {
		return fs.SkipDir
	}
	if _, err := fs.Stat(fsys, path.Join(p, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

func (t *tree) parse(fsys fs.FS, p string) error {
	text, err := fs.ReadFile(fsys, p)
	if err != nil {
		return err
	}
	f, err := parser.ParseFile(t.fset, p, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(p)
	t.pkgs[dir] = append(t.pkgs[dir], source{path: p, test: strings.HasSuffix(p, "_test.go"), ast: f})
	return nil
}

// dirs lists the packages in order, so that complaints are stable.
func (t *tree) dirs() []string {
	var all []string
	for dir := range t.pkgs {
		all = append(all, dir)
	}
	slices.Sort(all)
	return all
}

// roomOf finds the line of the table that a package folder belongs to.
func roomOf(dir string) (room, bool) {
	for _, r := range house {
		if r.path == dir {
			return r, true
		}
	}
	for _, r := range house {
		if parent, ok := strings.CutSuffix(r.path, "/*"); ok && path.Dir(dir) == parent {
			return r, true
		}
	}
	return room{}, false
}

// support says whether a package is test support by Go's custom (dbtest,
// blobtest, …). Those may reach what they prepare.
func support(dir string) bool {
	base := path.Base(dir)
	return strings.HasSuffix(base, "test") && base != "test"
}

func imports(f source) []string {
	var all []string
	for _, spec := range f.ast.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			all = append(all, p)
		}
	}
	return all
}

func checkRooms(t *tree) []string {
	var out []string
	for _, dir := range t.dirs() {
		if _, ok := roomOf(dir); !ok && dir != "." && !support(dir) {
			out = append(out, fmt.Sprintf("%s stands on no floor: give it a room in the table, or put its code in an existing one", dir))
		}
	}
	return out
}

func checkGone(t *tree) []string {
	var out []string
	for _, r := range house {
		found := slices.ContainsFunc(t.dirs(), func(dir string) bool {
			owner, ok := roomOf(dir)
			return ok && owner == r
		})
		if !found && !r.planned {
			out = append(out, fmt.Sprintf("%s (floor %d) is gone: it is in the table and not in the tree", r.path, r.floor))
		}
	}
	return out
}

// checkFloors refuses an upward or sideways import. Test files are held to the
// same, except that they may use test support and their own package.
func checkFloors(t *tree) []string {
	var out []string
	for _, dir := range t.dirs() {
		from, ok := roomOf(dir)
		if !ok || support(dir) {
			continue
		}
		for _, f := range t.pkgs[dir] {
			for _, imp := range imports(f) {
				to, ours := strings.CutPrefix(imp, module)
				if !ours {
					continue
				}
				if c := stairs(f, dir, to, from); c != "" {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// stairs says what is wrong with one import of our own, or nothing.
func stairs(f source, dir, to string, from room) string {
	if f.test && (support(to) || to == dir) {
		return ""
	}
	if support(to) {
		return fmt.Sprintf("%s imports %s, which is for tests only", f.path, to)
	}
	target, ok := roomOf(to)
	if !ok {
		return fmt.Sprintf("%s imports %s, which stands on no floor", f.path, to)
	}
	switch cmp.Compare(target.floor, from.floor) {
	case 1:
		return fmt.Sprintf("%s (floor %d) imports %s (floor %d): upwards", f.path, from.floor, to, target.floor)
	case 0:
		return fmt.Sprintf("%s imports %s on the same floor %d: sideways", f.path, to, from.floor)
	}
	return ""
}
