package policy

import (
	"strings"

	"trackscan/classify"
)

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
