package policy

import (
	"slices"
	"strings"
	"unicode"

	"trackscan/classify"
)

// section is a stretch of the document under a heading, and what its headings say of all that stands in it.
type section struct {
	level    int
	head     *phrase
	at       span
	category classify.Category // of everything below, with the label that says so
	label    string
	class    string // lifetime class of everything below: session or persistent
	vendor   string
	cookies  bool // a heading speaks of cookies or trackers
	third    bool // what stands below is set by third parties
	general  bool // explains what cookies are, declares nothing
	manage   bool // tells how to control them
	block    int  // its heading
	told     bool // a sentence in it says that we use cookies
	here     bool // a sentence in it says that what its heading names is loaded from the site itself
}

// Levels of what is a heading only by its looks, below all real ones.
const (
	boldLevel = 7
	itemLevel = 8
)

// outline finds the blocks that are headings by their looks: bold lines, and short lines that name a group.
func (d *document) outline() {
	for i := range d.blocks {
		if d.blocks[i].kind == heading {
			d.headings++
		}
	}
	d.partQuestions()
	d.dress()
	d.firstHeading = slices.IndexFunc(d.blocks, func(b block) bool { return b.kind == heading })
}

// partQuestions makes headings of the questions in bold with which paragraphs open: "**Do you use cookies?** No."
func (d *document) partQuestions() {
	for i := 0; i < len(d.blocks); i++ {
		b := &d.blocks[i]
		if b.kind != paragraph || len(b.text.marks) == 0 || b.text.marks[0].kind != bold {
			continue
		}
		m := b.text.marks[0]
		to := strings.IndexByte(b.text.s[:min(m.to, len(b.text.s))], '?') + 1
		if m.from > 1 || to == 0 || to > maxLabelBytes || to+1 < m.to || to >= len(b.text.s) {
			continue
		}
		question := block{kind: heading, level: boldLevel, text: b.text.slice(0, to)}
		b.text = b.text.slice(to, len(b.text.s))
		d.blocks = slices.Insert(d.blocks, i, question)
		d.headings++
		i++
	}
}

// dress makes headings of the blocks that look like some.
func (d *document) dress() {
	plain := d.headless()
	for i := range d.blocks {
		b := &d.blocks[i]
		if b.kind == heading || b.kind == tabular || b.text.s == "" || len(b.text.s) > 120 || i+1 == len(d.blocks) {
			continue
		}
		if next := d.blocks[i+1].kind; next == heading && !d.allBold(b) {
			continue
		}
		switch {
		case b.kind == item && plain && d.loneTitle(i):
			d.makeHeading(b, boldLevel)
		case b.kind == item:
			if d.labelItem(b, i) {
				d.makeHeading(b, itemLevel)
			}
		case d.allBold(b) && fewWords(b.text.s, 14):
			d.makeHeading(b, boldLevel)
		case plain && (d.lifeLine(b.text) || d.roleLine(b.text).role == durationRole):
		case plain && (titleLine(b.text.s) || d.announcing(i)), d.labelLine(i):
			d.makeHeading(b, boldLevel)
		}
	}
}

// lifeLine reports whether a short line says nothing but how long a cookie lives: "Expires on exit of browser".
func (d *document) lifeLine(t text) bool {
	if len(t.s) > maxLifeLine {
		return false
	}
	p := d.phrase(t)
	return len(p.words) <= 6 && d.timely(p) && (p.has("expire", "r.duration") || len(lifetimes(p)) > 0) && !p.has("cookie")
}

// maxLifeLine is the length in bytes up to which a line may be a lifetime.
const maxLifeLine = 40

// headless reports whether the document marks no headings.
func (d *document) headless() bool { return d.headings < 3 }

// makeHeading makes a heading of a block.
func (d *document) makeHeading(b *block, level int) {
	b.kind, b.level = heading, level
	d.headings++
}

func (d *document) allBold(b *block) bool {
	covered := 0
	for _, m := range b.text.marks {
		if m.kind == bold {
			covered += m.to - m.from
		}
	}
	return covered > 0 && covered+2 >= len(b.text.s)
}

// announcing reports whether a short line that ends with a colon heads the paragraphs below it: "Cookies on this site:".
func (d *document) announcing(i int) bool {
	s := d.blocks[i].text.s
	return strings.HasSuffix(s, ":") && d.blocks[i+1].kind == paragraph && titleLine(strings.TrimRight(s, ": ")) && d.phrase(d.blocks[i].text).has("cookie", "tracker")
}

