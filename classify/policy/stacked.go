package policy

// Tables lose their shape on the way: consent managers write a label and its value below each other, and conversions to
// text write one cell a line. Both leave short lines whose labels are known.

// stackLine is a line of a run of blocks.
type stackLine struct {
	text
	block int
	role  role // when the line as a whole is the label of a column
}

// maxStack is how many lines are looked at as one run, a bound for hostile input.
const maxStack = 6000

// stackedLines reads labels and values below each other that begin at block i, and returns the block behind them; i
// when there is no such thing.
func (d *document) stackedLines(i int, sec *section) int {
	if first := firstLineOf(d.blocks[i].text); d.wholeRole(first) == noRole {
		return i
	}
	lines := d.stack(i)
	heads := headRun(lines)
	var used int
	if heads >= 3 {
		used = d.readColumns(lines, heads, sec)
	} else {
		used = d.readPairs(lines, sec)
	}
	if used == 0 {
		return i
	}
	end := lines[used-1].block + 1
	d.keepListed(i, end, sec, nil)
	return end
}

// stack returns the lines from block i on up to the next real heading or table.
func (d *document) stack(i int) []stackLine {
	var out []stackLine
	for j := i; j < len(d.blocks) && len(out) < maxStack; j++ {
		b := &d.blocks[j]
		if b.kind == tabular || b.kind == heading && b.level < boldLevel {
			break
		}
		for _, t := range b.text.lines() {
			out = append(out, stackLine{t, j, d.wholeRole(t)})
		}
		if len(out) > 400 && !hasRole(out) {
			break
		}
	}
	return out
}

func hasRole(lines []stackLine) bool {
	for _, l := range lines {
		if l.role != noRole {
			return true
		}
	}
	return false
}

// wholeRole is the role of a line that is a label and nothing else.
func (d *document) wholeRole(t text) role {
	if len(t.s) == 0 || len(t.s) > 40 || shapeOf(t.s) >= sure {
		return noRole
	}
	p := d.phrase(t)
	if len(p.words) > 4 {
		return noRole
	}
	for _, r := range roleWords {
		for _, h := range p.by[r.concept] {
			if h.from == 0 && h.to == len(p.words) {
				return r.role
			}
		}
	}
	return noRole
}

// headRun counts the labels with which the lines begin, each of another role.
func headRun(lines []stackLine) int {
	seen := map[role]bool{}
	for i, l := range lines {
		if l.role == noRole || seen[l.role] && l.role != otherRole {
			return i
		}
		seen[l.role] = true
	}
	return len(lines)
}

// readColumns reads rows of as many lines as there were labels, and returns how many lines that were.
func (d *document) readColumns(lines []stackLine, heads int, sec *section) int {
	nameAt, lifeAt := -1, -1
	for i := range heads {
		switch lines[i].role {
		case nameRole:
			nameAt = i
		case durationRole:
			lifeAt = i
		}
	}
	if nameAt < 0 {
		return 0
	}
	used := 0
	for at := heads; at+heads <= len(lines); at += heads {
		row := lines[at : at+heads]
		if !d.isRow(row, nameAt, lifeAt) {
			break
		}
		r := d.sectionRecord(sec)
		for i, l := range row {
			r.put(lines[i].role, l.text)
			r.where = cover(r.where, l.whole())
		}
		d.readRecord(r)
		used = at + heads
	}
	return used
}

func (d *document) isRow(row []stackLine, nameAt, lifeAt int) bool {
	if all := names(row[nameAt].text); len(all) == 0 || !allShaped(all, maybe) {
		return false
	}
	if lifeAt < 0 {
		return true
	}
	_, ok := lifetimeOf(d.phrase(row[lifeAt].text))
	return ok || d.phrase(row[lifeAt].text).has("v.none") || len(row[lifeAt].s) <= 2
}

func (d *document) sectionRecord(sec *section) record {
	return record{heading: sec.category, label: sec.label, lifeless: sec.class, group: sec.vendor, third: sec.third}
}

// readPairs reads label, value, label, value; a record begins where its first label comes again.
func (d *document) readPairs(lines []stackLine, sec *section) int {
	var records []record
	roles := map[role]bool{}
	first, used := lines[0].role, 0
	for i := 0; i+1 < len(lines); {
		if lines[i].role == noRole || lines[i+1].role != noRole && lines[i+1].role != nameRole {
			break
		}
		if lines[i].role == first {
			records = append(records, d.sectionRecord(sec))
		}
		r := &records[len(records)-1]
		roles[lines[i].role] = true
		r.put(lines[i].role, lines[i+1].text)
		r.where = cover(r.where, span{lines[i].whole().start, lines[i+1].whole().end})
		i += 2
		used = i
	}
	if len(roles) < 3 || !roles[nameRole] {
		return 0
	}
	for _, r := range records {
		d.readRecord(r)
	}
	return used
}
