package policy

import (
	"slices"
	"strings"

	"trackscan/classify"
)

// role is what a column, a label or a line tells of a cookie.
type role uint8

const (
	noRole role = iota
	nameRole
	serviceRole
	vendorRole
	domainRole
	purposeRole
	durationRole
	categoryRole
	typeRole
	partyRole
	otherRole
)

// roleWords are the concepts of headers, strongest first: where a header has several, the earlier in its words wins and
// of those at one place the stronger.
var roleWords = []struct {
	concept concept
	role    role
}{
	{"r.duration", durationRole},
	{"r.party", partyRole},
	{"r.category", categoryRole},
	{"r.domain", domainRole},
	{"r.service", serviceRole},
	{"r.vendor", vendorRole},
	{"r.type", typeRole},
	{"r.purpose", purposeRole},
	{"r.optout", otherRole},
	{"r.name", nameRole},
}

// roleOf reads a header. It must be short, and the words that give it its role must open it.
func roleOf(p *phrase) role {
	if len(p.words) == 0 || len(p.words) > 12 {
		return noRole
	}
	best, found := noRole, hit{from: 99}
	for _, r := range roleWords {
		for _, h := range p.of(r.concept) {
			if h.from < found.from || h.from == found.from && h.to > found.to {
				best, found = r.role, h
			}
		}
	}
	if found.from > 1 {
		return noRole
	}
	return best
}

// record is what a row, a block of labelled lines or a list item tells of one or more cookies.
type record struct {
	name, service, vendor, domain, purpose, duration, category, kind, party text
	where                                                                   span              // the whole of it
	heading                                                                 classify.Category // of the section or group it stands in
	label                                                                   string            // of that category
	third                                                                   bool              // the section is about cookies of third parties
	group                                                                   string            // vendor that the section names
	lifeless                                                                string            // class that the section states: session or persistent
}

func (r *record) put(role role, t text) {
	field := r.field(role)
	if field == nil || t.s == "" {
		return
	}
	if field.s == "" {
		*field = t
		return
	}
	if role == purposeRole {
		field.s += "\n" + t.s
		at := slices.Grow(slices.Clone(field.at), len(field.s)+1-len(field.at))
		for len(at) < len(field.s)+1 {
			at = append(at, t.at[len(t.at)-1])
		}
		field.at = at
	}
}

func (r *record) field(role role) *text {
	switch role {
	case nameRole:
		return &r.name
	case serviceRole:
		return &r.service
	case vendorRole:
		return &r.vendor
	case domainRole:
		return &r.domain
	case purposeRole:
		return &r.purpose
	case durationRole:
		return &r.duration
	case categoryRole:
		return &r.category
	case typeRole:
		return &r.kind
	case partyRole:
		return &r.party
	}
	return nil
}

// declare adds the cookies and vendors of a record to what is declared.
func (d *document) declare(r record) {
	vendor := d.recordVendor(r)
	if d.ofThirdParty(r) {
		d.thirdParty = declared
	}
	names := names(r.name)
	lives := parallel(r.duration, len(names))
	for i, name := range names {
		d.addCookie(r, name, vendor, lives[i])
	}
}

