package classify

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Strings made by IAB's library: nothing consented to; purposes 1, 2, 7 and 8 and five vendors.
const (
	tcNothing = "CQuZP8AQuZP8AAKACAENBkEAAAAAAAAAAAAAAAAAAAAA.IJYQAYAAglgA"
	tcSome    = "CQuZP8AQuZP8AAKACAENBkEIAMMAAAAAAAAAGQQBIAAgAEAAUBeYDIAAAAAA.IJYQAYAAglgA"
)

func TestTCString(t *testing.T) {
	nothing, err := ParseTCString(tcNothing)
	require.NoError(t, err)
	require.Equal(t, TCString{CMP: 10}, nothing)
	require.Equal(t, "no consent for any purpose", nothing.words())

	some, err := ParseTCString(tcSome)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 7, 8}, some.Purposes)
	require.Equal(t, []int{1, 2, 5, 755, 800}, some.Vendors)
	require.Equal(t, []int{1}, some.SpecialFeatures)
	require.Equal(t, "consent for purposes 1, 2, 7, 8 of 11 and 5 vendors", some.words())

	core, _, _ := strings.Cut(tcSome, ".")
	alone, err := ParseTCString(core)
	require.NoError(t, err)
	require.Equal(t, some, alone, "segments behind the core say nothing about the choice")
}

func TestHostileTCStrings(t *testing.T) {
	for name, s := range map[string]string{
		"empty": "", "only segments": ".IJYQ", "version 1": "B" + tcSome[1:], "cut": tcSome[:30], "cut in the vendors": tcSome[:50],
		"other characters": strings.Replace(tcSome, "Q", "!", 1), "a name": "C-shop-visitor-0123456789", "bytes": "C\x00\xff",
		"megabytes":                          strings.Repeat("C", 1<<20),
		"as many vendors as can be, no bits": craft(4, ones(16), zeros(1)),
		"a range that runs backwards":        craft(4, ones(16), ones(1), number(12, 1), ones(1), number(16, 9), number(16, 8)),
		"a range beyond the highest":         craft(4, number(16, 5), ones(1), number(12, 1), ones(1), number(16, 1), number(16, 6)),
		"vendor 0":                           craft(4, number(16, 5), ones(1), number(12, 1), zeros(1), number(16, 0)),
		"thousands of the largest range": craft(4, ones(16), ones(1), ones(12),
			slices.Concat(slices.Repeat([]bool{true}, 1), number(16, 1), ones(16))),
	} {
		_, err := ParseTCString(s)
		require.ErrorIs(t, err, errConsentString, name)
	}
	bomb := slices.Concat(ones(16), ones(1), number(12, 500))
	for range 500 {
		bomb = slices.Concat(bomb, ones(1), number(16, 1), ones(16))
	}
	_, err := ParseTCString(craft(0, bomb))
	require.ErrorIs(t, err, errConsentString, "the same 65,535 vendors 500 times")
}

// craft makes a core of zeros with these fields in place of the vendors, and some spare characters.
func craft(spare int, fields ...[]bool) string {
	bits := slices.Concat(number(6, 2), zeros(207), slices.Concat(fields...))
	bits = append(bits, zeros(6-len(bits)%6)...)
	var b strings.Builder
	for i := 0; i < len(bits); i += 6 {
		v := 0
		for _, bit := range bits[i : i+6] {
			v <<= 1
			if bit {
				v |= 1
			}
		}
		b.WriteByte(base64URL[v])
	}
	return b.String() + strings.Repeat("A", spare)
}

func number(n, v int) []bool {
	bits := make([]bool, n)
	for i := range n {
		bits[n-1-i] = v>>i&1 == 1
	}
	return bits
}

func ones(n int) []bool  { return slices.Repeat([]bool{true}, n) }
func zeros(n int) []bool { return make([]bool, n) }

func FuzzTCString(f *testing.F) {
	f.Add(tcNothing)
	f.Add(tcSome)
	f.Add(craft(4, ones(16), zeros(1)))
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseTCString(s)
		if err != nil {
			require.Equal(t, TCString{}, got)
			return
		}
		for _, list := range [][]int{got.Purposes, got.Interests, got.SpecialFeatures, got.Vendors, got.InterestVendors} {
			require.True(t, slices.IsSorted(list))
			require.LessOrEqual(t, len(list), 1<<16)
		}
		require.NotEmpty(t, got.words())
	})
}
