package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxPolicies is the number of documents of one kind (privacy, cookies) that are read: one, its twin in the language
// of the other pages, and one for the wrong guess.
const maxPolicies = 3

// maxPolicyLinks is the number of different addresses that are kept as possible policies.
const maxPolicyLinks = 1000

// policyHunt gathers the links that smell of a policy from every page that was seen, in the order of the pages.
type policyHunt struct {
	scope Scope
	found []policyLink
	votes map[string]map[string]bool // by identity, the pages that link to it
}

func newPolicyHunt(scope Scope) *policyHunt {
	return &policyHunt{scope: scope, votes: map[string]map[string]bool{}}
}

// look reads the links of one page.
func (h *policyHunt) look(page string, links []Link) {
	for _, link := range links {
		p, ok := findPolicyLink(link)
		if !ok || !h.mayFollow(p, link) {
			continue
		}
		id := identity(p.url)
		if h.votes[id] == nil {
			if len(h.found) >= maxPolicyLinks {
				continue
			}
			h.votes[id] = map[string]bool{}
			h.found = append(h.found, p)
		}
		h.votes[id][page] = true
	}
}

// mayFollow admits pages of the site, and pages one hop outside it that are the site's own: a vendor's policy ("Google
// privacy policy", "Privacy" below a captcha) names its vendor in the text or is known to be the vendor's. Nothing on
// the open web may send the browser to this machine.
func (h *policyHunt) mayFollow(p policyLink, link Link) bool {
	if h.scope.Contains(p.url) {
		return true
	}
	host := HostOf(p.url)
	if IsLocal(host) && !h.scope.Local() {
		return false
	}
	domain := RegistrableDomain(host)
	owner, _, _ := strings.Cut(domain, ".")
	return !vendorDomains[domain] && !slices.Contains(strings.Fields(plainWords(link.Text)), owner)
}

// vendorDomains belong to firms whose own policies are linked from many sites.
var vendorDomains = set("google.com", "youtube.com", "facebook.com", "meta.com", "instagram.com", "twitter.com", "x.com",
	"linkedin.com", "pinterest.com", "tiktok.com", "snap.com", "reddit.com", "microsoft.com", "apple.com", "amazon.com",
	"adobe.com", "cloudflare.com", "hcaptcha.com", "hotjar.com", "hubspot.com", "stripe.com", "paypal.com", "klarna.com",
	"vimeo.com", "spotify.com", "shopify.com", "wix.com", "wordpress.com", "automattic.com", "mailchimp.com",
	"intuit.com", "zendesk.com", "intercom.com", "trustpilot.com", "criteo.com", "taboola.com", "outbrain.com",
	"salesforce.com", "newrelic.com", "sentry.io", "xing.com", "whatsapp.com", "github.com", "yahoo.com", "bing.com")

// best returns the addresses to read: of each kind the best few, those of the site before others, which count only
// where the site has none of the kind itself. The order is by kind, score and first sight.
func (h *policyHunt) best() []string {
	var urls []string
	for _, kind := range []policyKind{cookiePolicy, privacyPolicy} {
		for _, p := range h.bestOf(kind) {
			urls = append(urls, p.url)
		}
	}
	if len(urls) == 0 {
		return h.weak()
	}
	return urls
}

// weak returns the first of the links of the site that only hint at a policy.
func (h *policyHunt) weak() []string {
	for _, p := range h.found {
		if p.score == weakPolicyScore && h.scope.Contains(p.url) {
			return []string{p.url}
		}
	}
	return nil
}

func (h *policyHunt) bestOf(kind policyKind) []policyLink {
	var own, others []policyLink
	for _, p := range h.found {
		switch {
		case p.kind != kind || p.score == weakPolicyScore:
		case h.scope.Contains(p.url):
			own = append(own, p)
		default:
			others = append(others, p)
		}
	}
	if len(own) == 0 {
		own = others
	}
	slices.SortStableFunc(own, func(a, b policyLink) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(len(h.votes[identity(b.url)]), len(h.votes[identity(a.url)])))
	})
	return own[:min(len(own), maxPolicies)]
}

// readPolicies fetches the policies that the user named, else those that the pages link to, and then what these link
// to where a kind is still missing: many a cookie policy is linked from the privacy policy alone.
func (c *crawl) readPolicies(ctx context.Context) {
	for _, doc := range c.opts.PolicyDocuments {
		c.addPolicy(doc)
	}
	if len(c.opts.Policies)+len(c.opts.PolicyDocuments) > 0 {
		c.fetchPolicies(ctx, c.opts.Policies)
		return
	}
	tried := c.hunt.best()
	c.fetchPolicies(ctx, tried)
	more := slices.DeleteFunc(c.hunt.best(), func(u string) bool { return slices.Contains(tried, u) })
	c.fetchPolicies(ctx, more[:min(len(more), maxPolicies)])
	if ctx.Err() != nil && len(tried)+len(more) == 0 {
		c.miss(ctx, c.scan.Site, StagePolicy, ctx.Err()) // the link to it may be on a page that was not seen any more
	}
}

func (c *crawl) fetchPolicies(ctx context.Context, urls []string) {
	docs := make([]*Document, len(urls))
	errs := make([]error, len(urls))
	pages := make([]Page, len(urls))
	c.sideBySide(len(urls), func(i int) {
		pages[i], docs[i], errs[i] = c.fetchPolicy(ctx, urls[i])
	})
	for i, u := range urls {
		if errs[i] != nil {
			c.miss(ctx, u, StagePolicy, errs[i])
			continue
		}
		c.addPolicy(*docs[i])
		c.addDeclared(&pages[i])
		c.hunt.look(u, pages[i].Links)
	}
}

// maxDeclared is the number of data files of consent managers that are kept beside the policies.
const maxDeclared = 6

// addDeclared keeps the data files that a policy of the site itself loaded: they are part of what it publishes. A
// policy that lies elsewhere loads those of its host.
func (c *crawl) addDeclared(page *Page) {
	final, err := Normalise(page.FinalURL)
	if err != nil || !c.scope.Contains(final) {
		return
	}
	for _, doc := range page.Declared {
		if before := len(c.scan.Policies); c.declared < maxDeclared {
			c.addPolicy(doc)
			c.declared += len(c.scan.Policies) - before
		}
	}
}

func (c *crawl) fetchPolicy(ctx context.Context, u string) (Page, *Document, error) {
	if err := ctx.Err(); err != nil {
		return Page{}, nil, err
	}
	page, err := c.renderer.Render(ctx, Visit{URL: u, Scenario: NoChoice, Document: true})
	switch {
	case err != nil:
		return page, nil, err
	case page.Status >= 400:
		return page, nil, fmt.Errorf("the server answered %s", statusText(page.Status))
	case page.Document == nil || len(page.Document.Bytes) == 0:
		return page, nil, errors.New("the document is empty")
	default:
		return page, page.Document, trouble(&page, false)
	}
}

// documentKey is the identity of a document's address; of a file it is the name.
func documentKey(address string) string {
	if web, err := Normalise(address); err == nil {
		return identity(web)
	}
	return address
}

// addPolicy keeps a document once, however many addresses lead to it.
func (c *crawl) addPolicy(doc Document) {
	if doc.Fetched.IsZero() {
		doc.Fetched = c.opts.Now()
	}
	for _, known := range c.scan.Policies {
		if documentKey(known.URL) == documentKey(doc.URL) {
			return
		}
	}
	c.scan.Policies = append(c.scan.Policies, doc)
	c.tell(Event{Policy: &c.scan.Policies[len(c.scan.Policies)-1]})
}
