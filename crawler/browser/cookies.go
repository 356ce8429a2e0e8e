package browser

import (
	"cmp"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"

	"trackscan/crawler"
)

// cookieKey is the identity of a cookie.
type cookieKey struct{ name, domain, path, partition string }

// cookieWrite is one attempt to set or delete a cookie.
type cookieWrite struct {
	key     cookieKey
	via     crawler.SetVia
	by      string // URL of the setter
	asked   float64
	deletes bool
	refused string
	line    setCookie // without its value
	traits  crawler.Traits
	clicks  []string  // see crawler.Cookie
	at      time.Time // by our clock
	maybe   bool      // could not be read back at once: refused, unless the jar has it
	before  bool      // the answer of the visit
	leg     int       // of the journey
}

// write takes down an attempt; the value of line is turned into traits and forgotten. v.mu is held.
func (v *visit) write(w cookieWrite, host, path string, now time.Time) {
	w.key.name = w.line.name
	w.key.domain = host
	if w.line.domain != "" && w.line.domain != host || w.line.domain != "" && !isIP(host) {
		w.key.domain = "." + w.line.domain
	}
	w.key.path = cmp.Or(w.line.path, defaultPath(path))
	w.asked = w.line.askedDays(now)
	w.deletes = w.asked < 0
	w.traits = crawler.TraitsOf(w.line.value, v.browser.opts.Salt)
	v.secrets.remember(w.line.value, w.traits)
	w.clicks = v.arrival.in(w.line.value)
	w.line.value = ""
	if w.at.IsZero() {
		w.at = time.Now()
	}
	v.writes = append(v.writes, w)
}

func (v *visit) onCookieLine(n note, by string) {
	line, ok := parseSetCookie(n.Value)
	u, err := url.Parse(cmp.Or(httpOnly(n.At), n.Origin))
	if !ok || err != nil || u.Host == "" {
		return
	}
	w := cookieWrite{via: v.viaOf(n), by: by, line: line, maybe: !n.Seen, before: v.unanswered(), leg: v.gone}
	if line.partitioned {
		w.key.partition = v.site()
	}
	v.write(w, u.Hostname(), u.EscapedPath(), n.clock())
}

func (v *visit) onCookieStore(n note, by string) {
	u, err := url.Parse(n.Origin)
	if err != nil || u.Host == "" {
		return
	}
	c := n.Cookie
	line := setCookie{
		name: c.Name, value: c.Value, domain: strings.ToLower(strings.TrimPrefix(c.Domain, ".")), path: c.Path,
		secure: true, sameSite: strings.ToUpper(c.SameSite[:min(1, len(c.SameSite))]) + c.SameSite[min(1, len(c.SameSite)):],
		partitioned: c.Partitioned,
	}
	w := cookieWrite{via: crawler.ViaCookieStore, by: by, refused: n.Why, before: v.unanswered(), leg: v.gone}
	switch {
	case n.Kind == "cookiestore-delete":
		line.maxAge = new(int64(0))
	case c.MaxAge != nil:
		line.maxAge = new(int64(*c.MaxAge))
	case c.Expires != nil:
		line.expires = time.UnixMilli(int64(*c.Expires))
	}
	if c.Partitioned {
		w.key.partition = v.site()
	}
	w.line = line
	v.write(w, u.Hostname(), "/", n.clock())
}

