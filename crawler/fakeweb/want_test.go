package fakeweb_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/fakeweb"
)

func TestParseWant(t *testing.T) {
	wants, err := fakeweb.ParseWant(`
# what must be found
undeclared _fbp
  unseen-declaration	"Google Ads \"old\""
cookie _ga .shop.test set_by=https://a.example/x.js?v=2 via=script
request a.example/p.gif?id=1
storage local https://a.example "k=v"
`)
	require.NoError(t, err)
	require.Equal(t, []fakeweb.Want{
		{Line: 3, Words: []string{"undeclared", "_fbp"}},
		{Line: 4, Words: []string{"unseen-declaration", `Google Ads "old"`}},
		{Line: 5, Words: []string{"cookie", "_ga", ".shop.test"}, Attrs: map[string]string{
			"set_by": "https://a.example/x.js?v=2", "via": "script",
		}},
		{Line: 6, Words: []string{"request", "a.example/p.gif?id=1"}},
		{Line: 7, Words: []string{"storage", "local", "https://a.example", "k=v"}},
	}, wants)
	require.Equal(t, "script", wants[2].Attr("via"))
	require.Empty(t, wants[0].Attr("via"))
}

func TestParseWantRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"open quote":           {"a\nundeclared \"x", "line 2: \"x: quote is not closed"},
		"glued quote":          {`a "b"c`, "no space after the quote"},
		"attribute only":       {"via=script", "no word before the attributes"},
		"attribute twice":      {"a via=x via=y", "via is given twice"},
		"word after attribute": {"a via=x b", `"b" stands after an attribute`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fakeweb.ParseWant(c.text)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func FuzzParseWant(f *testing.F) {
	f.Add("undeclared _fbp\n# x\ncookie \"a b\" set_by=https://a.test/")
	f.Fuzz(func(t *testing.T, text string) {
		wants, err := fakeweb.ParseWant(text)
		if err != nil {
			return
		}
		for _, w := range wants {
			require.NotEmpty(t, w.Words)
			require.Positive(t, w.Line)
		}
	})
}
