package browser

import (
	"context"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
)

// forget deletes the visitor's cookies, and nothing else that a page has kept: what comes back after that was kept
// elsewhere or is computed anew. The page is left before, for a script that still runs has its number in memory. Nothing
// is deleted that the user gave or that the visitor brought along.
func (v *visit) forget(ctx context.Context) bool {
	if v.visit.Session != nil || len(v.browser.opts.Credentials.Jar()) > 0 {
		return true
	}
	blank := page.NavigateParams{URL: "about:blank"}
	if !v.moves(ctx, func() { _, _ = call(ctx, v.main.session, page.Navigate, blank) }) {
		return false
	}
	jar, err := call(ctx, v.chrome.root, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: v.context})
	if err != nil {
		return false
	}
	if _, err := call(ctx, v.chrome.root, storage.ClearCookies, storage.ClearCookiesParams{BrowserContextID: v.context}); err != nil {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.forgotten = map[cookieKey]*network.Cookie{}
	for _, c := range jar.Cookies {
		v.forgotten[keyOf(c)] = c
	}
	return true
}

// rejoin puts what the visitor has deleted back into the evidence of the jar: no page did that. v.mu is held.
func (v *visit) rejoin(jar []*network.Cookie) []*network.Cookie {
	there := map[cookieKey]bool{}
	for _, c := range jar {
		there[keyOf(c)] = true
	}
	for key, c := range v.forgotten {
		if !there[key] {
			jar = append(jar, c)
		}
	}
	return jar
}

// respawned reports whether a cookie came back as it was. v.mu is held.
func (v *visit) respawned(key cookieKey, stored *network.Cookie) bool {
	old := v.forgotten[key]
	return old != nil && stored != nil && old != stored && old.Value == stored.Value
}
