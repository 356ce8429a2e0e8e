package policy

import (
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode"
)

// findOwn finds out whose policy it is: the domains and names that are no third party.
func (d *document) findOwn() {
	if u, err := url.Parse(d.url); err == nil && strings.HasPrefix(u.Scheme, "http") {
		if host := registrable(u.Hostname()); host != "" {
			d.own[host] = true
		}
	}
	d.ownFile()
	d.ownAddresses()
	if len(d.own) == 0 {
		d.ownRows()
	}
	d.ownNames()
	for host := range d.own {
		name, _, _ := strings.Cut(host, ".")
		d.self[vendorKey(name)] = true
		d.self[vendorKey(strings.ReplaceAll(host, ".", ""))] = true // "xAI" at x.ai
	}
}

// ownFile takes the host that a saved page is named for: "03-shop.example.html".
func (d *document) ownFile() {
	if strings.Contains(d.url, "://") {
		return
	}
	name := path.Base(filepath.ToSlash(d.url))
	for strings.Contains(name, ".") {
		name = withoutNumber(strings.TrimSuffix(name, path.Ext(name)))
		if host := registrable(name); host != "" {
			d.own[host] = true
			return
		}
	}
}

// withoutNumber is a name without the numbers with a hyphen or underscore that it may begin with; "1plus.example" is a
// host.
func withoutNumber(name string) string {
	for {
		i := strings.IndexAny(name, "-_")
		if i < 0 || !allDigits(name[:i]) {
			return name
		}
		name = name[i+1:]
	}
}

