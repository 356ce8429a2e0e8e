package report

import (
	"strconv"

	"trackscan/classify"
)

// Drawing is the picture of who brings whom: boxes from left to right, in pixels.
type Drawing struct {
	Width, Height int
	Boxes         []DrawnBox
	Lines         []DrawnLine
}

// DrawnBox is one step with its name; X and Y are its upper left corner.
type DrawnBox struct {
	X, Y, Width int
	Name        string // cut to what fits
	Severity    classify.Severity
	Tracker     bool
}

// DrawnLine leads from the right edge of a box to the left edge of the one that it brings.
type DrawnLine struct{ Path string }

// The measures of a drawing, in pixels. A letter is measured by the widest of the fonts that browsers use.
const (
	drawnWidth  = 780
	boxHeight   = 26
	rowHeight   = 34
	columnSpace = 36
	letterWidth = 8
	widestBox   = 230
)

// draw lays out the tree of loaders below the site: each leaf has a row, and each step stands in the middle of what it
// brings.
func draw(host string, loads []Loader) Drawing {
	if len(loads) == 0 {
		return Drawing{}
	}
	root := Loader{Name: host, Loads: loads}
	columns := depth(root)
	d := Drawing{Width: drawnWidth}
	width := min(widestBox, (drawnWidth-(columns-1)*columnSpace)/columns)
	if columns == 2 {
		width = widestBox
	}
	d.Width = columns*width + (columns-1)*columnSpace
	rows := 0
	d.place(root, 0, width, &rows)
	d.Height = rows*rowHeight - (rowHeight - boxHeight) + 2
	return d
}

func depth(l Loader) int {
	deepest := 0
	for _, one := range l.Loads {
		deepest = max(deepest, depth(one))
	}
	return deepest + 1
}

// place puts l and all that it brings into the drawing and returns its Y.
func (d *Drawing) place(l Loader, column, width int, rows *int) int {
	x := column * (width + columnSpace)
	if len(l.Loads) == 0 {
		y := *rows*rowHeight + 1
		*rows++
		d.box(l, x, y, width)
		return y
	}
	var ys []int
	for _, one := range l.Loads {
		ys = append(ys, d.place(one, column+1, width, rows))
	}
	y := (ys[0] + ys[len(ys)-1]) / 2
	for _, to := range ys {
		d.line(x+width, y+boxHeight/2, x+width+columnSpace, to+boxHeight/2)
	}
	d.box(l, x, y, width)
	return y
}

func (d *Drawing) box(l Loader, x, y, width int) {
	name := l.Name
	if l.Severity != "" {
		name = severityShapes[l.Severity] + " " + name
	}
	d.Boxes = append(d.Boxes, DrawnBox{X: x + 1, Y: y, Width: width - 2, Name: fit(name, (width-16)/letterWidth), Severity: l.Severity, Tracker: l.Tracker})
}

// line is a curve that leaves and arrives level.
func (d *Drawing) line(x1, y1, x2, y2 int) {
	n := strconv.Itoa
	middle := n((x1 + x2) / 2)
	d.Lines = append(d.Lines, DrawnLine{"M" + n(x1) + " " + n(y1) + " C" + middle + " " + n(y1) + " " + middle + " " + n(y2) + " " + n(x2) + " " + n(y2)})
}

// Bars is the trend over the nights: one stack for each scan, in percent of the highest.
type Bars struct {
	Stacks      []Stack
	First, Last string
	Points      []TrendRow
	Now, Before Point // the last two
	AnyPartial  bool
}

// Stack is one scan: its place and its parts from the bottom up.
type Stack struct {
	X, Width float64 // percent
	Parts    []StackPart
	Partial  bool // the scan was not whole
}

// StackPart is a rectangle; Y is its upper edge.
type StackPart struct {
	Y, Height float64 // percent
	Tone      string
}

// TrendRow is one scan in numbers.
type TrendRow struct {
	When  string
	Point Point
}

// drawnNights is how many scans the trend shows: a quarter of a year of nights.
const drawnNights = 92

// bars draws the trend.
func bars(trend []Point) Bars {
	if len(trend) < 2 {
		return Bars{}
	}
	trend = trend[max(0, len(trend)-drawnNights):]
	highest := 1
	for _, p := range trend {
		highest = max(highest, p.Undeclared+p.Unidentified+p.Declared)
	}
	out := Bars{Before: trend[len(trend)-2], Now: trend[len(trend)-1]}
	slot := 100 / float64(len(trend))
	for i, p := range trend {
		out.Stacks = append(out.Stacks, p.stack(float64(i)*slot+slot/10, slot*8/10, highest))
		out.AnyPartial = out.AnyPartial || !p.Whole
		out.Points = append(out.Points, TrendRow{p.When.Format("2 Jan 2006"), p})
	}
	out.First, out.Last = out.Points[0].When, out.Points[len(trend)-1].When
	return out
}

func (p Point) stack(x, width float64, highest int) Stack {
	s := Stack{X: x, Width: width, Partial: !p.Whole}
	y := 100.0
	for _, part := range []struct {
		n    int
		tone string
	}{{p.Undeclared, "bad"}, {p.Unidentified, "warn"}, {p.Declared, "good"}} {
		height := float64(part.n) * 100 / float64(highest)
		if y -= height; part.n > 0 {
			s.Parts = append(s.Parts, StackPart{Y: y, Height: height, Tone: part.tone})
		}
	}
	return s
}
