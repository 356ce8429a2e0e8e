package policy

import (
	"slices"
	"strings"

	"trackscan/classify"
)

// grid is a table whose columns are understood.
type grid struct {
	roles   []role
	heads   []string
	rows    [][]cell
	width   int
	across  bool // the labels stand in the first column; roles are those of the rows
	caption text
	facts   map[int]columnFacts
	kinds   int // the column of labels, when the rows are kinds of cookies; else -1
}

func (g *grid) header(i int) string {
	if i < len(g.heads) {
		return g.heads[i]
	}
	return ""
}

// sampleRows is how many rows are looked at to learn what a column holds.
const sampleRows = 40

// grid finds out what the columns of a table are, by their headers and by what they hold; nil when the table is not
// about cookies or vendors.
func (d *document) grid(t *table) *grid {
	if g := d.across(t); g != nil {
		return g
	}
	if t.asks() {
		return nil
	}
	g := &grid{rows: t.rows, kinds: -1}
	if head := d.headerRow(t); head >= 0 {
		for _, c := range t.rows[head] {
			g.roles = append(g.roles, d.headRole(c.text))
			g.heads = append(g.heads, c.s)
		}
		g.rows = t.rows[head+1:]
	}
	g.width = width(t)
	for len(g.roles) < g.width {
		g.roles = append(g.roles, noRole)
	}
	d.byContent(g)
	d.kindsColumn(g)
	if !g.useful() && g.kinds < 0 {
		return nil
	}
	return g
}

// asks reports whether the first column holds questions: a table that compares, with what cookies are and are not.
func (t *table) asks() bool {
	n := 0
	for _, row := range t.rows {
		if len(row) > 0 && strings.HasSuffix(row[0].s, "?") {
			n++
		}
	}
	return n > 1 && n*2 > len(t.rows)
}

func width(t *table) int {
	n := 0
	for _, row := range t.rows {
		n = max(n, len(row))
	}
	return n
}

// headerRow returns the row of headers: marked as such, or among the first rows the one whose cells name roles.
func (d *document) headerRow(t *table) int {
	best, most := -1, 1
	for i := range min(len(t.rows), 4) {
		roles := 0
		seen := map[role]bool{}
		for _, c := range t.rows[i] {
			if r := d.headRole(c.text); r != noRole && !seen[r] && c.s != "" {
				seen[r] = true
				roles++
			}
		}
		if roles > most {
			best, most = i, roles
		}
	}
	if best >= 0 {
		return best
	}
	if len(t.rows) > 1 && len(t.rows[0]) > 1 && t.rows[0][0].head && t.rows[0][1].head {
		return 0
	}
	return -1
}

// byContent corrects the roles by what the columns hold: times, hosts, parties and labels speak for themselves.
func (d *document) byContent(g *grid) {
	for col := range g.roles {
		c := d.column(g, col)
		switch {
		case c.cells == 0:
		case c.times*2 > c.cells && g.roles[col] != nameRole && (g.roles[col] != purposeRole || c.bare*2 > c.cells) && !d.timedElsewhere(g, col):
			g.roles[col] = durationRole
		case g.roles[col] == nameRole && c.names == 0 && c.wordy == c.cells && slices.Contains(g.roles, serviceRole):
			g.roles[col] = noRole // "Cookie?", and the answer
		case c.parties*2 > c.cells:
			g.roles[col] = partyRole
		case c.hosts*3 > c.cells*2 && g.roles[col] != nameRole:
			g.roles[col] = domainRole
		case g.roles[col] == durationRole && c.times == 0 && c.wordy*2 > c.cells:
			g.roles[col] = purposeRole
		case g.roles[col] == domainRole && c.hosts == 0:
			g.roles[col] = vendorRole
		case (g.roles[col] == typeRole || g.roles[col] == noRole || g.roles[col] == categoryRole || g.roles[col] == purposeRole && c.short == c.cells && !slices.Contains(g.roles, categoryRole)) && c.labels*2 > c.cells:
			g.roles[col] = categoryRole
		case (g.roles[col] == typeRole || g.roles[col] == categoryRole) && c.storages*2 > c.cells:
			g.roles[col] = typeRole
		case g.roles[col] == noRole && c.names*2 > c.cells && c.sure*3 > c.cells:
			g.roles[col] = nameRole
		case g.roles[col] == noRole && c.wordy*2 > c.cells:
			g.roles[col] = purposeRole
		}
	}
	d.nameless(g)
	d.oneName(g)
}

