package policy

import (
	"slices"
	"strings"
)

// promises reports whether a statement can promise anything of the site itself, now and without more: not what law
// demands of sites in general, not what will be if something is ever added, not what browsers can do, not the cookies of
// those whom the site does not control.
func (s *statement) promises() bool {
	p := s.p
	general := p.beforeWord("browserword", openingWords)
	return !strings.HasSuffix(p.text.s, "?") && !p.has("ifever", "foreign", "yoursite") && !p.general() && (!general || p.ourselves())
}

// general reports whether a phrase tells what law demands of sites, or advises them, and not what this one does.
func (p *phrase) general() bool { return (p.has("advice") || p.ruled()) && !p.ourselves() }

// ruled reports whether law is what a phrase tells of, and not only why no consent is needed: "exempt under the law".
func (p *phrase) ruled() bool {
	return slices.ContainsFunc(p.of("ruling"), func(h hit) bool { return !p.beforeWord("noneed", h.from) })
}

// openingWords is how many words may hold the subject of a sentence: "in some browsers".
const openingWords = 3

// ofAnother reports whether a statement goes on with "it" about something other than the site, as a tool.
func (s *statement) ofAnother() bool {
	return len(s.p.at(0, "it")) > 0 && !s.p.has("we")
}

// ofAll are the promises about all cookies, which what is told of a single one does not make.
var ofAll = wordSet(`no_cookies only_necessary_cookies no_third_party_cookies no_advertising_cookies no_analytics_cookies
first_party_use_only majority_lifetime session_only`)

// remark reports whether a statement is a remark on what its item is about: "MathJax, for formulas. No cookies set."
func (s *statement) remark() bool {
	return s.kind == item && s.after != nothing && len(s.p.words) <= remarkWords && !s.p.has("we")
}

// remarkWords is how many words a remark has at most.
const remarkWords = 6

// promises reports whether a statement can make the promise of this kind. What is denied of an "it" is mostly denied of
// a tool or a vendor; only of cookies it may be told what they do not hold.
func (k *claimKind) promises(s *statement) bool {
	if k.ofAll && (s.p.has("onecookie") || s.remark() || s.listed && !s.p.has("we")) {
		return false
	}
	if !k.denies {
		return true
	}
	if s.p.has("dnt") {
		return false // promised to those who send the signal only
	}
	return !s.ofAnother() || k.id == "no_pii_in_cookies" && !s.p.has("use")
}

// freely reports whether a statement says that no consent is needed, or that something is done without.
func (p *phrase) freely() bool {
	if p.unneeded() && !p.untilFirst() || len(p.neg) == 0 && !p.has("only") && p.nearBy("without", "consentask") && !p.bracketsAt(p.of("without")[0].from) {
		return true
	}
	return p.germanic() && slices.ContainsFunc(p.of("nonnecessary"), func(h hit) bool {
		return h.to == len(p.words) && len(p.at(h.from, "neg")) > 0 && p.beforeWord("consentask", h.from) // "eine Zustimmung ist hier nicht erforderlich"
	})
}

// untilFirst reports whether until when something is not done stands before that no consent is needed: "we need no
// consent before we set it" tells of no consent that is awaited.
func (p *phrase) untilFirst() bool {
	until, ok := p.first("until")
	no, need := p.first("noneed")
	return ok && need && until.from <= no.from
}

// unneeded reports whether a statement says that no consent is needed, and not only of what it excepts or names in brackets
// beside what does need it: "set with your consent, save those exempt from it".
func (p *phrase) unneeded() bool {
	return slices.ContainsFunc(p.of("noneed"), func(h hit) bool {
		aside := p.bracketsAt(h.from) || p.beforeWord("except", h.from)
		return !aside || !slices.ContainsFunc(p.of("consentask"), func(o hit) bool {
			return (o.to <= h.from || o.from >= h.to) && !p.bracketsAt(o.from)
		})
	})
}

// bracketsAt reports whether word i stands in brackets.
func (p *phrase) bracketsAt(i int) bool {
	before := p.text.s[:p.words[i].from]
	return strings.LastIndexByte(before, '(') > strings.LastIndexByte(before, ')')
}

