package policy

import (
	"slices"
	"strings"
	"unicode"
)

// entry is an item of a list with what belongs to it.
type entry struct {
	at         int // block
	lead, rest text
	names      []text
	lives      []text // of each of the names, nil when nothing is said
	life       text   // what is said of the lifetimes of the whole list
	behind     bool   // the names follow the lead
	marked     bool   // the lead is set in bold or code
	code       bool
	leads      bool // it is a link and nothing else
}

// readList reads the list that begins at block i and returns the block behind it. It is a list of cookies when its
// leads look like names, else its items are sentences of what introduces them.
func (d *document) readList(i int, sec *section, lead *phrase) int {
	end := d.listEnd(i)
	entries := d.entries(i, end)
	listed := d.cookieList(entries, sec, lead)
	if listed {
		shared, life := d.sharedText(entries, end, lead), d.sharedLife(entries, end)
		if life.s == "" && i > 0 && d.blocks[i-1].kind == paragraph {
			life = d.lifeOfThese(d.blocks[i-1].text)
		}
		for n, e := range entries {
			if d.headsDeeper(entries, n) {
				sec = d.sectionOf(sec, e)
				continue
			}
			if e.rest.s == "" {
				e.rest = shared
			}
			if !e.marked && strings.Contains(e.lead.s, " ") && len(e.names) > 0 && hasCapital(e.names[0].s) && shapeOf(e.names[0].s) < likely {
				continue // "4. Consent and choice"
			}
			if e.life = life; d.wholeRole(e.lead) > nameRole && life.s != "" {
				continue
			}
			d.readEntry(e, sec, lead)
		}
	}
	if !listed {
		d.labelledItems(entries, sec)
		d.vendorItems(entries, sec, lead)
	}
	from := len(d.statements)
	labelled := false
	for j := i; j < end; j++ {
		b := &d.blocks[j]
		if b.kind == item {
			l, rest, ok := d.labelLead(b.text)
			if !ok || rest.s == "" {
				l, rest = b.text, text{}
			}
			labelled = d.leadLabel(l, rest, sec, lead, b)
		}
		if b.kind != tabular {
			kept := len(d.statements)
			d.keep(j, sec, lead)
			d.markLabelled(kept, labelled || sec.category != "", sec.class != "" || d.aboutLife(b.text))
		}
	}
	for k := from; listed && k < len(d.statements); k++ {
		d.statements[k].listed = true
	}
	return end
}

// sharedText is what is told of the items of a list that are bare names: by the sentence that introduces them, or by the
// paragraph behind them, at block end, that speaks of these cookies.
func (d *document) sharedText(entries []entry, end int, lead *phrase) text {
	if lead != nil {
		if _, weight := purposeOf(lead).best(); weight >= purposeWeight || len(lifetimes(lead)) > 0 {
			return lead.text
		}
	}
	if slices.ContainsFunc(entries, func(e entry) bool { return e.rest.s != "" }) || end == len(d.blocks) || d.blocks[end].kind != paragraph {
		return text{}
	}
	behind := d.blocks[end].text
	if behind.s == "" || strings.HasSuffix(behind.s, ":") {
		return text{}
	}
	p := d.phrase(sentences(behind)[0])
	if p.has("cookie") && (len(p.at(0, "back")) > 0 || p.has("onecookie", "listof", "kinds", "set")) && len(d.namesInSentence(p)) == 0 {
		return behind
	}
	return text{}
}

// headsDeeper reports whether an item is no more than what the items one level below it have in common: "Google".
func (d *document) headsDeeper(entries []entry, n int) bool {
	e := entries[n]
	return e.rest.s == "" && !e.code && n+1 < len(entries) && d.blocks[entries[n+1].at].level > d.blocks[e.at].level &&
		(len(e.names) == 0 || !allShaped(e.names, likely) || d.vendors.exact(e.lead.s))
}

// sectionOf is the section of the items below an item that names their vendor, or of others than the vendor before it.
func (d *document) sectionOf(sec *section, e entry) *section {
	s := *sec
	s.vendor = ""
	if found := d.vendors.find(d.phrase(e.lead)); len(found) > 0 {
		s.vendor = found[0].printed
	}
	return &s
}

// sharedLife is the lifetime of all cookies of a list that its last item states, or the short paragraph behind it, at block end:
// "Duration: 1 year".
func (d *document) sharedLife(entries []entry, end int) text {
	last := d.blocks[entries[len(entries)-1].at].text
	if l := d.roleLine(last); l.role == durationRole && len(last.s) <= maxNameLine {
		return l.value
	}
	if end == len(d.blocks) || d.blocks[end].kind != paragraph {
		return text{}
	}
	if l := d.roleLine(firstLineOf(d.blocks[end].text)); l.role == durationRole && len(l.line.s) <= maxNameLine {
		return l.value
	}
	return text{}
}

