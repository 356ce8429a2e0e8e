package policy

import (
	"slices"
	"strings"

	"trackscan/classify"
)

// label is what a heading, a lead or a cell calls a group of cookies.
type label struct {
	category classify.Category
	mixed    []classify.Category // the categories of a combined label, in the order of its words
}

// labelOf reads a label; the category is empty when it names none.
func labelOf(p *phrase) label {
	if len(p.words) == 0 || len(p.words) > 14 || p.has("nonnecessary") && !p.has("l.advertising", "l.analytics") {
		return label{}
	}
	var l label
	covered := -1
	for _, h := range p.hits {
		c, ok := strings.CutPrefix(string(h.concept), "l.")
		if !ok || c == "unknown" || h.from < covered || p.denied(h) || p.longer(h) || p.noNeed(h) || p.coveredBy("tracker", h.from, h.to) {
			continue
		}
		if id := classify.Category(c); !contains(l.mixed, id) {
			l.mixed = append(l.mixed, id)
		}
		covered = max(covered, h.from)
	}
	if len(l.mixed) > 0 {
		l.category = l.mixed[0]
	}
	return l
}

// onlyLabel reports whether several words say nothing but a category: "Analytics cookies".
func (p *phrase) onlyLabel() bool {
	if len(p.words) < 2 || labelOf(p).category == "" {
		return false
	}
	covered := 0
	for i := range p.words {
		for _, h := range p.hits {
			if h.from <= i && h.to > i && (strings.HasPrefix(string(h.concept), "l.") || h.concept == "cookie" || h.concept == "necessary") {
				covered++
				break
			}
		}
	}
	return covered+1 >= len(p.words)
}

// longer reports whether another label phrase holds h and more words: "session management" over "management".
func (p *phrase) longer(h hit) bool {
	for _, o := range p.hits {
		if strings.HasPrefix(string(o.concept), "l.") && o.from <= h.from && o.to >= h.to && o.to-o.from > h.to-h.from {
			return true
		}
	}
	return false
}

func contains(all []classify.Category, c classify.Category) bool {
	for _, one := range all {
		if one == c {
			return true
		}
	}
	return false
}

// noNeed reports whether a phrase that weighs nothing holds h: what is required is the consent, in "consent required".
func (p *phrase) noNeed(h hit) bool {
	return slices.ContainsFunc(p.of("p.necessary"), func(o hit) bool {
		return o.value == 0 && o.from <= h.from && o.to >= h.to && o.to-o.from > h.to-h.from
	})
}

// decide picks the category of a label with the help of its definition.
//
// A combined label means what its definition says. "Functional" and "performance" are used for other things too: a
// definition that calls them necessary, or that speaks of something else alone, wins.
func (l label) decide(s scores) classify.Category {
	best, score := s.best()
	if best == "" || score < 3 {
		return l.category
	}
	if len(l.mixed) > 1 {
		if first := s[l.mixed[0]]; first >= 3 && s[s.bestOf(l.mixed)] < 2*first {
			return l.mixed[0] // the definition tells of both
		}
		return s.bestOf(l.mixed)
	}
	vague := l.category == classify.Functional || l.category == classify.Analytics && s[classify.Analytics] == 0
	if vague && score >= 2*s[l.category]+2 {
		return best
	}
	return l.category
}

// scores weigh the purposes that a text states.
type scores map[classify.Category]int

// purposeOf weighs the words of a phrase; what it denies does not count.
func purposeOf(p *phrase) scores {
	s := scores{}
	for _, h := range p.hits {
		c, ok := strings.CutPrefix(string(h.concept), "p.")
		if !ok || p.denied(h) || p.widerPurpose(h) {
			continue
		}
		s[classify.Category(c)] += h.value
	}
	return s
}

// widerPurpose reports whether another purpose phrase holds hit i: a longer one ("cookie preferences" is no
// preference), or the name of an identifier does ("advertising ID").
func (p *phrase) widerPurpose(h hit) bool {
	for _, o := range p.hits {
		if o.from > h.from {
			break
		}
		if o.to >= h.to && o.to-o.from > h.to-h.from && (o.concept == "mobileid" || strings.HasPrefix(string(o.concept), "p.")) {
			return true
		}
	}
	return false
}

// best returns the heaviest category and its weight; of equals the one that needs more consent.
func (s scores) best() (classify.Category, int) {
	best, score := classify.NoCategory, 0
	for _, c := range []classify.Category{classify.Social, classify.Advertising, classify.Analytics, classify.Functional, classify.Necessary} {
		if s[c] > score {
			best, score = c, s[c]
		}
	}
	return best, score
}

func (s scores) bestOf(some []classify.Category) classify.Category {
	best, score := some[0], s[some[0]]
	for _, c := range some[1:] {
		if s[c] > score {
			best, score = c, s[c]
		}
	}
	return best
}

func (s scores) add(o scores) {
	for c, n := range o {
		s[c] += n
	}
}
