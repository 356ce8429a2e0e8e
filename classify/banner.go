package classify

import (
	"slices"

	"trackscan/crawler"
)

// banner is how the site asks for consent, by all pages together. The zero value stands for no banner.
type banner struct {
	shown   bool
	asks    bool   // it offers a choice; false for a notice that only informs
	manager string // empty when it is not known
	rejects int    // most clicks that rejecting was seen to take; 0 when no way was seen
}

func bannerOf(scan *crawler.Scan) banner {
	var b banner
	managers := []string{}
	for i := range scan.Pages {
		c := scan.Pages[i].Consent
		if c == nil || !c.Banner {
			continue
		}
		b.shown, b.asks = true, b.asks || c.Choice
		b.rejects = max(b.rejects, c.RejectClicks)
		managers = append(managers, c.Manager)
	}
	for _, a := range scan.Scenarios {
		if a.Banner != "" {
			b.shown = true
			managers = append(managers, a.Banner)
		}
	}
	slices.Sort(managers)
	for _, m := range managers {
		if m != "" {
			b.manager = m
			break
		}
	}
	return b
}

// outcome returns what came of a scenario, empty when it was not run.
func (j *judge) outcome(s crawler.Scenario) crawler.Outcome {
	for _, a := range j.scan.Scenarios {
		if a.Scenario == s {
			return a.Result
		}
	}
	return ""
}

// soughtBanner reports whether a banner was looked for and none was there: a scenario that would answer it does not
// apply. A scan without such a scenario, and one by a version that knew no banners, says nothing.
func (j *judge) soughtBanner() bool {
	return !j.banner.shown && (j.outcome(crawler.Accept) == crawler.NotApplicable || j.outcome(crawler.Reject) == crawler.NotApplicable)
}

// noWayToReject reports whether there is a banner that cannot be rejected: somebody looked for a way, also behind its
// settings, and found none, or it does not ask at all.
func (j *judge) noWayToReject() bool {
	switch {
	case !j.banner.shown, j.banner.rejects > 0:
		return false
	case j.outcome(crawler.Reject) == crawler.NotApplicable:
		return true
	default:
		return !j.banner.asks && j.outcome(crawler.Reject) == ""
	}
}
