package classify

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"trackscan/crawler"
)

// presence is how a tracker showed in one scenario. Everything in it only grows, whatever the order of the evidence.
type presence struct {
	pages  map[string]int // depth by URL
	anew   bool           // set, sent or contacted there; otherwise it was only still there
	active bool           // something was stored, or sent that is more than a download or a ping without consent
	pings  bool           // there was a ping that says that consent was refused
	open   bool           // something active was not told of an opt-out
	sold   bool           // something active was told that the visitor did not opt out of the sale of data
}

// sent is what a request does, beyond reaching a host.
type sent struct {
	message
	idle bool  // it carries nothing about the visitor: a download, or a ping that says that consent was refused
	ping bool  // of these, the latter
	mask grant // of Universal Analytics: denied when the address is to be shortened, granted when not; else untold

	events []crawler.PixelEvent
}

// sentBy reads r, which serves the category c.
func sentBy(r *crawler.Request, query url.Values, c Category) sent {
	s := sent{message: readMessage(toldOf(r, query)), mask: maskOf(r, query), events: r.Events}
	s.ping = s.refused(c)
	s.idle = s.ping || isDownload(r, query)
	return s
}

// toldOf is what a request tells of consent, in its query and in its body.
func toldOf(r *crawler.Request, query url.Values) url.Values {
	body, err := url.ParseQuery(r.Consent)
	if err != nil || len(body) == 0 {
		return query
	}
	maps.Copy(body, query)
	return body
}

// maskOf reads whether a hit of Universal Analytics asks for a shortened address: aip=1. A hit whose parameters went in
// its body says nothing.
func maskOf(r *crawler.Request, query url.Values) grant {
	universal := query.Get("v") == "1" && strings.HasPrefix(query.Get("tid"), "UA-")
	address, _, _ := strings.Cut(r.URL, "?")
	switch {
	case !universal && !strings.HasSuffix(address, "/__utm.gif"):
		return untold
	case query.Has("aip") && query.Get("aip") != "0":
		return denied
	default:
		return granted
	}
}

// refused reports whether a request says, in Google's or Microsoft's consent mode, that what it serves was not
// consented to: it then sets and reads nothing.
func (m message) refused(c Category) bool {
	if c == Analytics && m.mode.Analytics != untold {
		return m.mode.Analytics == denied
	}
	return m.mode.Ads == denied
}

// downloads are the types of requests that fetch what a page is made of.
var downloads = wordSet("script stylesheet font manifest worker")

// maxDownloadHints is how many parameters of unknown value an address of code has at most. Libraries name their
// version, their customer and the page's domain (Meta's configuration has five such parameters); hits that are dressed
// as scripts tell the page, the referrer, the screen, times and numbers, 15 parameters and more.
const maxDownloadHints = 8

// isDownload reports whether r fetches code and tells no more than that it is wanted.
func isDownload(r *crawler.Request, query url.Values) bool {
	hidden := 0
	for _, values := range query {
		if slices.Contains(values, "*") {
			hidden++
		}
	}
	get := r.Method == "" || strings.EqualFold(r.Method, "GET")
	return get && downloads[r.Type] && r.Beacon == crawler.NoBeacon && hidden <= maxDownloadHints
}

// showed notes a sighting in its scenario.
func (f *found) showed(s sighting) {
	scenario := crawler.Scenarios[s.scenario]
	p := f.in[scenario]
	if p == nil {
		p = &presence{pages: map[string]int{}}
		f.in[scenario] = p
	}
	addPage(p.pages, s.page)
	p.anew = p.anew || !s.brought
	p.pings = p.pings || s.sent.ping
	if !s.sent.idle {
		p.active = true
		p.open = p.open || s.sent.sale != denied
		p.sold = p.sold || s.sent.sale == granted
	}
	f.masked, f.unmasked = f.masked || s.sent.mask == denied, f.unmasked || s.sent.mask == granted
	if t, ok := s.sent.told(scenario); ok {
		f.Told = keepTold(f.Told, t)
	}
	for _, e := range s.sent.events {
		f.events = keepEvent(f.events, scenarioEvent{s.scenario, e})
	}
}
