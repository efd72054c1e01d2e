package lexicon

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	var stats ScanStats
	in := bufio.NewReaderSize(r, 1<<18)
	out := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var line []byte
	for {
		var err error
		line, err = readLine(in, line[:0])
		if len(line) == 0 && err != nil {
			if errors.Is(err, io.EOF) {
				return stats, out.Flush()
			}
			return stats, errors.Join(fmt.Errorf("read posts: %w", err), out.Flush())
		}
		stats.Lines++
		stats.Bytes += int64(len(line))
		if werr := l.scanLine(line, &stats, enc, errw, opt); werr != nil {
			return stats, fmt.Errorf("write verdicts: %w", werr)
		}
	}
}

func (l *Lexicon) scanLine(line []byte, stats *ScanStats, enc *json.Encoder, errw io.Writer, opt ScanOptions) error {
	if blank(line) {
		return nil
	}
	p, err := parsePost(line)
	if err != nil {
		stats.Bad++
		fmt.Fprintf(errw, "line %d: %v\n", stats.Lines, err)
		return nil
	}
	stats.Posts++
	v := l.Judge(p.Text, p.Lang)
	cats := v.Categories
	if opt.MinScore > 0 {
		cats = cats[:0:0]
		for _, c := range l.Scores(p.Text, p.Lang) {
			if c.Score >= opt.MinScore {
				cats = append(cats, c)
			}
		}
	}
	if len(cats) > 0 {
		stats.Flagged++
	} else if !opt.All {
		return nil
	}
	if cats == nil {
		cats = []CategoryScore{}
	}
	signals := v.Signals
	if signals == nil {
		signals = []Signal{}
	}
	if p.ID == nil {
		p.ID = json.RawMessage("null")
	}
	return enc.Encode(scanned{ID: p.ID, Line: stats.Lines, Score: round3(v.Score), Categories: cats, Signals: signals})
}

func round3(x float64) float64 { return float64(int(x*1000+0.5)) / 1000 }

// post is what is read of a line. Other fields are ignored.
type post struct {
	ID   json.RawMessage `json:"id"`
	Text string
	Lang string
}

func parsePost(line []byte) (post, error) {
	var raw struct {
		ID   json.RawMessage `json:"id"`
		Text *string         `json:"text"`
		Lang any             `json:"lang"`
	}
	if err := json.Unmarshal(line, &raw); err != nil {
		return post{}, fmt.Errorf("no JSON object: %w", err)
	}
	if raw.Text == nil {
		return post{}, errors.New(`no "text"`)
	}
	lang, _ := raw.Lang.(string)
	return post{ID: raw.ID, Text: *raw.Text, Lang: lang}, nil
}

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
