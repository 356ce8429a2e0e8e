package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // --timezone is checked where the machine has no database

	"github.com/spf13/cobra"

	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/report"
)

// scanFlags are the flags of every command that scans.
type scanFlags struct {
	pages, depth, tabs   int
	urls                 string
	scopes               []string
	scenarios            []string
	policies             []string
	pageTimeout, timeout time.Duration
	format               string
	out                  []string
	resolves             []string
	insecure, forms      bool
	dns                  string
	browser              string
	noInstall, noRobots  bool
	proxy, lang          string
	timezone, userAgent  string
	viewport             string
	headerFile           string
	cookieFile, authFile string
	store                string
	resume               bool
	failOn, baseline     string
	config               string
	quiet, verbose       bool
}

func (f *scanFlags) register(c *cobra.Command) {
	flags := c.Flags()
	flags.SortFlags = false
	flags.IntVar(&f.pages, "pages", crawler.DefaultPages, "pages rendered per scenario")
	flags.IntVar(&f.depth, "depth", crawler.DefaultDepth, "links away from SITE")
	flags.StringVar(&f.urls, "urls", "", "`FILE` with exactly the pages to scan, one a line (- for stdin); no discovery")
	flags.StringArrayVar(&f.scopes, "scope", nil, "`HOST` that belongs to the site (repeatable; default: its registrable domain)")
	flags.StringSliceVar(&f.scenarios, "scenario", []string{"no-choice", "reject", "accept"}, "what the visitor answers or signals: no-choice,reject,accept,gpc,dnt")
	flags.IntVar(&f.tabs, "tabs", crawler.DefaultTabs, "pages side by side")
	flags.StringArrayVar(&f.policies, "policy", nil, "`FILE|URL` of the policy instead of discovering it (repeatable)")
	flags.DurationVar(&f.pageTimeout, "page-timeout", 30*time.Second, "hard limit of one page")
	flags.DurationVar(&f.timeout, "timeout", 0, "limit of the whole scan; what was seen by then is judged (0: none)")
	flags.StringVar(&f.format, "format", "text", "what goes to stdout: "+formatNames())
	flags.StringArrayVar(&f.out, "out", nil, "also write `FILE`, its format by the extension (repeatable)")
	flags.StringArrayVar(&f.resolves, "resolve", nil, "`HOST:PORT:ADDR` as in curl; HOST may be * (repeatable)")
	flags.BoolVar(&f.insecure, "insecure", false, "accept invalid certificates")
	flags.BoolVar(&f.forms, "forms", false, "type a marked identity into forms, never sending them, to see where it goes")
	flags.StringVar(&f.dns, "dns", "", "`HOST:PORT` of the name server to ask for aliases of the site's hosts (default: the system's)")
	flags.StringVar(&f.browser, "browser", "", "`PATH|WS` of the chrome to use: a binary, or ws:// of a running one")
	flags.BoolVar(&f.noInstall, "no-install", false, "never install a browser")
	flags.BoolVar(&f.noRobots, "no-robots", false, "ignore robots.txt (SITE itself is always visited)")
	flags.StringVar(&f.proxy, "proxy", "", "`URL` of an http or socks proxy")
	flags.StringVar(&f.lang, "lang", "", "language of the visitor, such as de-DE")
	flags.StringVar(&f.timezone, "timezone", "", "time zone of the visitor, such as Europe/Berlin")
	flags.StringVar(&f.viewport, "viewport", "1280x900", "`WxH` of the visitor's window, or mobile for a phone")
	flags.StringVar(&f.userAgent, "user-agent", "", "user agent of the visitor (default: a plain chrome)")
	flags.StringVar(&f.headerFile, "header-file", "", "`FILE` of \"Name: value\" lines, sent to hosts in scope only (not on web sockets)")
	flags.StringVar(&f.cookieFile, "cookie-file", "", "`FILE` of cookies for hosts in scope: a cookies.txt, JSON of a browser extension, or \"name=value\" lines")
	flags.StringVar(&f.authFile, "auth-file", "", "`FILE` of \"user:password\" or \"host user:password\" lines for hosts in scope that ask for a login")
	flags.StringVar(&f.store, "store", "", "keep the evidence: `PATH` of an SQLite file, or a postgres:// address")
	flags.BoolVar(&f.resume, "resume", false, "go on with the last scan of SITE in --store when it did not end")
	flags.StringVar(&f.failOn, "fail-on", "medium", "findings that make the exit code 1: low, medium, high or never")
	flags.StringVar(&f.baseline, "baseline", "", "`FILE` of an earlier --format json: findings in it do not make the exit code 1")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "tell more")
}

