package policy

import "strings"

// Tables of reStructuredText: drawn with plus signs, listed as values between commas, or listed as items of items.

// rstTable reads such a table that begins at line i and returns the line behind it; i when there is none.
func (m *markdownReader) rstTable(i int, trimmed string) int {
	if m.current() != nil || m.hidden != 0 || len(trimmed) < 3 {
		return i
	}
	switch {
	case isBorder(trimmed):
		return m.drawnTable(i)
	case strings.HasPrefix(trimmed, ".. csv-table::"), strings.HasPrefix(trimmed, ".. list-table::"):
		return m.listedTable(i)
	}
	return i
}

// isBorder reports whether a line parts the rows of a table that is drawn: "+-----+----+".
func isBorder(s string) bool {
	return s[0] == '+' && s[len(s)-1] == '+' && strings.Trim(s, "+-=") == "" && strings.Contains(s, "--+") || s[0] == '+' && strings.Contains(s, "==+") && strings.Trim(s, "+=") == ""
}

// drawnTable reads a table whose rows lie between borders, each of one line or more.
func (m *markdownReader) drawnTable(i int) int {
	end := i + 1
	for end < len(m.lines) && opensWith(m.line(end), "+|") {
		end++
	}
	if end < i+3 {
		return i
	}
	m.flush()
	m.tables = append(m.tables, &openTable{})
	row := [][]span{}
	for j := i; j < end; j++ {
		if l := m.lines[j]; !isBorder(strings.TrimSpace(m.text(l))) {
			for col, c := range m.cells(span{l.end - len(strings.TrimLeft(m.text(l), " \t")), l.end}) {
				if col == len(row) {
					row = append(row, nil)
				}
				row[col] = append(row[col], c)
			}
			continue
		}
		m.rowOfSpans(row, m.lines[j].start)
		row = row[:0]
	}
	m.rowOfSpans(row, m.lines[end-1].end)
	m.closeTable(m.lines[end-1].end)
	return end
}

// rowOfSpans makes a row of a table of cells that lie in one stretch of the source or in several.
func (m *markdownReader) rowOfSpans(row [][]span, at int) {
	if len(row) == 0 {
		return
	}
	m.openRow(row[0][0].start)
	for _, spans := range row {
		m.openCell(cell{col: 1, down: 1}, spans[0].start)
		for _, s := range spans {
			m.inline(s)
			m.space(s.end)
		}
		m.closeCell()
	}
	m.closeRow(at)
}

// listedTable reads the indented lines below a directive: values between commas, or items whose items are cells.
func (m *markdownReader) listedTable(i int) int {
	m.flush()
	m.tables = append(m.tables, &openTable{})
	var row [][]span
	end := i + 1
	for ; end < len(m.lines); end++ {
		l, s := m.lines[end], strings.TrimSpace(m.line(end))
		if s != "" && !strings.HasPrefix(m.text(l), " ") && !strings.HasPrefix(m.text(l), "\t") {
			break
		}
		l.start = l.end - len(strings.TrimLeft(m.text(l), " \t"))
		if head, ok := strings.CutPrefix(s, ":header:"); ok {
			m.rowOfSpans(m.values(span{l.end - len(strings.TrimLeft(head, " ")), l.end}), l.end)
			continue
		}
		switch {
		case s == "" || s[0] == ':':
		case strings.HasPrefix(s, "* - "):
			m.rowOfSpans(row, l.start)
			row = [][]span{{{l.start + 4, l.end}}}
		case strings.HasPrefix(s, "- ") && row != nil:
			row = append(row, []span{{l.start + 2, l.end}})
		case row != nil:
			row[len(row)-1] = append(row[len(row)-1], l)
		default:
			m.rowOfSpans(m.values(l), l.end)
		}
	}
	m.rowOfSpans(row, m.lines[end-1].end)
	m.closeTable(m.lines[end-1].end)
	return end
}

// values splits a line at its commas; those in quotes do not count.
func (m *markdownReader) values(l span) [][]span {
	var out [][]span
	quoted, from := false, l.start
	for i := l.start; i <= l.end; i++ {
		switch {
		case i < l.end && m.src[i] == '"':
			quoted = !quoted
		case i == l.end || m.src[i] == ',' && !quoted:
			v := span{from, i}
			for v.start < v.end && strings.IndexByte(" \t\"", m.src[v.start]) >= 0 {
				v.start++
			}
			for v.end > v.start && strings.IndexByte(" \t\r\"", m.src[v.end-1]) >= 0 {
				v.end--
			}
			out = append(out, []span{v})
			from = i + 1
		}
	}
	return out
}
