package policy

import (
	"sort"
	"strings"
	"unicode"
)

// introduced finds vendors that nobody told the reader of, where a sentence introduces them: "provided by Acme Metrics
// Ltd.", "a service of Acme GmbH". Only capitals that go on and hold a legal form count.
func (d *document) introduced(p *phrase) []mention {
	var out []mention
	for _, h := range p.of("introduces") {
		from := p.pastArticle(h.to)
		to := p.nameRun(from)
		if to == from || p.denied(hit{from: from, to: to}) {
			continue
		}
		if !p.hasLegalForm(from, to) {
			continue // anything may be written with capitals
		}
		out = append(out, mention{hit: hit{from: from, to: to}, printed: p.text.s[p.words[from].from:p.words[to-1].to]})
	}
	return out
}

func (p *phrase) pastArticle(i int) int {
	for i < len(p.words) && i >= 0 && unicode.IsLower(firstRune(p.text.s[p.words[i].from:])) && len(p.words[i].word) <= 3 {
		i++
	}
	return i
}

// maxNameWords is how many words a company's name has at most.
const maxNameWords = 5

// nameRun returns the word behind a run of capitalised words from word i on; i when there is none.
func (p *phrase) nameRun(i int) int {
	j := i
	for j < len(p.words) && j-i < maxNameWords {
		w := p.words[j]
		if !startsName(p.text.s[w.from:w.to]) && !(j > i && legalForms[w.word] && len(w.word) > 1) {
			break
		}
		if j > i {
			gap := p.text.s[p.words[j-1].to:w.from]
			if gap != " " && gap != "-" && gap != "&" && gap != " & " && !(strings.HasPrefix(gap, ",") && legalForms[w.word]) && gap != "." {
				break
			}
		}
		if j == i && (p.m.lex.stop[w.word] || p.has("cookie") && p.startsKnown(j)) {
			break
		}
		j++
	}
	return j
}

// startsName reports whether a word is written as the first of a name: with a capital in front, or behind a digit.
func startsName(w string) bool {
	first := firstRune(w)
	return unicode.IsUpper(first) || unicode.IsDigit(first) && hasCapital(w)
}

// startsKnown reports whether word i is a word of the language that a heading or sentence may capitalise.
func (p *phrase) startsKnown(i int) bool {
	for _, c := range []concept{"cookie", "we", "you", "third", "browserword", "policyword"} {
		for _, h := range p.of(c) {
			if h.from == i {
				return true
			}
		}
	}
	return false
}

func (p *phrase) hasLegalForm(from, to int) bool {
	for _, w := range p.words[from:to] {
		if legalForms[w.word] && len(w.word) > 1 {
			return true
		}
	}
	return false
}

// addressed finds vendors whose address a sentence prints in brackets behind their name: "Acme Metrics
// (acmemetrics.example)". The name must stand in the address, or any note in brackets would do.
func (d *document) addressed(p *phrase) []mention {
	var out []mention
	for from := 0; len(out) < maxAddressed; {
		open := strings.IndexByte(p.text.s[from:], '(')
		if open < 0 {
			break
		}
		open += from
		from = open + 1
		inside, _, closed := strings.Cut(p.text.s[from:min(from+maxHost, len(p.text.s))], ")")
		host := ""
		if closed {
			host = registrable(strings.ToLower(strings.TrimSpace(inside)))
		}
		to := sort.Search(len(p.words), func(i int) bool { return p.words[i].from > open })
		if host == "" || d.own[host] || to == 0 {
			continue
		}
		if m, ok := d.boldAddressed(p, open, host); ok {
			out = append(out, m)
			continue
		}
		label, _, _ := strings.Cut(host, ".")
		for first := max(0, to-maxNameWords); first < to; first++ {
			name := p.text.s[p.words[first].from:p.words[to-1].to]
			if p.endsBefore(first, "we") && unicode.IsUpper(firstRune(name)) {
				break // "our site Acme (acme.test)"
			}
			if key := vendorKey(name); len(key) > 2 && unicode.IsUpper(firstRune(name)) && strings.Contains(strings.ReplaceAll(label, "-", ""), key) {
				out = append(out, mention{hit: hit{from: first, to: to}, vendor: d.vendors.domains[host], address: host, printed: name})
				break
			}
		}
	}
	return out
}

// boldAddressed is the vendor whose name opens a text in bold, with its address in the brackets behind it.
func (d *document) boldAddressed(p *phrase, open int, host string) (mention, bool) {
	lead, ok := p.text.marked(bold)
	if !ok || strings.TrimSpace(p.text.s[lead.to:max(open, lead.to)]) != "" || lead.to > open {
		return mention{}, false
	}
	name := strings.TrimSpace(p.text.s[lead.from:lead.to])
	to := sort.Search(len(p.words), func(i int) bool { return p.words[i].from >= lead.to })
	if to == 0 || to > maxNameWords || !unicode.IsUpper(firstRune(name)) || labelOf(p).category != "" && p.has("cookie") {
		return mention{}, false
	}
	return mention{hit: hit{from: 0, to: to}, vendor: d.vendors.domains[host], address: host, printed: name}, true
}

// Bounds of addresses in brackets: how many a sentence has at most, and the longest host in bytes.
const (
	maxAddressed = 20
	maxHost      = 253
)
