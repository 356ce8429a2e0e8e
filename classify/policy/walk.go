package policy

import (
	"slices"
	"strings"
	"unicode"

	"trackscan/classify"
)

// statement is a sentence in its place.
type statement struct {
	p    *phrase
	sec  *section
	lead *phrase // the sentence that introduces the list it stands in, nil outside lists
	kind kind
	at   int // block

	after    *phrase   // the sentence before it in its block, empty for the first
	listed   bool      // in a list or table of cookies
	before   bool      // the sentence before it speaks of cookies
	next     *phrase   // the sentence after it in its block, empty for the last
	found    []mention // the vendors that it names
	subject  bool      // with which it begins
	labelled bool      // it tells of a category that a label names
	behind   *text     // the lifetime that a sentence behind it states, nil until it was looked for
	defined  bool      // its block opens with what cookies are
	named    bool      // the sentence before it in its block names vendors
	chained  bool      // it goes on with "they" what sentences before it say of cookies that we use
}

// walk goes through the blocks once: tables, lists and labelled lines declare at once, sentences are kept for judge.
func (d *document) walk() {
	d.statements = make([]statement, 0, 2*len(d.blocks))
	stack := []*section{}
	root := &section{}
	if d.title.s != "" {
		root.cookies = d.phrase(d.title).has("cookie")
	}
	var lead *phrase
	var told told // by the paragraphs of this section
	for i := 0; i < len(d.blocks); {
		sec := told.of(top(stack, root))
		b := &d.blocks[i]
		if b.kind == heading && len(d.nameLine(i, len(d.cookies) > 0)) > 0 {
			stack = outside(stack, b.level)
			next := d.labelledLines(i, top(stack, root))
			if next == i {
				next = d.namedBlocks(i, top(stack, root))
			}
			if next > i {
				i = next
				continue
			}
		}
		if b.kind != tabular && (b.kind != heading || b.level >= boldLevel || d.wholeRole(b.text) == nameRole) {
			if next := d.anyLines(i, sec); next > i {
				i = next
				told.rows = true
				continue
			}
		}
		switch b.kind {
		case heading:
			told.label, told.rows = leadCategory{}, false
			stack = d.enter(stack, i)
			if b.level < boldLevel {
				d.columns = nil
			}
			d.keep(i, stack[len(stack)-1], nil)
			lead = stack[len(stack)-1].head
			i++
		case tabular:
			d.keepTable(i, sec, d.readTable(b.table, d.near(sec, lead)))
			told.rows = true
			i++
		default:
			if b.kind == item {
				before := len(d.cookies)
				i = d.readList(i, sec, lead)
				told.rows = told.rows || len(d.cookies) > before
				continue
			}
			sec = top(stack, root)
			from := len(d.statements)
			lead = d.keep(i, sec, nil)
			labelled := d.paragraphLabel(b, sec)
			told.next(labelled, d.label)
			d.markLabelled(from, labelled || sec.category != "", sec.class != "" || d.aboutLife(b.text))
			i++
		}
	}
}

// told is the category that a paragraph defines, of the rows below it: "Necessary cookies make the site work", then their
// table. Where several are defined above the rows, it is none of them.
type told struct {
	label leadCategory
	rows  bool // there were rows since
}

// leadCategory is a category with the label that names it.
type leadCategory struct {
	category classify.Category
	label    string
}

// of is a section for the rows in it, with the category told of them.
func (t *told) of(sec *section) *section {
	if t.label.category == "" || sec.category != "" || sec.manage || sec.general {
		return sec
	}
	s := *sec
	s.category, s.label = t.label.category, t.label.label
	return &s
}

// next takes note of a paragraph, which defines a category or does not.
func (t *told) next(labelled bool, l leadCategory) {
	switch {
	case labelled && (t.rows || t.label.label == ""):
		*t = told{label: l}
	case labelled:
		*t = told{label: leadCategory{label: l.label}} // one of several
	case t.rows:
		*t = told{}
	}
}

// top is the innermost of some open sections, root when none is open.
func top(stack []*section, root *section) *section {
	if len(stack) == 0 {
		return root
	}
	return stack[len(stack)-1]
}

// outside leaves the sections open in which a heading of a level stands.
func outside(stack []*section, level int) []*section {
	for len(stack) > 0 && stack[len(stack)-1].level >= level {
		stack = stack[:len(stack)-1]
	}
	return stack
}

// anyLines reads cookies that are listed in lines: stacked, labelled or cells in a row.
func (d *document) anyLines(i int, sec *section) int {
	for _, read := range []func(int, *section) int{d.stackedLines, d.labelledLines, d.rowLines, d.flatTable, d.gluedTable, d.nameLines, d.namedBlocks} {
		if next := read(i, sec); next > i {
			return next
		}
	}
	return i
}

