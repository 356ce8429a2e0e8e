package crawlertest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// TestRenderer holds a Renderer to the contract of crawler.Renderer, against servers on 127.0.0.1 of its own.
// newRenderer is called once for each part; it closes what it opens by t.Cleanup.
func TestRenderer(t *testing.T, newRenderer func(t *testing.T) crawler.Renderer) {
	site := httptest.NewServer(newSite())
	t.Cleanup(site.Close)
	s := &suite{newRenderer: newRenderer, url: site.URL}
	t.Run("a page", s.page)
	t.Run("links in document order", s.links)
	t.Run("cookies of every hop", s.cookies)
	t.Run("redirects", s.redirects)
	t.Run("error pages are pages", s.errorPages)
	t.Run("a document only when asked", s.document)
	t.Run("a blank page", s.blank)
	t.Run("a login form", s.login)
	t.Run("a dead host is an error", s.dead)
	t.Run("a host that hangs up is an error", s.hangUp)
	t.Run("a context that has ended", s.ended)
	t.Run("a context that ends", s.ends)
	t.Run("visits do not share cookies", s.apart)
	t.Run("a banner is answered and the session carried", s.answer)
	t.Run("no banner to answer", s.nothingToAnswer)
	t.Run("a journey", s.journey)
}

type suite struct {
	newRenderer func(t *testing.T) crawler.Renderer
	url         string
}

func (s *suite) render(t *testing.T, v crawler.Visit) crawler.Page {
	t.Helper()
	page, err := s.newRenderer(t).Render(t.Context(), v)
	require.NoError(t, err)
	return page
}

func (s *suite) visit(t *testing.T, path string) crawler.Page {
	t.Helper()
	return s.render(t, crawler.Visit{URL: s.url + path, Scenario: crawler.NoChoice})
}

func (s *suite) page(t *testing.T) {
	page := s.visit(t, "/links")
	require.Equal(t, s.url+"/links", page.URL)
	require.Equal(t, s.url+"/links", page.FinalURL)
	require.Equal(t, http.StatusOK, page.Status)
	require.Equal(t, "text/html", page.MIME)
	require.Equal(t, "Links & more", page.Title)
	require.Equal(t, "en", page.Lang)
	require.Equal(t, crawler.NoChoice, page.Scenario)
	require.False(t, page.Blank, "the page has text")
	require.False(t, page.Password, "the page has no login")
	first := slices.IndexFunc(page.Requests, func(r crawler.Request) bool { return r.Type == "document" })
	require.GreaterOrEqual(t, first, 0, "the page's own request is a Request")
	require.Equal(t, s.url+"/links", page.Requests[first].URL)
	require.Equal(t, http.StatusOK, page.Requests[first].Status)
}

func (s *suite) links(t *testing.T) {
	page := s.visit(t, "/links")
	var anchors []string
	for _, l := range page.Links {
		if l.Rel == crawler.RelAnchor {
			anchors = append(anchors, l.URL+" "+l.Text)
		}
	}
	require.Equal(t, []string{
		s.url + "/sub/z Last letter first",
		s.url + "/sub/a?b=1&c=2 A nested text",
		"https://elsewhere.test/privacy Privacy policy",
	}, anchors, "absolute by the base element, text folded, only http and https")
	index := slices.IndexFunc(page.Links, func(l crawler.Link) bool { return l.Rel == crawler.RelArea })
	require.GreaterOrEqual(t, index, 0, "area elements are links")
	require.Equal(t, s.url+"/sub/area", page.Links[index].URL)
}

