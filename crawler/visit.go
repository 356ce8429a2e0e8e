package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const (
	whyDisallowed = "robots.txt forbids it (--no-robots visits it all the same)"
	onJourney     = "on the journey through the first pages: " // begins the Error of a journey's Failure
	whyOutOfTime  = "interrupted: out of time"
)

// outing is a visit that the scan asks for, of a candidate.
type outing struct {
	*candidate
	visit Visit
	stage Stage // of its Failure
}

// exploring is the outing that first shows a candidate, and its links.
func exploring(cand *candidate) outing {
	return outing{cand, Visit{URL: cand.url, Scenario: NoChoice}, StageRender}
}

func (o outing) explores() bool { return o.visit.Scenario == NoChoice && len(o.visit.Journey) == 0 }

// visit renders the page of an outing and judges whether it is what its address promises.
func (c *crawl) visit(ctx context.Context, o outing) visited {
	v := visited{candidate: o.candidate}
	if ctx.Err() != nil {
		c.fail(ctx, o.visit, o.stage, ctx.Err())
		return v
	}
	if err := o.lead.Err; err != nil && dead(err) && !errors.Is(err, ErrSilent) {
		c.over()
		c.fail(ctx, o.visit, StageDiscover, err) // a browser would wait long for the same end
		return v
	}
	page, err := c.arrive(ctx, o.visit)
	c.over()
	v.page, v.session = o.dress(page), page.Session
	if err == nil && c.leaves(v) {
		return v
	}
	if o.explores() {
		o.links = v.page.Links
	}
	v.seen = err == nil || len(page.Requests)+len(page.Cookies)+len(page.Storage) > 0
	home := o.parent == nil && len(c.opts.URLs) == 0
	if err == nil {
		err = trouble(&page, home)
	}
	if err != nil { // told before the page, so that nobody takes a page that was cut off for a whole one
		c.fail(ctx, o.visit, o.stage, err)
	}
	if err == nil && home && o.explores() {
		c.warnOfHome(&page)
	}
	if v.seen {
		c.tell(Event{Page: &v.page})
	}
	v.good = err == nil
	return v
}

// dress gives a page the place that it has in the scan. Links are of use as long as the page list is not final.
func (o outing) dress(page Page) Page {
	page.URL, page.Scenario, page.Journey = o.url, o.visit.Scenario, o.visit.Journey
	page.Depth, page.FoundOn, page.Document, page.Session = o.depth, o.foundOn, nil, nil
	page.Declared = nil
	if !o.explores() {
		page.Links = nil
	}
	return page
}

// leaves reports whether a page of the site took its visitor elsewhere: what was seen there is another site's.
func (c *crawl) leaves(v visited) bool {
	final, err := Normalise(v.page.FinalURL)
	if err != nil || len(c.opts.URLs) > 0 || c.scope.Contains(final) {
		return false
	}
	return v.parent != nil || !c.home.Contains(final)
}

// keep adds what was seen to the pages of the scan. A page that left the site is left out, with a word about it.
func (c *crawl) keep(batch []visited) {
	for _, v := range batch {
		v.page.Links = nil
		c.pages = append(c.pages, v)
		if !v.seen && c.leaves(v) {
			c.warn("%s leads to %s, which is another site, and was left out", v.url, HostOf(v.page.FinalURL))
		}
		if v.page.FinalURL != "" {
			c.frontier.alias(v.page.FinalURL, v.candidate)
		}
	}
}

// arrive has a page rendered. Where the server minds what it does not know in an address, the visitor comes to it plainly,
// not by an advertisement: what is made up may not make a scan fail.
func (c *crawl) arrive(ctx context.Context, v Visit) (Page, error) {
	page, err := c.renderer.Render(ctx, v)
	if v.Clicked && ctx.Err() == nil && (err != nil || page.Status >= 400 || challenge(&page)) {
		v.Clicked = false
		return c.renderer.Render(ctx, v)
	}
	return page, err
}

// trouble tells why a page that was seen is not what a visitor came for, nil when it is. The home page must be more
// than a door: there a missing page, a login and nothing at all count too.
func trouble(page *Page, home bool) error {
	switch {
	case challenge(page):
		return errors.New("blocked: a bot defence asks to prove that the visitor is human")
	case page.Status == 401, page.Status == 407:
		return fmt.Errorf("blocked: the server asks for a login (%s)", statusText(page.Status))
	case page.Status == 403 && home, page.Status == 429, page.Status == 451:
		return fmt.Errorf("blocked: the server answered %s", statusText(page.Status))
	case page.Status >= 500, page.Status >= 400 && home:
		return fmt.Errorf("the server answered %s", statusText(page.Status))
	case home && loginWall(page) && placeOf(page.URL) != placeOf(page.FinalURL):
		return errors.New("blocked: there is only a login form")
	case home && page.Blank && idle(page):
		return errors.New("the page is empty")
	default:
		return nil
	}
}

// idle reports whether a page does nothing with its visitor: it keeps nothing, asks nobody else and looks at nothing.
func idle(page *Page) bool {
	third := slices.ContainsFunc(page.Requests, func(r Request) bool { return r.Party == Third })
	return !third && len(page.Cookies)+len(page.Storage)+len(page.Scripts) == 0
}

// warnOfHome says what a reader must know of a home page that is less than was hoped for.
func (c *crawl) warnOfHome(page *Page) {
	switch {
	case loginWall(page):
		c.warn("%s is a login form; what lies behind it was not seen", page.URL)
	case page.Blank:
		c.warn("%s shows nothing to its visitors; what it does was judged all the same", page.URL)
	}
}

