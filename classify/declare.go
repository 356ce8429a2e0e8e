package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// match is what a policy says of one tracker.
type match struct {
	verdict  Verdict
	quote    *Quote   // the sentence; nil when the policy has none
	category Category // that the policy gives this item; NoCategory when it gives none
	label    string   // the category, vendor or name as the policy words it
	vendor   string   // that the policy names for it, empty when none
	days     *float64 // declared lifetime; nil when none
	only     []string // vendors to which the policy limits the category; of an undeclared tracker
	whole    bool     // the declaration names the service or item itself, not only its company
	listed   bool     // it stands in a list or table, under a heading that somebody chose; not in running text
}

// policyIndex is a Policy prepared for many look-ups.
type policyIndex struct {
	*Policy
	cat        Catalog
	site       string           // host of the site
	exact      map[string][]int // index of Cookies by exact name
	folded     map[string][]int // likewise by lower-case name
	globs      []declaredName
	patterns   map[string][]int // index of Cookies by the catalogue's pattern for them
	vendorKeys map[string][]vendorEntry
	domains    map[string][]vendorEntry // by what asDomain makes of a host
	general    map[Category]*PolicyCategory
	limited    map[Category]*limitation
	namesSeen  map[string]bool
}

// declaredName is a declared name with a wildcard.
type declaredName struct {
	glob
	cookie int // index of Policy.Cookies
}

// vendorEntry is one mention of a vendor: a list item or a vendor of the text.
type vendorEntry struct {
	name     string
	category Category
	days     *float64
	quote    *Quote
	cookie   int // index of Cookies; -1 for a vendor
	vendor   int // index of Vendors; -1 for a list item
}

// maxGlobs is how many names with wildcards a policy is searched for; the longest real lists have a few hundred.
const maxGlobs = 2000

// limitation is a category that the policy declares for certain vendors alone.
type limitation struct {
	vendors []string
	quote   *Quote
}

func indexPolicy(p *Policy, cat Catalog, site string) *policyIndex {
	x := &policyIndex{
		Policy: p, cat: cat, site: site,
		exact: map[string][]int{}, folded: map[string][]int{}, patterns: map[string][]int{},
		vendorKeys: map[string][]vendorEntry{}, domains: map[string][]vendorEntry{},
		general: map[Category]*PolicyCategory{}, limited: map[Category]*limitation{},
	}
	for i := range p.Cookies {
		x.addCookie(i)
	}
	for i := range p.Vendors {
		x.addVendor(i)
	}
	for i := range p.Categories {
		x.addCategory(&p.Categories[i])
	}
	return x
}

func (x *policyIndex) addCookie(i int) {
	c := &x.Cookies[i]
	if strings.TrimSpace(c.Name) == "" {
		return
	}
	entry := vendorEntry{
		name: c.Name, category: Category(c.Category), days: declaredDays(c), quote: &c.Quote, cookie: i, vendor: -1,
	}
	switch c.NameIs {
	case NameIsDomain, NameIsVendor:
		x.addNamed(entry)
		if c.NameIs == NameIsDomain { // storage keys may look like a host: "shop.cc"
			x.exact[c.Name] = append(x.exact[c.Name], i)
		}
	default:
		x.addName(i, c)
		if c.Vendor != "" {
			entry.name, entry.days = string(c.Vendor), nil
			x.addNamed(entry)
		}
	}
}

// addName indexes a declared cookie or storage item by its name.
func (x *policyIndex) addName(i int, c *PolicyCookie) {
	g := declaredGlob(c.Name)
	if g.exact() {
		name := g.literals[0]
		x.exact[name] = append(x.exact[name], i)
		x.folded[strings.ToLower(name)] = append(x.folded[strings.ToLower(name)], i)
	} else if g.weight() >= 2 && len(x.globs) < maxGlobs { // a lone "*" or "x*" would swallow everything
		x.globs = append(x.globs, declaredName{glob: g, cookie: i})
	}
	if id, ok := x.cat.Identify(Thing{Kind: KindCookie, Name: clip(c.Name, maxNameBytes)}); ok && hasStar(id.Pattern) {
		x.patterns[id.Pattern] = append(x.patterns[id.Pattern], i)
	}
}

