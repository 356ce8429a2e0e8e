package report

import (
	"cmp"
	"slices"
)

// follow tells what of a card is new and since when it has been open.
func (c *Card) follow(changes Changes, earlier []Night, now Night) {
	if len(earlier) == 0 {
		return
	}
	for i, change := range changes.New {
		if slices.ContainsFunc(c.Parts, func(p Part) bool { return slices.Contains(change.IDs, p.ID) }) {
			c.New = &changes.New[i]
		}
	}
	c.Open, c.Nights = now.Started, 1
	for _, night := range slices.Backward(earlier) {
		if len(night.seen) == 0 {
			continue // a site that did not answer says nothing
		}
		if !night.had(c) {
			return
		}
		c.Open, c.Nights = night.Started, c.Nights+1
	}
}

// newFirst puts what is new before what is as grave and was there before.
func newFirst(cards []Card) {
	slices.SortStableFunc(cards, func(a, b Card) int {
		return cmp.Or(
			cmp.Compare(rank(severityRank, a.Severity), rank(severityRank, b.Severity)), cmp.Compare(one(b.New != nil), one(a.New != nil)),
		)
	})
}

// had reports whether a night had any of the findings of a card.
func (n Night) had(c *Card) bool {
	for _, p := range c.Problems {
		for _, one := range p.Complaints {
			if n.findings[one.id] {
				return true
			}
		}
	}
	return false
}
