package browser_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/crawler/fakeweb"
)

// benchPages is the number of pages of the benchmark's site.
const benchPages = 20

// BenchmarkRender compares our full capture of 20 pages, at the default number of tabs, with a loop that only navigates
// and waits for the load event, in one tab of the same browser, as chromedp starts it. Both run in one benchmark, one after the other in
// every iteration, so that their ratio holds on a machine that is busy or slow: x-wall and x-cpu are what to look at.
// TRACKSCAN_BROWSER names the browser to use, TRACKSCAN_TABS another number of tabs.
func BenchmarkRender(b *testing.B) {
	server := serveBench(b)
	var bare, full cost
	for b.Loop() {
		bare.add(measure(func() { bareLoop(b, server) }))
		full.add(measure(func() { fullCapture(b, server) }))
	}
	n := float64(b.N * benchPages)
	b.ReportMetric(full.wall.Seconds()/n, "s/page")
	b.ReportMetric(full.cpu.Seconds()/n, "cpu-s/page")
	b.ReportMetric(bare.wall.Seconds()/n, "bare-s/page")
	b.ReportMetric(bare.cpu.Seconds()/n, "bare-cpu-s/page")
	b.ReportMetric(full.wall.Seconds()/bare.wall.Seconds(), "x-wall")
	b.ReportMetric(full.cpu.Seconds()/bare.cpu.Seconds(), "x-cpu")
}

// BenchmarkHooks compares our full capture with the same capture without hooks in the pages: x-wall and x-cpu are what the
// hooks cost. Captures with and without take turns.
func BenchmarkHooks(b *testing.B) {
	server := serveBench(b)
	var without, with cost
	for b.Loop() {
		browser.WithoutHooks(func() { without.add(measure(func() { fullCapture(b, server) })) })
		with.add(measure(func() { fullCapture(b, server) }))
	}
	b.ReportMetric(with.wall.Seconds()/without.wall.Seconds(), "x-wall")
	b.ReportMetric(with.cpu.Seconds()/without.cpu.Seconds(), "x-cpu")
}

func serveBench(b *testing.B) *fakeweb.Server {
	web, err := fakeweb.Parse([]byte(benchSite()))
	require.NoError(b, err)
	server, err := fakeweb.Serve(web, fakeweb.Options{Delay: 20 * time.Millisecond})
	require.NoError(b, err)
	b.Cleanup(func() { _ = server.Close() })
	return server
}

// cost is what some work took: time on the clock, and of all processors, ours and the browser's.
type cost struct{ wall, cpu time.Duration }

func (c *cost) add(o cost) { c.wall, c.cpu = c.wall+o.wall, c.cpu+o.cpu }

// benchStart and benchStop bracket the measured part of a run: starting and ending a browser is not measured.
var benchStart, benchStop func()

func measure(work func()) cost {
	var c cost
	var wall time.Time
	var cpu time.Duration
	benchStart = func() { wall, cpu = time.Now(), cpuTime() }
	benchStop = func() { c = cost{time.Since(wall), cpuTime() - cpu} }
	work()
	return c
}

func benchURL(i int) string { return fmt.Sprintf("https://www.bench.test/p%d.html", i) }

func bareLoop(b *testing.B, server *fakeweb.Server) {
	allocator, stop := browser.BareAllocator(testPath, server.Resolves())
	defer stop()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	require.NoError(b, chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	benchStart()
	for i := range benchPages {
		require.NoError(b, chromedp.Do(ctx, chromedp.Navigate(benchURL(i))))
	}
	benchStop()
}

func fullCapture(b *testing.B, server *fakeweb.Server) {
	chrome, err := browser.New(context.Background(), browser.Options{
		Path: testPath, Resolves: server.Resolves(), Insecure: true,
	})
	require.NoError(b, err)
	defer chrome.Close()
	tabs := crawler.DefaultTabs
	if s := os.Getenv("TRACKSCAN_TABS"); s != "" {
		_, err := fmt.Sscan(s, &tabs)
		require.NoError(b, err)
	}
	benchStart()
	urls := make(chan string)
	var workers sync.WaitGroup
	for range tabs {
		workers.Go(func() {
			for u := range urls {
				_, err := chrome.Render(context.Background(), crawler.Visit{URL: u, Scenario: crawler.NoChoice})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range benchPages {
		urls <- benchURL(i)
	}
	close(urls)
	workers.Wait()
	benchStop()
}

// benchSite is a site of 20 pages as shops have them: style, scripts, a picture, a tag of a third party with a pixel,
// timers until ten seconds after the load. Four pages have a cross-site frame, two a worker.
func benchSite() string {
	var s strings.Builder
	for i := range benchPages {
		fmt.Fprintf(&s, "-- www.bench.test/p%d.html --\n<!doctype html><html lang=\"en\"><title>Page %d</title>\n", i, i)
		s.WriteString("<link rel=\"stylesheet\" href=\"/style.css\"><script src=\"/site.js\"></script>\n")
		s.WriteString("<script src=\"https://tag.metrics.example/tag.js\"></script>\n")
		s.WriteString("<h1>Lamp</h1><img src=\"/lamp.png\" width=\"300\" height=\"200\">\n")
		s.WriteString(strings.Repeat("<p>"+strings.Repeat("A lamp for the garden. ", 40)+"</p>\n", 12))
		if i%5 == 1 {
			s.WriteString("<iframe src=\"https://frame.widget.example/w.html\"></iframe>\n")
		}
		if i%10 == 3 {
			s.WriteString("<script>new Worker('/worker.js')</script>\n")
		}
		fmt.Fprintf(&s, "<a href=\"/p%d.html\">next</a>\n", (i+1)%benchPages)
	}
	s.WriteString(benchParts)
	return s.String()
}

const benchParts = `-- www.bench.test/style.css --
body { font: 16px sans-serif }
-- www.bench.test/site.js --
document.cookie = "session=1; path=/";
localStorage.setItem("seen", "1");
for (const ms of [500, 2000, 5000, 10000]) setTimeout(() => { document.cookie = "t" + ms + "=1; path=/"; }, ms - 100);
-- www.bench.test/worker.js --
fetch("/worker.json");
-- www.bench.test/worker.json --
{}
-- www.bench.test/lamp.png --
HTTP/1.1 200
Fakeweb-Body: png

-- tag.metrics.example/tag.js --
document.cookie = "_tid=0123456789abcdef; path=/; max-age=31536000";
new Image().src = "https://tag.metrics.example/p.gif?n=view";
setTimeout(() => navigator.sendBeacon("https://tag.metrics.example/b?n=time"), 3000);
-- tag.metrics.example/p.gif --
HTTP/1.1 200
Set-Cookie: uid=0123456789abcdef; Max-Age=31536000; SameSite=None; Secure; Path=/
Fakeweb-Body: gif

-- tag.metrics.example/b --
HTTP/1.1 204

-- frame.widget.example/w.html --
<!doctype html><script>document.cookie = "w=1; SameSite=None; Secure"; localStorage.setItem("w", "1");
setTimeout(() => { new Image().src = "https://frame.widget.example/p.gif"; }, 4000);</script>
-- frame.widget.example/p.gif --
HTTP/1.1 200
Fakeweb-Body: gif

`
