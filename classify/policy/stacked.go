package policy

import "strings"

// Tables lose their shape on the way: consent managers write a label and its value below each other, and conversions to
// text write one cell a line. Both leave short lines whose labels are known.

// stackLine is a line of a run of blocks.
type stackLine struct {
	text
	block  int
	role   role // when the line as a whole is the label of a column
	barred bool // it ends with the bar of a table
}

// stack is the lines from a block on, read as far as somebody looks.
type stack struct {
	d     *document
	block int // the next to be split into lines
	lines []stackLine
}

// at returns line i, and false behind the next real heading or table.
func (s *stack) at(i int) (stackLine, bool) {
	for len(s.lines) <= i && s.block < len(s.d.blocks) {
		b := &s.d.blocks[s.block]
		if b.kind == tabular || b.kind == heading && b.level < boldLevel && s.d.wholeRole(b.text) == noRole {
			break
		}
		for _, t := range b.text.lines() {
			if t.s == "|" && len(s.lines) > 0 { // in a line of its own
				s.lines[len(s.lines)-1].barred = true
				continue
			}
			barred := strings.HasSuffix(t.s, " |") // what is left of a row
			if barred {
				t = t.slice(0, len(t.s)-2)
			}
			s.lines = append(s.lines, stackLine{t, s.block, s.d.wholeRole(t), barred})
		}
		s.block++
	}
	if i >= len(s.lines) {
		return stackLine{}, false
	}
	return s.lines[i], true
}

// stackedLines reads labels and values below each other that begin at block i, and returns the block behind them; i
// when there is no such thing.
func (d *document) stackedLines(i int, sec *section) int {
	if first := firstLineOf(d.blocks[i].text); d.wholeRole(first) == noRole {
		return i
	}
	s := &stack{d: d, block: i}
	heads := s.headRun()
	var used int
	if heads >= leastHeads || heads > 1 && s.lines[0].barred && s.lines[heads-1].barred {
		used = d.readColumns(s, heads, sec)
	} else {
		used = d.readPairs(s, sec)
	}
	if used == 0 {
		return i
	}
	end := s.lines[used-1].block + 1
	d.keepListed(i, end, sec, nil)
	return end
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
		for _, h := range p.of(r.concept) {
			if h.from == 0 && h.to == len(p.words) {
				return r.role
			}
		}
	}
	return roleAnywhere(t)
}

// headRun counts the labels with which the lines begin, each of another role but for those of purposes. Of two for names the first is of what sets
// the cookies: "Cookie", "Name".
func (s *stack) headRun() int {
	seen := map[role]bool{}
	for i := 0; ; i++ {
		l, ok := s.at(i)
		if ok && l.role == nameRole && i == 1 && s.lines[0].role == nameRole && l.barred {
			s.lines[0].role = serviceRole
			seen = map[role]bool{serviceRole: true}
		}
		if !ok || l.role == noRole || seen[l.role] && l.role != otherRole && l.role != purposeRole || i > maxColumns {
			return i
		}
		seen[l.role] = true
	}
}

// readColumns reads rows of as many lines as there were labels, and returns how many lines that were.
func (d *document) readColumns(s *stack, heads int, sec *section) int {
	nameAt, lifeAt := -1, -1
	for i := range heads {
		switch s.lines[i].role {
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
	for {
		row, next := s.row(max(used, heads), heads)
		if row == nil || !d.isRow(row, nameAt, lifeAt) {
			return used
		}
		r := d.sectionRecord(sec)
		for i, l := range row {
			r.put(s.lines[i].role, l.text)
			r.where = cover(r.where, l.whole())
		}
		d.readRecord(r)
		used = next
	}
}

// row takes a line from line at on for each of some columns, and returns the line behind them; nil when there are too few.
// Where bars end the headers a cell goes on to its own, in what lines it may be broken into.
func (s *stack) row(at, columns int) (row []stackLine, next int) {
	for len(row) < columns {
		l, ok := s.at(at)
		if !ok {
			return nil, at
		}
		at++
		if s.lines[0].barred && len(row) > 0 {
			l, at = s.cell(l, at)
		}
		row = append(row, l)
	}
	return row, at
}

// maxCellLines is in how many lines a cell may be broken.
const maxCellLines = 10

// cell joins to line l those from line at on that lead to a bar; none when it is too far.
func (s *stack) cell(l stackLine, at int) (stackLine, int) {
	whole := l
	for n := 0; !whole.barred && n < maxCellLines; n++ {
		more, ok := s.at(at + n)
		if !ok || more.role != noRole {
			return l, at
		}
		whole.text, whole.barred = whole.joined(more.text), more.barred
		if whole.barred {
			return whole, at + n + 1
		}
	}
	return l, at
}

func (d *document) isRow(row []stackLine, nameAt, lifeAt int) bool {
	if all := names(row[nameAt].text); (len(all) == 0 || !allShaped(all, maybe)) && !(row[nameAt].barred && fewWords(row[nameAt].s, 4)) {
		return false
	}
	if lifeAt < 0 {
		return true
	}
	_, ok := lifetimeOf(d.phrase(row[lifeAt].text))
	return ok || d.phrase(row[lifeAt].text).has("v.none") || len(row[lifeAt].s) <= 2
}

// sectionRecord is a record that knows what its section says.
func (d *document) sectionRecord(sec *section) record {
	return record{section: sec, heading: sec.category, label: sec.label, lifeless: sec.class, group: sec.vendor, third: sec.third}
}

// leastPairRoles is how many different labels make records of labels and values below each other.
const leastPairRoles = 3

// readPairs reads label, value, label, value; a record begins where its first label comes again.
func (d *document) readPairs(s *stack, sec *section) int {
	used := s.pairs()
	var r record
	for i := 0; i < used; i += 2 {
		l, value := s.lines[i], s.lines[i+1]
		if l.role == s.lines[0].role {
			if i > 0 {
				d.readRecord(r)
			}
			r = d.sectionRecord(sec)
		}
		r.put(l.role, value.text)
		r.where = cover(r.where, span{l.whole().start, value.whole().end})
	}
	if used > 0 {
		d.readRecord(r)
	}
	return used
}

// pairs counts the lines that are label, value, label, value; none when they make no records.
func (s *stack) pairs() int {
	roles := map[role]bool{}
	used := 0
	for {
		l, ok := s.at(used)
		value, more := s.at(used + 1)
		if !ok || !more || l.role == noRole || value.role != noRole && value.role != nameRole {
			break
		}
		roles[l.role] = true
		if used += 2; used > 24 && len(roles) < leastPairRoles {
			break
		}
	}
	if len(roles) < leastPairRoles || !roles[nameRole] {
		return 0
	}
	return used
}
