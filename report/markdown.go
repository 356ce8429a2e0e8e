package report

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"trackscan/classify"
)

// writeMarkdown writes a summary for a pull request or a job: GitHub's Markdown, with what strangers said in code spans
// or with every mark escaped.
func writeMarkdown(w io.Writer, r Report, _ Style) error {
	m := &markdown{}
	m.warnings(r.Warnings)
	m.block("## " + mdHeadline(r))
	if !r.Dead {
		m.news(r)
		m.counts(r.Counts)
		m.todo(r)
		m.changes(r.Changes)
		m.matrix(r.Matrix)
		m.cards("Declared", r.Declared)
		m.cards("Not compared", r.Rest)
		m.claims(r.Claims)
		m.unseen(r.Unseen)
	}
	m.block("---")
	m.block("<sub>" + strings.Join(mapped(slices.Concat(heldAgainst(r), footer(r)), mdText), "<br>") + "</sub>")
	_, err := w.Write(bytes.TrimLeft(m.out.Bytes(), "\n"))
	return err
}

// markdown is a Markdown report that is being written.
type markdown struct{ out bytes.Buffer }

// block writes a block with an empty line before it.
func (m *markdown) block(lines ...string) {
	m.out.WriteString("\n" + strings.Join(lines, "\n") + "\n")
}

func (m *markdown) warnings(list []Warning) {
	if len(list) == 0 {
		return
	}
	lines := []string{"> [!WARNING]"}
	for _, w := range list {
		lines = append(lines, "> "+mdText(w.Text))
		for _, d := range w.Details {
			lines = append(lines, "> - "+mdCode(d))
		}
		if w.More > 0 {
			lines = append(lines, "> - and "+strconv.Itoa(w.More)+" more")
		}
		lines = append(lines, ">")
	}
	m.block(lines[:len(lines)-1]...)
}

func (m *markdown) counts(c Counts) {
	rows := countRows(c)
	if len(rows) == 0 {
		return
	}
	lines := []string{"| | |", "| ---: | --- |"}
	for _, row := range rows {
		lines = append(lines, "| **"+strconv.Itoa(row.N)+"** | **"+row.Name+"** "+mdText(row.Words)+" |")
	}
	m.block(lines...)
}

// severityMarks are signs beside the word, for the eye.
var severityMarks = map[classify.Severity]string{classify.High: "🔴", classify.Medium: "🟠", classify.Low: "🔵"}

func (m *markdown) todo(r Report) {
	if len(r.ToDo) == 0 {
		return
	}
	m.block("### To do")
	shown := headOf(r.ToDo, mdCards)
	for _, c := range shown.Rows {
		m.card(c)
		m.exempt(c, r)
	}
	m.cards("More to do", r.ToDo[len(shown.Rows):])
}

// exempt writes the lines that let a card's findings be, folded. Each is one line of code: YAML between double quotes
// holds no backtick that ends it.
func (m *markdown) exempt(c Card, r Report) {
	shown := headOf(c.ids(), mdExempt)
	m.block("<details><summary>Let it be: lines for trackscan.yaml</summary>")
	m.block("```yaml", strings.TrimSuffix(exemptLines(shown.Rows, r.Facts.Started), "\n"), "```")
	m.end(shown.rest())
}

// news says below the headline what is new, and whether everything was seen.
func (m *markdown) news(r Report) {
	b := newBrief(r)
	m.block("**"+b.Heading()+":** "+mdText(b.News())+"<br>", mdText(b.Scan))
}

func (m *markdown) changes(c Changes) {
	list := changeLines(c)
	if len(list) == 0 {
		return
	}
	m.block("### What changed")
	var lines []string
	shown := headOf(list, mdRows)
	for _, l := range shown.Rows {
		line := "- " + l.Word + ": **" + mdText(l.Name) + "**"
		if l.Text != "" {
			line += " " + mdText(l.Text)
		}
		lines = append(lines, line)
	}
	m.block(lines...)
	if rest := shown.rest(); rest != "" {
		m.block(rest)
	}
}

func (m *markdown) matrix(x Matrix) {
	if len(x.Rows) == 0 {
		return
	}
	m.block("<details><summary>In which scenario (" + strconv.Itoa(len(x.Rows)) + ")</summary>")
	lines := []string{"| tracker | " + strings.Join(x.Scenarios, " | ") + " |", "| --- |" + strings.Repeat(" --- |", len(x.Scenarios))}
	shown := headOf(x.Rows, mdRows)
	for _, row := range shown.Rows {
		lines = append(lines, "| "+mdText(row.Name)+" | "+strings.Join(mapped(row.Cells, MatrixCell.mark), " | ")+" |")
	}
	m.block(lines...)
	m.end(shown.rest())
}

// card writes one vendor: the fix first, the evidence folded.
func (m *markdown) card(c Card) {
	title := mdText(cardTitle(c)) + " · " + severityWord(c.Severity)
	if c.New != nil && c.New.Whole {
		title += " · **NEW**"
	}
	m.block("#### " + severityMarks[c.Severity] + " " + title)
	if c.Purpose != "" {
		m.block(mdText(c.Purpose))
	}
	var lines []string
	for _, matter := range matters(c) {
		lines = append(lines, "- "+mdText(matter.Why))
		for _, q := range matter.Quotes {
			lines = append(lines, "- The policy says: *“"+mdText(q)+"”*")
		}
	}
	for _, a := range advice(c) {
		lines = append(lines, "- **Fix:** "+mdText(a.Text()))
	}
	if len(lines) > 0 {
		m.block(lines...)
	}
	m.evidence(c)
}

