package policy

import "strings"

// labelled is a line that names a role and gives its value.
type labelled struct {
	role  role
	value text
	line  text
}

// labelledLines reads "Name: _ga / Purpose: ... / Duration: ..." in the lines of one block or of several, and returns
// the block behind them; i when there is no such thing.
func (d *document) labelledLines(i int, sec *section) int {
	if d.roleLine(firstLineOf(d.blocks[i].text)).role != nameRole && d.roleLine(firstLineOf(d.blocks[i].text)).role != vendorRole {
		return i
	}
	var all []labelled
	end := i
	for ; end < len(d.blocks); end++ {
		b := &d.blocks[end]
		if b.kind == heading && b.level < boldLevel || b.kind == tabular {
			break
		}
		lines, ok := d.roleLines(b.text, len(all) > 0)
		if !ok {
			break
		}
		all = append(all, lines...)
	}
	if !enoughRoles(all) {
		return i
	}
	d.readLabelled(all, sec)
	d.keepListed(i, end, sec, nil)
	return end
}

func firstLineOf(t text) text {
	if i := strings.IndexByte(t.s, '\n'); i >= 0 {
		return t.slice(0, i)
	}
	return t
}

// roleLine reads one "label: value"; the role is noRole when it is none.
func (d *document) roleLine(t text) labelled {
	i := strings.IndexByte(t.s, ':')
	if i <= 0 || i > 50 {
		return labelled{line: t}
	}
	r := roleOf(d.phrase(t.slice(0, i)))
	if r == noRole {
		return labelled{line: t}
	}
	return labelled{r, t.slice(i+1, len(t.s)), t}
}

// roleLines reads the lines of a block; at least half must be labelled, or it goes on what was labelled before.
func (d *document) roleLines(t text, goesOn bool) ([]labelled, bool) {
	var out []labelled
	n := 0
	for _, line := range t.lines() {
		l := d.roleLine(line)
		if l.role != noRole {
			n++
		}
		out = append(out, l)
	}
	return out, n > 0 && n*2 >= len(out) && (goesOn || out[0].role != noRole)
}

func enoughRoles(all []labelled) bool {
	seen := map[role]bool{}
	for _, l := range all {
		seen[l.role] = true
	}
	return seen[nameRole] && (seen[durationRole] || seen[purposeRole] || seen[vendorRole] || seen[typeRole] || seen[categoryRole])
}

// readLabelled parts the lines into records: one begins where a role comes again that the record before has, or with
// the name.
func (d *document) readLabelled(all []labelled, sec *section) {
	fresh := func() record {
		return record{heading: sec.category, label: sec.label, lifeless: sec.class, group: sec.vendor}
	}
	r := fresh()
	first := all[0].role
	for n, l := range all {
		if n > 0 && l.role == first {
			d.readRecord(r)
			r = fresh()
		}
		r.where = cover(r.where, l.line.whole())
		if l.role == noRole {
			r.put(purposeRole, l.line)
			continue
		}
		r.put(l.role, l.value)
	}
	d.readRecord(r)
}
