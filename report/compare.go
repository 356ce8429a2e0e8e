package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

// Compare tells what is different in a scan from the earlier ones of the same site, oldest first. Without earlier
// scans there are no changes.
//
// What is missing in an earlier scan counts only where that scan saw the pages in question, and "gone" only where all
// of them were seen again. What was never seen before is new in the first scan that has it, for it is really there.
// What every earlier scan had is gone in the first scan that has it no more: who removed it wants to read so. What came
// for a few scans and is not there tonight may as well be back tomorrow: it is gone once the scans that had it and those
// that have it no more are sureRun together.
//
// What comes and goes by itself - it did so before, or things of its kind do, as the bidders of ad auctions - is new
// after sureRun scans in a row that had it, with as many before that had it not, and gone likewise. So one earlier scan
// tells what changed, eight know the site's noise, and sixteen also tell what changed behind an auction.
func Compare(earlier []Night, now Night) Changes {
	if len(earlier) == 0 {
		return Changes{}
	}
	c := newComparison(earlier, now)
	out := Changes{
		Since: earlier[len(earlier)-1].Started, Scans: len(earlier),
		New: c.changes(c.came()), Gone: c.changes(c.went()), Policy: policyChanges(earlier, now),
	}
	out.Worse, out.Better = c.judged()
	out.Notes = c.notes(out)
	return out
}

// How many scans in a row make sure.
const (
	steadyRun = 5 // that something which went or came back did not do so by chance, on a quiet site
	sureRun   = 8 // before and after, of what comes and goes by itself: of a thing that is there every second night one in 65,000 runs looks like this; there and away together, of what came and did not go so far
)

// thing is what is compared: a cookie or storage item by its ID, and everything that contacts one tracker together,
// for which of its hosts answers changes by the hour.
type thing struct {
	key      string
	card     string // the tracker as people count it
	trackers []classify.Tracker
}

// name is the tracker's name for people.
func (t *thing) name() string {
	_, name, _ := strings.Cut(t.card, " ")
	return show(name)
}

// comparison holds nights against each other. The last one is tonight's.
type comparison struct {
	nights []Night
	things []map[string]*thing           // by key, one map for each night
	cards  []map[string]bool             // trackers as people count them, one map for each night
	hosts  []map[string]classify.Tracker // who answers at a host, one map for each night
	noisy  map[class]bool
}

func newComparison(earlier []Night, now Night) *comparison {
	c := &comparison{nights: append(slices.Clip(earlier), now)}
	for _, n := range c.nights {
		things, hosts := n.things()
		cards := map[string]bool{}
		for _, t := range things {
			cards[t.card] = true
		}
		c.things, c.cards, c.hosts = append(c.things, things), append(c.cards, cards), append(c.hosts, hosts)
	}
	c.noisy = c.learnNoise()
	return c
}

// now is the number of tonight.
func (c *comparison) now() int { return len(c.nights) - 1 }

// things lists what a night found, but for what is no tracker.
func (n Night) things() (map[string]*thing, map[string]classify.Tracker) {
	g := grouping{site: crawler.HostOf(n.site), unknown: unknownHosts(n.result.Trackers)}
	things, hosts := map[string]*thing{}, map[string]classify.Tracker{}
	for _, t := range n.result.Trackers {
		if t.Kind == classify.KindRequest {
			hosts[t.Name] = t
		}
		if t.Verdict == classify.NotATracker {
			continue
		}
		card := g.lasting(t)
		key := card
		if t.Kind == classify.KindCookie || t.Kind == classify.KindStorage {
			key = t.ID
		}
		if things[key] == nil {
			things[key] = &thing{key: key, card: card}
		}
		things[key].trackers = append(things[key].trackers, t)
	}
	return things, hosts
}

// lasting is the key of a tracker's card over many nights: of what nobody can name the registrable domain, also of the
// site's own, for which of its hosts answers may change.
func (g grouping) lasting(t classify.Tracker) string {
	if t.Vendor != "" {
		return "vendor " + string(t.Vendor)
	}
	return "host " + domainOf(g.host(t))
}

// views are the pages on which a thing of night i was seen.
func (c *comparison) views(i int, t *thing) []view {
	var out []view
	for _, one := range t.trackers {
		out = append(out, c.nights[i].views(one)...)
	}
	return out
}

