package policy

import (
	_ "embed"
	"slices"
	"strings"

	"trackscan/classify"
)

// reached reports whether h lies in the reach of a negation, whatever its verb.
func (p *phrase) reached(h hit) bool { return p.reaches(h.from, reached) }

// flag evaluates a fact of the place where a statement stands.
func (s *statement) flag(c pair) bool {
	switch c.concept {
	case "cookies":
		return s.aboutCookies()
	case "list":
		return s.listed
	case "life":
		return len(lifetimes(s.p)) > 0
	case "freely":
		return s.p.freely()
	case "vendor":
		return len(s.found) > 0
	case "subject":
		return s.subject
	case "manages":
		return s.p.manages()
	case "choice":
		return s.p.offersChoice()
	case "nonessential":
		return s.p.deniesNonessential()
	case "consent":
		return s.p.has("consentask") && !(s.p.freely() && s.p.has("use", "set", "exist"))
	case "keepsconsent":
		return s.p.keepsConsent()
	case "fragment":
		return len(s.p.at(0, "none", "neg")) > 0 && !s.p.has("be", "use", "set", "contain", "youcan")
	case "ofanalytics":
		return s.sec.category == classify.Analytics || s.sec.head != nil && s.sec.head.has("analyticstool", "l.analytics") && !s.sec.head.has("cookie")
	case "lifesection":
		return s.sec.head != nil && s.sec.head.has("r.duration", "expire")
	case "leadbyuse":
		return s.lead != nil && s.lead.has("byuse")
	case "thesead":
		return s.sec.category == classify.Advertising && s.deniesThese()
	case "theseanalytics":
		return s.sec.category == classify.Analytics && s.deniesThese()
	case "opens":
		return len(s.p.of("session")) > 0 && s.p.of("session")[0].from == 0
	case "verbless":
		return len(s.p.at(0, "none")) > 0 && !s.p.has("be", "use", "set", "contain", "youcan")
	case "onlyfragment":
		return s.p.onlyFragment()
	case "purposefirst":
		return len(s.p.at(0, "inorder")) > 0
	case "they":
		return s.before && len(s.p.at(0, "back")) > 0 && !s.followsData()
	case "pronoun":
		return s.pronoun()
	case "typically":
		return s.p.saysTypically()
	case "answersno":
		return s.answersNo()
	case "listdenied":
		return s.lead != nil && s.lead.has("cookie") && s.lead.deniesList()
	case "headed":
		return s.goesOnHead()
	case "follows":
		return s.before
	case "offers":
		return s.p.offersConsent()
	case "setfirst":
		return len(s.p.at(0, "set", "use")) > 0
	case "allopens":
		return len(s.p.at(0, "all")) > 0
	case "them":
		return s.usesThem()
	case "labelled":
		return s.labelled
	case "binds":
		return s.p.onlyBinds()
	case "alsoother":
		return s.p.necessaryOrOther()
	case "plain":
		return s.plainCookie(c.denied)
	}
	return false
}

// saysTypically reports whether something is told of what is so mostly. What can be done with that of which a relative
// clause tells is not: "no details that can be used to".
func (p *phrase) saysTypically() bool {
	return slices.ContainsFunc(p.of("typically"), func(h hit) bool {
		return !p.coveredBy("unable", h.from, h.to) && (len(p.neg) == 0 || h.from < p.neg[0].at || len(p.at(h.from-1, "relative")) == 0)
	})
}

func (p *phrase) nearBy(a, b concept) bool {
	c := pair{concept: a, near: b, within: nearWords}
	for _, h := range p.of(a) {
		if c.holdsAt(p, h) {
			return true
		}
	}
	return false
}

func (s *statement) aboutCookies() bool {
	return s.p.has("cookie", "tracker") || s.sec.cookies || s.sec.vendor != "" || s.listed || s.lead != nil && s.lead.has("cookie", "tracker") || s.before
}

// followsData reports whether the sentence before speaks of data and not of cookies: what a "they" behind it stands for.
func (s *statement) followsData() bool {
	return s.after.has("log", "ip", "dataword", "pii") && !s.after.has("cookie", "tracker")
}

