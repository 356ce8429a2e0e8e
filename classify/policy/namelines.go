package policy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameLines reads a paragraph whose lines open with the name of a cookie and go on with what it is for - "_ga: counts
// visits (2 years)" - where cookies are spoken of, and returns the block behind it; i when there is no such thing.
func (d *document) nameLines(i int, sec *section) int {
	b := &d.blocks[i]
	if b.kind == item || !sec.cookies && sec.vendor == "" && sec.category == "" || sec.general || sec.manage {
		return i
	}
	if next := d.quotedName(i, sec); next > i || b.kind == heading {
		return next
	}
	all := d.namesAbove(i)
	lines := d.namedSentences(b.text.lines())
	if len(all) > 0 {
		lines = nil
	}
	for _, line := range lines {
		lead, rest, ok := leadOf(line, false)
		if l, r, bare := d.bareRow(line); bare && (!ok || len(lead.s) > len(l.s)) {
			lead, rest, ok = l, r, true
		}
		if !ok || rest.s == "" {
			return i
		}
		e := entry{at: i, lead: lead, rest: rest, names: names(lead)}
		if len(e.names) == 0 || !allShaped(e.names, sure) && !(allShaped(e.names, likely) && (d.phrase(rest).cookieSoon() || d.lifeInText(rest).s != "")) && !d.timedWords(e, sec) {
			return i
		}
		all = append(all, e)
	}
	end := i + 1
	if life := d.lifeBelow(end); life.s != "" {
		all[len(all)-1].life = life
		end++
	}
	for _, e := range all {
		d.readEntry(e, sec, nil)
	}
	d.keepListed(i, end, sec, nil)
	return end
}

// lifeBelow is the lifetime of which block i tells with its label, and of nothing but the type beside.
func (d *document) lifeBelow(i int) text {
	if i == len(d.blocks) || d.blocks[i].kind == tabular || d.blocks[i].kind == item || len(d.blocks[i].text.s) > maxNameLine || strings.Contains(d.blocks[i].text.s, "\n") {
		return text{}
	}
	line := d.blocks[i].text
	if parts := d.labelParts(line); parts != nil {
		line = parts[0]
	}
	if l := d.roleLine(line); l.role == durationRole {
		return l.value
	}
	return text{}
}

// timedWords reports whether plain words that open a line are names by what follows: "notice (end of session)", and where a
// heading calls the cookies by their category "theme and motion - your choice of colours (1 year)".
func (d *document) timedWords(e entry, sec *section) bool {
	if hasCapital(e.lead.s) || !allShaped(e.names, maybe) || len(e.names) == 1 && strings.Contains(e.lead.s, " ") {
		return false
	}
	life := d.lifeInText(e.rest)
	return life.s != "" && (sec.category != "" && inBracketsAt(e.rest.s, life.s) || d.onlyLife(e.rest))
}

// inBracketsAt reports whether a part of s stands in brackets.
func inBracketsAt(s, part string) bool {
	at := strings.Index(s, part)
	return at > 0 && strings.LastIndexByte(s[:at], '(') > strings.LastIndexByte(s[:at], ')')
}

// onlyLife reports whether a text tells how long a cookie lives and nothing else.
func (d *document) onlyLife(t text) bool {
	if t.s == "" || len(t.s) > maxLifeLine || !fewWords(t.s, 4) {
		return false
	}
	l, ok := lifetimeOf(d.phrase(t))
	return ok && (l.to-l.from)*5 >= len(t.s)*3
}

// namedSentences parts the lines in which several sentences open with a name: "_aa - counts visits (1 day). _bb - ...".
func (d *document) namedSentences(lines []text) []text {
	var out []text
	for n, line := range lines {
		if opensNamed(line.s) && strings.Contains(line.s, ". ") {
			if out == nil {
				out = append(make([]text, 0, len(lines)+2), lines[:n]...)
			}
			from := 0
			for at := 0; ; {
				stop := strings.Index(line.s[at:], ". ")
				if stop < 0 {
					break
				}
				if at += stop + len(". "); opensNamed(line.s[at:]) {
					out = append(out, line.slice(from, at))
					from = at
				}
			}
			out = append(out, line.slice(from, len(line.s)))
		} else if out != nil {
			out = append(out, line)
		}
	}
	if out == nil {
		return lines
	}
	return out
}

