package policy

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
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
	prefix  trie
	suffix  trie // backwards
	infix   []affix
	root    *node
	symbols int32
	headers map[concept][][]string // the words of the headers of tables, without those that hold an asterisk
}

type affix struct {
	text   string
	symbol int32
}

type node struct {
	next  map[int32]*node
	means []meaning
	heads bool // the phrases that go through here may be headers over names
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
		lang: lang, stop: map[string]bool{}, words: map[string]int32{}, prefix: newTrie(), suffix: newTrie(), root: &node{},
		headers: map[concept][][]string{},
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
	if strings.HasPrefix(string(c), "r.") && !strings.Contains(phrase, "*") {
		l.headers[c] = append(l.headers[c], words)
	}
	at := l.root
	for _, w := range words {
		at = at.child(l.symbol(w))
		at.heads = at.heads || c == "r.name"
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
		return l.number(l.suffix.at(backwards(core)))
	case back:
		return l.number(l.prefix.at(core))
	}
	s := l.words[core]
	l.words[core] = l.number(&s)
	return s
}

// number gives a symbol its number, unless it has one.
func (l *lexicon) number(symbol *int32) int32 {
	if *symbol == 0 {
		l.symbols++
		*symbol = l.symbols
	}
	return *symbol
}

// maxAffix is the length in bytes up to which the beginning or end of a word is looked up.
const maxAffix = 24

// lookup appends the symbols that a folded word stands for. What underscores join is a name and no word of a language.
func (l *lexicon) lookup(out []int32, w string) []int32 {
	if s, ok := l.words[w]; ok {
		out = append(out, s)
	}
	if strings.Contains(w, "_") {
		return out
	}
	front, back := trieRoot, trieRoot
	for i := range min(len(w), maxAffix) {
		if front = l.prefix.next(front, w[i]); l.prefix[front].symbol > 0 {
			out = append(out, l.prefix[front].symbol)
		}
		if back = l.suffix.next(back, w[len(w)-1-i]); l.suffix[back].symbol > 0 {
			out = append(out, l.suffix[back].symbol)
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
