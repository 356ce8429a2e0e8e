package report

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

// The widths of a text report, in columns.
const (
	usualWidth  = 100
	leastWidth  = 24 // narrower terminals wrap by themselves
	cardIndent  = 9  // the longest severity and its margins
	labelColumn = 8  // the longest label and a gap
	countIndent = 21 // a number, the longest name of one, and gaps

	textRows = 500 // of one list; only a site that means harm has more
)

// writeText writes the report for a terminal: what must be known first, what to do, what is declared.
func writeText(w io.Writer, r Report, s Style) error {
	t := &text{width: s.Width, color: s.Color}
	if t.width == 0 {
		t.width = usualWidth
	}
	t.width = max(t.width, leastWidth)
	t.title(r)
	t.warnings(r.Warnings)
	t.headline(r)
	if !r.Dead {
		t.news(r)
		t.counts(r.Counts)
		t.todo(r)
		t.changes(r)
		t.matrix(r)
		t.declared(r)
		t.exempted(r)
		t.claims(r.Claims)
		t.unseen(r)
	}
	t.footer(r)
	_, err := w.Write(t.out.Bytes())
	return err
}

// text is a report for a terminal that is being written.
type text struct {
	out   bytes.Buffer
	width int
	color bool
}

// The colours, as parameters of SGR. Each stands beside a word that says the same.
const (
	red    = "31"
	yellow = "33"
	green  = "32"
	faint  = "2"
	bold   = "1"
)

