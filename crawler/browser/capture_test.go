package browser_test

import (
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/fakeweb"
)

// TestCapture visits every page of the sites where each page hides something, and looks for all of it. The words of
// their want.evidence are told at the top of testdata/sites/capture.txtar.
func TestCapture(t *testing.T) {
	for _, s := range testSites {
		t.Run(s.name, func(t *testing.T) {
			wants, err := fakeweb.ParseWant(s.web.Want("evidence"))
			require.NoError(t, err)
			require.NotEmpty(t, wants)
			pages := visitAll(t, s.host, pagesOf(wants))
			for _, w := range wants {
				t.Run(strings.Join(w.Words, " ")+" "+w.Attr("page"), func(t *testing.T) {
					checkWant(t, w, s.host, pages)
				})
			}
		})
	}
}

func pagesOf(wants []fakeweb.Want) []string {
	var paths []string
	for _, w := range wants {
		path := w.Attr("page")
		if w.Words[0] == "page" {
			path = w.Words[1]
		}
		if path != "" && !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

func visitAll(t *testing.T, host string, paths []string) map[string]crawler.Page {
	pages := map[string]crawler.Page{}
	var mu sync.Mutex
	var group sync.WaitGroup
	slots := make(chan bool, 4)
	for _, path := range paths {
		group.Go(func() {
			slots <- true
			defer func() { <-slots }()
			p, err := testBrowser.Render(t.Context(), crawler.Visit{URL: host + path, Scenario: crawler.NoChoice})
			assert.NoError(t, err, path)
			mu.Lock()
			defer mu.Unlock()
			pages[path] = p
		})
	}
	group.Wait()
	return pages
}

func checkWant(t *testing.T, w fakeweb.Want, host string, pages map[string]crawler.Page) {
	path := w.Attr("page")
	page := pages[path]
	switch w.Words[0] {
	case "page":
		checkPage(t, w, host, pages[w.Words[1]])
	case "cookie":
		checkAny(t, w, cookiesOf(page, w.Words[1], w.Words[2], w.Attr("path")), describeCookie)
	case "request":
		checkAny(t, w, requestsOf(page, w.Words[1]), describeRequest)
	case "storage":
		checkAny(t, w, storageOf(page, w.Words[1:]), describeStorage)
	case "absent":
		for _, p := range pages {
			assert.Empty(t, requestsOf(p, w.Words[1]))
		}
	case "absent-cookie":
		for _, p := range pages {
			assert.False(t, slices.ContainsFunc(p.Cookies, func(c crawler.Cookie) bool { return c.Name == w.Words[1] }))
		}
	default:
		t.Fatalf("unknown word %q", w.Words[0])
	}
}

func checkPage(t *testing.T, w fakeweb.Want, host string, p crawler.Page) {
	if s := w.Attr("status"); s != "" {
		assert.Equal(t, s, strconv.Itoa(p.Status))
	}
	assert.Contains(t, p.Title, w.Attr("title_has"))
	if f := w.Attr("final"); f != "" {
		assert.Equal(t, host+f, p.FinalURL)
	}
}

func cookiesOf(p crawler.Page, name, domain, path string) (found []crawler.Cookie) {
	for _, c := range p.Cookies {
		if c.Name == name && c.Domain == domain && (path == "" || c.Path == path) {
			found = append(found, c)
		}
	}
	return found
}

func requestsOf(p crawler.Page, where string) (found []crawler.Request) {
	for _, r := range p.Requests {
		if u, err := url.Parse(r.URL); err == nil && u.Host+u.Path == where {
			found = append(found, r)
		}
	}
	return found
}

func storageOf(p crawler.Page, words []string) (found []crawler.Storage) {
	for _, s := range p.Storage {
		if string(s.Kind) == words[0] && s.Origin == words[1] && s.Key == words[2] {
			found = append(found, s)
		}
	}
	return found
}

// checkAny wants one of the things found to have all attributes.
func checkAny[T any](t *testing.T, w fakeweb.Want, found []T, describe func(T) map[string]string) {
	require.NotEmpty(t, found, "not seen")
	var wrong []string
	for _, f := range found {
		wrong = mismatches(w, describe(f))
		if len(wrong) == 0 {
			return
		}
	}
	assert.Fail(t, strings.Join(wrong, "\n"))
}

func mismatches(w fakeweb.Want, got map[string]string) (wrong []string) {
	for name, want := range w.Attrs {
		have, ok := got[name]
		if strings.Contains(have, "?") && !strings.Contains(want, "?") {
			have = withoutQueries(have)
		}
		switch {
		case name == "page" || name == "path" && ok:
		case name == "initiators" && inOrder(strings.Split(have, ","), strings.Split(want, ",")):
		case (name == "days" || name == "asked") && closeDays(have, want):
		case have != want:
			wrong = append(wrong, name+": want "+want+", have "+have)
		}
	}
	return wrong
}

var query = regexp.MustCompile(`\?[^,]*`)

func withoutQueries(urls string) string { return query.ReplaceAllString(urls, "") }

func inOrder(have, want []string) bool {
	for _, h := range have {
		if len(want) > 0 && h == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

func closeDays(have, want string) bool {
	h, err := strconv.ParseFloat(have, 64)
	w, err2 := strconv.ParseFloat(want, 64)
	return err == nil && err2 == nil && math.Abs(h-w) <= min(1, w/4)
}

func describeCookie(c crawler.Cookie) map[string]string {
	return map[string]string{
		"set_by": c.SetBy, "via": string(c.SetVia), "party": string(c.Party), "path": c.Path, "days": daysOf(c.StoredDays),
		"asked": daysOf(c.AskedDays), "initiators": strings.Join(c.Initiators, ","), "refused": yes(c.Refused != ""),
		"transient": yes(c.Transient), "partition": c.PartitionKey,
	}
}

func describeRequest(r crawler.Request) map[string]string {
	beacon := string(r.Beacon)
	if beacon == "" {
		beacon = "none"
	}
	return map[string]string{
		"type": r.Type, "initiator": r.Initiators[len(r.Initiators)-1], "initiators": strings.Join(r.Initiators, ","),
		"frame": r.Frame, "redirects": strings.Join(r.Redirects, ","), "beacon": beacon,
		"status": strconv.Itoa(r.Status), "party": string(r.Party),
	}
}

func describeStorage(s crawler.Storage) map[string]string {
	return map[string]string{"set_by": s.SetBy, "party": string(s.Party), "transient": yes(s.Transient)}
}

func daysOf(d *float64) string {
	if d == nil {
		return ""
	}
	return strconv.FormatFloat(*d, 'f', -1, 64)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
