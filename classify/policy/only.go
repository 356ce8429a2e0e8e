package policy

import (
	"slices"
	"strings"
)

// deniesNonessential reports whether cookies are denied that are called not necessary.
func (p *phrase) deniesNonessential() bool {
	return slices.ContainsFunc(p.of("nonnecessary"), func(h hit) bool {
		covers := slices.ContainsFunc(p.of("necessary"), func(o hit) bool { return o.from >= h.from && o.to <= h.to })
		return covers && p.denied(h) && slices.ContainsFunc(p.of("cookie"), func(c hit) bool {
			return c.from-h.to < nearWords && h.from-c.to < nearWords && p.denied(c)
		})
	})
}

// onlyBinds reports whether an "only" limits what is set, and not when, where or what for: "set only if needed".
func (p *phrase) onlyBinds() bool {
	return slices.ContainsFunc(p.of("only"), func(only hit) bool {
		next := only.to
		if next < len(p.words) && p.closedAt(next) {
			return !p.swallowed(only)
		}
		for _, be := range p.at(next, "be") {
			next = be.to // "only be used for"
		}
		for _, verb := range p.at(next, "use", "set") {
			next = verb.to // "only used for"
		}
		return !p.swallowed(only) && len(p.at(next, "if", "inorder", "bymeans", "until", "cond")) == 0 &&
			!slices.ContainsFunc(p.of("without"), func(h hit) bool {
				return h.from >= only.to && h.from-only.to < nearWords && !p.swallowed(h)
			})
	})
}

// closedAt reports whether punctuation before word i closes what an "only" before it limits: "essential cookies only (for
// the session)".
func (p *phrase) closedAt(i int) bool {
	between := p.text.s[p.words[i-1].to:p.words[i].from]
	return strings.ContainsAny(between, "(:;") || strings.Contains(between, " - ") || strings.Contains(between, " – ") || strings.Contains(between, " — ")
}

// behindOnly reports whether h stands behind an "only" that punctuation closes.
func (p *phrase) behindOnly(h hit) bool {
	return slices.ContainsFunc(p.of("only"), func(only hit) bool { return only.to <= h.from && p.closedAt(only.to) })
}

// onlyFragment reports whether a phrase that ends with a full stop has no verb and opens with an "only", or ends what it
// says with one: "Essential cookies only.", "Essential cookies only: your session."
func (p *phrase) onlyFragment() bool {
	if !strings.HasSuffix(p.text.s, ".") || p.has("be", "use", "set", "allow", "youcan") {
		return false
	}
	return slices.ContainsFunc(p.of("only"), func(h hit) bool {
		return h.from == 0 || h.from <= nearWords && (h.to == len(p.words) || p.closedAt(h.to))
	})
}

// necessaryOrOther reports whether what is necessary is named together with what is not: "necessary and functional
// cookies", "cookies that are necessary or remember your settings".
func (p *phrase) necessaryOrOther() bool {
	first, ok := p.first("necessary")
	if !ok {
		return false
	}
	for _, and := range p.of("and") {
		if and.from < first.to || p.behindOnly(and) {
			continue
		}
		at := and.to
		for _, h := range p.at(at, "relative", "you", "number") {
			at = max(at, h.to)
		}
		if p.otherAt(p.pastParticles(at), and.from == first.to) {
			return true
		}
	}
	return false
}

// pastParticles is the next word from i on that is no particle: "and for the analysis", "et à l'analyse".
func (p *phrase) pastParticles(i int) int {
	for n := 0; n < 2 && i+1 < len(p.words) && len(p.words[i].word) <= 2 && !p.coveredBy("inorder", i, i+1); n++ {
		i++
	}
	return i
}

// otherAt reports whether word i begins a purpose that is not a necessary one, or, where a label may stand, its label.
func (p *phrase) otherAt(i int, label bool) bool {
	if len(p.at(i, "necessary", "p.necessary", "l.necessary")) > 0 || p.deniedWord(i) {
		return false
	}
	if len(p.at(i, "remember", "analysing")) > 0 || len(p.at(i, "p.functional", "p.analytics", "p.advertising")) > 0 {
		return true
	}
	for _, h := range p.at(i, "l.functional", "l.analytics", "l.advertising", "l.social") {
		if label && len(p.at(h.to, "necessary")) == 0 { // "technical and functional ones, necessary for"
			return true
		}
	}
	return false
}
