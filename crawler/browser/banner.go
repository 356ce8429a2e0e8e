package browser

import (
	"context"
	"slices"

	"github.com/chromedp/cdproto/runtime"

	"trackscan/crawler"
	"trackscan/crawler/browser/consent"
)

// regard notes, at the end of a page's life, how it asked for consent and what it told trackers. A page that did
// neither has no ConsentState.
func (v *visit) regard(ctx context.Context) {
	if !v.looked() {
		seen := v.sight(ctx)
		v.noteBanner(seen)
		if len(seen) > 0 && v.visit.Scenario == crawler.NoChoice && v.browser.firstBanner(v.visit.URL) {
			v.picture(ctx, "banner")
		}
	}
	told := v.hear(ctx)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.page.Consent == nil && (v.managerOf(told) != nil || len(told.Modes) > 0 || told.TCF+told.GPP+told.USP != "") {
		v.page.Consent = &crawler.ConsentState{}
	}
	if s := v.page.Consent; s != nil {
		v.noteTold(s, told)
	}
}

// looked reports whether the visit has looked for a banner to answer.
func (v *visit) looked() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.visit.Answer && v.page.Consent != nil
}

// noteBanner takes down the banner that a visitor sees: the first that asks, else the first.
func (v *visit) noteBanner(seen []sighting) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(seen) == 0 || v.page.Consent != nil && v.page.Consent.Banner {
		return
	}
	first := seen[max(slices.IndexFunc(seen, func(s sighting) bool { return s.Choice() }), 0)]
	s := &crawler.ConsentState{Banner: true, Choice: first.Choice(), Text: first.Text}
	if s.Choice {
		s.AcceptClicks, s.RejectClicks = first.Clicks(consent.Accept), first.Clicks(consent.Reject)
		s.PreTicked = consent.PreTicked(first.switches)
	}
	if first.Manager != nil {
		s.Manager = first.Manager.Name
	}
	v.page.Consent = s
}

// noteTold takes down what trackers were told. v.mu is held.
func (v *visit) noteTold(s *crawler.ConsentState, told consent.Told) {
	if m := v.managerOf(told); m != nil && s.Manager == "" {
		s.Manager = m.Name
	}
	for _, m := range told.Modes {
		slices.Sort(m.Granted)
		slices.Sort(m.Denied)
		s.Modes = append(s.Modes, crawler.ConsentMode{Command: m.Command, Granted: m.Granted, Denied: m.Denied})
	}
	s.TCF, s.GPP, s.USP = told.TCF, told.GPP, told.USP
	for _, g := range told.Groups {
		s.Groups = append(s.Groups, crawler.Grouped{Name: g[0], Group: g[1], About: g[2], Kind: g[3]})
	}
}

// managerOf names the consent manager of a page that shows no banner of it: by its traces in the page's world, else by
// the address that it was loaded from. v.mu is held.
func (v *visit) managerOf(told consent.Told) *consent.Manager {
	if len(told.Managers) > 0 {
		return consent.Managers()[told.Managers[0]]
	}
	for _, m := range consent.Managers() {
		for _, x := range v.exchanges {
			for _, h := range x.hops {
				if m.LoadedFrom(h.url) {
					return m
				}
			}
		}
	}
	return nil
}

// hear asks the page's own world what it tells trackers.
func (v *visit) hear(ctx context.Context) consent.Told {
	var told consent.Told
	_ = evaluate(ctx, v.main, runtime.EvaluateParams{Expression: consent.Tell(), AwaitPromise: new(true)}, &told)
	told.Bound()
	return told
}
