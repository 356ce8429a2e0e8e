package report

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// Each scenario has its own warning: what failed after an answer was seen without one.
func TestWarnings(t *testing.T) {
	const stopped, broken, journey = crawler.WhyInterrupted, "no answer within 30s", "on the journey through the first pages: "
	failed := func(s crawler.Scenario, why string, paths ...int) (out []crawler.Failure) {
		for _, i := range paths {
			out = append(out, crawler.Failure{URL: pagePath(i), Scenario: s, Stage: crawler.StageRender, Error: why})
		}
		return out
	}
	for _, c := range []struct {
		name     string
		failures []crawler.Failure
		reject   crawler.Outcome
		want     []string
	}{
		{"whole", nil, crawler.Answered, []string{}},
		{"pages", failed(crawler.NoChoice, broken, 4, 5), crawler.Answered, []string{"2 of 6 pages could not be opened, so this list may be incomplete."}},
		{"stopped at once", failed(crawler.NoChoice, stopped, 4), crawler.NotConfirmed, []string{
			"The scan was stopped before 1 of 5 pages had been seen, so this list may be incomplete.", "What happens after reject is not known.",
		}},
		{"stopped while rejecting", failed(crawler.Reject, stopped, 0, 1, 2, 3), crawler.Answered, []string{
			"The scan was stopped before 4 of 4 pages had been seen after reject, so what happens there then may be missing here.",
		}},
		{"no time left", failed(crawler.Reject, stopped+": out of time", 3), crawler.Answered, []string{
			"The scan was stopped before 1 of 4 pages had been seen after reject, so what happens there then may be missing here.",
		}},
		{"both", slices.Concat(failed(crawler.NoChoice, broken, 4), failed(crawler.Reject, broken, 1)), crawler.Answered, []string{
			"1 of 5 pages could not be opened, so this list may be incomplete.",
			"1 of 5 pages could not be opened after reject, so what happens there then may be missing here.",
		}},
		{"a journey", failed(crawler.NoChoice, journey+broken, 0), crawler.Answered, []string{
			"The way from page to page could not be gone to its end, so what only shows on a second page may be missing here.",
		}},
		{"the banner", []crawler.Failure{{URL: shop, Scenario: crawler.Reject, Stage: crawler.StageConsent, Error: "it did not close"}}, crawler.NotConfirmed, []string{
			"What happens after reject is not known.",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judged{scan: newScan(4)}
			j.scan.Failures = c.failures
			j.scan.Scenarios = append(j.scan.Scenarios, crawler.Answer{Scenario: crawler.Reject, Result: c.reject, Why: "it did not close"})
			require.Equal(t, c.want, mapped(j.report().Warnings, func(w Warning) string { return w.Text }))
		})
	}
}
