package browser

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/domstorage"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

// watch has the browser hand us every page, popup, shared worker and service worker before it runs its first line.
// Frames and dedicated workers are handed over by the session of their parent.
func (c *chrome) watch(ctx context.Context) error {
	c.root = c.tap.open("", c.onRootEvent)
	_, err := call(ctx, c.root, target.SetAutoAttach, autoAttach("page", "service_worker", "shared_worker"))
	if err != nil {
		return fmt.Errorf("watch the browser's targets: %w", err)
	}
	return nil
}

func autoAttach(types ...string) target.SetAutoAttachParams {
	p := target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: new(true)}
	for _, t := range types {
		p.Filter = append(p.Filter, target.FilterEntry{Type: t})
	}
	return p
}

// onRootEvent gives a new target to the visit whose browser context it belongs to. Targets of nobody (chromedp's own
// tab, the browser's own pages) are let go.
func (c *chrome) onRootEvent(method string, params jsonv2.Value) {
	if method == fetch.RequestPaused.Method {
		c.onScript(params)
		return
	}
	var e target.EventAttachedToTarget
	if method != target.AttachedToTarget.Method || !event(target.AttachedToTarget, params, &e) {
		return
	}
	c.mu.Lock()
	v, stage := c.visits[e.TargetInfo.BrowserContextID], c.stages[e.TargetInfo.BrowserContextID]
	delete(c.stages, e.TargetInfo.BrowserContextID)
	c.mu.Unlock()
	if stage != nil {
		stage <- e.SessionID
		return
	}
	if v == nil {
		s := &session{tap: c.tap, id: e.SessionID}
		tell(s, runtime.RunIfWaitingForDebugger, cdp.Empty{})
		tell(c.root, target.DetachFromTarget, target.DetachFromTargetParams{SessionID: e.SessionID})
		return
	}
	v.adopt(e)
}

// place is one target of a visit: the page itself, a popup, a frame of another site, or a worker.
type place struct {
	*session
	kind     string // as the protocol names it: page, iframe, worker, shared_worker, service_worker
	targetID target.ID
	url      string // of a worker's script
	parent   *place // nil for what the browser itself hands over
	starting bool   // resumed, and not yet heard of
	heard    int    // bytes of its events, with what reading them costs
	silenced bool   // it is no longer heard
	gone     bool
	contexts map[string]cdp.FrameID // the page's own worlds, by unique id
	budgets  int                    // of virtual time that have not passed; each ends for itself
}

func (p *place) hasFrames() bool { return p.kind == "page" || p.kind == "iframe" }

// adopt makes a new target part of the visit: hooks in place, then it may run. Commands are sent without waiting for
// replies, because a paused target answers only part of them.
func (v *visit) adopt(e target.EventAttachedToTarget) *place {
	p := &place{
		kind:     e.TargetInfo.Type,
		targetID: e.TargetInfo.TargetID,
		url:      e.TargetInfo.URL,
		contexts: map[string]cdp.FrameID{},
		starting: true,
	}
	p.session = v.chrome.tap.open(e.SessionID, func(method string, params jsonv2.Value) { v.onEvent(p, method, params) })
	v.mu.Lock()
	crowded := v.crowded(p)
	v.places[e.SessionID] = p
	v.touch()
	v.mu.Unlock()
	if !crowded {
		v.setUp(p)
	}
	return p
}

// maxOfKind bounds the targets of a visit that may run; workers count together. Real pages have a handful of workers
// and popups, the most crowded auctions some hundred frames.
var maxOfKind = map[string]int{"page": 20, "iframe": 300, "worker": 40}

// crowded reports whether a visit has so many targets that the new one stays as it came: paused before its first
// statement, until the visit is over. v.mu is held.
func (v *visit) crowded(p *place) bool {
	kind := p.kind
	if !p.hasFrames() {
		kind = "worker"
	}
	v.kinds[kind]++
	if v.kinds[kind] <= maxOfKind[kind] {
		return false
	}
	p.starting, p.gone, v.flooded = false, true, true
	return true
}

