package browser

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/page"

	"trackscan/crawler"
)

const (
	maxPicture = 60 << 10 // bytes of a screenshot that is kept
	pictureCap = 2 * time.Second

	maxPictured = 10_000 // hosts whose banner has its picture
)

// firstBanner reports whether no visit of this site has shown a banner yet: one picture of it is enough. The home page is
// visited before all others.
func (b *Browser) firstBanner(url string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	host := crawler.HostOf(url)
	if b.pictured[host] || len(b.pictured) >= maxPictured {
		return false
	}
	b.pictured[host] = true
	return true
}

// picture keeps a screenshot of what the visitor sees, in the best quality that fits into maxPicture. A browser that
// paints nothing in time gives none.
func (v *visit) picture(ctx context.Context, moment string) {
	ctx, cancel := context.WithTimeout(ctx, pictureCap)
	defer cancel()
	for _, try := range []struct {
		quality int64
		scale   float64
	}{{60, 1}, {30, 1}, {40, .5}} {
		p := page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatJpeg, Quality: &try.quality, OptimizeForSpeed: new(true)}
		if try.scale != 1 {
			p.Clip = &page.Viewport{Width: float64(v.browser.opts.Viewport.Width), Height: float64(v.browser.opts.Viewport.Height), Scale: try.scale}
		}
		shot, err := call(ctx, v.main.session, page.CaptureScreenshot, p)
		if err != nil {
			return
		}
		if len(shot.Data) <= maxPicture {
			v.mu.Lock()
			v.page.Screenshots = append(v.page.Screenshots, crawler.Screenshot{Moment: moment, MIME: "image/jpeg", Bytes: shot.Data})
			v.mu.Unlock()
			return
		}
	}
}