// lifeOfThese is the lifetime of the cookies of a list or table that the paragraph above it states: "These cookies last 13
// months".
func (d *document) lifeOfThese(t text) text {
	for _, s := range sentences(t) {
		p := d.phrase(s)
		c, ok := p.first("cookie")
		if t, found := p.first("tracker"); found && (!ok || t.from < c.from) {
			c, ok = t, true
		}
		if !ok || (len(p.at(0, "back")) == 0 || c.from > 2) && !strings.HasSuffix(t.s, ":") || !p.has("expire", "r.duration") || p.has("cond") {
			continue
		}
		all := lifetimes(p)
		if data, told := p.first("retention"); len(all) > 0 && all[0].from > p.words[c.from].from && (!told || p.words[data.from].from > all[0].from) {
			return stretch(s, all[0])
		}
	}
	return text{}
}

// labelledItems reads lists whose items are the labels of one service and their values, the names of its cookies among
// them: "Place of processing: Ireland", "Cookies: _ga, _gat", "Duration: 2 years". The service may head the items below
// it: another begins there.
func (d *document) labelledItems(entries []entry, sec *section) {
	r, roles := d.sectionRecord(sec), 0
	for n, e := range entries {
		if d.headsDeeper(entries, n) {
			d.readService(r, roles)
			r, roles = d.sectionRecord(d.sectionOf(sec, e)), 0
			continue
		}
		l := d.roleLine(d.blocks[e.at].text)
		if l.role == noRole || l.role == nameRole && (r.name.s != "" || !d.listsNames(l.value)) {
			continue
		}
		roles++
		r.put(l.role, l.value)
		r.where = cover(r.where, l.line.whole())
	}
	d.readService(r, roles)
}

// readService declares the cookies of a service, when several labels told of it.
func (d *document) readService(r record, roles int) {
	if roles > 1 && len(names(r.name)) > 0 {
		d.readRecord(r)
	}
}

// listsNames reports whether what stands behind "Cookies:" are names: one at least looks like nothing else, or like a
// name that no language knows.
func (d *document) listsNames(t text) bool {
	all := names(t)
	return allShaped(all, maybe) && slices.ContainsFunc(all, func(n text) bool {
		shape := shapeOf(n.s)
		return shape == sure || shape == likely && d.phrase(n).notWord(0, len(n.s))
	})
}

func (d *document) listEnd(i int) int {
	end := i + 1
	for end < len(d.blocks) && d.blocks[end].list == d.blocks[i].list && d.blocks[i].list != 0 &&
		d.blocks[end].kind != heading && d.blocks[end].kind != tabular && !d.introducesList(end) {
		end++
	}
	return end
}

// introducesList reports whether block i is a paragraph that introduces the items behind it.
func (d *document) introducesList(i int) bool {
	return d.blocks[i].kind == paragraph && strings.HasSuffix(d.blocks[i].text.s, ":") && i+1 < len(d.blocks) && d.blocks[i+1].kind == item
}

func (d *document) entries(i, end int) []entry {
	var out []entry
	for j := i; j < end; j++ {
		b := &d.blocks[j]
		if b.kind != item {
			if n := len(out); n > 0 && out[n-1].rest.s == "" {
				out[n-1].rest = b.text
			} else if n > 0 && d.roleLine(b.text).role == durationRole {
				out[n-1].rest = out[n-1].rest.joined(b.text)
			}
			continue
		}
		e := entry{at: j}
		t := withoutBullet(b.text)
		lead, rest, ok := leadOf(t, false)
		if !ok {
			lead = t
		}
		if m, found := t.marked(code, bold); found {
			e.marked = m.to <= len(t.s)
			e.code = m.kind == code
		}
		e.lead, e.rest = lead, rest
		e.leads = rest.s == "" && b.text.wholeLink()
		e.names = d.entryNames(&t, &e)
		if inner := namesInBrackets(firstLineOf(t)); inner != nil {
			e.names, e.behind, e.rest = inner, true, t.slice(len(firstLineOf(t).s), len(t.s))
		} else if listed := namesBehind(e); listed != nil {
			e.lives = d.namedLives(e.rest, listed)
			e.names, e.rest, e.behind = listed, e.lead, true // "Google Analytics: _ga, _gid"
		}
		out = append(out, e)
	}
	return out
}

// withoutBullet takes off a sign that an author set in front of an item that has one already.
func withoutBullet(t text) text {
	for _, sign := range []string{"• ", "– ", "— ", "· ", "- "} {
		if strings.HasPrefix(t.s, sign) {
			return t.slice(len(sign), len(t.s))
		}
	}
	return t
}

