package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"ronde/lexicon"
	"ronde/lexicon/lexbench"
)

// BenchScanCmd is `ronde bench scan`.
type BenchScanCmd struct {
	Posts int    `help:"How many posts to make." default:"200000"`
	Terms []int  `help:"Sizes of the made lexicons, in terms." default:"1000,10000,100000"`
	Runs  int    `help:"Runs of each program; the median counts." default:"3"`
	Seed  uint64 `help:"What the posts and terms are made from." default:"7"`
}

// Limits of what is made.
const (
	benchMaxPosts = 5_000_000
	benchMaxTerms = 1_000_000
	benchMaxRuns  = 20
	benchWarm     = 20_000 // posts after which nothing should be allocated any more
)

// sizeFigures are what one lexicon size costs, in user CPU seconds.
type sizeFigures struct {
	terms       int
	load, whole float64 // ronde scan: on no post, on all
	rg, jqrg    float64 // 0: not installed
	bytes       float64 // heap of the loaded lexicon
	bytesATerm  float64 // what each term beyond the planted ones adds to it
	allocsAPost float64
}

func (f sizeFigures) microseconds(posts int) float64 {
	return (f.whole - f.load) / float64(posts) * 1e6
}

// Run makes the data in a temporary folder, measures and prints.
func (c *BenchScanCmd) Run() error {
	if c.Posts < 1000 || c.Posts > benchMaxPosts || c.Runs < 1 || c.Runs > benchMaxRuns || len(c.Terms) == 0 {
		return exitError{2, fmt.Sprintf("--posts is between 1000 and %d, --runs between 1 and %d, --terms not empty", benchMaxPosts, benchMaxRuns)}
	}
	largest := 0
	for _, n := range c.Terms {
		if n < lexbench.Planted || n > benchMaxTerms {
			return exitError{2, fmt.Sprintf("--terms are between %d and %d", lexbench.Planted, benchMaxTerms)}
		}
		largest = max(largest, n)
	}
	dir, err := os.MkdirTemp("", "ronde-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	progress("making %d posts and %d terms from seed %d", c.Posts, largest, c.Seed)
	b := scanBench{BenchScanCmd: c, dir: dir, terms: lexbench.Terms(c.Seed, largest)}
	if err := b.makePosts(); err != nil {
		return err
	}
	if err := b.fixedParts(); err != nil {
		return err
	}
	var all []sizeFigures
	for _, n := range c.Terms {
		f, err := b.size(n)
		if err != nil {
			return err
		}
		all = append(all, f)
	}
	printBench(fmt.Sprintf("ronde bench scan --posts %d --runs %d --seed %d", c.Posts, c.Runs, c.Seed), b.rows(all))
	for _, peer := range missingPeers() {
		fmt.Printf("\nnot measured: %s\n", peer)
	}
	return nil
}

type scanBench struct {
	*BenchScanCmd
	dir   string
	terms []string
	bytes int64 // of the NDJSON
	self  string
	fold  float64 // bytes of the fold table, which all lexicons share
	fixed float64 // bytes of a lexicon of the planted terms alone: nearly all of it weights
}

func (b *scanBench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *scanBench) makePosts() (err error) {
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	raw, err := os.Create(b.path("posts.ndjson"))
	if err != nil {
		return err
	}
	defer raw.Close()
	prepared, err := os.Create(b.path("posts.txt"))
	if err != nil {
		return err
	}
	defer prepared.Close()
	if err := lexbench.Posts(b.Seed, b.Posts, b.terms, raw, prepared); err != nil {
		return err
	}
	info, err := raw.Stat()
	if err != nil {
		return err
	}
	b.bytes = info.Size()
	return os.WriteFile(b.path("none.ndjson"), nil, 0o600)
}

// makeLexicon writes the first n terms as a lexicon and as a plain list.
func (b *scanBench) makeLexicon(n int) (folder, list string, err error) {
	folder, list = b.path("lexicon-"+strconv.Itoa(n)), b.path("terms-"+strconv.Itoa(n))
	for name, text := range lexbench.Lexicon(b.terms[:n]) {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return "", "", err
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return "", "", err
		}
	}
	if err := makeWeights(filepath.Join(folder, "weights.txt")); err != nil {
		return "", "", err
	}
	f, err := os.Create(list)
	if err != nil {
		return "", "", err
	}
	for _, t := range b.terms[:n] {
		fmt.Fprintln(f, t)
	}
	return folder, list, f.Close()
}

