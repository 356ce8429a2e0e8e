package policy

import (
	"slices"
	"strings"
	"unicode"
)

// A conversion that drops the cells of a table glues them: "NameDescriptionExpiry", "_gaThis cookie counts visits.2 years".

// gluedTable reads such a table at block i and returns the block behind it; i when there is none.
func (d *document) gluedTable(i int, sec *section) int {
	heads := d.gluedHeads(d.blocks[i].text)
	if len(heads) < 2 || heads[0] != nameRole {
		return i
	}
	end, last, missed := i+1, i, 0
	for ; end < len(d.blocks) && d.blocks[end].kind != tabular && d.blocks[end].kind != item; end++ {
		t := d.blocks[end].text
		at, life := d.gluedRow(t, heads)
		if at == 0 {
			if missed++; missed > maxMissed || len(heads) < leastHeads || d.blocks[end].kind == heading {
				break
			}
			continue
		}
		missed, last = 0, end
		r := d.sectionRecord(sec)
		r.where = t.whole()
		r.put(nameRole, t.slice(0, at))
		rest := t.slice(at, len(t.s))
		if life > at {
			r.put(durationRole, t.slice(at, life))
			rest = t.slice(life, len(t.s))
		}
		rest = d.gluedLabel(&r, rest, heads)
		if heads.late() {
			if at := d.gluedLife(rest); at > 0 {
				r.put(durationRole, rest.slice(at, len(rest.s)))
				rest = rest.slice(0, at)
			} else if all := lifetimes(d.phrase(rest)); len(all) > 0 {
				l := all[len(all)-1]
				r.put(durationRole, rest.slice(l.from, len(rest.s)))
				rest = rest.slice(0, l.from)
			} else if last, _, ok := d.lastLife(rest, heads); ok {
				r.put(durationRole, last)
				rest = rest.slice(0, len(rest.s)-len(last.s))
			}
		}
		r.put(purposeRole, d.gluedLabel(&r, rest, heads))
		d.readRecord(r)
	}
	if last == i {
		return i
	}
	d.keepListed(i, last+1, sec, nil)
	return last + 1
}

// gluedLabel gives a record the label that is glued to the end of its row, when the headers tell of one, and returns what is before it.
func (d *document) gluedLabel(r *record, t text, heads flatHeads) text {
	at := lastHump(t.s)
	if at == 0 || r.category.s != "" || !slices.Contains(heads, typeRole) && !slices.Contains(heads, categoryRole) {
		return t
	}
	if l := t.slice(at, len(t.s)); fewWords(l.s, 3) && labelOf(d.phrase(l)).category != "" {
		r.put(categoryRole, l)
		return t.slice(0, at)
	}
	return t
}

// maxMissed is how many rows in sequence may not be understood.
const maxMissed = 2

// gluedRow is where the name ends that opens a row, and where the lifetime ends that is glued to it when the headers say so; zero
// when there is none.
func (d *document) gluedRow(t text, heads flatHeads) (name, life int) {
	if heads[1] != durationRole {
		return gluedName(t.s), 0
	}
	first, _, _ := strings.Cut(t.s, " ")
	for i := len(first) - 1; i > 0; i-- {
		digit := first[i] >= '0' && first[i] <= '9' && (first[i-1] < '0' || first[i-1] > '9')
		if !digit && (!isUpper(first[i]) || isUpper(first[i-1]) && !(i+1 < len(first) && unicode.IsLower(rune(first[i+1])))) || shapeOf(first[:i]) < maybe {
			continue
		}
		to := nextHump(t.s, i)
		if l, ok := lifetimeOf(d.phrase(t.slice(i, to))); ok && (l.to-l.from)*2 >= to-i {
			return i, to
		}
	}
	return 0, 0
}

// nextHump is where the first capital stands behind i that touches a small letter; the end of s when none does.
func nextHump(s string, i int) int {
	for i++; i < len(s); i++ {
		if isUpper(s[i]) && unicode.IsLower(rune(s[i-1])) {
			return i
		}
	}
	return len(s)
}

// lastHump is the last place of that kind, zero when there is none.
func lastHump(s string) int {
	for i := len(s) - 1; i > 0; i-- {
		if isUpper(s[i]) && unicode.IsLower(rune(s[i-1])) {
			return i
		}
	}
	return 0
}

// gluedLife is where the lifetime begins that is glued to the last sentence of a row: "keeps you logged in15 min", "your
// choicePermanent"; zero when none is.
func (d *document) gluedLife(t text) int {
	for i := len(t.s) - 1; i > max(0, len(t.s)-maxLifeLine); i-- {
		before, c := t.s[i-1], t.s[i]
		digit := c >= '0' && c <= '9' && (before < '0' || before > '9')
		if before == ' ' || before == '.' && digit || !digit && (!isUpper(c) || isUpper(before)) {
			continue
		}
		if _, ok := lifetimeOf(d.phrase(t.slice(i, len(t.s)))); ok && fewWords(t.s[i:], 5) {
			return i
		}
	}
	return 0
}

// gluedHeads are the roles of the headers that a word is glued of; nil when one of its parts is none.
func (d *document) gluedHeads(t text) flatHeads {
	if len(t.s) > 60 || strings.IndexByte(t.s, '\n') >= 0 || lastHump(t.s) == 0 && strings.IndexByte(t.s, ' ') >= 0 {
		return nil
	}
	if lastHump(t.s) == 0 {
		return gluedSmall(t.s)
	}
	var out flatHeads
	from := 0
	for i := 1; i <= len(t.s); i++ {
		if i < len(t.s) && !(isUpper(t.s[i]) && !isUpper(t.s[i-1]) && t.s[i-1] != ' ') {
			continue
		}
		r := d.wholeRole(t.slice(from, i))
		if r == noRole {
			return nil
		}
		out, from = append(out, r), i
	}
	return out
}

// gluedSmall are the roles of headers in small letters that a word is glued of: "namepurposeduration"; nil when it is none.
func gluedSmall(s string) flatHeads {
	var out flatHeads
	for from := 0; from < len(s); {
		to := min(len(s), from+maxAffix)
		for ; to > from; to-- {
			if r, ok := allHeads().roles[s[from:to]]; ok {
				out = append(out, r)
				break
			}
		}
		if to == from {
			return nil
		}
		from = to
	}
	if len(out) < leastHeads {
		return nil
	}
	return out
}

// gluedName is where the name ends that a sentence is glued to: before the capital of its first word.
func gluedName(s string) int {
	first, rest, _ := strings.Cut(s, " ")
	for strings.HasSuffix(first, ",") && rest != "" { // "_aa, _bbCounts visits"
		var next string
		next, rest, _ = strings.Cut(rest, " ")
		first = s[:len(first)+1+len(next)]
	}
	for i := len(first) - 2; i > 0; i-- {
		if isUpper(first[i]) && (unicode.IsLower(rune(first[i+1])) || unicode.IsLower(rune(first[i-1])) && shapeOf(first[:i]) == sure) {
			if shapeOf(first[strings.LastIndexByte(first[:i], ' ')+1:i]) >= likely {
				return i
			}
			return 0
		}
	}
	return 0
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
