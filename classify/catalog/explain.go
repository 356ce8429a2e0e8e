package catalog

import (
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"

	"trackscan/classify"
)

// A Question is one line that `trackscan explain` is asked.
type Question struct {
	Input string         // verbatim
	Kind  string         // cookie (also a storage key), host or url
	Thing classify.Thing // of a cookie without a domain Host is empty; of a host the URL is "https://HOST/"
}

// The kinds of a Question.
const (
	AskCookie = "cookie"
	AskHost   = "host"
	AskURL    = "url"
)

// An Answer is what the catalogue knows, in the form that `trackscan explain --format json` prints.
type Answer struct {
	Input    string          `json:"input"`
	Kind     string          `json:"kind"`
	Vendor   classify.Text   `json:"vendor"`
	Category classify.Text   `json:"category"`
	Purpose  string          `json:"purpose"`
	Pattern  string          `json:"pattern"` // what decided: "_ga_*", "fr@.facebook.com", "doubleclick.net", "facebook.com/tr"
	Source   classify.Source `json:"source"`
	Owner    string          `json:"owner,omitempty"`
	Days     float64         `json:"typical_days,omitempty"` // usual lifetime; absent for a session or when not known
	Party    string          `json:"party,omitempty"`        // whose domain the vendor usually sets it at; of cookies
	Exempt   string          `json:"exempt,omitempty"`       // the authority that exempts it from consent
	Privacy  string          `json:"privacy,omitempty"`      // the vendor's privacy policy
}

// Ask decides what a line asks about. "NAME@DOMAIN" is a cookie at a domain, "URL page=URL type=TYPE" a request; a
// name that a vendor file holds is a cookie; what could be a host of a public top-level domain is a host, all else
// the name of a cookie.
func (c *Catalog) Ask(line string) Question {
	q := Question{Input: line}
	fields := strings.Fields(line)
	if len(fields) == 0 {
		q.Kind, q.Thing.Kind = AskCookie, classify.KindCookie
		return q
	}
	first := fields[0]
	switch {
	case strings.Contains(first, "://"), strings.HasPrefix(first, "//"):
		return q.url(fields)
	case c.names.exact[first] != nil:
		return q.cookie(strings.TrimSpace(line))
	case isHost(first):
		return q.host(first)
	}
	if host, _, found := strings.Cut(first, "/"); found && isHost(host) {
		return q.url(fields)
	}
	return q.cookie(strings.TrimSpace(line))
}

func (q Question) url(fields []string) Question {
	q.Kind, q.Thing.Kind, q.Thing.URL = AskURL, classify.KindRequest, fields[0]
	if !strings.Contains(fields[0], "://") {
		q.Thing.URL = "https://" + strings.TrimPrefix(fields[0], "//")
	}
	q.Thing.Host = newAddress(fields[0]).host
	for _, f := range fields[1:] {
		if page, ok := strings.CutPrefix(f, "page="); ok {
			q.Thing.Page = page
		}
		if kind, ok := strings.CutPrefix(f, "type="); ok {
			q.Thing.Type = kind
		}
	}
	return q
}

func (q Question) host(s string) Question {
	host := newAddress(s).host
	q.Kind = AskHost
	q.Thing = classify.Thing{Kind: classify.KindRequest, Host: host, URL: "https://" + host + "/"}
	return q
}

func (q Question) cookie(name string) Question {
	q.Kind, q.Thing.Kind, q.Thing.Name = AskCookie, classify.KindCookie, name
	if i := strings.LastIndexByte(name, '@'); i > 0 && isHost(name[i+1:]) {
		q.Thing.Name, q.Thing.Host = name[:i], newAddress(name[i+1:]).host
	}
	return q
}

// isHost reports whether s can be a host that the web knows: an IP address, or labels that end in a public or a
// reserved top-level domain. Names of cookies hold dots too ("connect.sid").
func isHost(s string) bool {
	host := newAddress(s).host
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	if strings.ContainsAny(s, "/@") || !strings.Contains(host, ".") || !looksLikeHost(host) {
		return false
	}
	before, tld := cutLast(host)
	if _, registered := cutLast(before); strings.Contains(registered, "_") {
		return false
	}
	_, icann := publicsuffix.PublicSuffix(tld)
	return icann || reserved[tld]
}

// reserved are the top-level domains of RFC 2606 and RFC 6761, which tests and intranets use.
var reserved = map[string]bool{"test": true, "example": true, "invalid": true, "localhost": true, "local": true}

// Explain answers a Question. What the catalogue does not know has neither vendor nor source.
func (c *Catalog) Explain(q Question) Answer {
	a := Answer{Input: q.Input, Kind: q.Kind}
	if q.Kind == AskCookie {
		c.explainName(q.Thing, &a)
		return a
	}
	u := newAddress(q.Thing.URL)
	if f := c.addresses.find(u); f != nil && q.Kind == AskURL {
		a.fill(f.vendor, f.id, f.pattern, f.terms)
		return a
	}
	if f := c.hosts.find(u.host); f != nil {
		a.fill(f.vendor, f.id, f.host, &terms{})
	}
	return a
}

func (c *Catalog) explainName(t classify.Thing, a *Answer) {
	if f := c.names.find(t.Name, t.Host); f != nil {
		a.fill(f.vendor, f.id, f.String(), f.terms)
		a.Party = f.party()
		return
	}
	if id, ok := c.identifyName(t); ok {
		f := c.hosts.find(t.Host)
		a.fill(f.vendor, id, f.host, &terms{})
	}
}

func (a *Answer) fill(v *Vendor, id classify.Identity, pattern string, t *terms) {
	a.Vendor, a.Owner, a.Privacy = classify.Text(v.Name), v.Owner, v.Privacy
	a.Category, a.Purpose, a.Source, a.Days = classify.Text(id.Category), id.Purpose, id.Source, id.TypicalDays
	a.Pattern, a.Exempt = pattern, t.exempt
}
