package browser

import (
	"net/url"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"

	"trackscan/crawler"
)

// intercept has the requests of a target stop where they leave, as far as they may need the user's headers or login.
// Each hop of a redirect stops by itself: what one hop was given, the next one is not. The browser lets sockets
// pass: they have the cookies and logins, not the headers. For the scripts of service workers see interceptScripts.
func (v *visit) intercept(p *place) {
	var patterns []*fetch.RequestPattern
	c := v.browser.opts.Credentials
	if len(c.Headers)+len(c.Logins) > 0 {
		for _, pattern := range c.Scope.Patterns() {
			patterns = append(patterns, &fetch.RequestPattern{URLPattern: pattern, RequestStage: fetch.RequestStageRequest})
		}
	}
	if v.visit.Document && p == v.main {
		patterns = append(patterns, servedPattern)
	}
	if v.proxyLogin() != nil {
		patterns = append(patterns, &fetch.RequestPattern{URLPattern: "*"}) // a request that never stopped is not asked for a login
	}
	if len(patterns) > 0 {
		tell(p.session, fetch.Enable, fetch.EnableParams{Patterns: patterns, HandleAuthRequests: new(len(c.Logins) > 0 || v.proxyLogin() != nil)})
	}
}

// proxyLogin is what the user's proxy may ask for; nil for nothing.
func (v *visit) proxyLogin() *url.Userinfo {
	u, err := url.Parse(v.browser.opts.Proxy)
	if err != nil || v.guard != nil {
		return nil
	}
	return u.User
}

// onPaused lets a request or an answer go on that was stopped. v.mu is held.
func (v *visit) onPaused(p *place, params jsonv2.Value) {
	var e fetch.EventRequestPaused
	switch {
	case !event(fetch.RequestPaused, params, &e):
	case e.ResponseStatusCode != 0 || e.ResponseErrorReason != "":
		v.onServed(p, &e)
	case e.Request.Method == "OPTIONS" && v.answerPreflight(p, &e):
	default:
		tell(p.session, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID, Headers: v.headersFor(e.Request)})
	}
}

// headersFor are the headers of a request with the user's among them; nil to leave them as they are.
func (v *visit) headersFor(r *network.Request) []*fetch.HeaderEntry {
	return withHeaders(r, v.browser.opts.Credentials.HeadersFor(r.URL))
}

// withHeaders are the headers of a request with more in their place; nil when there are none.
func withHeaders(r *network.Request, more []crawler.Header) []*fetch.HeaderEntry {
	if len(more) == 0 {
		return nil
	}
	var list []*fetch.HeaderEntry
	for name, value := range r.Headers {
		if text, ok := value.(string); ok && !isOneOf(more, name) {
			list = append(list, &fetch.HeaderEntry{Name: name, Value: text})
		}
	}
	for _, h := range more {
		list = append(list, &fetch.HeaderEntry{Name: h.Name, Value: h.Value})
	}
	return list
}

func isOneOf(headers []crawler.Header, name string) bool {
	return slices.ContainsFunc(headers, func(h crawler.Header) bool { return strings.EqualFold(h.Name, name) })
}

// answerPreflight answers the question of a browser whether the user's headers may be sent from one host of the scope
// to another, which without them would not have been asked (CORS).
func (v *visit) answerPreflight(p *place, e *fetch.EventRequestPaused) bool {
	ours := v.browser.opts.Credentials.HeadersFor(e.Request.URL)
	asked := requestHeader(e.Request, "Access-Control-Request-Headers")
	if ours == nil || asked == "" {
		return false
	}
	for name := range strings.SplitSeq(asked, ",") {
		if !isOneOf(ours, strings.TrimSpace(name)) {
			return false
		}
	}
	tell(p.session, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: 204, ResponseHeaders: []*fetch.HeaderEntry{
		{Name: "Access-Control-Allow-Origin", Value: requestHeader(e.Request, "Origin")},
		{Name: "Access-Control-Allow-Headers", Value: asked},
		{Name: "Access-Control-Allow-Methods", Value: requestHeader(e.Request, "Access-Control-Request-Method")},
		{Name: "Access-Control-Allow-Credentials", Value: "true"},
	}})
	return true
}

func requestHeader(r *network.Request, name string) string {
	for n, value := range r.Headers {
		if text, ok := value.(string); ok && strings.EqualFold(n, name) {
			return text
		}
	}
	return ""
}

// onAuthRequired answers a server or the user's proxy that asks for a login, once for each request: a login that was
// refused stays so. v.mu is held.
func (v *visit) onAuthRequired(p *place, params jsonv2.Value) {
	var e fetch.EventAuthRequired
	if !event(fetch.AuthRequired, params, &e) || e.AuthChallenge == nil {
		return
	}
	answer := &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseDefault}
	source, user, password := e.AuthChallenge.Source, "", ""
	switch login, ok := v.browser.opts.Credentials.LoginFor(e.AuthChallenge.Origin); {
	case source == fetch.AuthChallengeSourceProxy && v.proxyLogin() != nil:
		user = v.proxyLogin().Username()
		password, _ = v.proxyLogin().Password()
	case source == fetch.AuthChallengeSourceServer && ok:
		user, password = login.User, login.Password
	}
	if ask := (challenge{e.RequestID, source}); user+password != "" && !v.loggedIn[ask] {
		v.loggedIn[ask] = true
		answer.Response = fetch.AuthChallengeResponseResponseProvideCredentials
		answer.Username, answer.Password = user, password
	}
	tell(p.session, fetch.ContinueWithAuth, fetch.ContinueWithAuthParams{RequestID: e.RequestID, AuthChallengeResponse: answer})
}

// challenge is who asks a request for a login: its server, or the proxy before it.
type challenge struct {
	request fetch.RequestID
	source  fetch.AuthChallengeSource
}

// giveCookies puts the user's cookies into the visitor's jar, but for those that no browser takes.
func (v *visit) giveCookies() {
	for _, g := range v.browser.opts.Credentials.Jar() {
		tell(v.chrome.root, storage.SetCookies, storage.SetCookiesParams{
			BrowserContextID: v.context, Cookies: []*network.CookieParam{givenParam(g)},
		})
	}
}

// givenParam is a cookie in the browser's words. One of a single host has an address in place of a domain.
func givenParam(g crawler.GivenCookie) *network.CookieParam {
	c := &network.CookieParam{
		Name: g.Name, Value: g.Value, Domain: "." + g.Domain, Path: g.Path, Secure: g.Secure, HTTPOnly: g.HTTPOnly,
		SameSite: network.CookieSameSite(g.SameSite),
	}
	if g.HostOnly {
		scheme := "http"
		if g.Secure {
			scheme = "https"
		}
		host := g.Domain
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		c.Domain, c.URL = "", scheme+"://"+host+"/"
	}
	if !g.Expires.IsZero() {
		c.Expires = cdp.TimeSinceEpoch(g.Expires.Unix())
	}
	return c
}

// wasGiven reports whether a cookie of the jar is one that the user gave: it is no evidence of the site's.
func (v *visit) wasGiven(c *network.Cookie) bool {
	return slices.ContainsFunc(v.browser.opts.Credentials.Jar(), func(g crawler.GivenCookie) bool {
		return g.Name == c.Name && g.Value == c.Value && g.Domain == strings.TrimPrefix(c.Domain, ".")
	})
}