func (t *text) paint(code, s string) string {
	if !t.color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// line writes one line that is known to fit.
func (t *text) line(parts ...string) {
	t.out.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	t.out.WriteByte('\n')
}

// paragraph writes s after indent columns, painted line by line; first stands in the indent of its first line.
func (t *text) paragraph(first string, indent int, code, s string) {
	pad := strings.Repeat(" ", max(0, indent-columns(first)))
	for _, one := range wrap(s, t.width-indent) {
		t.line(first, pad, t.paint(code, one))
		first, pad = "", strings.Repeat(" ", indent)
	}
}

func (t *text) title(r Report) {
	line := "trackscan · " + r.Facts.Site
	if started := when(r.Facts.Started); started != "" {
		line += " · " + started
	}
	t.line(t.paint(faint, fit(sentence(line), t.width)))
	t.line()
}

func (t *text) warnings(list []Warning) {
	if len(list) == 0 {
		return
	}
	for _, w := range list {
		t.paragraph("! ", 2, yellow, w.Text)
		for _, detail := range w.Details {
			t.paragraph("    - ", 6, "", detail)
		}
		if w.More > 0 {
			t.line("    - and " + strconv.Itoa(w.More) + " more")
		}
	}
	t.line()
}

func (t *text) headline(r Report) {
	t.paragraph("", 0, bold, Headline(r))
	t.line()
}

// news says below the headline what is new, and whether everything was seen.
func (t *text) news(r Report) {
	b := newBrief(r)
	t.paragraph("", 0, "", b.Heading()+": "+b.News())
	t.paragraph("", 0, "", b.Scan)
	t.line()
}

// changes lists what is different from earlier scans.
func (t *text) changes(r Report) {
	if !r.Changes.Any() && len(r.Changes.Notes) == 0 {
		return
	}
	t.section("WHAT CHANGED")
	shown := headOf(changeLines(r.Changes), textRows)
	for _, l := range shown.Rows {
		t.paragraph(l.Sign+" "+l.Word, cardIndent, "", l.Line())
	}
	for _, note := range r.Changes.Notes {
		t.paragraph("", cardIndent, faint, note)
	}
	t.line()
	t.more(shown.rest())
}

// matrix tells what was there in which scenario.
func (t *text) matrix(r Report) {
	if len(r.Matrix.Rows) == 0 {
		return
	}
	t.section("IN WHICH SCENARIO")
	var rows [][]string
	shown := headOf(r.Matrix.Rows, textRows)
	for _, row := range shown.Rows {
		rows = append(rows, append([]string{row.Name}, mapped(row.Cells, MatrixCell.mark)...))
	}
	t.table(append([]string{"Tracker"}, r.Matrix.Scenarios...), make([]int, len(r.Matrix.Scenarios)+1), rows)
	t.more(shown.rest())
}

// exempted lists what the owners of the site let be.
func (t *text) exempted(r Report) {
	if len(r.Facts.Exempted) == 0 {
		return
	}
	t.section("LET BE")
	var rows [][]string
	shown := headOf(r.Facts.Exempted, textRows)
	for _, e := range shown.Rows {
		rows = append(rows, []string{show(e.ID), sentence(e.Reason), sentence(e.Owner), show(e.Until)})
	}
	t.table([]string{"Finding", "Reason", "Owner", "Until"}, []int{40, 0, 16, 10}, rows)
	t.more(shown.rest())
}

// counts writes the numbers with words.
func (t *text) counts(c Counts) {
	for _, row := range countRows(c) {
		n := strconv.Itoa(row.N)
		first := strings.Repeat(" ", max(0, 5-len(n))) + n + "  " + row.Name
		t.paragraph(first, countIndent, "", row.Words)
	}
	t.line()
}

func (t *text) section(title string) {
	t.line(t.paint(bold, fit(title, t.width)))
	t.line()
}

// more tells that a list goes on elsewhere.
func (t *text) more(rest string) {
	if rest == "" {
		return
	}
	t.paragraph("", 1, "", rest)
	t.line()
}

func (t *text) todo(r Report) {
	if len(r.ToDo) == 0 {
		return
	}
	t.section("TO DO")
	shown := headOf(r.ToDo, textRows)
	for _, c := range shown.Rows {
		t.card(c, r)
		t.line()
	}
	t.more(shown.rest())
}

// severityColor paints what the word beside it says.
func severityColor(s classify.Severity) string {
	switch s {
	case classify.High:
		return red
	case classify.Medium:
		return yellow
	}
	return ""
}

// card writes what one vendor does, what is wrong with it and what to do.
func (t *text) card(c Card, r Report) {
	severity := fit(strings.ToUpper(severityWord(c.Severity)), cardIndent-1)
	title := cardTitle(c)
	if c.New != nil && c.New.Whole {
		title += " · NEW"
	}
	t.paragraph(t.paint(severityColor(c.Severity), severity), cardIndent, bold, title)
	t.paragraph("", cardIndent, "", c.Purpose)
	for _, m := range matters(c) {
		t.matter(m)
	}
	t.labelled("What", names(c.Parts))
	t.labelled("Seen", seen(c, r))
	t.labelled("Set by", strings.Join(c.Chain, " → "))
	t.labelled("Since", openSince(c))
	for _, a := range advice(c) {
		t.labelled(t.paint(green, "Fix"), a.Text())
	}
	t.labelled("ID", someOf(mapped(c.ids(), show), 1))
}

// labelled writes s beside a label; nothing when there is nothing to say.
func (t *text) labelled(label, s string) {
	pad := strings.Repeat(" ", cardIndent)
	t.paragraph(pad+label, cardIndent+labelColumn, "", s)
}

func (t *text) matter(m Matter) {
	t.labelled("Why", m.Why)
	for _, q := range m.Quotes {
		t.labelled("Policy", "“"+q+"”")
	}
}

// declared lists what is in order, and what had no policy to be held against.
func (t *text) declared(r Report) {
	t.cardTable("DECLARED", "Declared", r.Declared, func(c Card) string { return declaredWord(c.Verdict) })
	t.cardTable("NOT COMPARED", "Pages", r.Rest, func(c Card) string { return strconv.Itoa(c.PageCount) })
}

func (t *text) cardTable(title, column string, cards []Card, last func(Card) string) {
	if len(cards) == 0 {
		return
	}
	t.section(title)
	var rows [][]string
	shown := headOf(cards, textRows)
	for _, c := range shown.Rows {
		rows = append(rows, []string{c.Name, categoryWord(c.Category), names(c.Parts), last(c)})
	}
	t.table([]string{"Tracker", "Category", "Names", column}, []int{28, 15, 0, 25}, rows)
	t.more(shown.rest())
}

func (t *text) claims(list []Claim) {
	if len(list) == 0 {
		return
	}
	t.section("WHAT THE POLICY PROMISES")
	var rows [][]string
	shown := headOf(list, textRows)
	for _, c := range shown.Rows {
		rows = append(rows, []string{c.Result, "“" + c.Text + "”", someOf(c.Evidence, shownParts)})
	}
	t.table([]string{"Result", "Promise", "Because of"}, []int{16, 0, 30}, rows)
	t.more(shown.rest())
}

func (t *text) unseen(r Report) {
	if len(r.Unseen) == 0 {
		return
	}
	t.section("DECLARED BUT NOT SEEN")
	var rows [][]string
	shown := headOf(r.Unseen, textRows)
	for _, m := range shown.Rows {
		rows = append(rows, []string{m.Declared, m.Text})
	}
	t.table([]string{"Declared", "The policy says"}, []int{28, 0}, rows)
	t.more(shown.rest())
}

func (t *text) footer(r Report) {
	for _, line := range slices.Concat(heldAgainst(r), footer(r)) {
		t.paragraph("", 0, faint, line)
	}
}

// scenarioNames names the scenarios that were answered.
func scenarioNames(answers []Scenario) string {
	var out []string
	for _, a := range answers {
		if a.Result == crawler.Answered {
			out = append(out, scenarioWord(a.Scenario))
		}
	}
	return listed(out)
}
