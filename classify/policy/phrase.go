package policy

// phrase is a stretch of text with its words and what they mean: a sentence, a cell, a label.
type phrase struct {
	text  text
	words []word
	hits  []hit
	by    map[concept][]hit
	kinds bitset // the concepts that are there: by, for those who ask often
	neg   []negation
	m     *matcher
}

// cachedBytes is the length up to which phrases are remembered: cells and labels are looked at many times.
const cachedBytes = 400

// phrase analyses a text. What it returns is shared: only deny may change it, after copying.
func (m *matcher) phrase(t text) *phrase {
	if known, ok := m.known[t.s]; ok {
		p := *known
		p.text = t
		return &p
	}
	p := m.analyse(t)
	if len(t.s) <= cachedBytes {
		m.known[t.s] = p
	}
	return p
}

func (m *matcher) analyse(t text) *phrase {
	p := &phrase{text: t, words: words(t.s), m: m}
	p.mend()
	p.hits = m.find(p.words)
	p.by = make(map[concept][]hit, len(p.hits))
	for _, h := range p.hits {
		p.by[h.concept] = append(p.by[h.concept], h)
		p.kinds.add(h.bit)
	}
	p.neg = p.negations()
	return p
}

// mend joins words that extraction has broken ("ma jority", "pa rt") when only the joined word is known.
func (p *phrase) mend() {
	for i := 0; i+1 < len(p.words); i++ {
		a, b := p.words[i], p.words[i+1]
		if len(a.word) > 4 || len(a.word) < 2 || b.from-a.to != 1 || !p.m.broken(a.word, b.word) {
			continue
		}
		p.words[i] = word{a.word + b.word, a.from, b.to}
		p.words = append(p.words[:i+1], p.words[i+2:]...)
	}
}

// broken reports whether two words are the halves of one that is known. Short halves must both be no words at all.
func (m *matcher) broken(a, b string) bool {
	joined := a + b
	if _, ok := m.lex.words[joined]; !ok || allDigits(a) || m.lex.stop[a] || len(m.symbols(a))+len(m.symbols(b)) > 0 {
		return false
	}
	if len(b) >= 4 {
		return len(joined) >= 7
	}
	_, aKnown := m.lex.words[a]
	_, bKnown := m.lex.words[b]
	return len(a) <= 3 && len(joined) >= 4 && !aKnown && !bKnown && !m.lex.stop[b]
}

func (p *phrase) has(concepts ...concept) bool {
	for _, c := range concepts {
		if len(p.by[c]) > 0 {
			return true
		}
	}
	return false
}

func (p *phrase) first(c concept) (hit, bool) {
	if hits := p.by[c]; len(hits) > 0 {
		return hits[0], true
	}
	return hit{}, false
}

// at returns the hits of some concepts that begin at word i.
func (p *phrase) at(i int, concepts ...concept) []hit {
	var out []hit
	for _, c := range concepts {
		for _, h := range p.by[c] {
			if h.from == i {
				out = append(out, h)
			}
			if h.from > i {
				break
			}
		}
	}
	return out
}

// unitAt returns the unit of time at word i in seconds, zero when there is none.
func (p *phrase) unitAt(i int) (seconds, next int) {
	for _, h := range p.at(i, "unit") {
		return h.value, h.to
	}
	return 0, i
}

// unitWord returns the unit that a single word names, zero when it names none.
func (p *phrase) unitWord(w string) int {
	for _, s := range p.m.symbols(w) {
		if n := p.m.lex.root.next[s]; n != nil {
			for _, mean := range n.means {
				if mean.concept == "unit" {
					return mean.value
				}
			}
		}
	}
	return 0
}
