package browser

import (
	"context"

	"github.com/chromedp/chromedp"

	"trackscan/crawler"
)

// BareAllocator starts a browser with our flags for a program that drives it with chromedp alone.
func BareAllocator(path string, rs crawler.Resolves) (context.Context, context.CancelFunc) {
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.ModifyCmdFunc(prepare)}
	for _, f := range flags(Options{Resolves: rs, Insecure: true}) {
		options = append(options, chromedp.Flag(f.name, f.value))
	}
	return chromedp.NewExecAllocator(context.Background(), options...)
}
