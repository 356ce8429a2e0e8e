package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// denied reports whether the policy says that there is no such thing as f. What a sentence denies in general ("no
// advertising cookies") stands back behind a list item or a service that is expressly declared; a vendor that is
// denied is denied, and a list that says to be complete denies what it leaves out.
func (x *policyIndex) denied(f *found, m match) (match, bool) {
	if v := x.deniedVendor(f); v != nil {
		return contradiction(&v.Quote, Category(v.Category), v.Name), true
	}
	if m.verdict != DeclaredByName {
		if d, ok := x.deniedTechnique(f); ok {
			return d, true
		}
	}
	if !m.expressly(f) {
		if d, ok := x.deniedInGeneral(f); ok {
			return d, true
		}
	}
	if m.verdict == "" {
		return x.deniedByList(f)
	}
	return match{}, false
}

// expressly reports whether m declares f itself: by its name, or its very service and for this category.
func (m match) expressly(f *found) bool {
	switch m.verdict {
	case DeclaredByName:
		return true
	case DeclaredByVendor:
		return m.whole && (m.category == NoCategory || gravity(m.category) >= gravity(f.category()))
	default:
		return false
	}
}

func contradiction(q *Quote, c Category, label string) match {
	return match{verdict: Contradicted, quote: q, category: c, label: label}
}

func (x *policyIndex) deniedVendor(f *found) *PolicyVendor {
	for i := range x.VendorsDenied {
		v := &x.VendorsDenied[i]
		if f.isVendor(v) {
			return v
		}
	}
	return nil
}

// isVendor reports whether f goes to v or is of its service. A company that is denied stands for all its services; a
// service that is denied does not stand for its company's others.
func (f *found) isVendor(v *PolicyVendor) bool {
	third := f.Party == string(crawler.Third)
	if third && (f.isAt(v.Name) || slices.ContainsFunc(v.Domains, f.isAt)) {
		return true
	}
	return (f.known || third) && f.isCalled(v.Name)
}

// deniedTechnique finds a denial of the way in which f works: cookies, third-party cookies, beacons, local storage.
func (x *policyIndex) deniedTechnique(f *found) (match, bool) {
	for i := range x.TechnologiesDenied {
		if t := &x.TechnologiesDenied[i]; f.uses(t.ID) && !x.uses(t.ID) && !x.speaksOfDeniedVendor(t.Text) {
			return contradiction(&t.Quote, f.category(), t.ID), true
		}
	}
	for i := range x.Claims {
		c := &x.Claims[i]
		if test, ok := techniqueClaims[c.ID]; ok && test(f) && c.covers(f) && x.means(c) {
			return contradiction(&c.Quote, f.category(), c.ID), true
		}
	}
	if x.ThirdPartyCookies == "denied" && isThirdPartyCookie(f) {
		return contradiction(nil, NoCategory, "third-party cookies"), true
	}
	return match{}, false
}

// uses reports whether f is of a technology of trackscan.policy/1.
func (f *found) uses(technology string) bool {
	switch technology {
	case "cookie":
		return f.Kind == KindCookie
	case "web_beacon":
		return f.Kind == KindBeacon
	case "local_storage":
		return f.Kind == KindStorage
	case "fingerprinting":
		return f.follows(RuleFingerprinting)
	default:
		return false
	}
}

// techniqueClaims are the claims that deny a technique, and what breaks them.
var techniqueClaims = map[string]func(*found) bool{
	"no_cookies":             func(f *found) bool { return f.uses("cookie") },
	"no_third_party_cookies": isThirdPartyCookie,
	"first_party_use_only":   isThirdPartyCookie,
	"no_web_beacons":         func(f *found) bool { return f.uses("web_beacon") },
	"no_fingerprinting":      func(f *found) bool { return f.uses("fingerprinting") },
	"no_local_storage":       func(f *found) bool { return f.uses("local_storage") },
}

// partyClaims are the claims that deny third parties altogether, and what breaks them.
var partyClaims = map[string]func(*found) bool{
	"no_third_party_trackers": isThirdPartyTracker,
	"no_third_party_requests": func(f *found) bool { return f.Kind != KindStorage && f.Party == string(crawler.Third) },
}

func isThirdPartyCookie(f *found) bool {
	return f.Kind == KindCookie && f.Party == string(crawler.Third)
}

func isThirdPartyTracker(f *found) bool {
	return f.Party == string(crawler.Third) && f.named() && gravity(f.category()) > 0
}

// means reports whether a sweeping promise can be taken at its word: not where the policy itself declares what it
// would rule out. Such a sentence speaks of something narrower than can be told, and the rest of the policy counts.
func (x *policyIndex) means(c *Claim) bool {
	switch c.ID {
	case "no_cookies":
		return c.Scope != "" || !x.uses("cookie")
	case "no_web_beacons":
		return !x.uses("web_beacon") && !x.speaksOfDeniedVendor(c.Text)
	case "no_local_storage":
		return !x.uses("local_storage")
	case "no_third_party_cookies", "first_party_use_only":
		return x.ThirdPartyCookies != "declared"
	case "no_third_party_requests", "no_third_party_trackers":
		return !slices.ContainsFunc(x.Vendors, func(v PolicyVendor) bool { return gravity(Category(v.Category)) > 0 })
	default:
		return true
	}
}

// uses reports whether the policy declares a technology: it says so, or lists an item of it.
func (x *policyIndex) uses(technology string) bool {
	if technology != "cookie" && slices.ContainsFunc(x.Technologies, func(t Technology) bool { return t.ID == technology }) {
		return true
	}
	return slices.ContainsFunc(x.Cookies, func(c PolicyCookie) bool {
		stored := c.Storage != "" && c.Storage != "cookie"
		return c.NameIs == NameIsCookie && (technology == "cookie" && !stored || technology == "local_storage" && stored)
	})
}

