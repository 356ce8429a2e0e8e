package policy

import "strings"

// A table that was pasted from a page or a sheet keeps its cells in one line each row, parted by tabs or by wide gaps.

// wideGap is the fewest blanks that part two cells of a line.
const wideGap = "   "

// tabbedTable reads such a table that begins at line i and returns the line behind it; i when there is none.
func (m *markdownReader) tabbedTable(i int, trimmed string) int {
	if m.current() != nil || m.hidden != 0 || m.fenced || !strings.Contains(trimmed, "\t") && !strings.Contains(trimmed, wideGap) || bulletWidth(m.line(i)) > 0 {
		return i
	}
	n := len(m.tabbed(i))
	end, rows := i+1, 1
	for ; n > 1 && end < len(m.lines); end++ {
		switch k := len(m.tabbed(end)); {
		case k > n:
			return m.tabbedRows(i, end, n, rows)
		case k > 1 && (k == n || rows > 1):
			rows++
		case k == 1 && end+1 < len(m.lines) && len(m.tabbed(end+1)) == n && m.lines[end].end-m.lines[end].start < maxTabbedGroup && bulletWidth(m.line(end)) == 0: // heads a group
		case k == 0 && end+1 < len(m.lines) && len(m.tabbed(end+1)) == n:
		default:
			return m.tabbedRows(i, end, n, rows)
		}
	}
	return m.tabbedRows(i, end, n, rows)
}

// barredTable reads a table that begins at line i, has a line for each of its cells, with a bar behind, and a separator below
// the headers that tells how many they are. It returns the line behind the table; i when there is none.
func (m *markdownReader) barredTable(i int, trimmed string) int {
	if m.current() != nil || m.hidden != 0 || m.fenced || !strings.HasSuffix(trimmed, "|") || bars(trimmed) != 1 {
		return i
	}
	head := i
	for head < len(m.lines) && head < i+maxBarred && m.barred(head) {
		head++
	}
	width := head - i
	if width < leastHeads-1 || head == len(m.lines) || separatorWidth(m.line(head)) == 0 || bars(m.line(head)) < width-1 || bars(m.line(head)) > width {
		return i
	}
	m.flush()
	m.tables = append(m.tables, &openTable{})
	end := i
	for row := [][]span{}; end < len(m.lines); end++ {
		if end == head {
			continue
		}
		if !m.barred(end) {
			break
		}
		l := m.lines[end]
		row = append(row, []span{{l.start, l.start + strings.LastIndexByte(m.text(l), '|')}})
		if len(row) == width {
			m.rowOfSpans(row, l.end)
			row = row[:0]
		}
	}
	m.closeTable(m.lines[end-1].end)
	return end
}

// maxBarred is how many such headers are looked at.
const maxBarred = 8

// barred reports whether line i holds one cell and a bar behind it.
func (m *markdownReader) barred(i int) bool {
	s := strings.TrimSpace(m.line(i))
	return strings.HasSuffix(s, "|") && bars(s) == 1 && len(s) > 1
}

// maxTabbedGroup is the length in bytes up to which a line among the rows may head those below it.
const maxTabbedGroup = 60

// tabbedRows makes a table of the lines from i to end, unless they are too few for that.
func (m *markdownReader) tabbedRows(i, end, width, rows int) int {
	if rows < 2 || width < 2 || width < leastHeads && rows < 3 || width > maxColumns {
		return i
	}
	m.flush()
	m.tables = append(m.tables, &openTable{})
	for j := i; j < end; j++ {
		var row [][]span
		for _, c := range m.tabbed(j) {
			row = append(row, []span{c})
		}
		if len(row) == 1 {
			for len(row) < width {
				row = append(row, []span{{row[0][0].end, row[0][0].end}})
			}
		}
		m.rowOfSpans(row, m.lines[j].end)
	}
	m.closeTable(m.lines[end-1].end)
	return end
}

// tabbed are the cells of line i: by its tabs when it has some, else by its wide gaps.
func (m *markdownReader) tabbed(i int) []span {
	l := m.lines[i]
	for l.end > l.start && strings.IndexByte(" \t\r", m.src[l.end-1]) >= 0 {
		l.end--
	}
	for l.start < l.end && m.src[l.start] == ' ' {
		l.start++
	}
	if l.start == l.end {
		return nil
	}
	sep := "\t"
	if !strings.Contains(m.text(l), sep) {
		sep = wideGap
	}
	var out []span
	for from := l.start; from <= l.end; {
		to := strings.Index(m.src[from:l.end], sep)
		if to < 0 {
			return append(out, span{from, l.end})
		}
		out = append(out, span{from, from + to})
		from += to + len(sep)
		for gap := from; gap < l.end && strings.IndexByte(" \t", m.src[gap]) >= 0; gap++ { // tabs that only fill a line up
			if m.src[gap] == ' ' && sep == wideGap || m.src[gap] == '\t' && m.src[gap-1] == ' ' {
				from = gap + 1
			}
		}
	}
	return out
}