// titleLine tells a heading of plain text: short, a capital first, no end of sentence.
func titleLine(s string) bool {
	if s == "" || len(s) > 80 || strings.Contains(s, "\n") || strings.ContainsAny(s[len(s)-1:], ".,;:!") || shapeOf(s) >= likely {
		return false
	}
	if len(s) > 3 && s[1] == ')' && s[2] == ' ' { // "a) Log files"
		s = s[3:]
	}
	r := firstRune(strings.TrimLeft(s, "¿¡«„“\"'("))
	return (unicode.IsUpper(r) || unicode.IsDigit(r)) && fewWords(s, 10) && !strings.Contains(s, "@")
}

// labelLine reports whether a short line names a category of cookies and nothing else.
func (d *document) labelLine(i int) bool {
	b := &d.blocks[i]
	s := strings.TrimRight(b.text.s, ": ")
	if len(s) > 70 || strings.ContainsAny(s, "\n.!;") || shapeOf(s) >= sure {
		return false
	}
	p := d.phrase(b.text)
	if len(p.words) <= 3 && d.definedBelow(p, i) || p.badge() > 0 {
		return true
	}
	if len(p.words) <= 14 && len(p.at(0, "cookie")) > 0 && labelOf(p).category != "" && d.headless() && !strings.ContainsAny(s, ",:?") {
		return true
	}
	return len(p.words) <= 7 && p.has("cookie") && labelOf(p).category != "" && !p.has("use", "set", "we", "you")
}

// badgeWords is how many words a label has at most with the badge behind it.
const badgeWords = 6

// badge is the word where the remark begins that stands behind a label as a badge, in the same line: "Analytics Consent
// required", "Necessary Always active". It is zero when there is none.
func (p *phrase) badge() int {
	if len(p.words) > badgeWords || len(p.words) == 0 || !p.coveredByLabel(0) {
		return 0
	}
	at := 1
	for at < len(p.words) && (p.coveredByLabel(at) || p.coveredBy("cookie", at, at+1)) {
		at++
	}
	if at == len(p.words) || !unicode.IsUpper(firstRune(p.text.s[p.words[at].from:])) {
		return 0
	}
	for i := at; i < len(p.words); i++ {
		if !p.coveredBy("consentask", i, i+1) && !p.coveredBy("consentcond", i, i+1) && !p.coveredBy("active", i, i+1) {
			return 0
		}
	}
	return at
}

// definedBelow reports whether the sentence below a short line takes the line up as a kind of cookies: "Necessary",
// then "Necessary cookies make ...".
func (d *document) definedBelow(p *phrase, i int) bool {
	if !strings.HasPrefix(string(p.kindOfLabel()), "l.") {
		return false
	}
	next := &d.blocks[i+1]
	if next.kind == tabular || next.kind == heading {
		return false
	}
	def := d.phrase(firstSentence(next.text))
	h, ok := def.first(p.kindOfLabel())
	return ok && h.from <= 2 && def.besideCookie(h)
}

// kindOfLabel is the concept of the first label word of p; empty when there is none.
func (p *phrase) kindOfLabel() concept {
	for _, h := range p.hits {
		if strings.HasPrefix(string(h.concept), "l.") {
			return h.concept
		}
	}
	return ""
}

// labelItem reports whether a list item is only a label, with its explanation in the block below.
func (d *document) labelItem(b *block, i int) bool {
	next := &d.blocks[i+1]
	if next.kind != paragraph && next.kind != tabular && next.kind != item || next.kind == item && next.level <= b.level {
		return false
	}
	if shapeOf(firstWord(b.text).s) == sure || namesInBrackets(b.text) != nil {
		return false
	}
	p := d.phrase(b.text)
	return len(p.words) <= 8 && (p.has("cookie") || d.allBold(b)) && !d.ofAnother(b.text) && (labelOf(p).category != "" || lifetimeLabel(p) != "") && !d.vendors.exact(b.text.s) // "Google Analytics"
}

// loneTitle reports whether an item is the title of what follows, which counts its sections: "3) Which cookies we use".
func (d *document) loneTitle(i int) bool {
	next := &d.blocks[i+1]
	return titleLine(d.blocks[i].text.s) && namesInBrackets(d.blocks[i].text) == nil && next.kind != item && (i == 0 || d.blocks[i-1].kind != item)
}

