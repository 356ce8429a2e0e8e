package report

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// cellLines is the most lines that one cell may take; what is longer ends in an ellipsis after a whole item or word.
const cellLines = 3

// columnGap is what the table adds to each column: a space on either side.
const columnGap = 2

// table writes rows under a header. Widths are the most columns that each may take, 0 for what is left; the cells are
// broken here, so that no name makes a line longer than the terminal.
func (t *text) table(header []string, widths []int, rows [][]string) {
	widths = t.share(header, widths, rows)
	var out strings.Builder
	table := tablewriter.NewTable(&out,
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
				Lines:      tw.Lines{ShowHeaderLine: tw.Off, ShowFooterLine: tw.Off},
			},
		})),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
	)
	table.Header(t.cells(header, widths))
	for _, row := range rows {
		if err := table.Append(t.cells(row, widths)); err != nil {
			panic(err) // cells are strings: a mistake of ours
		}
	}
	if err := table.Render(); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	for line := range strings.Lines(out.String()) {
		t.line(strings.TrimRight(line, " \n"))
	}
	t.line()
}

// share returns the width of each column: what its cells need, at most what it may take. When that is too much for
// the terminal the widest columns give way.
func (t *text) share(header []string, most []int, rows [][]string) []int {
	out := make([]int, len(header))
	over := columnGap*len(header) - t.width
	for i := range header {
		for _, row := range append(rows, header) {
			out[i] = max(out[i], min(columns(row[i]), t.width))
		}
		if most[i] > 0 {
			out[i] = min(out[i], most[i])
		}
		over += out[i]
	}
	for ; over > 0; over-- {
		widest := slices.Index(out, slices.Max(out))
		out[widest]--
	}
	return out
}

// cells breaks each cell into lines.
func (t *text) cells(row []string, widths []int) []string {
	out := make([]string, len(row))
	for i, cell := range row {
		out[i] = strings.Join(shortened(wrap(cell, widths[i]), widths[i]), "\n")
	}
	return out
}

// shortened cuts what takes more than cellLines lines after an item of a list or a word, so that no name is cut in two, and
// keeps the mark that closes a quote.
func shortened(lines []string, width int) []string {
	if len(lines) <= cellLines {
		return lines
	}
	end := "…"
	if strings.HasSuffix(lines[len(lines)-1], "”") {
		end = "…”"
	}
	words := strings.Fields(lines[cellLines-1])
	for len(words) > 0 && columns(strings.Join(words, " ")+" "+end) > width {
		words = words[:len(words)-1]
	}
	last := strings.Join(words, " ")
	if i := strings.LastIndexAny(last, ",;"); i > 0 {
		last = last[:i] // of a list, whole items
	}
	return append(lines[:cellLines-1:cellLines-1], strings.TrimSpace(last+" "+end))
}
