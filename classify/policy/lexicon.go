package policy

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// concept is what a word or phrase means, in any language: "cookie", "use", "not", "advertising".
type concept string

// lexicon is the words of one language.
//
// A line of its file is "concept: phrase, phrase=value, ...". A word of a phrase may begin or end with "*", which
// stands for any letters. Accents and case do not count.
type lexicon struct {
	lang    string
	stop    map[string]bool // small words by which the language is known
	words   map[string]int32
	prefix  map[string]int32
	suffix  map[string]int32
	infix   []affix
	root    *node
	symbols int32
}

type affix struct {
	text   string
	symbol int32
}

type node struct {
	next  map[int32]*node
	means []meaning
}

// meaning is a concept with the number that its phrase carries, if any.
type meaning struct {
	concept concept
	value   int
	bit     uint8 // of the concept
}

// hit is a meaning found in a sequence of words.
type hit struct {
	*meaning
	from, to int // words, half open
}

func newLexicon(lang string) *lexicon {
	return &lexicon{
		lang: lang, stop: map[string]bool{}, words: map[string]int32{}, prefix: map[string]int32{},
		suffix: map[string]int32{}, root: &node{},
	}
}

// add reads the lines of a lexicon file.
func (l *lexicon) add(file string) error {
	name := concept("")
	for n, line := range strings.Split(file, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if before, after, ok := strings.Cut(line, ":"); ok {
			name, line = concept(strings.TrimSpace(before)), after
		}
		if !concepts[name] {
			return fmt.Errorf("line %d: unknown concept %q", n+1, name)
		}
		for phrase := range strings.SplitSeq(line, ",") {
			if err := l.phrase(name, strings.TrimSpace(phrase)); err != nil {
				return fmt.Errorf("line %d: %w", n+1, err)
			}
		}
	}
	return nil
}

func (l *lexicon) phrase(c concept, phrase string) error {
	if phrase == "" {
		return nil
	}
	value := 0
	if before, after, ok := strings.Cut(phrase, "="); ok {
		n, err := strconv.Atoi(after)
		if err != nil {
			return fmt.Errorf("value of %q: %w", phrase, err)
		}
		phrase, value = before, n
	}
	words := patternWords(phrase)
	if len(words) == 0 {
		return fmt.Errorf("phrase %q has no words", phrase)
	}
	if c == "stop" {
		l.stop[words[0]] = true
		return nil
	}
	at := l.root
	for _, w := range words {
		at = at.child(l.symbol(w))
	}
	at.means = append(at.means, meaning{c, value, conceptBits[c]})
	return nil
}

func (n *node) child(symbol int32) *node {
	if n.next == nil {
		n.next = map[int32]*node{}
	}
	if n.next[symbol] == nil {
		n.next[symbol] = &node{}
	}
	return n.next[symbol]
}

// patternWords splits a phrase of a lexicon into words as words does, but keeps the asterisks.
func patternWords(phrase string) []string {
	const star = "zqstarqz"
	var out []string
	for _, w := range words(strings.ReplaceAll(phrase, "*", star)) {
		out = append(out, strings.ReplaceAll(w.word, star, "*"))
	}
	return out
}

func (l *lexicon) symbol(w string) int32 {
	core := strings.Trim(w, "*")
	front, back := strings.HasPrefix(w, "*"), strings.HasSuffix(w, "*")
	switch {
	case front && back:
		for _, a := range l.infix {
			if a.text == core {
				return a.symbol
			}
		}
		l.symbols++
		l.infix = append(l.infix, affix{core, l.symbols})
		return l.symbols
	case front:
		return l.intern(l.suffix, core)
	case back:
		return l.intern(l.prefix, core)
	}
	return l.intern(l.words, core)
}

func (l *lexicon) intern(m map[string]int32, key string) int32 {
	if s, ok := m[key]; ok {
		return s
	}
	l.symbols++
	m[key] = l.symbols
	return l.symbols
}