func (s *suite) cookies(t *testing.T) {
	page := s.visit(t, "/hop")
	for _, name := range []string{"hop", "home"} {
		index := slices.IndexFunc(page.Cookies, func(c crawler.Cookie) bool { return c.Name == name })
		require.GreaterOrEqual(t, index, 0, "cookie %s of %v", name, page.Cookies)
		c := page.Cookies[index]
		require.Equal(t, "127.0.0.1", c.Domain)
		require.Equal(t, crawler.ViaHTTP, c.SetVia)
		require.Equal(t, crawler.First, c.Party)
		require.Equal(t, len("secret-"+name), c.Traits.Length)
		require.NotNil(t, c.AskedDays)
		require.InDelta(t, 10, *c.AskedDays, 0.01)
		require.True(t, strings.HasPrefix(c.SetBy, s.url+"/"+name), "set by the hop that answered, not %s", c.SetBy)
	}
	require.NotContains(t, fmt.Sprintf("%+v", page.Cookies), "secret-", "values are never kept")
}

func (s *suite) redirects(t *testing.T) {
	page := s.visit(t, "/hop")
	require.Equal(t, s.url+"/hop", page.URL)
	require.Equal(t, s.url+"/home", page.FinalURL)
	require.Equal(t, http.StatusOK, page.Status)
	require.Equal(t, "Home", page.Title)
	require.True(t, slices.ContainsFunc(page.Requests, func(r crawler.Request) bool {
		return r.URL == s.url+"/hop" && r.Status == http.StatusFound
	}), "each hop is a Request of its own")
}

func (s *suite) errorPages(t *testing.T) {
	for _, status := range []int{http.StatusForbidden, http.StatusNotFound, http.StatusInternalServerError, http.StatusServiceUnavailable} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			page := s.visit(t, fmt.Sprintf("/status/%d", status))
			require.Equal(t, status, page.Status)
			require.Equal(t, fmt.Sprintf("Status %d", status), page.Title)
		})
	}
}

func (s *suite) document(t *testing.T) {
	require.Nil(t, s.visit(t, "/policy").Document)
	page := s.render(t, crawler.Visit{URL: s.url + "/policy", Scenario: crawler.NoChoice, Document: true})
	require.NotNil(t, page.Document)
	require.Equal(t, s.url+"/policy", page.Document.URL)
	require.Equal(t, "text/html", page.Document.MIME)
	require.Contains(t, string(page.Document.Bytes), "We use cookies for statistics.")
	require.False(t, page.Document.Fetched.IsZero())
}

func (s *suite) blank(t *testing.T) {
	require.True(t, s.visit(t, "/blank").Blank)
}

func (s *suite) login(t *testing.T) {
	require.True(t, s.visit(t, "/login").Password)
	require.False(t, s.visit(t, "/join").Password, "a password that is chosen")
}

func (s *suite) dead(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := "http://" + listener.Addr().String() + "/"
	require.NoError(t, listener.Close())
	_, err = s.newRenderer(t).Render(t.Context(), crawler.Visit{URL: address, Scenario: crawler.NoChoice})
	require.Error(t, err, "nobody listens there")
}

func (s *suite) hangUp(t *testing.T) {
	_, err := s.newRenderer(t).Render(t.Context(), crawler.Visit{URL: s.url + "/hang-up", Scenario: crawler.NoChoice})
	require.Error(t, err)
}

func (s *suite) ended(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.newRenderer(t).Render(ctx, crawler.Visit{URL: s.url + "/links", Scenario: crawler.NoChoice})
	require.Error(t, err)
}

// ends waits for the server to be asked, then ends the visit, which the server never answers. The contract gives it a
// second; a slow machine is given ten, where a Renderer that does not listen would take for ever.
func (s *suite) ends(t *testing.T) {
	asked := make(chan struct{})
	release := make(chan struct{})
	once := sync.OnceFunc(func() { close(asked) })
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		once()
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(slow.Close)
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := s.newRenderer(t)
	ended := make(chan error, 1)
	go func() {
		_, err := r.Render(ctx, crawler.Visit{URL: slow.URL + "/", Scenario: crawler.NoChoice})
		ended <- err
	}()
	<-asked
	cancel()
	select {
	case err := <-ended:
		require.Error(t, err)
	case <-time.After(10 * time.Second):
		require.Fail(t, "the visit goes on although its context has ended")
	}
}

