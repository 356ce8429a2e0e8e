package policy

import (
	"slices"
	"strings"
	"unicode"

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

// ordinary reports whether a vendor's name is also an ordinary word.
func (m *matcher) ordinary(w string) bool {
	for _, mean := range m.meanings(w) {
		if mean.concept == "ordinary" {
			return true
		}
	}
	return m.lexeme(w).stop
}
