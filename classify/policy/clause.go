package policy

import (
	"slices"
	"sort"
	"strings"
)

// negation is a word that denies and how far it reaches, in words.
type negation struct {
	at       int // the word itself
	from, to int // what it denies, half open
	verbal   bool
}

// negations finds what a phrase denies. A denial reaches to the end of its clause; a "not" also reaches back to the
// subject ("cookies are not used"), but not out of a relative clause ("cookies that do not identify you"). So does a
// verb that denies by itself ("we refrain from").
func (p *phrase) negations() []negation {
	hits := append(append(slices.Clone(p.of("neg")), p.of("none")...), p.of("forgo")...)
	hits = append(hits, p.of("without")...)
	if len(hits) == 0 {
		return nil
	}
	hard, soft := p.boundaries()
	var out []negation
	for _, h := range hits {
		if p.swallowed(h) {
			continue
		}
		n := negation{at: h.from, from: h.from, to: nextOf(hard, h.to, len(p.words)), verbal: h.concept == "neg"}
		if h.concept == "without" {
			if n.to = p.withoutEnd(h.to, n.to); n.to == h.to {
				continue
			}
		}
		if p.coveredBy("freeof", h.from, h.to) {
			n.to = min(n.to, p.nextAgent(h.to))
		}
		if n.verbal || h.concept == "forgo" {
			n.from = max(lastOf(hard, h.from), p.clauseStart(soft, h.from), p.joined(h.from))
			for _, o := range out {
				if o.verbal && h.from < o.to {
					n.from = max(n.from, o.from) // "and neither track nor count"
				}
			}
		}
		p.withinBrackets(&n)
		out = append(out, n)
	}
	return out
}

// withinBrackets keeps a denial that stands in brackets to what they hold.
func (p *phrase) withinBrackets(n *negation) {
	at := p.words[n.at].from
	open := strings.LastIndexByte(p.text.s[:at], '(')
	if open < 0 || strings.IndexByte(p.text.s[open:at], ')') >= 0 {
		return
	}
	shut := strings.IndexByte(p.text.s[at:], ')')
	if shut < 0 {
		return
	}
	place := func(offset int) int {
		return sort.Search(len(p.words), func(i int) bool { return p.words[i].from >= offset })
	}
	n.from, n.to = max(n.from, place(open)), min(n.to, place(at+shut))
}

// listedDenial is how many words stand at most before the colon of a list that is denied.
const listedDenial = 6

// nextAgent is the word from i on that names by whom something is done: "kept free of robots by".
func (p *phrase) nextAgent(i int) int {
	all := p.of("agent")
	if j := behind(all, i); j < len(all) {
		return all[j].from
	}
	return len(p.words)
}

// withoutWords is how many words a "without" denies.
const withoutWords = 4

// clauseStart is where the relative clause begins in which a "not" stands; the front when that clause has a verb of its
// own and the "not" belongs to the next: "cookies that we use are not shared".
func (p *phrase) clauseStart(soft []int, not int) int {
	from := lastOf(soft, not)
	if from == 0 || len(p.at(not-1, "be")) == 0 {
		return from
	}
	for _, c := range []concept{"use", "set", "collect", "contain"} {
		for _, h := range p.of(c) {
			if h.from >= from && h.to < not && !p.joins(h.to) {
				return 0
			}
		}
	}
	return from
}

// joined is where a second verb begins when the "not" belongs to it: "honors signals and does not track". In German and
// Dutch the "not" may come at the end: "respects signals and tracks you not".
func (p *phrase) joined(not int) int {
	german, from := p.germanic(), 0
	for _, h := range p.of("and") {
		verb := german && h.to < not && len(p.at(h.to, "use", "set", "collect", "trackcookie"))+len(p.at(h.to+1, "we", "you")) > 0
		if h.to == not || h.to == not-1 || verb {
			from = h.to
		}
		if h.to >= not-1 {
			break
		}
	}
	return from
}

// germanic reports whether the "not" of the language may follow what it denies.
func (p *phrase) germanic() bool { return p.m.lex.lang == "de" || p.m.lex.lang == "nl" }