// setUp prepares a paused target and lets it run.
func (v *visit) setUp(p *place) {
	tell(p.session, network.Enable, network.EnableParams{
		MaxTotalBufferSize: new(int64(maxBodies)), MaxResourceBufferSize: new(int64(maxBodies)), MaxPostDataSize: new(int64(maxBody)),
	})
	v.setSignal(p)
	v.intercept(p)
	tell(p.session, runtime.Enable, cdp.Empty{})
	tell(p.session, setAsyncDepth, asyncCallers)
	if p.hasFrames() {
		v.setUpFrames(p)
	} else if p.kind != worklet {
		tell(p.session, target.SetAutoAttach, autoAttach("worker"))
		tell(p.session, emulation.SetUserAgentOverride, v.browser.who.override())
		v.hookWorker(p)
	}
	v.resumeAfterReply(p)
}

// resumeAfterReply lets a target run when its last command has been carried out. What was merely sent does not survive
// when a frame's first document moves to another process. A target that does not answer while it is paused is
// resumed all the same.
func (v *visit) resumeAfterReply(p *place) {
	resume := sync.OnceFunc(func() {
		tell(p.session, runtime.RunIfWaitingForDebugger, cdp.Empty{})
		post(p.session, runtime.GetIsolateID, cdp.Empty{}, func(runtime.GetIsolateIDResult, error) {
			v.mu.Lock()
			defer v.mu.Unlock()
			p.starting = false
			v.touch()
		})
	})
	fallback := time.AfterFunc(resumeCap, resume)
	post(p.session, runtime.GetIsolateID, cdp.Empty{}, func(runtime.GetIsolateIDResult, error) {
		fallback.Stop()
		resume()
	})
}

// resumeCap is how long a paused target may take to answer, ten times what a loaded machine needs.
const resumeCap = time.Second

// hookWorker puts the hooks into a worker. Before its first statement the global object of a service worker lacks what
// depends on its origin, so it is stopped there (see debugger.Paused in onEvent).
func (v *visit) hookWorker(p *place) {
	if p.kind == "service_worker" {
		tell(p.session, debugger.Enable, debugger.EnableParams{})
		tell(p.session, debugger.Pause, cdp.Empty{})
		return
	}
	tell(p.session, runtime.Evaluate, runtime.EvaluateParams{Expression: v.hooks()})
}