func formatNames() string {
	names := make([]string, len(report.Formats))
	for i, f := range report.Formats {
		names[i] = f.Name
	}
	return strings.Join(names, " ")
}

func (a *app) runCommand() *cobra.Command {
	var f scanFlags
	c := &cobra.Command{
		Use:   "run SITE",
		Short: "scan a site and hold its trackers against its policy",
		Long: `Finds the pages of SITE, renders each one as a fresh visitor, reads the policy, judges and prints. SITE is an address or
the name of a site in trackscan.yaml, whose settings hold where no flag is given.`,
		Args: onlySite,
		RunE: func(c *cobra.Command, args []string) error {
			job, err := a.configuredJob(c, &f, args[0])
			if err != nil {
				return err
			}
			return job.run(c.Context())
		},
	}
	f.register(c)
	configFlag(c, &f.config)
	return c
}

// job is a scan that was asked for: checked flags, ready to go.
type job struct {
	app      *app
	flags    *scanFlags
	site     string
	urls     []string
	resolves crawler.Resolves
	proxy    *url.URL
	viewport browser.Viewport
	policies []string           // addresses
	files    []crawler.Document // policies given as files
	scenario []crawler.Scenario
	failOn   int
	baseline map[string]bool // IDs of findings that do not fail the run
	conf     configured
	resumes  time.Duration // go on by itself with a scan that was cut off and is not older; 0 for never
	format   report.Format
	outputs  []output

	credentials crawler.Credentials // secrets: never printed, logged or stored
	login       *browser.Login      // nil for visitors who do not log in
	steps       browser.Steps       // how the banner is answered; nil for as its words say
}

// newJob checks everything that can be checked before anything is sent or written.
func (a *app) newJob(f *scanFlags, site string) (*job, error) {
	j := &job{app: a, flags: f, site: site}
	err := errors.Join(j.checkSite(), j.checkNumbers(), j.checkScenarios(), j.checkVisitor(), j.checkFormats(), j.checkNetwork(), j.checkFailOn(), j.checkStore(), j.checkCredentials())
	if err != nil {
		return nil, usageError{err}
	}
	if j.urls, err = a.readURLs(f.urls); err != nil {
		return nil, usageError{err}
	}
	if j.baseline, err = readBaseline(f.baseline); err != nil {
		return nil, usageError{err}
	}
	return j, j.readPolicies()
}

func (j *job) checkSite() error {
	u, err := url.Parse(withScheme(j.site))
	switch {
	case err != nil:
		return fmt.Errorf("site %q is no address: %w", j.site, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("site %q: only http and https can be scanned", j.site)
	case u.Hostname() == "":
		return fmt.Errorf("site %q has no host", j.site)
	}
	return nil
}

// withScheme is an address that may lack its scheme with the one that is tried first.
func withScheme(site string) string {
	if strings.Contains(site, "://") {
		return site
	}
	return "https://" + site
}

func (j *job) checkNumbers() error {
	f := j.flags
	switch {
	case f.pages < 1:
		return fmt.Errorf("--pages %d: at least one page is needed", f.pages)
	case f.depth < 0:
		return fmt.Errorf("--depth %d: cannot be negative", f.depth)
	case f.tabs < 1 || f.tabs > maxTabs:
		return fmt.Errorf("--tabs %d: from 1 to %d", f.tabs, maxTabs)
	case f.pageTimeout <= 0:
		return fmt.Errorf("--page-timeout %v: must be positive", f.pageTimeout)
	case f.timeout < 0:
		return fmt.Errorf("--timeout %v: cannot be negative", f.timeout)
	}
	return nil
}

func (j *job) checkFailOn() error {
	j.failOn = slices.Index(failLevels, j.flags.failOn)
	if j.failOn < 0 {
		return fmt.Errorf("--fail-on %q: low, medium, high or never", j.flags.failOn)
	}
	return nil
}

// maxTabs bounds the pages side by side: beyond, one Chrome only gets slower.
const maxTabs = 64

func (j *job) checkScenarios() error {
	for _, name := range j.flags.scenarios {
		s := crawler.Scenario(strings.TrimSpace(name))
		if !slices.Contains(crawler.Scenarios, s) {
			return fmt.Errorf("--scenario %q: no-choice, reject, accept, gpc or dnt", name)
		}
		j.scenario = append(j.scenario, s)
	}
	return nil
}

func (j *job) checkVisitor() (err error) {
	if j.viewport, err = browser.ParseViewport(j.flags.viewport); err != nil {
		return fmt.Errorf("--viewport %w", err)
	}
	if _, err := time.LoadLocation(j.flags.timezone); err != nil {
		return fmt.Errorf("--timezone %q: no zone of the IANA database, such as Europe/Berlin", j.flags.timezone)
	}
	return nil
}

func (j *job) checkFormats() error {
	var ok bool
	if j.format, ok = report.FormatNamed(j.flags.format); !ok {
		return fmt.Errorf("--format %q: one of %s", j.flags.format, formatNames())
	}
	for _, path := range j.flags.out {
		o, ok := newOutput(path)
		if !ok {
			return fmt.Errorf("--out %s: unknown extension", path)
		}
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return fmt.Errorf("--out %s: its folder does not exist", path)
		}
		j.outputs = append(j.outputs, o)
	}
	return nil
}

