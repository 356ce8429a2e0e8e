package policy

import (
	"slices"
	"strings"
)

func (m *markdownReader) isRow(i int, trimmed string) bool {
	if m.current() != nil || m.hidden != 0 || !strings.Contains(trimmed, "|") {
		return false
	}
	if strings.HasPrefix(strings.TrimLeft(trimmed, "> "), "|") || separatorWidth(trimmed) > 0 {
		return true
	}
	if n := len(m.rows); n > 0 && m.goesOnRow(m.rows[n-1], trimmed) {
		return true
	}
	if len(m.rows) > 0 {
		return bars(trimmed) > 0 && m.separated()
	}
	return i+1 < len(m.lines) && (separatorWidth(m.line(i+1)) > 0 || endsRow(trimmed) && m.barBelow(i+1) || endsRow(trimmed) && endsRow(strings.TrimSpace(m.line(i+1))))
}

// barBelow reports whether a bar stands alone in the line below line i, and more cells of its row below that.
func (m *markdownReader) barBelow(i int) bool {
	return i+2 < len(m.lines) && strings.TrimSpace(m.line(i+1)) == "|" && bars(m.line(i+2)) > 1
}

// endsRow reports whether a line of several cells ends with a bar, as conversions to text write the rows of a table.
func endsRow(s string) bool {
	return strings.HasSuffix(s, "|") && bars(s) > 1 && !strings.HasPrefix(s, "|")
}

// goesOnRow reports whether a line is one more cell of the row above it: rows that have a line for each cell begin with a
// bar, and each of their lines ends with one.
func (m *markdownReader) goesOnRow(row span, trimmed string) bool {
	return strings.HasPrefix(strings.TrimSpace(m.src[row.start:row.end]), "|") && strings.HasSuffix(trimmed, "|") && bars(trimmed) == 1
}

// separated reports whether the table being collected already has its separator row, or needs none.
func (m *markdownReader) separated() bool {
	return len(m.rows) == 1 || endsRow(strings.TrimSpace(m.text(m.rows[0]))) || m.hasSeparator(m.rows)
}

func (m *markdownReader) hasSeparator(rows []span) bool {
	return slices.ContainsFunc(rows, func(r span) bool { return separatorWidth(m.text(r)) > 0 })
}

func bars(s string) int { return strings.Count(s, "|") - strings.Count(s, `\|`) }

// table makes a table of the lines that were collected.
func (m *markdownReader) table() {
	rows := m.rows
	m.rows = nil
	if len(rows) == 0 {
		return
	}
	if len(rows) == 1 || !strings.Contains(m.src[rows[0].start:rows[0].end], "|") {
		for _, r := range rows {
			m.inline(r)
			m.flush()
		}
		return
	}
	m.flush()
	for i := len(rows) - 1; i > 1; i-- { // a row of headers below another table begins one of its own
		if separatorWidth(m.text(rows[i])) > 0 && m.hasSeparator(rows[:i-1]) {
			m.rows = rows[:i-1]
			m.table()
			rows = rows[i-1:]
			break
		}
	}
	t := &openTable{}
	m.tables = append(m.tables, t)
	for i := 0; i < len(rows); {
		n := m.brokenRow(rows, i)
		m.tableLine(t, rows[i], rows[i+1:i+n]...)
		i += n
	}
	for m.current() != nil && m.current() != t { // opened by a tag in a cell
		m.closeTable(m.end)
	}
	if m.current() == t { // no tag in a cell has closed it
		m.tables = m.tables[:len(m.tables)-1]
		m.addTable(&t.table)
	}
}

// brokenRow is how many lines row i takes: a break inside a cell parts the row in conversions to text, where each of its
// lines ends with a bar and all together have the cells of the first row.
func (m *markdownReader) brokenRow(rows []span, i int) int {
	want, have := len(m.cells(rows[0])), 0
	for j := i; i > 0 && j < len(rows); j++ {
		s := strings.TrimSpace(m.text(rows[j]))
		if !strings.HasSuffix(s, "|") || strings.HasPrefix(s, "|") || separatorWidth(s) > 0 {
			break
		}
		if have += len(m.cells(rows[j])); have == want {
			return j - i + 1
		}
	}
	return 1
}

// tableLine reads a row of a table, which may go on in more lines.
func (m *markdownReader) tableLine(t *openTable, r span, more ...span) {
	if width := separatorWidth(m.text(r)); width > 0 {
		m.separator(t, r, width)
		return
	}
	m.openRow(r.start)
	for _, l := range append([]span{r}, more...) {
		raw := m.src[l.start:l.end]
		start := l.start + len(raw) - len(strings.TrimLeft(raw, "> \t"))
		for _, c := range m.cells(span{start, l.end}) {
			m.openCell(cell{col: 1, down: 1}, c.start)
			m.inline(c)
			m.closeCell()
		}
		r.end = l.end
	}
	m.closeRow(r.end)
	if n := len(t.rows); n > 0 && emptyRow(t.rows[n-1]) {
		t.rows = t.rows[:n-1]
	}
}

// separator marks the row above as the header; text glued to it is the caption.
func (m *markdownReader) separator(t *openTable, r span, width int) {
	if n := len(t.rows); n > 0 {
		for i := range t.rows[n-1] {
			t.rows[n-1][i].head = true
		}
	}
	if rest := strings.TrimSpace(strings.Trim(m.src[r.start+width:r.end], "| ")); rest != "" && t.table.caption.s == "" {
		m.inline(span{r.start + width, r.end})
		t.table.caption = m.take()
	}
}

func emptyRow(row []cell) bool {
	for _, c := range row {
		if c.s != "" {
			return false
		}
	}
	return true
}

// cells splits a table line at its bars; bars in code or behind a backslash do not count.
func (m *markdownReader) cells(r span) []span {
	raw := m.src[r.start:r.end]
	from := 0
	if strings.HasPrefix(raw, "|") {
		from = 1
	}
	var out []span
	ticks := false
	for i := from; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '`':
			ticks = !ticks && strings.IndexByte(raw[i+1:], '`') >= 0
		case '|':
			if !ticks {
				out = append(out, span{r.start + from, r.start + i})
				from = i + 1
			}
		}
	}
	if strings.TrimSpace(raw[min(from, len(raw)):]) != "" {
		out = append(out, span{r.start + from, r.end})
	}
	return out
}