// enter opens the section that a heading begins and returns the stack of open ones.
func (d *document) enter(stack []*section, i int) []*section {
	b := &d.blocks[i]
	stack = outside(stack, b.level)
	s := &section{cookies: d.cookiePolicy && b.level > 1}
	if len(stack) > 0 {
		*s = *stack[len(stack)-1]
	}
	s.block, s.level, s.at, s.head = i, b.level, b.text.whole(), d.phrase(d.withoutRemark(b.text))
	d.describe(s, i)
	d.cookiePolicy = d.cookiePolicy || i == d.firstHeading && s.cookies && s.head.has("policyword")
	return append(stack, s)
}

// withoutRemark cuts the brackets or the badge behind a label: "Analytics cookies (consent required)".
func (d *document) withoutRemark(t text) text {
	if p := d.phrase(t); p.badge() > 0 {
		return t.slice(0, p.words[p.badge()].from)
	}
	open := strings.LastIndex(t.s, " (")
	if open < 0 || !strings.HasSuffix(strings.TrimRight(t.s, ": "), ")") {
		return t
	}
	if before := t.slice(0, open); labelOf(d.phrase(before)).category != "" {
		return before
	}
	return t
}

// managing reports whether a heading says that what stands below tells how to keep cookies away, or how they are
// consented to and no more.
func (p *phrase) managing(own bool) bool {
	if p.has("manage", "optoutword") {
		return true
	}
	return own && !p.has("policyword") && p.ofChoices()
}

// isTitle reports whether block i is the first heading, with all the rest below it: a page may be called "Manage cookies"
// and still tell which there are.
func (d *document) isTitle(i int) bool {
	return i == d.firstHeading && d.blocks[i].level <= 2
}

func (d *document) describe(s *section, i int) {
	p := s.head
	own := p.has("cookie", "tracker", "beacon", "similar", "local")
	s.third = s.third && s.level > 3 || own && p.has("third") && !p.has("first", "whatis")
	s.told, s.here = false, s.head.isHere()
	s.general = p.has("whatis") && !(p.has("we") && p.has("use"))
	s.manage = s.manage && s.level > 2 || p.managing(own) && !d.isTitle(i) && !(p.has("use", "set") && p.has("we"))
	if own && !s.manage {
		s.cookies = !p.has("privacyword")
	}
	if c := lifetimeLabel(p); c != "" && own {
		s.class, s.category = c, ""
	}
	if found := d.vendors.find(p); len(found) > 0 && (len(p.words) <= 8 || found[0].from <= 1 && len(p.words) <= 14) {
		s.vendor = found[0].printed
	}
	d.sectionLabel(s, i, own)
}

// sectionLabel reads the heading as the label of a category. A heading that does not speak of cookies itself is one
// only when what follows does, or lists them.
func (d *document) sectionLabel(s *section, i int, own bool) {
	l := labelOf(s.head)
	if l.category == "" || s.head.has("nolabel", "whatis", "manage", "policyword") || len(s.head.words) > headWords(own) || d.ofAnother(s.head.text) {
		return
	}
	definition := d.definition(i)
	badge := s.cookies && d.phrase(d.blocks[i].text).badge() > 0
	if !own && !badge && !d.about(definition, s) && !d.listsBelow(i, s) {
		if d.measures(l, definition, s) {
			d.addCategory(l.category, s.head.text.s, s.at, basisPurpose)
		}
		return
	}
	sum := scores{}
	for _, p := range definition {
		sum.add(purposeOf(p))
	}
	id := l.decide(sum)
	if s.head.twoTopics() {
		if sum[id] >= purposeWeight {
			d.addCategory(id, s.head.text.s, s.at, basisPurpose)
		}
		return
	}
	if d.blocks[i].level == 1 && d.isTitle(i) { // of the whole page, which may tell of more
		d.addCategory(id, s.head.text.s, s.at, basisPurpose)
		return
	}
	s.category, s.label, s.class = id, s.head.text.s, ""
	s.cookies = true
	d.labels[labelKey(s.label)] = id
	d.addCategory(id, s.label, s.at, basisLabel)
}

// twoTopics reports whether a heading names cookies and something beside them that is no kind of cookies: "Cookies and
// analytics", "Statistics & cookies".
func (p *phrase) twoTopics() bool {
	return slices.ContainsFunc(p.of("cookie"), func(c hit) bool {
		return p.joinedAt(c.to) || p.joinedAt(c.from) && len(p.of("cookie")) == 1 && c.to == len(p.words) && !p.coveredByLabel(c.from)
	})
}