// mark is what one night says of a thing.
type mark int

const (
	unknown mark = iota // its pages were not seen
	absent
	present
)

// again is how many of the pages on which something was seen another night must have seen to say that it lacks it.
type again bool

const (
	someAgain again = false // any, or that a page did not exist
	allAgain  again = true
)

// marks says of each night whether it had a thing that night i has.
func (c *comparison) marks(i int, t *thing, a again) []mark {
	views := c.views(i, t)
	out := make([]mark, len(c.nights))
	for j := range c.nights {
		switch {
		case c.things[j][t.key] != nil:
			out[j] = present
		case c.lacks(j, i, views, a):
			out[j] = absent
		}
	}
	return out
}

// lacks reports whether night j can tell that it has not what night i saw on these pages.
func (c *comparison) lacks(j, i int, views []view, a again) bool {
	sees := func(v view) bool { return c.nights[j].saw(v, c.nights[i]) }
	if a == allAgain {
		return len(views) > 0 && !slices.ContainsFunc(views, func(v view) bool { return !sees(v) })
	}
	return slices.ContainsFunc(views, func(v view) bool {
		return sees(v) || c.nights[j].whole(v.scenario) && !c.nights[j].knew(v.url)
	})
}

// whole reports whether the night saw all there was in a scenario.
func (n Night) whole(s crawler.Scenario) bool { return n.Whole && n.answered[s] }

// knew reports whether the night came upon a page, seen or failed.
func (n Night) knew(url string) bool {
	return slices.ContainsFunc(crawler.Scenarios, func(s crawler.Scenario) bool {
		v := view{url, s}
		return n.seen[v] != "" || n.failed[v]
	})
}

// told drops the nights that cannot tell.
func told(marks []mark) []mark {
	return slices.DeleteFunc(slices.Clone(marks), func(m mark) bool { return m == unknown })
}

// event is a thing that came or went.
type event struct {
	*thing
	night int  // the scan that saw it first since it came, or last before it went
	whole bool // all of its tracker came or went with it
}

// came are the things of tonight that are new.
func (c *comparison) came() []event {
	var out []event
	missing := c.missing()
	for _, key := range slices.Sorted(maps.Keys(c.things[c.now()])) {
		t := c.things[c.now()][key]
		marks := c.marks(c.now(), t, someAgain)
		if known := told(marks); len(known) > 1 && isNew(known, c.unsteady(c.now(), t, known)) && !t.drawn(missing) {
			first := runStart(marks, present)
			away := runStart(marks[:first], absent)
			out = append(out, event{t, first, !c.hadCard(t.card, away, first)})
		}
	}
	return out
}

// runStart is the first night of that mark in the run of it that ends the list, nights that cannot tell left aside.
func runStart(marks []mark, m mark) int {
	first := len(marks)
	for i := len(marks) - 1; i >= 0 && (marks[i] == m || marks[i] == unknown); i-- {
		if marks[i] == m {
			first = i
		}
	}
	return first
}

// hadCard reports whether any of the nights from..to-1 had anything of a tracker.
func (c *comparison) hadCard(card string, from, to int) bool {
	return slices.ContainsFunc(c.cards[from:to], func(cards map[string]bool) bool { return cards[card] })
}

// isNew judges the marks of something that is there tonight.
func isNew(marks []mark, restless bool) bool {
	run := lastRun(marks)
	before := marks[:len(marks)-run]
	if restless {
		return run == sureRun && len(before) >= sureRun && !slices.Contains(before, present)
	}
	if run != 1 {
		return false // it was there last time
	}
	away := lastRun(before)
	earlier := before[:len(before)-away]
	return len(earlier) == 0 || away >= steadyRun && lastRun(earlier) >= steadyRun // never seen, or back after long
}

// lastRun is how many marks at the end are the same.
func lastRun(marks []mark) int {
	n := 0
	for n < len(marks) && marks[len(marks)-1-n] == marks[len(marks)-1] {
		n++
	}
	return n
}