// speaksOfDeniedVendor reports whether a sentence denies a vendor by name, and a technique only as that vendor's: "We
// do not use the Facebook Pixel."
func (x *policyIndex) speaksOfDeniedVendor(text string) bool {
	padded := " " + strings.Join(words(text), " ") + " "
	return slices.ContainsFunc(x.VendorsDenied, func(v PolicyVendor) bool {
		name := strings.Join(words(v.Name), " ")
		return name != "" && strings.Contains(padded, " "+name+" ")
	})
}

// categoryClaims are the claims that deny a category, and what breaks them.
var categoryClaims = map[string]func(x *policyIndex, f *found) bool{
	"no_advertising_cookies": func(_ *policyIndex, f *found) bool { return f.category() == Advertising },
	"no_analytics_cookies":   func(_ *policyIndex, f *found) bool { return f.category() == Analytics },
	"only_necessary_cookies": func(x *policyIndex, f *found) bool { return f.stored() && x.surelyNotNecessary(f) },
}

// surelyNotNecessary leaves room for a policy that declares other cookies besides - then "only necessary" is said of
// something else - and for one that calls a preference necessary: what is functional counts only when it tells
// visitors apart or belongs to a third party.
func (x *policyIndex) surelyNotNecessary(f *found) bool {
	c := f.category()
	if x.general[c] != nil || x.limited[c] != nil {
		return false
	}
	return gravity(c) > 0 || c == Functional && (f.Identifier || f.Party == string(crawler.Third))
}

// deniedInGeneral finds a denial of f's category, or of third parties.
func (x *policyIndex) deniedInGeneral(f *found) (match, bool) {
	for i := range x.CategoriesDenied {
		if c := &x.CategoriesDenied[i]; f.category() == c.ID && c.ID != NoCategory {
			return contradiction(&c.Quote, c.ID, c.Label), true
		}
	}
	for i := range x.Claims {
		c := &x.Claims[i]
		category, party := categoryClaims[c.ID], partyClaims[c.ID]
		if (category != nil && category(x, f) || party != nil && party(f)) && c.covers(f) && x.means(c) {
			return contradiction(&c.Quote, f.category(), c.ID), true
		}
	}
	return match{}, false
}

// deniedByList finds a list that says to be complete. One of which nothing could be read denies nothing.
func (x *policyIndex) deniedByList(f *found) (match, bool) {
	if f.Kind != KindCookie || len(x.Cookies) == 0 {
		return match{}, false
	}
	for i := range x.Claims {
		if c := &x.Claims[i]; c.ID == "exhaustive_list" && c.covers(f) {
			return contradiction(&c.Quote, NoCategory, c.ID), true
		}
	}
	return match{}, false
}

// covers reports whether the claim speaks of f: within its scope and not excepted. A scope that is not understood
// covers nothing.
func (c *Claim) covers(f *found) bool {
	for _, e := range c.Except {
		if f.isMeantBy(e) {
			return false
		}
	}
	return f.within(c.Scope)
}

// isMeantBy reports whether a policy's word for something - a name, a vendor, a host - means f.
func (f *found) isMeantBy(word string) bool {
	word = strings.TrimSpace(word)
	if word == "" {
		return false
	}
	if f.isAt(word) {
		return true
	}
	return slices.ContainsFunc(f.names, declaredGlob(word).match) || f.within(word)
}

// scopes are the words for the scope of a claim that are neither a category nor a host nor a vendor.
var scopes = map[string]func(*found) bool{
	"":              func(*found) bool { return true },
	"all":           func(*found) bool { return true },
	"first":         func(f *found) bool { return f.Party == string(crawler.First) },
	"third":         func(f *found) bool { return f.Party == string(crawler.Third) },
	"persistent":    func(f *found) bool { return f.LifetimeDays != nil && *f.LifetimeDays > 0 },
	"session":       func(f *found) bool { return f.LifetimeDays != nil && *f.LifetimeDays == 0 },
	"non-essential": func(f *found) bool { return gravity(f.category()) > 0 || f.category() == Functional },
}

// scopeWord brings the words for a scope to one form.
func scopeWord(scope string) string {
	s := strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(strings.TrimSpace(scope)))
	s = strings.TrimSuffix(strings.TrimSuffix(s, "-cookies"), "-party")
	if s == "non-necessary" {
		return "non-essential"
	}
	return s
}

// within reports whether f belongs to the scope of a claim: a party, a category, a lifetime, a host or a vendor.
func (f *found) within(scope string) bool {
	s := scopeWord(scope)
	if test, ok := scopes[s]; ok {
		return test(f)
	}
	if slices.Contains(Categories, Category(s)) {
		return f.category() == Category(s)
	}
	return f.withinPlace(strings.ToLower(scope))
}

// knownScope reports whether a scope that is no host is understood without looking at a tracker.
func knownScope(scope string) bool {
	s := scopeWord(scope)
	return scopes[s] != nil || slices.Contains(Categories, Category(s))
}

// withinPlace reports whether f was seen on pages of the host, or is of the vendor, that the scope names.
func (f *found) withinPlace(scope string) bool {
	if asDomain(scope) == "" {
		return f.isCalled(scope)
	}
	host := strings.Trim(strings.TrimPrefix(scope, "*"), ".")
	for page := range f.seenOn {
		if h := crawler.HostOf(page); h == host || strings.HasSuffix(h, "."+host) {
			return true
		}
	}
	return false
}
