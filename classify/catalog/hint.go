package catalog

import (
	"fmt"
	"slices"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

// Hints explains the cookies and storage items of a scan that nobody can name: what their values look like, how long
// they live, who set them, and where else the same identifier was seen. Its answers have the source heuristic and
// neither vendor nor category: what something looks like is no knowledge of what it is for. It belongs last in a
// classify.Catalogs.
func (c *Catalog) Hints(scan *crawler.Scan) classify.Catalog {
	h := hints{}
	where := hostsByValue(scan)
	for _, page := range scan.Pages {
		for _, k := range page.Cookies {
			host := normalHost(k.Domain)
			h.add(classify.KindCookie, k.Name, host, c.hintCookie(k, others(where[k.Traits.Hash], host)))
		}
		for _, s := range page.Storage {
			host := crawler.HostOf(s.Origin)
			h.add(classify.KindStorage, s.Key, host, c.hintStorage(s, others(where[s.Traits.Hash], host)))
		}
	}
	return h
}

// hints are the answers by what is asked about. The first page that saw a thing explains it.
type hints map[classify.Thing]classify.Identity

func (h hints) add(kind classify.Kind, name, host string, id classify.Identity) {
	key := classify.Thing{Kind: kind, Name: name, Host: host}
	if _, ok := h[key]; !ok {
		h[key] = id
	}
}

// Identify implements classify.Catalog.
func (h hints) Identify(t classify.Thing) (classify.Identity, bool) {
	id, ok := h[classify.Thing{Kind: t.Kind, Name: t.Name, Host: normalHost(t.Host)}]
	return id, ok
}

// hostsByValue lists the hosts at which each identifier was seen, by its salted hash.
func hostsByValue(scan *crawler.Scan) map[string][]string {
	where := map[string][]string{}
	see := func(t crawler.Traits, host string) {
		if t.Identifier && t.Hash != "" && !slices.Contains(where[t.Hash], host) {
			where[t.Hash] = append(where[t.Hash], host)
		}
	}
	for _, page := range scan.Pages {
		for _, k := range page.Cookies {
			see(k.Traits, normalHost(k.Domain))
		}
		for _, s := range page.Storage {
			see(s.Traits, crawler.HostOf(s.Origin))
		}
	}
	return where
}

// others returns hosts without those that belong to the site of host.
func others(hosts []string, host string) []string {
	own := crawler.RegistrableDomain(host)
	return slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { return crawler.RegistrableDomain(h) == own })
}

// hintCookie says in one sentence what can be seen of k; elsewhere are the other hosts that hold the same value.
func (c *Catalog) hintCookie(k crawler.Cookie, elsewhere []string) classify.Identity {
	seen := []string{value(k.Traits, elsewhere)}
	switch {
	case k.AskedDays != nil:
		seen = append(seen, lifetime(*k.AskedDays))
	case k.StoredDays != nil:
		seen = append(seen, lifetime(*k.StoredDays))
	}
	if k.Party == crawler.Third {
		seen = append(seen, "belongs to another site ("+normalHost(k.Domain)+")")
	}
	seen = append(seen, c.setter(k.SetBy))
	if k.HTTPOnly && k.Party == crawler.First {
		seen = append(seen, "cannot be read by scripts, as is usual for logins and sessions")
	}
	return hint(seen)
}

func (c *Catalog) hintStorage(s crawler.Storage, elsewhere []string) classify.Identity {
	seen := []string{value(s.Traits, elsewhere)}
	if s.Party == crawler.Third {
		seen = append(seen, "belongs to another site ("+crawler.HostOf(s.Origin)+")")
	}
	return hint(append(seen, c.setter(s.SetBy)))
}

func hint(seen []string) classify.Identity {
	seen = slices.DeleteFunc(seen, func(s string) bool { return s == "" })
	id := classify.Identity{Source: classify.FromHeuristic, Purpose: "Nobody can name it yet."}
	if len(seen) > 0 {
		id.Purpose = "Nobody can name it yet; it " + strings.Join(seen, ", ") + "."
	}
	return id
}

// value tells what the value looks like.
func value(t crawler.Traits, elsewhere []string) string {
	hosts := slices.Compact(slices.Sorted(slices.Values(elsewhere)))
	switch {
	case t.Identifier && len(hosts) > 0:
		return "holds an identifier that was also seen at " + listed(hosts)
	case t.Identifier:
		return "holds what looks like an identifier of the visitor"
	case t.Length > 0 && t.Length <= 2:
		return "holds a short flag, too short to tell visitors apart"
	}
	return ""
}

// maxListed is how many hosts a sentence names.
const maxListed = 3

func listed(hosts []string) string {
	if len(hosts) > maxListed {
		return fmt.Sprintf("%s and %d more", strings.Join(hosts[:maxListed], ", "), len(hosts)-maxListed)
	}
	return strings.Join(hosts, ", ")
}

func lifetime(days float64) string {
	switch {
	case days <= 0:
		return "ends with the browser session"
	case days < 1:
		return "lives for less than a day"
	case days < 2:
		return "lives for a day"
	}
	return fmt.Sprintf("lives for %.0f days", days)
}

// setter names who set it, as far as the script's host is known.
func (c *Catalog) setter(setBy string) string {
	host := crawler.HostOf(setBy)
	if host == "" {
		return ""
	}
	id, ok := c.Identify(classify.Thing{Kind: classify.KindRequest, URL: setBy, Host: host})
	if ok && id.Vendor != nil {
		return "was set by a script or answer of " + id.Vendor.Name
	}
	return "was set by " + host
}
