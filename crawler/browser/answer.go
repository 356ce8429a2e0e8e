package browser

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/storage"

	"trackscan/crawler"
	"trackscan/crawler/browser/consent"
)

// The times of answering. While virtual time is at hand (see beat) they count in it.
const (
	bannerCap  = 800 * time.Millisecond // a banner that is not there by then may still come in virtual time
	layerCap   = 2 * time.Second        // a second layer comes within
	deafCap    = time.Second            // a button that has done nothing by then is pressed once more: banners show before they listen
	confirmCap = 4 * time.Second        // an answer is recorded within
	beatReal   = 60 * time.Millisecond
	beatPassed = 250.0 // virtual ms
	mouseCap   = 2 * time.Second
)

// maxLayers is how deep a way to reject may hide: banner, settings, a list in them.
const maxLayers = 3

// answer is the answering of one banner.
type answer struct {
	*visit
	kind   consent.Button
	clicks int

	// what there was before the click that answers
	at     int // navigation
	stored consent.Stored
	told   consent.Told
	banner *sighting
	again  func() // presses that button once more; nil before any was pressed
}

// toAnswer reports whether the visit has an answer still to give.
func (v *visit) toAnswer() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.visit.Answer && v.answered.IsZero() && (v.page.Consent == nil || v.page.Consent.Result == "")
}

// answerBanner looks for a banner and answers it as the visit's scenario says. It reports false when there is none yet;
// with last it also takes that down.
func (v *visit) answerBanner(ctx context.Context, last bool) bool {
	a := &answer{visit: v, kind: consent.Accept}
	if v.visit.Scenario == crawler.Reject {
		a.kind = consent.Reject
	}
	steps := v.browser.opts.Steps[v.visit.Scenario]
	seen := a.awaitBanner(ctx, last)
	switch v.noteBanner(seen); {
	case len(seen) > 0:
		v.picture(ctx, "banner")
	case !last:
		return false
	}
	switch {
	case len(steps) > 0:
		a.walk(ctx, steps)
	case len(seen) == 0:
		a.conclude(crawler.NotApplicable, "no banner was shown")
	default:
		a.give(ctx, seen)
	}
	return true
}

// awaitBanner waits a moment for a banner. Most are there when the page has settled; what comes later comes in virtual
// time, which costs none.
func (a *answer) awaitBanner(ctx context.Context, last bool) []sighting {
	limit := bannerCap
	if last {
		limit = 0
	}
	var seen []sighting
	a.until(ctx, limit, func() bool { seen = a.sight(ctx); return len(seen) > 0 })
	return seen
}

// until asks done again and again, at least once, until it says so or the time is over: time on the clock, or that of
// the page where it lives in virtual time.
func (a *answer) until(ctx context.Context, limit time.Duration, done func() bool) bool {
	began, passed := time.Now(), time.Duration(0)
	for {
		switch {
		case done():
			return true
		case max(passed, time.Since(began)) >= limit || ctx.Err() != nil:
			return false
		}
		passed += a.beat(ctx)
	}
}

// beat lets a little time pass for the page: virtual time where it lives in that, because timers stand still there.
func (v *visit) beat(ctx context.Context) (passed time.Duration) {
	v.mu.Lock()
	virtual := v.passing == v.navigations
	v.mu.Unlock()
	if !virtual {
		select {
		case <-time.After(beatReal):
		case <-ctx.Done():
		}
		return 0
	}
	frames, _ := v.living()
	for _, p := range frames {
		v.pass(p, emulation.VirtualTimePolicyAdvance, beatPassed)
	}
	v.awaitExpiry(ctx, frames)
	return time.Duration(beatPassed) * time.Millisecond
}

// give answers a banner that was seen.
func (a *answer) give(ctx context.Context, seen []sighting) {
	if !choice(seen) {
		a.conclude(crawler.NotApplicable, "the banner only informs, it offers no choice")
		return
	}
	pressed := a.byManager(ctx, seen)
	for layer := 0; !pressed && layer < maxLayers; layer++ {
		if pressed = a.byWords(ctx, seen); pressed {
			break
		}
		next := a.open(ctx, seen)
		if next == nil {
			break
		}
		seen = next
	}
	if !pressed {
		a.conclude(crawler.NotApplicable, "the banner has no way to "+string(a.kind))
		return
	}
	a.confirm(ctx)
}

func choice(seen []sighting) bool {
	for _, s := range seen {
		if s.Choice() {
			return true
		}
	}
	return false
}

// byManager follows the ways that are known of the banner's consent manager.
func (a *answer) byManager(ctx context.Context, seen []sighting) bool {
	for i, s := range seen {
		if s.Manager == nil {
			continue
		}
		ways := s.Manager.Accept
		if a.kind == consent.Reject {
			ways = s.Manager.Reject
		}
		for _, way := range ways {
			if a.follow(ctx, &seen[i], way) {
				return true
			}
		}
	}
	return false
}