// timedElsewhere reports whether a header calls column col something else, and another column is the one for lifetimes: it holds some, or is empty where rows slipped to the front.
func (d *document) timedElsewhere(g *grid, col int) bool {
	if g.roles[col] != purposeRole {
		return false
	}
	for other, r := range g.roles {
		if c := d.column(g, other); other != col && r == durationRole && (c.cells == 0 || c.times*2 > c.cells) {
			return true
		}
	}
	return false
}

// nameless finds the names of a table without a column for them, where "Type of cookie" heads what are no types.
func (d *document) nameless(g *grid) {
	if slices.Contains(g.roles, nameRole) || !slices.Contains(g.roles, durationRole) {
		return
	}
	if c := d.column(g, 0); len(g.heads) == 0 && len(g.roles) > 2 && c.cells > 1 && c.names == c.cells && g.roles[0] != durationRole && g.small(0) {
		g.roles[0] = nameRole // "theme, your colours, 1 year"
		return
	}
	for col, r := range g.roles {
		if c := d.column(g, col); (r == categoryRole || r == typeRole) && c.sure > 0 && c.labels*2 <= c.cells && c.storages*2 <= c.cells {
			g.roles[col] = nameRole
			return
		}
	}
}

// kindsColumn finds the column of a table whose rows are kinds of cookies: most of its cells are labels, of two
// categories at least, and no column holds names that look like nothing else.
func (d *document) kindsColumn(g *grid) {
	for col, r := range g.roles {
		switch r {
		case nameRole, categoryRole, noRole, purposeRole, typeRole:
		default:
			continue
		}
		if c := d.column(g, col); c.sure == 0 && c.labels*2 > c.cells && c.labels > 1 && c.short == c.cells && d.categoriesIn(g, col) > 1 && !d.hasNames(g, col) && !(r == nameRole && g.small(col)) {
			g.kinds = col
			return
		}
	}
}

// small reports whether no cell of a column holds a capital, groups of rows aside: names of cookies, and no labels.
func (g *grid) small(col int) bool {
	return !slices.ContainsFunc(g.rows, func(row []cell) bool { return col < len(row) && hasCapital(row[col].s) && onlyText(row).s == "" })
}

func (d *document) hasNames(g *grid, except int) bool {
	for col := range g.roles {
		if c := d.column(g, col); col != except && c.sure > 0 && g.roles[col] == nameRole {
			return true
		}
	}
	return false
}

// categoriesIn counts the categories that the labels of a column name.
func (d *document) categoriesIn(g *grid, col int) int {
	seen := map[classify.Category]bool{}
	for _, row := range g.rows {
		if col < len(row) {
			if l := labelOf(d.phrase(row[col].text)); l.category != "" {
				seen[l.category] = true
			}
		}
	}
	return len(seen)
}

// oneName leaves the name to one column: the one that holds names.
func (d *document) oneName(g *grid) {
	best, most := -1, -1
	for col, r := range g.roles {
		if r != nameRole {
			continue
		}
		if c := d.column(g, col); c.sure*2+c.names > most {
			best, most = col, c.sure*2+c.names
		}
	}
	other := -1
	for col, r := range g.roles {
		if r == vendorRole || r == serviceRole || r == noRole || r == categoryRole {
			if c := d.column(g, col); c.sure*2 > c.cells && c.sure*2+c.names > most && other < 0 {
				other = col
			}
		}
	}
	if other >= 0 {
		if best >= 0 {
			g.roles[best] = vendorRole
		}
		g.roles[other] = nameRole
		best = other
	}
	for col, r := range g.roles {
		if r == nameRole && col != best {
			g.roles[col] = serviceRole
			if c := d.column(g, col); c.labels*2 > c.cells && c.sure == 0 {
				g.roles[col] = categoryRole
			}
		}
	}
}

// columnFacts counts what the cells of a column look like; bare are times with little else.
type columnFacts struct {
	cells, times, bare, hosts, parties, labels, storages, names, sure, short, wordy int
}

func (d *document) column(g *grid, col int) columnFacts {
	if f, known := g.facts[col]; known {
		return f
	}
	if g.facts == nil {
		g.facts = map[int]columnFacts{}
	}
	g.facts[col] = d.countColumn(g, col)
	return g.facts[col]
}

func (d *document) countColumn(g *grid, col int) columnFacts {
	var f columnFacts
	for i, row := range g.rows {
		if i >= sampleRows {
			break
		}
		if col >= len(row) || row[col].s == "" || row[col].whole {
			continue
		}
		t := d.bare(row[col].text, g.header(col))
		f.cells++
		d.cellFacts(&f, t)
	}
	return f
}

