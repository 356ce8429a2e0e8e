package browser

import (
	"cmp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// Bounds of what one visit keeps, against pages that flood: real pages stay far below (the heaviest news sites make
// about 2,000 requests).
const (
	maxExchanges = 10_000
	maxNotes     = 20_000
	maxBodies    = 8 << 20 // bytes of response bodies that a target holds for us
)

// exchange is one request id of the protocol: a request and, when it was redirected, each of its hops.
type exchange struct {
	id       network.RequestID
	place    *place
	hops     []*hop
	extras   []extra  // in the order of the hops that have one
	asks     []string // what the request says of advertising, as registersOf has it
	initiate string   // URL of the direct initiator
	inFlight bool
	pinging  bool // a ping or keepalive request without an answer yet
	asked    time.Time
	blocking bool // in flight until its body is there, not only its head
	started  int  // order of the first hop
	before   bool // the answer of the visit: no evidence
	leg      int  // of the journey
}

// extra is what came of an answer on the wire, cookies among it.
type extra struct {
	*network.EventResponseReceivedExtraInfo
	at time.Time
}

// hop is one request on the wire.
type hop struct {
	url, method string
	kind        network.ResourceType
	frame       string // URL of the asking document or worker
	frameDoc    bool   // a document, but not that of the page itself
	status      int64
	mime        string
	size        int64 // body bytes, -1 when unknown
	answered    bool
	cached      bool // read from the browser's cache, which says nothing of the size
	hasExtra    bool
	err         string
	sent        int64    // bytes of its body, or of the messages of a WebSocket
	messages    int      // of a WebSocket, that left
	body        []byte   // the first of them
	registers   []string // see crawler.Request
	etag        string   // of the answer
	tiny        bool     // an image that decodes to at most 1x1
}

// onNetworkEvent takes down what the Network domain tells. v.mu is held.
func (v *visit) onNetworkEvent(p *place, method string, params jsonv2.Value) {
	switch method {
	case network.RequestWillBeSent.Method:
		var e network.EventRequestWillBeSent
		if event(network.RequestWillBeSent, params, &e) {
			v.onRequest(p, &e)
		}
	case network.ResponseReceived.Method:
		var e network.EventResponseReceived
		if event(network.ResponseReceived, params, &e) {
			v.onResponse(&e)
		}
	case network.RequestServedFromCache.Method:
		var e network.EventRequestServedFromCache
		if event(network.RequestServedFromCache, params, &e) {
			v.onCached(&e)
		}
	case network.ResponseReceivedExtraInfo.Method:
		e := new(network.EventResponseReceivedExtraInfo)
		if event(network.ResponseReceivedExtraInfo, params, e) {
			v.onExtra(p, e)
		}
	case network.LoadingFinished.Method:
		var e network.EventLoadingFinished
		if event(network.LoadingFinished, params, &e) {
			v.onFinished(p, &e)
		}
	case network.LoadingFailed.Method:
		var e network.EventLoadingFailed
		if event(network.LoadingFailed, params, &e) {
			v.onFailed(&e)
		}
	case network.RequestWillBeSentExtraInfo.Method:
		v.onAsking(p, params)
	case network.WebSocketFrameSent.Method:
		v.onFrameSent(params)
	case network.WebSocketCreated.Method:
		var e network.EventWebSocketCreated
		if event(network.WebSocketCreated, params, &e) {
			v.onWebSocket(p, &e)
		}
	}
}

func (v *visit) onRequest(p *place, e *network.EventRequestWillBeSent) {
	if !strings.HasPrefix(e.Request.URL, "http") {
		return // data:, blob: and the like never leave the browser
	}
	x := v.exchange(p, e.RequestID)
	if x == nil {
		return
	}
	if e.RedirectResponse != nil && len(x.hops) > 0 {
		x.hops[len(x.hops)-1].answer(e.RedirectResponse, e.RedirectHasExtraInfo)
	}
	h := &hop{
		url: e.Request.URL, method: e.Request.Method, kind: e.Type, frame: v.documentOf(e.FrameID, e.DocumentURL), size: -1,
		frameDoc: e.Type == network.ResourceTypeDocument && (v.main == nil || string(e.FrameID) != string(v.main.targetID)),
	}
	if h.frameDoc {
		outer := v.frames[e.FrameID].parent
		h.frame = v.documentOf(outer, v.frames[outer].url)
	}
	if h.kind == network.ResourceTypeDocument && !h.frameDoc && v.gone == 0 {
		v.arrival.pass(h.url)
	}
	if len(x.hops) == 0 {
		x.initiate = directInitiator(e.Initiator, cmp.Or(p.scriptURL(), h.frame), e.Request.URL)
		x.inFlight, x.blocking = waitsFor(p, e)
		x.pinging, x.asked = e.Type == network.ResourceTypePing, time.Now()
	}
	if len(x.hops) < 50 {
		x.hops = append(x.hops, h)
		v.keepSent(p, e.RequestID, h, e.Request)
	}
	v.touch()
}

// exchange returns the exchange of an id, making it when it is new; nil when the visit has too many.
func (v *visit) exchange(p *place, id network.RequestID) *exchange {
	if x := v.exchanges[id]; x != nil {
		return x
	}
	if len(v.exchanges) >= maxExchanges {
		v.flooded = true
		return nil
	}
	x := &exchange{id: id, place: p, started: len(v.exchanges), before: v.unanswered(), leg: v.gone}
	v.exchanges[id] = x
	return x
}

// waitsFor tells whether the page is not settled while a request is under way, and whether its body counts. Pings,
// event streams and sockets may stay open for ever; no-cors fetches never report their end, so a head is enough.
func waitsFor(p *place, e *network.EventRequestWillBeSent) (inFlight, blocking bool) {
	switch e.Type {
	case network.ResourceTypePing, network.ResourceTypeEventSource, network.ResourceTypeWebSocket,
		network.ResourceTypeCSPViolationReport, network.ResourceTypePreflight, network.ResourceTypePrefetch:
		return false, false
	case network.ResourceTypeDocument, network.ResourceTypeScript, network.ResourceTypeStylesheet:
		return p.hasFrames(), true
	case network.ResourceTypeOther: // favicons and worker scripts
		return false, false
	}
	return true, false
}

func (v *visit) onResponse(e *network.EventResponseReceived) {
	x := v.exchanges[e.RequestID]
	if x == nil || len(x.hops) == 0 {
		return
	}
	h := x.hops[len(x.hops)-1]
	h.answer(e.Response, e.HasExtraInfo)
	if h.kind == "" {
		h.kind = e.Type
	}
	if !x.blocking {
		x.inFlight = false
	}
	x.pinging = false
	v.answers++
	v.answering += time.Since(x.asked)
	v.touch()
}

// onCached notes what is read from memory: unlike the cache on disk, no answer tells of that.
func (v *visit) onCached(e *network.EventRequestServedFromCache) {
	if x := v.exchanges[e.RequestID]; x != nil && len(x.hops) > 0 {
		x.hops[len(x.hops)-1].cached = true
	}
}

func (h *hop) answer(r *network.Response, hasExtra bool) {
	h.answered, h.status, h.mime, h.hasExtra = true, r.Status, r.MimeType, hasExtra
	h.cached = h.cached || r.FromDiskCache || r.FromPrefetchCache
}

func (v *visit) onExtra(p *place, e *network.EventResponseReceivedExtraInfo) {
	if x := v.exchange(p, e.RequestID); x != nil {
		x.extras = append(x.extras, extra{e, time.Now()})
		v.touch()
	}
}

func (v *visit) onFinished(p *place, e *network.EventLoadingFinished) {
	x := v.exchanges[e.RequestID]
	if x == nil || len(x.hops) == 0 {
		return
	}
	x.inFlight = false
	h := x.hops[len(x.hops)-1]
	h.size = int64(e.EncodedBodyLength)
	switch {
	case e.EncodedBodyLength > 0:
	case h.cached:
		h.size = -1
	default:
		h.size = int64(e.EncodedDataLength)
		if h.status == 204 || h.status == 304 {
			h.size = 0
		}
	}
	v.readScript(p, x.id, h)
	if h.kind == network.ResourceTypeImage && h.size > maxPixelBytes && h.size <= maxDecoded {
		v.decodeImage(p, x.id, h)
	}
	v.touch()
}

func (v *visit) onFailed(e *network.EventLoadingFailed) {
	x := v.exchanges[e.RequestID]
	if x == nil || len(x.hops) == 0 {
		return
	}
	x.inFlight, x.pinging = false, false
	h := x.hops[len(x.hops)-1]
	if h.err = e.ErrorText; e.BlockedReason != "" {
		h.err = "blocked: " + string(e.BlockedReason)
	}
	v.touch()
}

func (v *visit) onWebSocket(p *place, e *network.EventWebSocketCreated) {
	x := v.exchange(p, e.RequestID)
	if x == nil {
		return
	}
	asker := v.addressOf(p)
	x.initiate = directInitiator(e.Initiator, asker, e.URL)
	x.hops = append(x.hops, &hop{url: e.URL, method: "GET", kind: network.ResourceTypeWebSocket, frame: asker, size: -1})
	v.touch()
}

// forgetRequestsOf stops waiting for the requests of a target that is gone, or of the document in it; all but that of
// the next document. v.mu is held.
func (v *visit) forgetRequestsOf(p *place, next network.RequestID) {
	for _, x := range v.exchanges {
		if x.place == p && x.id != next {
			x.inFlight = false
		}
	}
}

// documentOf is the address of the document that a frame at url acts for: its own, or that of the nearest one around it
// that came from a server. v.mu is held.
func (v *visit) documentOf(id cdp.FrameID, url string) string {
	for range maxNesting {
		if url = httpOnly(url); url != "" || id == "" {
			break
		}
		id = v.frames[id].parent
		url = v.frames[id].url
	}
	return cmp.Or(url, v.visit.URL)
}

// maxNesting bounds how far up the frames of a page are followed; few pages nest them deeper than five.
const maxNesting = 50

// directInitiator is the URL of the script that made a request, else of the document or stylesheet that has it.
func directInitiator(i *network.Initiator, document, self string) string {
	if i != nil {
		if u := caller(i.Stack); u != "" {
			return u
		}
		if u := httpOnly(i.URL); u != "" && u != self {
			return u
		}
	}
	if document == self {
		return ""
	}
	return document
}

// caller is the URL of the innermost script of a stack that has one: hooks and eval'd code have none, and about: pages
// act for whoever wrote them.
func caller(s *runtime.StackTrace) string {
	for ; s != nil; s = s.Parent {
		for _, f := range s.CallFrames {
			if strings.HasPrefix(f.URL, "http") {
				return f.URL
			}
		}
	}
	return ""
}

func (p *place) scriptURL() string {
	if p.hasFrames() || !strings.HasPrefix(p.url, "http") {
		return "" // a blob's script acts for the page that made it
	}
	return p.url
}
