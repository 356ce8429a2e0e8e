package policy

import "slices"

// matcher finds the concepts of one lexicon in words, and remembers the words and the phrases that it has seen.
type matcher struct {
	lex   *lexicon
	rival *lexicon // of the second language in the document, nil when there is none
	seen  map[string]*lexeme
	known map[string]*phrase

	// Of the text that is being read, until the next one is.
	words   []word
	lexemes []*lexeme // of words
	hits    []hit
	folded  []byte // the word that is looked up

	// Where the lexemes lie, many in one piece.
	room  []lexeme
	ids   []int32
	nodes []*node
}

// lexeme is a word as a lexicon knows it.
type lexeme struct {
	word  string
	ids   []int32 // the symbols it stands for
	opens []*node // where the phrases begin that it may open
	stop  bool    // a small word
	heads bool    // it may open the header of a column of names
}

// usualWords and usualPhrases are how many different words and phrases there are in a policy, about.
const (
	usualWords   = 1000
	usualPhrases = 500
)

// newMatcher makes room for a whole policy.
func newMatcher(l *lexicon) *matcher {
	return &matcher{lex: l, seen: make(map[string]*lexeme, usualWords), known: make(map[string]*phrase, usualPhrases)}
}

// smallMatcher is one for a few words.
func smallMatcher(l *lexicon) *matcher {
	return &matcher{lex: l, seen: map[string]*lexeme{}, known: map[string]*phrase{}}
}

// lexemeRoom is how many lexemes are made at once.
const lexemeRoom = 64

func (m *matcher) lexeme(w string) *lexeme {
	if x, ok := m.seen[w]; ok {
		return x
	}
	return m.newLexeme(w)
}

// lexemeOf is the lexeme of a word that is not folded yet.
func (m *matcher) lexemeOf(w string) *lexeme {
	m.folded = appendFolded(m.folded[:0], w)
	if x, ok := m.seen[string(m.folded)]; ok {
		return x
	}
	return m.newLexeme(string(m.folded))
}

func (m *matcher) newLexeme(w string) *lexeme {
	if len(m.room) == cap(m.room) {
		m.room = make([]lexeme, 0, lexemeRoom)
	}
	ids, nodes := len(m.ids), len(m.nodes)
	m.ids = m.lex.lookup(m.ids, w)
	for _, id := range m.ids[ids:] {
		if n := m.lex.root.next[id]; n != nil {
			m.nodes = append(m.nodes, n)
		}
	}
	opens := m.nodes[nodes:len(m.nodes):len(m.nodes)]
	m.room = append(m.room, lexeme{
		word: w, ids: m.ids[ids:len(m.ids):len(m.ids)], opens: opens, stop: m.lex.stop[w],
		heads: slices.ContainsFunc(opens, func(n *node) bool { return n.heads }),
	})
	x := &m.room[len(m.room)-1]
	m.seen[w] = x
	return x
}

// meanings is what a word means by itself.
func (m *matcher) meanings(w string) []meaning {
	var out []meaning
	for _, n := range m.lexeme(w).opens {
		out = append(out, n.means...)
	}
	return out
}

// read splits a text into words and joins those that extraction has broken ("ma jority", "pa rt") when only the joined
// word is known.
func (m *matcher) read(s string) {
	m.words, m.lexemes = m.words[:0], m.lexemes[:0]
	mended := false // the last word was
	for from, to := nextWord(s, 0); from < to; from, to = nextWord(s, to) {
		x, n := m.lexemeOf(s[from:to]), len(m.words)
		if n > 0 && !mended && from-m.words[n-1].to == 1 {
			if joined := m.broken(m.lexemes[n-1], x); joined != nil {
				m.words[n-1], m.lexemes[n-1] = word{joined.word, m.words[n-1].from, to}, joined
				mended = true
				continue
			}
		}
		m.words, m.lexemes = append(m.words, word{x.word, from, to}), append(m.lexemes, x)
		mended = false
	}
}

// broken is the word that two words are the halves of, nil when they are none. Halves must both be no words at all.
func (m *matcher) broken(a, b *lexeme) *lexeme {
	if len(a.word) > 4 || len(a.word) < 2 || len(a.ids)+len(b.ids) > 0 || a.stop || allDigits(a.word) {
		return nil
	}
	if size := len(a.word) + len(b.word); len(b.word) >= 4 && size < 7 || len(b.word) < 4 && (len(a.word) > 3 || size < 4 || b.stop) {
		return nil
	}
	joined := a.word + b.word
	if _, ok := m.lex.words[joined]; !ok {
		return nil
	}
	return m.lexeme(joined)
}

// maxPhrase is the length in words up to which phrases are looked for.
const maxPhrase = 9

// find finds all hits in the words that were read, by place.
func (m *matcher) find() []hit {
	m.hits = m.hits[:0]
	for i, x := range m.lexemes {
		for _, n := range x.opens {
			m.walk(n, i, i+1)
		}
	}
	return m.hits
}

// hit notes a hit. Several patterns may find the same, as "cookies" and "cookie*": it counts once, with the most weight.
func (m *matcher) hit(h hit) {
	for i := len(m.hits) - 1; i >= 0 && m.hits[i].from == h.from; i-- {
		if o := &m.hits[i]; o.bit == h.bit && o.to == h.to {
			if h.value > o.value {
				o.meaning = h.meaning
			}
			return
		}
	}
	m.hits = append(m.hits, h)
}

func (m *matcher) walk(n *node, from, to int) {
	for i := range n.means {
		m.hit(hit{&n.means[i], from, to})
	}
	if to >= len(m.lexemes) || to-from >= maxPhrase || n.next == nil {
		return
	}
	for _, id := range m.lexemes[to].ids {
		if next := n.next[id]; next != nil {
			m.walk(next, from, to+1)
		}
	}
}
