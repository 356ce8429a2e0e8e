package browser

import (
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
)

// Viewport is the window that a page is seen in, in CSS pixels. The zero value is a window on a desk.
type Viewport struct {
	Width, Height int64
	Mobile        bool // a phone: touch, its scale, its user agent and client hints
}

// The viewports. The phone's is the most common one of phones with Android, with its 2.625 pixels to a CSS pixel.
var (
	desk  = Viewport{Width: windowWidth, Height: windowHeight}
	phone = Viewport{Width: 412, Height: 915, Mobile: true}
)

const (
	phoneScale  = 2.625
	phoneTouchs = 5
	// What is less than this no page is made for; what is more no screen has.
	minSide, maxSide = 200, 8000
)

// ParseViewport reads "WIDTHxHEIGHT" or "mobile".
func ParseViewport(s string) (Viewport, error) {
	if s == "mobile" {
		return phone, nil
	}
	var v Viewport
	var rest string
	if n, _ := fmt.Sscanf(strings.ToLower(s)+" ", "%dx%d%s", &v.Width, &v.Height, &rest); n != 2 {
		return v, fmt.Errorf("%q: want WIDTHxHEIGHT in pixels, or mobile", s)
	}
	if min(v.Width, v.Height) < minSide || max(v.Width, v.Height) > maxSide {
		return v, fmt.Errorf("%q: each side from %d to %d pixels", s, minSide, maxSide)
	}
	return v, nil
}

// String is how Agent tells it.
func (v Viewport) String() string {
	size := fmt.Sprintf("%dx%d", v.Width, v.Height)
	if v.Mobile {
		return "mobile " + size
	}
	return size
}

// setViewport gives a page or popup its size, and what a phone has besides.
func (v *visit) setViewport(p *place) {
	port := v.browser.opts.Viewport
	if port == desk {
		return // the window has it
	}
	m := emulation.SetDeviceMetricsOverrideParams{Width: port.Width, Height: port.Height, DeviceScaleFactor: 1, Mobile: port.Mobile}
	if port.Mobile {
		m.DeviceScaleFactor, m.ScreenWidth, m.ScreenHeight = phoneScale, port.Width, port.Height
		tell(p.session, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{
			Enabled: true, MaxTouchPoints: phoneTouchs,
		})
	}
	if p.kind == "page" {
		tell(p.session, emulation.SetDeviceMetricsOverride, m)
	}
}