// withoutEnd is where the reach of a "without" ends: after a few words, before a verb, and at once when it is consent
// that would be missing.
func (p *phrase) withoutEnd(from, end int) int {
	end = min(end, from+withoutWords)
	for _, h := range p.of("consentask") {
		if h.from >= from && h.from < end {
			return from
		}
	}
	first := p.pastArticle(from) // "without the use of cookies"
	for _, c := range []concept{"use", "set"} {
		for _, h := range p.of(c) {
			if h.from > first && h.from < end {
				end = h.from
			}
		}
	}
	return max(from, end)
}

// swallowed reports whether the word is part of a longer phrase that denies nothing: "not only", "not essential".
func (p *phrase) swallowed(h hit) bool {
	for _, c := range []concept{"notonly", "nonnecessary", "dnt"} {
		for _, o := range p.of(c) {
			if o.from <= h.from && o.to >= h.to && o.to-o.from > h.to-h.from {
				return true
			}
		}
	}
	return false
}

// boundaries are the words before which a clause begins: hard ones part statements, soft ones open relative clauses.
func (p *phrase) boundaries() (hard, soft []int) {
	for i := 1; i < len(p.words); i++ {
		between := p.text.s[p.words[i-1].to:p.words[i].from]
		if strings.Contains(between, ":") && p.introducesAt(i) {
			continue
		}
		if strings.HasPrefix(between, ":") && i <= listedDenial && p.beforeWord("neg", i) && p.beforeWord("exist", i) {
			continue // "At present there are not: analytics cookies, pixels"
		}
		if strings.HasPrefix(between, ". ") && abbreviations[p.words[i-1].word] {
			continue // "without so-called fingerprinting", where that is one: "ohne sog. Fingerprinting"
		}
		if strings.ContainsAny(between, ";:.!?\n") || strings.Contains(between, " – ") || strings.Contains(between, " — ") || strings.Contains(between, " - ") {
			hard = append(hard, i)
		}
	}
	for _, c := range []concept{"but", "if"} {
		for _, h := range p.of(c) {
			if !p.inserted(h) {
				hard = append(hard, h.from)
			}
		}
	}
	for _, h := range p.of("only") {
		if p.joins(h.from) && len(p.at(h.to, "if", "inorder", "bymeans", "until", "cond")) == 0 {
			hard = append(hard, h.from) // "no cookies, just local storage"
		}
	}
	if len(p.at(0, "if")) > 0 {
		if i := p.firstJoin(); i > 0 {
			hard = append(hard, i)
		}
	}
	for _, h := range p.of("we") {
		switch {
		case p.joins(h.from):
			hard = append(hard, h.from)
		case p.joins(h.from - 1):
			hard = append(hard, h.from-1)
		}
	}
	german := p.germanic() // its relatives are also articles
	for _, h := range p.of("relative") {
		if !german || p.joins(h.from) {
			soft = append(soft, h.from)
		}
	}
	slices.Sort(hard)
	slices.Sort(soft)
	return hard, soft
}

// introducesAt reports whether a verb stands right before word i, which a colon parts from it: "we do not use: beacons".
func (p *phrase) introducesAt(i int) bool {
	return p.coveredBy("use", i-1, i) || p.coveredBy("set", i-1, i) || p.coveredBy("exist", i-1, i)
}

// inserted reports whether commas part a word from a clause that goes on behind it: "we do not, however, use".
func (p *phrase) inserted(h hit) bool {
	return h.to-h.from == 1 && p.joins(h.from) && p.joins(h.to) && p.coveredBy("neg", h.from-1, h.from)
}

// joins reports whether a comma stands before word i: ", we" and ", and we" open a new statement.
func (p *phrase) joins(i int) bool {
	return i > 0 && i < len(p.words) && strings.Contains(p.text.s[p.words[i-1].to:p.words[i].from], ",")
}

// secondClause is where a sentence begins once more with a "we" of its own, of which one part denies something: "We share
// nothing, and we do not use trackers". Zero when it does not, and where a condition may hold for both parts.
func (p *phrase) secondClause() int {
	if len(p.neg) == 0 || p.has("cond", "if", "until") {
		return 0
	}
	for _, h := range p.of("we") {
		if i := h.from - 1; i > 2 && p.joins(i) && p.coveredBy("and", i, i+1) && p.of("we")[0].from < 3 {
			return p.words[i].from
		}
	}
	return 0
}

