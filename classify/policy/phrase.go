package policy

import (
	"slices"
	"strings"
)

// phrase is a stretch of text with its words and what they mean: a sentence, a cell, a label.
type phrase struct {
	text text
	*reading
}

// reading is what a phrase says, wherever it stands. The zero value says nothing.
type reading struct {
	words  []word
	hits   []hit   // by place
	sorted []hit   // the same hits by concept, then by place
	groups []group // where each concept is in them
	kinds  bitset  // the concepts that are there, for those who ask often
	sketch uint64  // of their names: most concepts that are not there are known by it not to be
	neg    []negation
	reach  []reach // of each word, nil when nothing is denied
	m      *matcher

	foreign bool // it is written in the second language of the document
}

// group is where the hits of a concept are among those of a phrase, half open.
type group struct {
	concept  concept
	from, to int32
}

// nothing is the phrase beside the first and the last sentence of a block.
var nothing = &phrase{reading: &reading{}}

// cachedBytes is the length up to which phrases are remembered: cells and labels are looked at many times.
const cachedBytes = 400

// phrase analyses a text. What it returns is shared and never changed.
func (m *matcher) phrase(t text) *phrase {
	if known, ok := m.known[t.s]; ok {
		if known.text.samePlace(t) {
			return known
		}
		return &phrase{t, known.reading}
	}
	p := m.analyse(t)
	if len(t.s) <= cachedBytes {
		m.known[t.s] = p
	}
	return p
}

func (m *matcher) analyse(t text) *phrase {
	p := &phrase{t, &reading{m: m}}
	m.read(t.s)
	p.words, p.hits = slices.Clone(m.words), slices.Clone(m.find())
	p.dropMisread()
	p.sort()
	p.deny(p.negations())
	p.foreign = m.rival != nil && foreign(p.reading, m.lex, m.rival)
	return p
}

// dropMisread drops what words do not mean where they stand: who provides consent shares nothing, the consent of a consent banner is not asked for yet,
// "non-persistent" is not persistent, and a "never" before a verb is no lifetime.
func (p *phrase) dropMisread() {
	p.hits = slices.DeleteFunc(p.hits, func(h hit) bool {
		one := h.to-h.from == 1
		switch h.concept {
		case "cookie":
			return p.words[h.from].word == "nocookie" // the host of videos without cookies
		case "dnt":
			return h.to-h.from == 3 && p.onlyVerb(h)
		case "share":
			return one && slices.ContainsFunc(p.hits, func(o hit) bool { return o.concept == "consentask" && o.from == h.to })
		case "consentask":
			return one && p.within(h, "banner")
		case "persistent":
			return p.within(h, "session") || one && len(p.words) > 2 && slices.ContainsFunc(p.hits, func(o hit) bool {
				return o.concept == "neg" && o.from == h.from
			})
		}
		return false
	})
}

// within reports whether h is a part of a longer phrase of concept c.
func (p *phrase) within(h hit, c concept) bool {
	return slices.ContainsFunc(p.hits, func(o hit) bool {
		return o.concept == c && o.from <= h.from && o.to >= h.to && o.to-o.from > h.to-h.from
	})
}

// onlyVerb reports whether the words of the Do Not Track signal only say what somebody does not do: "they do not track
// you", and, written small, "we do not track visitors", "tools that do not track".
func (p *phrase) onlyVerb(h hit) bool {
	small := p.text.s[p.words[h.from].from] == 'd'
	return slices.ContainsFunc(p.hits, func(o hit) bool {
		subject := o.concept == "we" || o.concept == "relative" || o.concept == "cookie"
		return o.concept == "you" && o.from == h.to || small && subject && o.to <= h.from && h.from-o.to <= 1 &&
			strings.Trim(p.text.s[p.words[o.to-1].to:p.words[h.from].from], "abcdefghijklmnopqrstuvwxyz ") == ""
	})
}

// sort parts the hits by their concepts.
func (p *phrase) sort() {
	var counts [256]int32 // by the bit of a concept; below, where its next hit goes
	concepts := 0
	for _, h := range p.hits {
		if counts[h.bit]++; counts[h.bit] == 1 {
			concepts++
		}
	}
	p.groups, p.sorted = make([]group, 0, concepts), make([]hit, len(p.hits))
	end := int32(0)
	for _, h := range p.hits {
		if !p.kinds.has(h.bit) {
			p.kinds.add(h.bit)
			p.sketch |= h.concept.sketch()
			p.groups = append(p.groups, group{h.concept, end, end + counts[h.bit]})
			counts[h.bit], end = end, end+counts[h.bit]
		}
		p.sorted[counts[h.bit]] = h
		counts[h.bit]++
	}
}

// of returns the hits of a concept, by place.
func (p *phrase) of(c concept) []hit {
	if p.sketch&c.sketch() == 0 {
		return nil
	}
	for i := range p.groups {
		if g := &p.groups[i]; g.concept == c {
			return p.sorted[g.from:g.to:g.to]
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

// next reports whether b follows a at once.
func (p *phrase) next(a, b concept) bool {
	return slices.ContainsFunc(p.of(a), func(h hit) bool { return len(p.at(h.to, b)) > 0 })
}

// beforeWord reports whether a word of concept c stands before word i.
func (p *phrase) beforeWord(c concept, i int) bool {
	h, ok := p.first(c)
	return ok && h.from < i
}

// coveredBy reports whether words from..to lie within a phrase of a concept.
func (p *phrase) coveredBy(c concept, from, to int) bool {
	for _, h := range p.of(c) {
		if h.from <= from && h.to >= to {
			return true
		}
	}
	return false
}