func (x *policyIndex) addVendor(i int) {
	v := &x.Vendors[i]
	entry := vendorEntry{name: v.Name, category: Category(v.Category), quote: &v.Quote, cookie: -1, vendor: i}
	x.addNamed(entry)
	for _, domain := range v.Domains {
		x.addDomain(domain, entry)
	}
}

// addNamed indexes a mention by its name and by the hosts in it: "doubleclick.net", "Facebook (facebook.com)",
// "Amazon.com, Inc.".
func (x *policyIndex) addNamed(entry vendorEntry) {
	for _, token := range strings.Fields(entry.name) {
		x.addDomain(strings.Trim(token, "(),;"), entry)
	}
	if asDomain(entry.name) != "" {
		return
	}
	for _, key := range declaredKeys(entry.name) {
		x.vendorKeys[key] = append(x.vendorKeys[key], entry)
	}
}

func (x *policyIndex) addDomain(domain string, entry vendorEntry) {
	if d := asDomain(domain); d != "" {
		x.domains[d] = append(x.domains[d], entry)
	}
}

// addCategory keeps the first general declaration of a category, and apart from it those that speak of certain
// vendors only: "We use Google Analytics to analyse the use of our website" says nothing of Hotjar.
func (x *policyIndex) addCategory(c *PolicyCategory) {
	if vendors := x.limitedTo(c); len(vendors) > 0 {
		if x.limited[c.ID] == nil {
			x.limited[c.ID] = &limitation{vendors: vendors, quote: &c.Quote}
		}
		return
	}
	if x.general[c.ID] == nil {
		x.general[c.ID] = c
	}
}

// exampleWords introduce a name that stands for others.
var exampleWords = []string{
	"for example", "for instance", "e.g.", "such as", "including", "among others", "like ", "zum beispiel", "z. b.",
	"z.b.", "beispielsweise", "wie etwa", "par exemple", "tels que", "telles que", "por ejemplo", "como ", "ad esempio",
	"quali ", "bijvoorbeeld", "zoals ", "por exemplo", "tais como",
}

// limitedTo returns the vendors that the sentence of c names for that category, unless it names them as examples. The
// site itself is none: "The Shop uses cookies to count visits".
func (x *policyIndex) limitedTo(c *PolicyCategory) []string {
	text := strings.ToLower(c.Text)
	if slices.ContainsFunc(exampleWords, func(w string) bool { return strings.Contains(text, w) }) {
		return nil
	}
	padded := " " + strings.Join(words(text), " ") + " "
	var vendors []string
	for i := range x.Vendors {
		v := &x.Vendors[i]
		name := strings.Join(words(v.Name), " ")
		if name == "" || v.Category != "" && Category(v.Category) != c.ID || isCompanyOf(v.Name, x.site) {
			continue
		}
		if strings.Contains(padded, " "+name+" ") && !slices.Contains(vendors, v.Name) {
			vendors = append(vendors, v.Name)
		}
	}
	return vendors
}

// compare decides the verdict of f. DESIGN's table of verdicts, top to bottom; what is denied is decided in deny.go.
func (j *judge) compare(f *found) {
	switch {
	case j.policy == nil && f.benign():
		f.match = match{verdict: NotATracker}
	case j.policy == nil:
		f.match = match{verdict: NotCompared}
	default:
		f.match = j.policy.verdict(f)
	}
	f.fill()
}