// firstJoin is the first word behind a comma, zero when there is none.
func (p *phrase) firstJoin() int {
	for i := range p.words {
		if p.joins(i) {
			return i
		}
	}
	return 0
}

func nextOf(sorted []int, at, none int) int {
	i, _ := slices.BinarySearch(sorted, at)
	if i == len(sorted) {
		return none
	}
	return sorted[i]
}

func lastOf(sorted []int, at int) int {
	i, found := slices.BinarySearch(sorted, at)
	if found {
		return at
	}
	if i == 0 {
		return 0
	}
	return sorted[i-1]
}

// reach tells of a word whether denials reach it.
type reach uint8

const (
	reached reach = 1 << iota // by any denial
	refused                   // by one whose verb is one of using, setting or sharing, or by a "no"
)

// deny finds what some negations reach. What a policy excepts from its denial is not reached.
func (p *phrase) deny(neg []negation) {
	p.neg, p.reach = neg, nil
	if len(neg) == 0 {
		return
	}
	p.reach = make([]reach, len(p.words))
	for _, n := range neg {
		end, kind := min(n.to, len(p.words), p.exception(n)), reached
		if !n.verbal || p.deniesUse(n) {
			kind |= refused
		}
		for i := n.from; i < end; i++ {
			if n.verbal && i == n.at {
				p.reach[i] |= reached
				continue
			}
			p.reach[i] |= kind
		}
	}
}

func (p *phrase) reaches(i int, kind reach) bool { return i < len(p.reach) && p.reach[i]&kind != 0 }

// denied reports whether what stands at h is denied: it lies in the reach of a negation whose verb is one of using,
// setting or sharing, or of a "no".
func (p *phrase) denied(h hit) bool { return p.reaches(h.from, refused) }

// deniedWord is denied for the word at i.
func (p *phrase) deniedWord(i int) bool { return p.reaches(i, refused) }

// exception is the word where a policy begins to except from a denial; behind all words when it excepts nothing.
func (p *phrase) exception(n negation) int {
	except := p.of("except")
	if i := behind(except, n.at+1); i < len(except) {
		return except[i].from
	}
	return len(p.words)
}

// deniesUse reports whether the verb that a "not" denies is one of use. It stands near the "not": in German and Dutch
// the "not" may come at the end.
func (p *phrase) deniesUse(n negation) bool {
	for _, c := range []concept{"use", "set", "share", "collect", "exist"} {
		for _, h := range p.of(c) {
			if h.from > n.at && h.from <= n.at+4 && h.from < n.to && !p.participle(n.at, h) {
				return true
			}
			if p.germanic() && h.from >= n.from && h.from < n.to {
				return true
			}
		}
	}
	return false
}

// participle reports whether h only tells of a cookie behind word i who set it: "does not cover cookies set by others".
func (p *phrase) participle(i int, h hit) bool {
	cookies := p.of("cookie")
	at := behind(cookies, i)
	return at < len(cookies) && cookies[at].to == h.from && len(p.at(h.to, "agent")) > 0
}

// deniesList reports whether a sentence that introduces a list denies what the list holds: "The following are not used:".
func (p *phrase) deniesList() bool {
	last := len(p.words) - 1
	if last < 0 || !strings.HasSuffix(p.text.s, ":") && !p.has("list") && !p.coveredBy("inorder", last, last+1) {
		return false
	}
	if len(p.at(last, "neg")) > 0 && last > 0 {
		return true // "We do not:"
	}
	if !p.deniedWord(last) {
		return false
	}
	return slices.ContainsFunc(p.neg, func(n negation) bool { return n.to > last && len(p.at(n.at, "without")) == 0 })
}

// deniedItem is a phrase as an item of a list that its introduction denies.
func (p *phrase) deniedItem() *phrase {
	said := *p.reading
	item := &phrase{p.text, &said}
	none := hit{meaning: &meaning{concept: "none", bit: conceptBits["none"]}}
	item.hits = append([]hit{none}, p.hits...)
	item.kinds = bitset{}
	item.sort()
	item.hits = p.hits
	item.deny(append(slices.Clone(p.neg), negation{to: len(p.words)}))
	return item
}
