package classify

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUSPrivacy(t *testing.T) {
	for s, want := range map[string]grant{"1YNN": granted, "1YYN": denied, "1---": untold, "1ynn": granted, "1NYY": denied} {
		got, err := ParseUSPrivacy(s)
		require.NoError(t, err, s)
		require.Equal(t, want, got.sale(), s)
	}
	for _, s := range []string{"", "1", "1YN", "1YNNN", "2YNN", "1XNN", "1YN\x00", "0123456789"} {
		_, err := ParseUSPrivacy(s)
		require.ErrorIs(t, err, errConsentString, s)
	}
}

func FuzzUSPrivacy(f *testing.F) {
	f.Add("1YNN")
	f.Add("1---")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseUSPrivacy(s)
		require.Equal(t, err != nil, got == USPrivacy{})
	})
}