// namesBehind are the names that make up what follows the lead of an item, which is none itself; nil when they do not.
func namesBehind(e entry) []text {
	if len(e.rest.s) > maxNameLine || e.rest.s == "" || shapeOf(e.lead.s) >= likely {
		return nil
	}
	var out []text
	parts, certain := 0, 0
	for part, at := range splitAt(e.rest.s, ',') {
		n := cleanName(e.rest.slice(at, at+len(part)))
		parts++
		if at := strings.Index(e.rest.s, n.s); shapeOf(n.s) == sure || n.s != "" && at >= 0 && e.rest.codeAt(at, at+len(n.s)) {
			certain++
		}
		if shapeOf(n.s) >= maybe && !strings.Contains(n.s, " ") {
			out = append(out, n)
		}
	}
	if certain == 0 || len(out)*2 < parts+1 {
		return nil
	}
	return out
}

// entryNames are the names that open an item; several may be joined by commas or signs, each in its own marks.
func (d *document) entryNames(t *text, e *entry) []text {
	if !e.marked {
		return names(e.lead)
	}
	var out []text
	end := 0
	for _, m := range t.marks {
		if m.kind == link || m.from < end || strings.Contains(t.s[m.from:m.to], "://") {
			continue
		}
		between := strings.Trim(t.s[min(end, m.from):m.from], " ,+&/")
		if len(out) > 0 && between != "" && between != "and" && between != "und" && between != "et" && between != "y" && between != "e" && between != "en" {
			break
		}
		out = append(out, names(t.slice(m.from, m.to))...)
		end = m.to
	}
	if end > 0 && len(out) > 1 {
		e.rest = trimLead(t.slice(end, len(t.s)))
	}
	return out
}

// cookieList reports whether the leads of a list are names of cookies.
func (d *document) cookieList(entries []entry, sec *section, lead *phrase) bool {
	context := sec.cookies || lead != nil && lead.has("cookie", "local")
	single, strong, marked, top, known, certain := 0, 0, 0, 0, 0, false
	for i, e := range entries {
		if d.blocks[e.at].level <= d.blocks[entries[0].at].level {
			top++
		}
		if r := d.wholeRole(e.lead); e.rest.s != "" && r > nameRole {
			if r == durationRole && i > 0 && i == len(entries)-1 {
				continue // of all items
			}
			return false // "Purpose: ..."
		}
		if !e.behind && d.knownWord(e.lead.s) {
			known++
			continue
		}
		if len(e.names) == 0 {
			continue
		}
		certain = certain || allShaped(e.names, sure)
		if allShaped(e.names, maybe) {
			single++
			if e.code {
				marked++
			}
		}
		if (allShaped(e.names, likely) || e.behind && context) && len(e.lead.s) < 80 && !(e.leads && !allShaped(e.names, sure)) {
			strong++
		}
	}
	if known > 1 && !certain {
		return false // of vendors
	}
	if strong == 0 && lead != nil && len(lead.at(0, "cookie")) > 0 && strings.HasSuffix(lead.text.s, ":") && d.plainNames(entries) {
		return true
	}
	if strong == 0 && d.timedNames(entries, sec, lead) {
		return true
	}
	if strong == 0 && (marked == 0 || !context) {
		return false
	}
	if context && len(entries) == 1 && len(entries[0].lead.s) <= shortName && marked == 0 && !d.tellsOfCookies(entries) {
		return false // "TED: an organisation that publishes talks"
	}
	if context {
		return strong*2 >= len(entries) || single*2 >= len(entries) || strong*2 >= top || marked > 0
	}
	return strong*2 >= len(entries) && (certain || len(d.cookies) > 0 || d.tellsOfCookies(entries))
}

// shortName is how long capitals are at most that may as well be the name of a service, with a colon.
const shortName = 5

// tellsOfCookies reports whether what stands behind one of the leads of a list speaks of cookies or of a time: where nothing
// around does, names may be those of anything, as the libraries of an app.
func (d *document) tellsOfCookies(entries []entry) bool {
	return slices.ContainsFunc(entries, func(e entry) bool {
		p := d.phrase(e.rest)
		return p.has("cookie", "local") || len(lifetimes(p)) > 0
	})
}

// timedNames reports whether all items are single small words in bold or before brackets or a colon, nearly all with a lifetime behind, where a heading calls the cookies
// by their category: "theme: light or dark (1 year)".
func (d *document) timedNames(entries []entry, sec *section, lead *phrase) bool {
	if !sec.cookies && (lead == nil || !lead.has("cookie")) {
		return false
	}
	timed := 0
	for _, e := range entries {
		behind := d.blocks[e.at].text.s[min(len(e.lead.s), len(d.blocks[e.at].text.s)):]
		if !(e.marked && sec.category != "" || strings.HasPrefix(behind, " (") || strings.HasPrefix(behind, ":")) || len(e.names) != 1 || hasCapital(e.lead.s) || strings.Contains(strings.TrimRight(e.lead.s, ": "), " ") {
			return false
		}
		if d.lifeInText(e.rest).s != "" {
			timed++
		}
	}
	return timed > 0 && timed*4 >= len(entries)*3
}