// joinedAt reports whether an "and" or its sign stands before word i, or is it.
func (p *phrase) joinedAt(i int) bool {
	if i <= 0 || i >= len(p.words) {
		return false
	}
	return p.coveredBy("and", i-1, i) || p.coveredBy("and", i, i+1) || strings.Contains(p.text.s[p.words[i-1].to:p.words[i].from], "&")
}

// ofAnother reports whether a line that reads like a label is the value of something else: "Consent: necessary".
func (d *document) ofAnother(t text) bool {
	i := strings.Index(t.s, ": ")
	if i <= 0 {
		return false
	}
	p := d.phrase(t.slice(0, i))
	r := roleOf(p)
	return len(p.words) > 0 && len(p.words) <= 2 && r != categoryRole && r != typeRole && r != nameRole && labelOf(p).category == "" && !p.has("cookie", "tracker")
}

// headWords is how many words a heading may have to be a label; one that speaks of cookies itself may say more.
func headWords(own bool) int {
	if own {
		return 12
	}
	return 8
}

// definition is the first sentences below heading i.
func (d *document) definition(i int) []*phrase {
	var out []*phrase
	for j := i + 1; j < min(i+4, len(d.blocks)) && len(out) < 4; j++ {
		b := &d.blocks[j]
		if b.kind == heading || b.kind == tabular {
			break
		}
		for _, s := range sentences(b.text) {
			if len(out) < 4 {
				out = append(out, d.phrase(s))
			}
		}
	}
	return out
}

// purposeBelow is the category of the only purpose for which the sentences below a heading say that cookies are used, empty
// when there are several or none: "We measure how the site is used", then a table.
func (d *document) purposeBelow(s *section) classify.Category {
	if s == nil || s.head == nil || s.manage || s.general || d.isTitle(s.block) {
		return ""
	}
	sum := scores{}
	for i := s.block + 1; i < min(s.block+4, len(d.blocks)) && d.blocks[i].kind == paragraph; i++ {
		sum.add(purposeOf(d.phrase(d.blocks[i].text)))
	}
	only := classify.NoCategory
	for _, c := range classify.Categories {
		switch {
		case sum[c] < purposeWeight:
		case only != classify.NoCategory:
			return ""
		default:
			only = c
		}
	}
	return only
}

// about reports whether a definition speaks of cookies.
func (d *document) about(definition []*phrase, s *section) bool {
	for _, p := range definition[:min(len(definition), 2)] {
		if p.tells("cookie", "tracker") && !p.has("manage") {
			return len(s.head.words) <= 5
		}
	}
	return len(definition) == 0 && s.cookies && len(s.head.words) <= 4
}

// tells reports whether a phrase has a word of one of some concepts that it does not deny.
func (p *phrase) tells(concepts ...concept) bool {
	return slices.ContainsFunc(concepts, func(c concept) bool {
		return slices.ContainsFunc(p.of(c), func(h hit) bool { return !p.denied(h) })
	})
}

// measures reports whether a short heading for statistics stands above what tells that visits are counted, with cookies or
// without: "Statistics", then "We look at how often our pages are read".
func (d *document) measures(l label, definition []*phrase, s *section) bool {
	if l.category != classify.Analytics || len(l.mixed) > 1 || len(s.head.words) > 3 || s.manage || s.general {
		return false
	}
	used, sum := false, scores{}
	for _, p := range definition[:min(len(definition), 3)] {
		if len(p.neg) > 0 {
			return false
		}
		used = used || p.has("use", "set", "collect") && !p.has("cond", "youcan")
		sum.add(purposeOf(p))
	}
	return used && sum[classify.Analytics] >= purposeWeight
}

// listsBelow reports whether what follows heading i at once is a table or list of cookies or vendors.
func (d *document) listsBelow(i int, s *section) bool {
	if i+1 >= len(d.blocks) || len(s.head.words) > 4 || s.manage || s.general {
		return false
	}
	switch next := &d.blocks[i+1]; next.kind {
	case tabular:
		g := d.grid(next.table)
		return g != nil && g.kinds < 0
	case item:
		return d.cookieList(d.entries(i+1, d.listEnd(i+1)), s, nil)
	}
	return false
}
