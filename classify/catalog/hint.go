package catalog

import (
	"fmt"
	"slices"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

// HintCookie says in one sentence what can be seen of a cookie that nobody can name. The Identity has the source
// heuristic and neither vendor nor category: what something looks like is no knowledge of what it is for. elsewhere
// are the hosts at which the same value was seen.
func (c *Catalog) HintCookie(k crawler.Cookie, elsewhere []string) classify.Identity {
	var seen []string
	seen = append(seen, value(k.Traits, elsewhere))
	switch {
	case k.AskedDays != nil:
		seen = append(seen, lifetime(*k.AskedDays))
	case k.StoredDays != nil:
		seen = append(seen, lifetime(*k.StoredDays))
	}
	if k.Party == crawler.Third {
		seen = append(seen, "belongs to another site ("+strings.TrimPrefix(k.Domain, ".")+")")
	}
	seen = append(seen, c.setter(k.SetBy))
	if k.HTTPOnly && k.Party == crawler.First {
		seen = append(seen, "cannot be read by scripts, as is usual for logins and sessions")
	}
	return hint(seen)
}

// HintStorage does for a storage item what HintCookie does for a cookie.
func (c *Catalog) HintStorage(s crawler.Storage, elsewhere []string) classify.Identity {
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