// opensNamed reports whether a sentence opens with a name and a dash or colon behind it.
func opensNamed(s string) bool {
	name, rest, ok := strings.Cut(s, " ")
	if !ok || shapeOf(strings.TrimSuffix(name, ":")) != sure {
		return false
	}
	return strings.HasSuffix(name, ":") || strings.HasPrefix(rest, "— ") || strings.HasPrefix(rest, "– ") || strings.HasPrefix(rest, "- ")
}

// quotedName reads a line that opens with a name in quotation marks and goes on with a dash or colon, with the paragraphs
// that tell more of it, and returns the block behind them; i when there is none.
func (d *document) quotedName(i int, sec *section) int {
	name, rest := quotedLead(d.blocks[i].text)
	if name.s == "" {
		return i
	}
	r := d.sectionRecord(sec)
	r.where = d.blocks[i].text.whole()
	r.put(purposeRole, rest)
	end := i + 1
	for ; end < min(len(d.blocks), i+maxAbout) && d.blocks[end].kind == paragraph; end++ {
		if next, _ := quotedLead(d.blocks[end].text); next.s != "" || len(d.nameLine(end, true)) > 0 || d.phrase(firstSentence(d.blocks[end].text)).onlyLabel() {
			break
		}
		r.put(purposeRole, d.blocks[end].text)
	}
	d.addCookie(r, name, d.recordVendor(r), d.lifeInText(r.purpose))
	d.keepListed(i, end, sec, nil)
	return end
}

// quotedLead parts a text into the word in quotation marks that opens it, when a dash or colon follows, and the rest.
func quotedLead(t text) (name, rest text) {
	open := firstRune(t.s)
	if open != '"' && open != '“' && open != '„' && open != '«' && open != '\'' || len(t.s) < 4 {
		return text{}, text{}
	}
	from := len(string(open))
	to := strings.IndexAny(t.s[from:min(len(t.s), maxNameLine)], "\"”“»' ")
	if to < 2 || t.s[from+to] == ' ' || shapeOf(t.s[from:from+to]) < maybe {
		return text{}, text{}
	}
	_, n := utf8.DecodeRuneInString(t.s[from+to:])
	rest = t.slice(from+to+n, len(t.s))
	for _, sep := range []string{"-", "–", "—", ":"} {
		if strings.HasPrefix(rest.s, sep+" ") {
			return t.slice(from, from+to), trimLead(rest)
		}
	}
	return text{}, text{}
}

// bareRow parts a line into the name that opens it and what a table told of it beside: "_aa Counts visits 2 years". What
// follows begins with a capital or with a lifetime.
func (d *document) bareRow(t text) (lead, rest text, ok bool) {
	lead = firstWord(t)
	if !d.opensRow(lead) && shapeOf(lead.s) < likely || len(lead.s) == len(t.s) || strings.HasSuffix(lead.s, ":") || looseMarks(lead.s) {
		return text{}, text{}, false
	}
	rest = t.slice(len(lead.s), len(t.s))
	first := firstRune(rest.s)
	if unicode.IsUpper(first) {
		return lead, rest, strings.Contains(rest.s, " ")
	}
	all := lifetimes(d.phrase(rest))
	return lead, rest, unicode.IsDigit(first) && len(all) > 0 && all[0].from == 0
}

// namesAbove reads a block whose lines are names and, below each, what is told of it: a definition list of plain text. The
// first must be a name.
func (d *document) namesAbove(i int) []entry {
	t := d.blocks[i].text
	var all []entry
	from := 0
	for line, at := range splitAt(t.s, '\n') {
		if n := cleanName(t.slice(at, at+len(line))); shapeOf(n.s) == sure && !strings.Contains(n.s, " ") {
			all = append(all, entry{at: i, lead: n, names: []text{n}})
			from = at + len(line)
			continue
		}
		if len(all) == 0 {
			return nil
		}
		all[len(all)-1].rest = t.slice(from, at+len(line))
	}
	for n := len(all) - 2; n >= 0; n-- {
		if all[n].rest.s == "" { // names above what is told of all
			all[n].rest = all[n+1].rest
		}
	}
	if len(all) == 0 || all[0].rest.s == "" {
		return nil
	}
	return all
}

// cookieSoon reports whether the word cookie stands among the first words.
func (p *phrase) cookieSoon() bool {
	h, ok := p.first("cookie")
	return ok && h.from <= 5
}

