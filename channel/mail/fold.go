package mail

import (
	"regexp"
	"strings"
)

// foldQuotes takes off what repeats our own mail: the quote at the end, or
// above a signature, with the line that leads it in. It is asked only about a
// mail that proves to answer one of ours; what a citizen forwards or pastes
// stays whole. A mail that is nothing but quote stays too.
func foldQuotes(text string) (string, bool) {
	lines := strings.Split(text, "\n")
	body, signature := lines, []string(nil)
	for i := len(lines) - 1; i >= 0 && i >= len(lines)-maxSignature; i-- {
		if strings.TrimRight(lines[i], " ") == "--" {
			body, signature = lines[:i], lines[i:]
			break
		}
	}
	end := quoteStart(body)
	if end == len(body) {
		body, signature, end = lines, nil, quoteStart(lines)
	}
	kept := strings.TrimRight(strings.Join(body[:end], "\n"), "\n\t >")
	if end == len(body) || strings.TrimSpace(kept) == "" {
		return text, false
	}
	if len(signature) > 0 {
		kept += "\n\n" + strings.Join(signature, "\n")
	}
	return kept, true
}

const (
	maxSignature = 12 // lines
	maxLeadIn    = 3  // lines
)

// quoteStart is the line at which the trailing quote begins; len(lines) when
// there is none.
func quoteStart(lines []string) int {
	for i, line := range lines {
		if original.MatchString(strings.TrimSpace(line)) || headBlock(lines[i:]) {
			return i
		}
	}
	end := len(lines)
	for end > 0 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	start := end
	for start > 0 && (strings.HasPrefix(lines[start-1], ">") || strings.TrimSpace(lines[start-1]) == "") {
		start--
	}
	if start == end || !strings.HasPrefix(lines[end-1], ">") {
		return len(lines)
	}
	return leadIn(lines, start)
}

// leadIn goes up over the line that says who wrote when, in any language: at
// most three lines, the last of which ends with a colon and one of which has a
// digit or an at.
func leadIn(lines []string, start int) int {
	if start == 0 || !strings.HasSuffix(strings.TrimSpace(lines[start-1]), ":") {
		return start
	}
	for i := start - 1; i >= max(0, start-maxLeadIn) && strings.TrimSpace(lines[i]) != ""; i-- {
		if strings.ContainsAny(lines[i], "0123456789@<") && (i == 0 || strings.TrimSpace(lines[i-1]) == "" || i == start-maxLeadIn || leadWords.MatchString(lines[i])) {
			return i
		}
	}
	return start
}

// leadWords begin the line that leads in a quote.
var leadWords = regexp.MustCompile(`^(On|Le|Am|El|Il|Op|Den|Dne|W dniu|Dnia|\d)`)

// original is the line above a repeated mail.
var original = regexp.MustCompile(`^[-_]{3,}\s*(Original Message|Message d'origine|Message original|Ursprüngliche Nachricht|Opprinnelig melding|Oprindelig meddelelse|Ursprungligt meddelande|Wiadomość oryginalna)\s*[-_]{3,}$`)

// headBlock says whether the lines begin with the head of a repeated mail, as
// some programs write it: From, then a date, a receiver and a subject.
func headBlock(lines []string) bool {
	if !headFrom.MatchString(lines[0]) {
		return false
	}
	found := 0
	for _, line := range lines[1:min(len(lines), 6)] {
		if headOther.MatchString(line) {
			found++
		}
	}
	return found >= 3
}

var (
	headFrom  = regexp.MustCompile(`^\*?(From|De|Von|Fra|Från|Od)\s?:\*? `)
	headOther = regexp.MustCompile(`^\*?(Sent|Date|To|Cc|Subject|Envoyé|Date|À|Objet|Gesendet|Datum|An|Betreff|Sendt|Til|Emne|Skickat|Till|Ämne|Wysłano|Do|Temat)\s?:\*? ?`)
)
