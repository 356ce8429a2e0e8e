package policy

import (
	"strings"
	"unicode"

	"trackscan/classify"
)

// eitherLife are the lifetimes of a text that states two, under conditions: "session / 1 year when you are logged in".
func (d *document) eitherLife(t text) []text {
	if strings.Count(t.s, " / ") != 1 {
		return []text{t}
	}
	parts := partsOf(t, " / ")
	a, okA := lifetimeOf(d.phrase(parts[0]))
	b, okB := lifetimeOf(d.phrase(parts[1]))
	if !okA || !okB || a.class == b.class && (a.days == b.days || !a.stated || !b.stated) || a.class == persistent && !a.stated {
		return []text{t}
	}
	return parts
}

// namedLives are the lifetimes of some cookies in a text that names them: "_ga: 2 years, _gid: 24 hours", "2 years (_ga)";
// nil when it names none.
func (d *document) namedLives(t text, names []text) []text {
	if len(names) < 2 || !strings.ContainsAny(t.s, "_:(") {
		return nil
	}
	all := lifetimes(d.phrase(t))
	var out []text
	for i, name := range names {
		at, in := nameIn(t.s, name.s)
		if at < 0 {
			continue
		}
		if out == nil {
			out = make([]text, len(names))
		}
		if life, ok := d.lifeInBrackets(t.slice(at+len(name.s), len(t.s))); ok && !in {
			out[i] = life
			continue
		}
		for _, l := range all {
			if in && l.to <= at || !in && l.from > at && out[i].s == "" {
				out[i] = stretch(t, l)
			}
		}
	}
	return out
}

// lifeInBrackets is the lifetime that the brackets state with which a text begins.
func (d *document) lifeInBrackets(t text) (text, bool) {
	to := strings.IndexByte(t.s, ')')
	if !strings.HasPrefix(t.s, "(") || to < 0 || to > maxLifeLine {
		return text{}, false
	}
	life := t.slice(1, to)
	_, ok := lifetimeOf(d.phrase(life))
	return life, ok
}

// lifeBehindName is what a cell of names says in brackets of how long they live: the brackets at its end alone, or the
// cell where each name has its own.
func (d *document) lifeBehindName(t text) text {
	open := strings.LastIndex(t.s, " (")
	if open < 0 || !strings.HasSuffix(t.s, ")") {
		return text{}
	}
	life := t.slice(open+2, len(t.s)-1)
	if len(life.s) > maxLifeLine {
		return text{}
	}
	p := d.phrase(life)
	all := lifetimes(p)
	switch {
	case len(all) == 0:
		l, ok := sessionOrPersistent(p)
		if !ok || len(p.words) > lifeWords {
			return text{}
		}
		return stretch(life, l)
	case strings.Count(t.s, " (") > 1:
		return t
	case len(all) == 1:
		return stretch(life, all[0])
	}
	return life
}

// nameIn is where a name stands in s as a word, and whether in brackets; -1 when it does not.
func nameIn(s, name string) (at int, brackets bool) {
	for from := 0; ; from = at + len(name) {
		i := strings.Index(s[from:], name)
		if i < 0 || name == "" {
			return -1, false
		}
		at = from + i
		before, after := lastRune(s[:at]), firstRune(s[at+len(name):])
		if !nameRune(before) && !nameRune(after) {
			return at, before == '(' && after == ')'
		}
	}
}

