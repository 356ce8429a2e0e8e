package browser_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

const forgetful = `<!doctype html><title>Forget</title><h1>Forget</h1><script>
const keep = (name, value) => { document.cookie = name + '=' + value + '; max-age=86400; path=/'; };
const ever = localStorage.ever ||= crypto.randomUUID();
keep('ever', ever);
if (!document.cookie.includes('plain=')) keep('plain', crypto.randomUUID());
if (location.pathname === '/two') keep('once', crypto.randomUUID());
</script>`

// A visitor who deletes the cookies, and nothing else, sees which of them come back. What was deleted stays evidence.
func TestForget(t *testing.T) {
	pages := map[string]string{"www.shop.test/": forgetful, "www.shop.test/two": forgetful}
	const home = "https://www.shop.test/"
	visit := crawler.Visit{URL: home, Scenario: crawler.NoChoice, Journey: []string{home + "two", home}, Forgets: true}
	respawned := func(s *scene) map[string]bool {
		page, err := s.Render(t.Context(), visit)
		require.NoError(t, err)
		out := map[string]bool{}
		for _, c := range page.Cookies {
			require.False(t, c.Transient, c.Name)
			out[c.Name] = c.Respawned
		}
		return out
	}
	t.Run("what comes back", func(t *testing.T) {
		require.Equal(t, map[string]bool{"ever": true, "plain": false, "once": false}, respawned(newScene(t, pages)))
	})
	t.Run("not when the user gave cookies", func(t *testing.T) {
		scope, err := crawler.NewScope(home, nil)
		require.NoError(t, err)
		s := newScene(t, pages, func(o *browser.Options) {
			o.Credentials = crawler.Credentials{Scope: scope, Cookies: []crawler.GivenCookie{{Name: "given", Value: "1"}}}
		})
		require.Equal(t, map[string]bool{"ever": false, "plain": false, "once": false}, respawned(s))
	})
}
