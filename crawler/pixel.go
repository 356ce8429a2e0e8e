package crawler

import (
	"maps"
	"slices"
	"strings"
)

// What pixels are told besides the event, in words.
const (
	email    = "e-mail"
	phone    = "phone"
	person   = "name"
	address  = "address"
	customer = "customer number"
	amount   = "amount"
	products = "products"
	order    = "order number"
	search   = "search words"
)

// pixel is how one company's pixel writes what it tells: in the query, or in the body as a form or JSON. Fields within
// others are named with dots: "ud[em]" and {"ud": {"em": ...}} are both ud.em.
type pixel struct {
	hosts     []string  // these and all below; "google.*" has any ending, and none is any host
	paths     []string  // what paths begin with, and of any host what they end with
	proof     [2]string // a field and how it begins, without which a request is none of the pixel's
	names     []string  // fields that name the event, the best first
	number    string    // the field in which events have numbers
	numbered  string    // what such numbers contain
	otherwise string    // the name of an event without any
	nested    [2]string // a field that holds fields of its own, and what parts these
	tells     map[string]string
}

// pixels are those that are understood, by what the companies document of their tags and what these send.
var pixels = []pixel{
	{ // Meta
		hosts: []string{"facebook.com"}, paths: []string{"/tr", "/privacy_sandbox/pixel/register/trigger"},
		names: []string{"ev"},
		tells: merged(under("ud.", metaIdentity), under("udff.", metaIdentity), under("cd.", map[string]string{
			"value": amount, "content_ids": products, "contents": products, "content_name": products, "order_id": order,
			"search_string": search,
		})),
	},
	{ // TikTok
		hosts: []string{"analytics.tiktok.com", "tiktokw.us"}, paths: []string{"/api/v1/pixel", "/api/v2/pixel"},
		names: []string{"event"},
		tells: merged(under("context.user.", map[string]string{
			"email": email, "phone_number": phone, "external_id": customer, "first_name": person, "last_name": person,
			"auto_email": email, "auto_phone_number": phone, "eb_email": email, "eb_phone_number": phone,
			"city": address, "zip_code": address,
		}), under("properties.", map[string]string{
			"value": amount, "contents.content_id": products, "content_id": products, "content_name": products,
			"order_id": order, "query": search,
		})),
	},
	{ // LinkedIn
		hosts: []string{"ads.linkedin.com"}, paths: []string{"/collect", "/attribution_trigger", "/wa"},
		names: []string{"signalType"}, number: "conversionId", otherwise: "page view",
		tells: map[string]string{"hem": email},
	},
	{ // Pinterest
		hosts: []string{"ct.pinterest.com"}, paths: []string{"/v3", "/user"},
		names: []string{"event"},
		tells: merged(under("pd.", metaIdentity), under("ed.", map[string]string{
			"value": amount, "order_id": order, "line_items.product_id": products, "product_id": products,
			"product_ids": products, "search_query": search,
		})),
	},
	{ // X
		hosts: []string{"t.co", "analytics.twitter.com"}, paths: []string{"/i/adsct", "/1/i/adsct"},
		names: []string{"events"}, number: "txn_id", numbered: "-", otherwise: "visit",
		tells: map[string]string{
			"event.email_address": email, "event.phone_number": phone, "tw_sale_amount": amount, "event.value": amount,
			"event.contents.content_id": products, "event.search_string": search,
		},
	},
	{ // Snap
		hosts: []string{"tr.snapchat.com", "tr6.snapchat.com"}, paths: []string{"/p"},
		names: []string{"ev", "e_et"},
		tells: map[string]string{
			"u_hem": email, "u_hpn": phone, "e_pr": amount, "e_iids": products, "e_tid": order, "e_ss": search,
			"price": amount, "item_ids": products, "transaction_id": order,
		},
	},
	{ // Microsoft
		hosts: []string{"bat.bing.com", "bat.bing.net"}, paths: []string{"/action/", "/actionp/"},
		names: []string{"ea", "ec", "evt"}, otherwise: "visit", nested: [2]string{"pid", "&"},
		tells: map[string]string{
			"pid.em": email, "pid.ph": phone, "gv": amount, "prodid": products, "items.id": products, "transaction_id": order,
		},
	},
	{ // Google Ads
		hosts: []string{"googleadservices.com", "doubleclick.net", "google.*"},
		paths: []string{
			"/pagead/conversion/", "/pagead/viewthroughconversion/", "/pagead/1p-conversion/", "/pagead/1p-user-list/",
			"/ccm/collect", "/ccm/conversion", "/ccm/form-data", "/rmkt/collect",
		},
		names: []string{"en", "data.event"}, number: "label", otherwise: "visit", nested: [2]string{"data", ";"},
		tells: merged(under("em.", googleIdentity), map[string]string{"value": amount, "oid": order}),
	},
	{ // GA4, also behind a host of the site's own
		paths: []string{"/g/collect"}, proof: [2]string{"tid", "G-"},
		names: []string{"en"},
		tells: merged(under("em.", googleIdentity), map[string]string{
			"uid": customer, "epn.value": amount, "pr1": products, "ep.transaction_id": order, "ep.search_term": search,
		}),
	},
}

var metaIdentity = map[string]string{
	"em": email, "ph": phone, "fn": person, "ln": person, "ct": address, "zp": address, "external_id": customer,
}

var googleIdentity = map[string]string{
	"em": email, "pn": phone, "fn0": person, "ln0": person, "sa0": address, "ct0": address, "pc0": address,
}

// under puts what stands before each field of a list.
func under(prefix string, list map[string]string) map[string]string {
	out := map[string]string{}
	for field, what := range list {
		out[prefix+field] = what
	}
	return out
}

func merged(lists ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, list := range lists {
		maps.Copy(out, list)
	}
	return out
}

// at reports whether the pixel's requests go to a host and a path.
func (p *pixel) at(host, path string) bool {
	if len(p.hosts) == 0 {
		return slices.ContainsFunc(p.paths, func(end string) bool { return strings.HasSuffix(path, end) })
	}
	return slices.ContainsFunc(p.hosts, func(h string) bool { return isBelow(host, h) }) &&
		slices.ContainsFunc(p.paths, func(begin string) bool {
			rest, ok := strings.CutPrefix(path, begin)
			return ok && (rest == "" || rest[0] == '/' || strings.HasSuffix(begin, "/"))
		})
}

// isBelow reports whether host is domain or one of its sub-hosts, where "google.*" stands for google.com and google.de.
func isBelow(host, domain string) bool {
	if label, ok := strings.CutSuffix(domain, "*"); ok {
		return strings.HasPrefix(RegistrableDomain(host), label)
	}
	return host == domain || strings.HasSuffix(host, "."+domain)
}
