package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"strings"

	"github.com/ledongthuc/pdf"
)

// Bounds on a PDF: pages beyond are not read, and what is nested deeper holds itself.
const (
	maxPDFPages = 300
	maxPDFNodes = 20 * maxPDFPages // of the tree of pages
	maxPDFDepth = 32
)

// textOfPDF returns the text of a PDF as lines from top to bottom; columns of a table are parted by " | ". Offsets and
// quotes of a PDF refer to this text. Broken files make the library panic, which is an error here.
func textOfPDF(data []byte) (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("read pdf: %v", r)
		}
	}()
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", fmt.Errorf("read pdf: %w", err)
	}
	nodes := maxPDFNodes
	if endless(r.Trailer().Key("Root").Key("Pages"), maxPDFDepth, &nodes) {
		return "", errors.New("read pdf: the tree of its pages has no end")
	}
	var b strings.Builder
	for i := 1; i <= min(r.NumPage(), maxPDFPages) && b.Len() < maxBytes; i++ {
		page := r.Page(i)
		if page.V.IsNull() || orphan(page) || brokenOff(page) {
			continue
		}
		writePage(&b, page.Content().Text)
	}
	return b.String(), nil
}

// endless reports whether a tree of pages is deeper than depth or larger than nodes: the library would go round in it.
func endless(node pdf.Value, depth int, nodes *int) bool {
	if *nodes--; depth == 0 || *nodes < 0 {
		return true
	}
	kids := node.Key("Kids")
	for i := range kids.Len() {
		if endless(kids.Index(i), depth-1, nodes) {
			return true
		}
	}
	return false
}

// orphan reports whether the parents of a page have no end: the library would look for ever for what it inherits.
func orphan(page pdf.Page) bool {
	v := page.V
	for range maxPDFDepth {
		if v.IsNull() {
			return false
		}
		v = v.Key("Parent")
	}
	return true
}

// brokenOff reports whether a stream of a page ends inside a string: the library would read on for ever.
func brokenOff(page pdf.Page) bool {
	if endsInString(page.V.Key("Contents"), maxPDFDepth) {
		return true
	}
	for _, name := range page.Fonts() {
		if endsInString(page.Font(name).V.Key("ToUnicode"), maxPDFDepth) {
			return true
		}
	}
	return false
}

// endsInString reports whether a stream ends inside a string, or one of an array of streams, which is no deeper than depth.
func endsInString(v pdf.Value, depth int) bool {
	if depth == 0 {
		return true
	}
	for i := range v.Len() {
		if v.Kind() == pdf.Array && endsInString(v.Index(i), depth-1) {
			return true
		}
	}
	if v.Kind() != pdf.Stream {
		return false
	}
	stream := v.Reader()
	defer func() { _ = stream.Close() }()
	data, _ := io.ReadAll(io.LimitReader(stream, maxBytes)) // what can be read is what the library reads
	return openString(data)
}

// openString reports whether data ends inside a string, (text) or <hex>, as the syntax of PDF has them.
func openString(data []byte) bool {
	depth, hex := 0, false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case hex:
			hex = c != '>'
		case c == '\\' && depth > 0:
			i++
		case c == '(':
			depth++
		case c == ')':
			depth = max(0, depth-1)
		case depth == 0 && c == '<' && i+1 < len(data) && data[i+1] == '<':
			i++
		case depth == 0 && c == '<':
			hex = true
		}
	}
	return hex || depth > 0
}

// pdfLine is the glyphs of one line.
type pdfLine struct {
	y    float64
	size float64
	runs []pdf.Text
}

func writePage(b *strings.Builder, glyphs []pdf.Text) {
	lines := pdfLines(glyphs)
	for i, l := range lines {
		if i > 0 {
			if gap := lines[i-1].y - l.y; gap > 1.75*math.Max(l.size, 4) || gap < 0 {
				b.WriteByte('\n')
			}
		}
		b.WriteString(l.text())
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
}

// pdfLines groups glyphs by their height on the page; glyphs within a third of the type size share a line.
func pdfLines(glyphs []pdf.Text) []pdfLine {
	var lines []pdfLine
	index := map[int][]int{}
	for _, g := range glyphs {
		if g.S == "" || math.IsNaN(g.Y) || math.IsNaN(g.X) || math.Abs(g.Y) > 1e7 {
			continue
		}
		at := -1
		bucket := int(g.Y / 4)
		for k := bucket - 1; k <= bucket+1 && at < 0; k++ {
			for _, i := range index[k] {
				if math.Abs(lines[i].y-g.Y) <= math.Max(g.FontSize, 6)/3 {
					at = i
					break
				}
			}
		}
		if at < 0 {
			at = len(lines)
			lines = append(lines, pdfLine{y: g.Y, size: g.FontSize})
			index[bucket] = append(index[bucket], at)
		}
		lines[at].runs = append(lines[at].runs, g)
	}
	sort.SliceStable(lines, func(i, j int) bool { return lines[i].y > lines[j].y })
	return lines
}

func (l pdfLine) text() string {
	sort.SliceStable(l.runs, func(i, j int) bool { return l.runs[i].X < l.runs[j].X })
	var b strings.Builder
	end := math.Inf(-1)
	for _, g := range l.runs {
		size := math.Max(g.FontSize, 4)
		switch gap := g.X - end; {
		case math.IsInf(end, -1):
		case gap > 2.2*size:
			b.WriteString(" | ")
		case gap > 0.18*size && !strings.HasSuffix(b.String()[max(0, b.Len()-1):], " ") && g.S != " ":
			b.WriteByte(' ')
		}
		b.WriteString(g.S)
		end = g.X + g.W
	}
	return strings.TrimSpace(b.String())
}
