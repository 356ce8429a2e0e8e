package browser

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/domstorage"
	"github.com/chromedp/cdproto/network"

	"trackscan/crawler"
)

// carried is what a crawler.Session of this Renderer holds: what a visitor takes along who goes on to another page of
// the site in the same tab. That is every cookie, the local storage of every origin, and the session storage of the
// tab's own origin. IndexedDB and caches stay behind: consent is not kept there, and a tracker that keeps its number
// there sees a new visitor.
type carried struct {
	Cookies []*network.CookieParam
	Areas   []area
	Tab     *area // session storage; nil for none

	// SeenCookies and SeenStorage are the evidence of what is carried, for the visits that it is carried to.
	SeenCookies []crawler.Cookie
	SeenStorage []crawler.Storage
}

// area is the storage of one origin.
type area struct {
	Origin string // "https://www.shop.test"
	Site   string // the site above a frame whose storage is partitioned, "https://shop.test"; empty for its own
	Items  [][2]string
}

// maxCarried bounds the bytes of storage that are carried; browsers allow 5 MB to an origin.
const maxCarried = 16 << 20

// beginAnswer tells that the click which answers the banner comes next. What was seen until now was seen by a visitor
// without a choice and is no evidence of this visit; what is there now and stays is Brought.
func (v *visit) beginAnswer() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.answered = time.Now()
	v.scripts, v.containers = map[string]*scriptUse{}, map[string]*crawler.Container{}
	for k, it := range v.items {
		if it.removed {
			delete(v.items, k)
			continue
		}
		it.there, it.past, it.setters, it.maybe = true, slices.Concat(it.setters, it.maybe), nil, nil
	}
}

// unanswered reports whether what happens now happens before the answer that the visit is to give. v.mu is held.
func (v *visit) unanswered() bool { return v.visit.Answer && v.answered.IsZero() }

// keepValue remembers the value of a storage item for the Session of an answering visit. v.mu is held.
func (v *visit) keepValue(p *place, method string, e *domstorage.EventDomStorageItemAdded) {
	if !v.visit.Answer || !e.StorageID.IsLocalStorage && p != v.main {
		return
	}
	id := areaKey{string(e.StorageID.StorageKey), e.StorageID.IsLocalStorage}
	items := v.areas[id]
	switch {
	case method == domstorage.DomStorageItemsCleared.Method:
		clear(items)
	case method == domstorage.DomStorageItemRemoved.Method:
		delete(items, e.Key)
	case v.carrying+len(e.Key)+len(e.NewValue) <= maxCarried:
		v.carrying += len(e.Key) + len(e.NewValue)
		if items == nil {
			items = map[string]string{}
			v.areas[id] = items
		}
		items[e.Key] = e.NewValue
	}
}

// areaKey is a storage area as the browser names it.
type areaKey struct {
	storageKey string
	local      bool
}

// area turns the browser's name of an area, "https://stats.test/^0https://shop.test", into ours.
func (k areaKey) area(items map[string]string) area {
	origin, partition, _ := strings.Cut(k.storageKey, "^")
	a := area{Origin: strings.TrimSuffix(origin, "/")}
	if site, ok := strings.CutPrefix(partition, "0"); ok {
		a.Site, _, _ = strings.Cut(site, "^")
	}
	for key, value := range items {
		a.Items = append(a.Items, [2]string{key, value})
	}
	slices.SortFunc(a.Items, func(x, y [2]string) int { return cmp.Compare(x[0], y[0]) })
	return a
}

// takeSession gathers what the visitor carries away from a banner that was answered. v.mu is held.
func (v *visit) takeSession(jar []*network.Cookie) {
	if !v.visit.Answer || v.page.Consent == nil || v.page.Consent.Result != crawler.Answered {
		return
	}
	var c carried
	for _, cookie := range jar {
		c.Cookies = append(c.Cookies, cookieParam(cookie))
	}
	for key, items := range v.areas {
		switch a := key.area(items); {
		case len(items) == 0:
		case key.local:
			c.Areas = append(c.Areas, a)
		case a.Origin == originOfURL(v.page.FinalURL):
			c.Tab = &a
		}
	}
	slices.SortFunc(c.Areas, func(a, b area) int { return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Site, b.Site)) })
	c.remember(&v.page)
	if state, err := json.Marshal(c); err == nil {
		v.page.Session = crawler.NewSession(state)
	}
}

// remember takes along the evidence of what is carried.
func (c *carried) remember(page *crawler.Page) {
	for _, seen := range page.Cookies {
		if seen.Refused == "" && !seen.Transient {
			c.SeenCookies = append(c.SeenCookies, seen)
		}
	}
	for _, seen := range page.Storage {
		if !seen.Transient && (seen.Kind == crawler.Local || seen.Kind == crawler.SessionKV && c.Tab != nil && seen.Origin == c.Tab.Origin) {
			c.SeenStorage = append(c.SeenStorage, seen)
		}
	}
}

// cookieParam is a cookie as it is set again. A cookie of one host only is named by an address in place of a domain.
func cookieParam(c *network.Cookie) *network.CookieParam {
	p := &network.CookieParam{
		Name: c.Name, Value: c.Value, Path: c.Path, Secure: c.Secure, HTTPOnly: c.HTTPOnly, SameSite: c.SameSite,
		Priority: c.Priority, SourceScheme: c.SourceScheme, SourcePort: c.SourcePort, PartitionKey: c.PartitionKey,
	}
	if !c.Session {
		p.Expires = cdp.TimeSinceEpoch(c.Expires)
	}
	if p.Domain = c.Domain; !strings.HasPrefix(c.Domain, ".") {
		scheme := "http"
		if c.Secure || c.SourceScheme == network.CookieSourceSchemeSecure {
			scheme = "https"
		}
		p.Domain, p.URL = "", (&url.URL{Scheme: scheme, Host: c.Domain, Path: c.Path}).String()
	}
	return p
}

func originOfURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// unpack reads what the visitor brings along.
func (v *visit) unpack() error {
	if v.visit.Session == nil {
		return nil
	}
	if err := jsonv2.Unmarshal(v.visit.Session.State(), &v.brought); err != nil {
		return fmt.Errorf("read the session: %w", err)
	}
	v.broughtCookies = map[cookieKey]crawler.Cookie{}
	for _, c := range v.brought.SeenCookies {
		v.broughtCookies[cookieKey{c.Name, c.Domain, c.Path, c.PartitionKey}] = c
	}
	for _, s := range v.brought.SeenStorage {
		v.items[storageKey{s.Kind, s.Origin, s.Key}] = &storageItem{there: true, brought: &s, traits: s.Traits}
	}
	return nil
}