// follow presses one thing after the other, the last of which answers. A way whose first step is not there is none;
// one that breaks off later leaves the banner open for other ways.
func (a *answer) follow(ctx context.Context, s *sighting, way []string) bool {
	for i, selector := range way {
		limit := layerCap
		if i == 0 {
			limit = 0
		}
		n := -1
		if !a.until(ctx, limit, func() bool { n = s.find(ctx, selector); return n >= 0 }) {
			return false
		}
		if i == len(way)-1 {
			return a.press(ctx, s, n)
		}
		a.clicks++
		if s.click(ctx, n) != nil {
			return false
		}
		a.beat(ctx)
	}
	return false
}

// find looks for a visible element, by selector, or by its text after "text=".
func (s spot) find(ctx context.Context, step string) int {
	arg := map[string]string{"selector": step}
	if text, ok := strings.CutPrefix(step, "text="); ok {
		arg = map[string]string{"text": text}
	}
	var found struct{ N int }
	if s.ask(ctx, consent.Ask("find", arg), &found) != nil {
		return -1
	}
	return found.N
}

// byWords presses the button that says what is to be answered; where there is none, it sets the switches so and saves.
func (a *answer) byWords(ctx context.Context, seen []sighting) bool {
	for i := range seen {
		if to := seen[i].To(a.kind); to != nil {
			return a.press(ctx, &seen[i], to.N)
		}
	}
	for i := range seen {
		if save := seen[i].First(consent.Save); save != nil && len(seen[i].Switches) > 0 {
			a.set(ctx, &seen[i])
			return a.press(ctx, &seen[i], save.N)
		}
	}
	return false
}

// set turns the optional switches of a banner on or off.
func (a *answer) set(ctx context.Context, s *sighting) {
	on := a.kind == consent.Accept
	for _, w := range s.Switches {
		if w.On == on || w.Off || !on && !w.Optional() {
			continue
		}
		a.clicks++
		_ = s.click(ctx, w.N)
	}
}

// open opens the settings of a banner and returns what is to be seen then; nil when there is nothing new.
func (a *answer) open(ctx context.Context, seen []sighting) []sighting {
	for i := range seen {
		settings := seen[i].First(consent.Settings)
		if settings == nil {
			continue
		}
		a.clicks++
		if seen[i].click(ctx, settings.N) != nil {
			return nil
		}
		var next []sighting
		if a.until(ctx, layerCap, func() bool { next = a.sight(ctx); return a.leads(next) }) {
			return next
		}
		return nil
	}
	return nil
}

// leads reports whether something that is seen can give the answer.
func (a *answer) leads(seen []sighting) bool {
	for _, s := range seen {
		if s.To(a.kind) != nil || s.First(consent.Save) != nil && len(s.Switches) > 0 {
			return true
		}
	}
	return false
}

// press gives the answer: what comes from now on is what it leads to.
func (a *answer) press(ctx context.Context, s *sighting, n int) bool {
	a.clicks++
	a.at, a.banner = a.navigation(), s
	a.stored, a.told = a.read(ctx), a.hear(ctx)
	a.beginAnswer()
	a.again = func() { _ = s.click(ctx, n) }
	return s.click(ctx, n) == nil
}

// read takes what is stored now, values and all; it is compared and forgotten.
//
// Storage is taken from what was told of its changes: the frame that recorded the answer may be gone.
func (a *answer) read(ctx context.Context) consent.Stored {
	var all consent.Stored
	jar, err := call(ctx, a.chrome.root, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: a.context})
	if err == nil {
		for _, c := range jar.Cookies {
			all = append(all, consent.Item{Kind: "cookie", Name: c.Name, Value: c.Value})
		}
	}
	a.mu.Lock()
	for key, items := range a.areas {
		kind := "session"
		if key.local {
			kind = "local"
		}
		for name, value := range items {
			all = append(all, consent.Item{Kind: kind, Name: name, Value: value})
		}
	}
	a.mu.Unlock()
	all.Sort()
	return all
}

// walk takes the steps that a user's configuration gives for this site.
func (a *answer) walk(ctx context.Context, steps []string) {
	for i, step := range steps {
		var at spot
		n := -1
		if !a.until(ctx, layerCap, func() bool { at, n = a.search(ctx, step); return n >= 0 }) {
			a.conclude(crawler.NotConfirmed, "step "+step+" of the configuration: there is no such element")
			return
		}
		if i == len(steps)-1 {
			a.press(ctx, &sighting{spot: at}, n)
			break
		}
		a.clicks++
		_ = at.click(ctx, n)
		a.beat(ctx)
	}
	a.confirm(ctx)
}

