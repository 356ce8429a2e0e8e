package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed claims.txt
var claimsFile string

// claimRule is one pattern of a claim.
type claimRule struct {
	id    string
	terms []term
	needs bitset // concepts without which it cannot hold
}

// add adds a term.
func (r *claimRule) add(t term) {
	r.terms = append(r.terms, t)
	if t.absent || len(t.alternatives) > 1 {
		return
	}
	p := t.alternatives[0]
	if p.flag {
		return
	}
	r.needs.add(p.bit)
	if p.near != "" {
		r.needs.add(conceptBits[p.near])
	}
}

// claimKind is a claim with its rules and examples, as claims.txt has them.
type claimKind struct {
	id       string
	rules    []claimRule
	scopes   []concept
	examples []example

	// What the id says, for each sentence asks.
	ofAll          bool // see ofAll
	whereExplained bool // see whereExplained
	denies         bool // that there is something
}

func newClaimKind(id string) claimKind {
	return claimKind{id: id, ofAll: ofAll[id], whereExplained: whereExplained[id], denies: strings.HasPrefix(id, "no_")}
}

// example is a sentence that must or must not be read as a claim.
type example struct {
	lang, text string
	yes        bool
}

// term is one condition of a rule.
type term struct {
	alternatives []pair
	absent       bool
}

// pair is a concept, or two that stand near each other.
type pair struct {
	concept concept
	near    concept // empty for one concept
	within  int     // how many words apart, at most
	bit     uint8   // of the concept
	ordered bool    // "<": the second stands behind the first
	denied  bool    // the first is denied
	reached bool    // the first lies in the reach of any negation
	flag    bool    // "@": a fact of the place, not a concept
}

var claimKinds = sync.OnceValues(func() ([]claimKind, error) { return parseClaims(claimsFile) })

func parseClaims(file string) ([]claimKind, error) {
	var kinds []claimKind
	for n, line := range strings.Split(file, "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if word == "" || strings.HasPrefix(word, "#") {
			continue
		}
		if word == "claim" {
			kinds = append(kinds, newClaimKind(rest))
			continue
		}
		if len(kinds) == 0 {
			return nil, fmt.Errorf("claims line %d: %q before the first claim", n+1, word)
		}
		if err := kinds[len(kinds)-1].line(word, rest); err != nil {
			return nil, fmt.Errorf("claims line %d: %w", n+1, err)
		}
	}
	return kinds, nil
}

