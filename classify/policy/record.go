package policy

import (
	"strings"
	"unicode"

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
	section                                                                 *section          // in which it stands
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
		*field = field.joined(t)
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
	if p := d.phrase(r.name); len(p.words) <= 2 && p.has("v.none") {
		return // "N/A"
	}
	names := names(r.name)
	if r.duration.s == "" {
		r.duration = d.lifeBehindName(r.name)
	}
	lives := d.namedLives(r.duration, names)
	if lives == nil {
		lives = parallel(r.duration, len(names))
	}
	for i, name := range names {
		for _, life := range d.eitherLife(lives[i]) {
			d.addCookie(r, name, vendor, life)
		}
	}
}

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

// categoryOf is the category of a record: its own column, else its section, else its purpose, else nobody says.
func (d *document) categoryOf(r record) (classify.Category, string) {
	for _, t := range []text{r.category, r.kind, d.labellingService(r.service)} {
		if t.s == "" {
			continue
		}
		if lead := d.labelAtFront(t); lead.s != "" {
			t = lead
		}
		p := d.phrase(t)
		l := labelOf(p)
		if l.category == "" && d.other != nil {
			l = labelOf(d.other.phrase(t))
		}
		if l.category != "" && len(p.words) <= 8 {
			if len(l.mixed) > 1 {
				return l.decide(purposeOf(d.phrase(r.purpose))), t.s
			}
			return l.category, t.s
		}
	}
	if r.heading != "" {
		return r.heading, r.label
	}
	purpose := r.purpose
	if purpose.s == "" {
		purpose = r.category
	}
	c, label := d.categoryByPurpose(purpose)
	if c == "" && purpose.s != "" {
		if c = d.purposeBelow(r.section); c != "" {
			label = r.section.head.text.s
		}
	}
	return c, label
}

// labellingService is the cell of a service that calls its cookies by a category: "Advertising cookies".
func (d *document) labellingService(t text) text {
	if p := d.phrase(t); t.s == "" || !p.has("cookie") || len(d.vendors.find(p)) > 0 && !p.has("l.advertising") {
		return text{}
	}
	return t
}

// labelAtFront is the label of a category that opens a text and is parted from what it goes on with: "Essential. Keeps your
// basket.", "Analytics - counts visits"; empty when there is none.
func (d *document) labelAtFront(t text) text {
	lead, rest, ok := leadOf(t, true)
	if stop := strings.Index(t.s, ". "); stop > 0 && (!ok || stop < len(lead.s)) {
		lead, rest, ok = t.slice(0, stop), t.slice(stop+2, len(t.s)), true
	}
	if !ok || rest.s == "" || len(lead.s) > 40 {
		return text{}
	}
	p := d.phrase(lead)
	if len(p.words) == 0 || labelOf(p).category == "" || !p.onlyLabels(0, len(p.words)) && !p.onlyLabel() {
		return text{}
	}
	return lead
}

// consentWeight is what remembering consent weighs among purposes.
const consentWeight = 5

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
	if lead := d.labelAtFront(t); lead.s != "" {
		return labelOf(d.phrase(lead)).category, lead.s
	}
	if p.keepsConsent() {
		s[classify.Necessary] += consentWeight
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
	if r.section != nil && r.section.head != nil && r.section.head.has("local") && !r.section.head.has("cookie") {
		if r.section.head.has("st.session") {
			return "session_storage"
		}
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