// ofThirdParty reports whether a record says that its cookies are those of another company or host.
func (d *document) ofThirdParty(r record) bool {
	if r.third || d.thirdDomain(r) != "" {
		return true
	}
	for _, t := range []text{r.party, r.kind, r.vendor, r.service, r.category} {
		if p := d.phrase(t); t.s != "" && len(p.words) <= 6 && p.has("v.thirdparty") {
			return true
		}
	}
	names := func(t text, isName func(*phrase, string) bool) bool {
		return len(d.vendorsOfCell(t, isName)) > 0 && !d.phrase(t).has("banner", "consentmanager", "v.firstparty")
	}
	return names(r.vendor, isProvider) || names(r.service, isProduct)
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

// splitAt yields the parts of s between separators, with their places.
func splitAt(s string, sep byte) func(func(string, int) bool) {
	return func(yield func(string, int) bool) {
		from := 0
		for i := 0; i <= len(s); i++ {
			if i == len(s) || s[i] == sep {
				if !yield(s[from:i], from) {
					return
				}
				from = i + 1
			}
		}
	}
}

func (d *document) addCookie(r record, name text, vendor string, life text) {
	if name.s == "" || len(name.s) > 160 {
		return
	}
	c := classify.PolicyCookie{Name: name.s, NameIs: d.nameIs(name.s), Vendor: classify.Text(vendor), Storage: d.storageOf(r)}
	if c.NameIs != classify.NameIsCookie && vendor == "" {
		c.Vendor = classify.Text(d.vendorOfItem(name.s))
	}
	category, label := d.categoryOf(r)
	c.Category = classify.Text(category)
	d.setLifetime(&c, r, life)
	c.Quote = d.quote(r.where)
	d.cookies, d.named[c.Name] = append(d.cookies, c), true
	if category != "" {
		d.addCategory(category, label, r.where, basisCookie)
	}
	if c.NameIs == classify.NameIsDomain || c.NameIs == classify.NameIsVendor {
		d.itemVendor(c, r)
	}
}

func (d *document) setLifetime(c *classify.PolicyCookie, r record, life text) {
	for _, t := range []text{life, r.kind} {
		if t.s == "" {
			continue
		}
		p := d.phrase(t)
		if l, ok := lifetimeOf(p); ok && (!p.has("local") || l.class == persistent) {
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
	if r.lifeless != "" {
		c.DurationClass = classify.Text(r.lifeless)
		if zero := 0.0; r.lifeless == session {
			c.DurationDays = &zero
		}
	}
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

// lifeWords is how many words a sentence has at most that tells of a lifetime alone.
const lifeWords = 10

// cookieExpires reports whether a sentence is about when the cookie ends: "The cookie expires", "It is kept for".
func (p *phrase) cookieExpires() bool {
	h, ok := p.first("expire")
	for i := range h.from {
		ok = ok && (p.m.lex.stop[p.words[i].word] || p.coveredBy("cookie", i, i+1))
	}
	return ok
}

// categoryOf is the category of a record: its own column, else its section, else its purpose, else nobody says.
func (d *document) categoryOf(r record) (classify.Category, string) {
	for _, t := range []text{r.category, r.kind} {
		if t.s == "" {
			continue
		}
		p := d.phrase(t)
		if l := labelOf(p); l.category != "" && len(p.words) <= 8 {
			if len(l.mixed) > 1 {
				return l.decide(purposeOf(d.phrase(r.purpose))), t.s
			}
			return l.category, t.s
		}
	}
	if r.heading != "" {
		return r.heading, r.label
	}
	if r.purpose.s == "" {
		return d.categoryByPurpose(r.category)
	}
	return d.categoryByPurpose(r.purpose)
}

// categoryByPurpose weighs a purpose; one of the policy's own labels at its start counts most.
func (d *document) categoryByPurpose(t text) (classify.Category, string) {
	if t.s == "" {
		return "", ""
	}
	p := d.phrase(t)
	if id, ok := d.labels[leading(p)]; ok {
		return id, t.s
	}
	s := purposeOf(p)
	if lead := p.leadLabel(); lead != "" {
		s[lead] += 2
	}
	best, score := s.best()
	if score < 2 {
		return "", ""
	}
	return best, t.s
}

// leading is the first words of a purpose up to punctuation: where a policy repeats its labels.
func leading(p *phrase) string {
	s, _, _ := strings.Cut(p.text.s, "(")
	s, _, _ = strings.Cut(s, ":")
	return labelKey(s)
}

func labelKey(s string) string {
	var b strings.Builder
	for _, w := range words(s) {
		if w.word == "cookies" || w.word == "cookie" {
			continue
		}
		b.WriteString(w.word)
		b.WriteByte(' ')
	}
	return b.String()
}

// leadLabel is the category that the very first word names.
func (p *phrase) leadLabel() classify.Category {
	for _, h := range p.hits {
		if c, ok := strings.CutPrefix(string(h.concept), "l."); ok && h.from == 0 && c != "unknown" {
			return classify.Category(c)
		}
	}
	return ""
}

func (d *document) storageOf(r record) string {
	for _, t := range []text{r.kind, r.duration, r.category} {
		if t.s == "" || len(t.s) > 80 {
			continue
		}
		p := d.phrase(t)
		switch {
		case p.has("st.session"):
			return "session_storage"
		case p.has("st.local"):
			return "local_storage"
		case p.has("st.idb"):
			return "indexeddb"
		}
	}
	if p := d.phrase(r.purpose); p.has("local") && !p.has("cookie") {
		return "local_storage"
	}
	return "cookie"
}

func (d *document) nameIs(name string) classify.NameIs {
	if isHost(name) {
		return classify.NameIsDomain
	}
	if strings.Contains(name, " ") || d.vendors.exact(name) {
		return classify.NameIsVendor
	}
	return classify.NameIsCookie
}
