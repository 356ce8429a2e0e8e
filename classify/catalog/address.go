package catalog

import (
	"fmt"
	"slices"
	"strings"

	"trackscan/classify"
)

// A urlFact says what requests to an address are for.
type urlFact struct {
	vendor  *Vendor
	pattern string
	host    string // empty: on any host
	path    glob
	open    bool    // the path may go on after the pattern
	query   []param // parameters that must be there, in any order
	weight  int     // literal bytes: the longer, the more a match means
	terms   *terms
	id      classify.Identity
}

// A param is a parameter that a URL pattern asks for.
type param struct {
	name  string
	value string // empty for any
	begin bool   // value is only its beginning
}

// addURLs reads the urls section: "host/path?name=value&name", or "*/path" and "/path" for any host.
func (v *Vendor) addURLs(n node) error {
	for _, f := range n.fields {
		t, err := f.value.terms()
		if err != nil {
			return fmt.Errorf("%s: %w", f.key, err)
		}
		for pattern := range strings.FieldsSeq(f.key) {
			fact, err := newURLFact(pattern)
			if err != nil {
				return fmt.Errorf("%s: %w", pattern, err)
			}
			fact.vendor, fact.terms, fact.id = v, t, v.identity(t)
			fact.id.Pattern = pattern
			v.urls = append(v.urls, fact)
		}
	}
	return nil
}

func newURLFact(pattern string) (urlFact, error) {
	f := urlFact{pattern: pattern}
	address, query, _ := strings.Cut(pattern, "?")
	i := strings.IndexByte(address, '/')
	if i < 0 {
		return f, fmt.Errorf("a pattern of an address needs a path")
	}
	host, path := address[:i], address[i:]
	if host == "*" {
		host = ""
	}
	if host != "" && !legalHost(host) {
		return f, fmt.Errorf("%q is no host in lower case", host)
	}
	f.host, f.query = host, newParams(query)
	f.open = strings.HasSuffix(path, "*")
	f.path = newGlob(strings.TrimSuffix(path, "*"))
	if _, last := f.path.ends(); f.open && last == "" {
		return f, fmt.Errorf("two wildcards at the end say no more than one")
	}
	if f.host == "" && plainSegment(path) == "" {
		return f, fmt.Errorf("a pattern for any host needs a path segment without wildcards")
	}
	f.weight = len(host) + f.path.literal + len(query)
	return f, nil
}

func newParams(query string) (out []param) {
	for one := range strings.SplitSeq(query, "&") {
		if one == "" {
			continue
		}
		name, value, _ := strings.Cut(one, "=")
		begin, open := strings.CutSuffix(value, "*")
		out = append(out, param{name: name, value: begin, begin: open})
	}
	return out
}

// match reports whether a request to path with query fits. The host was matched by the index.
func (f *urlFact) match(path, query string) bool {
	return f.matchPath(path) && !slices.ContainsFunc(f.query, func(p param) bool { return !p.in(query) })
}

// matchPath holds path against the pattern; a pattern for any host may begin at any segment of it.
func (f *urlFact) matchPath(path string) bool {
	if f.host != "" {
		return f.matchFrom(path)
	}
	for i := range len(path) {
		if path[i] == '/' && f.matchFrom(path[i:]) {
			return true
		}
	}
	return false
}

// matchFrom holds the whole of path against the pattern, which ends at the end of a segment unless it is open.
func (f *urlFact) matchFrom(path string) bool {
	if !f.path.wild() {
		rest, ok := strings.CutPrefix(path, f.path.parts[0])
		return ok && (f.open || rest == "" || rest[0] == '/' || rest[0] == ';' || strings.HasSuffix(f.path.parts[0], "/"))
	}
	if !f.open {
		return f.path.match(path)
	}
	_, last := f.path.ends()
	for end := strings.LastIndex(path, last); end >= 0; end = strings.LastIndex(path[:end], last) {
		if f.path.match(path[:end+len(last)]) {
			return true
		}
	}
	return false
}

// in reports whether query has the parameter. Stored evidence keeps the values of a few parameters only, so an empty
// value fits.
func (p param) in(query string) bool {
	for len(query) > 0 {
		var one string
		one, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(one, "=")
		if name != p.name {
			continue
		}
		if value == "" || p.value == "" || value == p.value || p.begin && strings.HasPrefix(value, p.value) {
			return true
		}
	}
	return false
}

// addresses finds facts by URL.
type addresses struct {
	byHost    map[string][]*urlFact
	bySegment map[string][]*urlFact // of patterns for any host, by their longest plain segment
}

func newAddresses() *addresses {
	return &addresses{byHost: map[string][]*urlFact{}, bySegment: map[string][]*urlFact{}}
}

func (a *addresses) add(f *urlFact) {
	if f.host == "" {
		path, _, _ := strings.Cut(f.pattern, "?")
		segment := plainSegment(path)
		a.bySegment[segment] = append(a.bySegment[segment], f)
		return
	}
	a.byHost[f.host] = append(a.byHost[f.host], f)
}

// plainSegment returns the longest segment of a pattern's path that has no wildcard.
func plainSegment(path string) (longest string) {
	for segment := range strings.SplitSeq(path, "/") {
		if len(segment) > len(longest) && !strings.ContainsAny(segment, "*#%") {
			longest = segment
		}
	}
	return longest
}

// maxPath is the longest path that is held against patterns; what is longer is cut.
const maxPath = 1024

// find returns the fact with the longest pattern that matches, nil when none does. It does not allocate.
func (a *addresses) find(u address) *urlFact {
	u.path = u.path[:min(len(u.path), maxPath)]
	var best *urlFact
	for rest := u.path; rest != ""; {
		var segment string
		segment, rest, _ = strings.Cut(rest, "/")
		best = longestURL(best, a.bySegment[segment], u)
	}
	for host := u.host; host != ""; host = parent(host) {
		best = longestURL(best, a.byHost[host], u)
	}
	if name := countryName(u.host); name != "" {
		best = longestURL(best, a.byHost[name], u)
	}
	return best
}

func longestURL(best *urlFact, facts []*urlFact, u address) *urlFact {
	for _, f := range facts {
		if (best == nil || f.weight > best.weight) && f.match(u.path, u.query) {
			best = f
		}
	}
	return best
}

// An address is the parts of a URL that patterns look at.
type address struct {
	host  string // lower case, without port
	path  string // "/" at least
	query string
}

// newAddress takes a URL apart; it accepts anything and never allocates for a URL in lower case. What has no scheme is
// read as host and path.
func newAddress(raw string) address {
	if i := strings.Index(raw, "://"); i >= 0 {
		raw = raw[i+3:]
	} else {
		raw = strings.TrimPrefix(raw, "//")
	}
	raw, _, _ = strings.Cut(raw, "#")
	raw, query, _ := strings.Cut(raw, "?")
	host, path := raw, "/"
	if i := strings.IndexByte(raw, '/'); i >= 0 {
		host, path = raw[:i], raw[i:]
	}
	host = host[strings.LastIndexByte(host, '@')+1:]
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	return address{host: normalHost(host), path: path, query: query}
}

// normalHost lowers host and drops the dots at its ends.
func normalHost(host string) string {
	return strings.ToLower(strings.Trim(host, "."))
}
