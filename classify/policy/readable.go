package policy

import (
	"slices"
	"strings"
)

// readable is what a person reads of a stretch of the source: the words of the blocks and rows in it, without markup.
func (d *document) readable(w span) string {
	if d.ends == nil {
		d.ends = blockEnds(d.blocks)
	}
	var parts []string
	first, _ := slices.BinarySearch(d.ends, w.start+1)
	for i := first; i < len(d.blocks); i++ {
		b := &d.blocks[i]
		if b.span().start >= w.end {
			break
		}
		if b.table != nil {
			parts = b.table.readable(parts, w)
		} else if part := b.text.inside(w); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return d.src[w.start:w.end] // of no block, as the title
	}
	return strings.Join(parts, " ")
}

// blockEnds is for every block where the blocks up to it end in the source.
func blockEnds(blocks []block) []int {
	ends, last := make([]int, len(blocks)), 0
	for i := range blocks {
		last = max(last, blocks[i].span().end)
		ends[i] = last
	}
	return ends
}

// span is where a block lies in the source.
func (b *block) span() span {
	if b.table == nil || len(b.table.rows) == 0 {
		return b.text.whole()
	}
	return span{ownSpan(b.table.rows[0]).start, ownSpan(b.table.rows[len(b.table.rows)-1]).end}
}

// readable appends what a person reads of the rows of a table that lie in a stretch of the source. A cell that spans rows
// is read in its first.
func (t *table) readable(parts []string, w span) []string {
	first, _ := slices.BinarySearchFunc(t.rows, w.start+1, func(row []cell, at int) int { return ownSpan(row).end - at })
	for _, row := range t.rows[first:] {
		own := ownSpan(row)
		if own.start >= w.end {
			break
		}
		var cells []string
		for i := range row {
			if part := row[i].inside(w); part != "" && row[i].row == own {
				cells = append(cells, part)
			}
		}
		parts = append(parts, strings.Join(cells, " | "))
	}
	return parts
}

// ownSpan is where a row lies in the source: some of its cells may span it from rows above.
func ownSpan(row []cell) span {
	own := span{}
	for i := range row {
		if row[i].row.start > own.start {
			own = row[i].row
		}
	}
	return own
}

// inside is the part of a text that lies in a stretch of the source, in one line.
func (t *text) inside(w span) string {
	if len(t.at) == 0 {
		return ""
	}
	from, _ := slices.BinarySearch(t.at, int32(w.start))
	to, _ := slices.BinarySearch(t.at, int32(w.end))
	from, to = min(from, len(t.s)), min(to, len(t.s))
	return strings.TrimSpace(strings.ReplaceAll(t.s[from:to], "\n", " "))
}