// site is the partition key of the page as the browser writes it.
func (v *visit) site() string {
	u, err := url.Parse(v.visit.URL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + crawler.RegistrableDomain(u.Hostname())
}

// readHeaders turns the Set-Cookie headers of all answers into writes. The headers of a hop come in an event of their
// own, in the order of the hops that have one. v.mu is held.
func (v *visit) readHeaders() {
	for _, x := range slices.SortedFunc(maps.Values(v.exchanges), func(a, b *exchange) int { return a.started - b.started }) {
		extras := x.extras
		for _, h := range x.hops {
			if len(extras) == 0 {
				break
			}
			if h.answered && !h.hasExtra {
				continue
			}
			v.readSetCookies(x, h, extras[0])
			h.registers, h.etag = registersOf(extras[0].Headers), headerNamed(extras[0].Headers, "etag")
			if h.status == 0 { // an answer that the page was not given, such as an image that is none
				h.status = extras[0].StatusCode
			}
			extras = extras[1:]
		}
	}
}

func (v *visit) readSetCookies(x *exchange, h *hop, e extra) {
	u, err := url.Parse(h.url)
	if err != nil {
		return
	}
	for _, text := range setCookieLines(e.Headers) {
		line, ok := parseSetCookie(text)
		if !ok {
			continue
		}
		w := cookieWrite{via: crawler.ViaHTTP, by: h.url, line: line, refused: blockedReason(e.BlockedCookies, text), leg: x.leg}
		if line.partitioned && e.CookiePartitionKey != nil {
			w.key.partition = e.CookiePartitionKey.TopLevelSite
		}
		w.at, w.before = e.at, e.at.Before(v.answered)
		v.write(w, u.Hostname(), u.EscapedPath(), e.at)
	}
}

func setCookieLines(h network.Headers) []string {
	return strings.Split(headerNamed(h, "set-cookie"), "\n")
}

// headerNamed is the value of a header, one line for each time that it is there; empty when it is not.
func headerNamed(h network.Headers, wanted string) string {
	for name, value := range h {
		if s, ok := value.(string); ok && strings.EqualFold(name, wanted) {
			return s
		}
	}
	return ""
}

func blockedReason(blocked []*network.BlockedSetCookieWithReason, line string) string {
	for _, b := range blocked {
		if trim(b.CookieLine) == trim(line) {
			reasons := make([]string, len(b.BlockedReasons))
			for i, r := range b.BlockedReasons {
				reasons[i] = string(r)
			}
			return strings.Join(reasons, ", ")
		}
	}
	return ""
}

// cookies turns the writes and the jar into evidence. v.mu is held.
func (v *visit) cookies(jar []*network.Cookie) []crawler.Cookie {
	stored := map[cookieKey]*network.Cookie{}
	for _, c := range jar {
		stored[keyOf(c)] = c
	}
	slices.SortStableFunc(v.writes, func(a, b cookieWrite) int { return a.at.Compare(b.at) })
	byKey := map[cookieKey][]cookieWrite{}
	for _, w := range v.writes {
		byKey[w.key] = append(byKey[w.key], w)
	}
	maps.DeleteFunc(stored, func(key cookieKey, c *network.Cookie) bool { return expired(c, byKey[key]) })
	var out []crawler.Cookie
	for key, writes := range byKey {
		past, now := splitWrites(writes)
		if len(now) == 0 || stored[key] != nil && !sets(now) && (sets(past) || v.wasBrought(key)) {
			continue
		}
		if c, ok := v.cookie(key, now, stored[key]); ok {
			c.Respawned = v.respawned(key, stored[key])
			out = append(out, c)
			delete(stored, key)
		}
	}
	for key, c := range stored {
		if !v.wasGiven(c) {
			out = append(out, v.remaining(key, byKey[key], c))
		}
	}
	out = slices.DeleteFunc(out, func(c crawler.Cookie) bool { return isProbe(c, out) })
	slices.SortFunc(out, func(a, b crawler.Cookie) int {
		return cmp.Or(cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.PartitionKey, b.PartitionKey))
	})
	return out
}

// expired reports whether a script has deleted a cookie that the browser still holds: by a date that has passed on the
// page's clock, which runs ahead, and not yet on the browser's.
func expired(c *network.Cookie, writes []cookieWrite) bool {
	return len(writes) > 0 && writes[len(writes)-1].deletes && !c.HTTPOnly && !c.Session
}

// splitWrites parts the writes before the answer of the visit from those after it.
func splitWrites(writes []cookieWrite) (past, now []cookieWrite) {
	for _, w := range writes {
		if w.before {
			past = append(past, w)
		} else {
			now = append(now, w)
		}
	}
	return past, now
}

// sets reports whether one of the writes put the cookie into the jar, which is known to have it.
func sets(writes []cookieWrite) bool {
	return slices.ContainsFunc(writes, func(w cookieWrite) bool { return !w.deletes && w.refused == "" })
}

func (v *visit) wasBrought(key cookieKey) bool { _, ok := v.broughtCookies[key]; return ok }