// went are the things of earlier nights that are gone tonight.
func (c *comparison) went() []event {
	var out []event
	last := c.lastSeen()
	for _, key := range slices.Sorted(maps.Keys(last)) {
		i := last[key]
		t := c.things[i][key]
		marks := c.marks(i, t, allAgain)
		if marks[c.now()] == absent && c.isGone(i, t, told(marks)) && !t.drawn(c.fresh(c.now(), i)) {
			out = append(out, event{t, i, !c.cards[c.now()][t.card]})
		}
	}
	return out
}

// isGone judges the marks of a thing of night i that is not there tonight.
func (c *comparison) isGone(i int, t *thing, marks []mark) bool {
	away := lastRun(marks)
	there := lastRun(marks[:len(marks)-away])
	switch {
	case c.unsteady(i, t, marks):
		return away == sureRun && there >= sureRun
	case there+away == len(marks):
		return away == 1
	}
	return away == max(1, sureRun-there)
}

// missing are the things of earlier nights that are not there tonight.
func (c *comparison) missing() []*thing {
	var out []*thing
	for key, i := range c.lastSeen() {
		out = append(out, c.things[i][key])
	}
	return out
}

// lastSeen tells of each thing that is not there tonight in which night it was seen last.
func (c *comparison) lastSeen() map[string]int {
	out := map[string]int{}
	for i, things := range c.things[:c.now()] {
		for key := range things {
			out[key] = i
		}
	}
	for key := range c.things[c.now()] {
		delete(out, key)
	}
	return out
}

// drawn reports whether t is one thing under a new name each night: tonight has, or lacks, something that differs in
// nothing but the letters of its name.
func (t *thing) drawn(others []*thing) bool {
	return slices.ContainsFunc(others, func(o *thing) bool { return renamed(o.trackers[0], t.trackers[0]) })
}

// fresh are the things of night i that night j has not, sorted.
func (c *comparison) fresh(i, j int) []*thing {
	var out []*thing
	for _, key := range slices.Sorted(maps.Keys(c.things[i])) {
		if c.things[j][key] == nil {
			out = append(out, c.things[i][key])
		}
	}
	return out
}

// renamed reports whether two things that nobody knows differ in nothing but the letters of their names.
func renamed(a, b classify.Tracker) bool {
	stored := a.Kind == classify.KindCookie || a.Kind == classify.KindStorage
	return stored && a.Kind == b.Kind && a.Vendor == "" && b.Vendor == "" && a.Domain == b.Domain && a.SetBy == b.SetBy &&
		a.Storage == b.Storage && a.Identifier == b.Identifier && len(a.Name) == len(b.Name)
}

// changes makes the words of what came or went, one Change for each tracker as people count them.
func (c *comparison) changes(events []event) []Change {
	var out []Change
	index := map[string]int{}
	for _, e := range events {
		if stored := e.key != e.card; !stored && !e.whole {
			continue // another host of a tracker that is there all along
		}
		i, ok := index[e.card]
		if !ok {
			i = len(out)
			index[e.card] = i
			out = append(out, Change{Name: e.name(), Whole: e.whole, Verdict: e.trackers[0].Verdict, Since: c.nights[e.night].Started})
		}
		out[i].add(e.thing)
	}
	sortChanges(out)
	return out
}

// add puts t into the change of its tracker.
func (c *Change) add(t *thing) {
	for _, one := range t.trackers {
		p := newPart(one)
		c.Category = worse(intrusion, c.Category, p.Category)
		c.Verdict = worse(verdictRank, c.Verdict, p.Verdict)
		c.Parts = union(c.Parts, []string{p.Kind + " " + p.Label()})
		c.IDs = union(c.IDs, []string{bound(one.ID)})
		if c.Why == "" && len(p.Pages) > 0 {
			c.Why = "Seen on " + number(one.PageCount, "page", "pages") + ", first " + p.Pages[0] + "."
		}
	}
}

// sortChanges puts whole trackers first, then what weighs most.
func sortChanges(list []Change) {
	slices.SortStableFunc(list, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(one(b.Whole), one(a.Whole)), cmp.Compare(rank(verdictRank, a.Verdict), rank(verdictRank, b.Verdict)),
			cmp.Compare(rank(intrusion, a.Category), rank(intrusion, b.Category)), cmp.Compare(a.Name, b.Name),
		)
	})
}
