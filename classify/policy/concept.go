package policy

import "strings"

// concepts are the meanings that a lexicon may give to words. A group is named by its first part: "l." what labels
// mean, "p." what purposes mean (the value is a weight), "r." the roles of columns, "st." kinds of storage, "v." values
// of cells.
var concepts = conceptSet(`
stop back and kinds privacyword dataword consentmanager send noneed novendor introduces ordinary everyday cookie tracker similar beacon vendorpixel local fingerprint deviceid mobileid ip ipshort email log auto dnt gpc honor
banner firstvisit notice shown settingslink use set collect share neg none without notonly nonnecessary but except if relative
only all most we you first third thirdstrict define example whatis manage necessary
l.necessary l.functional l.analytics l.advertising l.social l.unknown
p.necessary p.functional p.analytics p.advertising p.social
r.name r.service r.vendor r.domain r.purpose r.duration r.category r.type r.party r.optout v.firstparty v.self v.thirdparty v.none
st.cookie st.local st.session st.idb st.pixel
unit number half session persistent month effective expire max within retention
consentask consentcond gdprconsent byuse useagree agreecookies amendment pii contain anonymous list listof complete
action onaction outbound keeptrack ipanon anonym selfhost request analyticstool trackcookie adcookie analyticscookie ga
cond be allow youcan adpurpose analysispurpose typically browserword whenvisit completeshort whenlogin vendortool manageconsent
inorder bymeans forgo until exist aslong longer operate ondevice anyone analysing signal instead yoursite advice ignore visitsite freeof
nolabel loginissue vendorword pretendvendor host.word policyword termsword notfound practice otherwise optout optoutword
regardless active block otherpages agent exceptus othersites ingeneral solelyfor ruling ifever remember foreign onecookie it
unable some impair legalbasis anycookie adservice named them nostandard inemail cookiesof offdefault theirown respectively fullip forthird nopolicy trademark hostedhere thiskind trackscript imprint modal
`)

// conceptBits numbers the concepts, for sets of them.
var conceptBits = func() map[concept]uint8 {
	bits := map[concept]uint8{}
	for c := range concepts {
		bits[c] = uint8(len(bits))
	}
	return bits
}()

// sketch is one of 64 bits, by the name of a concept; several share one.
func (c concept) sketch() uint64 {
	return 1 << ((uint(len(c)) + 7*uint(c[0]) + 3*uint(c[len(c)-1])) % 64)
}

// bitset is a set of concepts.
type bitset [4]uint64

func (b *bitset) add(bit uint8)      { b[bit>>6] |= 1 << (bit & 63) }
func (b *bitset) has(bit uint8) bool { return b[bit>>6]&(1<<(bit&63)) != 0 }

// holds reports whether all of o are in b.
func (b *bitset) holds(o *bitset) bool {
	return b[0]&o[0] == o[0] && b[1]&o[1] == o[1] && b[2]&o[2] == o[2] && b[3]&o[3] == o[3]
}

func conceptSet(names string) map[concept]bool {
	set := map[concept]bool{}
	for _, name := range strings.Fields(names) {
		set[concept(name)] = true
	}
	return set
}
