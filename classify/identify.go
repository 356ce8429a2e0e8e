package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// identify writes what the catalogue knows into the tracker, and decides what is no tracker at all.
func (j *judge) identify(f *found) {
	if f.known && f.ownHost(j.scan.Site) {
		f.known, f.identity = false, Identity{}
	}
	if j.heldAnswer(f) {
		f.known, f.identity = true, answerRecord
	}
	if !f.known {
		return
	}
	id := f.identity
	f.Purpose, f.Source = id.Purpose, id.Source
	if !f.named() { // a guess explains and never names
		return
	}
	f.Category = Text(id.Category)
	if id.Vendor != nil {
		f.Vendor, f.Owner = Text(id.Vendor.Name), id.Vendor.Owner
	}
}

// answerRecord is what is known of a record that no catalogue knows, from having read the visitor's answer in it.
var answerRecord = Identity{Benign: true, Source: FromHeuristic, Purpose: "Remembers the visitor's cookie choices."}

// heldAnswer reports whether f, which nobody can name, is where the answer to the banner was read back.
func (j *judge) heldAnswer(f *found) bool {
	return !f.named() && f.stored() && f.Party == string(crawler.First) &&
		slices.ContainsFunc(f.names, func(name string) bool { return j.records[name] })
}

// ownHost reports whether the site is that of the vendor itself: Hotjar's hosts are no third party on hotjar.com.
func (f *found) ownHost(site string) bool {
	if f.Kind != KindRequest && f.Kind != KindBeacon || f.Party != string(crawler.First) || f.identity.Vendor == nil {
		return false
	}
	own := crawler.RegistrableDomain(crawler.HostOf(site))
	for _, domain := range f.identity.Vendor.Domains {
		if crawler.RegistrableDomain(domain) == own {
			return true
		}
	}
	return false
}

// benign reports whether f is no tracker: a CDN, a font, a consent manager's own record, and the site's own hosts,
// endpoints and probes unless the catalogue knows them for something else.
func (f *found) benign() bool {
	if f.known && f.Kind != KindFingerprinting {
		return f.identity.Benign || f.probes()
	}
	return f.Party == string(crawler.First) && (f.Kind == KindRequest || f.Kind == KindBeacon) || f.probes()
}

// probes reports whether f is of the site's own and only tries.
func (f *found) probes() bool { return f.tries() && !f.named() && f.Party == string(crawler.First) }

// tries reports whether f only finds out whether the browser keeps anything: always removed again, and nothing that
// tells visitors apart unless it is known to try; or kept nowhere.
func (f *found) tries() bool {
	return f.nowhere() || f.stored() && f.Transient && (!f.Identifier || strings.HasPrefix(f.identity.Purpose, "Finds out "))
}

// nowhere reports whether f is a cookie for a domain that holds everybody's sites, ".com", where browsers keep nothing.
func (f *found) nowhere() bool {
	top := "x." + strings.TrimPrefix(f.Domain, ".")
	return f.Kind == KindCookie && f.Refused != "" && crawler.RegistrableDomain(top) == top
}

// named reports whether anybody can say what f is: its vendor or its category.
func (f *found) named() bool {
	return f.known && (f.identity.Vendor != nil || f.identity.Category != NoCategory) &&
		f.identity.Source != FromHeuristic
}

// stored reports whether f is kept in the browser.
func (f *found) stored() bool { return f.Kind == KindCookie || f.Kind == KindStorage }

// category is what f is for: as the catalogue knows, or else as the policy says of this very item.
func (f *found) category() Category {
	if f.named() && f.identity.Category != NoCategory {
		return f.identity.Category
	}
	return f.match.category
}

// gravity orders categories by what they mean for a visitor. Necessary and functional weigh the same: the words are
// used for one another, in policies as in databases. So do advertising and social.
func gravity(c Category) int {
	switch c {
	case Analytics:
		return 1
	case Advertising, Social:
		return 2
	default:
		return 0
	}
}
