package classify

import (
	"slices"
	"time"
)

// Exemption is a finding, or a family of them, that somebody knows of and answers for. One of ID, Pattern and Name says
// which: the ID of the finding or of its tracker; a pattern of these, or of the name seen, with "*" for anything; the
// name that was seen. A name goes on to match when a better catalogue gives the tracker another ID.
type Exemption struct {
	ID, Pattern, Name string
	Reason, Owner     string
	Until             time.Time // the last day on which it holds, in UTC; zero for ever
}

// Exempted is a finding that an Exemption covers.
type Exempted struct {
	Finding string // its ID
	Exemption
	Expired bool // it exempts no longer
}

// Exempt holds the findings of r against a list. An exemption that holds goes before one that has expired, and a
// finding is covered once. Unused are those that cover nothing. Now says which day it is.
func (r *Result) Exempt(list []Exemption, now time.Time) (covered []Exempted, unused []Exemption) {
	used := make([]bool, len(list))
	for _, f := range r.Findings {
		best := -1
		for i, e := range list {
			if !e.covers(f, r.tracker(f.Tracker)) {
				continue
			}
			used[i] = true
			if best < 0 || list[best].expired(now) && !e.expired(now) {
				best = i
			}
		}
		if best >= 0 {
			covered = append(covered, Exempted{f.ID, list[best], list[best].expired(now)})
		}
	}
	for i, e := range list {
		if !used[i] {
			unused = append(unused, e)
		}
	}
	return covered, unused
}

func (r *Result) tracker(id string) *Tracker {
	i := slices.IndexFunc(r.Trackers, func(t Tracker) bool { return t.ID == id })
	if id == "" || i < 0 {
		return &Tracker{}
	}
	return &r.Trackers[i]
}

func (e Exemption) expired(now time.Time) bool {
	return !e.Until.IsZero() && !now.Before(e.Until.AddDate(0, 0, 1))
}

func (e Exemption) covers(f Finding, t *Tracker) bool {
	switch {
	case e.ID != "":
		return e.ID == f.ID || e.ID == f.Tracker
	case e.Name != "":
		return e.Name == f.Subject || e.Name == t.Name || t.Pattern != "" && globOf(t.Pattern).match(e.Name)
	case e.Pattern != "":
		g := globOf(e.Pattern)
		return slices.ContainsFunc([]string{f.ID, f.Tracker, f.Subject, t.Name}, func(s string) bool { return s != "" && g.match(s) })
	}
	return false
}
