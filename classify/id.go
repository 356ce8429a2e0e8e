package classify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// IDs are made of the kind, the template of the name and the place: "cookie _ga_* .shop.test". A template is the
// catalogue's pattern, or else the name with its numbers, hexadecimal runs and UUIDs as "*", so that the ID of
// tonight is that of last night. Whatever else two names differ in keeps them apart: control characters, bidirectional
// marks, bytes that are no UTF-8 and literal "*" and "\" are written as escapes, never dropped.

const (
	// maxNameBytes is how much of a name is kept; browsers refuse cookies of more than 4096 bytes, storage keys can
	// be megabytes.
	maxNameBytes = 4096
	// maxTemplateBytes is how long a template may be within an ID; what is longer is cut and told apart by a hash.
	maxTemplateBytes = 200
)

// template returns name in visible form with what varies replaced by "*".
func template(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); {
		if isUUID(name[i:]) {
			b.WriteByte('*')
			i += uuidLength
			continue
		}
		if !isAlnum(name[i]) {
			_, size := utf8.DecodeRuneInString(name[i:])
			b.WriteString(literal(name[i : i+size]))
			i += size
			continue
		}
		end := i
		for end < len(name) && isAlnum(name[end]) && !isUUID(name[end:]) {
			end++
		}
		b.WriteString(templateWord(name[i:end]))
		i = end
	}
	return b.String()
}

// templateWord is template for a run of letters and digits.
func templateWord(word string) string {
	if isNumber(word) || isHexRun(word) || isToken(word) {
		return "*"
	}
	var b strings.Builder
	for i := 0; i < len(word); {
		end := i
		for end < len(word) && isDigit(word[end]) {
			end++
		}
		switch {
		case end == i:
			b.WriteByte(word[i])
			end++
		case end-i >= 3: // "v4", "oauth2" and "utf8" are words; 3 digits and more are numbers
			b.WriteByte('*')
		default:
			b.WriteString(word[i:end])
		}
		i = end
	}
	return b.String()
}

func isNumber(word string) bool { return strings.Trim(word, "0123456789") == "" }

// isHexRun tells hexadecimal identifiers from words that happen to be spelled with a to f ("facade", "cafe24"): 8
// digits and letters or more with a figure among them, or 6 where letters and figures take turns.
func isHexRun(word string) bool {
	if strings.Trim(word, "0123456789abcdefABCDEF") != "" {
		return false
	}
	switch turns := turns(word); {
	case len(word) >= 8:
		return turns >= 1 || len(word) >= 16
	default:
		return len(word) >= 6 && turns >= 2
	}
}

// isToken tells random strings of letters and figures from words: 16 or more in which the two take turns four times.
func isToken(word string) bool { return len(word) >= 16 && turns(word) >= 4 }

// turns counts how often letters and figures follow one another.
func turns(word string) int {
	n := 0
	for i := 1; i < len(word); i++ {
		if isDigit(word[i]) != isDigit(word[i-1]) {
			n++
		}
	}
	return n
}

const uuidLength = 36

// isUUID reports whether s begins with a UUID in its usual form of 8-4-4-4-12.
func isUUID(s string) bool {
	if len(s) < uuidLength {
		return false
	}
	for i := range uuidLength {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !isHexDigit(s[i]) {
				return false
			}
		}
	}
	return len(s) == uuidLength || !isAlnum(s[uuidLength])
}

func isDigit(c byte) bool    { return '0' <= c && c <= '9' }
func isHexDigit(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
func isAlnum(c byte) bool    { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

// visible writes what cannot be seen as escapes.
func visible(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !unicode.IsGraphic(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// literal is visible for a part of a template, where stars and backslashes mean something.
func literal(s string) string {
	if s == "*" || s == `\` {
		return `\` + s
	}
	return visible(s)
}

// clipID cuts what is too long for an ID and keeps two long ones apart by a hash of the whole.
func clipID(s string) string {
	if len(s) <= maxTemplateBytes {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return clip(s, maxTemplateBytes) + "~" + hex.EncodeToString(sum[:6])
}

// clip returns at most n bytes of s and never half a rune.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// nameTemplate is the template of a cookie's or storage item's name. The catalogue's pattern wins when it fits the
// name; where it says no more than the name itself, what varies is found mechanically.
func nameTemplate(name string, known Identity) string {
	if p := known.Pattern; strings.Contains(p, "*") && globOf(p).match(name) {
		return p
	}
	return template(name)
}

// hasStar reports whether a template varies; an escaped "*" is a literal one.
func hasStar(template string) bool {
	for i := 0; i < len(template); i++ {
		switch template[i] {
		case '\\':
			i++
		case '*':
			return true
		}
	}
	return false
}
