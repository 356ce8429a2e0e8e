package policy

import (
	"slices"
	"strings"
)

// labelled is a line that names a role and gives its value, or that is the name of a cookie alone.
type labelled struct {
	role  role
	value text
	line  text
}

// labelledLines reads "Name: _ga / Purpose: ... / Duration: ..." in the lines of one block or of several, and returns
// the block behind them; i when there is no such thing. The name may also stand alone above its labelled lines.
func (d *document) labelledLines(i int, sec *section) int {
	first := firstLineOf(d.blocks[i].text)
	if parts := d.labelParts(first); parts != nil {
		first = parts[0]
	}
	if i < d.tried || d.opening(first).role == noRole && !d.plainNameAt(i) {
		return i
	}
	var all []labelled
	end := i
	for ; end < len(d.blocks); end++ {
		b := &d.blocks[end]
		if b.kind == heading && b.level < boldLevel && end > i || b.kind == tabular {
			break
		}
		lines, ok := d.labelsOf(end, end > i)
		if !ok {
			break
		}
		all = append(all, lines...)
	}
	if !enoughRoles(all) {
		d.tried = end
		return i
	}
	d.readLabelled(all, sec)
	d.keepListed(i, end, sec, nil)
	return end
}

// labelsOf are the labelled lines of block i. Behind others an item whose label tells of something else is passed by, and a
// plain word is a name where a labelled lifetime follows soon.
func (d *document) labelsOf(i int, goesOn bool) ([]labelled, bool) {
	lines, ok := d.roleLines(d.blocks[i].text, goesOn)
	switch {
	case ok:
		return lines, ok
	case goesOn && d.otherLabel(i):
		return nil, true
	case d.plainNameAt(i):
		t := d.blocks[i].text
		return []labelled{{nameRole, t, t}}, true
	case !goesOn:
	case strings.HasSuffix(d.blocks[i].text.s, ".") && d.bareName(i-1):
		return []labelled{{line: d.blocks[i].text}}, true
	}
	return nil, false
}

// bareName reports whether block i is a name and nothing else.
func (d *document) bareName(i int) bool {
	t := d.blocks[i].text
	return !strings.Contains(t.s, " ") && (d.opening(t).role == nameRole || d.plainNameAt(i))
}

// otherLabel reports whether block i is an item of the list that the block before it is of too, and opens with a label
// that is no name: "URLs: ...".
func (d *document) otherLabel(i int) bool {
	b := &d.blocks[i]
	if b.kind != item || d.blocks[i-1].list != b.list {
		return false
	}
	label, _, ok := strings.Cut(b.text.s, ": ")
	return ok && len(label) <= maxLifeLine && fewWords(label, 4) && shapeOf(label) < sure
}

// plainNameAt reports whether block i is a small word that no language knows, above the labels of a cookie.
func (d *document) plainNameAt(i int) bool {
	t := d.blocks[i].text
	if open := strings.Index(t.s, " ("); open > 0 && strings.HasSuffix(t.s, ")") {
		t = t.slice(0, open) // "theme (Forum)"
	}
	if strings.Contains(t.s, " ") || hasCapital(t.s) || len(t.s) < 2 || shapeOf(t.s) < maybe {
		return false
	}
	var below []text
	for j := i + 1; j < min(i+1+soon, len(d.blocks)); j++ {
		below = append(below, d.blocks[j].text)
	}
	return d.lifeFollows(below)
}

// soon is how many lines below a name its lifetime may stand.
const soon = 3

func (d *document) plainName(t text) bool { return !strings.Contains(t.s, " ") && d.opensFirst(t) }

// lifeFollows reports whether one of the first lines below is labelled as a lifetime.
func (d *document) lifeFollows(below []text) bool {
	return slices.ContainsFunc(below[:min(len(below), soon)], func(t text) bool { return d.roleLine(t).role == durationRole })
}

func firstLineOf(t text) text {
	if i := strings.IndexByte(t.s, '\n'); i >= 0 {
		return t.slice(0, i)
	}
	return t
}

// opening reads the line that may open a record: the label of a name, of a service or of a vendor, or a bare name.
func (d *document) opening(t text) labelled {
	l := d.roleLine(t)
	switch l.role {
	case nameRole, vendorRole, serviceRole:
		return l
	}
	if l.role != noRole || len(t.s) > 80 || strings.Count(t.s, " ") > 3 {
		return labelled{line: t}
	}
	if n := cleanName(t); shapeOf(n.s) >= likely && !strings.Contains(n.s, " ") {
		return labelled{nameRole, t, t}
	}
	return labelled{line: t}
}