func (j *job) checkNetwork() error {
	remote := strings.HasPrefix(j.flags.browser, "ws://") || strings.HasPrefix(j.flags.browser, "wss://")
	if remote && (len(j.flags.resolves) > 0 || j.flags.insecure || j.flags.proxy != "") {
		return errors.New("--resolve, --insecure and --proxy are launch flags: a running browser cannot take them")
	}
	if _, _, err := net.SplitHostPort(j.flags.dns); j.flags.dns != "" && err != nil {
		return fmt.Errorf("--dns %q: no HOST:PORT, such as 9.9.9.9:53", j.flags.dns)
	}
	for _, text := range j.flags.resolves {
		r, err := crawler.ParseResolve(text)
		if err != nil {
			return fmt.Errorf("--%w", err)
		}
		j.resolves = append(j.resolves, r)
	}
	if j.flags.proxy != "" {
		u, err := url.Parse(j.flags.proxy)
		switch { // what was typed is not repeated: it may hold a password
		case err != nil || u.Host == "":
			return errors.New("--proxy: no address, such as http://127.0.0.1:3128")
		case u.User != nil && u.Scheme != "http" && u.Scheme != "https":
			return errors.New("--proxy: browsers log in to http proxies only, not to " + u.Scheme)
		}
		j.proxy = u
	}
	return nil
}

// readURLs reads a list of pages: one a line, empty lines and # comments left out.
func (a *app) readURLs(path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	from := a.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("--urls: %w", err)
		}
		defer f.Close()
		from = f
	}
	var urls []string
	lines := bufio.NewScanner(io.LimitReader(from, 64<<20))
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			urls = append(urls, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("--urls %s: %w", path, err)
	}
	if len(urls) == 0 {
		return nil, fmt.Errorf("--urls %s: no address in it", path)
	}
	return urls, nil
}

// readPolicies tells addresses from files, and reads the files.
func (j *job) readPolicies() error {
	for _, p := range j.flags.policies {
		if strings.HasPrefix(p, "https://") || strings.HasPrefix(p, "http://") {
			j.policies = append(j.policies, p)
			continue
		}
		d, err := readDocument(p)
		if err != nil {
			return usageError{fmt.Errorf("--policy: %w", err)}
		}
		j.files = append(j.files, d)
	}
	return nil
}

// run scans, prints and tells the exit code.
func (j *job) run(ctx context.Context) error {
	r, nothing := j.scan(ctx)
	switch dead := errors.Is(nothing, crawler.ErrNothingScanned); {
	case nothing != nil && !dead && ctx.Err() != nil:
		j.app.complain(fmt.Errorf("scan %s: interrupted before anything was seen", j.site), "")
		return verdict(exitNotWhole)
	case nothing != nil && !dead:
		return nothing
	case ctx.Err() != nil:
		nothing = nil // that little was seen is not the site's doing
	}
	return j.publish(r, nothing)
}

// publish prints the result, writes the files and tells the exit code; nothing is why nothing was scanned.
func (j *job) publish(r report.Report, nothing error) error {
	if err := errors.Join(j.print(r), j.writeFiles(r)); err != nil {
		return err
	}
	if nothing != nil {
		return hinted{nothing, hintFor(r)}
	}
	return j.verdict(r)
}

// hintFor tells what helps when nothing could be scanned; empty when we do not know.
func hintFor(r report.Report) string {
	for _, f := range r.Facts.Failures {
		switch {
		case strings.Contains(f.Error, "robots.txt"):
			return "--no-robots scans it all the same; ask its owner first"
		case strings.Contains(f.Error, "certificate"):
			return "--insecure accepts the certificate, for a staging site"
		case strings.Contains(f.Error, "no such host"):
			return "check the address; --resolve HOST:PORT:ADDR gives a host an address"
		}
	}
	return ""
}