// answersNo reports whether a statement is a "no" alone, and the sentence before it, or the heading above it, asks for the cookies that
// are used.
func (s *statement) answersNo() bool {
	head := s.sec.head
	if len(s.after.words) > 0 {
		head = s.after
	}
	return head != nil && len(s.p.words) == 1 && len(s.p.at(0, "none", "neg")) > 0 &&
		strings.HasSuffix(head.text.s, "?") && head.has("use", "set") && !head.has("consentask", "youcan", "onaction") && len(head.of("cookie")) == 1 && !head.qualified(head.of("cookie")[0])
}

// parted reports whether punctuation stands between words from and to.
func (p *phrase) parted(from, to int) bool {
	return from < to && strings.ContainsAny(p.text.s[p.words[from-1].to:p.words[to].from], ",;:()")
}

// startsNegation reports whether a denial begins in words from..to.
func (p *phrase) startsNegation(from, to int) bool {
	for _, n := range p.neg {
		if n.at >= from && n.at < to {
			return true
		}
	}
	return false
}

// whereExplained are the promises that can be made of nobody else, even where cookies are explained.
var whereExplained = wordSet(`consent_by_use consent_banner max_lifetime no_pii_in_cookies`)

// claimSentence reads the promises of a sentence.
func (d *document) claimSentence(s *statement) {
	if !s.promises() {
		return
	}
	kinds, err := claimKinds()
	if err != nil {
		return
	}
	promised := false
	for _, part := range s.parts(d) {
		promised = d.claimPart(kinds, part, s) || promised
	}
	if !promised {
		d.claimPart(kinds, s, s)
	}
}

// claimPart adds the promises that a statement, or a part of it, makes, and reports whether there are any.
func (d *document) claimPart(kinds []claimKind, part, s *statement) bool {
	explained := s.sec.general && !s.p.has("we") && !s.p.next("cookie", "use")
	managed := s.sec.manage && s.kind == item && !s.p.has("we")
	promised := false
	for i := range kinds {
		k := &kinds[i]
		if explained && !whereExplained[k.id] || managed && k.id != "consent_banner" || !k.promises(part) || !k.holds(part) {
			continue
		}
		promised = true
		d.addClaim(k, part, s.p.text.whole())
	}
	return promised
}

func (d *document) hasClaim(id string) bool {
	for _, c := range d.claims {
		if c.ID == id {
			return true
		}
	}
	return false
}

// addClaim adds a claim of a statement, or of a part of one, that a span says.
func (d *document) addClaim(k *claimKind, s *statement, said span) {
	if k.id == "first_party_use_only" && s.p.has("only", "all") {
		d.onlyFirst = true
	}
	c := classify.Claim{ID: k.id, Scope: d.scope(k, s), Quote: d.quote(said)}
	switch k.id {
	case "max_lifetime", "majority_lifetime":
		d.claimTerm(&c, s)
	case deniedBy[s.sec.category]:
		d.emptyLabels = append(d.emptyLabels, s.sec.category)
	}
	for _, o := range d.claims {
		if o.ID == c.ID && o.Scope == c.Scope && (o.Start == c.Start || o.Days == nil && c.Days == nil) {
			return
		}
	}
	d.claims = append(d.claims, c)
}

func (d *document) claimTerm(c *classify.Claim, s *statement) {
	half := 0.5
	if c.ID == "majority_lifetime" {
		c.Quantile = &half
	}
	var days float64
	for _, l := range lifetimes(s.p) {
		days = max(days, l.days)
	}
	c.Days = &days
}

// scope is what limits a claim: a host, the name of a cookie, or a kind of cookie.
func (d *document) scope(k *claimKind, s *statement) string {
	if k.id == "no_cookies" {
		for _, f := range strings.Fields(s.p.text.s) {
			if host := strings.Trim(f, ".,;:()"); isHost(host) {
				return host
			}
		}
	}
	if k.id == "set_only_on_action" {
		for i := range d.cookies {
			if c := &d.cookies[i]; c.Start <= s.p.text.whole().start && c.End >= s.p.text.whole().end {
				return c.Name
			}
		}
	}
	for _, c := range k.scopes {
		if s.p.has(c) {
			return scopeNames[c]
		}
	}
	return ""
}

var scopeNames = map[concept]string{
	"session": "session", "persistent": "persistent", "nonnecessary": "non-essential", "first": "first", "we": "first",
	"advertising": "advertising", "necessary": "necessary", "l.advertising": "advertising",
}
