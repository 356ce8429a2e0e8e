package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/cdproto/target"
)

// bring gives a fresh browser context the cookies and local storage that its visitor brings along. It is done before
// the context has a tab of the visit, so that no page can notice and nothing of it is evidence.
func (v *visit) bring(ctx context.Context) error {
	if err := v.unpack(); err != nil {
		return err
	}
	if len(v.brought.Cookies) > 0 {
		_, err := call(ctx, v.chrome.root, storage.SetCookies, storage.SetCookiesParams{
			Cookies: v.brought.Cookies, BrowserContextID: v.context,
		})
		if err != nil {
			return fmt.Errorf("bring cookies along: %w", err)
		}
	}
	if len(v.brought.Areas) == 0 {
		return nil
	}
	if err := v.stage(ctx); err != nil {
		return fmt.Errorf("bring storage along: %w", err)
	}
	return nil
}

// stage opens a tab of its own in which every origin that left something in local storage finds it again. The
// documents of that tab are ours; none of its requests leaves the browser.
func (v *visit) stage(ctx context.Context) error {
	tab, id, err := v.chrome.openStage(ctx, v.context)
	if err != nil {
		return err
	}
	defer tell(v.chrome.root, target.CloseTarget, target.CloseTargetParams{TargetID: tab})
	s := &stager{
		main: cdp.FrameID(tab), own: originOfURL(v.visit.URL), site: v.site(), areas: v.brought.Areas,
		loaded: make(chan struct{}, 1),
	}
	s.session = v.chrome.tap.open(id, s.onEvent)
	defer s.close()
	tell(s.session, page.Enable, page.EnableParams{})
	tell(s.session, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*"}}})
	tell(s.session, runtime.RunIfWaitingForDebugger, cdp.Empty{})
	// One reply before navigating: until then a document in a new process may not know that its load is to be told.
	if _, err := call(ctx, s.session, runtime.Evaluate, runtime.EvaluateParams{Expression: "1"}); err != nil {
		return err
	}
	for _, origin := range s.stops() {
		if err := s.visit(ctx, origin); err != nil {
			return err
		}
	}
	return nil
}

// openStage opens a tab that no visit owns, in a context that has no visit yet.
func (c *chrome) openStage(ctx context.Context, in cdp.BrowserContextID) (target.ID, target.SessionID, error) {
	handed := make(chan target.SessionID, 1)
	c.mu.Lock()
	c.stages[in] = handed
	c.mu.Unlock()
	tab, err := call(ctx, c.root, target.CreateTarget, target.CreateTargetParams{URL: "about:blank", BrowserContextID: in})
	if err != nil {
		return "", "", err
	}
	select {
	case id := <-handed:
		return tab.TargetID, id, nil
	case <-ctx.Done():
		return "", "", ctx.Err()
	}
}

// stager is the tab in which storage is put back.
type stager struct {
	*session
	main   cdp.FrameID
	own    string // the origin of the visit, in whose frames the others are
	site   string // ... and its site
	areas  []area
	loaded chan struct{}
}

// stops are the origins to open, each once: those with a storage of their own, and last that of the visit.
func (s *stager) stops() []string {
	var all []string
	for _, a := range s.areas {
		if a.Site == "" && a.Origin != s.own {
			all = append(all, a.Origin)
		}
	}
	if len(all) < len(s.areas) {
		all = append(all, s.own)
	}
	return all
}

func (s *stager) visit(ctx context.Context, origin string) error {
	if _, err := call(ctx, s.session, page.Navigate, page.NavigateParams{URL: origin + "/"}); err != nil {
		return err
	}
	select {
	case <-s.loaded:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// onEvent answers every request of the tab. It runs on the connection's reading goroutine.
func (s *stager) onEvent(method string, params jsonv2.Value) {
	switch method {
	case page.LoadEventFired.Method:
		select {
		case s.loaded <- struct{}{}:
		default: // nobody waits for two
		}
	case fetch.RequestPaused.Method:
		var e fetch.EventRequestPaused
		if event(fetch.RequestPaused, params, &e) {
			tell(s.session, fetch.FulfillRequest, s.answer(&e))
		}
	}
}

func (s *stager) answer(e *fetch.EventRequestPaused) fetch.FulfillRequestParams {
	if e.ResourceType != network.ResourceTypeDocument {
		return fetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: 404}
	}
	return fetch.FulfillRequestParams{
		RequestID: e.RequestID, ResponseCode: 200, Body: []byte(s.document(originOfURL(e.Request.URL), e.FrameID == s.main)),
		ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/html; charset=utf-8"}},
	}
}

// document puts the items of an origin back. The one on top of the visit's origin has a frame for each other origin
// whose storage is partitioned by its site.
func (s *stager) document(origin string, top bool) string {
	site := ""
	if !top {
		site = s.site
	}
	var b strings.Builder
	b.WriteString("<!doctype html>")
	for _, a := range s.areas {
		switch {
		case a.Origin == origin && a.Site == site:
			b.WriteString("<script>" + putItems("localStorage", a.Items) + "</script>")
		case top && origin == s.own && a.Site == s.site:
			fmt.Fprintf(&b, `<iframe src="%s/"></iframe>`, html.EscapeString(a.Origin))
		}
	}
	return b.String()
}

// putItems is the script that fills a storage; one that is full or forbidden stays as it is.
func putItems(area string, items [][2]string) string {
	text, _ := json.Marshal(items) // of strings; escapes what would end a script element
	return "try { for (const [k, v] of " + string(text) + ") " + area + ".setItem(k, v); } catch {}"
}

// bringTab has the first document of the tab's own origin find its session storage as the visitor left it. Nothing else
// can see it, so this can be done in the document itself, before its first script.
func (v *visit) bringTab(p *place) {
	tab := v.brought.Tab
	if tab == nil || p.kind != "page" || v.tabbed {
		return
	}
	v.tabbed = true
	origin, _ := json.Marshal(tab.Origin)
	script := fmt.Sprintf("if (self === top && self.origin === %s) { %s }", origin, putItems("sessionStorage", tab.Items))
	post(p.session, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script},
		func(r page.AddScriptToEvaluateOnNewDocumentResult, err error) {
			if err == nil {
				v.mu.Lock()
				v.tabScript = r.Identifier
				v.mu.Unlock()
			}
		})
}

// tabBrought ends that when the document is there: later ones find what it left. v.mu is held.
func (v *visit) tabBrought(url string) {
	if v.tabScript == "" || originOfURL(url) != v.brought.Tab.Origin {
		return
	}
	tell(v.main.session, page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams{Identifier: v.tabScript})
	v.tabScript = ""
}
