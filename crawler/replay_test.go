package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asking is a banner that offers a choice.
func asking() *ConsentState { return &ConsentState{Banner: true, Manager: "Klaro", Choice: true} }

// replaySite has a banner on two of its pages, and one page that fails.
func replaySite() map[string]fakePage {
	return map[string]fakePage{
		"/":  {links: []string{"/a", "/b", "/c", "Privacy policy -> /privacy"}},
		"/a": {banner: asking(), links: []string{"/d"}},
		"/b": {banner: asking()},
		"/c": {broken: errors.New("crashed")},
		"/d": {}, "/privacy": {document: "We use cookies."},
	}
}

func replayOptions(scenarios ...Scenario) Options {
	opts := testOptions()
	opts.Scenarios = scenarios
	return opts
}

// visitsIn tells the visits of a scenario as "PATH brings SESSION", sorted.
func (s *fakeSite) visitsIn(scenario Scenario) []string {
	var all []string
	for _, v := range s.visits {
		if v.Scenario != scenario || v.Document {
			continue
		}
		line := strings.TrimPrefix(v.URL, fakeHome)
		if v.Answer {
			line += " answers"
		}
		for _, next := range v.Journey {
			line += strings.TrimPrefix(next, fakeHome)
		}
		if v.Session != nil {
			line += " brings " + strings.ReplaceAll(string(v.Session.State()), fakeHome, "")
		}
		all = append(all, line)
	}
	slices.Sort(all)
	return all
}

// pagesIn tells the pages of a scenario in their order.
func pagesIn(scan *Scan, scenario Scenario) []string {
	var all []string
	for _, p := range scan.Pages {
		if p.Scenario == scenario {
			all = append(all, strings.TrimPrefix(p.URL, fakeHome))
		}
	}
	return all
}

func TestReplayAnswersOnceAndCarriesTheSession(t *testing.T) {
	scan, site, err := crawlFake(t, replaySite(), replayOptions(Reject, Accept, GPC))
	require.NoError(t, err)
	require.Equal(t, []Answer{
		{NoChoice, Answered, "", "Klaro"}, {Accept, Answered, "", "Klaro"}, {Reject, Answered, "", "Klaro"}, {GPC, Answered, "", "Klaro"},
	}, scan.Scenarios)
	for _, s := range []Scenario{Accept, Reject} {
		from := fmt.Sprintf(" brings %s at /a", s)
		require.Equal(t, []string{"/" + from, "//a/b/privacy/d" + from, "/a answers", "/a" + from, "/b" + from, "/d" + from, "/privacy" + from}, site.visitsIn(s))
		require.Equal(t, []string{"/a", "/", "/", "/a", "/b", "/privacy", "/d"}, pagesIn(scan, s), "the answering visit, then the journey")
	}
	require.Equal(t, []string{"/", "//a/b/privacy/d", "/a", "/b", "/d", "/privacy"}, site.visitsIn(GPC))
	require.Equal(t, []string{"/", "/a", "/b", "/privacy", "/d", "/"}, pagesIn(scan, NoChoice))
	require.Equal(t, []Scenario{NoChoice, Accept, Reject, GPC}, turns(scan))
	require.Len(t, scan.Failures, 1, "a page that failed without a choice is not tried again")
	for _, p := range scan.Pages {
		require.Nil(t, p.Session)
	}
}

// A server that knows no address with the number of a click in it makes no scan fail: the visitor comes without.
func TestReplayWhereAdvertisementsLeadNowhere(t *testing.T) {
	pages := replaySite()
	delete(pages, "/c")
	home := pages["/"]
	home.links, home.strict = []string{"/a", "/b", "Privacy policy -> /privacy"}, true
	pages["/"] = home
	scan, site, err := crawlFake(t, pages, replayOptions(Accept))
	require.NoError(t, err)
	require.Empty(t, scan.Failures)
	require.True(t, scan.Whole())
	for _, p := range scan.Pages {
		require.Equal(t, 200, p.Status)
	}
	require.Equal(t, []string{"/", "//a/b/privacy/d/", "//a/b/privacy/d/", "/a", "/b", "/d", "/privacy"}, site.visitsIn(NoChoice))
}

