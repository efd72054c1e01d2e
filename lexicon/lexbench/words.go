package lexbench

import (
	"math/rand/v2"
	"strings"
)

// script is a way of writing: syllables to make words of, and the language
// codes that posts in it carry.
type script struct {
	share     int // of a hundred posts
	langs     []string
	syllables []string
	low, high int // syllables in a word
	apart     bool
}

// scripts are shared out as on a network that the whole of Europe uses.
var scripts = []script{
	{70, []string{"fr", "en", "de", "nl", "es", "it", "pl", "da", "no", "sv", "fi", "et", "pt"},
		strings.Fields("la re mi to na se ou che ver tion le da ro mar sta lin ge ko fe ti sal vi bo pre ne mon du ri ca lou tes par ban fi gra men po su der za ber é ção für ø ł ñ än tro wi ju el as in or ut"), 1, 4, true},
	{12, []string{"ru", "uk", "bg"}, strings.Fields("при ве то на ка ро сть мо да ни ла пере го ли но во че ста ши ру ти бо за ль ми ся дел ра"), 1, 3, true},
	{5, []string{"el"}, strings.Fields("κα τα πο λι μα το νερ σι δε γρα φή ρο παν ει θά λω ως"), 1, 3, true},
	{5, []string{"ar", "fa"}, strings.Fields("ال من كت اب في مد رس ها يا نور سل ام بي ت ة قم"), 1, 3, true},
	{3, []string{"hi"}, strings.Fields("का मे नी रा हो ता सि ला दे पु ज़ा या"), 1, 3, true},
	{3, []string{"zh", "ja"}, strings.Fields("天 地 人 山 水 火 今 日 明 時 間 買 新 大 小 中 国 東 西 の は に を です ます"), 2, 6, false},
	{2, []string{"ko"}, strings.Fields("가 나 다 라 마 바 사 서 울 학 교 친 구 오 늘 안 녕"), 1, 3, true},
}

const vocabulary = 12_000 // words of a script

// emojis stand in a third of the posts; some are made of several code points.
var emojis = []string{"😀", "😂", "🔥", "✨", "🎉", "❤️", "👍🏽", "🙏", "📍", "💶", "🍃", "❄️", "🔌", "🚀", "🌊", "👩‍🔧", "🇫🇷", "🥐", "🎧", "⚽", "🐈", "📦", "💬", "🛵"}

// word makes one word.
func (s *script) word(r *rand.Rand) string {
	var b strings.Builder
	for range s.low + r.IntN(s.high-s.low+1) {
		b.WriteString(s.syllables[r.IntN(len(s.syllables))])
	}
	return b.String()
}

// vocabularies are the words of each script, the common ones first.
func vocabularies(seed uint64) [][]string {
	all := make([][]string, len(scripts))
	for i := range scripts {
		r := rand.New(rand.NewPCG(seed, uint64(i)+1))
		for range vocabulary {
			all[i] = append(all[i], scripts[i].word(r))
		}
	}
	return all
}
