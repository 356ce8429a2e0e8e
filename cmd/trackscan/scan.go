package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/term"

	"trackscan/classify"
	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/crawler/discover"
	"trackscan/report"
)

// retryPause is how long a failed visit waits for its second try: long enough for a server that was restarting.
const retryPause = 500 * time.Millisecond

// scan is where the stages meet: pages are found, rendered and recorded, policies read, and all of it judged. With
// crawler.ErrNothingScanned the report says why; with other errors there is none.
func (j *job) scan(ctx context.Context) (report.Report, error) {
	known, err := j.app.loadKnowledge()
	if err != nil {
		return report.Report{}, err
	}
	if j.flags.timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, j.flags.timeout)
		defer cancel()
		ctx = limited
	}
	kept, err := j.openRecord(ctx)
	if err != nil {
		return report.Report{}, err
	}
	defer kept.close()
	path, err := j.app.findBrowser(ctx, j.flags.browser, !j.flags.noInstall)
	if err != nil {
		return report.Report{}, err
	}
	chrome, err := browser.New(ctx, j.browserOptions(path, kept.salt(), known))
	if err != nil {
		return report.Report{}, err
	}
	defer chrome.Close()
	scan, crawlErr := j.crawl(ctx, known, chrome, kept)
	if crawlErr != nil && !errors.Is(crawlErr, crawler.ErrNothingScanned) {
		return report.Report{}, usageError{crawlErr}
	}
	return j.judge(scan, known, kept.nights(known)), crawlErr
}

func (j *job) browserOptions(path string, salt []byte, known knowledge) browser.Options {
	f := j.flags
	return browser.Options{
		Path: path, Site: j.site, Resolves: j.resolves, Insecure: f.insecure, Proxy: f.proxy, UserAgent: f.userAgent,
		Language: f.lang, Timezone: f.timezone, Viewport: j.viewport, PageTimeout: f.pageTimeout,
		Salt: salt, Marks: known.catalog.Marks(), Forms: f.forms, Credentials: j.credentials, Steps: j.steps,
	}
}

func (j *job) crawl(ctx context.Context, known knowledge, chrome *browser.Browser, kept *record) (*crawler.Scan, error) {
	agent := chrome.Agent()
	agent.Trackscan = version()
	options := crawler.Options{
		Site: j.site, Pages: j.flags.pages, Depth: j.flags.depth, URLs: j.urls, Scopes: j.flags.scopes,
		Scenarios: j.scenario, Policies: j.policies, PolicyDocuments: j.files, Tabs: j.flags.tabs, Agent: agent,
	}
	visitor := j.logIn(ctx, chrome)
	finder := discover.New(discover.Options{
		UserAgent: agent.UserAgent, Language: agent.Language, Resolves: j.resolves, Insecure: j.flags.insecure,
		Proxy: j.proxy, NoRobots: j.flags.noRobots, Credentials: visitor.credentials,
	})
	defer finder.Close()
	shown := j.app.newProgress(j.flags, known.all)
	kept.header.Agent = agent
	options.Observe = func(e crawler.Event) {
		kept.observe(e) // first: what is told is kept
		shown.observe(e)
	}
	eyes := discover.WithAliases(crawler.Retry(visitor, 2, retryPause), j.flags.dns, j.resolves)
	scan, err := crawler.Crawl(ctx, options, finder, kept.resuming(eyes))
	shown.end()
	scan.Failures = append(scan.Failures, visitor.failures...)
	if err == nil || errors.Is(err, crawler.ErrNothingScanned) {
		kept.end(scan, errors.Is(ctx.Err(), context.Canceled)) // --timeout is an end like another
	}
	return scan, err
}

// visitor sees the pages of a site, logged in where the configuration says how.
type visitor struct {
	crawler.Renderer
	credentials crawler.Credentials // for the static fetch
	failures    []crawler.Failure   // of the login
}

