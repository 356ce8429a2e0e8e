package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// journeyPages is the number of pages of a journey (DESIGN, decision 1). Most of what only shows on a later page shows
// on the second one.
const journeyPages = 5

// replay plays every scenario over the page list. First the banner is answered, once for each answer, on the first page
// that asked for a choice. Then every page is seen again by a visitor who brings along what the answer left, or who
// sends the signal, and each scenario has a journey: its first pages in one go. A scenario that cannot be answered is
// not played any further: what a visitor who cannot choose sees is no-choice.
func (c *crawl) replay(ctx context.Context) {
	list := c.pageList()
	if ctx.Err() != nil || len(list) == 0 {
		c.playNothing(ctx)
		return
	}
	asks := slices.IndexFunc(list, func(v visited) bool { return v.page.Consent != nil && v.page.Consent.Choice })
	sessions := c.answerAll(ctx, list, asks)
	var outings []outing
	for i, a := range c.scan.Scenarios {
		if a.Result == Answered {
			outings = append(outings, c.outings(a.Scenario, list, sessions[i])...)
		}
	}
	c.mu.Lock()
	c.known = c.done + len(outings)
	c.mu.Unlock()
	c.replays = append(c.replays, c.render(ctx, outings)...)
	slices.SortStableFunc(c.replays, func(a, b visited) int { return cmp.Compare(a.turn(), b.turn()) })
}

// pageList are the pages that were seen whole without a choice: where one failed there is nothing to compare with.
func (c *crawl) pageList() []visited {
	return slices.DeleteFunc(slices.Clone(c.pages), func(v visited) bool { return !v.good })
}

// turn is the place of a page's scenario among all.
func (v visited) turn() int { return slices.Index(Scenarios, v.page.Scenario) }

// playNothing says of every scenario why it was not played.
func (c *crawl) playNothing(ctx context.Context) {
	for i := range c.scan.Scenarios {
		a := &c.scan.Scenarios[i]
		if a.Scenario == NoChoice || ctx.Err() == nil {
			continue
		}
		a.Result, a.Why = NotConfirmed, interruption(ctx.Err())
		c.fail(ctx, Visit{URL: c.scan.Site, Scenario: a.Scenario}, stageOf(a.Scenario), ctx.Err())
	}
}

// answers reports whether a scenario is one in which the banner is answered.
func (s Scenario) answers() bool { return s == Accept || s == Reject }

// stageOf is the stage at which a scenario fails that cannot be begun.
func stageOf(s Scenario) Stage {
	if s.answers() {
		return StageConsent
	}
	return StageRender
}

// outings are the visits of a scenario: its journey, which takes longest and begins with a click on an advertisement, and
// the page list; without a choice the pages were visited to find them, and the journey comes back to the first one
// without its cookies.
func (c *crawl) outings(s Scenario, list []visited, session *Session) []outing {
	var all []outing
	if first := list[0]; s.journeys(len(list)) > 0 {
		v := Visit{URL: first.url, Scenario: s, Session: session, Clicked: true}
		for _, next := range list[1:min(len(list), journeyPages)] {
			v.Journey = append(v.Journey, next.url)
		}
		if s == NoChoice {
			v.Journey, v.Forgets = append(v.Journey, first.url), true
		}
		all = append(all, outing{first.candidate, v, StageRender})
	}
	if s == NoChoice {
		return all
	}
	for _, p := range list {
		all = append(all, outing{p.candidate, Visit{URL: p.url, Scenario: s, Session: session}, StageRender})
	}
	return all
}

// journeys is the number of journeys through n pages: one page is none, but one to come back to without a choice.
func (s Scenario) journeys(n int) int {
	if n > 1 || n == 1 && s == NoChoice {
		return 1
	}
	return 0
}

// visitsOf is the number of visits that n pages take in all scenarios, should every banner be answered.
func (c *crawl) visitsOf(n int) int {
	sum := 0
	for _, a := range c.scan.Scenarios {
		sum += n + a.Scenario.journeys(n)
		if a.Scenario.answers() {
			sum++
		}
	}
	return sum
}

// answerAll has the banner of the page list answered in each scenario that does, and tells what came of every scenario.
// It returns the sessions of those that were answered, by the place of the scenario. asks is the index of the first
// page that asked for a choice, negative when none did.
func (c *crawl) answerAll(ctx context.Context, list []visited, asks int) []*Session {
	sessions := make([]*Session, len(c.scan.Scenarios))
	var asked []outing
	var of []int // the scenario of each
	for i := range c.scan.Scenarios {
		a := &c.scan.Scenarios[i]
		switch a.Banner = bannerOf(list); {
		case !a.Scenario.answers():
			a.Result, a.Why = Answered, ""
		case asks < 0:
			a.Result, a.Why = NotApplicable, c.nothingToAnswer(list)
		default:
			v := Visit{URL: list[asks].url, Scenario: a.Scenario, Answer: true}
			asked, of = append(asked, outing{list[asks].candidate, v, StageConsent}), append(of, i)
		}
	}
	for n, seen := range c.render(ctx, asked) {
		a := &c.scan.Scenarios[of[n]]
		sessions[of[n]] = c.conclude(ctx, a, asked[n].visit, seen)
		c.replays = append(c.replays, seen)
	}
	return sessions
}

// bannerOf names the first banner of the page list; one that asks comes before one that informs.
func bannerOf(list []visited) string {
	name := ""
	for _, v := range list {
		switch s := v.page.Consent; {
		case s == nil || !s.Banner:
		case s.Choice:
			return s.name()
		default:
			name = cmp.Or(name, s.name())
		}
	}
	return name
}

func (s *ConsentState) name() string { return cmp.Or(s.Manager, HomeMade) }

// nothingToAnswer says why no banner can be answered. Banners are shown by country and language, so it tells from where
// was looked.
func (c *crawl) nothingToAnswer(list []visited) string {
	if bannerOf(list) != "" {
		return "the banner only informs, it offers no choice"
	}
	why := "no banner was shown"
	if a := c.opts.Agent; a.Language != "" && a.Timezone != "" {
		why += fmt.Sprintf(" to a visitor with language %s and time zone %s", a.Language, a.Timezone)
	}
	return why
}

// conclude notes what came of the visit that was to answer, and returns the Session to go on with; nil for none.
func (c *crawl) conclude(ctx context.Context, a *Answer, v Visit, seen visited) *Session {
	state := seen.page.Consent
	switch {
	case !seen.good && ctx.Err() != nil:
		a.Result, a.Why = NotConfirmed, interruption(ctx.Err())
		return nil // the visit has told its Failure
	case !seen.good && !c.leaves(seen):
		a.Result, a.Why = NotConfirmed, "the page with the banner could not be seen again"
		return nil // likewise
	case c.leaves(seen):
		a.Result, a.Why = NotConfirmed, "the page with the banner led to another site"
	case state == nil || !state.Banner:
		a.Result, a.Why = NotConfirmed, "the banner that was there without a choice did not show again"
	case state.Result == NotApplicable:
		a.Result, a.Why, a.Banner = NotApplicable, state.Why, state.name()
		return nil
	case state.Result == Answered && seen.session != nil:
		a.Result, a.Why, a.Banner = Answered, "", state.name()
		return seen.session
	default:
		a.Result, a.Why, a.Banner = NotConfirmed, cmp.Or(state.Why, "the answer could not be read back"), state.name()
	}
	c.fail(ctx, v, StageConsent, errors.New(a.Why))
	return nil
}