// plainNames reports whether all items are single small words that no language knows: "Cookies for accessibility: contrast".
func (d *document) plainNames(entries []entry) bool {
	for _, e := range entries {
		if e.rest.s != "" || strings.Contains(e.lead.s, " ") || !d.opensFirst(e.lead) {
			return false
		}
	}
	return true
}

// knownWord reports whether a lead is the name of a vendor, or what one is written to by: "Vimeo", "E-mail".
func (d *document) knownWord(s string) bool {
	return d.vendors.exact(s) || d.phrase(text{s: s}).has("email")
}

func (d *document) readEntry(e entry, sec *section, lead *phrase) {
	b := &d.blocks[e.at]
	for _, n := range e.names {
		if shapeOf(n.s) == notName && !e.marked {
			return
		}
		if !e.marked && shapeOf(n.s) < likely && !strings.Contains(b.text.s, n.s) {
			return
		}
	}
	if p := d.phrase(e.lead); !allShaped(e.names, sure) && !e.code && p.onlyLabel() {
		return
	}
	r := d.sectionRecord(sec)
	if r.where = b.text.whole(); !d.onlyLife(e.rest) {
		r.purpose = e.rest
	}
	if to := strings.IndexByte(e.rest.s, ')'); to > 0 && to < maxLifeLine && strings.HasPrefix(b.text.s[len(e.lead.s):], " (") { // "sid (technical): keeps the session"
		if label := e.rest.slice(0, to); isLabelOnly(d.phrase(label)) {
			r.category = label
		}
	}
	if lead != nil && sec.category == "" {
		if l := labelOf(lead); l.category != "" && len(lead.words) <= 10 && lead.has("cookie") {
			r.heading, r.label = l.category, lead.text.s
		}
	}
	vendor := d.recordVendor(r)
	for i, life := range d.livesInText(e.rest, len(e.names)) {
		if e.lives != nil {
			life = e.lives[i]
		} else if life.s == "" || e.life.s != "" && len(lifetimes(d.phrase(life))) == 0 && !d.onlyLife(e.rest) && d.roleLine(e.rest).role != durationRole {
			life = e.life
		}
		d.addCookie(r, e.names[i], vendor, life)
	}
}

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

// leastKnown is how many known vendors make the other items of a list of names vendors too.
const leastKnown = 3

// vendorItems declares the vendors of a list that is little but their names, below a line or heading that speaks of third
// parties or services: "Third-party providers on this website".
func (d *document) vendorItems(entries []entry, sec *section, lead *phrase) {
	listed := listsVendors(lead) || listsVendors(sec.head)
	if !listed && !sec.cookies || sec.manage || sec.general {
		return
	}
	known := 0
	for _, e := range entries {
		if t := d.blocks[e.at].text; e.rest.s == "" && d.vendors.exact(d.itemName(t)) {
			known++
		}
	}
	if known < 2 || known*2 < len(entries) || !listed && (known <= leastKnown || lead != nil && lead.has("otherwise", "optoutword", "browserword", "manage")) {
		return
	}
	for _, e := range entries {
		t := d.blocks[e.at].text
		name := companyName(d.itemName(t))
		if e.rest.s == "" && name != "" && len(words(name)) <= maxVendorWords && (unicode.IsUpper(firstRune(name)) && (known >= leastKnown || d.itemName(t) != t.s) || d.vendors.exact(name)) {
			d.addVendor(d.mentionOf(name), sec.category, t.whole())
		}
	}
}

// itemName is an item without the kind of cookies behind the name of their vendor: "Autopulse tracking cookies".
func (d *document) itemName(t text) string {
	for _, h := range d.phrase(t).hits {
		if h.from > 0 && (h.concept == "cookie" || h.concept == "trackcookie") {
			return strings.TrimSpace(t.s[:d.phrase(t).words[h.from].from])
		}
	}
	return t.s
}

// maxVendorWords is how many words the name of a vendor in a list has at most.
const maxVendorWords = 4

// listsVendors reports whether a line that stands above a list speaks of third parties or of the services of vendors.
func listsVendors(p *phrase) bool {
	return p != nil && p.has("third", "thirdstrict", "vendortool", "r.vendor") && !p.has("manage", "optoutword", "otherwise", "whatis", "browserword", "otherpages") && len(p.neg) == 0
}
