package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler"
)

// Whatever names a page invents, the report has the elements and attributes of an ordinary one, and no address but
// those of pages and policies, as links that somebody has to click.
func TestHostileHTML(t *testing.T) {
	ordinary := map[string]bool{}
	for _, j := range judgedScans() {
		for tag := range tags(t, write(t, mustFormat(t, "html"), j.report(), Style{})) {
			ordinary[tag] = true
		}
	}
	eachHostile(t, func(t *testing.T, r poisonedReport) {
		out := r.as(t, "html")
		for tag := range tags(t, out) {
			require.True(t, ordinary[tag], "%s in the page", tag)
		}
		requireNoRequest(t, string(out))
		require.LessOrEqual(t, len(out), htmlBytes)
	})
}

var (
	htmlAddress = regexp.MustCompile(`(?i)\b(src|srcset|data|poster|action|background|ping)\s*=|@import|url\(`)
	htmlLink    = regexp.MustCompile(`<a href="([^"]*)"`)
	htmlStyle   = regexp.MustCompile(`(?s)<style>.*</style>`)
	htmlPicture = regexp.MustCompile(`<img src="data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/=]*" `)
	htmlText    = regexp.MustCompile(`>[^<]*<`)
)

// requireNoRequest fails on anything that a browser would fetch, and on links that are no http addresses.
func requireNoRequest(t *testing.T, page string) {
	t.Helper()
	page = htmlPicture.ReplaceAllString(page, "<img ")
	marks := htmlText.ReplaceAllString(htmlStyle.ReplaceAllString(page, ""), "><")
	require.NotRegexp(t, htmlAddress, htmlLink.ReplaceAllString(marks, ""))
	require.NotRegexp(t, htmlAddress, htmlStyle.FindString(page))
	require.NotContains(t, marks, "<script")
	require.NotContains(t, marks, "<link")
	for _, link := range htmlLink.FindAllStringSubmatch(page, -1) {
		require.Regexp(t, `^(https?://[^/]|#todo-1$)`, link[1])
	}
}

// A report of 500 findings goes by mail: each a vendor of its own, and all of one host.
func TestHTMLOf500Findings(t *testing.T) {
	for _, vendors := range []int{1, 50, 500} {
		t.Run(fmt.Sprint(vendors, " vendors"), func(t *testing.T) {
			r := crowdedShop(500, vendors).report()
			out := write(t, mustFormat(t, "html"), r, Style{})
			require.LessOrEqual(t, len(out), 500_000)
			require.Contains(t, string(out), "Vendor 0")
			require.Equal(t, vendors, r.Counts.Undeclared)
		})
	}
}

// Pictures take no room from the words beside them; those of no known kind, too large or too many are left out.
func TestHTMLWithPictures(t *testing.T) {
	j := crowdedShop(40, 40)
	shot := func(i, size int, mime string) crawler.Screenshot {
		return crawler.Screenshot{Moment: fmt.Sprint("moment ", i), MIME: mime, Bytes: bytes.Repeat([]byte{byte(i)}, size)}
	}
	for i := range 2 * pictures {
		j.scan.Pages[0].Screenshots = append(j.scan.Pages[0].Screenshots, shot(i, 100_000, "image/jpeg"))
	}
	j.scan.Pages[0].Screenshots = append([]crawler.Screenshot{shot(100, 10, "text/html"), shot(101, pictureBytes+1, "image/png")}, j.scan.Pages[0].Screenshots...)
	r := j.report()
	require.Len(t, r.Banner.Pictures, pictures)
	page := string(write(t, mustFormat(t, "html"), r, Style{}))
	require.Equal(t, pictures, strings.Count(page, `<img src="data:image/jpeg;base64,`))
	require.Equal(t, 40, strings.Count(page, `<article class="card`))
	requireNoRequest(t, page)
}

// Two moments that look exactly alike are one picture, and its caption says so.
func TestPicturesThatLookAlike(t *testing.T) {
	j := fullShop()
	j.scan.Pages[25].Screenshots[0].Bytes = j.scan.Pages[0].Screenshots[0].Bytes
	r := j.report()
	require.Len(t, r.Banner.Pictures, 1)
	page := string(write(t, mustFormat(t, "html"), r, Style{}))
	require.Contains(t, page, "Banner, on www.shop.test/; exactly the same: after reject<")
}

// crowdedShop is a shop with that many findings by that many vendors, on as many pages as a scan has by default.
func crowdedShop(findings, vendors int) judged {
	j := judged{name: "crowded", scan: newScan(50), policies: []classify.Policy{shopPolicy()}}
	purposes["Vendor 0"] = purposes["Meta Pixel"]
	for i := range findings {
		vendor := fmt.Sprintf("Vendor %d", i%vendors)
		host := fmt.Sprintf("cdn%d.measurement.example", i%vendors)
		c := by(tracker(classify.KindCookie, fmt.Sprintf("_measure_visitor_%d", i), vendor, classify.Advertising, classify.Undeclared, 50),
			gtm, "https://"+host+"/assets/scripts/measurement/loader.min.js")
		c.Purpose = purposes["Meta Pixel"]
		j.result.Trackers = append(j.result.Trackers, c)
		j.result.Findings = append(j.result.Findings, findingsOf(c)...)
	}
	return j
}

// The style sheet is the only thing that the page's own policy lets in.
func TestHTMLAllowsOnlyItsStyle(t *testing.T) {
	page := string(write(t, mustFormat(t, "html"), richShop().report(), Style{}))
	require.Contains(t, page, "<style>"+pageCSS+"</style>")
	require.Contains(t, page, `content="default-src &#39;none&#39;; style-src &#39;sha256-`)
	require.NotContains(t, page, `style="`)
}

func TestWebAddress(t *testing.T) {
	for _, c := range []struct {
		name string
		url  string
		want bool
	}{
		{"page", "https://www.shop.test/a?b=c", true},
		{"plain http", "http://127.0.0.1:8080/", true},
		{"script", "javascript:alert(1)", false},
		{"file", "file:///etc/passwd", false},
		{"relative", "//evil.test/", false},
		{"no host", "https:///x", false},
		{"cut in its middle", "https://www.shop.test/a…b", false},
		{"with a hidden letter", `https://www.shop.test/\u202egnp`, false},
		{"raw", "https://www.shop.test/\u202egnp", false},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, webAddress(c.url)) })
	}
}
