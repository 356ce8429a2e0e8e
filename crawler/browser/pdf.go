package browser

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"
)

// pdfTimeout is how long printing may take: a report of 500 findings takes two seconds.
const pdfTimeout = 2 * time.Minute

// PrintPDF prints a page of ours, given as HTML, on A4 paper. The browser at path, or of a ws:// address, is started or
// connected to for that alone. The page must need nothing from anywhere: it has no address of its own.
func PrintPDF(ctx context.Context, path string, html []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("print pdf: %w", err)
	}
	dial := func(ctx context.Context, url string) (chromedp.Transport, error) { return remote.DialContext(ctx, url) }
	allocator, cancelAllocator := allocate(path, Options{}, dial)
	defer cancelAllocator()
	quiet := func(string, ...any) {}
	tab, cancelTab := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(quiet))
	ctx, cancel := context.WithTimeout(ctx, pdfTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, cancelAllocator)()
	if err := comeUp(tab); err != nil { // the tab's own cancel would wait for a browser that never came up
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	defer cancelTab()
	if err := chromedp.Do(tab, chromedp.Navigate("about:blank"), fill(html)); err != nil {
		return nil, fmt.Errorf("print pdf: %w", err)
	}
	pdf, err := chromedp.Run(tab, chromedp.PrintToPDF(
		chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground(),
		func(p *page.PrintToPDFParams) { p.PreferCSSPageSize, p.GenerateTaggedPDF = new(true), new(true) },
	))
	if err != nil {
		return nil, fmt.Errorf("print pdf: %w", err)
	}
	return pdf, nil
}

// fill puts a document into the tab.
func fill(html []byte) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		tree, err := cdp.Call(ctx, t, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: tree.FrameTree.Frame.ID, HTML: string(html)})
		return err
	})
}
