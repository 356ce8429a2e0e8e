package policy

import (
	"slices"
	"strings"
)

// cut is where a clause ends and the next begins, in words.
type cut struct{ from, to int }

// parts are the clauses of a statement that "and", "but" or a comma joins, of which each has its own verb and one denies:
// "They hold no names and are not used for ads". What one promises must not be hindered by what the other speaks of. The
// later ones keep the subject of the first. There are none when a statement is one clause.
func (s *statement) parts(d *document) []*statement {
	p := s.p
	if len(p.neg) == 0 && !strings.Contains(p.text.s, "; ") {
		return nil
	}
	cuts := p.cuts()
	if len(cuts) == 0 {
		return nil
	}
	var out []*statement
	from, subject := 0, s.subjects()
	for _, cut := range cuts {
		if p.sharesCondition(cut) {
			return nil
		}
		out = append(out, s.part(d, from, cut.from, subject))
		from = cut.to
		if p.enumerates(from) {
			subject = nil // each names its own
		}
	}
	return append(out, s.part(d, from, len(p.words), subject))
}

// part is the clause of a statement from one word to another.
func (s *statement) part(d *document, from, to int, subject []concept) *statement {
	last := to - 1
	end := s.p.words[last].to
	if to == len(s.p.words) {
		end = len(s.p.text.s)
	}
	part := *s
	part.p = d.phrase(s.p.text.slice(s.p.words[from].from, end))
	if from == 0 {
		part.p = d.ownSubject(part.p)
	} else {
		part.p = part.p.given(subject)
		part.before = part.before || s.p.beforeWord("cookie", from)
	}
	part.nameVendors(d.vendors.find(part.p))
	part.subject = part.subject || from > 0 && s.subject
	return &part
}

// subjects are the concepts of whom a statement speaks, as its first words say: cookies, or us.
func (s *statement) subjects() []concept {
	p := s.p
	cookie, isCookie := p.first("cookie")
	we, isWe := p.first("we")
	switch {
	case isCookie && cookie.from <= openingWords && (!isWe || we.from > cookie.from || we.to == cookie.from) && !p.verbIn(0, cookie.from) || !isCookie && s.pronoun():
		return []concept{"cookie"}
	case isWe && we.from <= openingWords:
		return []concept{"we"}
	}
	return nil
}

// understood reports whether a phrase does not name what it means: its subject is in the clause before.
func (h hit) understood() bool { return h.from == h.to }

// given is a phrase of which some concepts are understood that it does not name itself.
func (p *phrase) given(concepts []concept) *phrase {
	var understood []hit
	for _, c := range concepts {
		if !p.has(c) {
			understood = append(understood, hit{meaning: &meaning{concept: c, bit: conceptBits[c]}})
		}
	}
	if understood == nil {
		return p
	}
	said := *p.reading
	out := &phrase{p.text, &said}
	out.hits = append(understood, p.hits...)
	out.kinds = bitset{}
	out.sort()
	out.hits = p.hits
	return out
}

// sharesCondition reports whether a condition may hold on both sides of a cut. Behind a "but", and where only the first
// clause denies, it holds for the second alone.
func (p *phrase) sharesCondition(c cut) bool {
	turns := len(p.at(c.from, "but")) > 0 || !p.startsNegation(c.to, len(p.words))
	return slices.ContainsFunc([]concept{"cond", "if", "until"}, func(of concept) bool {
		return slices.ContainsFunc(p.of(of), func(h hit) bool { return h.from < c.from || !turns })
	})
}

// partVerbs are the concepts of the verbs that a clause of its own may have.
var partVerbs = []concept{"use", "set", "contain", "collect", "share", "be", "exist", "allow", "expire"}

// shortestPart is how many words a clause has at least.
const shortestPart = 3