func (x *policyIndex) verdict(f *found) match {
	m, declared := x.declaration(f)
	if f.benign() {
		m.verdict = NotATracker
		return m
	}
	f.match = m // what the policy calls it matters to what the policy denies
	if d, denied := x.denied(f, m); denied {
		return d
	}
	if declared {
		return m
	}
	if c, ok := x.byCategory(f); ok {
		return c
	}
	if t, ok := x.byTechnique(f); ok {
		return t
	}
	if f.named() {
		return x.undeclared(f)
	}
	return match{verdict: Unidentified}
}

// declaration looks for a declaration by name, then by vendor.
func (x *policyIndex) declaration(f *found) (match, bool) {
	if m, ok := x.byName(f); ok {
		return m, true
	}
	return x.byVendor(f)
}

func (x *policyIndex) undeclared(f *found) match {
	m := match{verdict: Undeclared}
	if l := x.limited[f.category()]; l != nil {
		m.only, m.quote = l.vendors, l.quote
	}
	return m
}

// byCategory finds the general declaration of f's category. Where the policy says nothing of third parties, a purpose
// that it states of its own cookies does not cover what goes to one.
func (x *policyIndex) byCategory(f *found) (match, bool) {
	if !f.named() || f.category() == NoCategory {
		return match{}, false
	}
	c := x.general[f.category()]
	if c == nil {
		return match{}, false
	}
	third := f.Party == string(crawler.Third)
	if third && c.Basis == ByPurpose && x.ThirdPartyCookies != "declared" {
		return match{}, false
	}
	return match{verdict: DeclaredByCategory, quote: &c.Quote, category: c.ID, label: c.Label}, true
}

// byTechnique finds a sentence that says that visitors are recognised by their browsers.
func (x *policyIndex) byTechnique(f *found) (match, bool) {
	for i := range x.Technologies {
		if t := &x.Technologies[i]; t.ID == "fingerprinting" && f.uses(t.ID) {
			return match{verdict: DeclaredByCategory, quote: &t.Quote, label: t.ID}, true
		}
	}
	return match{}, false
}

// fill writes what the policy says into the tracker.
func (f *found) fill() {
	m := f.match
	f.Verdict, f.DeclaredDays = m.verdict, m.days
	if m.quote != nil && m.verdict != Undeclared {
		f.Declaration = &Declared{
			Category: Text(m.category), Text: m.quote.Text, Quote: m.quote.Quote, URL: m.quote.URL,
		}
	}
	if m.verdict == Contradicted {
		return
	}
	if f.Category == "" && m.category != NoCategory {
		f.Category = Text(m.category)
	}
	if f.Vendor == "" && m.vendor != "" && !f.isOwn(m.vendor) {
		f.Vendor = Text(m.vendor)
	}
	if f.Source == FromNobody && (f.Category != "" || f.Vendor != "") {
		f.Source = FromPolicy
	}
}

// isOwn reports whether a list's provider is the site itself: "www.shop.test", "Shop GmbH", "first party".
func (f *found) isOwn(vendor string) bool {
	if f.Party != string(crawler.First) {
		return false
	}
	return f.isAt(vendor) || ownWords[strings.ToLower(strings.TrimSpace(vendor))] || isCompanyOf(vendor, f.place())
}

// isCompanyOf reports whether a company bears the name of the host: "Lamp Shop Ltd." and "Lamp" at lamp-shop.test.
func isCompanyOf(company, host string) bool {
	w := trimmed(words(company))
	label, _, _ := strings.Cut(crawler.RegistrableDomain(host), ".")
	for _, name := range []string{strings.Join(w, ""), first(w)} {
		if len(name) > 3 && (name == hostLabel(host) || slices.Contains(words(label), name)) {
			return true
		}
	}
	return false
}

// ownWords are what lists call the site itself.
var ownWords = map[string]bool{
	"first party": true, "first-party": true, "1st party": true, "own": true, "us": true, "we": true,
	"this site": true, "this website": true, "erstanbieter": true, "eigene": true, "wir": true, "propia": true,
	"propias": true, "interne": true, "propriétaire": true,
}