// roleLine reads one "label: value"; the role is noRole when it is none.
func (d *document) roleLine(t text) labelled {
	if m, ok := t.marked(bold); ok && m.to < len(t.s) {
		if r := d.wholeRole(t.slice(m.from, m.to)); r != noRole {
			return labelled{r, trimLead(t.slice(m.to, len(t.s))), t}
		}
	}
	i := strings.IndexByte(t.s, ':')
	if eq := strings.Index(t.s, " = "); eq > 0 && (i < 0 || eq < i) {
		i = eq + 1
	}
	if i <= 0 || i > 50 {
		return labelled{line: t}
	}
	head := t.slice(0, i)
	r := roleOf(d.phrase(head))
	if r == noRole || r == nameRole && d.wholeRole(head) != nameRole {
		return labelled{line: t}
	}
	return labelled{r, t.slice(i+1, len(t.s)), t}
}

// roleLines reads the lines of a block. At least half must be labelled; behind labelled ones a bare name or a line that
// goes on the purpose may stand alone.
func (d *document) roleLines(t text, goesOn bool) ([]labelled, bool) {
	var out []labelled
	n := 0
	lines := d.partedLabels(t.lines())
	for i, line := range lines {
		l := d.roleLine(line)
		if l.role == noRole {
			l = d.opening(line)
		}
		if l.role == noRole && n > 0 && d.plainName(line) && d.lifeFollows(lines[i+1:]) {
			l = labelled{nameRole, line, line}
		}
		if l.role != noRole {
			n++
		}
		out = append(out, l)
	}
	if goesOn && len(out) == 1 && n == 0 {
		return out, len(t.s) > 40 && !strings.HasSuffix(t.s, ":")
	}
	return out, n > 0 && n*2 >= len(out) && (goesOn || out[0].role != noRole)
}

// partedLabels parts the lines that hold several labels with their values: "Name: _aa; Purpose: counts visits; Lifetime: 1 day".
func (d *document) partedLabels(lines []text) []text {
	var out []text
	for n, line := range lines {
		parts := d.labelParts(line)
		if parts == nil {
			if out != nil {
				out = append(out, line)
			}
			continue
		}
		if out == nil {
			out = append(make([]text, 0, len(lines)+len(parts)), lines[:n]...)
		}
		out = append(out, parts...)
	}
	if out == nil {
		return lines
	}
	return out
}

// labelParts are the parts of such a line, nil when it is none: the first and most of them must be labelled.
func (d *document) labelParts(line text) []text {
	if parts := d.boldLabels(line); parts != nil {
		return parts
	}
	for _, sep := range []string{"; ", " | ", " · ", ". "} {
		if !strings.Contains(line.s, sep) || strings.Count(line.s, ": ") < 2 {
			continue
		}
		parts := partsOf(line, sep)
		n := 0
		for _, p := range parts {
			if d.roleLine(p).role != noRole {
				n++
			}
		}
		if n > 1 && n*2 > len(parts) && d.roleLine(parts[0]).role != noRole {
			return parts
		}
	}
	return nil
}

// boldLabels are the parts of a line that begin with labels in bold: "**Duration**: 1 year**Type**: cookie"; nil when there are not two.
func (d *document) boldLabels(line text) []text {
	if len(line.marks) < 2 || len(line.s) > maxRowLine {
		return nil
	}
	var from []int
	for _, m := range line.marks {
		if m.kind == bold && m.to < len(line.s) && (line.s[m.to] == ':' || line.s[m.to-1] == ':') {
			from = append(from, m.from)
		}
	}
	if len(from) < 2 || from[0] != 0 || d.roleLine(line).role == noRole {
		return nil
	}
	var out []text
	for n, at := range from {
		to := len(line.s)
		if n+1 < len(from) {
			to = from[n+1]
		}
		out = append(out, line.slice(at, to))
	}
	return out
}

func enoughRoles(all []labelled) bool {
	seen := map[role]bool{}
	for _, l := range all {
		seen[l.role] = true
	}
	return seen[nameRole] && (seen[durationRole] || seen[purposeRole] || seen[vendorRole] || seen[typeRole] || seen[categoryRole])
}

// readLabelled parts the lines into records: one begins where the role comes again that the first began with.
func (d *document) readLabelled(all []labelled, sec *section) {
	for n := 0; n+1 < len(all); n++ { // "Cookie: Google Analytics", then "Name: _ga"
		if all[n].role == nameRole && all[n+1].role == nameRole && shapeOf(all[n].value.s) < likely {
			all[n].role = serviceRole
		}
	}
	r := d.sectionRecord(sec)
	first := all[0].role
	for n, l := range all {
		if n > 0 && l.role == first {
			d.readRecord(r)
			r = d.sectionRecord(sec)
		}
		if l.role == nameRole && r.name.s != "" { // another cookie of the same vendor
			d.readRecord(r)
			next := d.sectionRecord(sec)
			next.vendor, next.service = r.vendor, r.service
			r = next
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
