package classify

import (
	"errors"
	"strings"
)

// errConsentString says that a consent string is none: too short, too long, of other characters or of another version.
var errConsentString = errors.New("not a consent string of a known form")

// maxConsentString bounds a consent string in bytes. A TC string with every vendor of the list consented has about 900
// vendors in two fields, which are 300 bytes; restrictions of publishers make the longest real ones a few thousand.
const maxConsentString = 16 << 10

// bitReader reads the bit fields of IAB consent strings, which are written in base64url at six bits a character. A
// field beyond the end reads as zeros and is remembered.
type bitReader struct {
	sextets []byte
	at      int // in bits
	short   bool
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// newBitReader refuses what is no base64url; padding and nothing at all are tolerated.
func newBitReader(s string) (*bitReader, error) {
	s = strings.TrimRight(s, "=")
	if len(s) > maxConsentString {
		return nil, errConsentString
	}
	r := &bitReader{sextets: make([]byte, len(s))}
	for i := range len(s) {
		v := strings.IndexByte(base64URL, s[i])
		if v < 0 {
			return nil, errConsentString
		}
		r.sextets[i] = byte(v)
	}
	return r, nil
}

func (r *bitReader) bit() bool {
	i := r.at / 6
	if i >= len(r.sextets) {
		r.short = true
		return false
	}
	set := r.sextets[i]>>(5-r.at%6)&1 == 1
	r.at++
	return set
}

// number reads n bits, most significant first.
func (r *bitReader) number(n int) int {
	v := 0
	for range n {
		v <<= 1
		if r.bit() {
			v |= 1
		}
	}
	return v
}

func (r *bitReader) skip(n int) {
	if r.at+n > 6*len(r.sextets) {
		r.short = true
	}
	r.at += n
}

// flags reads n bits and returns the numbers, from 1, of those that are set.
func (r *bitReader) flags(n int) []int {
	var set []int
	for i := 1; i <= n; i++ {
		if r.bit() {
			set = append(set, i)
		}
	}
	return set
}

// fibonacci reads a number in Fibonacci coding, as GPP headers have it: a sum of Fibonacci numbers, ended by 11. It is 0
// where there is none.
func (r *bitReader) fibonacci() int {
	const longest = 30 // terms: the sum stays below 3 million
	sum, before := 0, false
	for a, b, n := 1, 2, 0; n < longest && !r.short; a, b, n = b, a+b, n+1 {
		one := r.bit()
		if one && before {
			return sum
		}
		if one {
			sum += a
		}
		before = one
	}
	return 0
}