// nameRune reports whether a rune next to a name makes it part of a longer one.
func nameRune(r rune) bool {
	return r == '_' || r == '*' || r == '-' || r == '[' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// parallel splits a list of lifetimes when it has one line for each of n names; else all share the text.
func parallel(t text, n int) []text {
	lines := t.lines()
	if n > 1 && len(lines) != n && strings.Count(t.s, ",") == n-1 {
		lines = nil
		for part, at := range splitAt(t.s, ',') {
			lines = append(lines, t.slice(at, at+len(part)))
		}
	}
	out := make([]text, n)
	for i := range out {
		if out[i] = t; n > 1 && len(lines) == n {
			out[i] = lines[i]
		}
	}
	return out
}

func (d *document) setLifetime(c *classify.PolicyCookie, r record, life text) {
	for _, t := range []text{life, r.kind} {
		if t.s == "" {
			continue
		}
		p := d.phrase(t)
		l, ok := lifetimeOf(p)
		if open := strings.Index(t.s, " ("); !ok && open > 0 { // "End of session (no longer used)"
			l, ok = lifetimeOf(d.phrase(t.slice(0, open)))
		}
		if !ok && t.s == life.s {
			l, ok = d.lifeAnywhere(t)
		}
		if ok && (!p.has("local") || l.class == persistent) {
			c.Duration = t.s[l.from:l.to]
			if t.s == life.s && len(t.s) <= 60 {
				c.Duration = t.s
			}
			lasts(c, l)
			return
		}
	}
	if l, printed, ok := d.lifetimeAmong(r.purpose); ok {
		c.Duration = printed
		lasts(c, l)
		return
	}
	if l, ok := d.lifetimeKind(r.purpose); ok {
		lasts(c, l)
		return
	}
	if r.lifeless != "" {
		c.DurationClass = classify.Text(r.lifeless)
		if zero := 0.0; r.lifeless == session {
			c.DurationDays = &zero
		}
	}
}

// lifeAnywhere reads a short lifetime in the other languages than those of the document: what a tool wrote into its table.
func (d *document) lifeAnywhere(t text) (lifetime, bool) {
	if len(t.s) > maxLifeLine || !fewWords(t.s, 5) {
		return lifetime{}, false
	}
	if d.tongues == nil {
		all, _ := lexicons() // whoever reads has seen the error
		for _, lang := range languages(all) {
			if all[lang] != d.match.lex {
				d.tongues = append(d.tongues, smallMatcher(all[lang]))
			}
		}
	}
	for _, m := range d.tongues {
		if l, ok := lifetimeOf(m.phrase(t)); ok && (l.stated && l.class == persistent || (l.to-l.from)*2 >= len(t.s)) {
			return l, true
		}
	}
	return lifetime{}, false
}

func lasts(c *classify.PolicyCookie, l lifetime) {
	c.DurationClass = classify.Text(l.class)
	if l.stated {
		days := l.days
		c.DurationDays = &days
	}
}

// lifetimeAmong finds the sentence of a purpose that says how long a cookie is kept and nothing else: "365 days duration."
func (d *document) lifetimeAmong(purpose text) (l lifetime, printed string, ok bool) {
	for _, line := range purpose.lines() {
		for _, s := range sentences(line) {
			p := d.phrase(s)
			if l, ok = p.expiresIn(); ok {
				return l, s.s[l.from:l.to], true
			}
			if len(p.words) > lifeWords || !p.has("r.duration", "expire") {
				continue
			}
			if l, ok = lifetimeOf(p); ok && (l.from == p.words[0].from || len(p.at(0, "r.duration")) > 0 || p.cookieExpires()) {
				return l, s.s[l.from:l.to], true
			}
		}
	}
	return l, "", false
}

// expiresIn is the lifetime that stands right behind the word for the end of a cookie: "holds your visit and expires after 15
// minutes", "and expires at the end of the session".
func (p *phrase) expiresIn() (lifetime, bool) {
	all := lifetimes(p)
	if len(all) == 0 {
		return p.expiresWithSession()
	}
	if len(all) != 1 || p.has("retention") {
		return lifetime{}, false
	}
	for _, h := range p.of("expire") {
		between := 0
		for _, w := range p.words[h.to:] {
			if w.from < all[0].from {
				between++
			}
		}
		if p.words[h.from].from < all[0].from && between <= 1 && strings.HasPrefix(p.words[h.from].word, "expir") {
			return all[0], true
		}
	}
	return lifetime{}, false
}

func (p *phrase) expiresWithSession() (lifetime, bool) {
	for _, h := range p.of("expire") {
		for _, s := range p.of("session") {
			if s.from >= h.to && s.from-h.to <= 2 && !p.denied(s) {
				return lifetime{p.words[s.from].from, p.words[s.to-1].to, 0, session, true}, true
			}
		}
	}
	return lifetime{}, false
}

// lifetimeKind is how long a cookie is kept by the kind with which its purpose opens: "Session cookie, used in the shop".
func (d *document) lifetimeKind(purpose text) (lifetime, bool) {
	p := d.phrase(firstSentence(purpose))
	if len(p.at(0, "session", "persistent")) == 0 || len(p.at(1, "cookie"))+len(p.at(0, "cookie")) == 0 {
		return lifetime{}, false
	}
	return sessionOrPersistent(p)
}

// lifeWords is how many words a sentence has at most that tells of a lifetime alone.
const lifeWords = 12

// cookieExpires reports whether a sentence is about when the cookie ends: "The cookie expires", "It is kept for".
func (p *phrase) cookieExpires() bool {
	h, ok := p.first("expire")
	for i := range h.from {
		ok = ok && (p.m.lex.stop[p.words[i].word] || len(p.words[i].word) <= 3 || p.coveredBy("cookie", i, i+1) || p.coveredBy("unit", i, i+1))
	}
	return ok
}
