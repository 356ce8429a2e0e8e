package policy

import (
	"slices"
	"strings"

	"trackscan/classify"
)

// labelSentence declares the categories that a sentence names as kinds of cookies: "we use analytics cookies".
func (d *document) labelSentence(s *statement) {
	p := s.p
	d.denyTools(s)
	if s.sec.category != "" && s.deniesThese() {
		d.denyCategory(s.sec.category, s)
	}
	if !d.declares(s) || s.kind == tabular || s.defines() || s.ofOthers() || p.has("youcan") && !p.has("set") || p.has("example") && !p.has("we") {
		return
	}
	for _, h := range p.hits {
		id, ok := strings.CutPrefix(string(h.concept), "l.")
		if ok && id != "unknown" && s.answersWhich() && p.headsClause(h) && !p.reached(h) {
			d.addCategory(classify.Category(id), p.text.s[p.words[h.from].from:p.words[h.to-1].to], p.text.whole(), basisPurpose)
			continue
		}
		if !ok || id == "unknown" || !p.besideCookie(h) || p.longer(h) || p.ofChoices() || s.labelled && p.inLead(h) {
			continue
		}
		if p.denied(h) && !p.awaitsConsent() {
			if !p.has("pii", "until") {
				d.denyCategory(classify.Category(id), s)
			}
			continue
		}
		if (p.has("use", "set", "be") || s.bare()) && (!p.reached(h) || p.awaitsConsent()) {
			named := label{category: classify.Category(id)}
			basis := basisPurpose
			if p.denied(h) {
				basis = basisAwaited
			}
			d.addCategory(named.decide(purposeOf(p)), p.text.s[p.words[h.from].from:p.words[h.to-1].to], p.text.whole(), basis)
		}
	}
}

// awaitsConsent reports whether a denial holds only until, or unless, there is consent.
func (p *phrase) awaitsConsent() bool {
	return p.has("consentask") && p.has("until", "cond") && p.has("cookie") && !p.has("share", "third", "thirdstrict", "pii")
}

// answersWhich reports whether a statement without the word itself stands below a heading that says which cookies are
// used, and so tells of those.
func (s *statement) answersWhich() bool {
	head := s.sec.head
	return s.kind == paragraph && head != nil && !s.p.has("cookie", "tracker") && head.has("cookie") && head.has("use", "set") && head.has("we") && !s.sec.manage && !s.sec.general
}

// headsClause reports whether a label opens a clause, behind nothing but small words, and punctuation parts it from what
// is said of it: "las técnicas, para ...; las de análisis, para ...".
func (p *phrase) headsClause(h hit) bool {
	if h.to >= len(p.words) || !p.closedAt(h.to) && !p.joins(h.to) {
		return false
	}
	i := h.from
	for i > 0 && p.words[i-1].to-p.words[i-1].from <= 3 {
		if strings.ContainsAny(p.text.s[p.words[i-1].to:p.words[i].from], ";:") {
			return true
		}
		i--
	}
	return i == 0 || strings.ContainsAny(p.text.s[p.words[i-1].to:p.words[i].from], ";:")
}

// inLead reports whether h stands in a combined label before a colon, which has one category: "Marketing and social media
// cookies: ...".
func (p *phrase) inLead(h hit) bool {
	colon := strings.IndexByte(p.text.s, ':')
	if colon < p.words[h.to-1].to {
		return false
	}
	for i := 0; i < len(p.words) && p.words[i].from < colon; i++ {
		if !p.coveredBy("cookie", i, i+1) && !p.onlyLabels(i, i+1) {
			return false
		}
	}
	return true
}

// deniesThese reports whether a statement denies the cookies of its section: "We do not use such cookies", "We use no
// cookies in this category".
func (s *statement) deniesThese() bool {
	p := s.p
	if s.usesNone() {
		return true
	}
	return p.has("use", "set") && !p.has("pii", "until", "cond", "consentask", "youcan", "share", "only", "except") && slices.ContainsFunc(p.of("cookie"), func(h hit) bool {
		return p.denied(h) && (p.pointed(h) || p.has("thiskind")) && !p.purposeBehind(h)
	})
}

