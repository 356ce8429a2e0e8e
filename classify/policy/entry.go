package policy

import "strings"

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
