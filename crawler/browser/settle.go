package browser

import (
	"context"
	"sync"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
)

// The times of a visit. What can be measured on the page follows the page; these are its bounds.
const (
	loadCap    = 12 * time.Second       // a page whose load event does not come by then goes on without it
	quietMin   = 15 * time.Millisecond  // nothing new for this long is quiet, when answers are fast
	quietMax   = 400 * time.Millisecond // ... and at most this long when they are slow
	quietCap   = 1500 * time.Millisecond
	scrollCap  = 3 * time.Second
	hangCap    = 4 * time.Second        // a document that hangs in the middle for this long goes on as it is
	standstill = 250 * time.Millisecond // virtual time that stands still for this long waits for something that hangs
	expiryCap  = 4 * time.Second
	pageLife   = 10_000.0 // virtual ms that every page lives after its load
	maxLives   = 4        // a page that goes on to another page is followed so often
	// maxNavigations is how many documents of one page are loaded: browsers allow 20 redirects, and a page that goes on
	// more often by script goes on for ever.
	maxNavigations = 20
)

// lifeParts are the steps in which a page lives through pageLife: between two of them frames and workers that the page
// has made meanwhile join in.
var lifeParts = []float64{pageLife * .2, pageLife * .3, pageLife * .5}

// settle lives through the page from navigation to leaving.
//
// Order matters. Scrolling needs real time, so it comes before virtual time; virtual time cannot be left again but by
// navigating; and leaving comes last, because a page may fall silent after it. A page that goes on to another page
// (meta refresh, script) is followed: the visitor sees that one. On a journey this is done for each page.
func (v *visit) settle(ctx context.Context) error {
	for range maxLives {
		v.keepTime(ctx)
		v.awaitLoad(ctx)
		at := v.navigation()
		v.quiet(ctx, quietCap)
		if v.toAnswer() && v.answerBanner(ctx, false) && v.navigation() != at {
			continue
		}
		v.scroll(ctx)
		if v.browser.opts.Forms {
			v.fillForms(ctx)
		}
		v.quiet(ctx, quietCap)
		v.live(ctx)
		if v.navigation() == at && v.toAnswer() && v.answerBanner(ctx, true) && v.navigation() == at {
			v.live(ctx)
		}
		if v.navigation() == at || v.navigation() > maxNavigations*(1+v.gone) || ctx.Err() != nil {
			break
		}
	}
	if v.goesOn(ctx) {
		return v.settle(ctx)
	}
	v.regard(ctx)
	if v.visit.Document {
		v.keepDocument(ctx)
		v.keepDeclared(ctx)
	}
	v.stopTime(ctx)
	v.leave(ctx)
	return ctx.Err()
}

// wait returns when done, asked with v.mu held after every change, says so; at the cap; or when ctx ends. done also
// tells when to ask again although nothing has changed; zero for never.
func (v *visit) wait(ctx context.Context, limit time.Duration, done func() (ok bool, again time.Duration)) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		v.mu.Lock()
		ok, again := done()
		v.mu.Unlock()
		if ok {
			return
		}
		var timer <-chan time.Time
		if again > 0 {
			timer = time.After(again)
		}
		select {
		case <-v.changed:
		case <-timer:
		case <-ctx.Done():
			return
		}
	}
}

// awaitLoad waits for the load event. A page whose parts hang gets no load event: when nothing has happened for a
// second after the document was read, it goes on without.
func (v *visit) awaitLoad(ctx context.Context) {
	v.wait(ctx, loadCap, func() (bool, time.Duration) {
		idle := time.Since(v.lastChange)
		switch {
		case v.loaded || v.crashed || v.chrome.dead():
			return true, 0
		case v.parsed && idle > time.Second, v.navigations > 0 && idle > hangCap, v.navigations > maxNavigations*(1+v.gone):
			v.page.Capped = true
			return true, 0
		}
		return false, 300 * time.Millisecond
	})
}

