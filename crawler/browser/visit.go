package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/cdproto/target"

	_ "embed"

	"trackscan/crawler"
)

//go:embed harvest.js
var harvestSource string

// How long the browser may take to tell what a visit left behind, and a document to answer one question. A loaded machine
// needs a second; a visit that was interrupted has to end within 3 s, answers or not.
const (
	collectTimeout        = 12 * time.Second
	collectTimeoutHurried = 1500 * time.Millisecond
	askTimeout            = 5 * time.Second
	askTimeoutHurried     = 500 * time.Millisecond
)

// The size of a visitor's window, in CSS pixels.
const (
	windowWidth  = 1280
	windowHeight = 900
)

// visit is one page seen by one fresh visitor.
type visit struct {
	browser *Browser
	chrome  *chrome
	visit   crawler.Visit
	started time.Time
	hurried bool // the visit was interrupted: no long questions
	context cdp.BrowserContextID
	arrival arrival
	guard   *crawler.Guard // nil for a visit through the user's proxy
	gate    *gate          // nil likewise, and where somebody else has started the browser

	mu          sync.Mutex
	page        crawler.Page
	places      map[target.SessionID]*place
	kinds       map[string]int // targets so far, by kind
	main        *place
	frames      map[cdp.FrameID]frame
	exchanges   map[network.RequestID]*exchange
	writes      []cookieWrite
	items       map[storageKey]*storageItem
	scripts     map[string]*scriptUse
	containers  map[string]*crawler.Container // of tag managers, by URL
	keepalive   map[string]bool               // URLs fetched with keepalive
	streams     map[string]string             // who opened an event stream, by its URL
	tiny        map[string]bool               // images that the document declares 1x1
	parents     map[string]string             // URL -> who asked for it first
	documents   map[string]bool               // URLs of the page's own documents, before and after redirects
	notes       int
	sent        int // bytes of bodies that are kept
	asked       int // bodies that had to be asked for
	reading     int // texts of scripts that were asked for
	secrets     secrets
	persona     *persona                      // that was typed into forms; nil for none
	changes     int                           // of web storage
	navigations int                           // documents of the page so far
	views       int                           // of the page without another document
	lived       bool                          // in virtual time, which does not end
	timekeeper  func()                        // ends keepTime; nil when time is not kept
	gone        int                           // pages of the journey that the visitor went on to
	forgotten   map[cookieKey]*network.Cookie // what the visitor deleted, with values, until the visit ends
	loaded      bool                          // the load event of the latest one
	parsed      bool                          // ... and its DOMContentLoaded
	leaving     bool
	loggedIn    map[challenge]bool // what was answered with a login
	coming      int                // service workers that are registered and not yet there
	answers     int                // heads of answers seen
	answering   time.Duration      // what they took, together
	crashed     bool
	stop        context.CancelFunc // ends the visit's life, not its evidence
	flooded     bool               // more happened than is kept
	over        bool               // evidence is being read; later events do not count

	passing        int       // the navigation that lives in virtual time, -1 for none
	answered       time.Time // when the banner was answered; zero until then, see beginAnswer
	areas          map[areaKey]map[string]string
	carrying       int // bytes of areas
	brought        carried
	broughtCookies map[cookieKey]crawler.Cookie
	tabbed         bool // the session storage was brought along
	tabScript      page.ScriptIdentifier
	lastChange     time.Time
	changed        chan struct{} // gets a token with every change
}

