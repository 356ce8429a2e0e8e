package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"trackscan/classify"
)

//go:embed claims.txt
var claimsFile string

// claimRule is one pattern of a claim.
type claimRule struct {
	id    string
	terms []term
	needs bitset // concepts without which it cannot hold
}

// add adds a term.
func (r *claimRule) add(t term) {
	r.terms = append(r.terms, t)
	if t.absent || len(t.alternatives) > 1 {
		return
	}
	p := t.alternatives[0]
	if p.flag {
		return
	}
	r.needs.add(p.bit)
	if p.near != "" {
		r.needs.add(conceptBits[p.near])
	}
}

// claimKind is a claim with its rules and examples, as claims.txt has them.
type claimKind struct {
	id       string
	rules    []claimRule
	scopes   []concept
	examples []example

	// What the id says, for each sentence asks.
	ofAll          bool // see ofAll
	whereExplained bool // see whereExplained
	denies         bool // that there is something
}

func newClaimKind(id string) claimKind {
	return claimKind{id: id, ofAll: ofAll[id], whereExplained: whereExplained[id], denies: strings.HasPrefix(id, "no_")}
}

// example is a sentence that must or must not be read as a claim.
type example struct {
	lang, text string
	yes        bool
}

// term is one condition of a rule.
type term struct {
	alternatives []pair
	absent       bool
}

// pair is a concept, or two that stand near each other.
type pair struct {
	concept concept
	near    concept // empty for one concept
	within  int     // how many words apart, at most
	bit     uint8   // of the concept
	ordered bool    // "<": the second stands behind the first
	denied  bool    // the first is denied
	reached bool    // the first lies in the reach of any negation
	flag    bool    // "@": a fact of the place, not a concept
}

var claimKinds = sync.OnceValues(func() ([]claimKind, error) { return parseClaims(claimsFile) })

func parseClaims(file string) ([]claimKind, error) {
	var kinds []claimKind
	for n, line := range strings.Split(file, "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if word == "" || strings.HasPrefix(word, "#") {
			continue
		}
		if word == "claim" {
			kinds = append(kinds, newClaimKind(rest))
			continue
		}
		if len(kinds) == 0 {
			return nil, fmt.Errorf("claims line %d: %q before the first claim", n+1, word)
		}
		if err := kinds[len(kinds)-1].line(word, rest); err != nil {
			return nil, fmt.Errorf("claims line %d: %w", n+1, err)
		}
	}
	return kinds, nil
}

