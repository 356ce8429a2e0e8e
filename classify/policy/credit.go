package policy

import (
	"slices"
	"strings"
	"unicode"

	"trackscan/classify"
)

// vendorSentence declares or denies the vendors that a sentence names.
func (d *document) vendorSentence(s *statement) {
	p := s.p
	if s.kind == tabular && s.listed {
		return
	}
	found := d.withoutOwners(s.found)
	if len(found) == 0 && s.introduces() {
		found = d.introduced(p)
	}
	for _, m := range append(found, d.addressed(p)...) {
		switch {
		case p.isBrowser(m):
		case p.denied(m.hit) || p.contrasts(m.hit), p.isHere(), s.sec.here && s.sec.vendor == m.printed:
			d.denyVendor(m, s)
		case s.creditsVendor(m) || m.address != "" && !s.managed() && !p.optsOutOf(m):
			sum := purposeOf(p)
			c, weight := sum.best()
			if weight < purposeWeight {
				c = classify.NoCategory
			}
			d.addVendor(m, c, p.text.whole(), m.address)
			d.vendorPurpose(s, sum)
		}
	}
}

// vendorHeading declares the vendor that is all a heading names, when the sentence below tells what it does here.
func (d *document) vendorHeading(i int) {
	s := &d.statements[i]
	if len(s.found) != 1 || i+1 == len(d.statements) || s.found[0].owner || s.found[0].to-s.found[0].from < len(s.p.words) || s.sec.manage || s.sec.general || s.sec.here {
		return
	}
	below := &d.statements[i+1]
	p := below.p
	if below.kind != paragraph || len(p.neg) > 0 || p.has("optoutword", "otherwise", "youcan") || p.linked() {
		return
	}
	c, weight := purposeOf(p).best()
	if weight >= purposeWeight || p.has("we") && p.has("use", "set", "collect", "share") {
		d.addVendor(s.found[0], c, s.p.text.whole())
		d.vendorPurpose(below, purposeOf(p))
	}
}

// toolSentence declares the category of what the vendor is for that the sentence before names: "Our site uses Matomo.
// This system allows us to analyse visits."
func (d *document) toolSentence(s *statement) {
	if s.before && len(s.p.at(0, "back")) > 0 && s.p.has("vendortool", "allow") && len(s.p.neg) == 0 && !s.p.has("cond", "youcan") {
		d.vendorPurpose(s, purposeOf(s.p))
	}
}

// vendorPurpose declares the category of the purpose for which a sentence says that a vendor is used.
func (d *document) vendorPurpose(s *statement, sum scores) {
	c, weight := sum.best()
	if weight < purposeWeight || c == classify.Necessary || c == classify.Functional || !d.declares(s) || s.kind == tabular || s.listed || s.labelled || s.p.has("example") && !s.p.next("we", "use") {
		return
	}
	d.addCategory(c, s.p.text.s, s.p.text.whole(), basisPurpose)
}

// introduces reports whether a sentence may introduce a vendor by its company: it speaks of cookies or of analytics,
// advertising or the like that are used, and stands where such things are declared.
func (s *statement) introduces() bool {
	p := s.p
	if s.sec.manage || s.sec.general || !p.has("introduces") {
		return false
	}
	_, weight := purposeOf(p).best()
	return p.has("cookie", "tracker", "beacon", "analyticstool") || weight >= purposeWeight
}

// creditsVendor reports whether a sentence says that a vendor does something here: that it is used, sets, receives.
func (s *statement) creditsVendor(m mention) bool {
	p := s.p
	if p.abbreviates(m) {
		return false
	}
	if p.comparesWith(m) || p.optsOutOf(m) || p.has("yoursite") {
		return false
	}
	if s.managed() || p.has("block") && p.has("manage", "youcan") && !p.ourselves() || s.sec.general && !p.has("we") || p.has("example") && m.owner && !p.has("use") {
		return false
	}
	if p.linked() && (s.lead == nil || p.has("otherwise", "policyword", "privacyword")) || p.has("ifever", "otherpages", "trademark") || p.has("example") && p.has("define") && !p.ourselves() {
		return false
	}
	if p.has("otherwise", "optoutword") && !p.has("use", "set", "vendorword") || p.beforeWord("cond", m.from) && !p.has("we", "consentask") {
		return false
	}
	if p.agent(m) && len(purposeOf(p)) > 0 && !p.m.ordinary(p.words[m.from].word) {
		return true
	}
	if _, weight := purposeOf(p).best(); weight >= purposeWeight || p.fullName(m) {
		return true
	}
	return s.sec.vendor == m.printed || p.has("use", "set", "collect", "vendorword", "cookie", "share", "analyticstool") || s.itemOfUsed() || s.opens() || s.answersWho() || s.aboutCookies() && p.bracketed(m)
}

