package policy

// livesInText are the parts of a description that state the lifetimes of n cookies: of each its own where a sentence
// states as many, else one of all.
func (d *document) livesInText(t text, n int) []text {
	out := make([]text, n)
	life, all := d.lifeSentence(t)
	for i := range out {
		if out[i] = life; n > 1 && len(all) == n {
			out[i] = all[i]
		}
	}
	return out
}

// lifeInText is the part of a description that states a lifetime.
func (d *document) lifeInText(t text) text {
	life, _ := d.lifeSentence(t)
	return life
}

// lifeSentence is the part of a description that states a lifetime, with all amounts of time in its sentence. One that is
// labelled as such comes before others: "Keeps the session. Duration: 2 years".
func (d *document) lifeSentence(t text) (life text, all []text) {
	if t.s == "" {
		return text{}, nil
	}
	for _, s := range sentences(t) {
		p := d.phrase(s)
		found := lifeInSentence(p, false)
		labelled := len(p.at(0, "r.duration")) > 0 || len(lifetimes(p)) > 0 && len(p.words) <= lifeWords && len(p.at(1, "r.duration")) > 0
		if found.s == "" || life.s != "" && !labelled {
			continue
		}
		life, all = found, nil
		for _, l := range lifetimes(p) {
			all = append(all, stretch(s, l))
		}
		if labelled {
			break
		}
	}
	return life, all
}

// lifeInSentence is the part of a sentence that states a lifetime; how long data is kept is none unless it is that of
// the cookie.
func lifeInSentence(p *phrase, data bool) text {
	l, ok := sessionOrPersistent(p)
	if all := lifetimes(p); len(all) > 0 && (data || !p.has("retention")) && !(ok && p.ends(l, all[0])) {
		return stretch(p.text, all[0])
	}
	if ok && (l.to-l.from > 9 || p.longSession(&l) || p.has("expire") || len(p.words) <= 3 || inBrackets(p.text.s, l)) {
		return stretch(p.text, l)
	}
	return text{}
}

// ends reports whether a cookie is said to end with the session before an amount of time is named, which then tells of
// something else: "expires when the browser closes, so that after 45 minutes ...".
func (p *phrase) ends(l, amount lifetime) bool {
	h, ok := p.first("expire")
	return ok && l.class == session && p.words[h.from].from < l.from && l.to < amount.from
}

// longSession finds a longer way of saying how long a session lasts: "until you close the browser", behind "session".
func (p *phrase) longSession(l *lifetime) bool {
	for _, h := range p.of("session") {
		if from, to := p.words[h.from].from, p.words[h.to-1].to; to-from > 9 && l.class == session && !p.denied(h) {
			l.from, l.to = from, to
			return true
		}
	}
	return false
}

func stretch(t text, l lifetime) text { return t.slice(l.from, l.to) }

func inBrackets(s string, l lifetime) bool {
	return l.from > 0 && s[l.from-1] == '(' || l.to < len(s) && s[l.to] == ')'
}
