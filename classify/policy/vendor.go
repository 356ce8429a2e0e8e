package policy

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"trackscan/classify"
)

func hasCapital(s string) bool {
	for _, r := range s {
		if unicode.IsUpper(r) {
			return true
		}
	}
	return false
}

// vendorKey folds a vendor's name, without its legal form.
func vendorKey(name string) string {
	key := make([]byte, 0, 64)
	for from, to := nextWord(name, 0); from < to; from, to = nextWord(name, to) {
		before := len(key)
		key = appendFolded(key, name[from:to])
		if legalForms[string(key[before:])] {
			key = key[:before]
		}
	}
	return string(key)
}

var legalForms = wordSet(`inc llc ltd limited gmbh corp corporation sas ag plc bv b v ireland company co sarl srl spa sl sa lda ab oy kg ug se nv pty aps as europe`)

// vendorFact is a vendor with all that the policy says of it.
type vendorFact struct {
	classify.PolicyVendor
	key    string
	owner  bool
	plain  bool             // the name is the one by which the vendor is known
	host   bool             // named by a host only
	source *classify.Vendor // what is known of it, nil when nothing
}

// addVendor declares a vendor once; later mentions add domains and a category.
func (d *document) addVendor(m mention, category classify.Category, where span, domains ...string) {
	key := m.key()
	if key == "" || d.isOwn(m.printed) {
		return
	}
	f, known := d.vendorFacts[key]
	if !known {
		f = &vendorFact{key: key, owner: m.owner, host: m.host, source: m.vendor}
		f.Name, f.Quote = m.printed, d.quote(where)
		d.vendorFacts[key] = f
	}
	if !f.plain && m.plainName() { // rather than "GA4", when both are printed
		f.Name, f.plain = m.printed, true
	}
	if f.Category == "" {
		f.Category = classify.Text(category)
	}
	for _, one := range domains {
		if one != "" && !d.own[one] && !hasString(f.Domains, one) {
			f.Domains = append(f.Domains, one)
		}
	}
}

func hasString(all []string, s string) bool {
	for _, one := range all {
		if one == s {
			return true
		}
	}
	return false
}

// recordVendor declares the vendors of a record and returns the name of the first.
func (d *document) recordVendor(r record) string {
	category, _ := d.categoryOf(r)
	first := ""
	if d.isFirstParty(r) {
		return ""
	}
	given := append(d.vendorsOfCell(r.service, isProduct), d.vendorsOfCell(r.vendor, isProvider)...)
	for _, m := range d.withoutOwners(given) {
		d.addVendor(m, category, r.where, d.thirdDomain(r))
		if first == "" {
			first = m.printed
		}
	}
	if first == "" {
		first = d.vendorOfDomain(r, category)
	}
	for _, m := range d.vendorsOfPurpose(r) {
		d.addVendor(m, category, r.where)
		if first == "" {
			first = m.printed
		}
	}
	if first == "" && r.group != "" {
		d.addVendor(d.mentionOf(r.group), category, r.where)
		return r.group
	}
	return first
}

func (d *document) vendorOfDomain(r record, category classify.Category) string {
	host := d.thirdDomain(r)
	if host == "" {
		return ""
	}
	m := mention{printed: host, vendor: d.vendors.domains[host], host: true}
	d.addVendor(m, category, r.where, host)
	return host
}

// thirdDomain is the registrable domain of another site that a record names.
func (d *document) thirdDomain(r record) string {
	for _, t := range []text{r.domain, r.vendor} {
		for _, line := range t.lines() {
			for _, f := range strings.FieldsFunc(line.s, func(c rune) bool { return c == ' ' || c == ',' || c == ';' || c == '(' || c == ')' }) {
				if host := registrable(strings.ToLower(f)); host != "" && !d.own[host] {
					return host
				}
			}
		}
	}
	return ""
}

func (d *document) isFirstParty(r record) bool {
	for _, t := range []text{r.party, r.vendor} {
		if t.s == "" {
			continue
		}
		p := d.phrase(t)
		if len(p.words) <= 5 && (p.has("v.firstparty", "first") || p.onlySelf()) && !p.has("v.thirdparty") && len(d.vendors.find(p)) == 0 {
			return true
		}
	}
	return false
}

