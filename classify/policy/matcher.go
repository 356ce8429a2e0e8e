package policy

import "slices"

// matcher finds the concepts of one lexicon in words, and remembers the words and the phrases that it has seen.
type matcher struct {
	lex     *lexicon
	seen    map[string]*lexeme
	known   map[string]*phrase
	lexemes []*lexeme // of the words that are being read
	hits    []hit     // that were found in them
}

// lexeme is a word as a lexicon knows it.
type lexeme struct {
	word  string
	ids   []int32 // the symbols it stands for
	opens []*node // where the phrases begin that it may open
	stop  bool    // a small word
}

func newMatcher(l *lexicon) *matcher {
	return &matcher{lex: l, seen: map[string]*lexeme{}, known: map[string]*phrase{}}
}

func (m *matcher) lexeme(w string) *lexeme {
	if x, ok := m.seen[w]; ok {
		return x
	}
	x := &lexeme{word: w, ids: m.lex.lookup(w), stop: m.lex.stop[w]}
	for _, id := range x.ids {
		if n := m.lex.root.next[id]; n != nil {
			x.opens = append(x.opens, n)
		}
	}
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

// mend joins words that extraction has broken ("ma jority", "pa rt") when only the joined word is known. It returns the
// words, in place, and what the lexicon knows of them, which holds until the next call.
func (m *matcher) mend(ws []word) ([]word, []*lexeme) {
	known := m.lexemes[:0]
	out := ws[:0]
	for i := 0; i < len(ws); i++ {
		w := ws[i]
		a := m.lexeme(w.word)
		if i+1 < len(ws) && ws[i+1].from-w.to == 1 {
			if joined := m.broken(a, m.lexeme(ws[i+1].word)); joined != nil {
				a, w = joined, word{joined.word, w.from, ws[i+1].to}
				i++
			}
		}
		out, known = append(out, w), append(known, a)
	}
	m.lexemes = known
	return out, known
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

// find returns all hits in words, by place.
func (m *matcher) find(ws []*lexeme) []hit {
	m.hits = m.hits[:0]
	for i, w := range ws {
		for _, n := range w.opens {
			m.walk(n, ws, i, i+1)
		}
	}
	return slices.Clone(m.hits)
}

func (m *matcher) walk(n *node, ws []*lexeme, from, to int) {
	for i := range n.means {
		m.hits = append(m.hits, hit{&n.means[i], from, to})
	}
	if to >= len(ws) || to-from >= maxPhrase || n.next == nil {
		return
	}
	for _, id := range ws[to].ids {
		if next := n.next[id]; next != nil {
			m.walk(next, ws, from, to+1)
		}
	}
}

// group parts hits by their concepts.
func (m *matcher) group(hits []hit) []group {
	var counts [256]uint16 // by the bit of a concept
	concepts := 0
	for _, h := range hits {
		if counts[h.bit]++; counts[h.bit] == 1 {
			concepts++
		}
	}
	out, all := make([]group, 0, concepts), make([]hit, len(hits))
	var at [256]uint8 // the group of a concept
	for _, h := range hits {
		if n := int(counts[h.bit]); n > 0 {
			at[h.bit], counts[h.bit] = uint8(len(out)), 0
			out, all = append(out, group{h.concept, all[:0:n]}), all[n:]
		}
		g := &out[at[h.bit]]
		g.hits = append(g.hits, h)
	}
	return out
}