// remaining is the evidence of a cookie in the jar that nobody set in this visit, or not since the answer.
func (v *visit) remaining(key cookieKey, past []cookieWrite, stored *network.Cookie) crawler.Cookie {
	c, known := v.broughtCookies[key]
	if !known {
		c, known = v.cookie(key, past, stored)
	}
	if !known {
		return v.strayCookie(key, stored)
	}
	c.Brought, c.Party = true, crawler.PartyOf(v.visit.URL, key.domain)
	return c
}

func keyOf(c *network.Cookie) cookieKey {
	k := cookieKey{name: c.Name, domain: c.Domain, path: c.Path}
	if c.PartitionKey != nil {
		k.partition = c.PartitionKey.TopLevelSite
	}
	return k
}

// cookie sums up the writes of one cookie; false when it was only ever deleted.
func (v *visit) cookie(key cookieKey, writes []cookieWrite, stored *network.Cookie) (crawler.Cookie, bool) {
	sets := slices.DeleteFunc(slices.Clone(writes), func(w cookieWrite) bool { return w.deletes })
	if len(sets) == 0 {
		return crawler.Cookie{}, false
	}
	good := slices.DeleteFunc(slices.Clone(sets), func(w cookieWrite) bool {
		return w.refused != "" || w.maybe && stored == nil && len(sets) == len(writes)
	})
	last := sets[len(sets)-1]
	c := crawler.Cookie{
		Name: key.name, Domain: key.domain, Path: key.path, PartitionKey: key.partition,
		Party: crawler.PartyOf(v.visit.URL, key.domain), AskedDays: &last.asked, HTTPOnly: last.line.httpOnly,
		Secure: last.line.secure, SameSite: last.line.sameSite, Traits: last.traits,
	}
	for _, w := range sets {
		c.Clicks = union(c.Clicks, w.clicks)
	}
	if len(good) == 0 {
		c.Refused = cmp.Or(last.refused, "NotStored")
		v.setter(&c, sets)
		return c, true
	}
	last = good[len(good)-1]
	c.AskedDays, c.StoredDays, c.Traits = &last.asked, new(min(last.asked, capDays)), last.traits
	v.setter(&c, good)
	if c.Transient = stored == nil; stored != nil {
		c.HTTPOnly, c.Secure, c.SameSite = stored.HTTPOnly, stored.Secure, string(stored.SameSite)
		if stored.Session {
			c.StoredDays = new(0.0)
		}
	}
	return c, true
}

// setter names the one of several setters that is nearest to the page, so that a race between them changes nothing; of a
// journey the first page that has one.
func (v *visit) setter(c *crawler.Cookie, writes []cookieWrite) {
	w := slices.MinFunc(writes, func(a, b cookieWrite) int {
		return cmp.Or(cmp.Compare(a.leg, b.leg), cmp.Compare(len(v.chainTo(a.by, a.leg)), len(v.chainTo(b.by, b.leg))),
			cmp.Compare(a.by, b.by), cmp.Compare(a.via, b.via))
	})
	c.SetVia, c.SetBy, c.Initiators = w.via, v.show(w.by), v.chainTo(w.by, w.leg)
}

// strayCookie is in the jar although nobody was seen to set it: a request that no target of ours made.
func (v *visit) strayCookie(key cookieKey, c *network.Cookie) crawler.Cookie {
	out := crawler.Cookie{
		Name: key.name, Domain: key.domain, Path: key.path, PartitionKey: key.partition, SetVia: crawler.ViaHTTP,
		Party: crawler.PartyOf(v.visit.URL, key.domain), HTTPOnly: c.HTTPOnly, Secure: c.Secure,
		SameSite: string(c.SameSite), Traits: crawler.TraitsOf(c.Value, v.browser.opts.Salt),
		Initiators: []string{v.page.FinalURL}, StoredDays: new(0.0),
	}
	if !c.Session {
		out.StoredDays = new(min(days(time.Until(time.UnixMilli(int64(c.Expires*1000)))), capDays))
	}
	return out
}

// isProbe recognises the attempts of a script to find the widest domain that it may set a cookie for: refused for
// "com", stored for "shop.com". The stored one is the evidence.
func isProbe(c crawler.Cookie, all []crawler.Cookie) bool {
	if c.Refused != "NotStored" {
		return false
	}
	return slices.ContainsFunc(all, func(o crawler.Cookie) bool {
		return o.Name == c.Name && o.Refused == "" && o.Party == c.Party && o.Domain != c.Domain
	})
}

func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
