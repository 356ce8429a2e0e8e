package policy

import (
	"slices"
	"strings"
	"unicode"

	"trackscan/classify"
)

// judge reads the sentences, in the order of the document.
func (d *document) judge() {
	for i := range d.statements {
		s := &d.statements[i]
		d.readDNT(s)
		d.readEffective(s)
		if s.kind == heading {
			if !strings.HasSuffix(s.p.text.s, "?") {
				d.claimSentence(s)
			}
			d.vendorHeading(i)
			if s.sec.third && len(s.found) > 0 && !s.sec.manage && !s.sec.general {
				d.thirdParty = declared // "Cookies of third parties", then "Google Analytics"
			}
			continue
		}
		d.purposeSentence(s)
		d.toolSentence(s)
		d.labelSentence(s)
		d.vendorSentence(s)
		d.technologySentence(s)
		d.thirdPartySentence(s)
		d.claimSentence(s)
		d.cookieSentence(s, i)
	}
	d.optOuts()
	d.settle()
}

// settle draws what follows from all sentences together.
func (d *document) settle() {
	if i := slices.IndexFunc(d.cookies, func(c classify.PolicyCookie) bool { return c.Storage == "cookie" }); i >= 0 && !d.hasTechnology("cookie") {
		d.addTechnology("cookie", span{d.cookies[i].Start, d.cookies[i].End})
	}
	if i := slices.IndexFunc(d.categories, d.labelsCookies); i >= 0 && !d.hasTechnology("cookie") {
		d.technologies = append(d.technologies, classify.Technology{ID: "cookie", Quote: d.categories[i].Quote})
	}
	for _, c := range d.cookies {
		if strings.HasSuffix(c.Storage, "_storage") {
			d.addTechnology("local_storage", span{c.Start, c.End})
			break
		}
	}
	d.dropGeneral()
	d.onlyNecessary()
	d.dropEmpty()
	d.withoutCookies()
	if d.thirdParty == silent && (d.onlyFirst || d.hasClaim("no_third_party_cookies")) {
		d.thirdParty = denied
	}
}

// labelsCookies reports whether the label of a category speaks of cookies itself: "Analytics cookies".
func (d *document) labelsCookies(c categoryFact) bool {
	return c.basis == basisLabel && d.phrase(text{s: c.Label}).has("cookie")
}

// dropGeneral takes back the purposes that are only told where cookies are explained, when labels tell what there is.
func (d *document) dropGeneral() {
	if slices.ContainsFunc(d.categories, func(c categoryFact) bool { return c.basis == basisLabel }) {
		d.categories = slices.DeleteFunc(d.categories, func(c categoryFact) bool { return c.basis == basisGeneral })
	}
}

// deniedBy are the promises that deny a category.
var deniedBy = map[classify.Category]string{
	classify.Advertising: "no_advertising_cookies", classify.Analytics: "no_analytics_cookies",
}

// dropEmpty takes back the categories whose own section, or a promise, says that there are no such cookies, unless one
// is listed.
func (d *document) dropEmpty() {
	for _, c := range d.catDenied {
		if promise := deniedBy[c.ID]; promise != "" && d.hasClaim(promise) {
			d.emptyLabels = append(d.emptyLabels, c.ID)
		}
	}
	for _, id := range d.emptyLabels {
		if slices.ContainsFunc(d.cookies, func(c classify.PolicyCookie) bool { return classify.Category(c.Category) == id }) {
			continue
		}
		d.categories = slices.DeleteFunc(d.categories, func(c categoryFact) bool { return c.ID == id })
	}
}

// withoutCookies takes a policy at its word that there are no cookies, when it tells of none.
func (d *document) withoutCookies() {
	ofCookies := slices.ContainsFunc(d.cookies, func(c classify.PolicyCookie) bool { return c.Storage == "cookie" })
	labelled := len(d.cookies) == 0 && slices.ContainsFunc(d.categories, func(c categoryFact) bool { return c.basis == basisLabel })
	if ofCookies || labelled || d.thirdParty == declared || !slices.ContainsFunc(d.claims, func(c classify.Claim) bool { return c.ID == "no_cookies" && c.Scope == "" }) {
		return
	}
	d.technologies = slices.DeleteFunc(d.technologies, func(t classify.Technology) bool { return t.ID == "cookie" })
}

