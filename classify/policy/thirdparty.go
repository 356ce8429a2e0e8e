package policy

import "slices"

// thirdPartySentence reads whether third parties set cookies.
func (d *document) thirdPartySentence(s *statement) {
	p := s.p
	if d.thirdParty == declared || (s.sec.general || s.defined) && !p.has("we") || s.kind == tabular || p.has("ifever") || p.general() {
		return
	}
	if !p.has("cookie", "tracker") && !s.listed && !s.sec.third && !((s.before || s.sec.cookies || s.labelled) && p.setByThird()) {
		return
	}
	if s.sec.manage || s.controls() || s.plainDenied() || p.has("otherpages") || p.has("exceptus") && p.has("none", "neg") || !p.has("use", "set", "collect", "allow") && !s.sec.third && len(lifetimes(p)) == 0 {
		return // those of which a lifetime is told are set
	}
	if s.sec.third && len(s.found) > 0 && len(p.neg) == 0 || s.vendorSets() || s.thirdActs() || s.namedSet() {
		d.thirdParty = declared
	}
}

// namedSet reports whether a sentence says of the vendors that the one before it names that they set cookies: "Both set
// cookies".
func (s *statement) namedSet() bool {
	p := s.p
	if len(s.found) > 0 || len(p.neg) > 0 || len(s.after.words) == 0 || !s.named || len(p.at(0, "back", "all")) == 0 {
		return false
	}
	return slices.ContainsFunc(p.of("set"), func(h hit) bool {
		return h.from <= openingWords && slices.ContainsFunc(p.of("cookie"), func(c hit) bool { return c.from >= h.to && c.from-h.to < nearWords })
	})
}

// thirdActs reports whether a sentence names third parties among those who set or use cookies: not denied, not beside
// cookies, and not only to define what their cookies are.
func (s *statement) thirdActs() bool {
	p := s.p
	defines := s.defines() && !p.ourselves() && (len(p.at(0, "thirdstrict")) > 0 || !p.setByThird() || p.has("typically"))
	return !defines && slices.ContainsFunc(append(p.of("third"), p.of("thirdstrict")...), func(h hit) bool {
		return !p.reached(h) && !p.besides(h) && !p.placeOnly(h)
	})
}

// setByThird reports whether a phrase says "set by third parties", or "used by us and our partners".
func (p *phrase) setByThird() bool {
	return slices.ContainsFunc(p.of("agent"), func(by hit) bool {
		if by.from == 0 || !p.endsBefore(by.from, "set", "use") {
			return false
		}
		to := by.to
		for _, we := range p.at(to, "we") {
			for _, and := range p.at(we.to, "and") {
				to = and.to
			}
		}
		return len(p.at(to, "thirdstrict", "third")) > 0
	})
}

// placeOnly reports whether h are social networks as a kind of cookie or a place, and neither what acts nor whose cookies
// they are: "advertising and social network cookies", "to show ads on social networks".
func (p *phrase) placeOnly(h hit) bool {
	if !p.coveredBy("p.social", h.from, h.to) || p.next("agent", "third") {
		return false
	}
	owns := slices.ContainsFunc(p.of("cookie"), func(c hit) bool {
		return c.to <= h.from && h.from-c.to < nearWords && !slices.ContainsFunc(p.of("and"), func(and hit) bool { return and.from >= c.to && and.to <= h.from })
	})
	acts := slices.ContainsFunc(slices.Concat(p.of("set"), p.of("use"), p.of("collect")), func(verb hit) bool {
		return verb.from >= h.to && verb.from-h.to < nearWords
	})
	return !owns && !acts
}

// besides reports whether h is only named beside cookies: "cookies and external services".
func (p *phrase) besides(h hit) bool {
	return slices.ContainsFunc(p.at(h.from-1, "and"), func(and hit) bool {
		return slices.ContainsFunc(p.of("cookie"), func(c hit) bool { return c.to == and.from })
	})
}

// controls reports whether a sentence only tells how cookies are kept away: "you can block third-party cookies". What is
// first said to be used is not taken back by that.
func (s *statement) controls() bool {
	p := s.p
	block, ok := p.first("block")
	if !ok || !p.has("youcan", "manage", "cond") {
		return false
	}
	for _, h := range append(p.of("use"), p.of("set")...) {
		if h.to <= block.from && p.has("we") {
			return false
		}
	}
	return true
}

// vendorSets reports whether a sentence says that a vendor itself sets cookies. Those of Google Analytics are set by the
// site.
func (s *statement) vendorSets() bool {
	p := s.p
	if !p.has("cookie") && !s.listed {
		return false
	}
	for _, m := range s.found {
		if p.reached(m.hit) || p.coveredBy("ga", m.from, m.from+1) {
			continue
		}
		if p.ownsCookies(m) || p.usesCookies(m) || p.has("theirown") && p.has("use", "set") {
			return true
		}
		for _, h := range p.of("set") {
			if p.reached(h) {
				continue
			}
			after := h.from >= m.to && h.from-m.to <= nearWords && !p.weBetween(m.to, h.from)
			inverted := h.to == m.from && p.germanic()
			if after || inverted || h.to < m.from && m.from-h.to <= nearWords && p.agent(m) {
				return true
			}
		}
	}
	return false
}

// ownsCookies reports whether a phrase says that cookies of a vendor are used: "we use cookies from Acme".
func (p *phrase) ownsCookies(m mention) bool {
	return p.has("use", "set") && (p.endsBefore(m.from, "cookiesof") || p.endsBefore(m.from-1, "cookiesof"))
}

// usesCookies reports whether a vendor is the one who uses cookies: "Acme uses cookies", "cookies are used by Acme".
func (p *phrase) usesCookies(m mention) bool {
	beside := slices.ContainsFunc(p.of("cookie"), func(c hit) bool { return c.from == m.to })
	return slices.ContainsFunc(p.of("use"), func(h hit) bool {
		if p.agent(m) && (h.to == m.from-1 || beside && h.from > m.to) {
			return true
		}
		subject := m.from <= 2 || len(p.at(m.to, "relative")) > 0
		return subject && h.from >= m.to && h.from-m.to <= 1 && len(p.at(h.to, "cookie"))+len(p.at(h.to+1, "cookie")) > 0
	})
}

// agent reports whether a vendor is the one by whom something is done.
func (p *phrase) agent(m mention) bool {
	for _, h := range p.of("agent") {
		if h.to == m.from {
			return true
		}
	}
	return false
}

func (p *phrase) weBetween(from, to int) bool {
	for _, h := range p.of("we") {
		if h.from >= from && h.to <= to {
			return true
		}
	}
	return false
}
