package policy

import "slices"

// readDNT reads what the policy says of the Do Not Track signal.
func (d *document) readDNT(s *statement) {
	p := s.p
	named := p.has("dnt") || (s.after.has("dnt") || s.sec.head != nil && s.sec.head.has("dnt") && p.has("signal")) && len(p.words) < 25
	if !named || s.kind == heading || s.listed || len(p.words) < 4 {
		return
	}
	verb := p.of("honor")
	switch {
	case s.othersAct(verb):
	case p.ignores() || p.nearBy("regardless", "dnt"):
		d.dnt = ignored
	case len(verb) > 0 && (p.reachedOutside(verb, "nostandard") || p.next("none", "dnt")):
		d.dnt = ignored
	case p.has("nostandard"):
	case len(verb) > 0 && d.dnt == silent && (p.has("we") || !p.has("youcan")):
		d.dnt = honored
	case d.dnt == silent && p.nearBy("bymeans", "dnt") && p.has("optout"):
		d.dnt = honored // "you can opt out via Do Not Track"
	case d.dnt == silent && p.has("we", "active") && !p.has("youcan") && p.refrains():
		d.dnt = honored
	}
}

// othersAct reports whether a sentence tells what others do: websites or browsers in general, unless it is the signal of browsers
// that somebody does not answer, or third parties that stand at its front.
func (s *statement) othersAct(verbs []hit) bool {
	p := s.p
	if len(p.at(0, "thirdstrict")) > 0 {
		return true
	}
	if p.has("we") || !p.has("browserword") {
		return false
	}
	return !p.anyReached(verbs) || p.beforeWord("browserword", verbs[0].from)
}

// refrains reports whether a sentence denies that something is tracked, counted or set.
func (p *phrase) refrains() bool {
	for _, c := range []concept{"trackcookie", "collect", "set", "use", "analysing", "analysispurpose", "keeptrack"} {
		if p.anyReached(p.of(c)) {
			return true
		}
	}
	return false
}

// ignores reports whether a sentence says that something is ignored, and no "not" before it denies that.
func (p *phrase) ignores() bool {
	for _, h := range p.of("ignore") {
		if !slices.ContainsFunc(p.neg, func(n negation) bool { return n.at < h.from && h.from < n.to }) {
			return true
		}
	}
	return false
}

// reachedOutside reports whether a denial reaches one of some hits that is no word of concept c itself: "there is no
// standard how sites respond" denies the standard.
func (p *phrase) reachedOutside(hits []hit, c concept) bool {
	return slices.ContainsFunc(p.neg, func(n negation) bool {
		return !p.coveredBy(c, n.at, n.at+1) && !p.endsBefore(n.at, c) && slices.ContainsFunc(hits, func(h hit) bool { return p.reached(h) && n.from <= h.from && h.from < n.to })
	})
}

func (p *phrase) anyReached(hits []hit) bool {
	for _, h := range hits {
		if p.reached(h) {
			return true
		}
	}
	return false
}
