package crawler

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// consentParams are query parameters that tell a tracker what the visitor chose, with the shape that their values have.
// A value of another shape is a secret like any other, so that no identifier is kept because of the name it hides under.
var consentParams = map[string]func(string) bool{
	"gcs":                 isGCS,
	"gcd":                 isGCD,
	"dma_cps":             isDMA,
	"dpo":                 func(v string) bool { return v == "LDU" },           // Meta: limited data use
	"asc":                 func(v string) bool { return v == "G" || v == "D" }, // Microsoft: ad storage is granted or denied
	"limited_data_use":    isFlag,                                              // TikTok
	"ldu":                 isFlag,                                              // others
	"gdpr_consent":        isTCString,
	"gdpr_consent_string": isTCString,
	"gdpr_string":         isTCString,
	"consent_string":      isTCString,
	"gpp":                 isGPP,
	"gpp_string":          isGPP,
	"gpp_sid":             isSectionList,
	"us_privacy":          isUSPrivacy,
	"usprivacy":           isUSPrivacy,
	"ccpa":                isUSPrivacy,
}

// isConsent reports whether a parameter is about consent and its value has the shape of a choice.
func isConsent(name, escaped string) bool {
	shape, known := consentParams[name]
	if !known || len(escaped) > maxConsent {
		return false
	}
	value, err := url.QueryUnescape(escaped)
	return err == nil && shape(value)
}

// ConsentIn reads what the body of a request to a pixel tells of the visitor's choice, as a query that is safe to keep:
// "dpo=LDU". It is empty for every other request. Of several events the first that tells of a choice counts.
func ConsentIn(rawURL string, body []byte) string {
	p, _ := pixelAt(rawURL, body)
	if p == nil || len(body) == 0 {
		return ""
	}
	told := url.Values{}
	for _, m := range p.bodies(unpacked(body)) {
		for _, field := range slices.Sorted(maps.Keys(m)) {
			name := field[strings.LastIndexByte(field, '.')+1:]
			if isConsent(name, url.QueryEscape(m.get(field))) && !told.Has(name) {
				told.Set(name, m.get(field))
			}
		}
	}
	return told.Encode()
}

// maxConsent bounds a consent string in bytes: those of busy sites have a few hundred.
const maxConsent = 1 << 10

const (
	lowerLetters = "abcdefghijklmnopqrstuvwxyz"
	upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits       = "0123456789"
	base64URL    = upperLetters + lowerLetters + digits + "-_"
)

// madeOf reports whether s has no other characters than these.
func madeOf(s, characters string) bool { return strings.Trim(s, characters) == "" }

func isFlag(v string) bool { return v == "1" || v == "true" || v == "0" || v == "false" }

// isGCS: "G1", then a flag for ads, one for analytics and, seldom, one more.
func isGCS(v string) bool {
	return strings.HasPrefix(v, "G1") && len(v) <= 5 && madeOf(v[2:], "01-")
}

// isGCD: two figures, a letter and a figure for each of four signals, and a short rest.
func isGCD(v string) bool {
	if len(v) < 10 || len(v) > 14 || !madeOf(v[:2], digits) || !madeOf(v[10:], lowerLetters+digits) {
		return false
	}
	for i := 2; i < 10; i += 2 {
		if !madeOf(v[i:i+1], lowerLetters) || !madeOf(v[i+1:i+2], digits) {
			return false
		}
	}
	return true
}

// isDMA: a letter for each of Google's services that may share data, "sypham".
func isDMA(v string) bool { return len(v) <= 7 && madeOf(v, "sypham-oe") }

// isUSPrivacy: "1YNN".
func isUSPrivacy(v string) bool {
	return len(v) == 4 && v[0] == '1' && madeOf(strings.ToUpper(v[1:]), "YN-")
}

// isSectionList: numbers of the Global Privacy Platform's sections, "2,6".
func isSectionList(v string) bool { return len(v) <= 12 && madeOf(v, digits+",._-") }

// isTCString: version 2, made and changed between 2018 and 2050, in a language of two letters, and long enough for its
// fixed fields. A token that was made up at random has this shape once in thousands.
func isTCString(v string) bool {
	const fixed = 42 // characters of the fields that every core has
	core, rest, _ := strings.Cut(v, ".")
	if len(core) < fixed || core[0] != 'C' || !madeOf(core, base64URL) || !madeOf(rest, base64URL+".") {
		return false
	}
	return isDeciseconds(core[1:7]) && isDeciseconds(core[7:13]) && madeOf(core[18:20], upperLetters)
}

// isDeciseconds reads 36 bits as tenths of a second since 1970.
func isDeciseconds(sextets string) bool {
	const from, to = 15_147_648_000, 25_246_080_000 // 2018 and 2050
	n := 0
	for i := range len(sextets) {
		n = n<<6 | strings.IndexByte(base64URL, sextets[i])
	}
	return from <= n && n < to
}

// isGPP: a header of type 3 and version 1, then sections: a TC string, a US privacy string, or a short string of flags.
func isGPP(v string) bool {
	const longest = 40 // characters: the section of all US states together has about 20
	header, rest, _ := strings.Cut(v, "~")
	if !strings.HasPrefix(header, "DB") || len(header) > longest || !madeOf(header, base64URL) {
		return false
	}
	for _, section := range strings.Split(rest, "~") {
		flags := len(section) <= longest && madeOf(section, base64URL+".")
		if !flags && !isTCString(section) && !isUSPrivacy(section) {
			return false
		}
	}
	return true
}