// usesNone reports whether a statement goes on its heading with no more than that there are none: "The site uses none and
// loads no such scripts", "None are set".
func (s *statement) usesNone() bool {
	p := s.p
	if s.sec.head == nil || !s.sec.head.has("cookie") || len(s.after.words) > 0 || p.has("cookie", "until", "cond", "consentask", "youcan") {
		return false
	}
	return slices.ContainsFunc(p.of("none"), func(h hit) bool {
		alone := h.to == len(p.words) || p.joins(h.to) || len(p.at(h.to, "and")) > 0 || len(p.at(h.to, "be")) > 0
		return alone && h.from <= openingWords && p.has("use", "set", "exist", "be")
	})
}

// pointed reports whether h is spoken of as those that were named before: "such cookies".
func (p *phrase) pointed(h hit) bool {
	return slices.ContainsFunc(p.of("back"), func(o hit) bool { return o.to == h.from })
}

// ofChoices reports whether a phrase speaks of something else that bears a label's word, as the choice of cookies or the
// security of data. That they are set with consent does not make it one.
func (p *phrase) ofChoices() bool {
	return slices.ContainsFunc(p.of("nolabel"), func(h hit) bool { return !p.coveredBy("consentask", h.from, h.to) })
}

// bare reports whether a statement is no more than a label with its remark: "Only essential cookies (language, log-in)".
func (s *statement) bare() bool {
	return s.lead == nil && s.kind == paragraph && len(s.p.words) <= 8 && !s.p.has("you", "manage", "policyword", "whatis", "optoutword")
}

// plainWords is the length up to which a denial is taken for all that it says; longer ones have their conditions.
const plainWords = 16

// denyTools reads the denial of analytics or advertising as such, with or without cookies: "we do not use analytics on
// this website", "we use no advertising services". What is denied only to a purpose, on a condition or for somebody's
// data is not denied.
func (d *document) denyTools(s *statement) {
	p := s.p
	if len(p.words) > plainWords || len(s.found) > 0 || !p.has("use", "set") || p.has("pii", "dataword", "cond", "until", "but", "except", "youcan", "example", "without", "only", "first") {
		return
	}
	for _, h := range p.hits {
		id := classify.Analytics
		switch h.concept {
		case "analyticstool":
		case "l.analytics", "l.advertising":
			if !p.has("vendortool", "tracker") {
				continue
			}
			id = classify.Category(strings.TrimPrefix(string(h.concept), "l."))
		default:
			continue
		}
		if p.denied(h) && !p.purposeBehind(h) && !p.purposeBefore(h) && !p.longer(h) {
			d.denyCategory(id, s)
		}
	}
}

// besideCookie reports whether a label stands beside the word cookie, alone or in a row of labels: "functional,
// analytics and tracking cookies".
func (p *phrase) besideCookie(h hit) bool {
	for _, c := range p.of("cookie") {
		if c.from == h.from || c.from >= h.to && c.from-h.to <= labelRow && p.onlyLabels(h.to, c.from) {
			return true
		}
		if p.m.lex.lang != "en" && c.to <= h.from && h.from-c.to <= labelRow && p.onlyLabels(c.to, h.from) {
			return true
		}
	}
	return false
}

// labelRow is how many words may stand between a label and the word cookie, all of them labels.
const labelRow = 7

// onlyLabels reports whether words from..to are labels of categories and what joins them.
func (p *phrase) onlyLabels(from, to int) bool {
	for i := from; i < to; i++ {
		if p.coveredBy("and", i, i+1) || p.coveredByLabel(i) || p.coveredBy("nonnecessary", i, i+1) || p.coveredBy("first", i, i+1) || len(p.words[i].word) <= 3 && p.m.lex.lang != "en" {
			continue
		}
		return false
	}
	return true
}

func (p *phrase) coveredByLabel(i int) bool {
	for _, h := range p.hits {
		if h.from <= i && h.to > i && strings.HasPrefix(string(h.concept), "l.") {
			return true
		}
	}
	return false
}

func (d *document) denyCategory(id classify.Category, s *statement) {
	for _, c := range d.catDenied {
		if c.ID == id {
			return
		}
	}
	d.catDenied = append(d.catDenied, classify.PolicyCategory{ID: id, Label: s.p.text.s, Quote: d.quote(s.p.text.whole())})
	if s.sec.category == id && s.sec.label != "" {
		d.emptyLabels = append(d.emptyLabels, id)
	}
}
