package catalog

import (
	"fmt"
	"slices"
	"strings"

	"trackscan/classify"
)

// A hostFact says whose a host and everything below it is.
type hostFact struct {
	host   string // "doubleclick.net"; "google.*" for google.com and every country's google
	vendor *Vendor
	id     classify.Identity
}

// hosts finds facts by host.
type hosts map[string]*hostFact

// find returns the fact with the longest suffix of host, nil when there is none. It does not allocate.
func (h hosts) find(host string) *hostFact {
	for suffix := host; suffix != ""; suffix = parent(suffix) {
		if f := h[suffix]; f != nil {
			return f
		}
	}
	return h.findCountry(host)
}

// findCountry answers "www.google.co.uk" with the fact for "google.*".
func (h hosts) findCountry(host string) *hostFact {
	name := countryName(host)
	if name == "" {
		return nil
	}
	return h[name]
}

// countryNames are the hosts of the form "google.*" that vendors may claim, by their label: companies that hold their
// name in (nearly) every country.
var countryNames = map[string]string{
	"google": "google.*", "amazon": "amazon.*", "yandex": "yandex.*", "ebay": "ebay.*", "criteo": "criteo.*",
}

// countryName returns "google.*" for a host below google.com, google.de, google.co.uk or google.com.br.
func countryName(host string) string {
	rest, tld := cutLast(host)
	if len(tld) != 2 && tld != "com" {
		return ""
	}
	before, label := cutLast(rest)
	if label == "co" || label == "com" {
		_, label = cutLast(before)
	}
	return countryNames[label]
}

// cutLast splits "www.google.de" into "www.google" and "de".
func cutLast(host string) (before, last string) {
	i := strings.LastIndexByte(host, '.')
	if i < 0 {
		return "", host
	}
	return host[:i], host[i+1:]
}

// parent returns host without its first label, empty when it has one label.
func parent(host string) string {
	_, rest, _ := strings.Cut(host, ".")
	return rest
}

// under reports whether host is domain or below it.
func under(host, domain string) bool {
	if !strings.HasSuffix(host, domain) {
		return false
	}
	return len(host) == len(domain) || host[len(host)-len(domain)-1] == '.'
}

// legalHost reports whether a vendor may claim host: lower case, at least two labels, no scheme, port or path.
func legalHost(host string) bool {
	for _, name := range countryNames {
		if host == name {
			return true
		}
	}
	return strings.Contains(host, ".") && looksLikeHost(host)
}

// looksLikeHost reports whether s is made as a host name is, in lower case.
func looksLikeHost(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
				return false
			}
		}
	}
	return true
}

func (v *Vendor) addHostsAs(n node) error {
	for _, f := range n.fields {
		category, err := (node{kind: text, text: f.key}).category()
		if err != nil {
			return err
		}
		if err := v.addHosts(f.value, category, false); err != nil {
			return err
		}
	}
	return nil
}

func (v *Vendor) addHosts(n node, category classify.Category, benign bool) error {
	hosts, err := n.strs()
	if err != nil {
		return err
	}
	v.hosts = slices.Grow(v.hosts, len(hosts))
	for _, host := range hosts {
		if !legalHost(host) {
			return fmt.Errorf("%q is no host in lower case", host)
		}
		v.Domains = append(v.Domains, host)
		id := v.identity(&terms{category: category, benign: benign})
		v.hosts = append(v.hosts, hostFact{host: host, vendor: v, id: id})
	}
	return nil
}
