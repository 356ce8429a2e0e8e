package config

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A night is scanned once, also when the clocks are changed.
func TestClockChanges(t *testing.T) {
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "UTC"} {
		for _, line := range []string{"30 2 * * *", "0 0 * * *", "15 1 * * *", "59 23 * * *"} {
			t.Run(zone+" "+line, func(t *testing.T) {
				where, err := time.LoadLocation(zone)
				require.NoError(t, err)
				s, err := Schedule{Cron: Cron(line), Timezone: Timezone(zone)}.Of(&Site{})
				require.NoError(t, err)
				at := time.Date(2025, 12, 31, 23, 59, 30, 0, where)
				for day := at.AddDate(0, 0, 1); day.Year() == 2026; day = day.AddDate(0, 0, 1) {
					next := s.Next(at)
					require.Equal(t, day.Format(time.DateOnly), next.In(where).Format(time.DateOnly))
					require.True(t, next.After(at))
					at = next
				}
			})
		}
	}
}

func TestClock(t *testing.T) {
	for _, c := range []struct{ line, after, want string }{
		{"30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"}, // the hour from two to three is left out
		{"30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
		{"30 2 * * *", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"}, // half past two for the second time
		{"0 2,3 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{"0 2,3 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"},
		{"0 * * * *", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"}, // every hour, also the one that comes twice
		{"CRON_TZ=Asia/Tokyo 30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-28T17:30:00Z"},
		{"@daily", "2026-10-24T23:00:00Z", "2026-10-25T23:00:00Z"},
		{"@every 6h", "2026-10-25T00:00:00Z", "2026-10-25T06:00:00Z"},
	} {
		t.Run(c.line+" after "+c.after, func(t *testing.T) {
			s, err := Schedule{Cron: Cron(c.line), Timezone: "Europe/Berlin"}.Of(&Site{})
			require.NoError(t, err)
			after, err := time.Parse(time.RFC3339, c.after)
			require.NoError(t, err)
			require.Equal(t, c.want, s.Next(after).UTC().Format(time.RFC3339))
		})
	}
}
