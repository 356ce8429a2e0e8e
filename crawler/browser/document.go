package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	_ "embed"

	"trackscan/crawler"
)

//go:embed document.js
var documentSource string

// maxDocument bounds the size of a kept document in bytes; the longest policies seen have half a megabyte of markup.
const maxDocument = 8 << 20

// keepDocument keeps the page as it stands, folded parts opened, and the text of its frames behind it: policies are
// often embedded.
func (v *visit) keepDocument(ctx context.Context) {
	v.mu.Lock()
	served := v.page.Document != nil
	v.mu.Unlock()
	if served {
		return
	}
	d := crawler.Document{MIME: "text/html", Charset: "utf-8", Fetched: time.Now().UTC().Truncate(time.Second)}
	d.Bytes = v.serialise(ctx, v.main, true, v.banners(ctx))
	frames, _ := v.living()
	for _, p := range frames {
		if p != v.main && p.kind == "iframe" && len(d.Bytes) < maxDocument {
			d.Bytes = append(d.Bytes, v.serialise(ctx, p, false, nil)...)
		}
	}
	d.Bytes = d.Bytes[:min(len(d.Bytes), maxDocument)]
	if len(d.Bytes) > 0 {
		v.mu.Lock()
		v.page.Document = &d
		v.mu.Unlock()
	}
}

// banners are those of the page's own document, as finder.js counts them.
func (v *visit) banners(ctx context.Context) []int {
	main, err := mainSpot(ctx, v)
	if err != nil {
		return nil
	}
	var numbers []int
	seen, _ := main.sight(ctx)
	for _, s := range seen {
		numbers = append(numbers, s.N)
	}
	return numbers
}

func (v *visit) serialise(ctx context.Context, p *place, whole bool, banners []int) []byte {
	list, _ := json.Marshal(append([]int{}, banners...))
	text, err := v.ask(ctx, p, fmt.Sprintf("%s(%t, %d, %s)", documentSource, whole, maxDocument, list))
	if err != nil {
		return nil
	}
	return []byte(text)
}
