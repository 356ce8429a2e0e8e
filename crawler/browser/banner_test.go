package browser_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/crawler/fakeweb"
)

// TestBanners visits every page of testdata/banners.txtar without a choice, to accept and to reject.
func TestBanners(t *testing.T) {
	text, err := os.ReadFile("testdata/banners.txtar")
	require.NoError(t, err)
	web, err := fakeweb.Parse(text)
	require.NoError(t, err)
	wants, err := fakeweb.ParseWant(web.Want("banners"))
	require.NoError(t, err)
	require.NotEmpty(t, wants)
	b := browserOn(t, serve(t, web), browser.Options{})
	slots := make(chan bool, 4)
	for _, w := range wants {
		t.Run(w.Words[0], func(t *testing.T) {
			t.Parallel()
			slots <- true
			defer func() { <-slots }()
			checkBanner(t, b, w)
		})
	}
}

// serve serves a web until the test ends.
func serve(t *testing.T, web *fakeweb.Web) *fakeweb.Server {
	t.Helper()
	server, err := fakeweb.Serve(web, fakeweb.Options{Delay: 5 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// browserOn starts a browser that sees the web of a server.
func browserOn(t *testing.T, server *fakeweb.Server, o browser.Options) *browser.Browser {
	t.Helper()
	o.Path, o.Resolves, o.Insecure = testPath, server.Resolves(), true
	b, err := browser.New(context.Background(), o)
	require.NoError(t, err)
	t.Cleanup(b.Close)
	return b
}

func checkBanner(t *testing.T, b *browser.Browser, w fakeweb.Want) {
	url := "https://" + w.Words[0] + "/"
	page := visitAs(t, b, url, crawler.NoChoice)
	if w.Attr("banner") == "no" {
		assert.Nil(t, page.Consent)
		return
	}
	s := page.Consent
	require.NotNil(t, s, "no banner seen")
	assert.True(t, s.Banner)
	assert.Equal(t, w.Attr("choice") == "yes", s.Choice)
	assert.NotEmpty(t, s.Text)
	assert.Empty(t, s.Result)
	require.Len(t, page.Screenshots, 1, "the banner")
	assert.LessOrEqual(t, len(page.Screenshots[0].Bytes), 60<<10)
	if ticked := w.Attr("ticked"); ticked != "" {
		assert.Equal(t, ticked, strconv.Itoa(s.PreTicked), "pre-ticked switches")
	}
	accepted := checkGiven(t, b, w, crawler.Accept)
	rejected := checkGiven(t, b, w, crawler.Reject)
	if clicks := w.Attr("clicks"); clicks != "" {
		assert.Equal(t, clicks, fmt.Sprintf("%d/%d", accepted.AcceptClicks, rejected.RejectClicks))
	}
}

func checkGiven(t *testing.T, b *browser.Browser, w fakeweb.Want, as crawler.Scenario) crawler.ConsentState {
	url := "https://" + w.Words[0] + "/"
	began := time.Now()
	page := visitAs(t, b, url, as)
	if w.Attr(string(as)) != "not-confirmed" {
		assert.Less(t, time.Since(began), 12*time.Second)
	}
	s := page.Consent
	require.NotNil(t, s, as)
	assert.Equal(t, w.Attr(string(as)), string(s.Result), "%s: %s", as, s.Why)
	if s.Result != crawler.Answered {
		assert.NotEmpty(t, s.Why)
		return *s
	}
	where := strings.NewReplacer(" storage ", ":", "cookie ", "cookie:", "Consent Mode", "mode").Replace(s.Confirmed)
	assert.Equal(t, w.Attr("confirmed"), where)
	assert.NotNil(t, page.Session, "no session")
	assert.Len(t, page.Screenshots, 2)
	for _, shot := range page.Screenshots {
		assert.NotEmpty(t, shot.Bytes)
		assert.LessOrEqual(t, len(shot.Bytes), 60<<10)
	}
	return *s
}

func visitAs(t *testing.T, b *browser.Browser, url string, as crawler.Scenario) crawler.Page {
	t.Helper()
	page, err := b.Render(t.Context(), crawler.Visit{URL: url, Scenario: as, Answer: as != crawler.NoChoice})
	require.NoError(t, err)
	return page
}

// TestSteps answers a banner whose words say nothing, by the steps that the site's own configuration gives.
func TestSteps(t *testing.T) {
	web, err := fakeweb.Parse([]byte(`-- www.own.test/index.html --
<!doctype html><html lang="en"><title>Own</title><h1>Shop</h1>
<div id="q"><a id="gear" href="#" onclick="more.hidden = false; return false">⚙</a><div id="more" hidden><button>Blue pill</button><button>Red pill</button></div></div>
<script>document.querySelectorAll('button').forEach((b) => { b.onclick = () => { document.cookie = 'consent=' + b.textContent[0] + '; path=/; max-age=99'; q.remove(); }; });</script>
`))
	require.NoError(t, err)
	b := browserOn(t, serve(t, web), browser.Options{Steps: browser.Steps{
		crawler.Accept: {"#gear", "text=Blue pill"}, crawler.Reject: {"#gear", "text=Green pill"},
	}})
	accepted := visitAs(t, b, "https://www.own.test/", crawler.Accept).Consent
	require.NotNil(t, accepted)
	assert.Equal(t, crawler.Answered, accepted.Result, accepted.Why)
	assert.Equal(t, "cookie consent", accepted.Confirmed)
	assert.Equal(t, 2, accepted.AcceptClicks)
	rejected := visitAs(t, b, "https://www.own.test/", crawler.Reject).Consent
	require.NotNil(t, rejected)
	assert.Equal(t, crawler.NotConfirmed, rejected.Result)
	assert.Contains(t, rejected.Why, "Green pill")
}
