package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// byName finds the list items that name f: exactly, without regard to case, by the same template, as the fixed front
// of its template, or with a wildcard - the first of these that finds any, and of wildcards the one that fixes most.
func (x *policyIndex) byName(f *found) (match, bool) {
	if !f.stored() {
		return match{}, false
	}
	for _, look := range []func(*found) []int{x.sameName, x.sameFolded, x.sameTemplate, x.frontOfTemplate, x.wildcard} {
		if rows := slices.DeleteFunc(look(f), func(i int) bool { return !x.mayMean(i, f) }); len(rows) > 0 {
			return x.rows(f, rows), true
		}
	}
	return match{}, false
}

func (x *policyIndex) sameName(f *found) (rows []int) {
	for _, name := range f.names {
		rows = append(rows, x.exact[name]...)
	}
	return rows
}

func (x *policyIndex) sameFolded(f *found) (rows []int) {
	for _, name := range f.names {
		rows = append(rows, x.folded[strings.ToLower(name)]...)
	}
	return rows
}

// sameTemplate finds the copy of a name that was seen on somebody's screen ("_ga_ABC123" for "_ga_*") and placeholders
// in words that only the catalogue understands.
func (x *policyIndex) sameTemplate(f *found) []int {
	if f.Pattern == "" {
		return nil
	}
	return slices.Concat(x.exact[f.Pattern], x.patterns[f.Pattern])
}

// frontOfTemplate finds "_hjSessionUser" for "_hjSessionUser_*" and ".AspNetCore.Antiforgery" for the same with a
// random end, unless that name is a thing of its own, as "_ga" is beside "_ga_*".
func (x *policyIndex) frontOfTemplate(f *found) []int {
	front, rest, _ := strings.Cut(f.Pattern, "*")
	name := strings.TrimRight(front, "_.-:#|/")
	if name == front || len(name) < 3 || strings.Trim(rest, "*_.-") != "" || x.namesSeen[name] {
		return nil
	}
	if id, ok := x.cat.Identify(Thing{Kind: f.Kind, Name: name, Host: bareDomain(f)}); ok && id.Pattern != f.Pattern {
		return nil
	}
	return slices.Clone(x.exact[name])
}

func (x *policyIndex) wildcard(f *found) (rows []int) {
	heaviest := 0
	for _, d := range x.globs {
		if d.weight() < heaviest || !slices.ContainsFunc(f.names, d.match) {
			continue
		}
		if d.weight() > heaviest {
			heaviest, rows = d.weight(), nil
		}
		rows = append(rows, d.cookie)
	}
	return rows
}

// anyWildcard finds every wildcard that takes in f, however wide.
func (x *policyIndex) anyWildcard(f *found) (rows []int) {
	for _, d := range x.globs {
		if slices.ContainsFunc(f.names, d.match) {
			rows = append(rows, d.cookie)
		}
	}
	return rows
}

// commonNames mean nothing without their owner: half the web has a cookie of that name.
var commonNames = wordSet(`session sessionid session_id sid token uid uuid user userid user_id visitor id lang
	language test data cookie consent country currency theme`)

// mayMean reports whether list item i can mean f. A short or common name that an unknown third party uses must be
// listed for that party: "uid" in a shop's table is the shop's own.
func (x *policyIndex) mayMean(i int, f *found) bool {
	row := &x.Cookies[i]
	common := len(row.Name) <= 3 || commonNames[strings.ToLower(row.Name)]
	if !common || f.Party == string(crawler.First) {
		return true
	}
	if row.Vendor == "" {
		return f.named()
	}
	return f.isAt(string(row.Vendor)) || f.isCalled(string(row.Vendor))
}

// isCalled reports whether a policy's vendor name means the vendor of f.
func (f *found) isCalled(name string) bool {
	if f.identity.Vendor == nil {
		return slices.Contains(declaredKeys(name), hostLabel(f.place()))
	}
	keys, _ := vendorKeys(f.identity.Vendor)
	return slices.ContainsFunc(declaredKeys(name), func(k string) bool { return slices.Contains(keys, k) })
}

// place returns the host where f lives or goes to, without a leading dot.
func (f *found) place() string {
	if f.Host != "" {
		return f.Host
	}
	return bareDomain(f)
}

func bareDomain(f *found) string { return strings.TrimPrefix(f.Domain, ".") }

// rows makes one match of the list items that name f: the first that agrees with what is known of it speaks, and the
// longest lifetime among them counts, since policies list one name with several conditional lifetimes.
func (x *policyIndex) rows(f *found, rows []int) match {
	best := rows[0]
	for _, i := range rows {
		if x.agrees(i, f) {
			best = i
			break
		}
	}
	c := &x.Cookies[best]
	m := match{
		verdict: DeclaredByName, quote: &c.Quote, category: Category(c.Category), label: c.Name, vendor: string(c.Vendor),
		whole: true, listed: true,
	}
	for _, i := range rows {
		if x.agrees(i, f) == x.agrees(best, f) {
			m.days = longest(m.days, declaredDays(&x.Cookies[i]))
		}
	}
	return m
}

// agrees reports whether a list item names the vendor and the storage of f, or at least none other.
func (x *policyIndex) agrees(i int, f *found) bool {
	row := &x.Cookies[i]
	if row.Storage != "" && (row.Storage == "cookie") != (f.Kind == KindCookie) {
		return false
	}
	return row.Vendor == "" || f.isAt(string(row.Vendor)) || f.isCalled(string(row.Vendor))
}

// declaredDays is the lifetime a list item states: nil for none, 0 for a session.
func declaredDays(c *PolicyCookie) *float64 {
	if c.DurationDays != nil {
		return c.DurationDays
	}
	if c.DurationClass == "session" {
		return new(float64)
	}
	return nil
}

// byVendor finds a mention of f's vendor, product, company or domain; the very service before its company, and of
// equals the one with f's category.
func (x *policyIndex) byVendor(f *found) (match, bool) {
	service, company := x.mentions(f)
	for i, entries := range [][]vendorEntry{service, company} {
		if len(entries) == 0 {
			continue
		}
		e := entries[0]
		for _, other := range entries {
			if other.category == f.category() {
				e = other
				break
			}
		}
		return match{
			verdict: DeclaredByVendor, quote: e.quote, category: e.category, label: e.name, vendor: e.name, days: e.days,
			whole: i == 0, listed: e.cookie >= 0,
		}, true
	}
	return match{}, false
}

// mentions returns where the policy names the service itself - its name or the domain that f goes to - and where only
// its company.
func (x *policyIndex) mentions(f *found) (service, company []vendorEntry) {
	third := f.Party == string(crawler.Third)
	if third {
		service = append(service, x.at(f.place())...)
	}
	v := f.identity.Vendor
	if v == nil || !f.known {
		if label := hostLabel(f.place()); third && len(label) >= 4 {
			service = append(service, x.vendorKeys[label]...)
		}
		return service, nil
	}
	keys, own := vendorKeys(v)
	for i, key := range keys {
		if i < own {
			service = append(service, x.vendorKeys[key]...)
		} else {
			company = append(company, x.vendorKeys[key]...)
		}
	}
	for _, domain := range v.Domains {
		// Of "analytics.google.com" a mention of google.com says nothing.
		if domain == crawler.RegistrableDomain(domain) || !umbrellas[hostLabel(domain)] {
			service = append(service, x.at(domain)...)
		}
	}
	return service, company
}

// at returns the mentions of host, or of a domain that it lies under.
func (x *policyIndex) at(host string) (entries []vendorEntry) {
	for _, domain := range covering(host) {
		entries = append(entries, x.domains[domain]...)
	}
	return entries
}
