package policy

import (
	"slices"
	"strings"
	"unicode"
)

// isPolicy reports whether the document is a policy at all. A landing page, an error, terms of service, a hub of links
// or an empty shell may speak of cookies and privacy too, but tells little of its own practice: what counts is how many
// sentences do.
func (d *document) isPolicy() bool {
	practice, spoken := d.practice()
	named, terms := d.titles()
	if named && d.hasClaim("no_cookies") && !d.onLaw() {
		return true
	}
	if named && !d.titledPolicy() && d.isArticle() {
		return false
	}
	switch {
	case len(d.cookies) == 0 && (d.isHub(spoken) || !d.titledPolicy() && d.titleTeaches()):
		return false
	case terms && !named && d.imprintWithPolicy(practice):
		return true
	case terms && !named && len(d.cookies) < 3:
		return false
	case len(d.cookies) > 0 && (practice > 0 || len(d.cookies) > 1 || named):
		return true
	case d.errorPage() && practice < 6:
		return false
	case len(d.cookies) == 0 && d.advises():
		return false
	case d.titledPolicy() && d.speaksOfItself() && len(d.categories)+len(d.catDenied) > 1:
		return true // a short one that lists kinds of cookies
	case d.titledPolicy() && d.speaksOfItself() && practice > 0 && spoken <= shortPolicy:
		return true
	case named:
		return practice >= 3 || practice*2 >= spoken && practice > 0 || practice > 1 && practice*4 >= spoken
	}
	return practice >= 6 && practice*12 >= spoken || practice >= 4 && practice*2 >= spoken && !terms && d.ownSentences(leastOwn)
}

// isArticle reports whether a page whose title only speaks of cookies tells of them in general, whatever it lists.
func (d *document) isArticle() bool {
	switch {
	case d.onLaw():
		return true
	case d.titledCookies() && len(d.cookies) > 1:
		return false
	case d.titledCookies():
		return !d.speaksOfItself()
	}
	return !d.ownSentences(leastOwn)
}

// titledCookies reports whether the title says little more than "Cookies": so lists are headed that say nothing of themselves.
func (d *document) titledCookies() bool {
	bare := func(p *phrase) bool { return len(p.words) <= bareTitle && p.has("cookie") }
	if d.title.s != "" && bare(d.phrase(d.title)) {
		return true
	}
	return len(d.statements) > 0 && (d.statements[0].kind == heading || d.statements[0].at == 0) && bare(d.statements[0].p)
}

// bareTitle is how many words such a title has at most.
const bareTitle = 3

// imprintWithPolicy reports whether a page tells who runs the site, and in a section of its own what is done with data or
// cookies: many small sites have no other policy.
func (d *document) imprintWithPolicy(practice int) bool {
	imprint, headed := d.title.s != "" && d.phrase(d.title).has("imprint"), false
	for i := range d.statements {
		s := &d.statements[i]
		if s.kind != heading || len(s.p.words) > 12 {
			continue
		}
		imprint = imprint || i < titleLines && s.p.has("imprint")
		headed = headed || s.p.namesPolicyOrCookies()
	}
	return imprint && headed && practice >= leastOwn && d.speaksOfItself()
}

// leastOwn is how many sentences of its own make a page a policy that its title does not call one.
const leastOwn = 2

// isHub reports whether a page is a list of links with hardly a sentence.
func (d *document) isHub(spoken int) bool {
	links := 0
	for i := range d.statements {
		s := &d.statements[i]
		if s.kind == item && s.p.linked() {
			links++
		} else if s.kind != heading && s.p.tellsOfUs() && s.p.has("cookie", "tracker") {
			return false // a short policy above the links of the page
		}
	}
	return spoken <= 1 && links >= hubLinks
}

// hubLinks is how many items of links make a page a hub.
const hubLinks = 3

// titleTeaches reports whether the title speaks of the reader's own site: "How to make your website comply".
func (d *document) titleTeaches() bool {
	if d.title.s != "" && d.phrase(d.title).has("yoursite") {
		return true
	}
	return len(d.statements) > 0 && d.statements[0].kind == heading && d.statements[0].p.has("yoursite")
}

// shortPolicy is how many sentences a page has at most that is a policy by its title and one sentence on its practice.
const shortPolicy = 6

// practiceWords is the length from which a sentence counts: shorter ones are links, labels and slogans.
const practiceWords = 6

// practice counts the sentences that tell what is done with data or cookies, and all sentences.
func (d *document) practice() (practice, spoken int) {
	for i := range d.statements {
		s := &d.statements[i]
		if s.kind == heading || s.kind == tabular || len(s.p.words) < practiceWords || s.p.linked() {
			continue
		}
		spoken++
		about := s.p.has("cookie", "tracker", "pii", "ip", "log", "beacon", "practice", "analyticstool", "dnt", "dataword") || len(s.found) > 0
		if about && (s.p.has("use", "set", "collect", "share", "contain", "consentask", "honor") || s.p.has("cookie") && s.p.has("allow") || len(s.found) > 0 && s.p.has("vendorword") || len(s.p.neg) > 0) {
			practice++
		}
	}
	return practice, spoken
}

