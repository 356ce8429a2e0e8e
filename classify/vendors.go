package classify

import (
	"slices"
	"strings"
	"unicode"

	"trackscan/crawler"
)

// Policies name services in many ways: "Google Analytics 4", "Meta/Facebook Pixel", "Hotjar Ltd.", "AdRoll cookies",
// "Universal Analytics (Google LLC)". Names are compared as lists of words, without legal forms and without the words
// that say no more than "service".

// words returns the lower-case words of a name.
func words(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// emptyWords say nothing about which service is meant when they follow its name.
var emptyWords = wordSet(`
	inc llc ltd limited gmbh ag sa sas srl spa bv ab as aps oy corp corporation company co plc kg se ireland
	cookie cookies pixel pixels tag tags tracking tracker script snippet code plugin plugins widget widgets button
	buttons service services platform tool tools api sdk suite software technology technologies integration
	universal 4 360`)

// productWords distinguish one service of a big company from another, and add nothing to the name of a company that
// has one.
var productWords = wordSet(`
	ads ad advertising analytics insight insights remarketing retargeting conversion conversions marketing manager
	cloud social connect audience audiences network web site website monitoring chat video videos player maps`)

// umbrellas are companies of whose services one does not stand for another.
var umbrellas = wordSet(`
	google microsoft adobe meta facebook amazon yahoo oracle salesforce apple linkedin twitter x yandex alphabet ibm
	tiktok bytedance`)

// distinctive is the length from which the first word of a name is taken for the whole.
const distinctive = 5

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// vendorKey joins words as a key of the index.
func vendorKey(w []string) string { return strings.Join(w, " ") }

// trimmed drops empty words from the end, never the first one.
func trimmed(w []string) []string {
	for len(w) > 1 && emptyWords[w[len(w)-1]] {
		w = w[:len(w)-1]
	}
	return w
}

// core drops product words as well, where the company has one product: "hotjar insights" is "hotjar", while "google
// analytics" and "live chat" stay what they are.
func core(w []string) []string {
	w = trimmed(w)
	if umbrellas[first(w)] || len(first(w)) < distinctive {
		return w
	}
	for len(w) > 1 && (emptyWords[w[len(w)-1]] || productWords[w[len(w)-1]]) {
		w = w[:len(w)-1]
	}
	return w
}

func first(w []string) string {
	if len(w) == 0 {
		return ""
	}
	return w[0]
}

// declaredKeys returns the keys under which a policy's vendor name is found: each of the names that a slash or "and"
// joins, the name in parentheses, and the name before a "by" or a comma.
func declaredKeys(name string) []string {
	outside, inside := splitParentheses(name)
	var keys []string
	for _, part := range splitNames(outside) {
		keys = appendKey(keys, core(words(part)))
	}
	for _, part := range splitNames(inside) {
		// "Google Analytics (Google Ireland Ltd)" does not speak of all that Google does.
		if w := core(words(part)); len(w) > 1 || !umbrellas[first(w)] {
			keys = appendKey(keys, w)
		}
	}
	return keys
}

func appendKey(keys []string, w []string) []string {
	if len(w) == 0 {
		return keys
	}
	for _, k := range []string{vendorKey(w), strings.Join(w, "")} {
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

func splitParentheses(name string) (outside, inside string) {
	before, rest, found := strings.Cut(name, "(")
	if !found {
		return name, ""
	}
	in, after, _ := strings.Cut(rest, ")")
	if strings.TrimSpace(before+after) == "" {
		return in, ""
	}
	return before + " " + after, in
}

// splitNames splits "Meta/Facebook Pixel", "Hotjar and Clarity" and "Google, Facebook", and cuts the company off
// "Clarity by Microsoft" and "Clarity, Microsoft Inc.".
func splitNames(s string) []string {
	for _, cut := range []string{" by ", " von ", " de ", " from "} {
		if before, _, found := strings.Cut(s, cut); found && strings.TrimSpace(before) != "" {
			s = before
		}
	}
	for _, and := range []string{" and ", " & ", " und ", " et "} {
		s = strings.ReplaceAll(s, and, "/")
	}
	var names []string
	for _, name := range strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '|' }) {
		parts := strings.Split(name, ",")
		names = append(names, parts[0])
		for _, part := range parts[1:] {
			if !isCompany(part) || isCompany(parts[0]) {
				names = append(names, part)
			}
		}
	}
	return names
}

// isCompany reports whether a name is that of a company with many services, or but a legal form.
func isCompany(name string) bool {
	w := trimmed(words(name))
	return len(w) == 0 || len(w) == 1 && (umbrellas[w[0]] || emptyWords[w[0]])
}

// vendorKeys returns the keys under which a policy may name v, most telling first, and how many of them name the very
// service; the rest name its company.
func vendorKeys(v *Vendor) (keys []string, service int) {
	names := append([]string{v.Name}, v.Aliases...)
	for _, name := range names {
		w := words(name)
		keys = appendKey(keys, w)
		keys = appendKey(keys, core(w))
	}
	for _, name := range names { // "Google Ads" for "Google Ads Conversion"
		w := words(name)
		for n := len(w) - 1; n > 1; n-- {
			keys = appendKey(keys, core(w[:n]))
		}
	}
	service = len(keys)
	keys = appendKey(keys, core(words(v.Owner)))
	for _, name := range names { // "LinkedIn" for the "LinkedIn Insight Tag"; "Live" is not enough for "Live Chat"
		if w := words(name); len(w) > 1 && (umbrellas[w[0]] || len(w[0]) >= distinctive) {
			keys = appendKey(keys, w[:1])
		}
	}
	return keys, service
}

// asDomain returns the domain for which a host in a policy stands, or empty when name is no host: "doubleclick.net" and
// "*.doubleclick.net" for all of it, and "www.linkedin.com" too, but "analytics.google.com" for that service alone.
func asDomain(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	name = strings.TrimPrefix(strings.TrimPrefix(name, "https://"), "http://")
	name, _, _ = strings.Cut(name, "/")
	name = strings.TrimPrefix(strings.Trim(strings.TrimPrefix(name, "*"), "."), "www.")
	if !strings.Contains(name, ".") || strings.ContainsAny(name, " *()@,:_") {
		return ""
	}
	if umbrellas[hostLabel(name)] {
		return name
	}
	return crawler.RegistrableDomain(name)
}

// covering returns the domains that asDomain may have made of a mention of host: itself and what it lies under, down
// to the registrable domain.
func covering(host string) []string {
	list := []string{host}
	registrable := crawler.RegistrableDomain(host)
	for host != registrable {
		_, parent, found := strings.Cut(host, ".")
		if !found {
			break
		}
		host = parent
		list = append(list, host)
	}
	return list
}

// isAt reports whether f lives at or goes to the domain that a policy prints.
func (f *found) isAt(domain string) bool {
	d := asDomain(domain)
	return d != "" && slices.Contains(covering(f.place()), d)
}

// hostLabel returns the name in a host's registrable domain: "leadforensics" of "secure.leadforensics.com".
func hostLabel(host string) string {
	label, _, _ := strings.Cut(crawler.RegistrableDomain(host), ".")
	return strings.ReplaceAll(label, "-", "")
}
