package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func TestScenarioFacts(t *testing.T) {
	scan := &crawler.Scan{
		Scenarios: []crawler.Answer{
			{Scenario: crawler.NoChoice, Result: crawler.Answered, Banner: "Klaro"},
			{Scenario: crawler.Reject, Result: crawler.Answered, Banner: "Klaro"},
			{Scenario: crawler.GPC, Result: crawler.Answered},
		},
		Pages: []crawler.Page{
			{Scenario: crawler.NoChoice, Consent: &crawler.ConsentState{Banner: true, AcceptClicks: 1}},
			{Scenario: crawler.NoChoice, Consent: &crawler.ConsentState{
				Banner: true, Choice: true, AcceptClicks: 1, RejectClicks: 3, PreTicked: 2, USP: "1YNN",
				Modes: []crawler.ConsentMode{{Command: "default", Denied: []string{"ad_storage"}}},
			}},
			{Scenario: crawler.NoChoice},
			{Scenario: crawler.Reject, Consent: &crawler.ConsentState{Banner: true, Choice: true, RejectClicks: 2, Confirmed: "cookie klaro"}},
			{Scenario: crawler.GPC, Consent: &crawler.ConsentState{USP: "1YYN"}},
			{Scenario: "never run", Consent: &crawler.ConsentState{Banner: true}},
		},
	}
	facts := scenarioFacts(scan)
	require.Len(t, facts, 3)
	without, reject, gpc := facts[0], facts[1], facts[2]
	require.True(t, *without.Choice)
	require.Equal(t, []int{1, 3, 2}, []int{*without.AcceptClicks, *without.RejectClicks, *without.PreTicked})
	require.Equal(t, []string{"Google Consent Mode: no consent for ads", "US privacy: not opted out of sale"}, without.Told)
	require.Equal(t, 2, *reject.RejectClicks)
	require.Equal(t, "cookie klaro", reject.Confirmed)
	require.Empty(t, reject.Told)
	require.Nil(t, gpc.Choice, "no banner was seen")
	require.Nil(t, gpc.RejectClicks)
	require.Equal(t, []string{"US privacy: opted out of sale"}, gpc.Told)
}
