package browser

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"

	"trackscan/crawler"
)

// secrets are values that look like identifiers, in memory for as long as a visit lasts: they are looked for in what
// leaves, and of each only the hash that its Traits have is told.
type secrets map[string]string // by value

// maxSecrets and maxSecret bound the values that are looked for, in number and bytes.
const (
	maxSecrets = 2_000
	maxSecret  = 1 << 10
)

// remember keeps a value until the end of the visit.
func (s secrets) remember(value string, t crawler.Traits) {
	if t.Identifier && len(value) <= maxSecret && len(s) < maxSecrets {
		s[strings.Clone(value)] = t.Hash
	}
}

// needles are the forms in which the values may leave: whole, in parts that are identifiers themselves, and hashed.
// The number of a click is no name of the visitor's for whoever keeps it, and stands in every page address that is told.
func (s secrets) needles(a *arrival) map[string][]string {
	all := map[string][]string{}
	add := func(form, hash string) {
		if !a.within(form) && !slices.Contains(all[form], hash) {
			all[form] = append(all[form], hash)
		}
	}
	for _, value := range slices.Sorted(maps.Keys(s)) {
		hash := s[value]
		parts := map[string]bool{value: true}
		eachToken(value, func(token string) {
			if crawler.LooksLikeIdentifier(token) {
				parts[token] = true
			}
		})
		for part := range parts {
			add(part, hash)
			a, b, c := md5.Sum([]byte(part)), sha1.Sum([]byte(part)), sha256.Sum256([]byte(part))
			add(hex.EncodeToString(a[:]), hash)
			add(hex.EncodeToString(b[:]), hash)
			add(hex.EncodeToString(c[:]), hash)
		}
	}
	return all
}

// takenAlong are the hashes of the values that a request takes along in its address or its body, sorted. What its cookie
// header takes along is left out: the browser puts that there.
func takenAlong(needles map[string][]string, h *hop) []string {
	_, path, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(h.url, "https://"), "http://"), "/")
	return identifiersIn(needles, path, string(h.body))
}

// identifiersIn are the hashes of the values that texts hold, sorted.
func identifiersIn(needles map[string][]string, texts ...string) []string {
	if len(needles) == 0 {
		return nil
	}
	found := map[string]bool{}
	look := func(token string) {
		for _, hash := range needles[token] {
			found[hash] = true
		}
	}
	for _, text := range texts {
		eachForm(text, func(form string) { eachToken(form, look) })
	}
	if len(found) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(found))
}

// eachForm calls f with a text as it is and without one and two layers of URL encoding.
func eachForm(text string, f func(string)) {
	f(text)
	for range 2 {
		plain, err := url.QueryUnescape(text)
		if err != nil || plain == text {
			return
		}
		f(plain)
		text = plain
	}
}

// eachToken calls f with the parts of a text that could be a value: between separators of queries, JSON and cookies,
// then also the letters and digits within those, the last two numbers of "GA1.2.123.456", and what base64 holds.
func eachToken(text string, f func(string)) {
	for token := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isWord(r) && r != '.' && r != '-' && r != '_' && r != '~' }) {
		f(token)
		fine := strings.FieldsFunc(token, func(r rune) bool { return !isWord(r) })
		if len(fine) > 1 {
			for _, one := range fine {
				f(one)
			}
			f(fine[len(fine)-2] + "." + fine[len(fine)-1])
		}
		if plain := fromBase64(token); plain != "" {
			for one := range strings.FieldsFuncSeq(plain, func(r rune) bool { return !isWord(r) && r != '.' && r != '-' && r != '_' }) {
				f(one)
			}
		}
	}
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// fromBase64 decodes a token when it is base64 of printable text; else it is empty.
func fromBase64(token string) string {
	if len(token) < 12 || len(token) > maxBody {
		return ""
	}
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(token, "-_") {
		encoding = base64.RawURLEncoding
	}
	plain, err := encoding.DecodeString(strings.TrimRight(token, "."))
	if err != nil {
		return ""
	}
	for _, b := range plain {
		if b < ' ' && b != '\n' && b != '\t' || b >= 0x7f {
			return ""
		}
	}
	return string(plain)
}