// logIn has the visitors of the scan log in, once. A login that fails is a failure of the scan, which goes on with what
// a stranger sees.
func (j *job) logIn(ctx context.Context, chrome *browser.Browser) visitor {
	v := visitor{Renderer: chrome, credentials: j.credentials}
	if j.login == nil {
		return v
	}
	session, err := chrome.Login(ctx, *j.login)
	if err != nil {
		v.failures = []crawler.Failure{{
			URL: j.login.URL, Scenario: crawler.NoChoice, Stage: crawler.StageRender, Error: "the login failed: " + err.Error(),
		}}
		return v
	}
	v.Renderer = crawler.LoggedIn(chrome, session, j.login.URL)
	c := v.credentials
	c.Cookies = append(slices.Clip(c.Cookies), browser.CookiesOf(session)...)
	if scope, err := crawler.NewScope(withScheme(j.site), j.flags.scopes); err == nil {
		c.Scope = scope
		v.credentials = c
	}
	return v
}

// judge holds the evidence against the policies, and against what earlier nights saw.
func (j *job) judge(scan *crawler.Scan, known knowledge, earlier []report.Night) report.Report {
	d := known.judge(scan)
	return report.Build(scan, d.result, d.policies, report.Options{
		Catalog: known.catalog.Version(), Lists: known.lists, Earlier: earlier, Exempted: j.exempted(&d),
	})
}

// exempted holds the findings against the exemptions of the configuration, and tells of those that cover nothing: a
// scan that is whole would have seen it. The day that counts is that of the scan.
func (j *job) exempted(d *judged) (list []report.Exemption) {
	day := d.scan.Ended
	if day.IsZero() {
		day = d.scan.Started
	}
	covered, unused := d.result.Exempt(j.conf.exemptions(), day.UTC())
	for _, e := range covered {
		list = append(list, report.Exemption{ID: e.Finding, Reason: e.Reason, Owner: e.Owner, Until: e.Until, Expired: e.Expired})
	}
	for _, e := range unused {
		if d.scan.Whole() {
			j.app.complain(fmt.Errorf("the exemption of %q (%s: %s) covers no finding of %s", cmp.Or(e.ID, e.Pattern, e.Name), e.Owner, e.Reason, j.site),
				"remove it from "+j.conf.config.Path)
		}
	}
	return list
}

// print writes the result to stdout.
func (j *job) print(r report.Report) error {
	if err := j.format.Write(j.app.stdout, r, styleOf(j.app.stdout)); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// styleOf tells how wide and colourful text may be: colour only on a terminal, and not with NO_COLOR (no-color.org).
func styleOf(w io.Writer) report.Style {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return report.Style{}
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = 0
	}
	return report.Style{Width: min(width, 100), Color: os.Getenv("NO_COLOR") == ""}
}

// failLevels are the values of --fail-on, severities in their order and one that no finding reaches.
var failLevels = []string{string(classify.Low), string(classify.Medium), string(classify.High), "never"}

// verdict is the exit code of a scan that was printed.
func (j *job) verdict(r report.Report) error {
	for _, f := range r.Facts.Findings {
		if slices.Index(failLevels, string(f.Severity)) >= j.failOn && !j.baseline[f.ID] {
			return verdict(exitFindings)
		}
	}
	if !r.Facts.Whole {
		return verdict(exitNotWhole)
	}
	return nil
}

// document size limit of a policy given as a file, in bytes.
const maxDocument = 32 << 20

// readDocument reads a policy from a file, its type by the extension.
func readDocument(path string) (crawler.Document, error) {
	f, err := os.Open(path)
	if err != nil {
		return crawler.Document{}, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxDocument+1))
	switch {
	case err != nil:
		return crawler.Document{}, fmt.Errorf("read %s: %w", path, err)
	case len(text) > maxDocument:
		return crawler.Document{}, fmt.Errorf("%s is larger than %d MB", path, maxDocument>>20)
	}
	return crawler.Document{URL: path, MIME: mimeOf(path), Bytes: text, Fetched: time.Now().UTC()}, nil
}

func mimeOf(path string) string {
	types := map[string]string{".html": "text/html", ".htm": "text/html", ".md": "text/markdown", ".pdf": "application/pdf"}
	return cmp.Or(types[extension(path)], "text/plain")
}
