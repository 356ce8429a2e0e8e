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

// trend counts the trackers of each night, tonight's last; nil without earlier nights. What is let be today is let be
// in all of them, so that an exemption is no step.
func trend(earlier []Night, exempted []Exemption, now Point) []Point {
	if len(earlier) == 0 {
		return nil
	}
	return append(mapped(earlier, func(n Night) Point { return n.point(exempted) }), now)
}

func (n Night) point(exempted []Exemption) Point {
	f := Facts{Site: n.site, Trackers: n.result.Trackers, Findings: n.result.Findings}
	f.exempt(exempted)
	return newPoint(n.Started, n.Whole, count(group(f), nil))
}

func newPoint(when time.Time, whole bool, c Counts) Point {
	return Point{When: when, Undeclared: c.Undeclared, Unidentified: c.Unidentified, Declared: c.Declared, Whole: whole}
}
