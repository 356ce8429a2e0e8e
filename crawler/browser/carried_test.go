package browser_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// carryPages: a page whose banner is answered by answerScript, another one of the site, and a frame of a third party.
// Before its first own statement each document sends to /told what it finds.
var carryPages = map[string]string{
	"www.shop.test/": `<!doctype html><title>Shop</title><script>
		document.cookie = 'early=11; path=/; max-age=86400';
		document.cookie = 'gone=22; path=/';
		localStorage.setItem('early', 'one'); localStorage.setItem('gone', 'two');
		new Image().src = 'https://px.track.test/before.gif';
		</script><p>Welcome.<iframe src="https://cmp.test/frame"></iframe>`,
	"www.shop.test/two": tellPage("main") + `<iframe src="/inner"></iframe><iframe src="https://cmp.test/frame"></iframe><script>
		document.cookie = 'renewed=66; path=/; max-age=86400';
		localStorage.setItem('renewed', 'six');
		localStorage.removeItem('removed');
		localStorage.setItem('changed', 'otherwise');
		localStorage.setItem('fresh', 'now');
		</script>`,
	"www.shop.test/inner": tellPage("inner"),
	"cmp.test/frame": tellPage("frame") + `<script>addEventListener('message', () => {
		document.cookie = 'cmp_cookie=77; path=/; max-age=86400; secure; samesite=none';
		document.cookie = '__Host-cmp_chips=88; path=/; max-age=86400; secure; samesite=none; partitioned';
		localStorage.setItem('cmp_local', 'seven'); sessionStorage.setItem('cmp_session', 'eight');
		})</script>`,
}

func tellPage(who string) string {
	return `<!doctype html><title>` + who + `</title><script>{
		const all = (s) => Object.fromEntries(Object.entries(s));
		addEventListener('storage', (e) => navigator.sendBeacon('https://log.test/noticed?' + e.key));
		navigator.sendBeacon('https://log.test/told-` + who + `?' + encodeURIComponent(JSON.stringify({
			cookie: document.cookie, local: all(localStorage), session: all(sessionStorage), names: Object.keys(self).length > 0 })));
		}</script><p>Hello.`
}

const answerScript = `
	document.cookie = 'consent=33; path=/; max-age=86400; samesite=strict';
	document.cookie = 'wide=44; domain=shop.test; path=/; secure';
	document.cookie = 'elsewhere=55; path=/elsewhere';
	document.cookie = 'renewed=66; path=/; max-age=86400';
	document.cookie = 'gone=; path=/; max-age=0';
	localStorage.removeItem('gone');
	for (const [k, v] of [['choice', 'tricky </script><!-- \u2028 ü'], ['renewed', 'six'], ['removed', 'x'], ['changed', 'y']]) localStorage.setItem(k, v);
	sessionStorage.setItem('tab', 'nine');
	new Image().src = 'https://px.track.test/after.gif';
	frames[0].postMessage('answer', '*');`

type told struct {
	Cookie         string
	Local, Session map[string]string
}

func (s *scene) told(t *testing.T, who string) told {
	t.Helper()
	hits := s.asked("log.test/told-" + who)
	require.NotEmpty(t, hits, "%s told nothing", who)
	var what told
	text := hits[0].URL.Query()
	for key := range text {
		require.NoError(t, json.Unmarshal([]byte(key), &what))
	}
	return what
}

func TestSessionIsCarried(t *testing.T) {
	s := newScene(t, carryPages)
	answered, err := s.Answer(t.Context(), "https://www.shop.test/", answerScript)
	require.NoError(t, err)
	require.NotNil(t, answered.Session)
	t.Run("evidence of the answer", func(t *testing.T) { checkAnswer(t, answered) })
	s.told(t, "frame")
	for range 3 { // storage is brought along by another tab: a race would show
		page, err := s.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/two", Scenario: crawler.Reject, Session: answered.Session})
		require.NoError(t, err)
		s.checkArrival(t)
		checkBrought(t, page)
	}
	text, err := json.Marshal(answered)
	require.NoError(t, err)
	for _, secret := range []string{"tricky", "nine", "seven"} {
		require.NotContains(t, string(text)+fmt.Sprintf("%+v", answered), secret, "values never leave the session")
	}
}