// manages reports whether a statement tells how to control cookies, outside the name of a banner: "our banner for the
// control of cookies".
func (p *phrase) manages() bool {
	return slices.ContainsFunc(p.of("manage"), func(h hit) bool {
		return !slices.ContainsFunc(append(p.of("notice"), p.of("banner")...), func(o hit) bool {
			return o.to <= h.from && h.from-o.to < 2
		})
	})
}

// offersChoice reports whether a statement speaks of consenting "or" refusing: "accept or reject".
func (p *phrase) offersChoice() bool {
	return slices.ContainsFunc(p.of("block"), func(h hit) bool {
		return h.from > 0 && orWords[p.words[h.from-1].word] && slices.ContainsFunc(p.of("consentask"), func(o hit) bool {
			return o.to < h.from && h.from-o.to < 2*nearWords
		})
	})
}

// orWords is "or" in the languages that are read.
var orWords = wordSet(`or oder ou o u of`)

// keepsConsent reports whether consent is what is stored: "the cookie remembers your consent".
func (p *phrase) keepsConsent() bool {
	for _, verb := range p.of("remember") {
		for _, consent := range p.of("consentask") {
			switch {
			case p.storesCookies(verb):
			case consent.from >= verb.to && consent.from-verb.to < 3 && !p.conditional(verb.to, consent.from):
				return true
			case verb.to-verb.from > 1 && consent.to <= verb.from && verb.from-consent.to < nearWords && !p.conditional(consent.to, verb.from):
				return true // "Ihre Einwilligung zu speichern", "your consent is stored in a cookie"
			}
		}
	}
	return false
}

// storesCookies reports whether what a verb says is stored are cookies: "your permission to store most cookies".
func (p *phrase) storesCookies(verb hit) bool {
	return slices.ContainsFunc(p.of("cookie"), func(c hit) bool {
		return c.from >= verb.to && c.from-verb.to < 3 && verb.to-verb.from == 2 && !p.parted(verb.to, c.from) && len(p.at(c.from-1, "anycookie")) == 0
	})
}

// offersConsent reports whether a sentence tells what one can do before it speaks of consent: "you can agree". In German
// and Dutch the verb comes last.
func (p *phrase) offersConsent() bool {
	can, ok := p.first("youcan")
	all := p.of("consentask")
	return ok && len(all) > 0 && (p.germanic() || can.from < all[len(all)-1].from)
}

// conditional reports whether a word that makes consent a condition lies within words from and to: "only with".
func (p *phrase) conditional(from, to int) bool {
	for _, c := range []concept{"only", "without", "consentcond", "cookie"} {
		for _, h := range p.of(c) {
			if h.from >= from && h.to <= to {
				return true
			}
		}
	}
	return false
}

// pronoun reports whether a statement opens with a word that stands for what the sentence before it names, or for what
// introduces its list: "They do not identify you", with the data of that: "The information does not", or with a denial
// alone: "No personal data is recorded". Before another
// noun it only points: "these preferences".
func (s *statement) pronoun() bool {
	if (s.before || s.kind == item && s.sec.category != "") && (s.p.beforeWord("dataword", openingWords) || s.p.startsNegation(0, 2)) {
		return true
	}
	if s.usesThem() {
		return true
	}
	for _, h := range s.p.at(0, "back") {
		if len(s.p.at(h.to, "operate")) > 0 && len(s.p.at(h.to+1, "neg")) > 0 {
			return true // "they do not"
		}
		for _, c := range []concept{"be", "neg", "none", "use", "set", "contain", "collect", "dataword"} {
			if len(s.p.at(h.to, c)) > 0 {
				return true
			}
		}
	}
	return false
}

// usesThem reports whether a statement tells what is done with what the sentence before it, which is about cookies,
// named: "we do not use them to".
func (s *statement) usesThem() bool {
	return (s.before || s.sec.category != "") && (s.p.next("use", "them") || s.p.next("set", "them"))
}
