package classify

import (
	"math"
	"strconv"
)

const (
	// sessionDays is the 30 minutes without activity after which analytics services end what they call a session:
	// a cookie kept no longer than that is no breach of "session".
	sessionDays = 30.0 / (24 * 60)
	// longestDays is the cap that browsers put on lifetimes.
	longestDays = 400
	// slackShare and slackDays are the slack of CONTRACT: 5 percent or one day, whichever is more.
	slackShare, slackDays = 0.05, 1.0
	// shortShare is the slack where less than a day is declared.
	shortShare = 0.25
)

// withinLifetime reports whether what is stored for so many days keeps to what is declared; 0 is a session for both.
func withinLifetime(stored, declared float64) bool {
	switch {
	case declared <= 0:
		return stored <= sessionDays
	case declared < 1:
		return stored <= declared*(1+shortShare)
	default:
		return stored <= declared+math.Max(slackDays, declared*slackShare)
	}
}

// outlives reports whether f is kept for longer than the policy says; what is removed again at once is not kept.
func (f *found) outlives() bool {
	return !f.Transient && f.LifetimeDays != nil && f.DeclaredDays != nil && !withinLifetime(*f.LifetimeDays, *f.DeclaredDays)
}

// inWords says how long so many days are.
func inWords(days float64) string {
	switch {
	case days <= 0:
		return "until the browser is closed"
	case days < 1.0/24:
		return count(days*24*60, "minute")
	case days < 2:
		return count(days*24, "hour")
	default:
		return count(days, "day")
	}
}

func count(n float64, unit string) string {
	rounded := int64(math.Max(1, math.Round(n)))
	if rounded == 1 {
		return "1 " + unit
	}
	return strconv.FormatInt(rounded, 10) + " " + unit + "s"
}
