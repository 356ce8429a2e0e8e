package policy

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"trackscan/classify"
)

// vendorIndex finds the names of known vendors in text.
type vendorIndex struct {
	root    vendorNode
	domains map[string]*classify.Vendor // registrable domain to vendor
	owners  map[string]bool             // names that are only companies behind vendors, folded
}

type vendorNode struct {
	next   map[string]*vendorNode
	vendor *classify.Vendor
	owner  string // the company, when the name is that of an owner
	small  bool   // the name may be written without a capital
}

// mention is a vendor found in a phrase.
type mention struct {
	hit
	vendor  *classify.Vendor // nil when nobody told of it
	host    bool             // only a host of it is named
	owner   bool             // only the company behind vendors is named
	address string           // the registrable domain printed in brackets behind it
	printed string
}

// name is what the mentioned is called by those who know it.
func (m mention) name() string {
	if m.owner || m.vendor == nil {
		return m.printed
	}
	return m.vendor.Name
}

// plainName reports whether a vendor is called by the name it is known by.
func (m mention) plainName() bool {
	return m.vendor != nil && !m.owner && !m.host && vendorKey(m.printed) == vendorKey(m.vendor.Name)
}

// key tells mentions of one vendor from those of another.
func (m mention) key() string {
	if m.vendor != nil && !m.owner && !m.host {
		return fold(m.vendor.Name)
	}
	return vendorKey(m.printed)
}

// ownPart is what a vendor is called in words that put its company before it, or what it does behind: "YouTube" of
// "Google/YouTube" and of "YouTube videos".
func (m mention) ownPart(printed string) string {
	if m.vendor == nil {
		return printed
	}
	if n := len(m.vendor.Name); len(printed) > n && strings.EqualFold(printed[:n], m.vendor.Name) && printed[n] == ' ' && !hasCapital(printed[n:]) {
		return printed[:n] // "YouTube videos"
	}
	for part := range strings.SplitSeq(printed, "/") {
		if vendorKey(part) == vendorKey(m.vendor.Name) {
			return strings.TrimSpace(part)
		}
	}
	return printed
}

func newVendorIndex(vendors []classify.Vendor) *vendorIndex {
	x := &vendorIndex{domains: map[string]*classify.Vendor{}, owners: map[string]bool{}}
	for i := range vendors {
		v := &vendors[i]
		x.add(v.Name, v, "")
		for _, a := range v.Aliases {
			x.add(a, v, "")
		}
		for _, d := range v.Domains {
			if _, taken := x.domains[d]; !taken {
				x.domains[d] = v
			}
		}
	}
	for i := range vendors {
		if owner := vendors[i].Owner; owner != "" {
			x.add(owner, nil, owner)
		}
	}
	return x
}

func (x *vendorIndex) add(name string, v *classify.Vendor, owner string) {
	ws := words(name)
	if len(ws) == 0 {
		return
	}
	at := &x.root
	for _, w := range ws {
		if at.next == nil {
			at.next = map[string]*vendorNode{}
		}
		if at.next[w.word] == nil {
			at.next[w.word] = &vendorNode{}
		}
		at = at.next[w.word]
	}
	if at.vendor == nil && at.owner == "" {
		at.vendor, at.owner, at.small = v, owner, mayBeSmall(name)
	}
}

// find returns the vendors named in a phrase; of names inside each other the longest.
func (x *vendorIndex) find(p *phrase) []mention {
	var out, doubtful []mention
	for i := 0; i < len(p.words); i++ {
		if x.root.next[p.words[i].word] == nil {
			continue
		}
		n, to := x.longest(p.words[:p.bracket(i)], i)
		if n == nil {
			continue
		}
		m := mention{hit: hit{from: i, to: to}, vendor: n.vendor, owner: n.owner != ""}
		m.printed = m.ownPart(p.text.s[p.words[i].from:p.words[to-1].to])
		switch {
		case p.properName(i, to) || p.smallName(n, i, to) || p.smallProduct(n, i, to):
			out = append(out, m)
		case p.mayBeVendor(i, to):
			doubtful = append(doubtful, m)
		default:
			continue
		}
		i = to - 1
	}
	return p.withNeighbours(out, doubtful)
}

// smallName reports whether words without a capital are the name of a vendor that may be written so: "etracker".
func (p *phrase) smallName(n *vendorNode, from, to int) bool {
	printed := p.text.s[p.words[from].from:p.words[to-1].to]
	return n.small && !hasCapital(printed) && !p.inAddress(from) && !strings.Contains(printed, " ") && !p.m.ordinary(p.words[from].word) && !p.coveredBy("novendor", from, to)
}

// mayBeSmall reports whether a name is written without a capital, by its owner ("etracker", "tawk.to") or by those who do
// not care for the capital inside it: "wiredminds".
func mayBeSmall(name string) bool {
	return len(name) >= smallNameBytes && !strings.Contains(name, " ") && (!strings.Contains(name, ".") || isHost(name)) && (!hasCapital(name) || facts(name).humps > 0)
}

// smallProduct reports whether words are the name of a product, written small, that begins with its company's: "google
// analytics".
func (p *phrase) smallProduct(n *vendorNode, from, to int) bool {
	return to-from > 1 && n.vendor != nil && n.vendor.Owner != "" && p.words[from].word == vendorKey(n.vendor.Owner) && !p.coveredBy("novendor", from, to)
}

// smallNameBytes is the length from which a name without a capital is taken for one.
const smallNameBytes = 5

// bracket is the first word behind word i that a bracket parts from it.
func (p *phrase) bracket(i int) int {
	for j := i + 1; j < len(p.words) && j < i+8; j++ {
		if strings.ContainsAny(p.text.s[p.words[j-1].to:p.words[j].from], "()") {
			return j
		}
	}
	return len(p.words)
}