// checkAnswer: only what came after the answer counts; what was there before and stayed was brought.
func checkAnswer(t *testing.T, page crawler.Page) {
	cookies := jarOf(page)
	require.Contains(t, cookies, "early .brought")
	require.Contains(t, cookies, "consent")
	require.Contains(t, cookies, "cmp_cookie")
	require.NotContains(t, strings.Join(cookies, " "), "gone")
	require.Contains(t, itemsOf(page), "local early .brought")
	require.Contains(t, itemsOf(page), "local choice")
	require.NotContains(t, strings.Join(itemsOf(page), " "), "gone")
	asked := urlsOf(page)
	require.Contains(t, asked, "https://px.track.test/after.gif")
	require.NotContains(t, asked, "https://px.track.test/before.gif")
	require.NotContains(t, asked, "https://www.shop.test/")
}

// checkArrival: every document finds everything before its first statement, and notices nothing.
func (s *scene) checkArrival(t *testing.T) {
	t.Helper()
	main := s.told(t, "main")
	require.Equal(t, "consent=33; early=11; renewed=66; wide=44", sorted(main.Cookie))
	local := map[string]string{"early": "one", "choice": "tricky </script><!-- \u2028 ü", "renewed": "six", "removed": "x", "changed": "y"}
	require.Equal(t, local, main.Local)
	require.Equal(t, map[string]string{"tab": "nine"}, main.Session)
	inner := s.told(t, "inner")
	require.NotContains(t, inner.Local, "removed", "what the page removed stays removed")
	require.Equal(t, map[string]string{"tab": "nine"}, inner.Session)
	frame := s.told(t, "frame")
	require.Equal(t, "__Host-cmp_chips=88; cmp_cookie=77", sorted(frame.Cookie))
	require.Equal(t, map[string]string{"cmp_local": "seven"}, frame.Local)
	for _, r := range s.asked("www.shop.test/two") {
		require.Equal(t, "consent=33; early=11; renewed=66; wide=44", sorted(r.Header.Get("Cookie")), "with the first request")
	}
	noticed := s.asked("log.test/noticed")
	require.False(t, slices.ContainsFunc(noticed, func(r *http.Request) bool {
		return r.URL.RawQuery != "removed" && r.URL.RawQuery != "changed" && r.URL.RawQuery != "fresh"
	}), "only what the page did: %d", len(noticed))
}

func sorted(cookies string) string {
	list := strings.Split(cookies, "; ")
	slices.Sort(list)
	return strings.Join(list, "; ")
}

func checkBrought(t *testing.T, page crawler.Page) {
	t.Helper()
	require.Equal(t, []string{
		"wide .brought", "__Host-cmp_chips .brought", "cmp_cookie .brought", "consent .brought", "early .brought", "elsewhere .brought", "renewed",
	}, jarOf(page))
	require.Equal(t, []string{
		"local changed", "local choice .brought", "local cmp_local .brought", "local early .brought", "local fresh", "local renewed", "session tab .brought",
	}, slices.DeleteFunc(itemsOf(page), func(s string) bool { return strings.Contains(s, "cmp_session") }))
	for _, c := range page.Cookies {
		switch c.Name {
		case "early":
			require.Equal(t, "https://www.shop.test/", c.SetBy)
			require.InDelta(t, 1, *c.StoredDays, 0, "as it was set, not what is left of it")
		case "consent":
			require.Equal(t, "Strict", c.SameSite)
		case "__Host-cmp_chips":
			require.Equal(t, "https://shop.test", c.PartitionKey)
			require.Equal(t, crawler.Third, c.Party)
		}
	}
}

func jarOf(page crawler.Page) []string {
	var all []string
	for _, c := range page.Cookies {
		all = append(all, c.Name+mark(c.Brought))
	}
	return all
}

func itemsOf(page crawler.Page) []string {
	var all []string
	for _, s := range page.Storage {
		all = append(all, string(s.Kind)+" "+s.Key+mark(s.Brought))
	}
	slices.Sort(all)
	return all
}

func mark(brought bool) string {
	if brought {
		return " .brought"
	}
	return ""
}

func urlsOf(page crawler.Page) []string {
	var all []string
	for _, r := range page.Requests {
		all = append(all, r.URL)
	}
	return all
}
