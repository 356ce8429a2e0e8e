package policy

import (
	"slices"
	"strings"
	"unicode"
)

// nameLines reads a paragraph whose lines open with the name of a cookie and go on with what it is for - "_ga: counts
// visits (2 years)" - where cookies are spoken of, and returns the block behind it; i when there is no such thing.
func (d *document) nameLines(i int, sec *section) int {
	b := &d.blocks[i]
	if b.kind != paragraph || !sec.cookies && sec.vendor == "" || sec.general || sec.manage {
		return i
	}
	all := d.namesAbove(i)
	lines := b.text.lines()
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
		if len(e.names) == 0 || !allShaped(e.names, sure) && !(allShaped(e.names, likely) && (d.phrase(rest).cookieSoon() || d.lifeInText(rest).s != "")) {
			return i
		}
		all = append(all, e)
	}
	for _, e := range all {
		d.readEntry(e, sec, nil)
	}
	d.keepListed(i, i+1, sec, nil)
	return i + 1
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
	if about := d.phrase(r.purpose); len(about.words) < leastAbout || slices.ContainsFunc(d.namesInSentence(about), func(n text) bool { return !isOneOf(n, all) }) {
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

// nameLine are the names of a line that is one or that says no more than whose cookie it is: "Session cookie 'SID' (own)".
// Capitals alone are a name only behind other cookies, or above a line that speaks of a cookie.
func (d *document) nameLine(i int, behind bool) []text {
	b := &d.blocks[i]
	if b.kind == item || b.kind == tabular || len(b.text.s) > maxNameLine || strings.Contains(b.text.s, "\n") {
		return nil
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
	p := d.phrase(b.text)
	if c, ok := p.first("cookie"); !ok || c.from > 3 || p.has("we", "use", "you", "policyword") {
		return nil
	}
	return d.namesInSentence(p)
}
