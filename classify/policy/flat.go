package policy

import (
	"strings"
	"unicode"
)

// A table that a conversion wrote as running text begins with its headers in one line: "Name Provider Purpose Expiry",
// and its rows follow in lines of their own or in the same line. The headers tell what a row holds; its name opens it,
// and its lifetime, when the last header says that there is one, ends it.

// flatHeads are the headers of such a table, in order.
type flatHeads []role

// headerBytes is how long the headers of a table are at most, all together.
const headerBytes = 200

// leastHeads is how many headers make a table of a line of words.
const leastHeads = 3

// flatTable reads such a table at block i and returns the block behind it; i when there is none.
func (d *document) flatTable(i int, sec *section) int {
	b := &d.blocks[i]
	heads, rest := d.flatHeader(b.text)
	if len(heads) < leastHeads {
		return i
	}
	end := i + 1
	body := []text{rest}
	for rest.s == "" && end < len(d.blocks) && (d.blocks[end].kind == paragraph || d.blocks[end].kind == heading && d.blocks[end].level >= boldLevel) {
		body = append(body, d.blocks[end].text)
		if !d.opensTimed(d.blocks[end].text) && !(len(body) == 2 && d.opensFirst(d.blocks[end].text)) {
			body = body[:len(body)-1]
			if read := len(body); read < 2 || !d.goesOnCell(end) {
				break
			}
			body[len(body)-1] = body[len(body)-1].joined(d.blocks[end].text)
		}
		end++
	}
	read := 0
	for _, t := range body {
		for _, row := range d.flatRows(t, heads) {
			d.readFlat(row, heads, sec)
			read++
		}
	}
	if read == 0 {
		return i
	}
	d.keepListed(i, end, sec, nil)
	return end
}

// brokenCells is how many lines the cells of a row may be broken into.
const brokenCells = 3

// goesOnCell reports whether block i is a short line between two rows: what is left of a cell that was broken.
func (d *document) goesOnCell(i int) bool {
	for j := i; j < min(i+brokenCells, len(d.blocks)); j++ {
		b := &d.blocks[j]
		switch {
		case b.kind != paragraph && (b.kind != heading || b.level < boldLevel), j > i && d.opensRow(b.text) && shapeOf(cleanName(firstWord(b.text)).s) == sure:
			return j > i && b.kind != item && b.kind != tabular && d.opensRow(b.text)
		case j > i && d.opensRow(b.text):
			return true
		case len(b.text.s) > maxNameLine || isLabelOnly(d.phrase(b.text)) || d.wholeRole(b.text) != noRole:
			return false
		}
	}
	return i+brokenCells > len(d.blocks) || d.timelyLine(i)
}

// isLabelOnly reports whether a line is a label of a category.
func isLabelOnly(p *phrase) bool {
	return len(p.words) <= 4 && labelOf(p).category != "" && (p.has("cookie") || p.onlyLabels(0, len(p.words)))
}

// timelyLine reports whether block i says how long a cookie lives and little else.
func (d *document) timelyLine(i int) bool { return d.lifeLine(d.blocks[i].text) }

// flatHeader reads the headers that open a text; what follows them is the rest. A header is taken whole: of two that
// begin at one word the longer.
func (d *document) flatHeader(t text) (heads flatHeads, rest text) {
	own := d.mayHead(t.s) && isHead(d.phrase(t.slice(0, headStart(t.s))))
	if !own && opensAnywhere(t.s) != nameRole {
		return nil, text{}
	}
	p := d.phrase(t.slice(0, wholeRunes(t.s, headerBytes)))
	seen := map[role]bool{}
	at := 0
	for at < len(p.words) {
		r, to := p.headAt(at)
		if any, end := noRole, at; !own || r == noRole && len(heads) >= leastHeads-1 {
			if any, end = headAnywhere(p.words, at); end > to {
				r, to = any, end
			}
		}
		if r == noRole || seen[r] && r != purposeRole {
			break
		}
		seen[r] = true
		heads, at = append(heads, r), to
	}
	if !seen[nameRole] || heads[0] != nameRole {
		return nil, text{}
	}
	if len(heads) > leastHeads && at+2 >= len(p.words) && len(t.s) < headerBytes && !strings.Contains(t.s, "\n") && (at == len(p.words) || !d.opensRow(t.slice(p.words[at].from, len(t.s)))) {
		return heads, text{} // "Description of use": of the last header no more than its first word is known
	}
	if at < len(p.words) && !d.opensRow(t.slice(p.words[at].from, len(t.s))) && !d.opensLine(t.slice(p.words[at-1].to, len(t.s))) && shapeOf(cleanName(firstWord(t.slice(p.words[at-1].to, len(t.s)))).s) < likely {
		return nil, text{}
	}
	return heads, t.slice(p.words[at-1].to, len(t.s))
}

// mayHead reports whether the first word of a text may open the header over names: most texts are passed by cheaply.
func (d *document) mayHead(s string) bool {
	from, to := nextWord(s, 0)
	return from < to && (d.match.lexemeOf(s[from:to]).heads || d.other != nil && d.other.lexemeOf(s[from:to]).heads)
}

