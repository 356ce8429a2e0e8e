package browser

import (
	"context"

	"github.com/chromedp/chromedp"

	"trackscan/crawler"
)

// BareAllocator starts a browser with chromedp's own flags, and those that lead it to a fake web.
func BareAllocator(path string, rs crawler.Resolves) (context.Context, context.CancelFunc) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Flag("ignore-certificate-errors", true), chromedp.Flag("host-resolver-rules", resolverRules(rs)))
	return chromedp.NewExecAllocator(context.Background(), options...)
}
