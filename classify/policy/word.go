package policy

import (
	"unicode"
	"unicode/utf8"
)

// word is a word of a text, folded, and its place in the text.
type word struct {
	word     string
	from, to int
}

// words splits a text into words: letters and digits, "n't" and "'s" kept apart as their language wants.
func words(s string) []word {
	out := make([]word, 0, len(s)/6+1)
	for from, to := nextWord(s, 0); from < to; from, to = nextWord(s, to) {
		out = append(out, word{fold(s[from:to]), from, to})
	}
	return out
}

// fewWords reports whether a text has n words at most.
func fewWords(s string, n int) bool {
	for from, to := nextWord(s, 0); from < to; from, to = nextWord(s, to) {
		if n--; n < 0 {
			return false
		}
	}
	return true
}

// nextWord is where the first word at or behind i begins and ends; both are the end of s when there is none.
func nextWord(s string, i int) (from, to int) {
	for i < len(s) && wordRune(s, i) == 0 {
		i++
		for i < len(s) && !utf8.RuneStart(s[i]) {
			i++
		}
	}
	if i == len(s) {
		return i, i
	}
	return i, wordEnd(s, i)
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

// fold lowers a word and takes its accents off.
func fold(w string) string {
	for i := range len(w) {
		if c := w[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' {
			return string(appendFolded(make([]byte, 0, 64), w))
		}
	}
	return w
}

func appendFolded(b []byte, w string) []byte {
	for i := 0; i < len(w); {
		c := w[i]
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			b = append(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(w[i:])
		i += n
		r = unicode.ToLower(r)
		if plain, ok := accents[r]; ok {
			b = append(b, plain...)
		} else if !unicode.Is(unicode.Mn, r) {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
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
