package lexicon

import (
	"io"
	"regexp"
	"strings"
	"time"
)

// An entry is an indicator (STIX 2.1 section 4.7): something to look for, with
// a pattern, a time from which it holds, a confidence and where it is known
// from. No cyber-observable object has the text of a public post, so the
// pattern is a regular expression over text (pattern-type-ov: pcre), and what
// an entry has beyond it stands in a property extension (section 7.3).
type stixIndicator struct {
	Type         string         `json:"type"`
	SpecVersion  string         `json:"spec_version"`
	ID           string         `json:"id"`
	CreatedByRef string         `json:"created_by_ref"`
	Created      string         `json:"created"`
	Modified     string         `json:"modified"`
	Name         string         `json:"name"`
	Description  string         `json:"description"`
	Types        []string       `json:"indicator_types"`
	Pattern      string         `json:"pattern"`
	PatternType  string         `json:"pattern_type"`
	ValidFrom    string         `json:"valid_from"`
	Labels       []string       `json:"labels"`
	Confidence   int            `json:"confidence"`
	References   []stixRef      `json:"external_references,omitempty"`
	Extensions   map[string]any `json:"extensions"`
}

type stixRef struct {
	SourceName  string `json:"source_name"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
}

// stixEntry is the content of our extension.
type stixEntry struct {
	ExtensionType string        `json:"extension_type"`
	Text          string        `json:"entry_text"`
	Language      string        `json:"entry_language"`
	Category      string        `json:"category"`
	Family        string        `json:"family"`
	Sense         string        `json:"sense"`
	Region        string        `json:"region,omitempty"`
	Platform      string        `json:"platform,omitempty"`
	FirstSeen     string        `json:"first_seen,omitempty"`
	LastSeen      string        `json:"last_seen,omitempty"`
	Reliability   string        `json:"reliability,omitempty"`
	Backwards     bool          `json:"read_backwards,omitempty"`
	Innocent      []stixReading `json:"innocent_readings,omitempty"`
}

type stixReading struct {
	Reading string   `json:"reading"`
	Words   []string `json:"words"`
}

type stixBundle struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Objects []any  `json:"objects"`
}

type stixIdentity struct {
	Type          string `json:"type"`
	SpecVersion   string `json:"spec_version"`
	ID            string `json:"id"`
	Created       string `json:"created"`
	Modified      string `json:"modified"`
	Name          string `json:"name"`
	IdentityClass string `json:"identity_class"`
}

type stixExtension struct {
	Type           string   `json:"type"`
	SpecVersion    string   `json:"spec_version"`
	ID             string   `json:"id"`
	CreatedByRef   string   `json:"created_by_ref"`
	Created        string   `json:"created"`
	Modified       string   `json:"modified"`
	Name           string   `json:"name"`
	Description    string   `json:"description"`
	Schema         string   `json:"schema"`
	Version        string   `json:"version"`
	ExtensionTypes []string `json:"extension_types"`
}

const (
	stixVersion  = "2.1"
	stixTime     = "2006-01-02T15:04:05.000Z" // section 3.2, milliseconds
	stixMadeAt   = "2026-11-01T00:00:00.000Z" // of the extension's first version
	stixProperty = "property-extension"
	stixSchema   = "entry_text (string: words between spaces; word* any ending, *word any beginning, <n> a number, .. up to three words), entry_language (ISO 639-1 or mul), " +
		"category, family, sense, region, platform, first_seen, last_seen (year, month or day), reliability (A police or public body, B press, C lead, U unverified), read_backwards (boolean), " +
		"innocent_readings (list of: reading, words)"
)

var (
	stixIdentityID  = "identity--" + uuidOf("identity")
	stixExtensionID = "extension-definition--" + uuidOf("extension")
)

// stixConfidence is STIX 2.1 appendix A, None / Low / Med / High.
var stixConfidence = map[string]int{"low": 15, "medium": 50, "high": 85}

// WriteSTIX writes the entries as a STIX 2.1 bundle and returns what it could
// not carry.
func (l *Lexicon) WriteSTIX(w io.Writer, opt ExportOptions) ([]Loss, error) {
	entries, losses := l.exported(opt)
	at := opt.At.UTC().Format(stixTime)
	out := stixBundle{"bundle", "bundle--" + uuidOf("bundle/"+l.Hash()+"/"+at), []any{
		stixIdentity{"identity", stixVersion, stixIdentityID, stixMadeAt, stixMadeAt, "Ronde lexicon", "system"},
		stixExtension{"extension-definition", stixVersion, stixExtensionID, stixIdentityID, stixMadeAt, stixMadeAt, "coded-offer",
			"What is known of a word or emoji by which offers are coded in public posts.", stixSchema, "1.0.0", []string{stixProperty}},
	}}
	for _, e := range entries {
		out.Objects = append(out.Objects, stixOf(e, opt.At))
	}
	return append(losses, Loss{Field: "pattern", Why: "a regular expression sees no word in disguise; the entry's own text stands beside it", Count: len(entries)}), writeShared(w, out)
}

func stixOf(e Entry, at time.Time) stixIndicator {
	from := since(e.FirstSeen, at)
	modified := at
	if modified.Before(from) {
		modified = from
	}
	x := stixEntry{stixProperty, e.Text, e.Language, e.Category, e.Family, e.Sense, e.Region, e.Platform, e.FirstSeen, e.LastSeen, e.Reliability, e.Backwards, nil}
	for _, in := range e.Innocent {
		x.Innocent = append(x.Innocent, stixReading(in))
	}
	ref := stixRef{SourceName: e.Source, Description: e.SourceURL}
	if isWeb(e.SourceURL) {
		ref = stixRef{SourceName: e.Source, URL: e.SourceURL}
	}
	return stixIndicator{"indicator", stixVersion, "indicator--" + uuidOf("entry/"+e.ID), stixIdentityID, from.Format(stixTime), modified.UTC().Format(stixTime),
		e.Text, describe(e), []string{indicates(e)}, regular(e.Text), "pcre", from.Format(stixTime), []string{e.Category, e.Family},
		stixConfidence[e.Confidence], []stixRef{ref}, map[string]any{stixExtensionID: x}}
}

// indicates is a word of indicator-type-ov.
func indicates(e Entry) string {
	switch c, _ := ParseCategory(e.Category); {
	case int(c) < FlagCategories:
		return "malicious-activity"
	case c == About:
		return "benign"
	}
	return "unknown"
}

// since reads a year, month or day; at, when there is none.
func since(seen string, at time.Time) time.Time {
	for _, form := range []string{"2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(form, seen); err == nil {
			return t
		}
	}
	return at.UTC()
}

// regular writes an entry's text as a regular expression.
func regular(text string) string {
	var b strings.Builder
	b.WriteString(`(?i)(?<![\p{L}\p{N}])`)
	for i, field := range strings.Fields(text) {
		if field == ".." {
			b.WriteString(`(?:\s+\S+){0,3}?`)
			continue
		}
		if i > 0 {
			b.WriteString(`\s+`)
		}
		switch stem := strings.Trim(field, "*"); {
		case field == "<n>":
			b.WriteString(`\d+(?:[.,]\d+)?`)
		default:
			if strings.HasPrefix(field, "*") {
				b.WriteString(`[\p{L}\p{N}]*`)
			}
			b.WriteString(regexp.QuoteMeta(stem))
			if strings.HasSuffix(field, "*") {
				b.WriteString(`[\p{L}\p{N}]*`)
			}
		}
	}
	b.WriteString(`(?![\p{L}\p{N}])`)
	return b.String()
}
