package report

import (
	"slices"
	"strconv"
)

// noteNames is how many trackers a note names.
const noteNames = 3

// notes tells what could not be judged, one sentence each. They begin with what is said of the changes themselves.
func (c *comparison) notes(changes Changes) []string {
	var out []string
	if n := len(c.nights) - 1; n < steadyRun && len(changes.New)+len(changes.Gone) > 0 {
		out = append(out, "There "+pick(n, "is", "are")+" only "+number(n, "earlier scan", "earlier scans")+
			": what comes and goes by chance cannot be told yet from what is new or gone.")
	}
	unsure, away := c.missed()
	if n := len(unsure); n > 0 {
		out = append(out, number(n, "tracker was", "trackers were")+" not seen this time, but not all of "+pick(n, "its", "their")+
			" pages could be seen again: not counted as gone.")
	}
	if n := len(away); n > 0 {
		out = append(out, named(away)+" "+pick(n, "was", "were")+" not seen this time, after too few scans that had "+
			pick(n, "it: it counts", "them: they count")+" as gone after staying away for longer.")
	}
	if n := len(c.chance()); n > 0 {
		out = append(out, number(n, "tracker comes", "trackers come")+" and "+pick(n, "goes", "go")+
			" by chance, as in ad auctions: not counted as new.")
	}
	return out
}

// missed names the trackers that the last scan had and tonight's has not: those that may be on pages which were not
// seen again, and those that have not been away for long enough.
func (c *comparison) missed() (unsure, away []string) {
	for key, i := range c.lastSeen() {
		t := c.things[i][key]
		if i != c.now()-1 || c.cards[c.now()][t.card] {
			continue
		}
		marks := c.marks(i, t, allAgain)
		known := told(marks)
		switch {
		case marks[c.now()] == unknown:
			unsure = append(unsure, t.name())
		case !c.unsteady(i, t, known) && !c.isGone(i, t, known) && !t.drawn(c.fresh(c.now(), i)):
			away = append(away, t.name())
		}
	}
	return sortedOnce(unsure), sortedOnce(away)
}

// chance names the trackers that tonight's scan has and the last one had not, and that come and go by themselves.
func (c *comparison) chance() []string {
	var out []string
	for _, t := range c.things[c.now()] {
		if !c.cards[c.now()-1][t.card] && c.unsteady(c.now(), t, told(c.marks(c.now(), t, someAgain))) {
			out = append(out, t.name())
		}
	}
	return sortedOnce(out)
}

// named is the first few names, and how many more there are.
func named(names []string) string {
	shown := headOf(names, noteNames)
	if shown.More > 0 {
		shown.Rows = append(slices.Clip(shown.Rows), strconv.Itoa(shown.More)+" more")
	}
	return listed(shown.Rows)
}

// sortedOnce sorts words and drops what is there twice.
func sortedOnce(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}
