package consent

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSpoken: a record that tells of each purpose says what was chosen, in whatever form; one that agrees to some, tells
// of none or is no record says nothing.
func TestSpoken(t *testing.T) {
	for value, want := range map[string]Button{
		`{"necessary":true,"analytics":true,"marketing":true}`:                                     Accept,
		`{"necessary":true,"analytics":false,"marketing":false}`:                                   Reject,
		`{"date":"2026-01-01","necessary":true,"performance":false,"analytics":false}`:             Reject,
		`{"choices":{"required":true,"statistics":"granted"},"version":3}`:                         Accept,
		`%7B%22ad_targeting%22%3A%22denied%22%2C%22technical%22%3A%22granted%22%7D`:                Reject,
		`eyJjaG9pY2VzIjp7Im5lY2Vzc2FyeSI6dHJ1ZSwiYW5hbHl0aWNzIjpmYWxzZSwibWFya2V0aW5nIjpmYWxzZX19`: Reject,
		`{"necessary":true,"analytics":true,"marketing":false}`:                                    Other,
		`{"necessary":true}`:                         Other,
		`{"analytics":{"sent":12,"next":"2026"}}`:    Other,
		`{"user":"8f14e45fceea167a","marketing":""}`: Other,
		"true": Other, "": Other, `{"analytics":`: Other,
	} {
		item := Item{Kind: "cookie", Name: "x1", Value: value}
		require.Equal(t, want, item.choices(), value)
		for _, answer := range []Button{Accept, Reject} {
			require.Equal(t, answer == want, Stored{item}.Spoken(answer) != nil, value)
		}
	}
}

// TestGenericContradicted: a record is no evidence of an answer that it tells the opposite of.
func TestGenericContradicted(t *testing.T) {
	record := Stored{{Kind: "cookie", Name: "shop_choix", Value: `{"necessary":true,"analytics":false}`}}
	require.NotNil(t, record.Generic(Reject))
	require.Nil(t, record.Generic(Accept))
}
