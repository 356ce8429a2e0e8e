package filterlist

import (
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Request is what a verdict is asked for.
type Request struct {
	URL    string // absolute; only http, https, ws and wss can match
	Page   string // URL of the page that asked; empty when unknown: the request then counts as the page's own
	Type   string // as crawler.Request.Type; empty when unknown: rules of any type may then block
	Method string // "GET"; empty when unknown: rules that name methods then do not apply
}

// Bounds per request. An address longer than that is held against the lists as far as the bound; the work of a request
// against real lists is some hundred steps.
const (
	maxURL  = 8 << 10
	maxWork = 4 << 20
)

// question is a request made ready to be held against rules.
type question struct {
	target
	host    string // in lower case
	keys    []uint64
	tokens  []uint64
	page    site
	types   types
	methods methods
	entity  []uint64 // entity keys of host; worked out when first needed

	unsure   bool // the type is unknown
	parted   bool // entity has been worked out
	tracking bool // only lists about trackers may block
}

// site is a host and what is derived from it.
type site struct {
	url    string // what it was made from
	host   string
	domain string   // registrable; the host itself for addresses and public suffixes
	keys   []uint64 // of the host, its parents and its entities
}

// ask makes q ready for r. It returns false when no rule can match.
func (q *question) ask(r Request) bool {
	url, start, end, ok := cutHost(r.URL)
	if !ok {
		return false
	}
	q.target = target{url: url, low: lower(url), hostStart: start, hostEnd: end, work: maxWork}
	q.host = q.low[start:end]
	q.keys = suffixKeys(q.keys[:0], q.host)
	q.tokens = tokensOf(q.tokens[:0], q.low, true, true)
	q.types = typeOf(r.Type)
	q.unsure = r.Type == ""
	if strings.HasPrefix(q.low, "ws") {
		q.types, q.unsure = typeWebSocket, false
	}
	q.methods = 0
	if r.Method != "" {
		q.methods = methodBits[lower(r.Method)]
	}
	q.parted = false
	q.setPage(r.Page)
	return true
}

// setPage makes the page ready. Requests come page by page, so that the last page is kept.
func (q *question) setPage(url string) {
	if q.page.url == url {
		return
	}
	q.page.url, q.page.host, q.page.domain, q.page.keys = url, "", "", q.page.keys[:0]
	cut, start, end, ok := cutHost(url)
	if !ok {
		return
	}
	host := lower(cut[start:end])
	name, domain := entityOf(host)
	q.page.host, q.page.domain = host, domain
	q.page.keys = entityKeys(suffixKeys(q.page.keys, host), name)
}

// cutHost returns the part of an address that rules are held against, and where in it the host lies.
func cutHost(url string) (cut string, start, end int, ok bool) {
	if i := strings.IndexByte(url, '#'); i >= 0 {
		url = url[:i]
	}
	url = url[:min(len(url), maxURL)]
	scheme, _, ok := strings.Cut(url, "://")
	if !ok || !isWebScheme(scheme) {
		return "", 0, 0, false
	}
	start = len(scheme) + len("://")
	end = start + hostEnd(url[start:])
	if at := strings.LastIndexByte(url[start:end], '@'); at >= 0 {
		start += at + 1
	}
	if colon := strings.LastIndexByte(url[start:end], ':'); colon >= 0 && url[end-1] != ']' {
		end = start + colon
	}
	return url, start, end, end > start
}

func hostEnd(s string) int {
	for i := range len(s) {
		if s[i] == '/' || s[i] == '?' || s[i] == '\\' {
			return i
		}
	}
	return len(s)
}

func isWebScheme(s string) bool {
	switch s {
	case "http", "https", "ws", "wss":
		return true
	}
	return len(s) <= 5 && slices.Contains([]string{"http", "https", "ws", "wss"}, lower(s))
}

// entityOf splits a host at its public suffix: the name in front of it, and the registrable domain. An address and a
// host that is itself a suffix have no name and are their own domain.
func entityOf(host string) (name, domain string) {
	if isAddress(host) {
		return "", host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return "", host
	}
	label, _, _ := strings.Cut(domain, ".")
	return host[:len(host)-len(domain)+len(label)], domain
}

// isAddress tells whether host is an IP address.
func isAddress(host string) bool {
	if host == "" || host[0] == '[' {
		return true
	}
	last := host[len(host)-1]
	if last < '0' || last > '9' {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

// entityKeys appends the keys of name and of its parents.
func entityKeys(keys []uint64, name string) []uint64 {
	if name == "" {
		return keys
	}
	n := len(keys)
	keys = suffixKeys(keys, name)
	for i := n; i < len(keys); i++ {
		keys[i] = keys[i] ^ seedEntity | 1
	}
	return keys
}

// isThird tells whether the request goes to another site than the page's.
func (q *question) isThird() bool {
	if q.page.host == "" || q.host == q.page.host {
		return false
	}
	return !isUnder(q.host, q.page.domain) || q.page.domain == q.page.host && isSuffix(q.page.domain)
}

// isSuffix tells whether host is a public suffix itself, so that what lies under it belongs to others.
func isSuffix(host string) bool {
	if isAddress(host) {
		return false
	}
	_, err := publicsuffix.EffectiveTLDPlusOne(host)
	return err != nil
}

// isUnder tells whether host is domain or a host under it.
func isUnder(host, domain string) bool {
	if !strings.HasSuffix(host, domain) {
		return false
	}
	return len(host) == len(domain) || host[len(host)-len(domain)-1] == '.'
}

// hostIn tells whether the request's host is in a set.
func (q *question) hostIn(set []uint64) bool {
	if overlap(q.keys, set) {
		return true
	}
	if !slices.ContainsFunc(set, isEntity) {
		return false
	}
	if !q.parted {
		name, _ := entityOf(q.host)
		q.entity, q.parted = entityKeys(q.entity[:0], name), true
	}
	return overlap(q.entity, set)
}

// overlap tells whether one of keys is in set, which is sorted.
func overlap(keys, set []uint64) bool {
	for _, key := range keys {
		if _, ok := slices.BinarySearch(set, key); ok {
			return true
		}
	}
	return false
}