// near is the section of a table; a line just above it that is a label counts too.
func (d *document) near(sec *section, lead *phrase) *section {
	if sec.category != "" || lead == nil || len(lead.words) > 8 {
		return sec
	}
	if l := labelOf(lead); l.category != "" && lead.has("cookie") {
		s := *sec
		s.category, s.label = l.category, lead.text.s
		return &s
	}
	return sec
}

// keep stores the sentences of block i and returns the last of them.
func (d *document) keep(i int, sec *section, lead *phrase) *phrase {
	b := &d.blocks[i]
	var last *phrase
	before, defined := false, false
	for _, p := range d.mainClauses(b.text) {
		before = before || last != nil && (last.has("cookie", "tracker", "ga") || len(d.statements[len(d.statements)-1].found) > 0)
		after := last
		if after == nil {
			after = nothing
		}
		last = d.ownSubject(p)
		if lead != nil && lead.deniesList() {
			last = last.deniedItem()
		}
		if after == d.lastKept() {
			d.statements[len(d.statements)-1].next = last
		}
		d.statements = append(d.statements, statement{
			p: last, sec: sec, lead: lead, kind: b.kind, at: i, before: before, after: after, next: nothing,
		})
		sec.here = sec.here || last.isHere()
		sec.told = sec.told || last.tellsOfUs() && last.has("cookie")
		s := &d.statements[len(d.statements)-1]
		s.nameVendors(d.vendors.find(last))
		s.defined = defined
		s.named = after != nothing && len(d.lastBut(1).found) > 0
		s.chained = before && s.goesOnChain(d.lastBut(1))
		defined = defined || s.defines()
	}
	return last
}

// lastBut is the statement n before the last one.
func (d *document) lastBut(n int) *statement { return &d.statements[max(0, len(d.statements)-1-n)] }

// goesOnChain reports whether a statement goes on with a "they" near its front what the one before it says of cookies that
// are used: "We use cookies for two reasons. First, they keep you signed in. Second, they count visits."
func (s *statement) goesOnChain(last *statement) bool {
	if last.at != s.at || s.defined || !last.chained && !(last.p.has("cookie", "tracker") && last.p.has("use", "set", "be") && len(last.p.neg) == 0 && !last.p.has("define", "cond", "youcan")) {
		return false
	}
	return slices.ContainsFunc(s.p.of("back"), func(h hit) bool { return h.from < openingWords+1 })
}

// mainClauses are the sentences of a text, in two where the second half has a "we" of its own.
func (d *document) mainClauses(t text) []*phrase {
	var out []*phrase
	for _, s := range sentences(t) {
		p := d.phrase(s)
		if at := p.secondClause(); at > 0 {
			out = append(out, d.phrase(s.slice(0, at)))
			p = d.phrase(s.slice(at, len(s.s)))
		}
		out = append(out, p)
	}
	return out
}

// nameVendors notes the vendors that a statement names, and whether one of them opens it.
func (s *statement) nameVendors(found []mention) {
	s.found = found
	s.subject = len(found) > 0 && found[0].from <= 2 && len(s.p.at(0, "except")) == 0
}

// lastKept is the phrase of the last statement, nil when there is none.
func (d *document) lastKept() *phrase {
	if len(d.statements) == 0 {
		return nil
	}
	return d.statements[len(d.statements)-1].p
}

// keepListed stores the sentences of blocks that list cookies.
func (d *document) keepListed(i, end int, sec *section, lead *phrase) {
	from := len(d.statements)
	for j := i; j < end; j++ {
		d.keep(j, sec, lead)
	}
	for k := from; k < len(d.statements); k++ {
		d.statements[k].listed = true
	}
}

// keepTable stores the sentences of a table's longer cells. In a table that does not list cookies they are sentences
// like all others.
func (d *document) keepTable(i int, sec *section, listed bool) {
	k := paragraph
	if listed {
		k = tabular
	}
	cells := 0
	for _, row := range d.blocks[i].table.rows {
		for _, c := range row {
			if listed && (len(c.s) < 30 || onlyNames(c.text)) || !strings.Contains(c.s, " ") {
				continue
			}
			if cells++; cells > 4000 {
				return
			}
			for _, s := range sentences(c.text) {
				p := d.phrase(s)
				d.statements = append(d.statements, statement{
					p: p, sec: sec, kind: k, at: i, listed: listed, after: nothing, next: nothing,
				})
				d.statements[len(d.statements)-1].nameVendors(d.vendors.find(p))
			}
		}
	}
}

// onlyNames reports whether a cell holds nothing but names of cookies, whose words say nothing: "device-id".
func onlyNames(t text) bool {
	if strings.Count(t.s, " ") > strings.Count(t.s, ",")+1 {
		return false
	}
	all := names(t)
	return len(all) > 0 && allShaped(all, likely)
}

