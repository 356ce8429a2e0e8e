package policy

import (
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
