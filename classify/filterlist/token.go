package filterlist

import "strings"

// Tokens are what the index knows rules by: runs of letters and digits that every matching address must hold whole.

// tokensOf appends the keys of the tokens of text, a pattern or what literals returns. A token counts only when both
// its borders are fixed: what precedes or follows is a character of the text, not "*", not "\x00", and not an open end.
func tokensOf(keys []uint64, text string, startFixed, endFixed bool) []uint64 {
	for i := 0; i < len(text); i++ {
		if !isWord(text[i]) {
			continue
		}
		start := i
		for i < len(text) && isWord(text[i]) {
			i++
		}
		if fixed(text, start-1, startFixed) && fixed(text, i, endFixed) {
			keys = append(keys, tokenKey(text[start:i]))
		}
	}
	return keys
}

// fixed tells whether the character at text[i] is known not to belong to a token.
func fixed(text string, i int, beyond bool) bool {
	if i < 0 || i >= len(text) {
		return beyond
	}
	return text[i] != '*' && text[i] != 0
}

// commonTokens stand in so many addresses that a rule kept under one of them is tried far too often. Their weights, in
// rules, set them behind all others, the commonest last.
var commonTokens = weights(map[uint32]string{
	1 << 20: "org co uk de io js css php html png gif jpg svg min static assets cdn images img api v1 v2 v3 1 2 0 id " +
		"index main script scripts data wp content plugins",
	1 << 22: "www com net",
	1 << 24: "http https",
})

func weights(lists map[uint32]string) map[uint64]uint32 {
	table := map[uint64]uint32{}
	for weight, tokens := range lists {
		for token := range strings.FieldsSeq(tokens) {
			table[tokenKey(token)] = weight
		}
	}
	return table
}