// search looks for the element of a step in the page and its frames.
func (a *answer) search(ctx context.Context, step string) (spot, int) {
	main, err := mainSpot(ctx, a.visit)
	if err != nil {
		return spot{}, -1
	}
	for _, s := range append([]spot{main}, a.otherSpots(ctx)...) {
		if n := s.find(ctx, step); n >= 0 {
			return s, n
		}
	}
	return spot{}, -1
}

// confirm reads the answer back, and takes the page's picture after it.
func (a *answer) confirm(ctx context.Context) {
	why := "nothing shows that the answer was recorded"
	where := ""
	recorded := func() bool {
		if a.navigation() != a.at {
			a.awaitLoad(ctx)
		}
		a.quiet(ctx, quietCap)
		var objection string
		if where, objection = a.evidence(ctx); objection != "" {
			why = objection
		}
		return where != ""
	}
	ok := a.until(ctx, deafCap, recorded)
	if !ok {
		if a.again != nil && !a.gone(ctx) {
			a.again()
		}
		ok = a.until(ctx, confirmCap, recorded)
	}
	a.picture(ctx, "after "+string(a.kind))
	if !ok {
		a.conclude(crawler.NotConfirmed, why)
		return
	}
	a.conclude(crawler.Answered, "")
	a.mu.Lock()
	a.page.Consent.Confirmed = where
	a.mu.Unlock()
}

// evidence tells where the answer can be read: in the record of the banner's consent manager, in what the consent APIs
// say, in a Consent Mode update, in a record that tells of each purpose, or, once the banner is gone, in one that changed,
// whatever its name. Records that say the opposite are an objection.
func (a *answer) evidence(ctx context.Context) (where, objection string) {
	stored, told := a.read(ctx), a.hear(ctx)
	changed := stored.Changed(a.stored)
	gone := a.gone(ctx)
	m := a.manager(told)
	if m != nil {
		what, at := a.decision(ctx, m, stored)
		fresh, _ := m.Decision(changed)
		switch {
		case what == a.kind && (gone || fresh == a.kind):
			return at, ""
		case what != consent.Other && what != a.kind && gone:
			return "", at + " says the opposite"
		}
	}
	if where := a.apiEvidence(told); where != "" {
		return where, ""
	}
	if it := changed.Spoken(a.kind); it != nil {
		return it.Where(), ""
	}
	if it := changed.Generic(a.kind); it != nil && gone {
		return it.Where(), ""
	}
	if m != nil && gone {
		return m.Renamed(changed, a.kind), ""
	}
	return "", ""
}

// decision asks a manager's records, those in its own API too.
func (a *answer) decision(ctx context.Context, m *consent.Manager, stored consent.Stored) (consent.Button, string) {
	if what, where := m.Decision(stored); what != consent.Other {
		return what, where
	}
	for _, r := range m.Read {
		if r.API == "" {
			continue
		}
		var what consent.Button
		if evaluate(ctx, a.main, runtime.EvaluateParams{Expression: r.Script()}, &what) == nil && what != consent.Other {
			return what, r.API
		}
	}
	return consent.Other, ""
}

// apiEvidence tells which of the consent APIs shows the answer.
func (a *answer) apiEvidence(told consent.Told) string {
	accepts := a.kind == consent.Accept
	switch {
	case told.Purposes != nil && (told.Action || told.TCF != a.told.TCF) && accepts == (*told.Purposes > 0):
		return "__tcfapi"
	case told.GPP != "" && told.GPP != a.told.GPP:
		return "__gpp"
	case told.USP != "" && told.USP != a.told.USP:
		return "__uspapi"
	}
	if n := len(told.Modes); n > 0 && (n > len(a.told.Modes) || a.navigation() != a.at) {
		if last := told.Modes[n-1]; last.Command == "update" && accepts == last.Tracks() {
			return "Consent Mode"
		}
	}
	return ""
}

// manager is that of the banner, else that of the page.
func (a *answer) manager(told consent.Told) *consent.Manager {
	if a.banner != nil && a.banner.Manager != nil {
		return a.banner.Manager
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.managerOf(told)
}

// gone reports whether no banner asks any more.
func (a *answer) gone(ctx context.Context) bool { return !choice(a.sight(ctx)) }

// conclude takes down what came of answering.
func (a *answer) conclude(result crawler.Outcome, why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.page.Consent == nil {
		a.page.Consent = &crawler.ConsentState{}
	}
	s := a.page.Consent
	s.Result, s.Why = result, why
	switch {
	case result != crawler.Answered:
	case a.kind == consent.Accept:
		s.AcceptClicks = a.clicks
	default:
		s.RejectClicks = a.clicks
	}
}
