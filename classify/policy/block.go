package policy

// kind is what a block is.
type kind uint8

const (
	paragraph kind = iota
	heading
	item // of a list
	tabular
)

// block is a unit of the document: what HTML, Markdown, plain text and PDF have in common.
type block struct {
	kind  kind
	level int    // of headings 1 to 6, of items the depth of their list from 1
	list  int    // of items: which list, numbered from 1; paragraphs that belong to an item bear it too
	text  text   // of all but tables
	table *table // of tables
}

// table is rows of cells as a person sees them: spans are expanded.
type table struct {
	rows    [][]cell
	caption text
}

// cell is one cell of a table.
type cell struct {
	text
	head  bool // marked as a header
	whole bool // it spans the row
	row   span // of the source row it stands in
	col   int  // colspan while reading
	down  int  // rowspan while reading
}

// Bounds on what one document may make the reader build.
const (
	maxBytes   = 8 << 20 // of a document; more is cut off
	maxColumns = 40
	maxSpan    = 400
	maxCells   = 400_000
)

// builder makes blocks. Its callers know a syntax, it knows none.
type builder struct {
	textBuilder
	blocks []block
	kind   kind
	level  int
	list   int // current list, zero outside
	lists  int // lists seen
	depth  int
	tables []*openTable
	cells  int
	title  text
}

type openTable struct {
	table
	row     []cell
	inRow   bool
	inCell  bool
	caption bool
	cell    cell
	start   int // of the row
	layout  bool
}

// usualText is the length in bytes that most texts do not exceed.
const usualText = 512

func newBuilder(src string) *builder {
	n := min(len(src), usualText)
	return &builder{textBuilder: textBuilder{src: src, buf: make([]byte, 0, n), at: make([]int32, 0, n)}}
}

// flush ends the current block at source offset at.
func (b *builder) flush() {
	if t := b.current(); t != nil && (t.inCell || t.caption) {
		b.newline(b.end)
		return
	}
	if got := b.take(); got.s != "" {
		b.blocks = append(b.blocks, block{kind: b.kind, level: b.level, list: b.list, text: got})
	}
	b.kind, b.level = paragraph, 0
}

func (b *builder) start(k kind, level int) {
	b.flush()
	if t := b.current(); t == nil || !t.inCell {
		b.kind, b.level = k, level
	}
}

func (b *builder) openList() {
	b.flush()
	b.depth++
	if b.depth == 1 || b.list == 0 {
		b.lists++
		b.list = b.lists
	}
}

func (b *builder) closeList() {
	b.flush()
	if b.depth = max(b.depth-1, 0); b.depth == 0 {
		b.list = 0
	}
}

func (b *builder) current() *openTable {
	if len(b.tables) == 0 {
		return nil
	}
	return b.tables[len(b.tables)-1]
}

func (b *builder) openTable() {
	if t := b.current(); t != nil && t.inCell {
		b.spill(t)
	}
	b.flush()
	if len(b.tables) < 64 {
		b.tables = append(b.tables, &openTable{})
	}
}

// spill turns a table that only lays out other tables into plain blocks.
func (b *builder) spill(t *openTable) {
	b.closeCell()
	for _, row := range append(t.rows, t.row) {
		for _, c := range row {
			b.spillCell(c)
		}
	}
	t.rows, t.row, t.layout, t.inCell = nil, nil, true, false
}

func (b *builder) spillCell(c cell) {
	for _, line := range c.lines() {
		b.blocks = append(b.blocks, block{kind: paragraph, text: line})
	}
}

func (b *builder) openRow(at int) {
	b.closeRow(at)
	if t := b.current(); t != nil {
		t.inRow, t.start = true, at
	}
}

func (b *builder) openCell(c cell, at int) {
	b.closeCell()
	t := b.current()
	if t == nil {
		b.flush()
		return
	}
	if !t.inRow {
		t.inRow, t.start = true, at
	}
	b.flush()
	if !t.layout {
		t.inCell, t.cell = true, c
	}
}

func (b *builder) closeCell() {
	t := b.current()
	if t == nil {
		return
	}
	if t.caption {
		t.caption, t.table.caption = false, b.take()
	}
	if !t.inCell {
		return
	}
	t.inCell = false
	t.cell.text = b.take()
	if b.cells++; b.cells <= maxCells && len(t.row) < maxColumns {
		t.row = append(t.row, t.cell)
	}
}

func (b *builder) closeRow(at int) {
	b.closeCell()
	t := b.current()
	if t == nil || !t.inRow {
		return
	}
	t.inRow = false
	where := span{t.start, at}
	for i := range t.row {
		t.row[i].row = where
	}
	if len(t.row) > 0 {
		t.rows = append(t.rows, t.row)
	}
	t.row = nil
}

func (b *builder) closeTable(at int) {
	t := b.current()
	if t == nil {
		return
	}
	b.closeRow(at)
	b.flush()
	b.tables = b.tables[:len(b.tables)-1]
	b.addTable(&t.table)
}

func (b *builder) addTable(t *table) {
	expand(t)
	if len(t.rows) == 0 {
		return
	}
	if isLayout(t) {
		for _, row := range t.rows {
			for _, c := range row {
				b.spillCell(c)
			}
		}
		return
	}
	b.blocks = append(b.blocks, block{kind: tabular, list: b.list, table: t})
}

// isLayout reports whether a table only places text: one column, or cells too long for a table of facts.
func isLayout(t *table) bool {
	wide := false
	for _, row := range t.rows {
		wide = wide || len(row) > 1 && !row[0].whole
		for _, c := range row {
			if len(c.s) > 6000 {
				return true
			}
		}
	}
	return !wide
}

// expand repeats cells over the rows and columns that they span.
func expand(t *table) {
	var carry []cell
	for r, row := range t.rows {
		var out []cell
		next := row
		for col := 0; (len(next) > 0 || col < len(carry)) && col < maxColumns; col++ {
			if col < len(carry) && carry[col].down > 0 {
				carry[col].down--
				out = append(out, carry[col])
				continue
			}
			if len(next) == 0 {
				if !rest(carry, col) {
					break
				}
				out = append(out, cell{})
				continue
			}
			c := next[0]
			next = next[1:]
			c.whole = len(row) == 1 && c.col > 1
			width := max(1, min(c.col, maxColumns-col))
			for i := range width {
				carry = keep(carry, col+i, c)
				out = append(out, c)
			}
			col += width - 1
		}
		t.rows[r] = out
	}
}

// rest reports whether a cell of an earlier row still hangs down at or behind col.
func rest(carry []cell, col int) bool {
	for _, c := range carry[col:] {
		if c.down > 0 {
			return true
		}
	}
	return false
}

func keep(carry []cell, col int, c cell) []cell {
	for len(carry) <= col {
		carry = append(carry, cell{})
	}
	c.down = max(0, min(c.down, maxSpan)-1)
	carry[col] = c
	return carry
}

// done closes what is open and returns the blocks.
func (b *builder) done() []block {
	for len(b.tables) > 0 {
		b.closeTable(len(b.src))
	}
	b.flush()
	return b.blocks
}
