package crawler_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func TestTraitsIdentifier(t *testing.T) {
	identifiers := []string{
		"GA1.2.1234567890.1700000000", "GA1.2.1587654321.1700000000", "fb.1.1700000000000.1876543210", "fb.1.1700000000000.987654321", "7f3a9c0d12", "f47ac10b-58cc-4372-a567-0e02b2c3d479",
		"%7B%22distinct_id%22%3A%220190f1c2d3e4%22%7D", "CAESEPx1Yq9m3Kc0Zr7B", "uid=123456789", "A1b2C3d4E5", "0123456789ab.1",
	}
	for _, v := range identifiers {
		require.True(t, crawler.TraitsOf(v, nil).Identifier, v)
	}
	others := []string{
		"", "1", "true", "accepted", "de-DE", "1700000000", "1700000000000", "20261122", "2026-11-22", "necessary,analytics",
		"Europe/Berlin", "darkModeEnabled", "{\"theme\":\"dark\"}", "no_consent_given_yet", "1920x1080", "EUR", "/shop/lamps",
	}
	for _, v := range others {
		require.False(t, crawler.TraitsOf(v, nil).Identifier, v)
	}
}

func TestTraitsKeepNothing(t *testing.T) {
	a, b := crawler.TraitsOf("secret-value-1", []byte("salt")), crawler.TraitsOf("secret-value-1", []byte("salt"))
	require.Equal(t, a, b, "one value at two hosts is recognised")
	require.NotEqual(t, a.Hash, crawler.TraitsOf("secret-value-1", []byte("other")).Hash, "and means nothing in another scan")
	require.NotContains(t, a.Hash, "secret")
	require.Empty(t, crawler.TraitsOf("", []byte("salt")).Hash)
	require.Equal(t, 1<<20, crawler.TraitsOf(strings.Repeat("x", 1<<20), nil).Length)
}

func TestRedact(t *testing.T) {
	for url, want := range map[string]string{
		"https://px.test/p.gif?uid=0123456789&v=2&email=a%40b.c":        "https://px.test/p.gif?uid=*&v=2&email=*",
		"https://user:pass@px.test/a#frag":                              "https://px.test/a",
		"https://www.googletagmanager.com/gtag/js?id=G-ABC123&l=secret": "https://www.googletagmanager.com/gtag/js?id=G-ABC123&l=*",
		"https://px.test/?gcs=G100&gdpr_consent=CPxyz":                  "https://px.test/?gcs=G100&gdpr_consent=*",
		"https://px.test/?0123456789abcdef":                             "https://px.test/?*",
		"https://px.test/?flag&x=":                                      "https://px.test/?flag&x=",
		"data:text/html,<p>secret":                                      "data:",
		"blob:https://shop.test/8f1c":                                   "blob:https://shop.test/",
		"javascript:alert(1)":                                           "javascript:",
	} {
		require.Equal(t, want, crawler.Redact(url))
	}
	require.LessOrEqual(t, len(crawler.Redact("https://a.test/?"+strings.Repeat("k=v&", 1<<18))), 2<<10)
}

// TestRedactConsent keeps what tells of choices, and nothing that only has the name of a choice.
func TestRedactConsent(t *testing.T) {
	const tc = "CQuZP8AQuZP8AAKACAENBkEIAMMAAAAAAAAAGQQBIAAgAEAAUBeYDIAAAAAA.IJYQAYAAglgA"
	for _, kept := range []string{
		"gcs=G100", "gcs=G1--", "gcd=13p3p3p3p5l1", "gcd=11t1t1t1t5", "dma_cps=sypham", "dma_cps=-", "dpo=LDU", "dpoco=1",
		"asc=D", "npa=1", "gdpr=1", "gdpr_consent=" + tc, "us_privacy=1YNN", "us_privacy=1---", "gpp=DBABzYA~1-Y-~CAAQAAAAAABA.YA",
		"gpp=DBACMMA~" + tc + "~CAAoAAAAAABA.QA", "gpp_sid=2%2C6", "gpp_sid=-1", "aip=1", "rdp=1", "ltd=0",
	} {
		require.Equal(t, "https://px.test/?"+kept, crawler.Redact("https://px.test/?"+kept))
	}
	for _, hidden := range []string{
		"gcs=visitor-17", "gcs=G1010101010101010", "gcd=0123456789abcdef", "gcd=13p3p3p3p5l1q7w2e9r4", "dma_cps=maria.mustermann",
		"dpo=a1b2c3d4e5", "asc=e3b0c442", "gdpr_consent=8f14e45fceea167a5a36dedd4bea2543", "gdpr_consent=C8f14e45fceea167a5a36dedd4bea2543abcdef012345",
		"gdpr_consent=a%40b.test", "us_privacy=YN17", "us_privacy=1YNNx81", "gpp=maria", "gpp=DBmaria%40shop.test",
		"gpp=DBAA~8f14e45fceea167a5a36dedd4bea2543e4da3b7fbbce2345d7772b06", "gpp_sid=8f14e45f", "npa=8f14e45fceea", "gdpr=8f14e45f",
		"pscdl=8f14e45fceea167a", "gdpr_consent=" + tc[:20], "gdpr_consent=" + strings.Repeat(tc, 20),
	} {
		name, _, _ := strings.Cut(hidden, "=")
		require.Equal(t, "https://px.test/?"+name+"=*", crawler.Redact("https://px.test/?"+hidden))
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("https://a.test/?a=secretsecret12&b=1#c")
	f.Add("://@?=&")
	f.Fuzz(func(t *testing.T, s string) {
		out := crawler.Redact(s)
		require.LessOrEqual(t, len(out), 2<<10)
		require.NotContains(t, out, "#")
	})
}

func TestParseResolve(t *testing.T) {
	for text, want := range map[string]string{
		"shop.test:443:127.0.0.1":   "shop.test:443:127.0.0.1:443",
		"*:80:127.0.0.1:8080":       "*:80:127.0.0.1:8080",
		"Shop.Test:443:[::1]":       "shop.test:443:[::1]:443",
		"shop.test:443:[::1]:8443":  "shop.test:443:[::1]:8443",
		"shop.test:443:2001:db8::1": "shop.test:443:[2001:db8::1]:443",
	} {
		r, err := crawler.ParseResolve(text)
		require.NoError(t, err, text)
		require.Equal(t, want, r.String())
	}
	for _, text := range []string{"", "shop.test", "shop.test:443", ":443:127.0.0.1", "shop.test:0:127.0.0.1", "shop.test:x:127.0.0.1", "shop.test:443:elsewhere", "shop.test:443:127.0.0.1:99999"} {
		_, err := crawler.ParseResolve(text)
		require.Error(t, err, text)
	}
	r, err := crawler.ParseResolve("*:443:127.0.0.1:8443")
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8443", crawler.Resolves{r}.Dial("any.test:443"))
	require.Equal(t, "any.test:80", crawler.Resolves{r}.Dial("any.test:80"))
}
