package policy

import (
	"slices"
	"strings"

	"trackscan/classify"
)

// declares reports whether a sentence can declare at all: not where the control of cookies is explained, and where
// cookies are explained only when it says what we do, or goes on what says that we use them.
func (d *document) declares(s *statement) bool {
	return (!s.sec.general || s.p.tellsOfUs() || s.lead != nil && s.lead.has("cookie", "tracker") && (s.lead.tellsOfUs() || s.sec.told && s.lead.has("use"))) && !s.managed()
}

// tellsOfUs reports whether a sentence says outright that we use or set something: "the website uses cookies" may be any.
func (p *phrase) tellsOfUs() bool {
	return p.ourselves() && p.has("use", "set") && !p.has("cond", "youcan", "whatis")
}

// ourselves reports whether a phrase says "we" in one word: longer ones, as "the website", may be anybody's.
func (p *phrase) ourselves() bool {
	return slices.ContainsFunc(p.of("we"), func(h hit) bool { return h.to-h.from == 1 })
}

// managed reports whether a sentence stands where the control of cookies is explained and tells nothing of our own use.
func (s *statement) managed() bool {
	own := s.p.has("we") && s.p.has("use", "set") && !s.p.has("youcan", "cond", "optoutword")
	return s.sec.manage && !own && !(s.p.ourselves() && s.p.has("set") && s.p.has("only") && s.p.has("consentask"))
}

// tracking reports whether a sentence speaks of cookies or the like, or introduces or follows one that does.
func (s *statement) tracking() bool {
	return s.p.has("cookie", "tracker", "beacon", "local") || s.lead != nil && (s.lead.has("cookie", "tracker") || s.sec.head != nil && s.sec.head.has("cookie", "tracker") && len(s.lead.at(0, "back")) > 0)
}

// carried reports whether the next sentence says that those of whom this one speaks use cookies for it: "We let
// advertising companies show ads. These companies use cookies."
func (s *statement) carried() bool {
	return len(s.next.at(0, "back")) > 0 && s.next.has("cookie", "tracker") && s.next.has("use", "set")
}

// goesOnHead reports whether a sentence goes on its heading, which speaks of cookies: "Cookies", then "There are two" or
// "We use them to", or answers what they are used for.
func (s *statement) goesOnHead() bool {
	head := s.sec.head
	if head == nil || len(s.after.words) > 0 || s.kind != paragraph {
		return false
	}
	if s.sec.cookies && len(s.p.at(0, "inorder")) > 0 && head.has("use") && head.has("we") && strings.HasSuffix(head.text.s, "?") {
		return true // "What do we use them for?", then "To keep you signed in"
	}
	if !head.has("cookie") {
		return false
	}
	return len(s.p.at(0, "back")) > 0 || s.p.next("use", "them") || s.p.next("set", "them") || len(s.p.at(0, "exist")) > 0 && s.p.has("number")
}

// defines reports whether a sentence explains what cookies are.
func (s *statement) defines() bool {
	h, ok := s.p.first("define")
	if s.p.awaitsConsent() && s.p.next("define", "set") {
		return false // "no cookies are set before you consent"
	}
	if !ok || s.p.next("define", "use") && len(s.p.at(0, "cookie")) > 0 || s.p.next("define", "active") || s.p.coveredBy("be", h.to-1, h.to) && len(s.p.at(h.to, "necessary")) > 0 { // "cookies are used to", "cookies are required"
		return false
	}
	for _, c := range s.p.of("cookie") {
		if s.p.weUse(c) {
			return false
		}
		if h.from == 0 && c.from-h.to < nearWords {
			return true
		}
		if c.to >= h.from-3 && c.from <= h.from && c.from <= 6 {
			return true
		}
	}
	return false
}

// weUse reports whether words before a cookie say that we use it: "we use cookies, small files that ...".
func (p *phrase) weUse(c hit) bool {
	we, ok := p.first("we")
	before := func(h hit) bool { return h.from < c.from }
	return ok && we.from <= c.from && (slices.ContainsFunc(p.of("use"), before) || slices.ContainsFunc(p.of("set"), before))
}