func (k *claimKind) line(word, rest string) error {
	switch word {
	case "rule":
		r := claimRule{id: k.id}
		for f := range strings.FieldsSeq(rest) {
			t, err := parseTerm(f)
			if err != nil {
				return err
			}
			r.add(t)
		}
		k.rules = append(k.rules, r)
	case "scope":
		for f := range strings.FieldsSeq(rest) {
			k.scopes = append(k.scopes, concept(f))
		}
	case "yes", "no":
		lang, text, ok := strings.Cut(rest, ": ")
		if !ok {
			return fmt.Errorf("example %q names no language", rest)
		}
		k.examples = append(k.examples, example{lang, text, word == "yes"})
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return nil
}

func parseTerm(s string) (term, error) {
	t := term{}
	if strings.HasPrefix(s, "-") {
		t.absent, s = true, s[1:]
	}
	for one := range strings.SplitSeq(s, "|") {
		p := pair{}
		for len(one) > 0 {
			if one[0] == '!' {
				p.denied = true
			} else if one[0] == '%' {
				p.reached = true
			} else if one[0] == '@' {
				p.flag = true
			} else {
				break
			}
			one = one[1:]
		}
		first, second, ok := strings.Cut(one, "~")
		if !ok {
			first, second, p.ordered = strings.Cut(one, "<")
		}
		p.within = nearWords
		if far := strings.TrimLeft(second, "~<"); far != second {
			second, p.within = far, 2*nearWords
		}
		p.concept, p.near = concept(first), concept(second)
		p.bit = conceptBits[p.concept]
		if !p.flag && !concepts[p.concept] || p.near != "" && !concepts[p.near] {
			return term{}, fmt.Errorf("unknown concept in %q", s)
		}
		t.alternatives = append(t.alternatives, p)
	}
	return t, nil
}

// nearWords is how far the two halves of "a~b" may stand apart, in words.
const nearWords = 4

// holds reports whether a rule of a promise holds for a statement.
func (k *claimKind) holds(s *statement) bool {
	for i := range k.rules {
		if k.rules[i].holds(s) {
			return true
		}
	}
	return false
}

// holds reports whether all terms of a rule hold for a statement.
func (r *claimRule) holds(s *statement) bool {
	if !s.p.kinds.holds(&r.needs) {
		return false
	}
	for _, t := range r.terms {
		ok := false
		for _, p := range t.alternatives {
			if p.holds(s) {
				ok = true
				break
			}
		}
		if ok == t.absent {
			return false
		}
	}
	return true
}

func (c pair) holds(s *statement) bool {
	if c.flag {
		return s.flag(c)
	}
	if !s.p.kinds.has(c.bit) {
		return false
	}
	for _, h := range s.p.of(c.concept) {
		if c.holdsAt(s.p, h) {
			return true
		}
	}
	return false
}

func (c pair) holdsAt(p *phrase, h hit) bool {
	switch {
	case c.denied && !p.denied(h):
		return false
	case c.reached && !p.reached(h):
		return false
	}
	if c.near == "" {
		return true
	}
	for _, o := range p.of(c.near) {
		if c.concept == "third" && c.near == "cookie" && p.listsBehind(o, h) {
			continue
		}
		if c.near == "cookie" && p.endsKinds(o, h) {
			return true
		}
		if h.understood() || o.understood() && !c.ordered {
			return true
		}
		if o.from-h.to < c.within && h.from-o.to < c.within && (!c.ordered || o.from >= h.to) && !p.newVerb(min(h.to, o.to), max(h.from, o.from)) {
			return true
		}
	}
	return false
}

// listsBehind reports whether h opens an item of its own behind a cookie: "ad cookies, or third-party networks".
func (p *phrase) listsBehind(cookie, h hit) bool {
	return h.from >= cookie.to && (p.joins(h.from) || p.joins(h.from-1) && len(p.at(h.from-1, "and")) > 0)
}

// endsKinds reports whether h is the last of the kinds behind a cookie: "cookies de publicidad, de estadística ni de
// terceros", "cookies propias, de terceros ni publicitarias". Nothing but kinds and particles stands between them.
func (p *phrase) endsKinds(cookie, h hit) bool {
	if p.germanic() || h.from-cookie.to < 3 || h.from-cookie.to > 3*nearWords || h.to < len(p.words) && !p.joins(h.to) {
		return false
	}
	if !p.anyWithin("and", h.from-2, h.from) && !p.anyWithin("neg", h.from-2, h.from) {
		return false
	}
	for i := cookie.to; i < h.from; i++ {
		particle := p.words[i].to-p.words[i].from <= 3
		if !particle && len(p.at(i, "adcookie", "analyticscookie", "trackcookie", "first", "third")) == 0 || p.verbIn(i, i+1) {
			return false
		}
	}
	return true
}

// newVerb reports whether a second statement begins between words from and to: "sets no cookies and uses no trackers",
// "no cookies, no scripts of third parties".
func (p *phrase) newVerb(from, to int) bool {
	for _, none := range p.of("none") {
		if none.from >= from && none.to <= to && from > 0 && (p.parted(from, none.from) || none.from == from && p.joins(from)) {
			return true
		}
	}
	for _, we := range p.of("we") {
		if we.from >= from && we.to <= to && p.joins(we.from) {
			return true // "unlike other websites, we"
		}
	}
	for _, nor := range p.of("neg") {
		if nor.from >= from && nor.to < to && p.names(nor.to, to) {
			return true // "neither ad cookies nor trackers of third parties"
		}
	}
	for _, and := range p.of("and") {
		if and.from < from || and.to >= to {
			continue
		}
		for _, c := range []concept{"use", "set"} {
			if len(p.at(and.to, c)) > 0 {
				return true
			}
		}
	}
	return false
}

// names reports whether something other than cookies is named within words from and to.
func (p *phrase) names(from, to int) bool {
	return slices.ContainsFunc([]concept{"tracker", "analyticstool", "adservice", "beacon"}, func(c concept) bool {
		return slices.ContainsFunc(p.of(c), func(h hit) bool { return h.from >= from && h.to <= to })
	})
}
