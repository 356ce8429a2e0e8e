package classify

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var exemptionDay = time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC)

func exemptionResult() *Result {
	return &Result{
		Trackers: []Tracker{
			{ID: "cookie _fbp .shop.test", Name: "_fbp"},
			{ID: "cookie _ga_* .shop.test", Name: "_ga_AAA", Pattern: "_ga_*"},
		},
		Findings: []Finding{
			{ID: "undeclared cookie _fbp .shop.test", Tracker: "cookie _fbp .shop.test", Subject: "_fbp"},
			{ID: "before-consent cookie _fbp .shop.test", Tracker: "cookie _fbp .shop.test", Subject: "_fbp"},
			{ID: "undeclared cookie _ga_* .shop.test", Tracker: "cookie _ga_* .shop.test", Subject: "_ga_AAA"},
			{ID: "no-policy"},
			{ID: "broken-claim no-third-party", Subject: "no-third-party"},
		},
	}
}

func TestExemptionsCover(t *testing.T) {
	for _, c := range []struct {
		name string
		e    Exemption
		want []string
	}{
		{"a finding", Exemption{ID: "undeclared cookie _fbp .shop.test"}, []string{"undeclared cookie _fbp .shop.test"}},
		{"a tracker", Exemption{ID: "cookie _fbp .shop.test"}, []string{"undeclared cookie _fbp .shop.test", "before-consent cookie _fbp .shop.test"}},
		{"a finding of the site", Exemption{ID: "no-policy"}, []string{"no-policy"}},
		{"a claim by name", Exemption{Name: "no-third-party"}, []string{"broken-claim no-third-party"}},
		{"a name", Exemption{Name: "_fbp"}, []string{"undeclared cookie _fbp .shop.test", "before-consent cookie _fbp .shop.test"}},
		{"another name of the same template", Exemption{Name: "_ga_ZZZ"}, []string{"undeclared cookie _ga_* .shop.test"}},
		{"a pattern of findings", Exemption{Pattern: "undeclared *"}, []string{"undeclared cookie _fbp .shop.test", "undeclared cookie _ga_* .shop.test"}},
		{"a pattern of names", Exemption{Pattern: "_ga_*"}, []string{"undeclared cookie _ga_* .shop.test"}},
		{"part of a name", Exemption{Name: "_fb"}, nil},
		{"part of an ID", Exemption{ID: "undeclared"}, nil},
		{"nothing", Exemption{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			covered, unused := exemptionResult().Exempt([]Exemption{c.e}, exemptionDay)
			var got []string
			for _, one := range covered {
				require.False(t, one.Expired)
				got = append(got, one.Finding)
			}
			require.Equal(t, c.want, got)
			require.Equal(t, len(c.want) == 0, len(unused) == 1)
		})
	}
}

func TestExemptionsExpire(t *testing.T) {
	until := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name    string
		until   time.Time
		expired bool
	}{
		{"yesterday", until(27), true},
		{"today is its last day", until(28), false},
		{"tomorrow", until(29), false},
		{"never", time.Time{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			covered, unused := exemptionResult().Exempt([]Exemption{{ID: "no-policy", Until: c.until}}, exemptionDay)
			require.Empty(t, unused)
			require.Len(t, covered, 1)
			require.Equal(t, c.expired, covered[0].Expired)
		})
	}
	t.Run("one that holds goes first", func(t *testing.T) {
		list := []Exemption{{ID: "no-policy", Until: until(1)}, {Pattern: "no-*", Until: until(29), Reason: "later"}}
		covered, unused := exemptionResult().Exempt(list, exemptionDay)
		require.Empty(t, unused)
		require.Equal(t, "later", covered[0].Reason)
	})
}
