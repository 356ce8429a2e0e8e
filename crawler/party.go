package crawler

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// RegistrableDomain returns the part of host that its owner registered, "shop.test" for "www.shop.test": the public
// suffix and one label. An IP address, a single label and a public suffix are their own.
func RegistrableDomain(host string) string {
	host = strings.TrimSuffix(strings.ToLower(strings.TrimPrefix(host, ".")), ".")
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}

// HostOf returns the lower-case host of a URL without its port, empty when it has none.
func HostOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// PartyOf tells how host stands to the page: First when both have one registrable domain.
func PartyOf(pageURL, host string) Party {
	if RegistrableDomain(HostOf(pageURL)) == RegistrableDomain(host) {
		return First
	}
	return Third
}
