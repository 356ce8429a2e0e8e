package browser

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"trackscan/crawler"
)

// BareAllocator starts a browser with chromedp's own flags, and those that lead it to a fake web.
func BareAllocator(path string, rs crawler.Resolves) (context.Context, context.CancelFunc) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Flag("ignore-certificate-errors", true), chromedp.Flag("host-resolver-rules", resolverRules(rs)))
	return chromedp.NewExecAllocator(context.Background(), options...)
}

// Answer makes a visit that answers by a script of the page, in place of a click on its banner.
func (b *Browser) Answer(ctx context.Context, url, script string) (crawler.Page, error) {
	c, err := b.acquire()
	if err != nil {
		return crawler.Page{}, err
	}
	defer b.release(c)
	ctx, cancel := context.WithTimeout(ctx, b.opts.PageTimeout)
	defer cancel()
	v := newVisit(b, c, crawler.Visit{URL: url, Scenario: crawler.Reject, Answer: true}, b.guardOf(url))
	v.stop = cancel
	if err = v.open(ctx); err == nil {
		_, err = call(ctx, v.main.session, page.Navigate, page.NavigateParams{URL: url})
	}
	if err == nil {
		v.awaitLoad(ctx)
		v.quiet(ctx, quietCap)
		v.beginAnswer()
		_, err = call(ctx, v.main.session, runtime.Evaluate, runtime.EvaluateParams{Expression: script})
		v.page.Consent = &crawler.ConsentState{Banner: true, Choice: true, Result: crawler.Answered}
	}
	if err == nil {
		err = v.settle(ctx)
	}
	v.collect(false)
	v.close()
	return v.page, err
}

// WithoutHooks runs work with pages as they are, without our hooks, to measure what these cost.
func WithoutHooks(work func()) {
	hooks, probes := hooksSource, probesSource
	defer func() { hooksSource, probesSource = hooks, probes }()
	hooksSource, probesSource = "(() => {})", "0"
	work()
}

// resolverRules writes the resolves in Chrome's own words.
func resolverRules(rs crawler.Resolves) string {
	rules := make([]string, 0, len(rs))
	for _, r := range rs {
		host := r.Host
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		addr := r.Addr.String()
		if r.Addr.Is6() {
			addr = "[" + addr + "]"
		}
		rules = append(rules, fmt.Sprintf("MAP %s:%d %s:%d", host, r.Port, addr, r.To))
	}
	return strings.Join(rules, ",")
}