// titledPolicy reports whether the title itself, and not only the word cookies in it, names a policy.
func (d *document) titledPolicy() bool {
	if d.title.s != "" && d.phrase(d.title).titleOfPolicy() && !d.phrase(d.title).has("whatis") {
		return true
	}
	for i := range min(len(d.statements), titleLines) {
		if s := &d.statements[i]; (s.kind == heading || i == 0) && len(s.p.words) <= 12 && s.p.titleOfPolicy() && !s.p.has("whatis") {
			return true
		}
	}
	return false
}

// speaksOfItself reports whether a sentence tells what the site itself does.
func (d *document) speaksOfItself() bool { return d.ownSentences(1) }

// ownSentences reports whether at least some sentences tell what the site itself does.
func (d *document) ownSentences(least int) bool {
	for i := range d.statements {
		p := d.statements[i].p
		if !p.has("yoursite", "advice") && (p.has("use", "set", "collect", "share", "contain") || p.has("cookie") && p.has("allow")) && (p.namesItself() || p.has("cookie") && (p.namesHost() || d.opensOwn(p))) {
			if least--; least == 0 {
				return true
			}
		}
	}
	return false
}

// opensOwn reports whether a sentence opens with the site's own name.
func (d *document) opensOwn(p *phrase) bool {
	use, ok := p.first("use")
	return ok && use.from > 0 && use.from <= maxNameWords && d.isOwn(p.text.s[p.words[0].from:p.words[use.from-1].to])
}

// namesItself reports whether a sentence says "we", or points at the site itself: "this website", "the Website" that was
// defined. "The website" may be any.
func (p *phrase) namesItself() bool {
	return slices.ContainsFunc(p.of("we"), func(h hit) bool {
		defined := p.m.lex.lang != "de" && unicode.IsUpper(firstRune(p.text.s[p.words[h.to-1].from:]))
		return h.to-h.from == 1 || defined || demonstratives[p.words[h.from].word]
	})
}

// demonstratives begin what points at the site itself.
var demonstratives = wordSet(`this these diese dieser dieses diesem ce cet cette este esta questo questa deze dit`)

// titleOfPolicy reports whether a title names a policy: "Privacy", but not "Privacy-friendly statistics".
func (p *phrase) titleOfPolicy() bool {
	return slices.ContainsFunc(p.of("policyword"), func(h hit) bool { return len(p.at(h.from, "nopolicy")) == 0 })
}

// namesPolicyOrCookies reports whether a title names a policy, or cookies.
func (p *phrase) namesPolicyOrCookies() bool { return p.has("cookie") || p.titleOfPolicy() }

// onLaw reports whether a page tells what the law demands, more than it tells of itself.
func (d *document) onLaw() bool {
	law, own := 0, 0
	for i := range d.statements {
		switch p := d.statements[i].p; {
		case p.has("ruling"):
			law++
		case p.ourselves() && p.has("use", "set", "collect", "share"), d.opensOwn(p):
			own++
		}
	}
	return law >= leastAdvice && law > own
}

// namesHost reports whether a word of a phrase is a host.
func (p *phrase) namesHost() bool {
	return slices.ContainsFunc(strings.Fields(p.text.s), func(f string) bool { return isHost(strings.Trim(f, ".,;:()")) })
}

// leastAdvice is how many sentences of advice make a page one that tells others what to do.
const leastAdvice = 3

// advises reports whether a page tells others what their sites should do, more than it tells of itself: an article.
func (d *document) advises() bool {
	advice, own := 0, 0
	for i := range d.statements {
		p := d.statements[i].p
		switch {
		case p.has("yoursite", "advice"):
			advice++
		case p.has("we") && p.has("use", "set", "collect", "share"):
			own++
		}
	}
	return advice >= leastAdvice && advice > own
}

// linked reports whether a sentence is little but links.
func (p *phrase) linked() bool {
	covered := 0
	for _, m := range p.text.marks {
		if m.kind == link {
			covered += m.to - m.from
		}
	}
	return covered*5 > len(p.text.s)*4
}

// titleLines is how many headings and short lines at the top are looked at for the name of the document.
const titleLines = 8

// titles looks at the title and the first lines: whether they name a policy, and whether they name terms. What is named
// first decides; "Terms and privacy" names both.
func (d *document) titles() (policy, terms bool) {
	seen := 0
	if d.title.s != "" {
		p := d.phrase(d.title)
		policy, terms = p.namesPolicyOrCookies(), p.has("termsword")
	}
	for i := 0; i < len(d.statements) && seen < titleLines && !policy && !terms; i++ {
		s := &d.statements[i]
		if len(s.p.words) > 12 || s.kind != heading && i > 12 || s.p.linked() {
			continue
		}
		seen++
		policy, terms = s.p.namesPolicyOrCookies(), s.p.has("termsword")
	}
	return policy, terms
}

// errorPage reports whether the first words say that the page is not there.
func (d *document) errorPage() bool {
	if d.title.s != "" && d.phrase(d.title).has("notfound") {
		return true
	}
	for i := range min(len(d.statements), 6) {
		if d.statements[i].p.has("notfound") {
			return true
		}
	}
	return false
}
