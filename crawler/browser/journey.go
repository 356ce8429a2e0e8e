package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/page"

	_ "embed"

	"trackscan/crawler"
)

//go:embed links.js
var linksSource string

// clickCap is how long a click may take to lead elsewhere before the address is opened instead.
const clickCap = 2 * time.Second

// maxTries bounds the links to one page that are tried: most pages have one in the menu, one in the text.
const maxTries = 3

// goesOn takes the visitor to the next page of the journey, and reports whether there was one. The page is really left,
// and what it sends then is not heard; it is in the visit that each page has to itself.
func (v *visit) goesOn(ctx context.Context) bool {
	if v.gone >= len(v.visit.Journey) || ctx.Err() != nil || v.crashed {
		return false
	}
	v.harvest(ctx)
	next := v.visit.Journey[v.gone]
	v.mu.Lock()
	if v.gone++; v.gone == 1 {
		v.page.Status = v.documentStatus()
	}
	v.mu.Unlock()
	if v.visit.Forgets && v.gone == len(v.visit.Journey) {
		return v.forget(ctx) && v.openNext(ctx, next)
	}
	return v.clickTo(ctx, next) || v.openNext(ctx, next)
}

// clickTo clicks a visible link to the page; false when there is none that takes the visitor there.
func (v *visit) clickTo(ctx context.Context, next string) bool {
	text, err := v.ask(ctx, v.main, linksSource+"(-1)")
	var links []string
	if err != nil || json.Unmarshal([]byte(text), &links) != nil {
		return false
	}
	tries := 0
	for i, link := range links {
		if address, err := crawler.Normalise(link); err != nil || address != next {
			continue
		}
		if tries++; tries > maxTries {
			break
		}
		if v.clickLink(ctx, i) {
			return true
		}
	}
	return false
}

// clickLink clicks a link by its number in links.js and reports whether another page, or another view of this one, came.
func (v *visit) clickLink(ctx context.Context, n int) bool {
	text, err := v.ask(ctx, v.main, fmt.Sprintf("%s(%d)", linksSource, n))
	var at []float64
	if err != nil || json.Unmarshal([]byte(text), &at) != nil || len(at) != 2 {
		return false
	}
	return v.moves(ctx, func() { spot{place: v.main}.mouse(ctx, at[0], at[1]) })
}

// moves does something and waits until it takes the page elsewhere: to another document, or another view of this one.
func (v *visit) moves(ctx context.Context, act func()) bool {
	at := v.moved()
	act()
	v.wait(ctx, clickCap, func() (bool, time.Duration) { return v.navigations+v.views > at || v.crashed, 0 })
	return v.moved() > at
}

func (v *visit) moved() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.navigations + v.views
}

// openNext opens a page that no link leads to, as if one had.
func (v *visit) openNext(ctx context.Context, next string) bool {
	from := v.page.FinalURL
	if v.gone > 1 {
		from = v.visit.Journey[v.gone-2]
	}
	return v.moves(ctx, func() {
		_, _ = call(ctx, v.main.session, page.Navigate, page.NavigateParams{
			URL: next, Referrer: from, TransitionType: page.TransitionTypeLink,
		})
	})
}
