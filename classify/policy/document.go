package policy

import (
	"sort"
	"strings"
	"unicode/utf8"

	"trackscan/classify"
)

// document is one policy being read.
type document struct {
	url     string
	src     string
	blocks  []block
	title   text
	lang    string
	match   *matcher
	tongues []*matcher // of all other languages, made when a lifetime is in none of the document's
	other   *matcher   // of a second language that parts of it are written in, nil when there is none
	vendors *vendorIndex
	own     map[string]bool // registrable domains of the site itself
	self    map[string]bool // names of its operator, folded

	labels       map[string]classify.Category // the policy's own labels
	label        leadCategory                 // the last that a lead named
	categories   []categoryFact
	cookies      []classify.PolicyCookie
	vendorFacts  map[string]*vendorFact
	technologies []classify.Technology
	techDenied   []classify.Technology
	vendDenied   []classify.PolicyVendor
	catDenied    []classify.PolicyCategory
	emptyLabels  []classify.Category // whose own section denies them
	claims       []classify.Claim
	statements   []statement
	dnt          string
	thirdParty   string
	onlyFirst    bool // a promise says that all cookies are our own
	effective    string
	ends         []int // see blockEnds, nil until the first quote is made readable
	tried        int   // blocks before this one are known to hold no labelled lines
	optouts      []string
	headings     int
	firstHeading int                     // the block that is it, -1 when none is
	cookiePolicy bool                    // it is titled a policy on cookies
	columns      []role                  // of the last table of cookies in the section, nil when there was none
	named        map[string]bool         // the cookies, by name
	quotes       map[span]classify.Quote // that were made
}

func newDocument(url, src string, blocks []block, title text, vendors *vendorIndex, all map[string]*lexicon) *document {
	d := &document{
		url: url, src: src, blocks: blocks, title: title, vendors: vendors,
		own: map[string]bool{}, self: map[string]bool{}, labels: map[string]classify.Category{},
		vendorFacts: map[string]*vendorFact{}, dnt: silent, thirdParty: silent, quotes: map[span]classify.Quote{}, named: map[string]bool{},
	}
	d.lang = languageOf(blocks, all)
	lex := all[d.lang]
	if lex == nil {
		lex = all["en"]
	}
	d.match = newMatcher(lex)
	second := secondLanguage(blocks, lex, all)
	if second == nil {
		second = d.headLanguage(all)
	}
	if second != nil {
		d.other = smallMatcher(second)
		d.match.rival = second
	}
	return d
}

// maxPhraseBytes bounds the text that is analysed as one: no sentence of a person is longer.
const maxPhraseBytes = 3000

// wholeRunes is the length up to n bytes that cuts no rune of s in half.
func wholeRunes(s string, n int) int {
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return min(n, len(s))
}

func (d *document) phrase(t text) *phrase {
	if len(t.s) > maxPhraseBytes {
		t = t.slice(0, wholeRunes(t.s, maxPhraseBytes))
	}
	p := d.match.phrase(t)
	if p.foreign {
		return d.other.phrase(t)
	}
	return p
}

func (d *document) read() classify.Policy {
	d.outline()
	d.findOwn()
	d.walk()
	d.judge()
	return d.result()
}

// quote makes a Quote of source bytes. It never crosses a carriage return, so that programs which fold line ends find
// it in the file too.
func (d *document) quote(w span) classify.Quote {
	w.start, w.end = max(0, w.start), min(w.end, len(d.src))
	if w.end <= w.start {
		return classify.Quote{}
	}
	q, known := d.quotes[w]
	if !known {
		q = d.newQuote(w)
		d.quotes[w] = q
	}
	return q
}

func (d *document) newQuote(w span) classify.Quote {
	raw := d.src[w.start:w.end]
	if i := strings.IndexByte(raw, '\r'); i >= 0 {
		raw = longestLine(raw, &w)
	}
	trimmed := strings.TrimSpace(raw)
	start := w.start + strings.Index(raw, trimmed)
	return classify.Quote{Quote: trimmed, Start: start, End: start + len(trimmed), Text: d.readable(span{start, start + len(trimmed)})}
}