// onlySelf reports whether a phrase is a word for the site itself: "Site", which names of companies may hold too.
func (p *phrase) onlySelf() bool { return p.has("v.self") && p.onlyParty() }

// parties are the concepts of whose cookies are meant.
var parties = []concept{"v.firstparty", "v.self", "v.thirdparty", "first", "third"}

// onlyParty reports whether a phrase says whose cookies are meant and nothing else: "first party", "our own cookies".
func (p *phrase) onlyParty() bool {
	for i, w := range p.words {
		covers := func(c concept) bool { return p.coveredBy(c, i, i+1) }
		if len(w.word) > 3 && !slices.ContainsFunc(parties, covers) && !covers("cookie") && !covers("we") {
			return false
		}
	}
	return p.has(parties...)
}

// vendorsOfCell reads a provider column: known names, else the cell's own words, where they are a name.
func (d *document) vendorsOfCell(t text, isName func(p *phrase, words string) bool) []mention {
	var out []mention
	for _, line := range t.lines() {
		if line.s == "" || len(line.s) > 160 {
			continue
		}
		p := d.phrase(line)
		if found := d.vendors.find(p); len(found) > 0 {
			out = append(out, found...)
			continue
		}
		if len(p.words) <= 4 && (p.has("v.firstparty", "v.thirdparty", "v.none") || p.onlySelf()) || p.has("r.optout") || isHost(line.s) || len(out) > 0 {
			continue
		}
		if name := companyName(line.s); name != "" && !d.isOwn(name) && isName(p, name) {
			out = append(out, mention{printed: name})
		}
	}
	return out
}

// isProvider takes whatever stands in a column of providers for a name.
func isProvider(*phrase, string) bool { return true }

