package browser

import (
	"bytes"
	"cmp"
	"image"
	_ "image/gif" // the formats that pixels come in
	_ "image/jpeg"
	_ "image/png"
	"maps"
	"slices"

	"github.com/chromedp/cdproto/network"

	"trackscan/crawler"
)

// maxPixelBytes is the size up to which an image answer is a pixel whatever its dimensions (CONTRACT); the usual
// transparent GIF has 43 bytes, the smallest PNG 67.
const maxPixelBytes = 100

// maxDecoded is the size up to which an image is decoded to see whether it is 1x1: no picture that people look at is
// smaller, and no pixel seen in the wild is bigger.
const maxDecoded = 4 << 10

// decodeImage asks for the body of a small image, for its dimensions. v.mu is held.
func (v *visit) decodeImage(p *place, id network.RequestID, h *hop) {
	post(p.session, network.GetResponseBody, network.GetResponseBodyParams{RequestID: id},
		func(r network.GetResponseBodyResult, err error) {
			if err != nil {
				return
			}
			if c, _, err := image.DecodeConfig(bytes.NewReader(r.Body)); err == nil {
				v.mu.Lock()
				h.tiny = c.Width <= 1 && c.Height <= 1
				v.mu.Unlock()
			}
		})
}

// requests turns the exchanges into evidence, in the order in which they began. v.mu is held.
func (v *visit) requests() []crawler.Request {
	all := slices.SortedFunc(maps.Values(v.exchanges), func(a, b *exchange) int { return a.started - b.started })
	needles := v.secrets.needles(&v.arrival)
	v.page.Decorated = v.decorated(needles)
	var out []crawler.Request
	for _, x := range all {
		if x.before {
			continue
		}
		chain := v.chainTo(x.initiate, x.leg)
		var before []string
		for i, h := range x.hops {
			r := v.request(h)
			r.Initiators, r.Redirects = slices.Clone(chain), slices.Clone(before)
			r.Beacon = v.beacon(h, x.hops[len(x.hops)-1], i < len(x.hops)-1)
			r.Carries, r.Typed, r.Clicks = takenAlong(needles, h), v.persona.in(h), v.arrival.toldBy(h)
			if i == 0 {
				r.Registers = union(x.asks, h.registers)
			}
			r.Labels = identifiersIn(needles, h.etag)
			r.Events, r.Consent = crawler.EventsOf(h.url, h.body), crawler.ConsentIn(h.url, h.body)
			out = append(out, r)
			before = append(before, v.show(h.url))
			chain = append(chain, v.show(h.url))
		}
	}
	return out
}

func (v *visit) request(h *hop) crawler.Request {
	r := crawler.Request{
		URL: v.redacted(h), Method: h.method, Type: v.requestType(h), Status: int(h.status), MIME: h.mime,
		Size: h.size, Sent: h.sent, Messages: h.messages, Party: v.party(h.url), Error: h.err,
		Registers: h.registers,
	}
	if h.status == 0 && !h.answered {
		r.Error = v.reason(h.url, h.err)
	}
	if frame := v.show(h.frame); frame != v.page.FinalURL && r.Type != "document" {
		r.Frame = frame
	}
	return r
}

// redacted is the address of a request: that of a document of the page with the care of a landing.
func (v *visit) redacted(h *hop) string {
	if h.kind == network.ResourceTypeDocument && !h.frameDoc {
		return crawler.Landing("", v.arrival.plain(h.url))
	}
	return crawler.Redact(h.url)
}

var requestTypes = map[network.ResourceType]string{
	network.ResourceTypeDocument: "document", network.ResourceTypeScript: "script",
	network.ResourceTypeStylesheet: "stylesheet", network.ResourceTypeImage: "image", network.ResourceTypeFont: "font",
	network.ResourceTypeMedia: "media", network.ResourceTypeXHR: "xhr", network.ResourceTypeFetch: "fetch",
	network.ResourceTypePing: "ping", network.ResourceTypeWebSocket: "websocket",
	network.ResourceTypeEventSource: "eventsource", network.ResourceTypeManifest: "manifest",
}

func (v *visit) requestType(h *hop) string {
	if h.frameDoc {
		return "frame"
	}
	if t, ok := requestTypes[h.kind]; ok {
		return t
	}
	for _, p := range v.places {
		if !p.hasFrames() && p.url == h.url {
			return "worker"
		}
	}
	return "other"
}

// beacon applies the mechanical rule of crawler.Beacon to a hop; last is where its redirects ended.
func (v *visit) beacon(h, last *hop, redirect bool) crawler.Beacon {
	kind := v.requestType(h)
	switch {
	case kind == "ping":
		return crawler.Ping
	case v.keepalive[h.url]:
		return crawler.Keepalive
	case kind == "image" && last.isPixel(v.tiny):
		return crawler.Pixel
	case redirect || kind == "document" || kind == "frame" || h.method == "OPTIONS" || kind == "websocket":
		return crawler.NoBeacon
	case h.status == 204 || h.status == 200 && h.size == 0 && h.err == "":
		return crawler.Empty
	}
	return crawler.NoBeacon
}

func (h *hop) isPixel(declared map[string]bool) bool {
	ok := h.status >= 200 && h.status < 300 || h.status == 304
	return ok && (h.size >= 0 && h.size <= maxPixelBytes || h.tiny || declared[h.url])
}

// chainTo names who led to a URL and the URL itself: the page first, of a journey the one of that leg. A URL that nobody
// was seen to ask for hangs on the page. v.mu is held.
func (v *visit) chainTo(url string, leg int) []string {
	first := v.page.FinalURL
	if leg > 0 {
		first = v.visit.Journey[leg-1]
	}
	var up []string
	for seen := map[string]bool{}; url != "" && !v.isPage(url) && !seen[url] && len(up) < maxChain; url = v.parents[url] {
		seen[url] = true
		up = append(up, v.show(url))
	}
	if len(up) == 0 && url != "" && v.show(url) != first && leg == 0 { // a page that led to this one
		up = append(up, v.show(url))
	}
	slices.Reverse(up)
	return append([]string{first}, up...)
}

// maxChain bounds the length of an initiator chain.
const maxChain = 30

// link fills parents: for each URL that was asked for, who asked first. v.mu is held.
func (v *visit) link() {
	all := slices.SortedFunc(maps.Values(v.exchanges), func(a, b *exchange) int { return a.started - b.started })
	for _, x := range all {
		if len(x.hops) > 0 && x.hops[0].kind == network.ResourceTypeEventSource {
			x.initiate = cmp.Or(v.streams[x.hops[0].url], x.initiate)
		}
		parent := x.initiate
		for _, h := range x.hops {
			if _, known := v.parents[h.url]; !known && h.url != parent {
				v.parents[h.url] = parent
			}
			parent = h.url
		}
		if x.place == v.main && len(x.hops) > 0 && x.hops[0].kind == network.ResourceTypeDocument && !x.hops[0].frameDoc {
			for _, h := range x.hops {
				v.documents[h.url] = true
			}
		}
	}
}

// isPage reports whether url was a document of the page itself, before or after redirects.
func (v *visit) isPage(url string) bool { return v.documents[url] || v.show(url) == v.page.FinalURL }

// show is a URL as evidence has it: the page by its address, everything else redacted.
func (v *visit) show(url string) string {
	if landing := crawler.Landing(v.visit.URL, v.arrival.plain(url)); landing == v.page.FinalURL || v.documents[url] {
		return landing
	}
	return crawler.Redact(url)
}

func (v *visit) party(url string) crawler.Party {
	return crawler.PartyOf(v.visit.URL, crawler.HostOf(url))
}
