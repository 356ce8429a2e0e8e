package classify

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWithinLifetime(t *testing.T) {
	for _, tc := range []struct {
		name             string
		stored, declared float64
		want             bool
	}{
		{"as declared", 30, 30, true},
		{"a day more", 31, 30, true},
		{"two days more", 32.1, 30, false},
		{"5 percent of a year", 383, 365, true},
		{"more than 5 percent of a year", 384, 365, false},
		{"two years declared, capped", 400, 730, true},
		{"13 months for one year", 396, 365, false},
		{"an hour and a quarter", 1.24 / 24, 1.0 / 24, true},
		{"two hours for one", 2.0 / 24, 1.0 / 24, false},
		{"a day declared", 2, 1, true},
		{"session for a session", 0, 0, true},
		{"half an hour for a session", 30.0 / (24 * 60), 0, true},
		{"a day for a session", 1, 0, false},
		{"session for a year", 0, 365, true},
	} {
		require.Equal(t, tc.want, withinLifetime(tc.stored, tc.declared), tc.name)
	}
}

func TestInWords(t *testing.T) {
	for days, want := range map[float64]string{
		0: "until the browser is closed", 0.0000001: "1 minute", 1.0 / (24 * 60): "1 minute", 30.0 / (24 * 60): "30 minutes",
		1.0 / 24: "1 hour", 1: "24 hours", 2: "2 days", 395.69: "396 days", 400: "400 days",
	} {
		require.Equal(t, want, inWords(days), "%v", days)
	}
}
