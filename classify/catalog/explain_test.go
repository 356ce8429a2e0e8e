package catalog

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
)

func TestAskDecidesTheKind(t *testing.T) {
	c := load(t)
	for _, tt := range []struct{ line, kind, name, host, url, page, typ string }{
		{line: "_ga", kind: AskCookie, name: "_ga"},
		{line: "_pk_id.7.1fff", kind: AskCookie, name: "_pk_id.7.1fff"},
		{line: "ASP.NET_SessionId", kind: AskCookie, name: "ASP.NET_SessionId"},
		{line: "connect.sid", kind: AskCookie, name: "connect.sid"},
		{line: "ioam.de", kind: AskCookie, name: "ioam.de"},
		{line: "my_cookie.id", kind: AskCookie, name: "my_cookie.id"},
		{line: "_fbp@.shop.test", kind: AskCookie, name: "_fbp", host: "shop.test"},
		{line: "fr@facebook.com", kind: AskCookie, name: "fr", host: "facebook.com"},
		{line: "iU5q-!O9@$", kind: AskCookie, name: "iU5q-!O9@$"},
		{line: "persist:root", kind: AskCookie, name: "persist:root"},
		{line: "ab12/cly_session", kind: AskCookie, name: "ab12/cly_session"},
		{line: "", kind: AskCookie},
		{line: "doubleclick.net", kind: AskHost, host: "doubleclick.net", url: "https://doubleclick.net/"},
		{line: ".Facebook.com", kind: AskHost, host: "facebook.com", url: "https://facebook.com/"},
		{line: "stats.shop.test", kind: AskHost, host: "stats.shop.test", url: "https://stats.shop.test/"},
		{line: "shop.test:8443", kind: AskHost, host: "shop.test", url: "https://shop.test/"},
		{line: "192.0.2.7", kind: AskHost, host: "192.0.2.7", url: "https://192.0.2.7/"},
		{line: "px4.ads.linkedin.com/collect", kind: AskURL, host: "px4.ads.linkedin.com", url: "https://px4.ads.linkedin.com/collect"},
		{line: "//px.test/t.gif", kind: AskURL, host: "px.test", url: "https://px.test/t.gif"},
		{
			line: " https://px.test/t.gif page=https://shop.test/ type=image ", kind: AskURL,
			host: "px.test", url: "https://px.test/t.gif", page: "https://shop.test/", typ: "image",
		},
	} {
		t.Run(tt.line, func(t *testing.T) {
			got := c.Ask(tt.line)
			require.Equal(t, tt.line, got.Input)
			require.Equal(t, tt.kind, got.Kind)
			require.Equal(t, tt.name, got.Thing.Name)
			require.Equal(t, tt.host, got.Thing.Host)
			require.Equal(t, tt.url, got.Thing.URL)
			require.Equal(t, tt.page, got.Thing.Page)
			require.Equal(t, tt.typ, got.Thing.Type)
		})
	}
}

func TestExplain(t *testing.T) {
	c := load(t)
	for _, tt := range []struct{ line, vendor, category, pattern string }{
		{"_ga_ABC123", "Google Analytics", "analytics", "_ga_*"},
		{"_ga", "Google Analytics", "analytics", "_ga"},
		{"fr", "Meta Pixel", "advertising", "fr@.facebook.com"},
		{"fr@.facebook.com", "Meta Pixel", "advertising", "fr@.facebook.com"},
		{"_pk_id.7.1fff", "Matomo", "analytics", "_pk_id.*"},
		{"mp_ab12_mixpanel", "Mixpanel", "analytics", "mp_*_mixpanel"},
		{"px4.ads.linkedin.com", "LinkedIn Insight Tag", "advertising", "px4.ads.linkedin.com"},
		{"https://www.facebook.com/tr?id=1 page=https://shop.test/ type=image", "Meta Pixel", "advertising", "facebook.com/tr"},
		{"fonts.gstatic.com", "Google Fonts", "functional", "fonts.gstatic.com"},
		{"unheard_of@ib.scorecardresearch.com", "Comscore", "analytics", "scorecardresearch.com"},
	} {
		t.Run(tt.line, func(t *testing.T) {
			got := c.Explain(c.Ask(tt.line))
			require.Equal(t, tt.line, got.Input)
			require.Equal(t, tt.vendor, string(got.Vendor))
			require.Equal(t, tt.category, string(got.Category))
			require.Equal(t, tt.pattern, got.Pattern)
			require.Equal(t, classify.FromCatalog, got.Source)
			require.NotEmpty(t, got.Purpose)
		})
	}
}

func TestExplainUnknown(t *testing.T) {
	c := load(t)
	for _, line := range []string{"", "zzqx_unheard_of", "fr@.shop.test", "zzqx.example", "https://zzqx.example/a?b"} {
		t.Run(line, func(t *testing.T) {
			b, err := json.Marshal(c.Explain(c.Ask(line)))
			require.NoError(t, err)
			require.Contains(t, string(b), `"vendor":null,"category":null,"purpose":"","pattern":"","source":""}`)
		})
	}
}

func FuzzExplain(f *testing.F) {
	for _, seed := range []string{
		"_ga", "fr@.facebook.com", "https://a.test/b?c=d page=https://e.test type=image", "[::1]", "@", "a@", "//", "://",
		"%", "##", "x.y/z", strings.Repeat("a.", 200), "https://u:p@www.google.co.uk:443/pagead/1?x#y",
	} {
		f.Add(seed)
	}
	c := load(f)
	f.Fuzz(func(t *testing.T, line string) {
		q := c.Ask(line)
		a := c.Explain(q)
		require.Equal(t, line, a.Input)
		require.Equal(t, a.Source == classify.FromCatalog, a.Vendor != "")
		id, ok := c.Identify(q.Thing)
		if q.Kind != AskHost {
			require.Equal(t, ok, a.Vendor != "")
		}
		if ok && q.Kind == AskCookie {
			require.Equal(t, id.Vendor.Name, string(a.Vendor))
		}
	})
}

func BenchmarkExplain(b *testing.B) {
	c := load(b)
	lines := []string{"_ga_ABC", "zzqx_unheard_of", "px.ads.linkedin.com", "https://static.shop.test/a/b/c.js?d=e", "fr@.facebook.com"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.Explain(c.Ask(lines[i%len(lines)]))
	}
}
