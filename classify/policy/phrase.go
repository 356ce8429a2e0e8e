package policy

import "slices"

// phrase is a stretch of text with its words and what they mean: a sentence, a cell, a label. The zero value says nothing.
type phrase struct {
	text   text
	words  []word
	hits   []hit   // by place
	groups []group // the same hits by concept
	kinds  bitset  // the concepts that are there, for those who ask often
	neg    []negation
	reach  []reach // of each word, nil when nothing is denied
	m      *matcher
}

// group is the hits of one concept, by place.
type group struct {
	concept concept
	hits    []hit
}

// nothing is the phrase beside the first and the last sentence of a block.
var nothing = &phrase{}

// cachedBytes is the length up to which phrases are remembered: cells and labels are looked at many times.
const cachedBytes = 400

// phrase analyses a text. What it returns is shared and never changed.
func (m *matcher) phrase(t text) *phrase {
	if known, ok := m.known[t.s]; ok {
		if known.text.samePlace(t) {
			return known
		}
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
	p := &phrase{text: t, m: m}
	var known []*lexeme
	p.words, known = m.mend(words(t.s))
	p.hits = m.find(known)
	p.groups = m.group(p.hits)
	for _, h := range p.hits {
		p.kinds.add(h.bit)
	}
	p.deny(p.negations())
	return p
}

// of returns the hits of a concept, by place.
func (p *phrase) of(c concept) []hit {
	for i := range p.groups {
		if p.groups[i].concept == c {
			return p.groups[i].hits
		}
	}
	return nil
}

func (p *phrase) has(concepts ...concept) bool {
	for _, c := range concepts {
		if len(p.of(c)) > 0 {
			return true
		}
	}
	return false
}

func (p *phrase) first(c concept) (hit, bool) {
	if hits := p.of(c); len(hits) > 0 {
		return hits[0], true
	}
	return hit{}, false
}

// at returns the hits of some concepts that begin at word i.
func (p *phrase) at(i int, concepts ...concept) []hit {
	var out []hit
	for _, c := range concepts {
		all := p.of(c)
		from := behind(all, i)
		to := from
		for to < len(all) && all[to].from == i {
			to++
		}
		if len(out) == 0 {
			out = all[from:to:to]
			continue
		}
		out = append(out, all[from:to]...)
	}
	return out
}

// behind is the first of some hits, which are in order, that begins at word i or behind it.
func behind(hits []hit, i int) int {
	at, _ := slices.BinarySearchFunc(hits, i, func(h hit, i int) int { return h.from - i })
	return at
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
	for _, mean := range p.m.meanings(w) {
		if mean.concept == "unit" {
			return mean.value
		}
	}
	return 0
}