// cookieActs reports whether a cookie is what does something, or that with or in which something is done: "the cookie
// keeps you signed in", "with cookies we count", "your name is saved in a cookie".
func (p *phrase) cookieActs() bool {
	for _, h := range p.of("cookie") {
		if h.from <= 2 || p.means(h) || p.endsBefore(h.from, "remember") || p.endsBefore(h.from-1, "remember") {
			return true
		}
	}
	return false
}

// blocksFirst reports whether a sentence tells what comes of blocking cookies: "Blocking cookies may limit functions".
func (p *phrase) blocksFirst() bool {
	h, ok := p.first("block")
	return ok && h.from <= 1 && !p.ourselves() && p.has("typically", "impair", "unable")
}

// thenSets reports whether a cookie is set on the condition that a sentence names: "if you close the notice, a cookie is
// set".
func (p *phrase) thenSets() bool {
	if p.has("block", "manage", "youcan", "optoutword", "consentask") || !p.has("set") {
		return false
	}
	c, ok := p.first("cond")
	h, set := p.first("cookie")
	return ok && set && c.from == 0 && h.from > c.from && !p.denied(h)
}

// generic reports whether a sentence tells for what cookies are used in general, or may be, by examples.
func (p *phrase) generic() bool {
	return !p.has("we") && (p.has("ingeneral") || p.has("typically") && p.has("example") && len(p.at(0, "cookie")) > 0)
}

// goesOn reports whether a sentence only goes on the one before it: "For example, to remember your language."
func (s *statement) goesOn() bool {
	return len(s.p.at(0, "example", "inorder")) > 0 && !(s.p.has("we") && s.p.has("use"))
}

// purposeWeight is the weight from which the words of a sentence make a purpose.
const purposeWeight = 3

// purposeSentence declares the categories of the purposes for which a sentence says that cookies are used.
func (d *document) purposeSentence(s *statement) {
	p := s.p
	if !d.declares(s) || s.kind == tabular || s.listed || p.blocksFirst() || s.advises() || p.has("ruling") && !p.ourselves() || s.labelled && !(p.tellsOfUs() && slices.ContainsFunc(p.of("cookie"), p.weUse)) || s.defines() || p.has("banner", "dnt") || p.has("manage") && !p.has("we") && (p.has("block") || !p.has("use", "set")) || p.has("noneed") && p.has("consentask", "necessary") && !(p.ourselves() && p.has("set")) || p.has("cond", "youcan") && !p.has("we") && !p.cookieActs() && !p.thenSets() {
		return
	}
	if !p.has("cookie") && p.beforeWord("dataword", openingWords) && len(p.neg) > 0 {
		return // "This information does not tell who you are"
	}
	if !s.tracking() && !s.chained && !(s.before && s.sec.cookies) && !s.carried() && !s.goesOnHead() {
		return
	}
	if s.lead != nil && !p.has("cookie") && s.lead.has("dataword") && s.lead.has("collect", "contain") && !s.lead.has("define") && !s.lead.has("p.analytics") {
		return
	}
	if p.generic() || p.general() || s.ofOthers() || s.defined && !s.tellsInstead() {
		return
	}
	if s.lead == nil && !p.has("use", "set", "collect", "allow", "contain", "remember", "exist") && !(s.before && s.goesOn()) && !s.chained && !s.goesOnHead() && !(p.ourselves() && p.has("keeptrack")) && !p.cookieActs() {
		return
	}
	sum := purposeOf(p)
	best, _ := sum.best()
	for _, c := range classify.Categories {
		if sum[c] >= purposeWeight && (c == best || !s.goesOn()) {
			d.addCategory(c, p.text.s, p.text.whole(), s.basis())
		}
	}
}

// tellsInstead reports whether a sentence behind the definition of cookies tells of our own: it speaks of us and of cookies,
// or begins with "we".
func (s *statement) tellsInstead() bool {
	we, ok := s.p.first("we")
	return ok && (s.tracking() || we.from <= 2)
}

// basis is how firmly a purpose that a statement tells is declared.
func (s *statement) basis() basis {
	if s.sec.general {
		return basisGeneral
	}
	return basisPurpose
}