// apart visits one page from several sides at once: no visitor may bring a cookie that another was given.
func (s *suite) apart(t *testing.T) {
	r := s.newRenderer(t)
	var wg sync.WaitGroup
	pages := make([]crawler.Page, 6)
	errs := make([]error, len(pages))
	for i := range pages {
		wg.Go(func() {
			v := crawler.Visit{URL: fmt.Sprintf("%s/visitor/%d", s.url, i), Scenario: crawler.NoChoice}
			pages[i], errs[i] = r.Render(t.Context(), v)
		})
	}
	wg.Wait()
	for i, page := range pages {
		require.NoError(t, errs[i])
		require.Equal(t, fmt.Sprintf("visitor %d brings nothing", i), page.Title)
	}
	page, err := r.Render(t.Context(), crawler.Visit{URL: s.url + "/visitor/0", Scenario: crawler.NoChoice})
	require.NoError(t, err)
	require.Equal(t, "visitor 0 brings nothing", page.Title, "a later visit is a fresh visitor too")
}

// answer: the visitor who answered goes on with what the answer left; what is only still there is told from what is set.
func (s *suite) answer(t *testing.T) {
	for _, scenario := range []crawler.Scenario{crawler.Accept, crawler.Reject} {
		page := s.render(t, crawler.Visit{URL: s.url + "/asks", Scenario: scenario, Answer: true})
		require.NotNil(t, page.Consent)
		require.Equal(t, crawler.Answered, page.Consent.Result, page.Consent.Why)
		require.NotNil(t, page.Session)
		require.False(t, cookieOf(t, page, "consent").Brought)
		later := s.render(t, crawler.Visit{URL: s.url + "/asks", Scenario: scenario, Session: page.Session})
		require.Equal(t, string(scenario), later.Title, "the server knows the answer")
		require.True(t, cookieOf(t, later, "consent").Brought, "nobody set it again")
		require.Equal(t, cookieOf(t, page, "consent").SetBy, cookieOf(t, later, "consent").SetBy)
		require.False(t, cookieOf(t, later, "asked").Brought, "the server set it again")
		require.Nil(t, later.Session)
	}
	require.Equal(t, "no answer", s.visit(t, "/asks").Title, "nobody else is affected")
}

func cookieOf(t *testing.T, page crawler.Page, name string) crawler.Cookie {
	t.Helper()
	i := slices.IndexFunc(page.Cookies, func(c crawler.Cookie) bool { return c.Name == name })
	require.GreaterOrEqual(t, i, 0, "no cookie %s in %v", name, page.Cookies)
	return page.Cookies[i]
}

func (s *suite) nothingToAnswer(t *testing.T) {
	page := s.render(t, crawler.Visit{URL: s.url + "/home", Scenario: crawler.Accept, Answer: true})
	require.True(t, page.Consent == nil || !page.Consent.Banner && page.Consent.Result != crawler.Answered)
	require.Nil(t, page.Session)
	require.Empty(t, page.Cookies, "before an answer the visitor is one without a choice")
}

// journey: what only the second page does is seen, and all of it goes by the name of the first.
func (s *suite) journey(t *testing.T) {
	page := s.render(t, crawler.Visit{
		URL: s.url + "/views/1", Scenario: crawler.NoChoice, Journey: []string{s.url + "/views/2", s.url + "/views/3"},
	})
	require.Equal(t, "view 1", page.Title)
	require.Equal(t, s.url+"/views/1", page.FinalURL)
	require.False(t, cookieOf(t, page, "first").Brought)
	require.False(t, cookieOf(t, page, "second").Brought)
	for _, path := range []string{"/views/1", "/views/2", "/views/3"} {
		require.True(t, slices.ContainsFunc(page.Requests, func(r crawler.Request) bool { return r.URL == s.url+path }), path)
	}
}