func (v *visit) setUpFrames(p *place) {
	tell(p.session, target.SetAutoAttach, autoAttach("iframe", "worker", worklet))
	tell(p.session, page.Enable, page.EnableParams{})
	tell(p.session, domstorage.Enable, cdp.Empty{})
	v.setViewport(p)
	v.bringTab(p)
	tell(p.session, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: v.hooks()})
	tell(p.session, emulation.SetUserAgentOverride, v.browser.who.override())
	tell(p.session, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	if zone := v.browser.opts.Timezone; zone != "" {
		tell(p.session, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
	}
}

// onEvent takes down one event of one target. It runs on the connection's reading goroutine: it must be quick and may
// not wait.
func (v *visit) onEvent(p *place, method string, params jsonv2.Value) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.over || v.deaf(p, method, len(params)) {
		return
	}
	switch method {
	case target.AttachedToTarget.Method:
		v.onAttached(p, params)
	case target.DetachedFromTarget.Method:
		v.onDetached(params)
	case page.JavascriptDialogOpening.Method:
		tell(p.session, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
	case page.LoadEventFired.Method:
		if p == v.main {
			v.loaded = true
			v.touch()
		}
	case page.DomContentEventFired.Method:
		if p == v.main {
			v.parsed = true
			v.touch()
		}
	case emulation.VirtualTimeBudgetExpired.Method:
		p.budgets = max(0, p.budgets-1)
		v.wake()
	case page.FrameNavigated.Method:
		v.onNavigated(p, params)
	case page.NavigatedWithinDocument.Method:
		var e page.EventNavigatedWithinDocument
		if event(page.NavigatedWithinDocument, params, &e) && v.main != nil && string(e.FrameID) == string(v.main.targetID) {
			v.views++
			v.touch()
		}
	case page.FrameAttached.Method:
		var e page.EventFrameAttached
		if event(page.FrameAttached, params, &e) && len(v.frames) < maxFrames {
			v.frames[e.FrameID] = frame{parent: e.ParentFrameID}
		}
	case fetch.RequestPaused.Method:
		v.onPaused(p, params)
	case fetch.AuthRequired.Method:
		v.onAuthRequired(p, params)
	case debugger.Paused.Method:
		tell(p.session, runtime.Evaluate, runtime.EvaluateParams{Expression: v.hooks()})
		tell(p.session, debugger.Disable, cdp.Empty{})
	case inspectorCrashed:
		v.onCrash(p)
	case runtime.ExecutionContextCreated.Method:
		v.onContextCreated(p, params)
	case runtime.ExecutionContextDestroyed.Method, runtime.ExecutionContextsCleared.Method:
		v.onContextGone(p, method, params)
	case runtime.ConsoleAPICalled.Method:
		v.onNote(p, params)
	case domstorage.DomStorageItemAdded.Method, domstorage.DomStorageItemUpdated.Method,
		domstorage.DomStorageItemRemoved.Method, domstorage.DomStorageItemsCleared.Method:
		v.onDOMStorage(p, method, params)
	default:
		v.onNetworkEvent(p, method, params)
	}
}

// onCrash takes note of a renderer process that died. Without that of the page nothing more can come. v.mu is held.
func (v *visit) onCrash(p *place) {
	p.gone = true
	v.forgetRequestsOf(p, "")
	v.touch()
	if p == v.main {
		v.crashed = true
		v.stop()
	}
}

// asyncCallers is how many asynchronous steps (promises, timers) a stack is followed back: enough to get out of eval'd
// and scheduled code to the script that did it; each step costs time in every promise of the page.
var asyncCallers = debugger.SetAsyncCallStackDepthParams{MaxDepth: 4}

// setAsyncDepth works without the debugger being enabled, which pages can notice.
var setAsyncDepth = cdp.Command[debugger.SetAsyncCallStackDepthParams, cdp.Empty]{Method: "Runtime.setAsyncCallStackDepth"}

// inspectorCrashed is the event of a renderer process that died.
const inspectorCrashed = "Inspector.targetCrashed"

// worklet is the kind of target of audio, paint and animation worklets: modules that load scripts and have nothing that
// a hook could tell of. They are paused like all others, even where nobody asks for them, and the page waits for them.
const worklet = "worklet"

// onAttached takes a child target in. v.mu is held; adopting needs it free, and order does not suffer: the child's
// first event is read after this one.
func (v *visit) onAttached(p *place, params jsonv2.Value) {
	var e target.EventAttachedToTarget
	if !event(target.AttachedToTarget, params, &e) {
		return
	}
	v.mu.Unlock()
	child := v.adopt(e)
	v.mu.Lock()
	child.parent = p
}

// maxFrames bounds the frames whose addresses are kept.
const maxFrames = 10_000

// onNavigated takes down the address of a frame and counts the documents of the page.
func (v *visit) onNavigated(p *place, params jsonv2.Value) {
	var e page.EventFrameNavigated
	if !event(page.FrameNavigated, params, &e) {
		return
	}
	if known, ok := v.frames[e.Frame.ID]; ok || len(v.frames) < maxFrames {
		v.frames[e.Frame.ID] = frame{url: e.Frame.URL, parent: cmp.Or(e.Frame.ParentID, known.parent)}
	}
	if p == v.main && e.Frame.ParentID == "" {
		v.navigations++
		p.budgets = 0 // those of another process are gone
		tell(p.session, setAsyncDepth, asyncCallers)
		v.loaded, v.parsed = false, false
		v.forgetRequestsOf(p, network.RequestID(e.Frame.LoaderID)) // what the last document asked for may never be told
		v.tabBrought(e.Frame.URL)
		v.touch()
	}
}

func (v *visit) onDetached(params jsonv2.Value) {
	var e target.EventDetachedFromTarget
	if !event(target.DetachedFromTarget, params, &e) {
		return
	}
	if p := v.places[e.SessionID]; p != nil {
		p.gone = true
		p.close()
		v.forgetRequestsOf(p, "")
		v.touch()
	}
}

func (v *visit) onContextCreated(p *place, params jsonv2.Value) {
	var e runtime.EventExecutionContextCreated
	if !event(runtime.ExecutionContextCreated, params, &e) || !p.hasFrames() {
		return
	}
	var aux struct {
		IsDefault bool        `json:"isDefault"`
		FrameID   cdp.FrameID `json:"frameId"`
	}
	if jsonv2.Unmarshal(e.Context.AuxData, &aux) == nil && aux.IsDefault {
		p.contexts[e.Context.UniqueID] = aux.FrameID
	}
}

func (v *visit) onContextGone(p *place, method string, params jsonv2.Value) {
	var e runtime.EventExecutionContextDestroyed
	if method == runtime.ExecutionContextsCleared.Method {
		clear(p.contexts)
	} else if event(runtime.ExecutionContextDestroyed, params, &e) {
		delete(p.contexts, e.ExecutionContextUniqueID)
	}
}