// cuts are the places where a second clause with a verb of its own begins.
func (p *phrase) cuts() []cut {
	var out []cut
	last := 0
	for i := shortestPart; i+shortestPart <= len(p.words); i++ {
		if i-last < shortestPart || !p.coveredBy("and", i, i+1) && !p.coveredBy("but", i, i+1) && !p.joins(i) && p.semicolon(i) == 0 {
			continue
		}
		to := p.semicolon(i)
		if to == 0 && len(p.neg) > 0 {
			to = p.joint(last, i)
		}
		if to == 0 || p.semicolon(i) == 0 && !p.verbIn(last, i) && !p.enumerates(i) {
			continue
		}
		out = append(out, cut{i, to})
		last = to
	}
	return out
}

// joint is the word where a clause begins that word i joins to the one that began at last, zero when it joins none.
func (p *phrase) joint(last, i int) int {
	if len(p.at(i, "and")) > 0 && !p.coveredBy("cookie", i, i+1) {
		if len(p.at(i, "neg")) > 0 && p.verbIn(i+1, i+3) {
			return i // "nor do we share"
		}
		if p.opensClause(i+1) || p.deniesAgain(last, i+1) || p.startsNegation(last, i) && !orWords[p.words[i].word] && p.affirms(i+1) {
			return i + 1
		}
		return 0
	}
	if len(p.at(i, "but")) > 0 && len(p.at(i, "except")) == 0 && p.verbIn(i+1, len(p.words)) {
		return i + 1
	}
	if !p.joins(i) {
		return 0
	}
	if len(p.at(i, "neg")) > 0 && p.verbIn(i+1, i+3) || p.deniesVerb(i) || p.enumerates(i) {
		return i
	}
	if p.startsNegation(last, i) && p.verbIn(i, i+1) && len(p.at(i+1, "none")) > 0 {
		return i // "loads no fonts"
	}
	return 0
}

// enumerates reports whether a sentence is a row of what there is not, of which the next begins at word i: "No ads, no
// cookies of others, no fonts from elsewhere."
func (p *phrase) enumerates(i int) bool {
	return len(p.at(i, "none")) > 0 && len(p.at(0, "none")) > 0 && !p.verbIn(0, len(p.words))
}

// semicolon is i when a semicolon stands before word i, and a verb or a denial follows, zero otherwise.
func (p *phrase) semicolon(i int) int {
	if strings.Contains(p.text.s[p.words[i-1].to:p.words[i].from], ";") && (p.verbIn(i, len(p.words)) || p.startsNegation(i, len(p.words)) && p.verbIn(0, i)) {
		return i
	}
	return 0
}

// deniesVerb reports whether a "does not" begins at word i.
func (p *phrase) deniesVerb(i int) bool {
	return doWords[p.words[i].word] && len(p.at(i+1, "neg")) > 0 && !p.bracketsAt(i)
}

// doWords are the forms of the English verb that stands before a "not".
var doWords = wordSet(`do does did`)

// opensClause reports whether a verb that denies begins at word i: "do not share", "is not used", "loads no fonts".
func (p *phrase) opensClause(i int) bool {
	if len(p.at(i, "neg")) > 0 {
		return len(p.at(i, "unable")) > 0 || p.verbIn(i+1, i+4)
	}
	if p.deniesVerb(i) {
		return true
	}
	if p.germanic() && p.startsNegation(i+1, i+2) && p.verbIn(i+2, len(p.words)) {
		return true // "und sollen nicht dienen"
	}
	return p.startsNegation(i+1, i+nearWords) && p.verbIn(i, i+1)
}

// deniesAgain reports whether a "no" with a verb begins at word i behind what does not deny: "is cut, and no data is used".
func (p *phrase) deniesAgain(last, i int) bool {
	return len(p.at(i, "none")) > 0 && !p.startsNegation(last, i) && p.verbIn(i+2, i+2*nearWords)
}

// affirms reports whether a verb begins at word i that stands behind a denial: "holds no names and is kept for a year".
func (p *phrase) affirms(i int) bool {
	return p.verbIn(i, i+1) || len(p.at(i, "noneed", "typically")) > 0
}

// verbIn reports whether a verb begins within words from and to.
func (p *phrase) verbIn(from, to int) bool {
	for _, c := range partVerbs {
		all := p.of(c)
		if j := behind(all, from); j < len(all) && all[j].from < to {
			return true
		}
	}
	return false
}
