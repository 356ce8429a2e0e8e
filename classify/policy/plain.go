package policy

import (
	"slices"
	"strings"
)

// plainCookie reports whether a cookie is spoken of without a qualification beside it: no kind, no purpose ("cookies to
// track you"), and not as the means of something else ("analysed with cookies").
func (s *statement) plainCookie(denied bool) bool {
	if s.p.has("thiskind") {
		return false
	}
	for _, h := range s.p.of("cookie") {
		if h.from < h.to && (!denied || s.p.denied(h)) && !s.p.qualified(h) && !s.p.purposeBehind(h) && !s.p.means(h) && !s.p.nameBehind(h) && !s.p.purposeBefore(h) && !s.p.relativeBehind(h) && !s.p.kindBehind(h) && !s.p.setBy(h) && !s.p.relativeBefore(h) && !s.p.deniesItself(h) {
			return true
		}
	}
	return false
}

// nameBehind reports whether the name of a cookie follows h: "the cookie sid_key".
func (p *phrase) nameBehind(h hit) bool {
	at := p.words[h.to-1].to
	rest := strings.TrimLeft(p.text.s[at:], " :\"'")
	from := len(p.text.s) - len(rest)
	to := len(p.text.s)
	if n := strings.IndexAny(rest, " ,;)"); n >= 0 {
		to = from + n
	}
	return to > from && (shapeOf(cleanName(p.text.slice(from, to)).s) == sure || p.text.codeAt(from, to))
}

// relativeBehind reports whether a relative clause follows a German or Dutch verb at the end: "keine Cookies gesetzt, die".
func (p *phrase) relativeBehind(h hit) bool {
	return p.germanic() && slices.ContainsFunc(p.of("relative"), func(o hit) bool { return o.from > h.to && p.joins(o.from) })
}

// kindBehind reports whether the kind of a cookie stands behind h and another word: "cookies invasivas de rastreo".
func (p *phrase) kindBehind(h hit) bool {
	return slices.ContainsFunc([]concept{"adcookie", "trackcookie", "analyticscookie"}, func(c concept) bool {
		return slices.ContainsFunc(p.of(c), func(o hit) bool {
			return o.from > h.to && o.from-h.to < nearWords && !p.parted(h.to, o.from) && !p.verbIn(h.to, o.from) && !p.startsNegation(h.to, o.from) && !p.anyWithin("and", h.to, o.from)
		})
	})
}

// anyWithin reports whether a word of concept c stands within words from and to.
func (p *phrase) anyWithin(c concept, from, to int) bool {
	return slices.ContainsFunc(p.of(c), func(o hit) bool { return o.from >= from && o.to <= to })
}

// relativeBefore reports whether h is what somebody sets of whom a relative clause tells: "tools that set cookies".
func (p *phrase) relativeBefore(h hit) bool {
	return !p.germanic() && slices.ContainsFunc(p.of("relative"), func(o hit) bool {
		return o.from > 0 && o.to < h.from && h.from-o.to <= nearWords && len(p.at(o.to, "use", "set")) > 0 && !p.startsNegation(o.to, h.from)
	})
}

// deniesItself reports whether h is what does not do something: "cookies do not store programs".
func (p *phrase) deniesItself(h hit) bool {
	not := h.to
	if len(p.at(not, "operate")) > 0 {
		not++
	}
	return !p.germanic() && !p.joins(h.to) && len(p.at(not, "neg")) > 0 && len(p.at(not+1, "use", "set", "contain", "collect")) > 0
}

// setBy reports whether a word behind h names who sets it: "no cookies set by plug-ins".
func (p *phrase) setBy(h hit) bool {
	return slices.ContainsFunc(p.at(h.to, "set"), func(o hit) bool {
		return len(p.at(o.to, "agent")) > 0
	})
}

// purposeBefore reports whether h stands in a purpose itself: "there is no way to turn off cookies". "No need to set
// cookies" is none.
func (p *phrase) purposeBefore(h hit) bool {
	for _, o := range p.of("inorder") {
		if o.from > 0 && o.to < h.from && h.from-o.to < nearWords && !p.parted(o.to, h.from) && len(p.at(o.to, "use", "set")) == 0 && p.startsNegation(0, o.from) {
			return true
		}
	}
	return false
}

// purposeBehind reports whether words that introduce a purpose stand within a few words behind h.
func (p *phrase) purposeBehind(h hit) bool {
	for _, o := range p.of("inorder") {
		near := o.from-h.to < nearWords || p.usedFor(h, o)
		if o.from >= h.to && near && !p.parted(h.to, o.from) {
			return true
		}
	}
	return false
}

// usedFor reports whether a verb behind h leads to a purpose: "cookies are never used here to", "put on your device to".
func (p *phrase) usedFor(h, purpose hit) bool {
	leads := func(o hit) bool {
		to := o.to
		for _, place := range p.of("ondevice") {
			if place.from >= o.to && place.from-o.to < 2 {
				to = place.to
			}
		}
		return o.from >= h.to && o.from-h.to < nearWords && to <= purpose.from && purpose.from-to < 2
	}
	return slices.ContainsFunc(p.of("use"), leads) || slices.ContainsFunc(p.of("set"), leads)
}

// means reports whether h is only the means by which something is done.
func (p *phrase) means(h hit) bool {
	for _, o := range p.of("bymeans") {
		if o.to <= h.from && h.from-o.to < 2 && !p.coveredBy("use", o.from, o.to) {
			return true
		}
	}
	return false
}

func (p *phrase) qualified(h hit) bool {
	for _, o := range p.hits {
		if o.to < h.from-1 || o.from > h.to+1 || o.from > h.to && p.parted(h.to, o.from) || o.to < h.from && p.parted(o.to, h.from) {
			continue
		}
		if o.to < h.from && p.startsNegation(o.to, h.from) {
			continue // "works without cookies"
		}
		switch o.concept {
		case "session", "persistent":
			if p.has("session") && p.has("persistent") {
				continue // "no persistent or session cookies" are none
			}
			if o.from != h.to || !p.joins(o.from) {
				return true
			}
		case "back":
			if o.to == h.from {
				return true // "use such cookies", "these cookies are not"
			}
		case "dataword":
			if o.from == h.to {
				return true // "cookie data"
			}
		case "relative", "we":
			if o.from == h.to {
				return true // "cookies that follow you", "cookies we need"
			}
		case "third", "thirdstrict", "first", "adcookie", "analyticscookie", "trackcookie", "necessary", "nonnecessary", "local":
			if o.from != h.to || !p.joins(o.from) { // "no cookies, neither our own"
				return true
			}
		}
		if strings.HasPrefix(string(o.concept), "l.") && o.from != h.from && (o.from != h.to || !p.joins(o.from)) {
			return true
		}
	}
	return false
}
