package report

import (
	"slices"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

// judged tells which trackers that were there before and are there now have gained a finding, and which have lost one.
// A finding that came and went in the earlier nights says nothing. Only nights in which the scenario was answered and
// a policy could be read, or was missing, as tonight are held against each other.
func (c *comparison) judged() (worse, better []Change) {
	now := c.nights[c.now()]
	gained, lost := newVerdicts(c.now(), c), newVerdicts(c.now(), c)
	for _, f := range now.result.Findings {
		if nights := c.alike(f); len(nights) > 0 && !slices.ContainsFunc(nights, func(n Night) bool { return n.findings[f.ID] }) {
			gained.add(f)
		}
	}
	for _, f := range c.nights[c.now()-1].result.Findings {
		nights := c.alike(f)
		if len(nights) > 0 && !now.findings[f.ID] && !slices.ContainsFunc(nights, func(n Night) bool { return !n.findings[f.ID] }) {
			lost.add(f)
		}
	}
	return gained.changes(func(card string) bool { return true }),
		lost.changes(func(card string) bool { return gained.cards[card] == nil })
}

// alike returns the earlier nights in which f could have been found as well as tonight; none when its tracker is not
// there tonight.
func (c *comparison) alike(f classify.Finding) []Night {
	now := c.nights[c.now()]
	var out []Night
	for _, n := range c.nights[:c.now()] {
		if f.Rule != classify.RuleUnseen && n.judges(f) && now.judges(f) && (len(n.policies) > 0) == (len(now.policies) > 0) {
			out = append(out, n)
		}
	}
	return out
}

// judges reports whether the night could say whether f holds: it saw the tracker in that scenario, or, of what is
// about the site as a whole, everything.
func (n Night) judges(f classify.Finding) bool {
	if f.Scenario != "" && !n.answered[crawler.Scenario(f.Scenario)] {
		return false
	}
	if f.Tracker == "" {
		return n.Whole
	}
	return n.trackers[f.Tracker]
}

// verdicts gathers findings that came or went, by tracker as people count them.
type verdicts struct {
	c     *comparison
	night int
	order []string
	cards map[string]*Change
}

func newVerdicts(night int, c *comparison) *verdicts {
	return &verdicts{c: c, night: night, cards: map[string]*Change{}}
}

func (v *verdicts) add(f classify.Finding) {
	card, t := v.of(f)
	if v.cards[card] == nil {
		v.order = append(v.order, card)
		_, name, _ := strings.Cut(card, " ")
		v.cards[card] = &Change{Name: show(name), Whole: true, Since: v.c.nights[v.night].Started}
	}
	change := v.cards[card]
	if t != nil {
		change.add(&thing{trackers: []classify.Tracker{*t}})
	}
	if change.Why == "" || t != nil && len(change.Parts) == 1 {
		change.Why = ruleTitle(f.Rule) + "."
	}
}

// of returns the card that a finding is about and tonight's tracker, nil when it is about the site.
func (v *verdicts) of(f classify.Finding) (string, *classify.Tracker) {
	for _, t := range v.c.things[v.night] {
		for i := range t.trackers {
			if t.trackers[i].ID == f.Tracker {
				return t.card, &t.trackers[i]
			}
		}
	}
	return "rule " + ruleTitle(f.Rule), nil
}

func (v *verdicts) changes(wanted func(card string) bool) []Change {
	var out []Change
	for _, card := range v.order {
		if wanted(card) {
			out = append(out, *v.cards[card])
		}
	}
	sortChanges(out)
	return out
}
