package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// readData reads the data files in which consent managers publish their declarations: JSON, or scripts that hold lists
// of lists. Every object with a name and another known field, and every list of texts that begins with a name, becomes
// a row; the group around it becomes the heading.
func readData(src string) *builder {
	r := dataReader{builder: newBuilder(src)}
	r.read()
	r.flushRows()
	r.done()
	return r.builder
}

// dataFields are the keys that consent managers use, by the column that they fill.
var dataFields = map[string]int{
	"name": 0, "cookie": 0, "cookiename": 0, "cookie_id": 0, "cookie_name": 0, "technicalname": 0,
	"host": 1, "provider": 1, "vendor": 1, "domain": 1, "service": 1, "hostname": 1,
	"description": 2, "purpose": 2, "thirdpartydescription": 2,
	"length": 3, "duration": 3, "expiry": 3, "lifespan": 3, "expires": 3, "retention": 3, "maxage": 3,
	"type": 4, "storage": 4, "storagetype": 4,
}

// groupFields are the keys of objects that hold lists of cookies.
var groupFields = map[string]bool{"groupname": true, "category": true, "categoryname": true, "group": true, "title": true, "label": true}

// dataHeads are the headers of the table that the rows make; every lexicon knows them.
var dataHeads = [5]string{"cookie name", "provider", "purpose", "expiry", "type"}

// maxDataDepth bounds nesting; what lies deeper is skipped.
const maxDataDepth = 64

// dataFrame is an open object or list.
type dataFrame struct {
	list   bool
	start  int
	cells  [5]text
	filled int
	key    string
	texts  []text // of a list that holds only texts
	plain  bool
}

type dataReader struct {
	*builder
	open []dataFrame
	deep int // brackets opened beyond maxDataDepth
	rows [][]cell
}

func (r *dataReader) read() {
	for i := 0; i < len(r.src); {
		switch c := r.src[i]; {
		case c == '{' || c == '[':
			r.push(c == '[', i)
			i++
		case c == '}' || c == ']':
			r.pop(i + 1)
			i++
		case c == '"' || c == '\'':
			i = r.quoted(i)
		case c >= '0' && c <= '9':
			i = r.number(i)
		default:
			i++
		}
	}
}

func (r *dataReader) push(list bool, at int) {
	if n := len(r.open); n > 0 {
		r.open[n-1].plain = false
		r.open[n-1].key = ""
	}
	if len(r.open) >= maxDataDepth {
		r.deep++
		return
	}
	r.open = append(r.open, dataFrame{list: list, start: at, plain: true})
}

func (r *dataReader) pop(end int) {
	if r.deep > 0 {
		r.deep--
		return
	}
	n := len(r.open)
	if n == 0 {
		return
	}
	f := r.open[n-1]
	r.open = r.open[:n-1]
	switch {
	case !f.list && f.cells[0].s != "" && f.filled > 1:
		r.addRow(f.cells, span{f.start, end})
	case f.list && f.plain && len(f.texts) >= 4 && shapeOf(cleanName(f.texts[0]).s) >= maybe:
		var cells [5]text
		copy(cells[:], f.texts)
		r.addRow(cells, span{f.start, end})
	}
}

func (r *dataReader) addRow(cells [5]text, where span) {
	row := make([]cell, 0, len(cells))
	for _, c := range cells {
		row = append(row, cell{text: c, row: where})
	}
	r.rows = append(r.rows, row)
}

// quoted reads a string: a key when a colon follows, else a value.
func (r *dataReader) quoted(i int) int {
	end := i + 1
	for end < len(r.src) && r.src[end] != r.src[i] && r.src[end] != '\n' {
		if r.src[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(r.src) {
		return len(r.src)
	}
	after := end + 1
	for after < len(r.src) && (r.src[after] == ' ' || r.src[after] == '\n' || r.src[after] == '\t') {
		after++
	}
	if n := len(r.open); n > 0 && r.deep == 0 {
		f := &r.open[n-1]
		if after < len(r.src) && r.src[after] == ':' && !f.list {
			f.key = strings.ToLower(r.src[i+1 : end])
		} else {
			r.value(f, r.unescaped(i+1, end))
		}
	}
	return end + 1
}

func (r *dataReader) value(f *dataFrame, t text) {
	if f.list {
		f.texts = append(f.texts, t)
		return
	}
	if col, ok := dataFields[f.key]; ok && f.cells[col].s == "" && t.s != "" {
		f.cells[col] = t
		f.filled++
	}
	if groupFields[f.key] && t.s != "" && len(t.s) < 80 {
		r.flushRows()
		r.blocks = append(r.blocks, block{kind: heading, level: 3, text: t})
	}
	f.key = ""
}

// number reads a bare number; consent managers give lifetimes in days.
func (r *dataReader) number(i int) int {
	end := i
	for end < len(r.src) && (r.src[end] >= '0' && r.src[end] <= '9' || r.src[end] == '.') {
		end++
	}
	if n := len(r.open); n > 0 && r.deep == 0 && !r.open[n-1].list {
		r.value(&r.open[n-1], r.unescaped(i, end))
	}
	return end
}

// unescaped is the text of a string with its escapes read, and of a bare number of days with the word for it.
func (r *dataReader) unescaped(from, to int) text {
	b := textBuilder{src: r.src}
	for i := from; i < to; {
		if r.src[i] == '\\' && i+1 < to {
			n := 2
			s := map[byte]string{'n': "\n", 't': " ", 'r': " "}[r.src[i+1]]
			if s == "" {
				_, size := utf8.DecodeRuneInString(r.src[i+1 : to])
				s, n = r.src[i+1:i+1+size], 1+size
			}
			if r.src[i+1] == 'u' && i+6 <= to {
				if code, err := strconv.ParseUint(r.src[i+2:i+6], 16, 32); err == nil {
					s, n = string(rune(code)), 6
				}
			}
			b.put(s, i, i+n)
			i += n
			continue
		}
		next := i + 1
		for next < to && r.src[next] != '\\' {
			next++
		}
		b.add(i, next, true)
		i = next
	}
	if n := len(r.open); n > 0 && r.open[n-1].key == "length" && allDigits(string(b.buf)) {
		b.put(" days", to-1, to)
	}
	return b.take()
}

// flushRows makes a table of the rows since the last heading.
func (r *dataReader) flushRows() {
	if len(r.rows) == 0 {
		return
	}
	head := make([]cell, 0, len(dataHeads))
	for _, h := range dataHeads {
		head = append(head, cell{text: text{s: h, at: make([]int32, len(h)+1)}, head: true})
	}
	t := &table{rows: append([][]cell{head}, r.rows...)}
	r.blocks = append(r.blocks, block{kind: tabular, table: t})
	r.rows = nil
}
