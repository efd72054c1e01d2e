package lexicon

// Category is what a post is flagged for. The first seven are the contract of
// `ronde scan`; the others only speak for or against.
type Category uint8

// The categories, in the order in which verdicts list them.
const (
	DrugsOffer Category = iota
	CrimeRecruitment
	ViolenceForHire
	FraudOffer
	CybercrimeService
	PoliceImpersonation
	ExploitationCoded
	Shared // what any offer has: price, delivery, contact, …
	About  // speech about such things, and harmless trades
	Form   // how a post speaks: persons, questions, tense; never evidence
)

const categoryCount = int(Form) + 1

// FlagCategories is how many categories a post can be flagged for.
const FlagCategories = int(ExploitationCoded) + 1

var categoryNames = [...]string{
	"drugs-offer", "crime-recruitment", "violence-for-hire", "fraud-offer",
	"cybercrime-service", "police-impersonation", "exploitation-coded",
	"shared", "about", "form",
}

// String returns the name used in files and in verdicts.
func (c Category) String() string { return categoryNames[c] }

// ParseCategory returns the category of that name.
func ParseCategory(name string) (Category, bool) {
	for i, n := range categoryNames {
		if n == name {
			return Category(i), true
		}
	}
	return 0, false
}

// Entry is one governed code: a text or emoji sequence and what is known of it.
type Entry struct {
	ID          string // language/category/family/text, unique
	Text        string // canonical form: as written in the file
	Sense       string
	Category    string
	Family      string
	Language    string // "mul" for signs used across languages
	Region      string
	Platform    string
	Source      string // key in sources.txt
	SourceURL   string
	SourceDate  string
	Reliability string // A police or public body, B press quoting one, C lead, U unverified
	Confidence  string // high, medium, low
	FirstSeen   string
	LastSeen    string
	Reviewer    string
	Innocent    []InnocentReading
	Backwards   bool    // single words of it are also read written backwards
	Strength    float64 // how firmly the word points to its category, 0.1 to 3, by whoever wrote the entry
	Weight      float64 // what this entry adds to its family's weight, fitted
	File        string
	Line        int
}

// InnocentReading is an everyday meaning and the words that show it.
type InnocentReading struct {
	Reading string
	Words   []string
}

// languages in the order of their mask bits. "mul" entries match every post.
var languages = [...]string{
	"fr", "en", "de", "nl", "es", "it", "pl", "da", "no", "sv", "fi", "et", "pt", "mul",
}

const allLanguages = uint16(1)<<len(languages) - 1

// Languages returns the codes of the languages that entries may have.
func Languages() []string { return languages[:len(languages)-1] }

func languageBit(code string) (uint16, bool) {
	for i, l := range languages {
		if l == code {
			return 1 << i, true
		}
	}
	return 0, false
}

// languageAt has the place of each two-letter code in languages plus one.
var languageAt = func() (t [26 * 26]int8) {
	for i, code := range languages[:len(languages)-1] {
		t[int(code[0]-'a')*26+int(code[1]-'a')] = int8(i + 1)
	}
	for _, code := range [...]string{"nb", "nn"} {
		t[int(code[0]-'a')*26+int(code[1]-'a')] = t[('n'-'a')*26+'o'-'a']
	}
	return
}()

// languageOf returns the place of a post's language in languages, or -1.
func languageOf(code string) int {
	if len(code) < 2 || code[0] < 'a' || code[0] > 'z' || code[1] < 'a' || code[1] > 'z' {
		return -1
	}
	return int(languageAt[int(code[0]-'a')*26+int(code[1]-'a')]) - 1
}

// languageMasks are what languageMask gives, by the place of a language plus one.
var languageMasks = func() (m [len(languages)]uint16) {
	m[0] = allLanguages
	mul, _ := languageBit("mul")
	da, _ := languageBit("da")
	no, _ := languageBit("no")
	for i := range Languages() {
		bit := uint16(1) << i
		if bit == da || bit == no {
			bit = da | no
		}
		m[i+1] = bit | mul
	}
	return
}()

// languageMask says which entries are read for a post of that language: its
// own, those of every language, and for a Scandinavian post its neighbours,
// which share most words. An unknown language reads all.
func languageMask(code string) uint16 { return languageMasks[languageOf(code)+1] }

// travels says that an English word is read in every language: the trade's own
// words do, everyday words and speech about things do not.
func travels(c Category, e *Entry) bool {
	const firmly = 1.2
	return e.Language == "en" && e.Strength >= firmly &&
		(c == DrugsOffer && e.Family == "product" || c == FraudOffer || c == CybercrimeService)
}
