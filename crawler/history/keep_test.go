package history

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestKeep(t *testing.T) {
	const night = 24 * time.Hour
	now := time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC) // a Saturday
	var year []kept                                      // one a night, the newest first; its number is its age in days
	for age := range 365 {
		year = append(year, kept{id: int64(age), site: 1, started: now.AddDate(0, 0, -age), ended: true})
	}
	stay := func(k Keep, list []kept) (ids []int64) {
		old, _ := k.choose(list, now)
		gone := map[int64]bool{}
		for _, id := range old {
			gone[id] = true
		}
		for _, one := range list {
			if !gone[one.id] {
				ids = append(ids, one.id)
			}
		}
		return ids
	}
	require.Len(t, stay(Keep{}, year), 365)
	require.Equal(t, []int64{0, 1, 2, 3}, stay(Keep{Age: 3 * night}, year), "what is exactly as old stays")
	require.Equal(t, []int64{0, 1, 2, 3, 4}, stay(Keep{Age: night, Scans: 5}, year))
	require.Equal(t, []int64{364}, stay(Keep{Age: night}, year[364:]), "the newest stays")

	thin := stay(Keep{Every: 90 * night}, year)
	require.Len(t, thin, 91+39, "91 nights and the weeks before")
	for i := 92; i < len(thin); i++ {
		require.Equal(t, int64(7), thin[i]-thin[i-1], "a week lies between two")
	}
	require.Equal(t, thin[:20], stay(Keep{Every: 90 * night, Age: night, Scans: 20}, year)[:20])

	again := func(list []kept) (left []kept) { // pruning every night comes to the same in the end
		for _, id := range stay(Keep{Every: 90 * night}, list) {
			left = append(left, list[id])
		}
		return left
	}(year)
	require.Len(t, stay(Keep{Every: 90 * night}, again), len(thin))

	_, blind := Keep{Pictures: 30}.choose(year, now)
	require.Len(t, blind, 335)

	other := append(year[:3:3], kept{id: 900, site: 2, started: now.AddDate(-1, 0, 0), ended: true},
		kept{id: 901, site: 1, started: now.AddDate(-1, 0, 0)})
	require.Equal(t, []int64{0, 900, 901}, stay(Keep{Age: time.Microsecond}, other), "each site has its own, finished or not")
}