// evidence writes the parts of a card, folded.
func (m *markdown) evidence(c Card) {
	if len(c.Parts) == 0 {
		return
	}
	m.block("<details><summary>Evidence: " + number(len(c.Parts), "item", "items") + ", on " +
		number(c.PageCount, "page", "pages") + "</summary>")
	lines := []string{"| what | name | kept | pages | set by |", "| --- | --- | --- | ---: | --- |"}
	shown := headOf(c.Parts, evidenceParts)
	for _, p := range shown.Rows {
		lines = append(lines, "| "+p.Kind+" | "+mdCode(p.Label())+" | "+p.Lifetime+" | "+strconv.Itoa(p.PageCount)+" | "+
			mdCode(strings.Join(p.Chain, " → "))+" |")
	}
	m.block(lines...)
	m.end(shown.rest())
}

// evidenceParts is how many parts of a card people are shown; the JSON and the CSV have all.
const evidenceParts = 40

// GitHub cuts off summaries of more than 1 MiB: this many vendors get a part of their own, and this many rows a list.
const (
	mdCards = 100
	mdRows  = 300

	mdExempt = 5 // findings of one card with lines to paste
)

func (m *markdown) cards(title string, cards []Card) {
	if len(cards) == 0 {
		return
	}
	m.block("<details><summary>" + title + " (" + strconv.Itoa(len(cards)) + ")</summary>")
	lines := []string{"| tracker | category | names | the policy says |", "| --- | --- | --- | --- |"}
	shown := headOf(cards, mdRows)
	for _, c := range shown.Rows {
		says := c.Declared
		if says == "" {
			says = verdictWords[c.Verdict]
		}
		lines = append(lines, "| "+mdText(c.Name)+" | "+mdText(categoryWord(c.Category))+" | "+mdCode(names(c.Parts))+" | "+mdText(says)+" |")
	}
	m.block(lines...)
	m.end(shown.rest())
}

// end closes a fold, after saying how much is left out.
func (m *markdown) end(rest string) {
	if rest != "" {
		m.block(rest)
	}
	m.block("</details>")
}

func (m *markdown) claims(list []Claim) {
	if len(list) == 0 {
		return
	}
	m.block("<details><summary>What the policy promises (" + strconv.Itoa(len(list)) + ")</summary>")
	lines := []string{"| result | promise | because of |", "| --- | --- | --- |"}
	shown := headOf(list, mdRows)
	for _, c := range shown.Rows {
		lines = append(lines, "| "+mdText(c.Result)+" | "+mdText(c.Text)+" | "+mdText(someOf(c.Evidence, shownParts))+" |")
	}
	m.block(lines...)
	m.end(shown.rest())
}

func (m *markdown) unseen(list []Missing) {
	if len(list) == 0 {
		return
	}
	m.block("<details><summary>Declared but not seen (" + strconv.Itoa(len(list)) + ")</summary>")
	var lines []string
	shown := headOf(list, mdRows)
	for _, one := range shown.Rows {
		lines = append(lines, "- "+mdCode(one.Declared)+" "+mdText(one.Text))
	}
	m.block(lines...)
	m.end(shown.rest())
}

// mdText writes running text so that no mark in it counts: no list, heading, link, picture, table cell or tag, and
// nobody is called by an @. What GitHub would make a link of is written as code, without the marks of the sentence.
func mdText(s string) string {
	words := strings.Split(s, " ")
	for i, word := range words {
		if mdLink.MatchString(word) {
			before, link, after := unmarked(word)
			words[i] = mdWord(before, i == 0) + mdCode(link) + mdWord(after, false)
			continue
		}
		words[i] = mdWord(word, i == 0)
	}
	return strings.Join(words, " ")
}

// unmarked takes the marks of a sentence from both ends of a word.
func unmarked(word string) (before, inner, after string) {
	inner = strings.TrimLeft(word, `(“"`)
	before = word[:len(word)-len(inner)]
	inner = strings.TrimRight(inner, `.,;:!?)”"`)
	return before, inner, word[len(before)+len(inner):]
}

// mdWord escapes the marks in one word; the first word of a line must not begin a list either.
func mdWord(word string, first bool) string {
	var b strings.Builder
	for i, r := range word {
		switch {
		case r == '@' || r == '$': // a mention, or mathematics
			b.WriteString("<span>" + string(r) + "</span>")
		case first && i == 0 && (strings.ContainsRune("+-=", r) || mdNumbered.MatchString(word)),
			strings.ContainsRune("\\`<>&|", r), r == ':' && i < len(word)-1:
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		case strings.ContainsRune("*_[]#~", r):
			b.WriteString("\\" + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// mdHeadline is the headline, in which the site's own address stays as it is.
func mdHeadline(r Report) string {
	text := mdText(Headline(r))
	if mdHost.MatchString(r.Host) {
		text = strings.Replace(text, mdText(r.Host), r.Host, 1)
	}
	return text
}

var (
	mdNumbered = regexp.MustCompile(`^[0-9]+[.)]`) // would begin a list
	mdLink     = regexp.MustCompile(`(?i)://|www\.|mailto:|xmpp:`)
	mdHost     = regexp.MustCompile(`^[a-z0-9.-]+$`)
	mdPlain    = regexp.MustCompile("^[^`|\\\\ ]([^`|\\\\]*[^`|\\\\ ])?$")
)

// mdCode writes a name as code. A code span holds any name without backticks, bars and backslashes; the others are
// written out letter by letter, so that they end neither the span nor the cell of a table.
func mdCode(s string) string {
	switch {
	case s == "":
		return ""
	case mdPlain.MatchString(s):
		return "`" + s + "`"
	}
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
			continue
		}
		b.WriteRune(r)
	}
	return "<code>" + b.String() + "</code>"
}