func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, statusNames[status]))
}

// statusNames are the names that RFC 9110, 6585 and 7725 give to the statuses that users are told of.
var statusNames = map[int]string{
	400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
	405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout",
	410: "Gone", 429: "Too Many Requests", 451: "Unavailable For Legal Reasons", 500: "Internal Server Error",
	501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}

// challenge recognises the page that a bot defence puts before the one asked for. Such pages come with an error status
// or carry one of the few titles that the large defences use.
func challenge(page *Page) bool {
	title := plainWords(page.Title)
	return slices.ContainsFunc(challengeTitles, func(t string) bool { return strings.HasPrefix(title, t) })
}

var challengeTitles = []string{
	"just a moment", "attention required cloudflare", "checking your browser", "access to this page has been denied",
	"pardon our interruption", "are you a robot", "are you human", "robot check", "human verification",
	"ddos guard", "security check required", "please verify you are a human", "verify you are human",
	"you have been blocked", "request unsuccessful incapsula", "challenge validation", "bot verification",
}

// loginWall reports whether a page is the site's login where its content should be: it asks for a password, and its
// address or title says login. A login form in the corner of a page is none.
func loginWall(page *Page) bool {
	if !page.Password {
		return false
	}
	words := strings.Fields(plainWords(page.Title))
	if HostOf(page.FinalURL) != "" {
		words = append(words, strings.Fields(plainWords(HostOf(page.FinalURL)))...)
		path, _ := addressWords(page.FinalURL)
		words = append(words, strings.Fields(path)...)
	}
	return slices.ContainsFunc(words, func(w string) bool { return loginWords[w] })
}

var loginWords = set("login", "signin", "logon", "sign", "log", "auth", "authenticate", "authentication", "sso", "saml",
	"oauth", "oauth2", "account", "password", "anmelden", "anmeldung", "einloggen", "connexion", "identification",
	"acceso", "entrar", "iniciar", "accedi", "accesso", "inloggen", "aanmelden", "zaloguj", "logowanie", "logga",
	"inloggning", "log-ind", "kirjaudu", "prihlaseni", "adgangskode", "passwort")

// fail records that something was to be seen and was not.
func (c *crawl) fail(ctx context.Context, v Visit, stage Stage, err error) {
	why := explain(err)
	if cause := ctx.Err(); cause != nil {
		why = interruption(cause)
	}
	if len(v.Journey) > 0 {
		why = onJourney + why
	}
	c.record(Failure{URL: v.URL, Scenario: v.Scenario, Stage: stage, Error: why})
}

// interruption says why a context ended.
func interruption(cause error) string {
	if errors.Is(cause, context.DeadlineExceeded) {
		return whyOutOfTime
	}
	return WhyInterrupted
}

// miss records what was to be seen before any scenario but the first.
func (c *crawl) miss(ctx context.Context, address string, stage Stage, err error) {
	c.fail(ctx, Visit{URL: address, Scenario: NoChoice}, stage, err)
}

func (c *crawl) record(f Failure) {
	c.mu.Lock()
	c.scan.Failures = append(c.scan.Failures, f)
	c.mu.Unlock()
	c.tell(Event{Failure: &f})
}

func (c *crawl) warn(format string, args ...any) {
	c.scan.Warnings = append(c.scan.Warnings, fmt.Sprintf(format, args...))
}

// finish puts everything in its final order and decides whether anything was scanned at all.
func (c *crawl) finish(ctx context.Context) error {
	if ctx.Err() != nil {
		c.interrupt(ctx)
	}
	c.noteRobots()
	good := false
	for _, v := range slices.Concat(c.pages, c.replays) {
		if v.seen {
			c.scan.Pages = append(c.scan.Pages, v.page)
		}
		good = good || v.good
	}
	slices.SortFunc(c.scan.Failures, byStage)
	if good {
		return nil
	}
	if len(c.scan.Failures) == 0 {
		return ErrNothingScanned
	}
	return fmt.Errorf("%w: %s", ErrNothingScanned, c.scan.Failures[0].Error)
}

// interrupt records the pages that would have been visited.
func (c *crawl) interrupt(ctx context.Context) {
	left := max(c.opts.Pages-len(c.pages), 0)
	for _, cand := range slices.Concat(c.frontier.takeReady(left), c.frontier.takeWaiting(left)) {
		if left--; left < 0 {
			return
		}
		c.miss(ctx, cand.url, StageRender, ctx.Err())
	}
}

// noteRobots says what robots.txt kept from being seen; when that is all but the home page the scan is not whole.
func (c *crawl) noteRobots() {
	switch n := c.frontier.withheld; {
	case n == 0:
	case len(c.pages) == 1:
		why := "robots.txt forbids every page but this one"
		if c.frontier.robots != nil {
			why = explain(c.frontier.robots)
		}
		c.record(Failure{
			URL: c.scan.Site, Scenario: NoChoice, Stage: StageDiscover,
			Error: why + " (--no-robots visits them all the same)",
		})
	default:
		c.warn("robots.txt forbids %d of the addresses that were found; they were not visited", n)
	}
}

var stages = []Stage{StageDiscover, StageRender, StageConsent, StagePolicy}

func byStage(a, b Failure) int {
	return cmp.Or(
		cmp.Compare(slices.Index(stages, a.Stage), slices.Index(stages, b.Stage)),
		cmp.Compare(a.URL, b.URL),
		cmp.Compare(slices.Index(Scenarios, a.Scenario), slices.Index(Scenarios, b.Scenario)),
		cmp.Compare(a.Error, b.Error),
	)
}