// turns are the scenarios in the order of the pages.
func turns(scan *Scan) []Scenario {
	var all []Scenario
	for _, p := range scan.Pages {
		all = append(all, p.Scenario)
	}
	return slices.Compact(all)
}

func TestReplayDoesNotDependOnTabs(t *testing.T) {
	var first string
	for tabs := 1; tabs <= 8; tabs++ {
		site := &fakeSite{pages: replaySite(), delay: 2 * time.Millisecond}
		opts := replayOptions(Scenarios...)
		opts.Tabs = tabs
		scan, err := Crawl(t.Context(), opts, site, site)
		require.NoError(t, err)
		text, err := json.Marshal(scan)
		require.NoError(t, err)
		if first == "" {
			first = string(text)
		}
		require.Equal(t, first, string(text), "with %d tabs", tabs)
	}
}

// TestReplayOutcomes: a banner that cannot be answered is no failure, an answer that is not confirmed is never clean.
func TestReplayOutcomes(t *testing.T) {
	informs := &ConsentState{Banner: true}
	for name, c := range map[string]struct {
		page   fakePage
		result Outcome
		why    string
		banner string
		whole  bool
		visits int
	}{
		"no banner":          {fakePage{}, NotApplicable, "no banner was shown to a visitor with language de-DE and time zone Europe/Berlin", "", true, 0},
		"only informs":       {fakePage{banner: informs}, NotApplicable, "the banner only informs, it offers no choice", HomeMade, true, 0},
		"no such button":     {fakePage{banner: asking(), answered: &ConsentState{Banner: true, Result: NotApplicable, Why: "no reject"}}, NotApplicable, "no reject", HomeMade, true, 1},
		"not read back":      {fakePage{banner: asking(), answered: &ConsentState{Banner: true, Result: NotConfirmed, Why: "nothing changed"}}, NotConfirmed, "nothing changed", HomeMade, false, 1},
		"no word":            {fakePage{banner: asking(), answered: asking()}, NotConfirmed, "the answer could not be read back", "Klaro", false, 1},
		"gone again":         {fakePage{banner: asking(), answered: &ConsentState{Result: NotApplicable}}, NotConfirmed, "the banner that was there without a choice did not show again", "Klaro", false, 1},
		"fails":              {fakePage{banner: asking(), broke: map[Scenario]error{Reject: errors.New("crashed")}}, NotConfirmed, "the page with the banner could not be seen again", "Klaro", false, 1},
		"answered, 2 visits": {fakePage{banner: asking()}, Answered, "", "Klaro", true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			opts := replayOptions(Reject)
			opts.Agent = Agent{Language: "de-DE", Timezone: "Europe/Berlin"}
			scan, site, err := crawlFake(t, map[string]fakePage{"/": c.page}, opts)
			require.NoError(t, err)
			require.Equal(t, Answer{Reject, c.result, c.why, c.banner}, scan.Scenarios[1])
			require.Len(t, site.visitsIn(Reject), c.visits)
			if require.Equal(t, c.whole, scan.Whole()); !c.whole {
				require.Len(t, scan.Failures, 1)
				require.Equal(t, StageConsent, scan.Failures[0].Stage)
				require.Equal(t, Reject, scan.Failures[0].Scenario)
			}
		})
	}
}

func TestReplayFailuresCarryTheirScenario(t *testing.T) {
	pages := replaySite()
	pages["/b"] = fakePage{broke: map[Scenario]error{Accept: errors.New("crashed"), GPC: errors.New("crashed")}}
	delete(pages, "/c")
	scan, _, err := crawlFake(t, pages, replayOptions(Scenarios...))
	require.NoError(t, err)
	require.False(t, scan.Whole())
	require.Len(t, scan.Failures, 2)
	require.Equal(t, Failure{fakeHome + "/b", Accept, StageRender, "crashed"}, scan.Failures[0])
	require.Equal(t, Failure{fakeHome + "/b", GPC, StageRender, "crashed"}, scan.Failures[1])
}

