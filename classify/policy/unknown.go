package policy

import (
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
		first := firstRune(p.text.s[w.from:])
		if !unicode.IsUpper(first) && !(j > i && legalForms[w.word] && len(w.word) > 1) {
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
