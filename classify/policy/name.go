package policy

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// shape is how much a token looks like the name of a cookie.
type shape uint8

const (
	notName shape = iota
	maybe         // one plain word: a name only where a name is expected
	likely        // has what names have: capitals inside, digits, dots
	sure          // underscore, wildcard: nothing else looks like that
)

var (
	nameToken  = regexp.MustCompile(`^[\p{L}\p{N}_\-.:*#\[\]{}<>%$@/~+|=!^&()?]+$`)
	upperName  = regexp.MustCompile(`^[A-Z][A-Z0-9]{2,}(?:[-.][A-Za-z0-9*]+)*$`)
	camelName  = regexp.MustCompile(`^[A-Za-z]*[a-z][A-Z][A-Za-z0-9]*$`)
	digitName  = regexp.MustCompile(`^(?:[a-zA-Z]+[0-9]+[a-zA-Z0-9-]*|[0-9]+[a-zA-Z][a-zA-Z0-9]*)$`)
	dashName   = regexp.MustCompile(`^[A-Za-z0-9]+(?:[-:.][A-Za-z0-9*]+)+$`)
	hostName   = regexp.MustCompile(`(?i)^(?:\*?\.|https?://)?(?:[a-z0-9_*](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,18}(?:/\S*)?$`)
	countMark  = regexp.MustCompile(`\s*\[x\d+\]\s*$`)
	footnote   = regexp.MustCompile(`\s*(?:\[\d+\]|\*{1,2}\)|¹|²|³)$`)
	ordinal    = regexp.MustCompile(`^\(?\d{1,2}[.)]\s+`)
	trailParen = regexp.MustCompile(`\s*\([^()]*\)\s*$`)
)

// acronyms are capitals that stand in policies and name no cookie.
var acronyms = wordSet(`GDPR DSGVO RGPD AVG LGPD CCPA CPRA TTDSG TDDDG PECR EU EEA EWR EEE USA UK US IP ISP HTTP HTTPS HTML
HTML5 URL URLS URI PDF API APIS SDK SDKS FAQ CMP TCF IAB DAA NAI EDAA DNT GPC DPO CDN SEO SSL TLS DNS CNIL AEPD ICO LSSI LSSICE
COPPA PII FTC VPN RSS CSS PHP SQL CRM NOTE ALL AND THE LLC INC GMBH LTD SAS BV OS CSRF XSS FLOC AI IT TV APP WWW CEO ADS IOS
COOKIE COOKIES POLICY LOPD RLOPD ATT IDFA GAID IMEI ID IDS ZIP VAT RUM CTA ROI AMP UX UI CSP DDOS TBD HTTPONLY`)

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// shapeOf tells how much s, without blanks, looks like a cookie's name.
func shapeOf(s string) shape {
	if s == "" || len(s) > 120 || !nameToken.MatchString(s) || acronyms[strings.ToUpper(s)] {
		return notName
	}
	letters := 0
	for _, r := range s {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			letters++
		}
	}
	switch {
	case letters == 0 || strings.HasPrefix(s, "http") && strings.Contains(s, "://") || strings.Contains(s, "@") && strings.Contains(s, "."):
		return notName
	case strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") || allDigits(s) || strings.HasPrefix(s, "(") || strings.HasSuffix(s, "/"):
		return notName
	case strings.Contains(s, "_") && letters > 1:
		return sure
	case strings.ContainsAny(s, "*{<[") && letters > 1:
		return sure
	case strings.HasPrefix(s, ".") || strings.Contains(s, "#") || strings.Contains(s, "%"):
		return likely
	case upperName.MatchString(s), camelName.MatchString(s), digitName.MatchString(s):
		return likely
	case isHost(s):
		return maybe
	case dashName.MatchString(s):
		return likely
	}
	return maybe
}

// isHost reports whether s is a host name under a known public suffix, with or without a leading wildcard.
func isHost(s string) bool {
	if !strings.Contains(s, ".") || !hostName.MatchString(s) {
		return false
	}
	suffix, icann := publicsuffix.PublicSuffix(strings.ToLower(trimHost(s)))
	return icann || suffix == "test" || suffix == "example" // reserved for tests and documentation
}