// makeWeights writes the shipped weights, with the made families so firm that
// two of them flag a post: scoring costs what it does, and answers are written.
func makeWeights(name string) error {
	shipped, err := lexicon.Shipped()
	if err != nil {
		return err
	}
	made := *shipped.Weights()
	for i, head := range made.Heads {
		made.Heads[i] = maps.Clone(head)
		for _, family := range lexbench.Families() {
			made.Heads[i]["family:"+family] = 6
		}
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = made.WriteTo(out)
	return err
}

// size measures one size of lexicon. Ours and the peers run in turn, so that
// a machine whose speed drifts does not favour either.
func (b *scanBench) size(n int) (f sizeFigures, err error) {
	progress("lexicon of %d terms", n)
	f.terms = n
	folder, list, err := b.makeLexicon(n)
	if err != nil {
		return f, err
	}
	var load, whole, rg, jqrg []float64
	for range b.Runs {
		for _, step := range []struct {
			into *[]float64
			run  [][]string // programs joined by pipes
		}{
			{&load, [][]string{{b.self, "scan", "--lexicon", folder, b.path("none.ndjson")}}},
			{&whole, [][]string{{b.self, "scan", "--lexicon", folder, b.path("posts.ndjson")}}},
			{&rg, [][]string{{"rg", "-c", "-F", "-f", list, b.path("posts.txt")}}},
			{&jqrg, [][]string{{"jq", "-r", ".text", b.path("posts.ndjson")}, {"rg", "-c", "-F", "-f", list, "-"}}},
		} {
			seconds, installed, err := userSeconds(step.run)
			if err != nil {
				return f, err
			}
			if installed {
				*step.into = append(*step.into, seconds)
			}
		}
	}
	f.load, f.whole = median(load), median(whole)
	if len(rg) > 0 {
		f.rg = median(rg)
	}
	if len(jqrg) > 0 {
		f.jqrg = median(jqrg)
	}
	if f.bytes, f.allocsAPost, err = b.inside(folder); err != nil {
		return f, err
	}
	if n > lexbench.Planted {
		f.bytesATerm = (f.bytes - b.fixed) / float64(n-lexbench.Planted)
	}
	return f, nil
}

// fixedParts measures what does not grow with the number of terms.
func (b *scanBench) fixedParts() error {
	before := heap()
	lexicon.Fold("É")
	b.fold = float64(heap().HeapAlloc) - float64(before.HeapAlloc)
	folder, _, err := b.makeLexicon(lexbench.Planted)
	if err != nil {
		return err
	}
	b.fixed, err = heapOf(folder)
	return err
}

// heapOf loads a lexicon into this process and returns its bytes.
func heapOf(folder string) (float64, error) {
	before := heap()
	lex, err := lexicon.Load(os.DirFS(folder))
	if err != nil {
		return 0, err
	}
	bytes := float64(heap().HeapAlloc) - float64(before.HeapAlloc)
	runtime.KeepAlive(lex)
	return bytes, nil
}

// inside loads the lexicon into this process to count bytes and allocations.
func (b *scanBench) inside(folder string) (bytes, allocsAPost float64, err error) {
	if bytes, err = heapOf(folder); err != nil {
		return 0, 0, err
	}
	lex, err := lexicon.Load(os.DirFS(folder))
	if err != nil {
		return 0, 0, err
	}
	few := b.path("few.ndjson")
	out, err := os.Create(few)
	if err != nil {
		return 0, 0, err
	}
	defer out.Close()
	// Without planted terms: what is allocated for a flagged post is its answer.
	if err := lexbench.Posts(b.Seed+1, benchWarm, nil, out, nil); err != nil {
		return 0, 0, err
	}
	var counts [2]uint64
	for i := range counts {
		if counts[i], err = mallocs(lex, few); err != nil {
			return 0, 0, err
		}
	}
	runtime.KeepAlive(lex)
	return bytes, float64(counts[1]) / benchWarm, nil
}
