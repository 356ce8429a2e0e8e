package policy

import (
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
		at := gluedName(t.s)
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
		if heads[len(heads)-1] == durationRole {
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
		r.put(purposeRole, rest)
		d.readRecord(r)
	}
	if last == i {
		return i
	}
	d.keepListed(i, last+1, sec, nil)
	return last + 1
}

// maxMissed is how many rows in sequence may not be understood.
const maxMissed = 2

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
	if len(t.s) > 60 || strings.ContainsAny(t.s, " \n") {
		return nil
	}
	if facts(t.s).humps == 0 {
		return gluedSmall(t.s)
	}
	var out flatHeads
	from := 0
	for i := 1; i <= len(t.s); i++ {
		if i < len(t.s) && !(isUpper(t.s[i]) && !isUpper(t.s[i-1])) {
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
		if isUpper(first[i]) && unicode.IsLower(rune(first[i+1])) {
			if shapeOf(first[strings.LastIndexByte(first[:i], ' ')+1:i]) >= likely {
				return i
			}
			return 0
		}
	}
	return 0
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
