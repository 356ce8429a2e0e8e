package classify

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func TestGoogleConsent(t *testing.T) {
	for _, tc := range []struct{ gcs, gcd, words string }{
		{"G100", "", "no consent for ads or analytics"},
		{"G111", "", "consent for ads and analytics"},
		{"G101", "", "consent for analytics, not for ads"},
		{"G110", "", "consent for ads, not for analytics"},
		{"G1--", "", ""},
		{"", "13p3p3p3p5l1", "no consent for ads or analytics"},
		{"", "13l3l3l3l1l1", ""},
		{"", "11t1t1t1t5", "consent for ads and analytics"},
		{"", "13r3u3r3r5", "consent for ads, not for analytics"},
		{"G111", "13t3t3t3p5", "consent for ads and analytics, not for personalised ads"},
		{"G101", "13p3v3p3p5l1", "consent for analytics, not for ads"},
		{"G111", "13v3v3q3m5", "consent for ads and analytics, not for sending user data for ads or personalised ads"},
	} {
		var c GoogleConsent
		for value, parse := range map[string]func(string) (GoogleConsent, error){tc.gcs: ParseGCS, tc.gcd: ParseGCD} {
			if value != "" {
				one, err := parse(value)
				require.NoError(t, err, value)
				c = c.and(one)
			}
		}
		require.Equal(t, tc.words, c.words(), tc.gcs+tc.gcd)
	}
}

func TestHostileGoogleConsent(t *testing.T) {
	for _, s := range []string{"", "G", "G1", "G10", "G200", "g100", "G1000000", "G1ab", "G10\x00", "*", strings.Repeat("G1", 1<<20)} {
		_, err := ParseGCS(s)
		require.ErrorIs(t, err, errConsentString, s[:min(len(s), 20)])
	}
	for _, s := range []string{"", "13", "13p3p3p", "xxp3p3p3p5", "13P3P3P3P5", "13p3p3p3p\xff", "*", strings.Repeat("1", 1<<20)} {
		_, err := ParseGCD(s)
		require.ErrorIs(t, err, errConsentString, s[:min(len(s), 20)])
	}
}

func TestConsentModeCommands(t *testing.T) {
	all := []string{"ad_storage", "analytics_storage", "ad_user_data", "ad_personalization"}
	defaults := crawler.ConsentMode{Command: "default", Denied: all}
	require.Equal(t, "no consent for ads or analytics", consentOf([]crawler.ConsentMode{defaults}).words())
	update := crawler.ConsentMode{Command: "update", Granted: []string{"analytics_storage"}}
	require.Equal(t, "consent for analytics, not for ads", consentOf([]crawler.ConsentMode{update, defaults}).words(),
		"an update counts before a default that comes late")
	require.Empty(t, consentOf(nil).words())
	require.Empty(t, consentOf([]crawler.ConsentMode{{Command: "\x00", Granted: all}, {Command: "update", Denied: []string{"x"}}}).words())
}

func FuzzGoogleConsent(f *testing.F) {
	f.Add("G100", "13p3p3p3p5l1")
	f.Add("G1--", "11t1t1t1t5")
	f.Fuzz(func(t *testing.T, gcs, gcd string) {
		a, errA := ParseGCS(gcs)
		b, errB := ParseGCD(gcd)
		require.True(t, errA == nil || a == GoogleConsent{})
		require.True(t, errB == nil || b == GoogleConsent{})
		require.Less(t, len(a.and(b).words()), 120)
	})
}