// onlyNecessary takes a policy at its word that all its cookies are necessary, unless it labels others.
func (d *document) onlyNecessary() {
	if !d.hasClaim("only_necessary_cookies") {
		return
	}
	kept := d.categories[:0:0]
	for _, c := range d.categories {
		if c.ID == classify.Necessary || c.basis > basisCookie {
			kept = append(kept, c)
		}
		if c.ID != classify.Necessary && c.basis == basisLabel {
			return
		}
	}
	d.categories = kept
	for i := range d.cookies {
		d.cookies[i].Category = classify.Text(classify.Necessary)
	}
}

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

// beforeWord reports whether a word of concept c stands before word i.
func (p *phrase) beforeWord(c concept, i int) bool {
	h, ok := p.first(c)
	return ok && h.from < i
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

// readDNT reads what the policy says of the Do Not Track signal.
func (d *document) readDNT(s *statement) {
	p := s.p
	named := p.has("dnt") || (s.after.has("dnt") || s.sec.head != nil && s.sec.head.has("dnt") && p.has("signal")) && len(p.words) < 25
	if !named || s.kind == heading || s.listed || len(p.words) < 4 {
		return
	}
	verb := p.of("honor")
	switch {
	case s.othersAct(verb):
	case p.ignores() || p.nearBy("regardless", "dnt"):
		d.dnt = ignored
	case len(verb) > 0 && (p.reachedOutside(verb, "nostandard") || p.next("none", "dnt")):
		d.dnt = ignored
	case p.has("nostandard"):
	case len(verb) > 0 && d.dnt == silent && (p.has("we") || !p.has("youcan")):
		d.dnt = honored
	case d.dnt == silent && p.nearBy("bymeans", "dnt") && p.has("optout"):
		d.dnt = honored // "you can opt out via Do Not Track"
	case d.dnt == silent && p.has("we", "active") && !p.has("youcan") && p.refrains():
		d.dnt = honored
	}
}

// othersAct reports whether a sentence tells what others do: websites or browsers in general, unless it is the signal of browsers
// that somebody does not answer, or third parties that stand at its front.
func (s *statement) othersAct(verbs []hit) bool {
	p := s.p
	if len(p.at(0, "thirdstrict")) > 0 {
		return true
	}
	if p.has("we") || !p.has("browserword") {
		return false
	}
	return !p.anyReached(verbs) || p.beforeWord("browserword", verbs[0].from)
}

// next reports whether b follows a at once.
func (p *phrase) next(a, b concept) bool {
	return slices.ContainsFunc(p.of(a), func(h hit) bool { return len(p.at(h.to, b)) > 0 })
}

// refrains reports whether a sentence denies that something is tracked, counted or set.
func (p *phrase) refrains() bool {
	for _, c := range []concept{"trackcookie", "collect", "set", "use", "analysing", "analysispurpose", "keeptrack"} {
		if p.anyReached(p.of(c)) {
			return true
		}
	}
	return false
}

// ignores reports whether a sentence says that something is ignored, and no "not" before it denies that.
func (p *phrase) ignores() bool {
	for _, h := range p.of("ignore") {
		if !slices.ContainsFunc(p.neg, func(n negation) bool { return n.at < h.from && h.from < n.to }) {
			return true
		}
	}
	return false
}

// reachedOutside reports whether a denial reaches one of some hits that is no word of concept c itself: "there is no
// standard how sites respond" denies the standard.
func (p *phrase) reachedOutside(hits []hit, c concept) bool {
	return slices.ContainsFunc(p.neg, func(n negation) bool {
		return !p.coveredBy(c, n.at, n.at+1) && !p.endsBefore(n.at, c) && slices.ContainsFunc(hits, func(h hit) bool { return p.reached(h) && n.from <= h.from && h.from < n.to })
	})
}

func (p *phrase) anyReached(hits []hit) bool {
	for _, h := range hits {
		if p.reached(h) {
			return true
		}
	}
	return false
}

// thirdPartySentence reads whether third parties set cookies.
func (d *document) thirdPartySentence(s *statement) {
	p := s.p
	if d.thirdParty == declared || (s.sec.general || s.defined) && !p.has("we") || s.kind == tabular || p.has("ifever") || p.general() {
		return
	}
	if !p.has("cookie", "tracker") && !s.listed && !s.sec.third && !((s.before || s.sec.cookies || s.labelled) && p.setByThird()) {
		return
	}
	if s.sec.manage || s.controls() || s.plainDenied() || p.has("otherpages") || p.has("exceptus") && p.has("none", "neg") || !p.has("use", "set", "collect", "allow") && !s.sec.third {
		return
	}
	if s.sec.third && len(s.found) > 0 && len(p.neg) == 0 || s.vendorSets() || s.thirdActs() || s.namedSet() {
		d.thirdParty = declared
	}
}

// namedSet reports whether a sentence says of the vendors that the one before it names that they set cookies: "Both set
// cookies".
func (s *statement) namedSet() bool {
	p := s.p
	if len(s.found) > 0 || len(p.neg) > 0 || len(s.after.words) == 0 || !s.named || len(p.at(0, "back", "all")) == 0 {
		return false
	}
	return slices.ContainsFunc(p.of("set"), func(h hit) bool {
		return h.from <= openingWords && slices.ContainsFunc(p.of("cookie"), func(c hit) bool { return c.from >= h.to && c.from-h.to < nearWords })
	})
}

// thirdActs reports whether a sentence names third parties among those who set or use cookies: not denied, not beside
// cookies, and not only to define what their cookies are.
func (s *statement) thirdActs() bool {
	p := s.p
	defines := s.defines() && !p.ourselves() && (len(p.at(0, "thirdstrict")) > 0 || !p.setByThird() || p.has("typically"))
	return !defines && slices.ContainsFunc(append(p.of("third"), p.of("thirdstrict")...), func(h hit) bool {
		return !p.reached(h) && !p.besides(h) && !p.placeOnly(h)
	})
}

// setByThird reports whether a phrase says "set by third parties", or "used by us and our partners".
func (p *phrase) setByThird() bool {
	return slices.ContainsFunc(p.of("agent"), func(by hit) bool {
		if by.from == 0 || !p.endsBefore(by.from, "set", "use") {
			return false
		}
		to := by.to
		for _, we := range p.at(to, "we") {
			for _, and := range p.at(we.to, "and") {
				to = and.to
			}
		}
		return len(p.at(to, "thirdstrict", "third")) > 0
	})
}

// placeOnly reports whether h are social networks as a kind of cookie or a place, and neither what acts nor whose cookies
// they are: "advertising and social network cookies", "to show ads on social networks".
func (p *phrase) placeOnly(h hit) bool {
	if !p.coveredBy("p.social", h.from, h.to) || p.next("agent", "third") {
		return false
	}
	owns := slices.ContainsFunc(p.of("cookie"), func(c hit) bool {
		return c.to <= h.from && h.from-c.to < nearWords && !slices.ContainsFunc(p.of("and"), func(and hit) bool { return and.from >= c.to && and.to <= h.from })
	})
	acts := slices.ContainsFunc(slices.Concat(p.of("set"), p.of("use"), p.of("collect")), func(verb hit) bool {
		return verb.from >= h.to && verb.from-h.to < nearWords
	})
	return !owns && !acts
}

// besides reports whether h is only named beside cookies: "cookies and external services".
func (p *phrase) besides(h hit) bool {
	return slices.ContainsFunc(p.at(h.from-1, "and"), func(and hit) bool {
		return slices.ContainsFunc(p.of("cookie"), func(c hit) bool { return c.to == and.from })
	})
}

// controls reports whether a sentence only tells how cookies are kept away: "you can block third-party cookies". What is
// first said to be used is not taken back by that.
func (s *statement) controls() bool {
	p := s.p
	block, ok := p.first("block")
	if !ok || !p.has("youcan", "manage", "cond") {
		return false
	}
	for _, h := range append(p.of("use"), p.of("set")...) {
		if h.to <= block.from && p.has("we") {
			return false
		}
	}
	return true
}

// vendorSets reports whether a sentence says that a vendor itself sets cookies. Those of Google Analytics are set by the
// site.
func (s *statement) vendorSets() bool {
	p := s.p
	if !p.has("cookie") && !s.listed || p.has("ga") {
		return false
	}
	for _, m := range s.found {
		if p.reached(m.hit) {
			continue
		}
		if p.ownsCookies(m) || p.usesCookies(m) || p.has("theirown") && p.has("use", "set") {
			return true
		}
		for _, h := range p.of("set") {
			if p.reached(h) {
				continue
			}
			after := h.from >= m.to && h.from-m.to <= nearWords && !p.weBetween(m.to, h.from)
			inverted := h.to == m.from && p.germanic()
			if after || inverted || h.to < m.from && m.from-h.to <= nearWords && p.agent(m) {
				return true
			}
		}
	}
	return false
}

// ownsCookies reports whether a phrase says that cookies of a vendor are used: "we use cookies from Acme".
func (p *phrase) ownsCookies(m mention) bool {
	return p.has("use", "set") && (p.endsBefore(m.from, "cookiesof") || p.endsBefore(m.from-1, "cookiesof"))
}

// usesCookies reports whether a vendor is the one who uses cookies: "Acme uses cookies", "cookies are used by Acme".
func (p *phrase) usesCookies(m mention) bool {
	beside := slices.ContainsFunc(p.of("cookie"), func(c hit) bool { return c.from == m.to })
	return slices.ContainsFunc(p.of("use"), func(h hit) bool {
		if p.agent(m) && (h.to == m.from-1 || beside && h.from > m.to) {
			return true
		}
		subject := m.from <= 2 || len(p.at(m.to, "relative")) > 0
		return subject && h.from >= m.to && h.from-m.to <= 1 && len(p.at(h.to, "cookie"))+len(p.at(h.to+1, "cookie")) > 0
	})
}

// agent reports whether a vendor is the one by whom something is done.
func (p *phrase) agent(m mention) bool {
	for _, h := range p.of("agent") {
		if h.to == m.from {
			return true
		}
	}
	return false
}

func (p *phrase) weBetween(from, to int) bool {
	for _, h := range p.of("we") {
		if h.from >= from && h.to <= to {
			return true
		}
	}
	return false
}

// whereExplained are the promises that can be made of nobody else, even where cookies are explained.
var whereExplained = wordSet(`consent_by_use consent_banner max_lifetime no_pii_in_cookies`)

// claimSentence reads the promises of a sentence.
func (d *document) claimSentence(s *statement) {
	if !s.promises() {
		return
	}
	kinds, err := claimKinds()
	if err != nil {
		return
	}
	promised := false
	for _, part := range s.parts(d) {
		promised = d.claimPart(kinds, part, s) || promised
	}
	if !promised {
		d.claimPart(kinds, s, s)
	}
}

// claimPart adds the promises that a statement, or a part of it, makes, and reports whether there are any.
func (d *document) claimPart(kinds []claimKind, part, s *statement) bool {
	explained := s.sec.general && !s.p.has("we") && !s.p.next("cookie", "use")
	managed := s.sec.manage && s.kind == item && !s.p.has("we")
	promised := false
	for i := range kinds {
		k := &kinds[i]
		if explained && !whereExplained[k.id] || managed && k.id != "consent_banner" || !k.promises(part) || !k.holds(part) {
			continue
		}
		promised = true
		d.addClaim(k, part, s.p.text.whole())
	}
	return promised
}

func (d *document) hasClaim(id string) bool {
	for _, c := range d.claims {
		if c.ID == id {
			return true
		}
	}
	return false
}

// addClaim adds a claim of a statement, or of a part of one, that a span says.
func (d *document) addClaim(k *claimKind, s *statement, said span) {
	if k.id == "first_party_use_only" && s.p.has("only", "all") {
		d.onlyFirst = true
	}
	c := classify.Claim{ID: k.id, Scope: d.scope(k, s), Quote: d.quote(said)}
	switch k.id {
	case "max_lifetime", "majority_lifetime":
		d.claimTerm(&c, s)
	case deniedBy[s.sec.category]:
		d.emptyLabels = append(d.emptyLabels, s.sec.category)
	}
	for _, o := range d.claims {
		if o.ID == c.ID && o.Scope == c.Scope && (o.Start == c.Start || o.Days == nil && c.Days == nil) {
			return
		}
	}
	d.claims = append(d.claims, c)
}

func (d *document) claimTerm(c *classify.Claim, s *statement) {
	half := 0.5
	if c.ID == "majority_lifetime" {
		c.Quantile = &half
	}
	var days float64
	for _, l := range lifetimes(s.p) {
		days = max(days, l.days)
	}
	c.Days = &days
}

// scope is what limits a claim: a host, the name of a cookie, or a kind of cookie.
func (d *document) scope(k *claimKind, s *statement) string {
	if k.id == "no_cookies" {
		for _, f := range strings.Fields(s.p.text.s) {
			if host := strings.Trim(f, ".,;:()"); isHost(host) {
				return host
			}
		}
	}
	if k.id == "set_only_on_action" {
		for i := range d.cookies {
			if c := &d.cookies[i]; c.Start <= s.p.text.whole().start && c.End >= s.p.text.whole().end {
				return c.Name
			}
		}
	}
	for _, c := range k.scopes {
		if s.p.has(c) {
			return scopeNames[c]
		}
	}
	return ""
}

var scopeNames = map[concept]string{
	"session": "session", "persistent": "persistent", "nonnecessary": "non-essential", "first": "first", "we": "first",
	"advertising": "advertising", "necessary": "necessary", "l.advertising": "advertising",
}
