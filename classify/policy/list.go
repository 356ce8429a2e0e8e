package policy

import (
	"slices"
	"strings"
	"unicode"
)

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
