package twitch

import "strings"

// Bounds of one line of IRC: IRCv3 allows 8,191 bytes of tags and 512 of the
// rest, Twitch sends somewhat more.
const (
	maxLine   = 16 << 10
	maxTags   = 100
	maxParams = 15 // RFC 1459 §2.3
)

// message is one line of IRC.
type message struct {
	tags    map[string]string
	nick    string // of the prefix, without user and host
	command string
	params  []string
}

// param is the nth parameter, or "".
func (m message) param(n int) string {
	if n >= len(m.params) {
		return ""
	}
	return m.params[n]
}

// parse reads one line without its end (RFC 1459 §2.3.1, IRCv3 message tags);
// false when it is none.
func parse(line string) (m message, ok bool) {
	line = strings.TrimRight(line, "\r\n")
	if len(line) > maxLine || strings.ContainsAny(line, "\x00\r\n") {
		return m, false
	}
	var word string
	if rest, found := strings.CutPrefix(line, "@"); found {
		word, line, _ = strings.Cut(rest, " ")
		m.tags = tags(word)
		line = strings.TrimLeft(line, " ")
	}
	if rest, found := strings.CutPrefix(line, ":"); found {
		word, line, _ = strings.Cut(rest, " ")
		m.nick, _, _ = strings.Cut(word, "!")
		line = strings.TrimLeft(line, " ")
	}
	m.command, line, _ = strings.Cut(line, " ")
	for m.command = strings.ToUpper(m.command); line != "" && len(m.params) < maxParams; {
		if rest, found := strings.CutPrefix(line, ":"); found {
			m.params = append(m.params, rest)
			break
		}
		if word, line, _ = strings.Cut(line, " "); word != "" {
			m.params = append(m.params, word)
		}
	}
	return m, m.command != ""
}

func tags(s string) map[string]string {
	out := map[string]string{}
	for pair := range strings.SplitSeq(s, ";") {
		if len(out) == maxTags {
			break
		}
		name, value, _ := strings.Cut(pair, "=")
		if name != "" {
			out[name] = unescape(value)
		}
	}
	return out
}

// unescape undoes the escapes of a tag's value.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i == len(s) {
			break
		}
		switch s[i] {
		case ':':
			b.WriteByte(';')
		case 's':
			b.WriteByte(' ')
		case 'r':
			b.WriteByte('\r')
		case 'n':
			b.WriteByte('\n')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