func (x *vendorIndex) longest(ws []word, i int) (best *vendorNode, to int) {
	at := &x.root
	for j := i; j < len(ws); j++ {
		at = at.next[ws[j].word]
		if at == nil {
			break
		}
		if at.vendor != nil || at.owner != "" {
			best, to = at, j+1
		}
	}
	return best, to
}

// exact reports whether s as a whole names a known vendor.
func (x *vendorIndex) exact(s string) bool {
	if !unicode.IsUpper(firstRune(s)) {
		return false
	}
	ws := words(s)
	n, to := x.longest(ws, 0)
	return n != nil && to == len(ws) && len(ws) > 0
}

// properName reports whether words from..to are written as a name, and are no ordinary word.
func (p *phrase) properName(from, to int) bool {
	if !p.written(from, to) {
		return false
	}
	if to-from == 1 && p.m.ordinary(p.words[from].word) {
		return p.marksVendor(from, to)
	}
	return !p.coveredBy("novendor", from, to)
}

// inAddress reports whether word i stands inside a host or an address.
func (p *phrase) inAddress(i int) bool {
	start := p.words[i].from
	return start > 0 && strings.IndexByte("./@_-", p.text.s[start-1]) >= 0
}

// written reports whether words from..to are written as a name: with a capital, unbroken, not inside a host or an
// address.
func (p *phrase) written(from, to int) bool {
	s := p.text.s
	start, end := p.words[from].from, p.words[to-1].to
	if !hasCapital(s[start:end]) || strings.ContainsAny(s[start:end], "\n;:") {
		return false
	}
	if p.inAddress(from) {
		return false
	}
	return end+1 >= len(s) || !(s[end] == '.' && isWord(s[end+1]) && unicode.IsLower(firstRune(s[end+1:])) || s[end] == '@' || s[end] == '_')
}

// marksVendor reports whether an ordinary word is made a vendor's name by what stands beside it: it is all there is, a
// legal form follows, words that introduce a vendor precede, or words that use one where ordinary words bear no capital.
func (p *phrase) marksVendor(from, to int) bool {
	if from == 0 && to == len(p.words) {
		return len(p.words[0].word) > 1
	}
	if to < len(p.words) && legalForms[p.words[to].word] && unicode.IsUpper(firstRune(p.text.s[p.words[to].from:])) && !p.capital(from-1, from) {
		return true
	}
	if p.endsBefore(from, "introduces") {
		return true
	}
	return p.m.lex.lang != "de" && from > 0 && p.mayBeVendor(from, to) && p.endsBefore(from, "vendorword", "use", "example")
}

// endsBefore reports whether a word of one of some concepts ends before word i.
func (p *phrase) endsBefore(i int, concepts ...concept) bool {
	for _, c := range concepts {
		for _, h := range p.of(c) {
			if h.to == i {
				return true
			}
		}
	}
	return false
}

// mayBeVendor reports whether an ordinary word is written as a name that stands alone: no everyday word, and no capital
// beside it.
func (p *phrase) mayBeVendor(from, to int) bool {
	return p.written(from, to) && !p.m.lex.stop[p.words[from].word] && !p.coveredBy("everyday", from, to) && !p.coveredBy("novendor", from, to) &&
		!p.capital(to, to) && !p.capital(from-1, from)
}

// capital reports whether word i bears a capital and only a blank parts it from its neighbour, where word gap begins.
func (p *phrase) capital(i, gap int) bool {
	return i > 0 && i < len(p.words) && unicode.IsUpper(firstRune(p.text.s[p.words[i].from:])) && p.text.s[p.words[gap-1].to:p.words[gap].from] == " "
}

// withNeighbours adds the doubtful mentions that stand in a row with sure ones: "Hotjar, Segment and Criteo".
func (p *phrase) withNeighbours(sure, doubtful []mention) []mention {
	if len(sure) == 0 {
		return sure
	}
	for _, m := range doubtful {
		if slices.ContainsFunc(sure, func(o mention) bool { return p.sideBySide(o.hit, m.hit) || p.sideBySide(m.hit, o.hit) }) {
			sure = append(sure, m)
		}
	}
	slices.SortFunc(sure, func(a, b mention) int { return a.from - b.from })
	return sure
}

// sideBySide reports whether only a comma, a slash or an "and" stands between two names.
func (p *phrase) sideBySide(a, b hit) bool {
	if b.from < a.to || b.from > a.to+1 || b.from == a.to+1 && len(p.at(a.to, "and")) == 0 {
		return false
	}
	return b.from > a.to || strings.Trim(p.text.s[p.words[a.to-1].to:p.words[b.from].from], " ,/&") == "" && p.text.s[p.words[a.to-1].to:p.words[b.from].from] != " "
}

// coveredBy reports whether words from..to lie within a phrase of a concept.
func (p *phrase) coveredBy(c concept, from, to int) bool {
	for _, h := range p.of(c) {
		if h.from <= from && h.to >= to {
			return true
		}
	}
	return false
}

func hasCapital(s string) bool {
	for _, r := range s {
		if unicode.IsUpper(r) {
			return true
		}
	}
	return false
}

// ordinary reports whether a vendor's name is also an ordinary word.
func (m *matcher) ordinary(w string) bool {
	for _, mean := range m.meanings(w) {
		if mean.concept == "ordinary" {
			return true
		}
	}
	return m.lexeme(w).stop
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
		if len(p.words) <= 5 && p.has("v.firstparty", "first") && !p.has("v.thirdparty") && len(d.vendors.find(p)) == 0 {
			return true
		}
	}
	return false
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
		if len(p.words) <= 4 && p.has("v.firstparty", "v.thirdparty", "v.none") || p.has("r.optout") || isHost(line.s) || len(out) > 0 {
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