// lookup returns the symbols that a folded word stands for. What underscores join is a name and no word of a language.
func (l *lexicon) lookup(w string) []int32 {
	var out []int32
	if s, ok := l.words[w]; ok {
		out = append(out, s)
	}
	if strings.Contains(w, "_") {
		return out
	}
	for i := 1; i <= min(len(w), 24); i++ {
		if s, ok := l.prefix[w[:i]]; ok {
			out = append(out, s)
		}
		if s, ok := l.suffix[w[len(w)-i:]]; ok {
			out = append(out, s)
		}
	}
	for _, a := range l.infix {
		if len(w) > len(a.text) && strings.Contains(w, a.text) {
			out = append(out, a.symbol)
		}
	}
	return out
}

// lexicons are all languages; the words of English that every language borrows are in each.
var lexicons = sync.OnceValues(loadLexicons)

func loadLexicons() (map[string]*lexicon, error) {
	files, err := lexiconFiles.ReadDir("lexicon")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	shared, err := lexiconFiles.ReadFile("lexicon/" + sharedWords)
	if err != nil {
		return nil, fmt.Errorf("read lexicon: %w", err)
	}
	out := map[string]*lexicon{}
	for _, f := range files {
		if f.Name() == sharedWords {
			continue
		}
		own, err := lexiconFiles.ReadFile("lexicon/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("read lexicon: %w", err)
		}
		l := newLexicon(strings.TrimSuffix(f.Name(), ".txt"))
		for _, text := range []string{string(shared), string(own)} {
			if err := l.add(text); err != nil {
				return nil, fmt.Errorf("read lexicon %s: %w", f.Name(), err)
			}
		}
		out[l.lang] = l
	}
	return out, nil
}

// sharedWords is the file of the words that all languages use: names of techniques and English borrowings.
const sharedWords = "all.txt"

// languages returns the codes of all lexicons, in order.
func languages(all map[string]*lexicon) []string {
	var out []string
	for lang := range all {
		out = append(out, lang)
	}
	slices.Sort(out)
	return out
}

// word is a word of a text, folded, and its place in the text.
type word struct {
	word     string
	from, to int
}

// words splits a text into words: letters and digits, "n't" and "'s" kept apart as their language wants.
func words(s string) []word {
	out := make([]word, 0, len(s)/6+1)
	for i := 0; i < len(s); {
		if !wordByte(s, i) {
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n
			continue
		}
		j := wordEnd(s, i)
		out = append(out, word{fold(s[i:j]), i, j})
		i = j
	}
	return out
}

func wordByte(s string, i int) bool {
	if s[i] == '_' { // joins what is one name: "session_id"
		return i+1 < len(s) && s[i+1] != '_' && wordByte(s, i+1)
	}
	if s[i] < utf8.RuneSelf {
		return isWord(s[i])
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// wordEnd keeps "don't" as one word and parts "l'utilisation" behind the apostrophe.
func wordEnd(s string, i int) int {
	for i < len(s) {
		if s[i] == '\'' {
			if i+1 < len(s) && (s[i+1] == 't' || s[i+1] == 'T') && (i+2 == len(s) || !wordByte(s, i+2)) {
				return i + 2
			}
			return i
		}
		if !wordByte(s, i) {
			return i
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		i += n
	}
	return i
}

// fold lowers a word and takes its accents off.
func fold(w string) string {
	ascii := true
	for i := range len(w) {
		if c := w[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			ascii = false
			break
		}
	}
	if ascii {
		return w
	}
	var b strings.Builder
	for _, r := range w {
		r = unicode.ToLower(r)
		if plain, ok := accents[r]; ok {
			b.WriteString(plain)
			continue
		}
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

var accents = accentTable(
	"a", "àáâãåāăą", "a", "ä", "c", "çćč", "e", "èéêëēęě", "i", "ìíîïī", "n", "ñńň", "o", "òóôõøō", "o", "ö",
	"u", "ùúûū", "u", "ü", "y", "ýÿ", "z", "žźż", "s", "śš", "ss", "ß", "oe", "œ", "ae", "æ", "l", "ł", "ss", "ẞ", "fi", "ﬁ", "fl", "ﬂ",
)

func accentTable(pairs ...string) map[rune]string {
	out := map[rune]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		for _, r := range pairs[i+1] {
			out[r] = pairs[i]
		}
	}
	return out
}