// ownAddresses takes the domain of the e-mail addresses that the policy gives as the site's own.
func (d *document) ownAddresses() {
	counts := map[string]int{}
	for i := range d.blocks {
		s := d.blocks[i].text.s
		for at := strings.IndexByte(s, '@'); at >= 0; {
			rest := s[at+1:]
			end := strings.IndexFunc(rest, func(r rune) bool { return r == ' ' || r == '\n' || r == ')' || r == ',' || r == ';' || r == '>' })
			if end < 0 {
				end = len(rest)
			}
			if host := registrable(strings.TrimRight(rest[:end], ".:")); host != "" {
				counts[host]++
			}
			next := strings.IndexByte(rest, '@')
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	if best := most(counts); best != "" && d.vendors.domains[best] == nil {
		d.own[best] = true
	}
}

// ownRows takes the domain that tables and lines name most as the site's own, unless it is a known vendor's.
func (d *document) ownRows() {
	counts := map[string]int{}
	for i := range d.blocks {
		if d.blocks[i].table == nil {
			for _, line := range d.blocks[i].text.lines() {
				if host := registrable(line.s); len(line.s) < 80 && host != "" && d.vendors.domains[host] == nil {
					counts[host]++
				}
			}
			continue
		}
		for _, row := range d.blocks[i].table.rows {
			for _, c := range row {
				if host := registrable(strings.ToLower(c.s)); host != "" && d.vendors.domains[host] == nil {
					counts[host]++
				}
			}
		}
	}
	if best := most(counts); best != "" {
		d.own[best] = true
	}
}

// most is the key with the highest count; of equals the first by name.
func most(counts map[string]int) string {
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	best := ""
	for _, k := range keys {
		if best == "" || counts[k] > counts[best] {
			best = k
		}
	}
	return best
}

// ownLines is how many blocks at the top are looked at for the name of the site.
const ownLines = 12

// ownNames takes the site's own name from its title ("Acme Cookie Policy") and from where it introduces itself
// ("Acme Ltd (\"we\", \"us\")").
func (d *document) ownNames() {
	if d.title.s != "" {
		d.ownTitle(d.phrase(d.title))
	}
	for i := range min(len(d.blocks), ownLines) {
		b := &d.blocks[i]
		if b.table != nil {
			continue
		}
		if (b.kind == heading && b.level <= 2 || i == 0) && d.phrase(b.text).has("policyword") {
			d.ownTitle(d.phrase(b.text))
		}
		if strings.Contains(b.text.s, "(") {
			d.ownIntroduction(d.phrase(b.text))
		}
		if b.kind == paragraph {
			d.ownUse(d.phrase(firstSentence(b.text)))
		}
	}
}

// ownUse takes the name with which a sentence opens that says who uses cookies: "Acme uses a few cookies".
func (d *document) ownUse(p *phrase) {
	use, ok := p.first("use")
	if !ok || use.from == 0 || use.from > maxNameWords || len(p.neg) > 0 {
		return
	}
	name := p.text.s[:p.words[use.from-1].to]
	soon := slices.ContainsFunc(p.of("cookie"), func(c hit) bool { return c.from >= use.to && c.from-use.to < nearWords })
	if soon && startsName(name) && p.notWord(0, len(name)) && !d.vendors.exact(name) {
		d.self[vendorKey(name)] = true
	}
}

// ownSubject is a phrase with a "we" where the site's own name opens it and a verb follows: "Acme does not use cookies".
func (d *document) ownSubject(p *phrase) *phrase {
	if len(d.self) == 0 || len(p.words) < 3 || p.m == nil {
		return p
	}
	i := 0
	if p.m.lex.stop[p.words[0].word] {
		i = 1 // "The Acme"
	}
	if !unicode.IsUpper(firstRune(p.text.s[p.words[i].from:])) {
		return p
	}
	if !d.opensSelf(p.words[i].word) {
		return p
	}
	for to := i + 1; to < min(len(p.words), i+1+maxNameWords); to++ {
		if !p.actsAt(to) || !d.self[vendorKey(p.text.s[p.words[i].from:p.words[to-1].to])] {
			continue
		}
		said := *p.reading
		out := &phrase{p.text, &said}
		out.hits = append([]hit{{from: i, to: i + 1, meaning: &meaning{concept: "we", bit: conceptBits["we"]}}}, p.hits...)
		out.kinds = bitset{}
		out.sort()
		return out
	}
	return p
}

// opensSelf reports whether a word may be the first of a name of the operator.
func (d *document) opensSelf(word string) bool {
	for name := range d.self {
		if strings.HasPrefix(name, word) {
			return true
		}
	}
	return false
}

// actsAt reports whether a verb, or what denies one, stands at word i.
func (p *phrase) actsAt(i int) bool {
	return len(p.at(i, "neg", "use", "set", "collect", "share", "operate", "allow", "be", "typically", "contain")) > 0
}

// ownTitle takes the capitalised words beside the words for a policy.
func (d *document) ownTitle(p *phrase) {
	if len(p.words) > 8 || !p.has("policyword", "cookie") {
		return
	}
	for i := 0; i < len(p.words); i++ {
		if to := p.nameRun(i); to > i {
			for to > i && p.namesPolicy(to-1) {
				to--
			}
			if to > i && !p.namesPolicy(i) {
				d.self[vendorKey(p.text.s[p.words[i].from:p.words[to-1].to])] = true
				i = to
			}
		}
	}
}

func (p *phrase) namesPolicy(i int) bool {
	return p.coveredBy("policyword", i, i+1) || p.coveredBy("cookie", i, i+1) || p.coveredBy("privacyword", i, i+1)
}

// ownIntroduction takes the name before a bracket that holds "we" or "us".
func (d *document) ownIntroduction(p *phrase) {
	for _, h := range p.of("we") {
		open := strings.LastIndexByte(p.text.s[:p.words[h.from].from], '(')
		if open < 0 || p.words[h.from].from-open > 60 || strings.IndexByte(p.text.s[open:p.words[h.from].from], ')') >= 0 {
			continue
		}
		i := 0
		for i < len(p.words) && p.words[i].to <= open {
			i++
		}
		from := i
		for from > 0 && i-from < maxNameWords && p.nameRun(from-1) >= i {
			from--
		}
		if from < i {
			d.self[vendorKey(p.text.s[p.words[from].from:p.words[i-1].to])] = true
		}
		for ; i < h.from; i++ { // ("Acme", "we")
			if to := p.nameRun(i); to > i {
				d.self[vendorKey(p.text.s[p.words[i].from:p.words[to-1].to])] = true
			}
		}
	}
}
