package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestLifetime(t *testing.T) {
	for _, c := range []struct {
		days *float64
		want string
	}{
		{nil, ""},
		{days(0), "session"},
		{days(-1), "session"},
		{days(0.0001), "1 minute"},
		{days(0.0208), "30 minutes"},
		{days(0.5), "12 hours"},
		{days(1), "1 day"},
		{days(1.5), "36 hours"},
		{days(2), "2 days"},
		{days(90), "90 days"},
		{days(365), "1 year"},
		{days(400), "400 days"},
		{days(730), "2 years"},
		{days(1e9), "for ever"},
	} {
		require.Equal(t, c.want, lifetime(c.days))
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"https://www.shop.test/a/very/long/path/pixel.gif", 24, "https://www.sho…ixel.gif"},
		{"日本語日本語", 8, "日本…語"},
		{"abc", 1, "…"},
		{"abc", 0, ""},
	} {
		require.Equal(t, c.want, fit(c.in, c.n))
	}
}

func TestWrap(t *testing.T) {
	require.Equal(t, []string{"one two", "three"}, wrap("one two three", 8))
	require.Equal(t, []string{"a", "abcd…xyz", "b"}, wrap("a abcdefghijklmnopqrstuvwxyz b", 8))
	require.Empty(t, wrap("  ", 8))
}

func FuzzWrap(f *testing.F) {
	f.Add("one two three", 8)
	f.Add("日本語 "+strings.Repeat("x", 50), 3)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = 1 + n&0x7f
		for _, line := range wrap(visible(s), n) {
			require.LessOrEqual(t, columns(line), n)
			require.True(t, utf8.ValidString(line))
		}
	})
}

func TestFormatsAreFoundByNameAndFile(t *testing.T) {
	names := map[string]bool{}
	for _, f := range Formats {
		require.False(t, names[f.Name], f.Name)
		names[f.Name] = true
		for _, ext := range f.Extensions {
			found, ok := FormatOf("a/b.c/report" + strings.ToUpper(ext))
			require.True(t, ok)
			require.Equal(t, f.Name, found.Name)
		}
	}
	_, ok := FormatNamed("pdf")
	require.False(t, ok)
	_, ok = FormatOf("report")
	require.False(t, ok)
}