// quiet waits until nothing is under way and nothing new has come for a spell that follows the answer times of the
// site: what answers in 20 ms is quiet sooner than what answers in 300.
func (v *visit) quiet(ctx context.Context, limit time.Duration) {
	v.wait(ctx, limit, func() (bool, time.Duration) {
		spell := min(max(v.answerTime(), quietMin), quietMax)
		idle := time.Since(v.lastChange)
		if v.crashed || v.chrome.dead() || !v.busy() && idle >= spell {
			return true, 0
		}
		return false, max(spell-idle, time.Millisecond)
	})
}

// answerTime is the mean time from a request to the head of its answer. v.mu is held.
func (v *visit) answerTime() time.Duration {
	if v.answers == 0 {
		return 0
	}
	return v.answering / time.Duration(v.answers)
}

// busy reports whether a request is under way that the page waits for, on leaving also pings, or a frame or worker is
// about to start. v.mu is held.
func (v *visit) busy() bool {
	if v.coming > 0 || v.reading > 0 {
		return true
	}
	for _, p := range v.places {
		if p.starting && !p.gone {
			return true
		}
	}
	for _, x := range v.exchanges {
		if x.inFlight || v.leaving && x.pinging {
			return true
		}
	}
	return false
}

// navigation counts the documents of the page so far.
func (v *visit) navigation() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.navigations
}

// scrollSource scrolls to the end in steps that a reader's eye could follow, and lets lazy content come into view.
const scrollSource = `(async () => {
  const root = document.scrollingElement || document.documentElement;
  const frame = () => new Promise((go) => { requestAnimationFrame(() => go()); setTimeout(go, 50); });
  const step = Math.max(innerHeight * 0.8, 200);
  for (let i = 0, at = 0; i < 40 && root && at < root.scrollHeight - innerHeight; i++) {
    at += step;
    scrollTo({ top: at, behavior: 'instant' });
    await frame();
  }
  await frame();
})()`

// scroll goes slowly to the end of the page, after a first move of the mouse - some pages load their tags only then -
// and a key that writes nothing.
func (v *visit) scroll(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, scrollCap)
	defer cancel()
	tell(v.main.session, input.DispatchMouseEvent, input.DispatchMouseEventParams{
		Type: input.DispatchMouseEventTypeMouseMoved, X: 200, Y: 200,
	})
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		tell(v.main.session, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: kind, Key: "Shift", Code: "ShiftLeft", WindowsVirtualKeyCode: 16,
		})
	}
	_, _ = call(ctx, v.main.session, runtime.Evaluate, runtime.EvaluateParams{
		Expression: scrollSource, AwaitPromise: new(true),
	})
}

// live lets pageLife pass in virtual time in every frame, and pokes the workers, which see the clock jump but sleep on
// until their session is used.
func (v *visit) live(ctx context.Context) {
	v.stopTime(ctx)
	v.lived = true
	for _, part := range lifeParts {
		at := v.navigation()
		v.mu.Lock()
		v.passing = at
		v.mu.Unlock()
		frames, workers := v.living()
		for _, p := range frames {
			v.pass(p, v.policy(), part)
		}
		if late := v.awaitExpiry(ctx, frames); len(late) > 0 {
			// A request that hangs holds virtual time for ever: let it pass all the same.
			for _, p := range late {
				v.pass(p, emulation.VirtualTimePolicyAdvance, part)
			}
			v.awaitExpiry(ctx, late)
		}
		for _, p := range workers {
			tell(p.session, runtime.Evaluate, runtime.EvaluateParams{Expression: "0"})
		}
		v.quiet(ctx, quietCap/3)
		if v.navigation() != at || ctx.Err() != nil {
			return
		}
	}
	v.quiet(ctx, quietCap)
}

// policy is how a page lives in virtual time: it waits for answers. After a click on a link the browser would wait for
// ever; there every page was seen for itself before.
func (v *visit) policy() emulation.VirtualTimePolicy {
	if v.gone > 0 {
		return emulation.VirtualTimePolicyAdvance
	}
	return emulation.VirtualTimePolicyPauseIfNetworkFetchesPending
}

