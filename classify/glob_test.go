package classify

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGlob(t *testing.T) {
	for _, tc := range []struct {
		pattern string
		match   []string
		miss    []string
	}{
		{"_ga", []string{"_ga"}, []string{"_gat", "_GA", ""}},
		{"_ga_*", []string{"_ga_", "_ga_ABC"}, []string{"_ga", "x_ga_A"}},
		{"mp_*_mixpanel", []string{"mp_1_mixpanel", "mp_a_mixpanel_b_mixpanel"}, []string{"mp_mixpanel", "mp_1_mixpanelx"}},
		{"*_consent", []string{"a_consent", "_consent"}, []string{"a_consents"}},
		{"a*b*c", []string{"abc", "axbxc"}, []string{"acb", "ab"}},
		{"ab*ba", []string{"abba", "abxba"}, []string{"aba"}},
	} {
		g := globOf(tc.pattern)
		for _, name := range tc.match {
			require.True(t, g.match(name), "%s %s", tc.pattern, name)
		}
		for _, name := range tc.miss {
			require.False(t, g.match(name), "%s %s", tc.pattern, name)
		}
	}
}

func TestDeclaredGlob(t *testing.T) {
	for declared, want := range map[string]string{
		"_ga":                               "_ga",
		" _ga_* ":                           "_ga_*",
		"“_ga”":                             "_ga",
		"_ga_<container-id>":                "_ga_*",
		"_hjSession_{site_id}":              "_hjSession_*",
		"mp_[token]_mixpanel":               "mp_*_mixpanel",
		"AMCV_xxxxxAdobeOrg":                "AMCV_*AdobeOrg",
		"AMCV_XXXXX@AdobeOrg":               "AMCV_*@AdobeOrg",
		"_gat_UA-XXXXXX-X":                  "_gat_UA-*-*",
		"_ga_XX":                            "_ga_*",
		"_ga_#":                             "_ga_*",
		"_pk_id#":                           "_pk_id*",
		"_gat_##":                           "_gat_*",
		"Smartfocus#lang":                   "Smartfocus#lang",
		"intercom-id-...":                   "intercom-id-*",
		"intercom-id-…":                     "intercom-id-*",
		"rl_":                               "rl_*",
		"exxon":                             "exxon",
		"X-AB":                              "X-AB",
		"x":                                 "x",
		"xx":                                "*",
		"a**b":                              "a*b",
		"cookie<":                           "cookie<",
		"a<>b":                              "a<>b",
		"%uid%_seen":                        "*_seen",
		"100%":                              "100%",
		"<" + strings.Repeat("a", 99) + ">": "<" + strings.Repeat("a", 99) + ">",
	} {
		require.Equal(t, want, strings.Join(declaredGlob(declared).literals, "*"), "%q", declared)
	}
}

func FuzzDeclaredGlob(f *testing.F) {
	for _, seed := range []string{"_ga_<id>", "xxX##", "{{}}", "%%", "[", "…*...", "\xff"} {
		f.Add(seed, "_ga_1")
	}
	f.Fuzz(func(t *testing.T, declared, name string) {
		g := declaredGlob(declared)
		g.match(name)
		if g.exact() {
			require.True(t, g.match(g.literals[0]))
		}
		require.LessOrEqual(t, g.weight(), len(declared))
	})
}
