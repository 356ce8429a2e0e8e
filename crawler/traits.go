package crawler

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"
)

// identifierBytes is the shortest token that can tell visitors apart in practice: 8 hex digits are 32 bits, enough for
// every visitor of a site (Acar et al. 2014, "The Web Never Forgets", use the same lower bound for identifier strings).
const identifierBytes = 8

// TraitsOf describes a value without keeping it. The salt is that of the scan: equal values have equal hashes within
// one scan and tell nothing outside of it.
func TraitsOf(value string, salt []byte) Traits {
	t := Traits{Length: len(value), Entropy: math.Round(entropy(value)*100) / 100, Identifier: hasIdentifier(value)}
	if value != "" {
		mac := hmac.New(sha256.New, salt)
		mac.Write([]byte(value))
		t.Hash = hex.EncodeToString(mac.Sum(nil)[:8])
	}
	return t
}

// entropy is the Shannon entropy of s in bits per byte, over at most its first 4 KB.
func entropy(s string) float64 {
	s = s[:min(len(s), 4<<10)]
	if s == "" {
		return 0
	}
	var count [256]int
	for i := range len(s) {
		count[s[i]]++
	}
	var bits float64
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// LooksLikeIdentifier reports whether a part of the value looks like it was made for one visitor.
func LooksLikeIdentifier(value string) bool { return hasIdentifier(value) }

// hasIdentifier reports whether a part of the value looks like it was made for one visitor. Values with structure
// (JSON, "GA1.2.123.456", "a=b&c=d") are judged part by part.
func hasIdentifier(value string) bool {
	value = value[:min(len(value), 4<<10)]
	value = strings.NewReplacer("%22", " ", "%2C", " ", "%3A", " ", "%7B", " ", "%7D", " ", "%20", " ", "%3D", " ",
		"%26", " ", "%7C", " ", "%2F", " ").Replace(value)
	if isUUID(strings.TrimSpace(value)) {
		return true
	}
	tokens := strings.FieldsFunc(value, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	})
	times := 0
	for i, token := range tokens {
		if isTimestamp(token) {
			times++
		}
		// "random.time" is the usual shape of a visitor's number, and the random part may look like a time itself.
		if isIdentifier(token) || times == 2 {
			return true
		}
		if i+4 < len(tokens) && isUUID(strings.Join(tokens[i:i+5], "-")) {
			return true
		}
	}
	return false
}

// isIdentifier judges one token of letters and digits.
func isIdentifier(token string) bool {
	if len(token) < identifierBytes || isTimestamp(token) {
		return false
	}
	var digits, lower, upper, runs int
	class := byte(0)
	for i := range len(token) {
		var c byte
		switch b := token[i]; {
		case b >= '0' && b <= '9':
			digits, c = digits+1, 'd'
		case b >= 'a':
			lower, c = lower+1, 'l'
		default:
			upper, c = upper+1, 'u'
		}
		if c != class {
			class, runs = c, runs+1
		}
	}
	switch {
	case digits == len(token): // 20260101 is a date, 123456789 a number given out
		return len(token) >= 9 || !strings.HasPrefix(token, "20") && !strings.HasPrefix(token, "19")
	case digits > 0:
		return runs >= 4 || len(token) >= 16 || isHex(token)
	case lower > 0 && upper > 0: // words in camel case change class once a word
		return len(token) >= 16 && runs*3 > len(token)
	default:
		return len(token) >= 20 && entropy(token) > 3.5
	}
}

// isTimestamp recognises seconds and milliseconds since 1970 for the years 2014 to 2033.
func isTimestamp(s string) bool {
	return (len(s) == 10 || len(s) == 13) && s[0] == '1' && s[1] >= '4' && strings.Trim(s, "0123456789") == ""
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == "" || strings.Trim(s, "0123456789ABCDEF") == ""
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (s[i] == '-') {
			return false
		}
	}
	return isHex(strings.ReplaceAll(strings.ToLower(s), "-", ""))
}
