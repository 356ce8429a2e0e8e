package policy

import "trackscan/classify"

// judge reads the sentences.
func (d *document) judge() {
	d.dnt, d.thirdParty = silent, silent
	for i := range d.statements {
		s := &d.statements[i]
		d.purposeSentence(s)
		d.vendorSentence(s)
		d.technologies2(s)
	}
}

// purposeSentence declares the categories of the purposes for which a sentence says that cookies are used.
func (d *document) purposeSentence(s *statement) {
	p := s.p
	if !d.declares(s) || !(p.has("cookie", "tracker", "beacon", "local") || s.lead != nil && s.lead.has("cookie", "tracker")) || s.kind == tabular {
		return
	}
	for c, n := range purposeOf(p) {
		if n >= 3 {
			d.addCategory(c, p.text.s, p.text.whole(), basisPurpose)
		}
	}
}

// declares reports whether a sentence can declare at all: not where cookies are explained or their control is.
func (d *document) declares(s *statement) bool {
	return !s.sec.general && !s.sec.manage && s.kind != heading
}

// vendorSentence declares the vendors that a sentence names.
func (d *document) vendorSentence(s *statement) {
	p := s.p
	if s.sec.manage {
		return
	}
	for _, m := range d.vendors.find(p) {
		if p.isBrowser(m) {
			continue
		}
		if p.denied(m.hit) {
			d.vendDenied = append(d.vendDenied, classify.PolicyVendor{Name: m.printed, Domains: []string{}, Quote: d.quote(p.text.whole())})
			continue
		}
		if p.has("otherwise") && !p.has("use", "set", "collect") {
			continue
		}
		if p.has("use", "set", "collect", "vendorword", "cookie", "share") {
			c, _ := purposeOf(p).best()
			d.addVendor(m, c, p.text.whole())
		}
	}
}

func (d *document) technologies2(s *statement) {
	p := s.p
	if p.has("cookie") {
		d.addTechnology("cookie", p.text.whole())
	}
}

func (d *document) addTechnology(id string, where span) {
	for _, t := range d.technologies {
		if t.ID == id {
			return
		}
	}
	d.technologies = append(d.technologies, classify.Technology{ID: id, Quote: d.quote(where)})
}

// isPolicy reports whether the document is a policy at all.
func (d *document) isPolicy() bool { return len(d.statements) > 5 }
