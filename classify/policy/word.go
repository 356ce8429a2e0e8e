package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a word of a text, folded, and its place in the text.
type word struct {
	word     string
	from, to int
}

// words splits a text into words: letters and digits, "n't" and "'s" kept apart as their language wants.
func words(s string) []word { return appendWords(nil, s) }

func appendWords(out []word, s string) []word {
	low := lower(s)
	for i := 0; i < len(s); {
		if wordRune(s, i) == 0 {
			i++
			for i < len(s) && !utf8.RuneStart(s[i]) {
				i++
			}
			continue
		}
		j := wordEnd(s, i)
		out = append(out, word{fold(low[i:j]), i, j})
		i = j
	}
	return out
}

// wordRune is the length of the rune at i when it is part of a word; else zero.
func wordRune(s string, i int) int {
	switch c := s[i]; {
	case c == '_': // joins what is one name: "session_id"
		if i+1 < len(s) && s[i+1] != '_' && wordRune(s, i+1) > 0 {
			return 1
		}
		return 0
	case c < utf8.RuneSelf:
		if isWord(c) {
			return 1
		}
		return 0
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return n
	}
	return 0
}

// wordEnd keeps "don't" as one word and parts "l'utilisation" behind the apostrophe.
func wordEnd(s string, i int) int {
	for i < len(s) {
		if s[i] == '\'' {
			if i+1 < len(s) && (s[i+1] == 't' || s[i+1] == 'T') && (i+2 == len(s) || wordRune(s, i+2) == 0) {
				return i + 2
			}
			return i
		}
		n := wordRune(s, i)
		if n == 0 {
			return i
		}
		i += n
	}
	return i
}

// lower makes the capitals of ASCII small: all places stay as they are.
func lower(s string) string {
	i := 0
	for i < len(s) && (s[i] < 'A' || s[i] > 'Z') {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for ; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// fold lowers a word and takes its accents off.
func fold(w string) string {
	w = lower(w)
	i := 0
	for i < len(w) && w[i] < utf8.RuneSelf {
		i++
	}
	if i == len(w) {
		return w
	}
	var b strings.Builder
	b.Grow(len(w) + 1)
	b.WriteString(w[:i])
	for _, r := range w[i:] {
		if r < utf8.RuneSelf {
			b.WriteByte(byte(r))
			continue
		}
		r = unicode.ToLower(r)
		if plain, ok := accents[r]; ok {
			b.WriteString(plain)
			continue
		}
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

var accents = accentTable(
	"a", "àáâãåāăą", "a", "ä", "c", "çćč", "e", "èéêëēęě", "i", "ìíîïī", "n", "ñńň", "o", "òóôõøō", "o", "ö",
	"u", "ùúûū", "u", "ü", "y", "ýÿ", "z", "žźż", "s", "śš", "ss", "ß", "oe", "œ", "ae", "æ", "l", "ł", "ss", "ẞ", "fi", "ﬁ", "fl", "ﬂ",
)

func accentTable(pairs ...string) map[rune]string {
	out := map[rune]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		for _, r := range pairs[i+1] {
			out[r] = pairs[i]
		}
	}
	return out
}
