package policy

import (
	"slices"
	"strings"
)

// readTable declares what the rows of a table tell, and reports whether its rows are cookies or vendors.
func (d *document) readTable(t *table, s *section) bool {
	if d.labelledCells(t, s) {
		return true
	}
	g := d.grid(t)
	switch {
	case g == nil:
		return false
	case g.across:
		d.readAcross(g, s)
		return true
	case g.kinds >= 0:
		d.readKinds(g, s)
		return false
	case !s.cookies:
		d.companies(g)
		if !d.ofCookies(g, s) {
			return false
		}
	case s.category != "" || d.grouped(g):
		d.purposes(g)
	}
	d.readRows(g, t, s)
	d.columns = g.roles
	return true
}

// grouped reports whether a row heads the rows below it with their category.
func (d *document) grouped(g *grid) bool {
	return slices.ContainsFunc(g.rows[:min(len(g.rows), sampleRows)], func(row []cell) bool {
		only := onlyText(row)
		return only.s != "" && len(only.s) <= 60 && len(row) > 1 && labelOf(d.phrase(only)).category != ""
	})
}

// purposes makes what a header calls the purpose one, however short, where the section says of what category the rows are.
func (d *document) purposes(g *grid) {
	for col, r := range g.roles {
		if r == categoryRole && roleOf(d.phrase(text{s: g.header(col)})) == purposeRole {
			g.roles[col] = purposeRole
		}
	}
}

// labelledCells reads a table whose cells all begin with their labels, "Name: theme", "Duration: 1 year", and reports whether it is one.
func (d *document) labelledCells(t *table, s *section) bool {
	if len(t.rows) == 0 {
		return false
	}
	first := d.labelsOfRow(t.rows[0])
	if len(first) < 2 || !enoughRoles(first) {
		return false
	}
	for _, row := range t.rows {
		r := d.sectionRecord(s)
		r.where = rowSpan(row)
		for _, l := range d.labelsOfRow(row) {
			r.put(l.role, l.value)
		}
		d.readRecord(r)
	}
	return true
}

// labelsOfRow are the labels and values of the cells of a row, nil when one has none.
func (d *document) labelsOfRow(row []cell) []labelled {
	var out []labelled
	for _, c := range row {
		if strings.IndexByte(c.s, ':') <= 0 {
			return nil
		}
		l := d.roleLine(c.text)
		if l.role == noRole || l.value.s == "" {
			return nil
		}
		out = append(out, l)
	}
	return out
}

// ofCookies reports whether the plain words in the column of names may be cookies: something above or in the table speaks of
// them. "Season ticket, 1 year" is none.
func (d *document) ofCookies(g *grid, s *section) bool {
	col := slices.Index(g.roles, nameRole)
	if col < 0 || s.category != "" || s.told || len(d.cookies) > 0 || d.column(g, col).sure > 0 {
		return true
	}
	for _, h := range g.heads {
		if d.phrase(text{s: h}).has("cookie", "tracker") {
			return true
		}
	}
	for _, row := range g.rows[:min(len(g.rows), sampleRows)] {
		for _, c := range row {
			if d.phrase(c.text).has("cookie", "tracker", "local", "st.cookie") {
				return true
			}
		}
	}
	return false
}

// companies makes the names of a table those of vendors where nothing speaks of cookies: no heading, no lifetimes, and
// nothing among the names that looks like one.
func (d *document) companies(g *grid) {
	for col, r := range g.roles {
		if r == nameRole && (!slices.Contains(g.roles, durationRole) || d.column(g, col).names == 0) && !d.phrase(text{s: g.header(col)}).has("cookie") && d.column(g, col).sure == 0 && d.column(g, col).names*2 <= d.column(g, col).cells {
			g.roles[col] = vendorRole
		}
	}
}

// readKinds declares the categories that the rows of a table define, where cookies are spoken of.
func (d *document) readKinds(g *grid, s *section) {
	for _, row := range g.rows {
		if g.kinds >= len(row) {
			continue
		}
		p := d.phrase(row[g.kinds].text)
		l := labelOf(p)
		sum, about := scores{}, s.cookies || p.has("cookie")
		for i, c := range row {
			if i != g.kinds && c.s != "" {
				rest := d.phrase(c.text)
				about = about || rest.has("cookie", "tracker")
				sum.add(purposeOf(rest))
			}
		}
		if l.category == "" || !about || s.general || s.manage {
			continue
		}
		id := l.decide(sum)
		d.labels[labelKey(p.text.s)] = id
		d.addCategory(id, p.text.s, rowSpan(row), basisLabel)
	}
}