func (k *claimKind) line(word, rest string) error {
	switch word {
	case "rule":
		r := claimRule{id: k.id}
		for f := range strings.FieldsSeq(rest) {
			t, err := parseTerm(f)
			if err != nil {
				return err
			}
			r.add(t)
		}
		k.rules = append(k.rules, r)
	case "scope":
		for f := range strings.FieldsSeq(rest) {
			k.scopes = append(k.scopes, concept(f))
		}
	case "yes", "no":
		lang, text, ok := strings.Cut(rest, ": ")
		if !ok {
			return fmt.Errorf("example %q names no language", rest)
		}
		k.examples = append(k.examples, example{lang, text, word == "yes"})
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return nil
}

func parseTerm(s string) (term, error) {
	t := term{}
	if strings.HasPrefix(s, "-") {
		t.absent, s = true, s[1:]
	}
	for one := range strings.SplitSeq(s, "|") {
		p := pair{}
		for len(one) > 0 {
			if one[0] == '!' {
				p.denied = true
			} else if one[0] == '%' {
				p.reached = true
			} else if one[0] == '@' {
				p.flag = true
			} else {
				break
			}
			one = one[1:]
		}
		first, second, ok := strings.Cut(one, "~")
		if !ok {
			first, second, p.ordered = strings.Cut(one, "<")
		}
		p.within = nearWords
		if far := strings.TrimLeft(second, "~<"); far != second {
			second, p.within = far, 2*nearWords
		}
		p.concept, p.near = concept(first), concept(second)
		p.bit = conceptBits[p.concept]
		if !p.flag && !concepts[p.concept] || p.near != "" && !concepts[p.near] {
			return term{}, fmt.Errorf("unknown concept in %q", s)
		}
		t.alternatives = append(t.alternatives, p)
	}
	return t, nil
}

// nearWords is how far the two halves of "a~b" may stand apart, in words.
const nearWords = 4

// holds reports whether a rule of a promise holds for a statement.
func (k *claimKind) holds(s *statement) bool {
	for i := range k.rules {
		if k.rules[i].holds(s) {
			return true
		}
	}
	return false
}

// holds reports whether all terms of a rule hold for a statement.
func (r *claimRule) holds(s *statement) bool {
	if !s.p.kinds.holds(&r.needs) {
		return false
	}
	for _, t := range r.terms {
		ok := false
		for _, p := range t.alternatives {
			if p.holds(s) {
				ok = true
				break
			}
		}
		if ok == t.absent {
			return false
		}
	}
	return true
}

func (c pair) holds(s *statement) bool {
	if c.flag {
		return s.flag(c)
	}
	if !s.p.kinds.has(c.bit) {
		return false
	}
	for _, h := range s.p.of(c.concept) {
		if c.holdsAt(s.p, h) {
			return true
		}
	}
	return false
}

func (c pair) holdsAt(p *phrase, h hit) bool {
	switch {
	case c.denied && !p.denied(h):
		return false
	case c.reached && !p.reached(h):
		return false
	}
	if c.near == "" {
		return true
	}
	for _, o := range p.of(c.near) {
		if c.concept == "third" && c.near == "cookie" && p.listsBehind(o, h) {
			continue
		}
		if c.near == "cookie" && p.endsKinds(o, h) {
			return true
		}
		if h.understood() || o.understood() && !c.ordered {
			return true
		}
		if o.from-h.to < c.within && h.from-o.to < c.within && (!c.ordered || o.from >= h.to) && !p.newVerb(min(h.to, o.to), max(h.from, o.from)) {
			return true
		}
	}
	return false
}

// listsBehind reports whether h opens an item of its own behind a cookie: "ad cookies, or third-party networks".
func (p *phrase) listsBehind(cookie, h hit) bool {
	return h.from >= cookie.to && (p.joins(h.from) || p.joins(h.from-1) && len(p.at(h.from-1, "and")) > 0)
}

// endsKinds reports whether h is the last of the kinds behind a cookie: "cookies de publicidad, de estadística ni de
// terceros", "cookies propias, de terceros ni publicitarias". Nothing but kinds and particles stands between them.
func (p *phrase) endsKinds(cookie, h hit) bool {
	if p.germanic() || h.from-cookie.to < 3 || h.from-cookie.to > 3*nearWords || h.to < len(p.words) && !p.joins(h.to) {
		return false
	}
	if !p.anyWithin("and", h.from-2, h.from) && !p.anyWithin("neg", h.from-2, h.from) {
		return false
	}
	for i := cookie.to; i < h.from; i++ {
		particle := p.words[i].to-p.words[i].from <= 3
		if !particle && len(p.at(i, "adcookie", "analyticscookie", "trackcookie", "first", "third")) == 0 || p.verbIn(i, i+1) {
			return false
		}
	}
	return true
}

// newVerb reports whether a second statement begins between words from and to: "sets no cookies and uses no trackers",
// "no cookies, no scripts of third parties".
func (p *phrase) newVerb(from, to int) bool {
	for _, none := range p.of("none") {
		if none.from >= from && none.to <= to && from > 0 && (p.parted(from, none.from) || none.from == from && p.joins(from)) {
			return true
		}
	}
	for _, we := range p.of("we") {
		if we.from >= from && we.to <= to && p.joins(we.from) {
			return true // "unlike other websites, we"
		}
	}
	for _, nor := range p.of("neg") {
		if nor.from >= from && nor.to < to && p.names(nor.to, to) {
			return true // "neither ad cookies nor trackers of third parties"
		}
	}
	for _, and := range p.of("and") {
		if and.from < from || and.to >= to {
			continue
		}
		for _, c := range []concept{"use", "set"} {
			if len(p.at(and.to, c)) > 0 {
				return true
			}
		}
	}
	return false
}

// names reports whether something other than cookies is named within words from and to.
func (p *phrase) names(from, to int) bool {
	return slices.ContainsFunc([]concept{"tracker", "analyticstool", "adservice", "beacon"}, func(c concept) bool {
		return slices.ContainsFunc(p.of(c), func(h hit) bool { return h.from >= from && h.to <= to })
	})
}

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
		return s.before && len(s.p.at(0, "back")) > 0
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

// plainCookie reports whether a cookie is spoken of without a qualification beside it: no kind, no purpose ("cookies to
// track you"), and not as the means of something else ("analysed with cookies").
func (s *statement) plainCookie(denied bool) bool {
	if s.p.has("thiskind") {
		return false
	}
	for _, h := range s.p.of("cookie") {
		if h.from < h.to && (!denied || s.p.denied(h)) && !s.p.qualified(h) && !s.p.purposeBehind(h) && !s.p.means(h) && !s.p.nameBehind(h) && !s.p.purposeBefore(h) && !s.p.relativeBehind(h) && !s.p.kindBehind(h) && !s.p.setBy(h) && !s.p.relativeBefore(h) && !s.p.deniesItself(h) {
			return true
		}
	}
	return false
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

// nameBehind reports whether the name of a cookie follows h: "the cookie sid_key".
func (p *phrase) nameBehind(h hit) bool {
	at := p.words[h.to-1].to
	rest := strings.TrimLeft(p.text.s[at:], " :\"'")
	from := len(p.text.s) - len(rest)
	to := len(p.text.s)
	if n := strings.IndexAny(rest, " ,;)"); n >= 0 {
		to = from + n
	}
	return to > from && (shapeOf(cleanName(p.text.slice(from, to)).s) == sure || p.text.codeAt(from, to))
}

// relativeBehind reports whether a relative clause follows a German or Dutch verb at the end: "keine Cookies gesetzt, die".
func (p *phrase) relativeBehind(h hit) bool {
	return p.germanic() && slices.ContainsFunc(p.of("relative"), func(o hit) bool { return o.from > h.to && p.joins(o.from) })
}

// kindBehind reports whether the kind of a cookie stands behind h and another word: "cookies invasivas de rastreo".
func (p *phrase) kindBehind(h hit) bool {
	return slices.ContainsFunc([]concept{"adcookie", "trackcookie", "analyticscookie"}, func(c concept) bool {
		return slices.ContainsFunc(p.of(c), func(o hit) bool {
			return o.from > h.to && o.from-h.to < nearWords && !p.parted(h.to, o.from) && !p.verbIn(h.to, o.from) && !p.startsNegation(h.to, o.from) && !p.anyWithin("and", h.to, o.from)
		})
	})
}

// anyWithin reports whether a word of concept c stands within words from and to.
func (p *phrase) anyWithin(c concept, from, to int) bool {
	return slices.ContainsFunc(p.of(c), func(o hit) bool { return o.from >= from && o.to <= to })
}

// relativeBefore reports whether h is what somebody sets of whom a relative clause tells: "tools that set cookies".
func (p *phrase) relativeBefore(h hit) bool {
	return !p.germanic() && slices.ContainsFunc(p.of("relative"), func(o hit) bool {
		return o.from > 0 && o.to < h.from && h.from-o.to <= nearWords && len(p.at(o.to, "use", "set")) > 0 && !p.startsNegation(o.to, h.from)
	})
}

// deniesItself reports whether h is what does not do something: "cookies do not store programs".
func (p *phrase) deniesItself(h hit) bool {
	not := h.to
	if len(p.at(not, "operate")) > 0 {
		not++
	}
	return !p.germanic() && !p.joins(h.to) && len(p.at(not, "neg")) > 0 && len(p.at(not+1, "use", "set", "contain", "collect")) > 0
}

// setBy reports whether a word behind h names who sets it: "no cookies set by plug-ins".
func (p *phrase) setBy(h hit) bool {
	return slices.ContainsFunc(p.at(h.to, "set"), func(o hit) bool {
		return len(p.at(o.to, "agent")) > 0
	})
}

// purposeBefore reports whether h stands in a purpose itself: "there is no way to turn off cookies". "No need to set
// cookies" is none.
func (p *phrase) purposeBefore(h hit) bool {
	for _, o := range p.of("inorder") {
		if o.from > 0 && o.to < h.from && h.from-o.to < nearWords && !p.parted(o.to, h.from) && len(p.at(o.to, "use", "set")) == 0 && p.startsNegation(0, o.from) {
			return true
		}
	}
	return false
}

// purposeBehind reports whether words that introduce a purpose stand within a few words behind h.
func (p *phrase) purposeBehind(h hit) bool {
	for _, o := range p.of("inorder") {
		near := o.from-h.to < nearWords || p.usedFor(h, o)
		if o.from >= h.to && near && !p.parted(h.to, o.from) {
			return true
		}
	}
	return false
}

// usedFor reports whether a verb behind h leads to a purpose: "cookies are never used here to", "put on your device to".
func (p *phrase) usedFor(h, purpose hit) bool {
	leads := func(o hit) bool {
		to := o.to
		for _, place := range p.of("ondevice") {
			if place.from >= o.to && place.from-o.to < 2 {
				to = place.to
			}
		}
		return o.from >= h.to && o.from-h.to < nearWords && to <= purpose.from && purpose.from-to < 2
	}
	return slices.ContainsFunc(p.of("use"), leads) || slices.ContainsFunc(p.of("set"), leads)
}

// parted reports whether punctuation stands between words from and to.
func (p *phrase) parted(from, to int) bool {
	return from < to && strings.ContainsAny(p.text.s[p.words[from-1].to:p.words[to].from], ",;:()")
}

// means reports whether h is only the means by which something is done.
func (p *phrase) means(h hit) bool {
	for _, o := range p.of("bymeans") {
		if o.to <= h.from && h.from-o.to < 2 && !p.coveredBy("use", o.from, o.to) {
			return true
		}
	}
	return false
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

func (p *phrase) qualified(h hit) bool {
	for _, o := range p.hits {
		if o.to < h.from-1 || o.from > h.to+1 || o.from > h.to && p.parted(h.to, o.from) || o.to < h.from && p.parted(o.to, h.from) {
			continue
		}
		if o.to < h.from && p.startsNegation(o.to, h.from) {
			continue // "works without cookies"
		}
		switch o.concept {
		case "session", "persistent":
			if p.has("session") && p.has("persistent") {
				continue // "no persistent or session cookies" are none
			}
			if o.from != h.to || !p.joins(o.from) {
				return true
			}
		case "back":
			if o.to == h.from {
				return true // "use such cookies", "these cookies are not"
			}
		case "dataword":
			if o.from == h.to {
				return true // "cookie data"
			}
		case "relative", "we":
			if o.from == h.to {
				return true // "cookies that follow you", "cookies we need"
			}
		case "third", "thirdstrict", "first", "adcookie", "analyticscookie", "trackcookie", "necessary", "nonnecessary", "local":
			if o.from != h.to || !p.joins(o.from) { // "no cookies, neither our own"
				return true
			}
		}
		if strings.HasPrefix(string(o.concept), "l.") && o.from != h.from && (o.from != h.to || !p.joins(o.from)) {
			return true
		}
	}
	return false
}

// deniesNonessential reports whether cookies are denied that are called not necessary.
func (p *phrase) deniesNonessential() bool {
	return slices.ContainsFunc(p.of("nonnecessary"), func(h hit) bool {
		covers := slices.ContainsFunc(p.of("necessary"), func(o hit) bool { return o.from >= h.from && o.to <= h.to })
		return covers && p.denied(h) && slices.ContainsFunc(p.of("cookie"), func(c hit) bool {
			return c.from-h.to < nearWords && h.from-c.to < nearWords && p.denied(c)
		})
	})
}

// onlyBinds reports whether an "only" limits what is set, and not when, where or what for: "set only if needed".
func (p *phrase) onlyBinds() bool {
	return slices.ContainsFunc(p.of("only"), func(only hit) bool {
		next := only.to
		if next < len(p.words) && p.closedAt(next) {
			return !p.swallowed(only)
		}
		for _, be := range p.at(next, "be") {
			next = be.to // "only be used for"
		}
		for _, verb := range p.at(next, "use", "set") {
			next = verb.to // "only used for"
		}
		return !p.swallowed(only) && len(p.at(next, "if", "inorder", "bymeans", "until", "cond")) == 0 &&
			!slices.ContainsFunc(p.of("without"), func(h hit) bool {
				return h.from >= only.to && h.from-only.to < nearWords && !p.swallowed(h)
			})
	})
}

// closedAt reports whether punctuation before word i closes what an "only" before it limits: "essential cookies only (for
// the session)".
func (p *phrase) closedAt(i int) bool {
	between := p.text.s[p.words[i-1].to:p.words[i].from]
	return strings.ContainsAny(between, "(:;") || strings.Contains(between, " - ") || strings.Contains(between, " – ") || strings.Contains(between, " — ")
}

// behindOnly reports whether h stands behind an "only" that punctuation closes.
func (p *phrase) behindOnly(h hit) bool {
	return slices.ContainsFunc(p.of("only"), func(only hit) bool { return only.to <= h.from && p.closedAt(only.to) })
}

// onlyFragment reports whether a phrase that ends with a full stop has no verb and opens with an "only", or ends what it
// says with one: "Essential cookies only.", "Essential cookies only: your session."
func (p *phrase) onlyFragment() bool {
	if !strings.HasSuffix(p.text.s, ".") || p.has("be", "use", "set", "allow", "youcan") {
		return false
	}
	return slices.ContainsFunc(p.of("only"), func(h hit) bool {
		return h.from == 0 || h.from <= nearWords && (h.to == len(p.words) || p.closedAt(h.to))
	})
}

// necessaryOrOther reports whether what is necessary is named together with what is not: "necessary and functional
// cookies", "cookies that are necessary or remember your settings".
func (p *phrase) necessaryOrOther() bool {
	first, ok := p.first("necessary")
	if !ok {
		return false
	}
	for _, and := range p.of("and") {
		if and.from < first.to || p.behindOnly(and) {
			continue
		}
		at := and.to
		for _, h := range p.at(at, "relative", "you", "number") {
			at = max(at, h.to)
		}
		if p.otherAt(p.pastParticles(at), and.from == first.to) {
			return true
		}
	}
	return false
}

// pastParticles is the next word from i on that is no particle: "and for the analysis", "et à l'analyse".
func (p *phrase) pastParticles(i int) int {
	for n := 0; n < 2 && i+1 < len(p.words) && len(p.words[i].word) <= 2 && !p.coveredBy("inorder", i, i+1); n++ {
		i++
	}
	return i
}

// otherAt reports whether word i begins a purpose that is not a necessary one, or, where a label may stand, its label.
func (p *phrase) otherAt(i int, label bool) bool {
	if len(p.at(i, "necessary", "p.necessary", "l.necessary")) > 0 || p.deniedWord(i) {
		return false
	}
	if len(p.at(i, "remember", "analysing")) > 0 || len(p.at(i, "p.functional", "p.analytics", "p.advertising")) > 0 {
		return true
	}
	for _, h := range p.at(i, "l.functional", "l.analytics", "l.advertising", "l.social") {
		if label && len(p.at(h.to, "necessary")) == 0 { // "technical and functional ones, necessary for"
			return true
		}
	}
	return false
}