// namedBlocks reads a cookie whose name stands in a line of its own, with paragraphs below that tell of it, and returns
// the block behind them; i when there is none.
func (d *document) namedBlocks(i int, sec *section) int {
	all := d.nameLine(i, len(d.cookies) > 0)
	if len(all) == 0 || sec.general {
		return i
	}
	r := d.sectionRecord(sec)
	r.where = d.blocks[i].text.whole()
	end := i + 1
	for end < len(d.blocks) && d.blocks[end].kind == d.blocks[i].kind && end < i+maxNames && !strings.Contains(d.blocks[end].text.s, " ") {
		more := d.nameLine(end, true)
		if len(more) == 0 {
			break
		}
		all = append(all, more...)
		end++
	}
	last := end
	for end < len(d.blocks) && end < last+maxAbout && d.blocks[end].kind == paragraph && len(d.nameLine(end, true)) == 0 {
		r.put(purposeRole, d.blocks[end].text)
		end++
	}
	if about := d.phrase(r.purpose); len(about.words) < leastAbout && d.lifeInText(r.purpose).s == "" || slices.ContainsFunc(d.namesInSentence(about), func(n text) bool { return !isOneOf(n, all) }) {
		return i
	}
	vendor := d.recordVendor(r)
	for n, life := range d.livesInText(r.purpose, len(all)) {
		d.addCookie(r, all[n], vendor, life)
	}
	d.keepListed(i, end, sec, nil)
	return end
}

// isOneOf reports whether a name is one of some, the underscores before it aside: they get lost.
func isOneOf(n text, all []text) bool {
	return slices.ContainsFunc(all, func(one text) bool { return strings.TrimLeft(one.s, "_") == strings.TrimLeft(n.s, "_") })
}

// Bounds on a cookie with its name in a line of its own: how long the line is, how many such lines share what is
// told below them, how many paragraphs tell of it, and how many words they have together.
const (
	maxNameLine = 100
	maxNames    = 40
	maxAbout    = 4
	leastAbout  = 4
)

// aboutCookie reports whether block i is a paragraph that speaks of a cookie at once.
func (d *document) aboutCookie(i int) bool {
	if i == len(d.blocks) || d.blocks[i].kind != paragraph {
		return false
	}
	first := sentences(d.blocks[i].text)
	return len(first) > 0 && d.phrase(first[0]).cookieSoon()
}

// colonNames are the names of a line that ends with a colon, "sid / csrf:", above a paragraph that speaks of a cookie, unless
// the first looks like a name; nil when it is none.
func (d *document) colonNames(i int) []text {
	t := d.blocks[i].text
	if !strings.HasSuffix(t.s, ":") || len(t.s) > maxLifeLine || i+1 == len(d.blocks) || d.blocks[i+1].kind != paragraph || d.wholeRole(t) != noRole {
		return nil
	}
	var out []text
	for _, part := range partsOf(t.slice(0, len(t.s)-1), " / ") {
		if strings.Contains(part.s, " ") || shapeOf(part.s) < maybe || hasCapital(part.s[:1]) {
			return nil
		}
		out = append(out, part)
	}
	if !d.aboutCookie(i+1) && !allShaped(out[:1], likely) {
		return nil
	}
	return out
}

// nameLine are the names of a line that is one or that says no more than whose cookie it is: "Session cookie 'SID' (own)".
// Capitals alone are a name only behind other cookies, or above a line that speaks of a cookie.
func (d *document) nameLine(i int, behind bool) []text {
	b := &d.blocks[i]
	if b.kind == item || b.kind == tabular || len(b.text.s) > maxNameLine || strings.Contains(b.text.s, "\n") {
		return nil
	}
	if named := d.colonNames(i); named != nil {
		return named
	}
	if !strings.Contains(b.text.s, " ") {
		if n := cleanName(b.text); shapeOf(n.s) == sure || shapeOf(n.s) == likely && (behind || d.aboutCookie(i+1)) && d.phrase(n).notWord(0, len(n.s)) {
			return []text{n}
		}
		return nil
	}
	if end := b.text.s[len(b.text.s)-1]; end == '.' || end == ':' {
		return nil
	}
	if inner := namesInBrackets(b.text); inner != nil {
		return inner
	}
	p := d.phrase(b.text)
	if c, ok := p.first("cookie"); !ok || c.from > 3 || p.has("we", "use", "you", "policyword") {
		return nil
	}
	return d.namesInSentence(p)
}
