package policy

import "trackscan/classify"

// technologySentence declares or denies the techniques that a sentence names.
func (d *document) technologySentence(s *statement) {
	p := s.p
	if s.sec.manage && !p.has("we") && !(s.sec.head != nil && s.sec.head.has("local", "beacon")) {
		return
	}
	if p.has("cookie") && !s.plainDenied() && !s.advises() || !s.sec.general && s.goesOnHead() && len(p.neg) == 0 {
		d.addTechnology("cookie", p.text.whole())
	}
	switch used := d.technique(s, "web_beacon", "beacon"); {
	case p.has("email") && used:
		d.addTechnology("email_pixel", p.text.whole())
	case p.has("email") && p.has("beacon") && p.denied(p.of("beacon")[0]):
		d.denyTechnology("email_pixel", s)
	}
	if p.has("inemail") && p.has("we") && p.has("use", "set") && p.has("cookie", "tracker") && len(p.neg) == 0 {
		d.addTechnology("email_pixel", p.text.whole())
	}
	if p.has("email") && (s.after.has("beacon") && len(p.at(0, "back")) > 0 || p.has("we") && p.next("use", "tracker")) && d.hasTechnology("web_beacon") {
		d.addTechnology("email_pixel", p.text.whole())
	}
	if p.has("email") && p.explains("beacon") && p.ourselves() && len(p.neg) == 0 && d.hasTechnology("web_beacon") {
		d.addTechnology("email_pixel", p.text.whole()) // "Web beacons are pictures by which we see whether an e-mail was opened"
	}
	d.technique(s, "local_storage", "local")
	d.technique(s, "fingerprinting", "fingerprint")
	d.technique(s, "device_id", "deviceid")
	d.technique(s, "device_id", "mobileid")
	d.logs(s)
}

// advises reports whether a sentence tells only how cookies are removed or blocked.
func (s *statement) advises() bool {
	p := s.p
	return p.has("block") && !p.ourselves() && (!p.has("use", "set") || p.has("cond") && p.has("youcan"))
}

func (s *statement) plainDenied() bool {
	hits := s.p.of("cookie")
	for _, h := range hits {
		if !s.p.denied(h) {
			return false
		}
	}
	return len(hits) > 0
}

// technique declares what is named, and denies what is denied; it reports whether it was declared.
func (d *document) technique(s *statement, id string, c concept) bool {
	for _, h := range s.p.of(c) {
		if s.p.denied(h) || s.p.contrasts(h) {
			d.denyTechnology(id, s)
			return false
		}
	}
	if !s.p.has(c) || s.p.explains(c) || (s.defined || s.defines()) && !s.p.has("we") || c == "fingerprint" && s.lead == nil && !s.p.has("we", "use", "set", "collect") || s.sec.general && !s.p.has("we") || s.p.has("cond", "youcan") && !s.p.has("we") || s.p.has("yoursite", "ifever") {
		return false
	}
	d.addTechnology(id, s.p.text.whole())
	return true
}

// explains reports whether a sentence begins by telling what a technique is: "Web beacons are small pictures".
func (p *phrase) explains(c concept) bool {
	d, ok := p.first("define")
	if !ok {
		return false
	}
	for _, h := range p.of(c) {
		if h.from <= 2 && d.from >= h.from && d.from <= h.to+1 {
			return true
		}
	}
	return false
}

// logs declares server logs: named as such, or an address that is collected.
func (d *document) logs(s *statement) {
	p := s.p
	for _, h := range p.of("log") {
		if !p.denied(h) {
			d.addTechnology("log_file", p.text.whole())
			return
		}
	}
	for _, h := range p.of("ip") {
		collected := p.has("collect") || s.lead != nil && s.lead.has("collect") || s.kind == item && s.sec.head != nil && s.sec.head.has("collect") || s.sec.head != nil && s.sec.head.has("log")
		if !p.denied(h) && collected && !p.has("anonym", "ga") {
			d.addTechnology("log_file", p.text.whole())
			return
		}
	}
}

func (d *document) hasTechnology(id string) bool {
	for _, t := range d.technologies {
		if t.ID == id {
			return true
		}
	}
	return false
}

func (d *document) addTechnology(id string, where span) {
	if !d.hasTechnology(id) {
		d.technologies = append(d.technologies, classify.Technology{ID: id, Quote: d.quote(where)})
	}
}

func (d *document) denyTechnology(id string, s *statement) {
	for _, t := range d.techDenied {
		if t.ID == id {
			return
		}
	}
	d.techDenied = append(d.techDenied, classify.Technology{ID: id, Quote: d.quote(s.p.text.whole())})
}