// tick is the pace at which keepTime lets time pass.
const tick = 50 * time.Millisecond

// keepTime has virtual time keep pace with the clock until stopTime. A process that has lived in virtual time never
// leaves it: when it goes on to another page of the site, that page would stand still. Before the first life, and while
// time is kept already, it does nothing.
func (v *visit) keepTime(ctx context.Context) {
	if !v.lived || v.timekeeper != nil {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	v.timekeeper = func() { cancel(); done.Wait() }
	done.Go(func() {
		for ticker := time.NewTicker(tick); ; {
			v.tick()
			select {
			case <-ticker.C:
			case <-ctx.Done():
				ticker.Stop()
				return
			}
		}
	})
}

// tick lets a moment pass in every frame that has none left.
func (v *visit) tick() {
	frames, _ := v.living()
	for _, p := range frames {
		v.mu.Lock()
		idle := p.budgets == 0
		v.mu.Unlock()
		if idle {
			v.pass(p, emulation.VirtualTimePolicyAdvance, float64(tick.Milliseconds()))
		}
	}
}

// stopTime ends keepTime, and waits for the last of its ticks: the end of each budget stops time.
func (v *visit) stopTime(ctx context.Context) {
	if v.timekeeper != nil {
		v.timekeeper()
		v.timekeeper = nil
		frames, _ := v.living()
		v.awaitExpiry(ctx, frames)
	}
}

// pass lets ms of virtual time pass in a target. 100 tasks without progress force the clock on: with 0 a message loop
// holds it for ever, with 10,000 a page that is busy costs a second.
func (v *visit) pass(p *place, policy emulation.VirtualTimePolicy, ms float64) {
	v.mu.Lock()
	p.budgets++
	v.mu.Unlock()
	tell(p.session, emulation.SetVirtualTimePolicy, emulation.SetVirtualTimePolicyParams{
		Policy: policy, Budget: &ms, MaxVirtualTimeTaskStarvationCount: 100,
	})
}

// living are the targets that are still there: those with frames, and workers.
func (v *visit) living() (frames, workers []*place) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range v.places {
		switch {
		case p.gone:
		case p.hasFrames():
			frames = append(frames, p)
		default:
			workers = append(workers, p)
		}
	}
	return frames, workers
}

// awaitExpiry waits until the budgets of all frames have passed, and returns those that stand still.
func (v *visit) awaitExpiry(ctx context.Context, frames []*place) []*place {
	var late []*place
	since := time.Now()
	v.wait(ctx, expiryCap, func() (bool, time.Duration) {
		late = late[:0]
		for _, p := range frames {
			if p.budgets > 0 && !p.gone {
				late = append(late, p)
			}
		}
		idle := min(time.Since(v.lastChange), time.Since(since))
		return len(late) == 0 || idle > standstill || v.crashed, standstill / 2
	})
	return late
}

// leaveSource tells one document that its visitor leaves. A real navigation would send the same beacons, but after the
// last session has been cut off.
const leaveSource = `(() => {
  try {
    for (const [name, value] of [['visibilityState', 'hidden'], ['hidden', true]]) {
      Object.defineProperty(document, name, { get: () => value, configurable: true });
    }
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    dispatchEvent(new Event('beforeunload', { cancelable: true }));
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }));
    dispatchEvent(new Event('unload'));
  } catch { /* a document that is going away */ }
})()`

// leave makes the visitor go, so that what a page sends at the very end is heard.
func (v *visit) leave(ctx context.Context) {
	v.mu.Lock()
	v.leaving = true
	for _, p := range v.places {
		if p.gone || !p.hasFrames() {
			continue
		}
		for id := range p.contexts {
			tell(p.session, runtime.Evaluate, runtime.EvaluateParams{Expression: leaveSource, UniqueContextID: id})
		}
	}
	v.touch()
	v.mu.Unlock()
	v.quiet(ctx, quietCap)
}
