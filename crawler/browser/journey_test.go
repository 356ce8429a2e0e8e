package browser_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/crawler/fakeweb"
)

// journeyPages: a shop whose tracker counts page views in session storage, sets a cookie on the second and tells each
// view four seconds later. One page is a view of another; not every link can be clicked.
var journeyPages = map[string]string{
	"www.shop.test/": journeyPage("Shop", `<div style="height:3000px"></div><a href="/two?utm=1">no</a> <a style="display:none" href="/two">hidden</a>
		<a target="_blank" href="/two">elsewhere</a><p><a href="/two#part"><b>Two</b></a>`),
	"www.shop.test/two":   journeyPage("Two", `<a href="/three">Three</a><div style="position:fixed;inset:0;background:#fff">Sign up for our newsletter</div>`),
	"www.shop.test/three": journeyPage("Three", `<a id=next href="/four" onclick="history.pushState(1, '', '/four'); view(); event.preventDefault()">Four</a>`),
	"www.shop.test/five":  journeyPage("Five", ""),
	"www.shop.test/tag.js": `function view() {
		const n = Number(sessionStorage.getItem('views') || 0) + 1;
		sessionStorage.setItem('views', n);
		if (n === 2) document.cookie = 'second_view=1; path=/; max-age=86400';
		setTimeout(() => { new Image().src = 'https://px.track.test/view-' + n + '.gif'; }, 4000);
	}
	view();`,
}

func journeyPage(title, body string) string {
	return `<!doctype html><title>` + title + `</title><h1>` + title + `</h1><script src="/tag.js"></script>` + body
}

func TestJourney(t *testing.T) {
	s := newScene(t, journeyPages)
	journey := []string{"https://www.shop.test/two", "https://www.shop.test/three", "https://www.shop.test/four", "https://www.shop.test/five"}
	page, err := s.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/", Scenario: crawler.NoChoice, Journey: journey})
	require.NoError(t, err)
	require.Equal(t, "Shop", page.Title)
	require.Equal(t, "https://www.shop.test/", page.FinalURL)
	require.Equal(t, 200, page.Status)
	require.False(t, page.Capped)
	i := slices.IndexFunc(page.Cookies, func(c crawler.Cookie) bool { return c.Name == "second_view" })
	require.GreaterOrEqual(t, i, 0, "set on the second view only")
	require.Equal(t, "https://www.shop.test/tag.js", page.Cookies[i].SetBy)
	require.Equal(t, []string{"https://www.shop.test/two", "https://www.shop.test/tag.js"}, page.Cookies[i].Initiators,
		"the chain begins with the page where it was set")
	require.False(t, page.Cookies[i].Brought)
	require.Contains(t, itemsOf(page), "session views")
	asked := urlsOf(page)
	for _, want := range []string{"view-1.gif", "view-2.gif", "view-3.gif", "view-4.gif", "view-5.gif"} {
		require.Contains(t, asked, "https://px.track.test/"+want)
	}
	pages := append([]string{"https://www.shop.test/"}, journey...)
	for _, r := range page.Requests {
		if n := strings.IndexAny(r.URL, "12345"); n > 0 && strings.Contains(r.URL, "px.track.test/view-") {
			require.Equal(t, pages[r.URL[n]-'1'], r.Initiators[0], "%s is told of the page of that view", r.URL)
		}
	}
	t.Run("clicked and not typed", func(t *testing.T) { s.checkClicks(t) })

	alone, err := s.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/two", Scenario: crawler.NoChoice})
	require.NoError(t, err)
	require.NotContains(t, jarOf(alone), "second_view")
}

// checkClicks: documents are asked for by a user's click where a link can be clicked, and always with a referrer.
func (s *scene) checkClicks(t *testing.T) {
	for path, from := range map[string]string{"/two": "/", "/three": "/two", "/five": "/four"} {
		hits := s.asked("www.shop.test" + path)
		require.Len(t, hits, 1, path)
		require.Equal(t, "https://www.shop.test"+from, hits[0].Referer(), path)
		if path == "/two" {
			require.Equal(t, "?1", hits[0].Header.Get("Sec-Fetch-User"), "a real click")
		}
	}
	require.Empty(t, s.asked("www.shop.test/four"), "a view of the same document")
}