// abbreviates reports whether a name in brackets is short for the words before them: "a tag management system (TMS)".
func (p *phrase) abbreviates(m mention) bool {
	name := p.words[m.from].word
	if m.to != m.from+1 || m.from < len(name) || !strings.HasPrefix(p.text.s[p.words[m.from-1].to:], " (") {
		return false
	}
	for i := range len(name) {
		if p.words[m.from-len(name)+i].word[0] != name[i] {
			return false
		}
	}
	return true
}

// fullName reports whether a vendor is named with its legal form, as a policy names who receives data.
func (p *phrase) fullName(m mention) bool {
	to := m.to
	for to < len(p.words) && to < m.to+2 && unicode.IsUpper(firstRune(p.text.s[p.words[to].from:])) && !strings.ContainsAny(p.text.s[p.words[to-1].to:p.words[to].from], ".;:()") {
		if legalForms[p.words[to].word] {
			return true
		}
		to++
	}
	return legalForms[p.words[m.to-1].word] && m.to-m.from > 1
}

// ofOthers reports whether a sentence tells what other websites do.
func (s *statement) ofOthers() bool { return len(s.p.at(0, "othersites")) > 0 }

// itemOfUsed reports whether a statement is an item of a list that is introduced as what is used here, or stands where
// what third parties set is told: "Services that we use".
func (s *statement) itemOfUsed() bool {
	if head := s.sec.head; s.kind == item && head != nil && head.has("use", "set") && listsVendors(head) {
		return true
	}
	return s.lead != nil && (s.sec.third || s.lead.has("use", "set") || s.lead.has("collect", "share") && s.lead.has("thirdstrict", "third", "vendortool")) && !s.lead.has("optoutword", "otherwise", "youcan", "manage")
}

// answersWho reports whether a statement without a verb stands below a question for those who receive data or whose
// services are used.
func (s *statement) answersWho() bool {
	head := s.sec.head
	return s.kind == paragraph && head != nil && strings.HasSuffix(head.text.s, "?") && head.has("collect", "share", "use") && !head.has("cookie", "youcan") && !s.p.verbIn(0, len(s.p.words))
}

// opens reports whether a statement is little more than the vendor's name and opens an item that goes on to tell of it.
func (s *statement) opens() bool {
	return s.kind == item && s.sec.cookies && len(s.p.words) <= 3 && len(s.next.words) > 0
}

// bracketed reports whether a vendor is an example in brackets of the third parties of whom a sentence speaks.
func (p *phrase) bracketed(m mention) bool {
	open := strings.LastIndexByte(p.text.s[:p.words[m.from].from], '(')
	return open > 0 && p.has("thirdstrict") && strings.IndexByte(p.text.s[open:p.words[m.from].from], ')') < 0
}

// comparesWith reports whether a vendor is only what something else is compared with: "an alternative to".
func (p *phrase) comparesWith(m mention) bool {
	for _, h := range p.of("instead") {
		if h.to == m.from {
			return true
		}
	}
	return false
}

// contrasts reports whether a "not" stands right before h: "from our own server, not from Acme".
func (p *phrase) contrasts(h hit) bool {
	return slices.ContainsFunc(p.neg, func(n negation) bool {
		return n.verbal && (n.at == h.from-1 || n.at == h.from-2 && len(p.words[n.at+1].word) <= contrastBytes && len(p.at(n.at+1, "and")) == 0)
	})
}

// contrastBytes is the length of the longest small word between a "not" and what it contrasts.
const contrastBytes = 4

// optsOutOf reports whether a vendor is named only as what one can opt out of.
func (p *phrase) optsOutOf(m mention) bool {
	if p.has("we") {
		return false
	}
	for _, h := range p.of("optoutword") {
		if h.from <= 2 && h.to <= m.from || p.has("youcan") {
			return true
		}
	}
	return false
}

// isHere reports whether a phrase says that something of others is loaded from the site itself: "Google Fonts, hosted
// locally", which sends nothing to Google.
func (p *phrase) isHere() bool {
	return slices.ContainsFunc(p.of("hostedhere"), func(h hit) bool { return !p.reached(h) })
}

func (d *document) denyVendor(m mention, s *statement) {
	for _, v := range d.vendDenied {
		if vendorKey(v.Name) == vendorKey(m.printed) {
			return
		}
	}
	v := classify.PolicyVendor{Name: m.printed, Domains: []string{}, Quote: d.quote(s.p.text.whole())}
	d.vendDenied = append(d.vendDenied, v)
}