// headStart is where the first two words of a text end.
func headStart(s string) int {
	first := strings.IndexByte(s, ' ')
	if first < 0 {
		return len(s)
	}
	second := strings.IndexByte(s[first+1:], ' ')
	if second < 0 {
		return len(s)
	}
	return first + 1 + second
}

func isHead(p *phrase) bool {
	r, _ := p.headAt(0)
	return r == nameRole
}

// headAt is the role of the header that begins at word i, and the word behind it.
func (p *phrase) headAt(i int) (role, int) {
	best, to := noRole, i
	for _, r := range roleWords {
		for _, h := range p.at(i, r.concept) {
			if h.to > to {
				best, to = r.role, h.to
			}
		}
	}
	return best, to
}

func firstWord(t text) text {
	s := strings.TrimLeft(t.s, " \n")
	from := len(t.s) - len(s)
	to := strings.IndexAny(s, " \n")
	if to < 0 {
		to = len(s)
	}
	return t.slice(from, from+to)
}

// opensRow reports whether a text begins with the name of a cookie.
func (d *document) opensRow(t text) bool {
	n := cleanName(firstWord(t))
	shape := shapeOf(n.s)
	camel := !unicode.IsUpper(firstRune(n.s)) && facts(n.s).humps > 0
	return shape == sure || shape == likely && (n.s[0] == '.' || camel || d.phrase(n).notWord(0, len(n.s)))
}

// opensFirst reports whether the line behind the headers begins with a small word that no language knows: a plain name,
// which no other line would be believed to open.
func (d *document) opensFirst(t text) bool {
	n := firstWord(t)
	return shapeOf(n.s) == maybe && !hasCapital(n.s) && len(n.s) >= plainNameBytes && d.phrase(n).notWord(0, len(n.s))
}

// opensTimed reports whether a line opens with a name, or with a word that may be one where the line states a lifetime: what
// follows a plain word begins with a capital or is a host, as the next cell does.
func (d *document) opensTimed(t text) bool {
	if d.opensRow(t) {
		return true
	}
	n := cleanName(firstWord(t))
	if shapeOf(n.s) < maybe || len(n.s) < 2 || len(t.s) > maxRowLine {
		return false
	}
	if shapeOf(n.s) == maybe {
		next := firstWord(t.slice(len(firstWord(t).s), len(t.s)))
		if hasCapital(n.s) || d.vendors.exact(n.s) || !unicode.IsUpper(firstRune(next.s)) && !isHost(next.s) {
			return false
		}
	}
	return len(d.phrase(t).of("unit")) > 0 && len(lifetimes(d.phrase(t))) > 0 || d.phrase(t).has("session", "persistent")
}

// plainNameBytes is the length from which a plain word may be the name that opens a row.
const plainNameBytes = 6

// opensLine is opensFirst for a text that begins with a line break.
func (d *document) opensLine(t text) bool { return strings.HasPrefix(t.s, "\n") && d.opensFirst(t) }

// flatRows parts the body of a table into its rows: by lines when it has some, else behind each lifetime.
func (d *document) flatRows(t text, heads flatHeads) []text {
	if t.s == "" {
		return nil
	}
	if strings.Contains(t.s, "\n") {
		return d.rowsByLine(t)
	}
	ends := d.match.analyse(t).lifeEnds()
	timed := heads[len(heads)-1] == durationRole
	var out []text
	from := 0
	for at := 0; at < len(t.s); {
		word := firstWord(t.slice(at, len(t.s)))
		start := at + strings.Index(t.s[at:], word.s)
		if start > 0 && !strings.HasSuffix(strings.TrimRight(t.s[:start], " "), ",") && d.opensRow(word) && (ends[start-1] || !timed && shapeOf(cleanName(word).s) == sure) {
			out = append(out, t.slice(from, start))
			from = start
		}
		at = start + max(1, len(word.s))
	}
	return append(out, t.slice(from, len(t.s)))
}

// lifeEnds are the places behind the lifetimes of a running text, those without a number too.
func (p *phrase) lifeEnds() map[int]bool {
	out := map[int]bool{}
	for _, l := range lifetimes(p) {
		out[l.to] = true
	}
	for _, h := range append(p.of("session"), p.of("persistent")...) {
		out[p.words[h.to-1].to] = true
	}
	return out
}

// rowsByLine joins the lines that go on a row to it.
func (d *document) rowsByLine(t text) []text {
	var out []text
	from, at := -1, 0
	if d.opensFirst(t) {
		from = 0
	}
	for line, offset := range splitAt(t.s, '\n') {
		if d.opensTimed(t.slice(offset, offset+len(line))) {
			if from >= 0 {
				out = append(out, t.slice(from, offset))
			}
			from = offset
		}
		at = offset + len(line)
	}
	if from >= 0 {
		out = append(out, t.slice(from, at))
	}
	return out
}

