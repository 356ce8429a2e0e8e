package report

import (
	"time"
)

// Point is one scan in the trend over the nights. It counts as Counts does.
type Point struct {
	When                               time.Time
	Undeclared, Unidentified, Declared int
	Whole                              bool
}

// trend counts the trackers of each night, tonight's last; nil without earlier nights.
func trend(earlier []Night, now Point) []Point {
	if len(earlier) == 0 {
		return nil
	}
	return append(mapped(earlier, Night.point), now)
}

func (n Night) point() Point {
	cards := group(Facts{Site: n.site, Trackers: n.result.Trackers, Findings: n.result.Findings})
	return newPoint(n.Started, n.Whole, count(cards, nil))
}

func newPoint(when time.Time, whole bool, c Counts) Point {
	return Point{When: when, Undeclared: c.Undeclared, Unidentified: c.Unidentified, Declared: c.Declared, Whole: whole}
}
