package browser_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

const kept = `<!doctype html><title>Kept</title><h1>Kept</h1><script>
const query = new URLSearchParams(location.search);
document.cookie = 'click=' + query.get('gclid');
document.cookie = 'where=' + encodeURIComponent(location.href);
localStorage.more = btoa(JSON.stringify({ id: query.get('fbclid') }));
localStorage.where = location.href;
navigator.sendBeacon('/told', 'p=' + encodeURIComponent(location.href) + '&c=' + query.get('gclid'));
new Image().src = '/where?u=' + encodeURIComponent(encodeURIComponent(location.href));
</script>`

// A visitor who comes by an advertisement brings numbers of clicks along, and the evidence is that of the page without
// them. Who tells or keeps where the visitor is does not ask for them.
func TestArrival(t *testing.T) {
	const page = "https://www.shop.test/p?q=1"
	for name, c := range map[string]struct {
		visit          crawler.Visit
		cookie, stored []string
	}{
		"clicked":              {crawler.Visit{URL: page, Clicked: true}, []string{"gclid"}, []string{"fbclid"}},
		"not clicked":          {crawler.Visit{URL: page}, nil, nil},
		"in the given address": {crawler.Visit{URL: page + "&gclid=given-number"}, []string{"gclid"}, nil},
		"of both":              {crawler.Visit{URL: page + "&gclid=given-number", Clicked: true}, []string{"gclid"}, []string{"fbclid"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, map[string]string{"www.shop.test/p": kept})
			c.visit.Scenario = crawler.NoChoice
			got, err := s.Render(t.Context(), c.visit)
			require.NoError(t, err)
			require.Equal(t, c.visit.URL, got.URL)
			require.Equal(t, c.visit.URL, got.FinalURL)
			cookies, stored := map[string][]string{}, map[string][]string{}
			for _, one := range got.Cookies {
				require.Equal(t, []string{c.visit.URL}, one.Initiators)
				cookies[one.Name] = one.Clicks
			}
			for _, one := range got.Storage {
				stored[one.Key] = one.Clicks
			}
			require.Equal(t, map[string][]string{"click": c.cookie, "where": nil}, cookies)
			require.Equal(t, map[string][]string{"more": c.stored, "where": nil}, stored)
			for _, r := range got.Requests {
				if r.Type == "ping" {
					require.Equal(t, c.cookie, r.Clicks)
				} else {
					require.Empty(t, r.Clicks, r.URL)
				}
			}
			asked := s.asked("www.shop.test/p")
			require.Len(t, asked, 1)
			require.Equal(t, c.visit.Clicked, asked[0].URL.Query().Has("fbclid"))
			require.Equal(t, c.visit.Clicked || c.cookie != nil, asked[0].URL.Query().Has("gclid"))
		})
	}
}