func newVisit(b *Browser, c *chrome, v crawler.Visit, guard *crawler.Guard) *visit {
	arrival := arrive(v)
	return &visit{
		browser: b, chrome: c, visit: v, arrival: arrival, guard: guard, started: time.Now(), passing: -1,
		page:   crawler.Page{URL: v.URL, FinalURL: v.URL, Scenario: v.Scenario},
		places: map[target.SessionID]*place{}, kinds: map[string]int{}, frames: map[cdp.FrameID]frame{}, exchanges: map[network.RequestID]*exchange{},
		items: map[storageKey]*storageItem{}, scripts: map[string]*scriptUse{}, containers: map[string]*crawler.Container{}, secrets: secrets{}, keepalive: map[string]bool{}, streams: map[string]string{}, tiny: map[string]bool{},
		parents: map[string]string{}, documents: map[string]bool{v.URL: true, arrival.address: true}, areas: map[areaKey]map[string]string{},
		loggedIn:   map[challenge]bool{},
		lastChange: time.Now(), changed: make(chan struct{}, 1),
	}
}

// frame is a frame of the page, of whatever target.
type frame struct {
	url    string
	parent cdp.FrameID
}

// touch notes that something happened. v.mu is held.
func (v *visit) touch() {
	v.lastChange = time.Now()
	v.wake()
}

// wake has those who wait look again. v.mu is held.
func (v *visit) wake() {
	select {
	case v.changed <- struct{}{}:
	default:
	}
}

// run makes the visit. With an error the page holds what was seen until then.
func (v *visit) run(ctx context.Context) (crawler.Page, error) {
	ctx, v.stop = context.WithCancel(ctx)
	defer v.stop()
	err := v.open(ctx)
	if err == nil {
		err = v.look(ctx)
	}
	if lost := v.chrome.check(); lost != nil {
		err = lost
	}
	v.collect(ctx.Err() != nil)
	v.close()
	v.page.Seconds = math.Round(time.Since(v.started).Seconds()*1000) / 1000
	return v.page, err
}

// open makes a browser context with one tab that is ready to be navigated.
func (v *visit) open(ctx context.Context) error {
	room := target.CreateBrowserContextParams{DisposeOnDetach: new(true)}
	if err := v.openWay(&room); err != nil {
		return err
	}
	made, err := call(ctx, v.chrome.root, target.CreateBrowserContext, room)
	if err != nil {
		return fmt.Errorf("make a browser context: %w", err)
	}
	v.context = made.BrowserContextID
	v.giveCookies()
	if err := v.bring(ctx); err != nil {
		return err
	}
	v.chrome.enter(v)
	v.interceptScripts()
	tell(v.chrome.root, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: v.context,
	})
	asked := target.CreateTargetParams{URL: "about:blank", BrowserContextID: v.context, Width: windowWidth, Height: windowHeight}
	if len(v.brought.Areas) > 0 {
		asked.NewWindow = new(true) // that of the stage may still be there
	}
	tab, err := call(ctx, v.chrome.root, target.CreateTarget, asked)
	if err != nil {
		return fmt.Errorf("open a tab: %w", err)
	}
	if err := v.await(ctx, tab.TargetID); err != nil {
		return fmt.Errorf("open a tab: %w", err)
	}
	// One reply before navigating: everything that was sent without waiting has been carried out by then.
	_, err = call(ctx, v.main.session, runtime.Evaluate, runtime.EvaluateParams{Expression: "1"})
	return err
}

// openWay gives the visit its way out: a gate, or the user's proxy. Not even this machine is reached in another way.
func (v *visit) openWay(room *target.CreateBrowserContextParams) (err error) {
	switch o := v.browser.opts; {
	case isRemote(o.Path):
		return nil
	case v.guard == nil:
		room.ProxyServer = withoutLogin(o.Proxy)
	default:
		if v.gate, err = openGate(v.guard, o.Resolver, v.chrome.port); err != nil {
			return err
		}
		room.ProxyServer = v.gate.address()
	}
	room.ProxyBypassList = "<-loopback>"
	return nil
}

// await waits until the page's own target has been handed over.
func (v *visit) await(ctx context.Context, id target.ID) error {
	v.wait(ctx, v.browser.opts.PageTimeout, func() (bool, time.Duration) {
		for _, p := range v.places {
			if p.targetID == id {
				v.main = p
			}
		}
		return v.main != nil || v.chrome.dead(), 0
	})
	switch {
	case v.main != nil:
		return nil
	case v.chrome.dead():
		return errLost
	}
	return ctx.Err()
}