func (d *document) cellFacts(f *columnFacts, t text) {
	if isHost(t.s) {
		f.hosts++
	}
	if all := names(t); len(all) > 0 && allShaped(all, maybe) && !d.vendors.exact(companyName(t.s)) {
		f.names++
		if allShaped(all, likely) {
			f.sure++
		}
	}
	if len(t.s) > 90 {
		f.wordy++
		return
	}
	p := d.phrase(t)
	if len(p.words) > 3 {
		f.wordy++
	}
	if len(p.words) <= 6 {
		f.short++
	}
	if d.timely(p) && shapeOf(t.s) < sure {
		f.times++
		if l, _ := lifetimeOf(p); (l.to-l.from)*3 >= len(t.s) || p.has("expire") {
			f.bare++
		}
	}
	if len(p.words) <= 4 && p.onlyParty() && !p.has("v.none") && !strings.Contains(t.s, ".") && len(d.vendors.find(p)) == 0 {
		f.parties++
	}
	if len(p.words) <= 5 && labelOf(p).category != "" {
		f.labels++
	}
	if len(p.words) <= 4 && p.has("st.local", "st.session", "st.idb", "st.pixel", "st.cookie") {
		f.storages++
	}
}

// timely reports whether a cell states a lifetime and little else: "Session state of the shop" is none, nor is
// what tells of something else before.
func (d *document) timely(p *phrase) bool {
	l, ok := lifetimeOf(p)
	said, _, _ := strings.Cut(p.text.s, ";") // a remark follows
	if !ok || l.to > len(said) || !fewWords(said, 9) || strings.Contains(said[:l.from], ". ") {
		return false
	}
	return l.class == persistent && l.stated || (l.to-l.from)*2 >= len(said) || l.stated && p.has("expire", "until")
}

// useful reports whether the roles make a table of cookies or of vendors.
func (g *grid) useful() bool {
	seen := map[role]bool{}
	for _, r := range g.roles {
		seen[r] = true
	}
	if seen[nameRole] {
		return seen[purposeRole] || seen[durationRole] || seen[vendorRole] || seen[serviceRole] || seen[domainRole] || seen[categoryRole] || seen[typeRole] || seen[partyRole]
	}
	return (seen[vendorRole] || seen[serviceRole]) && (seen[purposeRole] || seen[durationRole] || seen[categoryRole] || seen[domainRole])
}

// across recognises a table whose first column holds the labels of what stands beside them.
func (d *document) across(t *table) *grid {
	if len(t.rows) < 3 || width(t) > 4 {
		return nil
	}
	g := &grid{across: true, width: width(t), caption: t.caption, kinds: -1}
	seen := map[role]bool{}
	labels := 0
	for _, row := range t.rows {
		r := noRole
		if len(row) > 1 && !row[0].whole && len(row[0].s) <= 60 {
			r = roleOf(d.phrase(row[0].text))
		}
		if len(g.rows) == 0 && r == noRole && namesBeside(row) {
			r = nameRole
		}
		if r != noRole {
			labels++
			seen[r] = true
		}
		g.roles = append(g.roles, r)
		g.rows = append(g.rows, row)
	}
	d.twoNames(g)
	if len(seen) < 3 || labels*3 < len(t.rows)*2 || !seen[nameRole] && !seen[vendorRole] && !seen[serviceRole] {
		return nil
	}
	if d.headerRow(t) == 0 && len(t.rows[0]) > 2 && !namesBeside(t.rows[0]) {
		return nil
	}
	return g
}

// namesBeside reports whether a row is an empty cell and names: the head of a table whose labels stand in the first column.
func namesBeside(row []cell) bool {
	if len(row) < 2 || row[0].s != "" {
		return false
	}
	for _, c := range row[1:] {
		if all := names(c.text); len(all) == 0 || !allShaped(all, sure) {
			return false
		}
	}
	return true
}

// twoNames parts the name of a service from the names of its cookies in a table that gives both.
func (d *document) twoNames(g *grid) {
	var at []int
	for i, r := range g.roles {
		if r == nameRole {
			at = append(at, i)
		}
	}
	if len(at) != 2 {
		return
	}
	first := d.phrase(g.rows[at[0]][0].text).has("cookie")
	second := d.phrase(g.rows[at[1]][0].text).has("cookie")
	if second && !first {
		g.roles[at[0]] = serviceRole
	}
	if first && !second {
		g.roles[at[1]] = serviceRole
	}
}
