package main

import (
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"trackscan/classify"
	"trackscan/crawler"
	"trackscan/report"
)

// progress tells on stderr how far a scan is: a bar on a terminal, a plain line now and then elsewhere.
type progress struct {
	app      *app
	known    classify.Catalog
	quiet    bool
	verbose  bool
	bar      *progressbar.ProgressBar // nil when stderr is no terminal
	started  time.Time
	last     time.Time       // of the latest plain line
	trackers map[string]bool // vendors seen so far, and hosts that nobody can name
}

// plainEvery is the least time between two plain lines: a log is read later, not watched.
const plainEvery = 5 * time.Second

func (a *app) newProgress(f *scanFlags, known classify.Catalog) *progress {
	p := &progress{
		app: a, known: known, quiet: f.quiet, verbose: f.verbose, started: time.Now(), trackers: map[string]bool{},
	}
	if file, ok := a.stderr.(*os.File); ok && !f.quiet && term.IsTerminal(int(file.Fd())) {
		p.bar = progressbar.NewOptions(1, progressbar.OptionSetWriter(file), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetWidth(20), progressbar.OptionShowCount(), progressbar.OptionSetElapsedTime(true),
			progressbar.OptionSetPredictTime(false), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetTheme(progressbar.Theme{Saucer: "=", SaucerPadding: " ", BarStart: "[", BarEnd: "]"}))
	}
	return p
}

// observe takes an event of the crawl into account. The crawl calls it with one event at a time.
func (p *progress) observe(e crawler.Event) {
	if p.quiet {
		return
	}
	if e.Page != nil {
		p.count(e.Page)
	}
	if p.verbose {
		p.detail(e)
	}
	switch {
	case p.bar != nil:
		p.bar.ChangeMax(max(e.Known, 1))
		p.bar.Describe(fmt.Sprintf("pages, %d trackers", len(p.trackers)))
		_ = p.bar.Set(e.Done) // a bar that cannot be drawn is not worth an error
	case time.Since(p.last) >= plainEvery:
		p.last = time.Now()
		p.line(e.Done, e.Known)
	}
}

func (p *progress) line(done, known int) {
	fmt.Fprintf(p.app.stderr, "%d of %d pages, %d trackers, %s\n", done, known, len(p.trackers),
		time.Since(p.started).Round(time.Second))
}

// detail tells of one page or failure, for --verbose.
func (p *progress) detail(e crawler.Event) {
	switch {
	case e.Page != nil:
		fmt.Fprintf(p.app.stderr, "page %s: status %d, %d cookies, %d requests, %.1f s\n", report.Visible(e.Page.URL),
			e.Page.Status, len(e.Page.Cookies), len(e.Page.Requests), e.Page.Seconds)
	case e.Failure != nil:
		fmt.Fprintf(p.app.stderr, "failed %s: %s\n", report.Visible(e.Failure.URL), report.Visible(e.Failure.Error))
	case e.Policy != nil:
		fmt.Fprintf(p.app.stderr, "policy %s: %d bytes\n", report.Visible(e.Policy.URL), len(e.Policy.Bytes))
	}
}

// count adds the trackers of a page: vendors, and third-party hosts with cookies that nobody can name.
func (p *progress) count(page *crawler.Page) {
	for _, c := range page.Cookies {
		t := classify.Thing{Kind: classify.KindCookie, Name: c.Name, Host: c.Domain, Page: page.URL}
		p.add(t, c.Party == crawler.Third, crawler.RegistrableDomain(c.Domain))
	}
	for _, r := range page.Requests {
		if r.Party == crawler.Third {
			host := crawler.HostOf(r.URL)
			p.add(classify.Thing{Kind: classify.KindRequest, Host: host, URL: r.URL, Page: page.URL, Type: r.Type}, false, host)
		}
	}
}

func (p *progress) add(t classify.Thing, unknownCounts bool, host string) {
	id, ok := p.known.Identify(t)
	switch {
	case ok && !id.Benign && id.Vendor != nil && id.Category != classify.Necessary:
		p.trackers[id.Vendor.Name] = true
	case !ok && unknownCounts:
		p.trackers[host] = true
	}
}

// end removes the bar.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
