package lexicon

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
	"unsafe"
)

// MaxLineBytes bounds one NDJSON line; a longer one is named and skipped.
const MaxLineBytes = 1 << 20

// ScanOptions says what Scan writes.
type ScanOptions struct {
	All      bool    // also posts that are not flagged
	MinScore float64 // only categories with at least this score; 0 = the lexicon's threshold
}

// ScanStats counts what Scan did.
type ScanStats struct {
	Lines, Posts, Flagged, Bad int
	Bytes                      int64
}

// scanned is one line of output; the contract of `ronde scan`.
type scanned struct {
	ID         json.RawMessage `json:"id"`
	Line       int             `json:"line"`
	Score      float64         `json:"score"`
	Categories []CategoryScore `json:"categories"`
	Signals    []Signal        `json:"signals"`
}

// Scan reads NDJSON posts from r and writes one line per flagged post to w.
// Lines that cannot be read are named on errw and counted; the rest is done.
// The error is one of reading or writing.
func (l *Lexicon) Scan(r io.Reader, w, errw io.Writer, opt ScanOptions) (ScanStats, error) {
	out := bufio.NewWriterSize(w, 1<<16)
	s := scanner{l: l, opt: opt, errw: errw, out: json.NewEncoder(out), judge: l.pool.Get().(*judge)}
	defer l.pool.Put(s.judge)
	s.out.SetEscapeHTML(false)
	in := bufio.NewReaderSize(r, 1<<18)
	for {
		line, err := s.next(in)
		if len(line) == 0 && err != nil {
			if errors.Is(err, io.EOF) {
				return s.stats, out.Flush()
			}
			return s.stats, errors.Join(fmt.Errorf("read posts: %w", err), out.Flush())
		}
		s.stats.Lines++
		s.stats.Bytes += int64(len(line))
		if werr := s.scan(line); werr != nil {
			return s.stats, fmt.Errorf("write verdicts: %w", werr)
		}
	}
}

// scanner is one Scan. A post that is not flagged costs no allocation.
type scanner struct {
	l     *Lexicon
	opt   ScanOptions
	stats ScanStats
	read  lineReader
	judge *judge
	out   *json.Encoder
	errw  io.Writer
	long  []byte // a line that did not fit the buffer
}

// next returns a line as it lies in the buffer, or put together when it is
// longer than that.
func (s *scanner) next(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	s.long = append(s.long[:0], line...)
	s.long, err = readLine(in, s.long)
	return s.long, err
}

func (s *scanner) scan(line []byte) error {
	if blank(line) {
		return nil
	}
	p, cut, err := s.weigh(line)
	if err != nil {
		s.stats.Bad++
		fmt.Fprintf(s.errw, "line %d: %v\n", s.stats.Lines, err)
		return nil
	}
	s.stats.Posts++
	scores := s.l.scores(s.judge)
	if s.l.flagged(scores, s.opt.MinScore) {
		s.stats.Flagged++
	} else if !s.opt.All {
		return nil
	}
	return s.write(p.ID, s.l.verdict(s.judge, scores, cut), scores)
}

// weigh reads a line and judges its text, in a buffer that the next line
// overwrites; until then nobody writes to it, and what leaves here is a copy.
func (s *scanner) weigh(line []byte) (p post, cut bool, err error) {
	if p, err = s.read.read(line); err != nil {
		return p, false, err
	}
	cut = s.judge.weigh(s.l, unsafe.String(unsafe.SliceData(p.Text), len(p.Text)), p.Lang)
	if p.raw && (s.judge.broken || cut && !utf8.Valid(p.Text)) {
		if p, err = parsePost(line); err != nil {
			return p, false, err
		}
		cut = s.judge.weigh(s.l, string(p.Text), p.Lang)
	}
	return p, cut, nil
}

// flagged says whether a category has the score that flags, or least when it
// is given.
func (l *Lexicon) flagged(scores [FlagCategories]float64, least float64) bool {
	if least <= 0 {
		least = l.threshold
	}
	return slices.ContainsFunc(scores[:], func(s float64) bool { return s >= least })
}

func (s *scanner) write(id []byte, v Verdict, scores [FlagCategories]float64) error {
	cats := v.Categories
	if s.opt.MinScore > 0 {
		cats = nil
		for c, score := range scores {
			if score >= s.opt.MinScore {
				cats = append(cats, CategoryScore{Category(c).String(), score})
			}
		}
	}
	if cats == nil {
		cats = []CategoryScore{}
	}
	signals := v.Signals
	if signals == nil {
		signals = []Signal{}
	}
	if id == nil {
		id = []byte("null")
	}
	return s.out.Encode(scanned{ID: id, Line: s.stats.Lines, Score: round3(v.Score), Categories: cats, Signals: signals})
}

func round3(x float64) float64 { return float64(int(x*1000+0.5)) / 1000 }

func blank(line []byte) bool {
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// readLine reads up to and without the line feed. Of a line longer than
// MaxLineBytes it keeps only the first MaxLineBytes, which is then no JSON.
func readLine(in *bufio.Reader, line []byte) ([]byte, error) {
	for {
		part, err := in.ReadSlice('\n')
		if room := MaxLineBytes - len(line); len(part) > room {
			line = append(line, part[:room]...)
		} else {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// Scores returns the score of every category, flagged or not.
func (l *Lexicon) Scores(text, lang string) []CategoryScore {
	j := l.pool.Get().(*judge)
	defer l.pool.Put(j)
	j.weigh(l, text, lang)
	scores := l.scores(j)
	all := make([]CategoryScore, 0, FlagCategories)
	for c, s := range scores {
		all = append(all, CategoryScore{Category(c).String(), s})
	}
	return all
}
