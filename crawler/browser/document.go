package browser

import (
	"context"
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
	d.Bytes = v.serialise(ctx, v.main, "true")
	frames, _ := v.living()
	for _, p := range frames {
		if p != v.main && p.kind == "iframe" && len(d.Bytes) < maxDocument {
			d.Bytes = append(d.Bytes, v.serialise(ctx, p, "false")...)
		}
	}
	d.Bytes = d.Bytes[:min(len(d.Bytes), maxDocument)]
	if len(d.Bytes) > 0 {
		v.mu.Lock()
		v.page.Document = &d
		v.mu.Unlock()
	}
}

func (v *visit) serialise(ctx context.Context, p *place, whole string) []byte {
	text, err := v.ask(ctx, p, fmt.Sprintf("%s(%s, %d)", documentSource, whole, maxDocument))
	if err != nil {
		return nil
	}
	return []byte(text)
}