func TestReplayCountsEveryScenario(t *testing.T) {
	var last Event
	most := 0
	opts := replayOptions(Accept, Reject, DNT)
	opts.Tabs = 1
	opts.Observe = func(e Event) {
		require.LessOrEqual(t, e.Done, e.Known)
		last, most = e, max(most, e.Known)
	}
	pages := replaySite()
	delete(pages, "/c")
	pages["/"] = fakePage{links: []string{"/a", "/b", "/privacy"}}
	scan, site, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Equal(t, last.Known, last.Done)
	require.Equal(t, len(scan.Pages), last.Done)
	require.Equal(t, last.Known, most, "nothing was promised that did not come")
	require.Len(t, site.visitsIn(Accept), 7, "five pages, an answer and a journey")
}

// TestReplayInterrupted: a scenario that was not begun is one failure, one that was is a failure for each page to come.
func TestReplayInterrupted(t *testing.T) {
	for _, c := range []struct {
		name  string
		after int // pages
		want  []Outcome
	}{
		{"before the scenarios", 2, []Outcome{Answered, NotConfirmed, NotConfirmed}},
		{"in the middle", 8, []Outcome{Answered, Answered, Answered}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			k := &keeper{after: c.after, stop: cancel}
			opts := replayOptions(Accept, Reject)
			opts.Tabs, opts.Observe = 1, k.observe
			site := &fakeSite{pages: replaySite()}
			scan, err := Crawl(ctx, opts, site, site)
			require.NoError(t, err)
			require.False(t, scan.Whole())
			for i, want := range c.want {
				require.Equal(t, want, scan.Scenarios[i].Result, scan.Scenarios[i].Scenario)
			}
			for _, s := range []Scenario{Accept, Reject} {
				missed := len(slices.DeleteFunc(slices.Clone(scan.Failures), func(f Failure) bool { return f.Scenario != s }))
				if c.after == 2 {
					require.Equal(t, 1, missed)
				} else {
					require.Equal(t, 7, len(pagesIn(scan, s))+missed, "every page was seen or is missed")
				}
			}
		})
	}
}

func TestReplayResumed(t *testing.T) {
	options := func(observe func(Event)) Options {
		opts := resumeOptions(observe)
		opts.Scenarios = Scenarios
		return opts
	}
	site := &fakeSite{pages: replaySite()}
	whole, err := Crawl(t.Context(), options(nil), site, site)
	require.NoError(t, err)
	want, err := json.Marshal(whole)
	require.NoError(t, err)
	for after := 1; after <= len(whole.Pages); after++ {
		ctx, cancel := context.WithCancel(t.Context())
		k := &keeper{after: after, stop: cancel}
		site := &fakeSite{pages: replaySite()}
		_, err := Crawl(ctx, options(k.observe), site, site)
		require.NoError(t, err)
		again := &fakeSite{pages: replaySite()}
		resumed, err := Crawl(t.Context(), options(nil), again, Resume(again, &k.kept))
		require.NoError(t, err)
		got, err := json.Marshal(resumed)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "after %d pages", after)
		for _, p := range k.kept.Pages {
			answered := p.Consent != nil && p.Consent.Result != ""
			seen := slices.ContainsFunc(again.visits, func(v Visit) bool {
				return !v.Document && !v.Answer && v.URL == p.URL && v.Scenario == p.Scenario && len(v.Journey) == len(p.Journey)
			})
			require.False(t, seen && !answered, "%s %s is visited again after %d pages", p.Scenario, p.URL, after)
		}
		require.True(t, slices.ContainsFunc(again.visits, func(v Visit) bool { return v.Answer }), "sessions are not kept")
	}
}
