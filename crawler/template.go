package crawler

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// Template returns the shape of a normalised address: two pages of one Template are in all likelihood made by the
// same code of the site and load the same trackers.
//
// Segments of the path that differ from page to page become "*": numbers, dates, UUIDs, hex and random strings, and
// long slugs; a digit run within a short word becomes "#". A language at the start becomes "{lang}", and "www." does
// not count. Of the query the names count, sorted, and the values only of parameters that route ("page=contact").
func Template(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	t := strings.TrimPrefix(u.Host, "www.") + "/" + strings.Join(templatePath(u.EscapedPath()), "/")
	if query := templateQuery(u.RawQuery); query != "" {
		t += "?" + query
	}
	return t
}

func templatePath(p string) []string {
	segments := strings.Split(strings.Trim(p, "/"), "/")
	root := 0
	for i, s := range segments {
		switch {
		case i == root && i < 2 && isLocale(s, i):
			segments[i] = "{lang}"
			root++
		default:
			segments[i] = templateSegment(s, i == root)
		}
	}
	if indexFiles[strings.ToLower(segments[len(segments)-1])] {
		segments[len(segments)-1] = ""
	}
	return segments
}

// isLocale recognises "en", "de-at", "pt_BR", and as the second part of "/us/en/" the language alone.
func isLocale(s string, at int) bool {
	lang, region, both := strings.Cut(strings.ReplaceAll(strings.ToLower(s), "_", "-"), "-")
	if !languages[lang] {
		return at == 0 && regions[lang] && (!both || languages[region])
	}
	return !both || len(region) == 2 && at == 0
}

// languages are codes of ISO 639-1 that sites are commonly offered in; regions the countries (ISO 3166-1) that are
// commonly put before a language and are no language code themselves.
var (
	languages = set("ar", "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga",
		"gl", "he", "hi", "hr", "hu", "id", "is", "it", "ja", "ko", "lb", "lt", "lv", "mk", "ms", "mt", "nb", "nl", "nn",
		"no", "pl", "pt", "rm", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "th", "tr", "uk", "vi", "zh")
	regions = set("at", "au", "be", "br", "ca", "ch", "cn", "cz", "dk", "eu", "gb", "gr", "ie", "in", "int", "jp", "kr",
		"lu", "mx", "nz", "ph", "se", "sg", "us", "za", "global")
)

// templateSegment returns the shape of one part of a path. At the root of the site long names are mostly those of
// single pages ("terms-and-conditions"), deeper down those of articles and products.
func templateSegment(s string, root bool) string {
	plain, err := url.PathUnescape(s)
	if err != nil {
		plain = s
	}
	ext := path.Ext(plain)
	if len(ext) < 2 || len(ext) > 6 || strings.ContainsAny(ext, "0123456789") {
		ext = ""
	}
	stem := strings.TrimSuffix(plain, ext)
	if variable(stem) || !root && longSlug(stem, 3) || longSlug(stem, 5) {
		return "*" + ext
	}
	return foldDigits(stem) + ext
}

// longSlug reports whether s is a title in the form that addresses have: so many words, or 8 bytes for each of them.
func longSlug(s string, words int) bool {
	_, _, _, separators, _ := census(s)
	return separators >= words-1 || len(s) >= 8*words
}

// variable reports whether a segment is the name of one thing among many: a number, an id, a date.
func variable(s string) bool {
	digits, letters, hex, separators, cases := census(s)
	switch {
	case s == "":
		return false
	case letters == 0 && digits > 0:
		return true
	case hex == len(s)-separators && digits > 0 && hex >= 8:
		return true
	default:
		return len(s) >= 10 && digits >= 3 && cases
	}
}

// census counts the characters of s; cases is true when lower and upper case are mixed.
func census(s string) (digits, letters, hex, separators int, cases bool) {
	var lower, upper bool
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			digits++
			hex++
		case strings.ContainsRune("-_.,+ :~", r):
			separators++
		default:
			letters++
			lower = lower || 'a' <= r && r <= 'z'
			upper = upper || 'A' <= r && r <= 'Z'
			if 'a' <= r && r <= 'f' || 'A' <= r && r <= 'F' {
				hex++
			}
		}
	}
	return digits, letters, hex, separators, lower && upper
}

func foldDigits(s string) string {
	var b strings.Builder
	var inRun bool
	for _, r := range s {
		digit := '0' <= r && r <= '9'
		if !digit {
			b.WriteRune(r)
		} else if !inRun {
			b.WriteByte('#')
		}
		inRun = digit
	}
	return b.String()
}

// routing are parameters whose value chooses the page where one script serves a whole site.
var routing = set("page", "view", "option", "route", "r", "action", "controller", "module", "mod", "do", "section", "pg")

func templateQuery(query string) string {
	if query == "" {
		return ""
	}
	var names []string
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		value = templateSegment(value, false)
		if routing[strings.ToLower(name)] && value != "" && value != "*" {
			name += "=" + value
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "&")
}

// families returns the wider shapes that t belongs to: each with one part of the path, or the whole query, left open.
// Members of a large family ("/city/berlin", "/city/paris") are more of the same although no two share a Template.
func families(t string) []string {
	t, query, asked := strings.Cut(t, "?")
	if asked && query != "" {
		return []string{t + "?*"}
	}
	parts := strings.Split(t, "/")
	wide := make([]string, 0, len(parts))
	for i, p := range parts {
		if p == "*" || p == "" || p == "{lang}" {
			continue
		}
		parts[i] = "*"
		wide = append(wide, strings.Join(parts, "/"))
		parts[i] = p
	}
	return wide
}