func longestLine(raw string, w *span) string {
	best, at, offset := "", 0, 0
	for _, line := range strings.Split(raw, "\r") {
		if len(line) > len(best) {
			best, at = line, offset
		}
		offset += len(line) + 1
	}
	w.start += at
	w.end = w.start + len(best)
	return best
}

// basis is how a category came to be declared; a label beats a purpose.
type basis uint8

const (
	basisCookie  basis = iota // only by a cookie that is listed
	basisGeneral              // by what is told of our own cookies where cookies are explained
	basisAwaited              // by what is not set until there is consent: whose it is, a sentence on its use may tell
	basisPurpose
	basisLabel
)

type categoryFact struct {
	classify.PolicyCategory
	basis basis
}

func (d *document) addCategory(id classify.Category, label string, where span, b basis) {
	if id == "" {
		return
	}
	for i := range d.categories {
		f := &d.categories[i]
		if f.ID != id {
			continue
		}
		if b > f.basis {
			f.Label, f.Quote, f.basis = firstLine(label), d.quote(where), b
		}
		return
	}
	f := categoryFact{basis: b}
	f.ID, f.Label, f.Quote = id, firstLine(label), d.quote(where)
	d.categories = append(d.categories, f)
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return strings.TrimSpace(s)
}

// result is what was read, sorted and without empty lists.
func (d *document) result() classify.Policy {
	p := classify.Policy{
		Schema: classify.PolicySchema, URL: d.url, IsPolicy: d.isPolicy(), Lang: d.lang, DNT: silent, ThirdPartyCookies: silent,
		Categories: []classify.PolicyCategory{}, Cookies: []classify.PolicyCookie{}, Vendors: []classify.PolicyVendor{},
		Technologies: []classify.Technology{}, TechnologiesDenied: []classify.Technology{},
		VendorsDenied: []classify.PolicyVendor{}, CategoriesDenied: []classify.PolicyCategory{},
		Claims: []classify.Claim{}, OptOuts: []string{},
	}
	if !p.IsPolicy {
		return p
	}
	p.Effective = classify.Text(d.effective)
	p.DNT, p.ThirdPartyCookies = d.dnt, d.thirdParty
	for _, c := range d.categories {
		p.Categories = append(p.Categories, c.PolicyCategory)
	}
	p.Cookies = append(p.Cookies, d.cookies...)
	p.Vendors = append(p.Vendors, d.vendorList()...)
	p.Technologies = append(p.Technologies, d.technologies...)
	p.TechnologiesDenied = append(p.TechnologiesDenied, d.techDenied...)
	p.VendorsDenied = append(p.VendorsDenied, d.onlyDenied()...)
	p.CategoriesDenied = append(p.CategoriesDenied, d.catDenied...)
	p.Claims = append(p.Claims, d.claims...)
	p.OptOuts = append(p.OptOuts, d.optouts...)
	sortPolicy(&p)
	return p
}

func sortPolicy(p *classify.Policy) {
	rank := map[classify.Category]int{}
	for i, c := range classify.Categories {
		rank[c] = i
	}
	sort.SliceStable(p.Categories, func(i, j int) bool { return rank[p.Categories[i].ID] < rank[p.Categories[j].ID] })
	sort.SliceStable(p.Cookies, func(i, j int) bool { return p.Cookies[i].Start < p.Cookies[j].Start })
	sort.SliceStable(p.Technologies, func(i, j int) bool { return p.Technologies[i].ID < p.Technologies[j].ID })
	sort.SliceStable(p.TechnologiesDenied, func(i, j int) bool { return p.TechnologiesDenied[i].ID < p.TechnologiesDenied[j].ID })
	sort.SliceStable(p.Claims, func(i, j int) bool { return p.Claims[i].Start < p.Claims[j].Start })
}
