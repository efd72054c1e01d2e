package archive

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"ronde/channel"
	"ronde/internal/errs"
)

// csv reads a table whose first line names its columns: text must be one;
// id, lang, at, author, platform, url may be. Others are not looked at. The
// separator is the one of comma, semicolon and tab that the header has most.
func (a *reading) csv(r io.Reader) error {
	in := &meter{r: r}
	in.refill()
	b := bufio.NewReaderSize(in, readPiece)
	head, err := b.Peek(readPiece)
	if len(head) == 0 {
		return errOr(err, errCut)
	}
	if bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")) {
		b.Discard(3)
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	table := csv.NewReader(b)
	table.Comma, table.ReuseRecord = separator(line), true
	columns, err := columnsOf(table)
	if err != nil {
		return err
	}
	for {
		in.refill()
		row, err := table.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad) && !errors.Is(bad.Err, errLimit):
			a.leave(Broken)
			continue
		case err != nil:
			return err
		}
		if err := a.row(row, columns); err != nil {
			return err
		}
	}
}

func errOr(err, otherwise error) error {
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return otherwise
}

func separator(line []byte) rune {
	best, most := ',', -1
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

var columnNames = []string{"text", "id", "lang", "at", "author", "platform", "url"}

// columnsOf reads the header: the place of each column that is known.
func columnsOf(table *csv.Reader) (map[string]int, error) {
	names, err := table.Read()
	if errors.Is(err, errLimit) {
		return nil, err
	}
	if err != nil {
		return nil, errs.Field("file", "err.archive.column", "read archive: a table without a header")
	}
	columns := map[string]int{}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		for _, known := range columnNames {
			if _, twice := columns[known]; name == known && twice {
				return nil, errs.Field("file", "err.archive.twice", "read archive: two columns named "+known, "column", known)
			} else if name == known {
				columns[known] = i
			}
		}
	}
	if _, ok := columns["text"]; !ok {
		return nil, errs.Field("file", "err.archive.column", "read archive: no column named text")
	}
	return columns, nil
}

func (a *reading) row(row []string, columns map[string]int) error {
	get := func(name string) string {
		if i, ok := columns[name]; ok {
			return strings.Clone(row[i])
		}
		return ""
	}
	text := get("text")
	if strings.TrimSpace(text) == "" {
		a.leave(Empty)
		return nil
	}
	return a.give(channel.Post{ID: get("id"), Text: text, Lang: get("lang"), Author: get("author"), Platform: get("platform"), URL: get("url"), At: dated(get("at"))})
}