// TestJourneyThatFails: a page on the way that is gone or never answers ends no journey and takes no evidence away.
func TestJourneyThatFails(t *testing.T) {
	s := newScene(t, journeyPages, func(o *browser.Options) { o.PageTimeout = 8 * time.Second })
	page, err := s.Render(t.Context(), crawler.Visit{
		URL: "https://www.shop.test/", Scenario: crawler.NoChoice,
		Journey: []string{"https://nowhere.shop.test:1/", "https://www.shop.test/five"},
	})
	require.NoError(t, err)
	require.Equal(t, "Shop", page.Title)
	require.Contains(t, strings.Join(urlsOf(page), " "), "view-2.gif")
}

// TestJourneyFromCache: what later pages of a journey read from the browser's cache had an answer with a body once, and
// is no empty beacon.
func TestJourneyFromCache(t *testing.T) {
	web, err := fakeweb.Parse([]byte(`
-- www.shop.test/index.html --
<!doctype html><title>One</title><h1>One</h1><script src="https://cdn.libs.test/l.js"></script><a href="/two.html">Two</a>
-- www.shop.test/two.html --
<!doctype html><title>Two</title><h1>Two</h1><script src="https://cdn.libs.test/l.js"></script>
-- cdn.libs.test/l.js --
HTTP/1.1 200
Cache-Control: max-age=600

window.lib = 1;
`))
	require.NoError(t, err)
	b := browserOn(t, serve(t, web), browser.Options{})
	page, err := b.Render(t.Context(), crawler.Visit{
		URL: "https://www.shop.test/", Scenario: crawler.NoChoice, Journey: []string{"https://www.shop.test/two.html"},
	})
	require.NoError(t, err)
	asked := requestsOf(page, "cdn.libs.test/l.js")
	require.Len(t, asked, 2)
	for _, r := range asked {
		require.Equal(t, crawler.NoBeacon, r.Beacon)
	}
}

// lateFetch asks for something while its page is left, so late that no answer of it is told.
const lateFetch = `for (const e of ['beforeunload', 'pagehide']) addEventListener(e, async () => {
	await new Response(new Blob(['1']).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
	fetch('https://px.track.test/late', { method: 'POST', keepalive: true, body: '1', headers: { 'X-Site': '1' } });
});`

// TestJourneyLeavesWhatHangs: what a page asked for when it was left holds up no later page. Waiting for it on each would
// take several times as long as the journey may.
func TestJourneyLeavesWhatHangs(t *testing.T) {
	const last = 11
	var site strings.Builder
	visit := crawler.Visit{URL: "https://www.shop.test/0.html", Scenario: crawler.NoChoice}
	for i := range last + 1 {
		fmt.Fprintf(&site, "-- www.shop.test/%d.html --\n<!doctype html><title>%[1]d</title><h1>%[1]d</h1><script>%s</script>", i, lateFetch)
		if i < last {
			fmt.Fprintf(&site, "<a href=\"/%d.html\">On</a>\n", i+1)
			visit.Journey = append(visit.Journey, fmt.Sprintf("https://www.shop.test/%d.html", i+1))
		}
	}
	site.WriteString("\n-- px.track.test/late --\nHTTP/1.1 200\nFakeweb-Cors: true\n\n")
	web, err := fakeweb.Parse([]byte(site.String()))
	require.NoError(t, err)
	b := browserOn(t, serve(t, web), browser.Options{PageTimeout: 2 * time.Second})
	page, err := b.Render(t.Context(), visit)
	require.NoError(t, err)
	require.Len(t, requestsOf(page, fmt.Sprintf("www.shop.test/%d.html", last)), 1)
}

// TestStoredAllAlong: what a page removes when it is left was there all the time, what it removes at once was only
// tried; a key that is no text has the name that it is kept under.
func TestStoredAllAlong(t *testing.T) {
	s := newScene(t, map[string]string{"www.shop.test/": `<!doctype html><title>Shop</title><h1>Shop</h1><script>
		const key = { toString: () => 'tried' };
		localStorage.setItem(key, '1');
		localStorage.removeItem(key);
		sessionStorage.setItem('open', '1');
		addEventListener('pagehide', () => sessionStorage.removeItem('open'));
	</script>`})
	page, err := s.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/", Scenario: crawler.NoChoice})
	require.NoError(t, err)
	transient := map[string]bool{}
	for _, kept := range page.Storage {
		transient[kept.Key] = kept.Transient
	}
	require.Equal(t, map[string]bool{"tried": true, "open": false}, transient)
}