func (d *document) readRows(g *grid, t *table, s *section) {
	state := d.tableState(t, s)
	for _, row := range g.rows {
		if d.groupRow(row, &state) {
			continue
		}
		r := state.record
		r.where = rowSpan(row)
		shift := d.shift(g, row)
		for i, c := range row {
			if i > 0 {
				i += shift
			}
			if i < len(g.roles) {
				r.put(g.roles[i], d.bare(c.text, g.header(i)))
			}
		}
		d.readRecord(r)
	}
}

// shift is by how many columns the cells behind the first slipped to the front, because one was left out: the column of
// lifetimes is empty there, and one before it holds a lifetime and little else: "Up to 2 years".
func (d *document) shift(g *grid, row []cell) int {
	life := slices.Index(g.roles, durationRole)
	if life < 0 || life < len(row) && row[life].s != "" {
		return 0
	}
	for i := 1; i < min(life, len(row)); i++ {
		p := d.phrase(row[i].text)
		if l, ok := lifetimeOf(p); ok && (l.to == p.words[len(p.words)-1].to || l.class == session && len(p.words) <= 5 && d.timely(p)) && (l.from == p.words[0].from || d.timely(p) && len(p.words) <= 5 && len(purposeOf(p)) == 0) {
			return life - i
		}
	}
	return 0
}

// tableState is what a section and a caption say of every row below.
func (d *document) tableState(t *table, s *section) rowState {
	st := rowState{record: d.sectionRecord(s)}
	if t.caption.s != "" {
		d.group(d.phrase(t.caption), t.caption, &st)
	}
	return st
}

// rowState changes at rows that head a group.
type rowState struct {
	record
}

// readRecord declares a record that names a cookie; one that names none may still name a vendor.
func (d *document) readRecord(r record) {
	if r.name.s == "" {
		d.recordVendor(r)
		return
	}
	d.declare(r)
}

// bare takes off a header that a responsive table repeats in the cell: "Expiry: 2 years".
func (d *document) bare(t text, header string) text {
	if header == "" || len(t.s) <= len(header) || !strings.EqualFold(t.s[:len(header)], header) {
		return t
	}
	rest := t.slice(len(header), len(t.s))
	if strings.HasPrefix(rest.s, ":") {
		return rest.slice(1, len(rest.s))
	}
	if t.s[len(header)] == '\n' {
		return rest
	}
	return t
}

// onlyText is the text of a row that has no other, empty when there is none or several.
func onlyText(row []cell) text {
	var only text
	for _, c := range row {
		if c.s == "" || c.s == only.s {
			continue
		}
		if only.s != "" {
			return text{}
		}
		only = c.text
	}
	return only
}

// groupRow reads a row that heads the rows below it: one text over all columns.
func (d *document) groupRow(row []cell, st *rowState) bool {
	only := onlyText(row)
	if only.s == "" || len(row) < 2 {
		return !slices.ContainsFunc(row, func(c cell) bool { return c.s != "" })
	}
	if shapeOf(only.s) >= likely || !strings.Contains(only.s, " ") && d.opensFirst(only) {
		return false
	}
	d.group(d.phrase(only), only, st)
	return true
}

// group takes the category, the vendor or the lifetime that a caption or group row names.
func (d *document) group(p *phrase, t text, st *rowState) {
	if l := labelOf(p); l.category != "" {
		st.heading, st.label, st.group = l.category, t.s, ""
		d.addCategory(l.category, t.s, t.whole(), basisLabel)
		return
	}
	if class := lifetimeLabel(p); class != "" {
		st.lifeless = class
		return
	}
	if found := d.vendors.find(p); len(found) > 0 {
		st.group = found[0].printed
	}
}

// lifetimeLabel reads a label that groups by lifetime: "Session cookies", "Persistent cookies".
func lifetimeLabel(p *phrase) string {
	if len(p.words) > 6 || p.has("session") == p.has("persistent") {
		return ""
	}
	if p.has("session") {
		return session
	}
	return persistent
}

func rowSpan(row []cell) span {
	if len(row) == 0 {
		return span{}
	}
	at := span{-1, 0}
	for _, c := range row {
		if c.s == "" {
			continue
		}
		w := c.text.whole()
		if at.start < 0 || w.start < at.start {
			at.start = w.start
		}
		at.end = max(at.end, w.end)
	}
	return at
}

// readAcross reads a table whose first column holds the labels: one record per further column.
func (d *document) readAcross(g *grid, s *section) {
	st := d.tableState(&table{caption: g.caption}, s)
	for col := 1; col < g.width; col++ {
		r := st.record
		for i, row := range g.rows {
			if col < len(row) {
				r.put(g.roles[i], row[col].text)
				if w := row[col].text.whole(); w.end > w.start {
					first := row[0].text.whole()
					r.where = cover(r.where, span{first.start, w.end})
				}
			}
		}
		if r.where.end > 0 {
			d.readRecord(r)
		}
	}
}

func cover(a, b span) span {
	if a.end == 0 {
		return b
	}
	return span{min(a.start, b.start), max(a.end, b.end)}
}