func trimHost(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	if i := strings.IndexByte(s, '/'); i >= 0 {
		s = s[:i]
	}
	return strings.TrimLeft(s, "*.")
}

// registrable is the domain under which a host is registered; empty when s is no host.
func registrable(s string) string {
	if !isHost(s) {
		return ""
	}
	d, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(trimHost(s)))
	if err != nil {
		return ""
	}
	return d
}

// names splits a cell into the names that stand in it. Each must look like a name where a name is expected.
func names(t text) []text {
	if parts := markedNames(&t); len(parts) > 0 {
		return parts
	}
	var out []text
	for _, line := range t.lines() {
		out = append(out, namesOfLine(line)...)
	}
	return out
}

// markedNames returns the code spans of a cell when they make up its text.
func markedNames(t *text) []text {
	var out []text
	length := 0
	for _, m := range t.marks {
		if m.kind == code {
			if n := cleanName(t.slice(m.from, m.to)); n.s != "" {
				out = append(out, n)
			}
			length += m.to - m.from
		}
	}
	if length*2 < len(t.s) {
		return nil
	}
	return out
}

func namesOfLine(t text) []text {
	var parts []text
	for _, sep := range []string{",", ";", " / ", " + ", " | ", " & ", " and ", " und ", " et ", " y ", " e ", " en ", " o ", " or ", " ou ", " oder "} {
		if !strings.Contains(t.s, sep) {
			continue
		}
		if parts = splitNames(t, sep); parts != nil {
			return parts
		}
	}
	t = cleanName(t)
	if parts = splitNames(t, " "); len(parts) > 1 && allShaped(parts, sure) {
		return parts
	}
	if t.s != "" {
		return []text{t}
	}
	return nil
}

// splitNames parts t at sep when every part is a name by itself.
func splitNames(t text, sep string) []text {
	var out []text
	for from := 0; from <= len(t.s); {
		to := strings.Index(t.s[from:], sep)
		if to < 0 {
			to = len(t.s) - from
		}
		part := t.slice(from, from+to)
		from += to + len(sep)
		if part.s == "" {
			continue
		}
		nested := namesNested(part, sep)
		if nested == nil {
			return nil
		}
		out = append(out, nested...)
	}
	return out
}

func namesNested(t text, sep string) []text {
	if sep == "," && strings.ContainsAny(t.s, " ") {
		if inner := namesOfLine(t); len(inner) > 1 {
			return inner
		}
	}
	n := cleanName(t)
	if strings.Contains(n.s, " ") || shapeOf(n.s) == notName {
		return nil
	}
	return []text{n}
}

func allShaped(parts []text, least shape) bool {
	for _, p := range parts {
		if shapeOf(p.s) < least {
			return false
		}
	}
	return true
}

// cleanName takes off what surrounds a name: quotes, counts, footnotes, remarks in brackets, final punctuation.
func cleanName(t text) text {
	from, to := 0, len(t.s)
	trim := func(n int) { to = n }
	if loc := ordinal.FindStringIndex(t.s); loc != nil {
		from = loc[1]
	}
	for changed := true; changed; {
		changed = false
		for _, re := range []*regexp.Regexp{countMark, footnote, trailParen} {
			if loc := re.FindStringIndex(t.s[from:to]); loc != nil && loc[0] > 0 && !strings.HasSuffix(t.s[from:to], "()") {
				trim(from + loc[0])
				changed = true
			}
		}
	}
	for from < to && strings.ContainsRune("\"'“„«‚`‹- ", firstRune(t.s[from:to])) {
		_, n := utf8.DecodeRuneInString(t.s[from:to])
		from += n
	}
	for from < to && strings.ContainsRune("\"'”“»‘`›:,;. ", lastRune(t.s[from:to])) {
		_, n := utf8.DecodeLastRuneInString(t.s[from:to])
		to -= n
	}
	return t.slice(from, to)
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }
