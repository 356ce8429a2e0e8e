package policy

import "strings"

// A table that lost its lines may keep its cells in one line each: "_ga -> Google -> Counts visits -> 2 years".

// barSeparator parts the cells of a row of Markdown.
const barSeparator = " | "

// rowSeparators part the cells of such a line.
var rowSeparators = []string{" -> ", " → ", barSeparator, " – ", " — ", " ; ", " - ", " / "}

// rowLines reads lines of cells from block i on and returns the block behind them; i when there are none.
func (d *document) rowLines(i int, sec *section) int {
	var records []record
	end := i
	for ; end < len(d.blocks); end++ {
		b := &d.blocks[end]
		if b.kind == tabular || b.kind == heading && b.level < boldLevel || b.kind == item {
			break
		}
		all := b.text.lines()
		read := 0
		for _, line := range all {
			if r, ok := d.rowOf(line, sec); ok {
				records = append(records, r)
				read++
			}
		}
		if read*2 < len(all) || read == 0 {
			break
		}
	}
	if len(records) == 0 {
		return i
	}
	for _, r := range records {
		d.readRecord(r)
	}
	d.keepListed(i, end, sec, nil)
	return end
}

// maxRowLine is the length in bytes up to which a line may be a row.
const maxRowLine = 600

// rowOf reads one line of at least three cells, the first a name and one of the others a lifetime.
func (d *document) rowOf(t text, sec *section) (record, bool) {
	if r, ok := d.strayRow(t, sec); ok {
		return r, true
	}
	if len(t.s) > maxRowLine || !mayBeRow(t.s) {
		return record{}, false
	}
	for _, sep := range rowSeparators {
		if strings.Count(t.s, sep) < 2 {
			continue
		}
		cells := partsOf(t, sep)
		if shapeOf(cleanName(cells[0]).s) < maybe || strings.Contains(cells[0].s, " ") && shapeOf(cells[0].s) == notName {
			return record{}, false
		}
		r := d.sectionRecord(sec)
		r.name, r.where = cells[0], t.whole()
		for _, c := range cells[1:] {
			d.placeCell(&r, c)
		}
		return r, r.duration.s != ""
	}
	return record{}, false
}

// mayBeRow sorts out cheaply what has no two separators.
func mayBeRow(s string) bool {
	n := 0
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '-', '|', ';', '/', 0xe2: // 0xe2 opens an arrow and the longer dashes
			if s[i-1] == ' ' {
				n++
			}
		}
	}
	return n > 1
}

// strayRow reads a row that a conversion parted from its table, by what breaks stood in a cell: it has the columns of that.
func (d *document) strayRow(t text, sec *section) (record, bool) {
	if len(d.columns) == 0 || len(t.s) > 2*maxRowLine || !strings.Contains(t.s, " |") {
		return record{}, false
	}
	cells := partsOf(t.slice(0, len(strings.TrimSuffix(t.s, " |"))), barSeparator)
	all := names(cells[0])
	if len(cells) < 2 && !strings.HasSuffix(t.s, " |") || len(cells) > len(d.columns) || len(all) != 1 || !allShaped(all, maybe) || strings.Contains(cells[0].s, " ") {
		return record{}, false
	}
	r := d.sectionRecord(sec)
	r.where = t.whole()
	for i, c := range cells {
		r.put(d.columns[i], c)
	}
	return r, r.name.s == cells[0].s && r.name.s != ""
}

func partsOf(t text, sep string) []text {
	var out []text
	for from := 0; from <= len(t.s); {
		to := strings.Index(t.s[from:], sep)
		if to < 0 {
			to = len(t.s) - from
		}
		out = append(out, t.slice(from, from+to))
		from += to + len(sep)
	}
	return out
}

// placeCell gives a cell the role that its content speaks for.
func (d *document) placeCell(r *record, c text) {
	if c.s == "" {
		return
	}
	p := d.phrase(c)
	_, timed := lifetimeOf(p)
	switch {
	case timed && len(p.words) <= 6:
		r.put(durationRole, c)
	case isHost(c.s):
		r.put(domainRole, c)
	case len(p.words) <= 3 && p.has("v.firstparty", "v.thirdparty"):
		r.put(partyRole, c)
	case len(p.words) <= 3 && labelOf(p).category != "" && len(d.vendors.find(p)) == 0:
		r.put(categoryRole, c)
	case len(p.words) <= 4 && r.vendor.s == "" && r.purpose.s == "":
		r.put(vendorRole, c)
	default:
		r.put(purposeRole, c)
	}
}