// look navigates and lives through the page.
func (v *visit) look(ctx context.Context) error {
	v.intercept(v.main)
	res, err := call(ctx, v.main.session, page.Navigate, page.NavigateParams{URL: v.arrival.address})
	switch {
	case err != nil:
		return v.explain(ctx, err)
	case res.IsDownload:
		return errors.New("not a page: the server sends a download")
	case res.ErrorText != "" && res.ErrorText != "net::ERR_ABORTED":
		return errors.New(v.whyNot(res.ErrorText))
	}
	if res.ErrorText != "" && !v.arrives(ctx) {
		return errors.New("not a page: the server sends no content")
	}
	return v.explain(ctx, v.settle(ctx))
}

// whyNot tells why the page could not be reached, which the browser does not know of connections through the gate.
func (v *visit) whyNot(text string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	latest := &exchange{started: -1, hops: []*hop{{url: v.arrival.address}}}
	for _, x := range v.exchanges {
		if x.place == v.main && x.started > latest.started && len(x.hops) > 0 && x.hops[0].kind == network.ResourceTypeDocument {
			latest = x
		}
	}
	return v.reason(latest.hops[len(latest.hops)-1].url, text)
}

// reason is why a request failed: what the gate knows, else the browser's own text.
func (v *visit) reason(address, text string) string {
	if v.gate == nil {
		return text
	}
	why := v.gate.why(hostPort(address))
	if text == "" || strings.Contains(text, "_SOCKS_") || why == crawler.ErrNearby.Error() {
		return cmp.Or(why, text)
	}
	return text
}

// arrives waits for a document after a navigation that was cut off: by another one that the page began, or because
// the answer had none.
func (v *visit) arrives(ctx context.Context) bool {
	v.wait(ctx, abortedCap, func() (bool, time.Duration) { return v.navigations > 0, 0 })
	return v.navigation() > 0
}

// abortedCap is how long a navigation that was cut off may take to become another one.
const abortedCap = 2 * time.Second

// explain says why a visit ended early. A page at its cap is no error: it has all its evidence.
func (v *visit) explain(ctx context.Context, err error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.crashed:
		return errors.New("the page crashed the browser's tab")
	case err == nil:
		return nil
	case v.chrome.dead():
		return errLost
	case errors.Is(ctx.Err(), context.DeadlineExceeded) && v.navigations > 0:
		v.page.Capped = true
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("no page within %v", v.browser.opts.PageTimeout)
	}
	return err
}

// collect reads the jar and the document, and turns what was taken down into evidence. It has a time limit of its own:
// what was seen is kept although the visit has run out of time.
func (v *visit) collect(hurried bool) {
	if v.context == "" || v.chrome.dead() {
		v.assemble(nil)
		return
	}
	limit := collectTimeout
	if v.hurried = hurried; hurried {
		limit = collectTimeoutHurried
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if v.main != nil && !v.crashed {
		v.harvest(ctx)
	}
	v.readCaches(ctx)
	jar, err := call(ctx, v.chrome.root, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: v.context})
	if err != nil {
		v.assemble(nil)
		return
	}
	v.assemble(jar.Cookies)
}

func (v *visit) assemble(jar []*network.Cookie) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.over = true
	v.link()
	v.readHeaders()
	if v.gone == 0 {
		v.page.Status = v.documentStatus()
	}
	if !v.unanswered() {
		v.page.Requests = v.requests()
		v.page.Cookies = v.cookies(v.rejoin(jar))
		v.page.Storage = v.storage()
		v.page.Scripts = v.scriptsSeen()
		v.page.Containers = v.containersSeen()
	}
	v.takeSession(jar)
	v.page.Capped = v.page.Capped || v.flooded
	if v.page.Document != nil {
		v.page.Document.URL = v.page.FinalURL
	}
}