// isProduct takes for the name of a product what has no word that is understood, and capitals throughout: a column of
// services has "Contact form" and "Login" too, which are the site's own.
func isProduct(p *phrase, words string) bool {
	for _, w := range strings.Fields(words) {
		if r := firstRune(w); !unicode.IsUpper(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return len(p.hits) == 0
}

// companyName takes the name off the front of a provider cell: address, remarks and links follow it.
func companyName(s string) string {
	for _, cut := range []string{" (", " - ", " – ", " | ", "http"} {
		s, _, _ = strings.Cut(s, cut)
	}
	if before, after, ok := strings.Cut(s, ","); ok {
		form := words(after)
		if len(form) > 0 && legalForms[form[0].word] && len(form[0].word) > 1 {
			s = before + "," + after[:form[0].to]
		} else {
			s = before
		}
	}
	s = strings.Trim(s, " .:;,")
	ws := words(s)
	if len(ws) == 0 || ws[0].from > 0 || len(ws) > 6 || len(s) > 60 || !unicode.IsUpper(firstRune(s)) && !unicode.IsDigit(firstRune(s)) && utf8.RuneCountInString(s) < 3 {
		return ""
	}
	return s
}

// vendorsOfPurpose are the known vendors that a record's purpose or label credits with the cookie.
func (d *document) vendorsOfPurpose(r record) []mention {
	var out []mention
	for _, t := range []text{r.purpose, r.name, r.duration, r.kind, r.category, r.party} {
		if t.s == "" {
			continue
		}
		for _, s := range sentences(t) {
			p := d.phrase(s)
			if p.has("otherwise") && !p.has("use", "set", "collect") {
				continue
			}
			for _, m := range d.vendors.find(p) {
				if !p.denied(m.hit) && !p.isBrowser(m) {
					out = append(out, m)
				}
			}
		}
	}
	return d.withoutOwners(out)
}

// withoutOwners leaves out companies where one of their products is named beside.
func (d *document) withoutOwners(all []mention) []mention {
	var out []mention
	for _, m := range all {
		if (m.owner || m.vendor != nil) && d.productOf(m, all) {
			continue
		}
		out = append(out, m)
	}
	return out
}

func (d *document) productOf(company mention, all []mention) bool {
	owner, printed := vendorKey(company.name()), vendorKey(company.printed)
	for _, m := range all {
		if m.vendor != nil && !m.owner && m.vendor != company.vendor && slices.Contains([]string{owner, printed}, vendorKey(m.vendor.Owner)) {
			return true
		}
	}
	return false
}

// isBrowser reports whether a mention is only part of a browser's or system's name: "Google Chrome".
func (p *phrase) isBrowser(m mention) bool {
	for _, h := range p.of("pretendvendor") {
		if h.from <= m.to && h.to >= m.from {
			return true
		}
	}
	return false
}

// vendorOfItem is the vendor that an item of a list of cookies is, when it is no cookie.
func (d *document) vendorOfItem(name string) string {
	if isHost(name) {
		return ""
	}
	p := d.phrase(text{s: name})
	if found := d.vendors.find(p); len(found) > 0 {
		return found[0].printed
	}
	return ""
}

// itemVendor declares the vendor that a listed product or host is.
func (d *document) itemVendor(c classify.PolicyCookie, r record) {
	where := r.where
	host := registrable(c.Name)
	switch {
	case host != "" && d.own[host]:
	case c.Vendor != "":
		d.addVendor(d.mentionOf(string(c.Vendor)), classify.Category(c.Category), where, host)
	case host != "":
		d.addVendor(mention{printed: host, vendor: d.vendors.domains[host], host: true}, classify.Category(c.Category), where, host)
	}
}

func (d *document) mentionOf(name string) mention {
	p := d.phrase(text{s: name})
	if found := d.vendors.find(p); len(found) > 0 {
		return found[0]
	}
	return mention{printed: name}
}

// isOwn reports whether a name is that of the site or its operator.
func (d *document) isOwn(name string) bool {
	if host := registrable(name); host != "" {
		return d.own[host]
	}
	if d.self[vendorKey(name)] {
		return true
	}
	first, rest, _ := strings.Cut(name, " ")
	return rest != "" && len(first) >= leastOwnWord && d.self[vendorKey(first)] && !d.vendors.exact(name) // "Acme Console" of Acme
}

// leastOwnWord is how many bytes a name of the operator has at least that names of its products may begin with.
const leastOwnWord = 5

// vendorList returns the declared vendors in the order of the document; a company is left out when one of its products
// is there and the company itself is only named beside it.
func (d *document) vendorList() []classify.PolicyVendor {
	facts := make([]*vendorFact, 0, len(d.vendorFacts))
	for _, f := range d.vendorFacts {
		if f.owner && d.ownerCovered(f) || f.host && d.namedElsewhere(f) {
			continue
		}
		facts = append(facts, f)
	}
	sort.Slice(facts, func(i, j int) bool {
		if facts[i].Start != facts[j].Start {
			return facts[i].Start < facts[j].Start
		}
		return facts[i].key < facts[j].key
	})
	out := []classify.PolicyVendor{}
	for _, f := range facts {
		f.Domains = append([]string{}, f.Domains...)
		sort.Strings(f.Domains)
		out = append(out, f.PolicyVendor)
	}
	return out
}

// namedElsewhere hands the host of a vendor that is also named to the vendor's entry.
func (d *document) namedElsewhere(f *vendorFact) bool {
	if f.source == nil {
		return false
	}
	named, ok := d.vendorFacts[fold(f.source.Name)]
	if !ok || named.host {
		return false
	}
	for _, host := range f.Domains {
		if !hasString(named.Domains, host) {
			named.Domains = append(named.Domains, host)
		}
	}
	return true
}

func (d *document) ownerCovered(f *vendorFact) bool {
	for _, o := range d.vendorFacts {
		if o != f && o.source != nil && !o.owner && vendorKey(o.source.Owner) == vendorKey(f.Name) {
			return true
		}
	}
	return false
}

// onlyDenied are the vendors that are denied and nowhere declared: what is denied in one place and used in another is
// denied for a part of the site only.
func (d *document) onlyDenied() []classify.PolicyVendor {
	var out []classify.PolicyVendor
	for _, v := range d.vendDenied {
		if _, used := d.vendorFacts[d.mentionOf(v.Name).key()]; !used {
			out = append(out, v)
		}
	}
	return out
}