// paragraphLabel reads a paragraph that opens with a label - "Analytics cookies: these count visits" - and reports
// whether it does.
func (d *document) paragraphLabel(b *block, sec *section) bool {
	lead, rest, ok := d.labelLead(b.text)
	return ok && d.leadLabel(lead, rest, sec, nil, b)
}

// labelLead parts a text into the label that opens it and the rest: its lead, a first sentence that is nothing but a
// label ("Analytics cookies. These count visits."), or the subject of the first ("Analytics cookies count visits").
func (d *document) labelLead(t text) (lead, rest text, ok bool) {
	first := firstSentence(t)
	if len(first.s) < min(len(t.s), maxLabelBytes) && d.phrase(first).onlyLabel() {
		return first, t.slice(len(first.s), len(t.s)), true
	}
	if lead, rest, ok = leadOf(t, true); ok || first.s == "" {
		return lead, rest, ok
	}
	p := d.phrase(first)
	if c, found := p.first("cookie"); found && c.from > 0 && p.onlyLabels(0, c.from) && p.coveredByLabel(0) && !p.denied(c) {
		return t.slice(0, p.words[c.to-1].to), t.slice(p.words[c.to-1].to, len(t.s)), true
	}
	return text{}, text{}, false
}

// maxLabelBytes is how far into a text the sentence that is its label may reach, with the start of the next.
const maxLabelBytes = 90

// aboutLife reports whether a text opens with a lifetime as its label: "Persistent cookies: these stay ...".
func (d *document) aboutLife(t text) bool {
	lead, rest, ok := leadOf(t, true)
	return ok && rest.s != "" && lifetimeLabel(d.phrase(lead)) != ""
}

// markLabelled marks the statements from one on as telling of a category that has a label, or of a lifetime alone: how
// long such cookies last in general, unless they say what we do with them.
func (d *document) markLabelled(from int, category, life bool) {
	for k := from; k < len(d.statements); k++ {
		p := d.statements[k].p
		d.statements[k].labelled = category || life && !(p.ourselves() && p.has("use", "set", "allow"))
	}
}

// leadLabel takes the lead of an item or paragraph as the label of a category, and reports whether it is one.
func (d *document) leadLabel(lead, rest text, sec *section, intro *phrase, b *block) bool {
	p := d.phrase(lead)
	l := labelOf(p)
	if l.category == "" || len(p.words) > 8 || p.has("nolabel", "manage", "policyword") {
		return false
	}
	first := d.phrase(rest)
	if rest.s == "" && !p.has("cookie") && (intro == nil || !intro.has("kinds")) {
		return false
	}
	about := p.has("cookie", "tracker") || intro != nil && intro.has("cookie", "tracker") && !intro.has("manage") ||
		first.has("cookie") && len(p.words) <= 4 ||
		sec.cookies && !sec.general && unicode.IsUpper(firstRune(lead.s)) && p.onlyLabels(0, len(p.words)) && purposeOf(first)[l.category] > 0
	if !about {
		return false
	}
	if sec.manage && !p.has("cookie") {
		return false
	}
	if p.has("third") && p.has("cookie") && !sec.general {
		d.thirdParty = declared
	}
	id := l.decide(purposeOf(first))
	d.labels[labelKey(lead.s)] = id
	d.label = leadCategory{id, lead.s}
	d.addCategory(id, lead.s, b.text.whole(), basisLabel)
	return true
}

// leadOf parts a text into what opens it - bold or code, or words before a colon, dash or line break - and the rest.
func leadOf(t text, strict bool) (lead, rest text, ok bool) {
	if m, found := t.marked(code, bold); found && m.to < len(t.s) && m.to-m.from <= 100 {
		return t.slice(m.from, m.to), trimLead(t.slice(m.to, len(t.s))), true
	}
	limit := min(len(t.s), 90)
	best := -1
	for _, sep := range []string{": ", " – ", " - ", " — ", ":\n", "\n", " = ", " ("} {
		if strict && (sep == " (" || sep == " = ") {
			continue
		}
		if i := strings.Index(t.s[:limit], sep); i > 0 && (best < 0 || i < best) {
			best = i
		}
	}
	if best < 0 {
		return text{}, text{}, false
	}
	return t.slice(0, best), trimLead(t.slice(best, len(t.s))), true
}

// trimLead takes the punctuation off the front of what follows a lead.
func trimLead(t text) text {
	from := 0
	for from < len(t.s) && strings.IndexByte(":-,. \n=", t.s[from]) >= 0 {
		from++
	}
	for _, dash := range []string{"–", "—"} {
		if strings.HasPrefix(t.s[from:], dash) {
			from += len(dash)
		}
	}
	return t.slice(from, len(t.s))
}