// harvested is what harvest.js returns.
type harvested struct {
	URL   string      `json:"url"`
	Title string      `json:"title"`
	Lang  string      `json:"lang"`
	MIME  string      `json:"mime"`
	Links [][3]string `json:"links"`
	Tiny  []string    `json:"tiny"`

	Code     []string `json:"code"`   // of inline scripts that may start tags
	Markup   []string `json:"markup"` // interfaces that attributes use
	Blank    bool     `json:"blank"`
	Password bool     `json:"password"`
}

// harvest asks the document for its links and names. A page that is busy for ever is stopped and asked once more; one
// that stays silent keeps the rest of its evidence.
func (v *visit) harvest(ctx context.Context) {
	text, err := v.ask(ctx, v.main, harvestSource)
	if err != nil && !v.chrome.dead() {
		tell(v.main.session, runtime.TerminateExecution, cdp.Empty{})
		text, err = v.ask(ctx, v.main, harvestSource)
	}
	var h harvested
	if err != nil || json.Unmarshal([]byte(text), &h) != nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, src := range h.Tiny {
		v.tiny[src] = true
	}
	if v.gone > 0 {
		return // a journey goes by the name of its first page
	}
	if strings.HasPrefix(h.URL, "http") {
		v.page.FinalURL = crawler.Landing(v.visit.URL, v.arrival.plain(withoutFragment(h.URL)))
	}
	v.page.Title, v.page.Lang, v.page.MIME = h.Title, h.Lang, h.MIME
	if v.page.Document != nil {
		v.page.MIME = v.page.Document.MIME
	}
	v.page.Blank, v.page.Password = h.Blank, h.Password
	v.keepMarkup(h.Markup)
	v.keepContainer(v.page.FinalURL, crawler.ReadCode(v.page.FinalURL, strings.Join(h.Code, "\n")))
	for _, l := range h.Links {
		v.page.Links = append(v.page.Links, crawler.Link{URL: l[0], Text: l[1], Rel: crawler.Rel(l[2])})
	}
}

// ask evaluates a script that returns a string, in a world of its own where the page cannot have changed anything.
func (v *visit) ask(ctx context.Context, p *place, script string) (string, error) {
	limit := askTimeout
	if v.hurried {
		limit = askTimeoutHurried
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	at, err := spotIn(ctx, p, cdp.FrameID(p.targetID))
	if err != nil {
		return "", err
	}
	got, err := call(ctx, p.session, runtime.Evaluate, runtime.EvaluateParams{
		Expression: script, ReturnByValue: new(true), ContextID: at.world,
	})
	if err != nil {
		return "", err
	}
	var text string
	if got.Result == nil || json.Unmarshal(got.Result.Value, &text) != nil {
		return "", errors.New("no answer from the document")
	}
	return text, nil
}

func withoutFragment(u string) string {
	u, _, _ = strings.Cut(u, "#")
	return u
}

// documentStatus is the HTTP status of the page's last document. v.mu is held.
func (v *visit) documentStatus() int {
	status, latest := int64(0), -1
	for _, x := range v.exchanges {
		h := x.hops
		if len(h) > 0 && h[0].kind == network.ResourceTypeDocument && !h[0].frameDoc && x.place == v.main && x.started > latest {
			if s := h[len(h)-1].status; s != 0 {
				status, latest = s, x.started
			}
		}
	}
	return int(status)
}

// close throws the context away, and every target in it.
func (v *visit) close() {
	v.chrome.leave(v)
	if v.gate != nil {
		defer v.gate.close()
	}
	v.mu.Lock()
	v.over = true
	for _, p := range v.places {
		p.session.close()
	}
	v.mu.Unlock()
	if v.context == "" || v.chrome.dead() {
		return
	}
	tell(v.chrome.root, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: v.context})
}