// readFlat reads one row: the name first, the lifetime last or where it stands, a label behind the name, and the rest.
func (d *document) readFlat(t text, heads flatHeads, sec *section) {
	r := d.sectionRecord(sec)
	r.where = t.whole()
	head := d.rowNames(t)
	r.put(nameRole, t.slice(0, head))
	rest := t.slice(head, len(t.s))
	p := d.phrase(rest)
	if early, l, ok := d.earlyLife(rest, heads); ok {
		r.put(durationRole, early.slice(l.from, l.to))
		rest = rest.slice(l.to, len(rest.s))
	} else if all := lifetimes(p); len(all) > 0 {
		l := all[0]
		if heads.late() {
			l = all[len(all)-1]
		}
		r.put(durationRole, rest.slice(l.from, l.to))
		rest = cutLife(rest, l, heads)
	} else if last, l, ok := d.lastLife(rest, heads); ok {
		r.put(durationRole, last.slice(l.from, l.to))
		rest = rest.slice(0, len(rest.s)-len(last.s)+l.from)
	} else {
		r.put(durationRole, d.lifeInText(rest))
	}
	if first := firstWord(rest); len(heads) > 1 && (heads[1] == vendorRole || heads[1] == domainRole) && isHost(first.s) {
		r.put(domainRole, first)
	}
	if len(heads) > 1 && (heads[1] == categoryRole || heads[1] == typeRole) {
		first := firstWord(rest)
		if labelOf(d.phrase(first)).category != "" {
			r.put(categoryRole, first)
		}
	}
	if last := heads[len(heads)-1]; r.category.s == "" && (last == typeRole || last == categoryRole) {
		r.put(categoryRole, d.labelAtEnd(t))
	}
	r.put(purposeRole, rest)
	d.readRecord(r)
}

// labelAtEnd is the label that the last word of a row is, or its last two; empty when they are none.
func (d *document) labelAtEnd(t text) text {
	for n := 2; n > 0; n-- {
		if last := lastWords(t, n); d.phrase(last).onlyLabels(0, len(d.phrase(last).words)) && labelOf(d.phrase(last)).category != "" {
			return last
		}
	}
	return text{}
}

// earlyWords is among how many words behind a name its lifetime stands, when it is the next cell: "up to two years after".
const earlyWords = 6

// earlyLife is the lifetime that the second cell of a row states.
func (d *document) earlyLife(t text, heads flatHeads) (early text, l lifetime, ok bool) {
	if len(heads) < 2 || heads[1] != durationRole || t.s == "" {
		return text{}, lifetime{}, false
	}
	to := 0
	for range earlyWords {
		next := strings.IndexByte(t.s[min(to+1, len(t.s)):], ' ')
		if next < 0 {
			to = len(t.s)
			break
		}
		to += next + 1
	}
	early = t.slice(0, to)
	l, ok = lifetimeOf(d.phrase(early))
	return early, l, ok
}

// late reports whether the lifetime stands last in a row, or before its type.
func (heads flatHeads) late() bool {
	last := heads[len(heads)-1]
	return last == durationRole || (last == typeRole || last == partyRole || last == categoryRole) && heads[len(heads)-2] == durationRole
}

// cutLife takes the lifetime off the end of a row.
func cutLife(t text, l lifetime, heads flatHeads) text {
	if heads.late() {
		return t.slice(0, l.from)
	}
	return t
}

// rowNames is where the names that open a row end: one, or several that commas or signs join.
func (d *document) rowNames(t text) int {
	end := 0
	for {
		word := firstWord(t.slice(end, len(t.s)))
		joined := word.s == "&" || word.s == "+" || word.s == "and"
		if word.s == "" || !d.opensRow(word) && !(joined && end > 0) && !(end == 0 && (d.opensFirst(t) || d.opensTimed(t))) {
			return end
		}
		end += strings.Index(t.s[end:], word.s) + len(word.s)
		if !joined && !strings.HasSuffix(word.s, ",") && !d.joinsNames(t, end) {
			return end
		}
	}
}

// joinsNames reports whether a sign that joins names follows at a place of a row.
func (d *document) joinsNames(t text, at int) bool {
	next := firstWord(t.slice(at, len(t.s))).s
	return next == "&" || next == "+" || next == "and"
}

// typeWords is how many words the type behind a lifetime has at most: "HTML Local Storage".
const typeWords = 3

// lastLife is the lifetime without a number that the last word of a row states, or its last two; the words of a type may
// follow where the headers say so.
func (d *document) lastLife(t text, heads flatHeads) (last text, l lifetime, ok bool) {
	most := 2
	if heads[len(heads)-1] != durationRole && heads.late() {
		most += typeWords
	}
	for n := 1; n <= most; n++ {
		last = lastWords(t, n)
		if l, ok = lifetimeOf(d.phrase(last)); ok {
			return last, l, true
		}
	}
	return text{}, lifetime{}, false
}

// lastWords are the last n words of a text.
func lastWords(t text, n int) text {
	from := len(t.s)
	for range n {
		if i := strings.LastIndexAny(strings.TrimRight(t.s[:from], " \n"), " \n"); i >= 0 {
			from = i + 1
		}
	}
	if from == len(t.s) {
		from = 0
	}
	return t.slice(from, len(t.s))
}
