package classify

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVendorNames(t *testing.T) {
	linkedIn := &Vendor{Name: "LinkedIn Insight Tag", Owner: "Microsoft"}
	clarity := &Vendor{Name: "Microsoft Clarity", Owner: "Microsoft"}
	forensics := &Vendor{Name: "Lead Forensics", Owner: "Fiftyfive and Five"}
	live := &Vendor{Name: "Live Chat", Owner: "Text"}
	for _, tc := range []struct {
		declared string
		vendor   *Vendor
		want     bool
	}{
		{"Google Analytics", googleAnalytics, true},
		{"google analytics 4", googleAnalytics, true},
		{"Google Universal Analytics", googleAnalytics, false},
		{"Universal Analytics", googleAnalytics, true},
		{"Google Analytics cookies", googleAnalytics, true},
		{"GoogleAnalytics", googleAnalytics, true},
		{"Google", googleAnalytics, true},
		{"Google Inc.", googleAnalytics, true},
		{"Google LLC", doubleClick, true},
		{"Google Analytics", doubleClick, false},
		{"Google Analytics (Google Ireland Ltd)", googleAnalytics, true},
		{"Google Analytics (Google Ireland Ltd)", doubleClick, false},
		{"Google Analytics by Google", doubleClick, false},
		{"Google Analytics, Google LLC", doubleClick, false},
		{"Google Analytics and DoubleClick", doubleClick, true},
		{"Google, Facebook", metaPixel, true},
		{"Alphabet (Google Analytics)", googleAnalytics, true},
		{"Facebook Pixel", metaPixel, true},
		{"Facebook", metaPixel, true},
		{"Meta/Facebook Pixel", metaPixel, true},
		{"Meta Platforms Ireland Limited", metaPixel, false},
		{"Hotjar Ltd.", hotjar, true},
		{"Hotjar Insights", hotjar, true},
		{"Hot", hotjar, false},
		{"LinkedIn", linkedIn, true},
		{"LinkedIn Insight", linkedIn, true},
		{"Microsoft", linkedIn, true},
		{"LinkedIn Corporation", linkedIn, true},
		{"Microsoft Clarity", clarity, true},
		{"Clarity", clarity, false},
		{"Microsoft Advertising", clarity, false},
		{"Lead Forensics", forensics, true},
		{"Lead", forensics, false},
		{"Live", live, false},
		{"", hotjar, false},
		{"()", hotjar, false},
		{"Inc.", hotjar, false},
	} {
		keys, _ := vendorKeys(tc.vendor)
		got := slices.ContainsFunc(declaredKeys(tc.declared), func(k string) bool { return slices.Contains(keys, k) })
		require.Equal(t, tc.want, got, "%q for %s", tc.declared, tc.vendor.Name)
	}
}

func TestAsDomain(t *testing.T) {
	for name, want := range map[string]string{
		"doubleclick.net": "doubleclick.net", "*.DoubleClick.net": "doubleclick.net", ".ads.doubleclick.net": "doubleclick.net",
		"https://www.stats.test/privacy": "stats.test", "www.linkedin.com": "linkedin.com", "google.com": "google.com",
		"analytics.google.com": "analytics.google.com", "Google": "", "Google Analytics": "", "": "", ".": "", "*": "",
		"me@shop.test": "", "shop.co.uk": "shop.co.uk",
	} {
		require.Equal(t, want, asDomain(name), "%q", name)
	}
}

func TestCovering(t *testing.T) {
	require.Equal(t, []string{"a.b.stats.test", "b.stats.test", "stats.test"}, covering("a.b.stats.test"))
	require.Equal(t, []string{"127.0.0.1"}, covering("127.0.0.1"))
	require.Equal(t, []string{""}, covering(""))
}

func FuzzDeclaredKeys(f *testing.F) {
	for _, seed := range []string{"Meta/Facebook Pixel", "Google Analytics (Google Ireland Ltd)", "(((", ",/ and ", "\xff by \x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, key := range declaredKeys(name) {
			require.NotEmpty(t, key)
		}
		asDomain(name)
	})
}
