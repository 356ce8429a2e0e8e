package report

import (
	"slices"

	"trackscan/classify"
	"trackscan/crawler"
)

// class is what is likely to come and go alike: what one script brings, of one category.
type class struct {
	bringer  string // host of the script that brings it; empty for the page itself and the site's own scripts
	category classify.Category
}

// flighty is how many trackers of a class must have come and gone for a short time before all of it counts as
// restless: one is an accident, or somebody who tried something out.
const flighty = 2

// swapped is how many trackers of others must come and how many must go in one night for the same, or both together
// when there are more of one: a site that changes its tools changes one for another.
const (
	swapped  = 2
	together = 5
)

// unsteady reports whether a thing of night i, with these marks, comes and goes by itself: it did so before, or it is of
// such a kind.
func (c *comparison) unsteady(i int, t *thing, marks []mark) bool {
	return returned(marks) || c.restless(i, t)
}

// returned reports whether something was away for less than steadyRun nights and came back.
func returned(marks []mark) bool {
	away, seen := 0, false
	for _, m := range marks {
		switch {
		case m == absent:
			away++
		case seen && away > 0 && away < steadyRun:
			return true
		default:
			away, seen = 0, true
		}
	}
	return false
}

// restless reports whether a thing of night i is of a kind that comes and goes by itself: what an advertising script
// of another vendor brings, as the winners of auctions, and what is of a class that did so in these nights.
func (c *comparison) restless(i int, t *thing) bool {
	class, auction := c.classOf(i, t)
	return auction || c.noisy[class]
}

// classOf also reports whether it is an advertising tracker of another vendor that brings t.
func (c *comparison) classOf(i int, t *thing) (class, bool) {
	one := t.trackers[0]
	by, auction := c.bringer(i, one)
	return class{by, classify.Category(one.Category)}, auction
}

// bringer returns the host of the script that brings a tracker, the nearest that is not its own vendor's.
func (c *comparison) bringer(i int, t classify.Tracker) (host string, auction bool) {
	own := hostOf(t)
	for _, hop := range slices.Backward(t.Initiators) {
		host := crawler.HostOf(hop)
		if crawler.PartyOf(c.nights[i].site, host) == crawler.First {
			return "", false
		}
		by := c.hosts[i][host]
		if host == own || t.Vendor != "" && by.Vendor == t.Vendor {
			continue
		}
		return host, by.Category == classify.Text(classify.Advertising)
	}
	return "", false
}

// learnNoise finds the classes of which trackers came for less than steadyRun nights, or went for less, and those of
// which many came and many went in one night.
func (c *comparison) learnNoise() map[class]bool {
	seen := map[string]bool{}
	flights := map[class]map[string]bool{}
	for i := range c.nights {
		for key, t := range c.things[i] {
			if seen[key] {
				continue
			}
			seen[key] = true
			if by, _ := c.classOf(i, t); flighted(told(c.marks(i, t, someAgain))) {
				if flights[by] == nil {
					flights[by] = map[string]bool{}
				}
				flights[by][t.counted()] = true
			}
		}
	}
	out := map[class]bool{}
	for by, cards := range flights {
		out[by] = len(cards) >= flighty
	}
	c.learnSwaps(out)
	return out
}

// counted is what a thing counts as among those that come and go: its vendor once, and what nobody can name each time,
// for a name that is drawn anew is another one every night.
func (t *thing) counted() string {
	if t.trackers[0].Vendor == "" {
		return t.key
	}
	return t.card
}

// flighted reports whether something was there, or away, for less than steadyRun nights between two nights of the
// other mark.
func flighted(marks []mark) bool {
	run, runs := 0, 0
	for i, m := range marks {
		if i > 0 && m != marks[i-1] {
			if runs > 0 && run < steadyRun {
				return true
			}
			run, runs = 0, runs+1
		}
		run++
	}
	return false
}

// learnSwaps adds the classes of which, from one night to the next, swapped trackers of others came and as many went.
func (c *comparison) learnSwaps(noisy map[class]bool) {
	for i := 1; i < len(c.nights); i++ {
		came, went := c.lacking(i, i-1), c.lacking(i-1, i)
		for by, n := range came {
			noisy[by] = noisy[by] || min(n, went[by]) >= swapped || min(n, went[by]) > 0 && n+went[by] >= together
		}
	}
}

// lacking counts by class the trackers of others that night i has and night j can tell that it has not.
func (c *comparison) lacking(i, j int) map[class]int {
	counted := map[string]bool{}
	out := map[class]int{}
	for _, t := range c.fresh(i, j) {
		third := t.trackers[0].Party == string(crawler.Third)
		if third && !c.cards[j][t.card] && !counted[t.card] && c.lacks(j, i, c.views(i, t), someAgain) {
			counted[t.card] = true
			by, _ := c.classOf(i, t)
			out[by]++
		}
	}
	return out
}
