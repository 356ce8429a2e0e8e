package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"trackscan/classify"
	"trackscan/crawler"
)

// Night is one judged scan among several of a site: what was found, and which pages were seen well enough to say what
// is not on them. All nights that are held against each other must be judged with the same knowledge, today's, so that
// better knowledge never looks like a change of the site.
type Night struct {
	Started time.Time
	Whole   bool

	result   classify.Result
	policies []classify.Policy // empty when there was none or a part of it could not be read
	site     string
	seen     map[view]string           // pages that were seen, with where they led
	failed   map[view]bool             // pages that were not
	answered map[crawler.Scenario]bool // scenarios that came to something
	trackers map[string]bool           // by ID
	findings map[string]bool           // by ID
}

// view is a page in one scenario.
type view struct {
	url      string
	scenario crawler.Scenario
}

// NewNight keeps of a judged scan what Compare and Build need. It changes none of its arguments and keeps no page.
func NewNight(scan *crawler.Scan, result classify.Result, policies []classify.Policy) Night {
	n := Night{
		Started: scan.Started.UTC().Truncate(time.Second), Whole: scan.Whole(), result: result, site: scan.Site,
		seen: map[view]string{}, failed: map[view]bool{}, answered: map[crawler.Scenario]bool{},
		trackers: map[string]bool{}, findings: map[string]bool{},
	}
	for _, t := range result.Trackers {
		n.trackers[t.ID] = true
	}
	for _, f := range result.Findings {
		n.findings[f.ID] = true
	}
	if !slices.ContainsFunc(scan.Failures, func(f crawler.Failure) bool { return f.Stage == crawler.StagePolicy }) {
		n.policies = policies
	}
	for _, a := range scan.Scenarios {
		n.answered[a.Scenario] = a.Result == crawler.Answered
	}
	for _, f := range scan.Failures {
		n.failed[view{f.URL, cmp.Or(f.Scenario, crawler.NoChoice)}] = true
	}
	for i := range scan.Pages {
		n.see(&scan.Pages[i])
	}
	return n
}

// see notes a page. An error page, an empty one, and one that led somewhere else or was not seen to its end tell
// nothing about what is missing on them.
func (n Night) see(p *crawler.Page) {
	v := view{p.URL, p.Scenario}
	if p.Status < 200 || p.Status >= 400 || p.Blank || n.failed[v] {
		n.failed[v] = true
		return
	}
	led, _, _ := strings.Cut(p.FinalURL, "?")
	n.seen[v] = led
}

// saw reports whether the night looked at a page as other did: in the same scenario, and led to the same place.
func (n Night) saw(v view, other Night) bool {
	led, ok := n.seen[v]
	before, known := other.seen[v]
	return ok && (!known || led == before)
}

// views are the pages on which t was seen, in the scenarios in which it was.
func (n Night) views(t classify.Tracker) []view {
	var out []view
	for _, s := range t.Scenarios {
		for _, url := range t.Pages {
			if v := (view{url, crawler.Scenario(s)}); n.seen[v] != "" {
				out = append(out, v)
			}
		}
	}
	return out
}
