package discover

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// A name that turns out to be near when it is looked up is refused, unless it is the site's.
func TestGuardChecksWhatNamesMean(t *testing.T) {
	g := newGuard(Options{})
	g.Trust("http://www.shop.test/")
	require.ErrorIs(t, g.checkDialled("rebound.test", "127.0.0.1:80"), crawler.ErrNearby)
	require.ErrorIs(t, g.checkDialled("rebound.test", "[::1]:80"), crawler.ErrNearby)
	require.Error(t, g.checkDialled("rebound.test", "rubbish"))
	require.NoError(t, g.checkDialled("www.shop.test", "127.0.0.1:80"), "the site is on this machine itself")
	require.NoError(t, g.checkDialled("rebound.test", "127.0.0.1:80"))
}

func TestPauseOf(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	cases := map[string]time.Duration{
		"":                              defaultPause,
		"0":                             0,
		"7":                             7 * time.Second,
		"-1":                            defaultPause,
		"soon":                          defaultPause,
		"99999999999999999999":          defaultPause,
		"Fri, 02 Jan 2026 03:04:15 GMT": 10 * time.Second,
		"Fri, 02 Jan 2026 03:00:00 GMT": 0,
	}
	for header, want := range cases {
		require.Equal(t, want, pauseOf(header, now), header)
	}
}
