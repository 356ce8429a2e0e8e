package browser

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"trackscan/crawler"
)

// probeTimeout bounds the probe of a browser that is up.
const probeTimeout = 15 * time.Second

// probe visits a page of our own on loopback, at 127.0.0.1, with an image of another site, at localhost, that sets a
// cookie. It proves that a request which ad blockers stop leaves the browser, and returns whether the cookie of the
// third party is "allowed" or "refused", and the time zone that pages see.
func (b *Browser) probe(ctx context.Context) (cookies, zone string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", fmt.Errorf("probe the browser: %w", err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	var asked atomic.Bool
	server := &http.Server{ReadHeaderTimeout: probeTimeout, Handler: probePage(port, &asked)}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()

	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	page := crawler.Visit{URL: "http://127.0.0.1:" + port + "/", Scenario: crawler.NoChoice}
	p, err := b.render(ctx, page, b.guardOf(page.URL))
	if err != nil {
		return "", "", fmt.Errorf("probe the browser: %w", err)
	}
	if !asked.Load() {
		return "", "", fmt.Errorf("probe the browser: something in it blocks requests to trackers; a scan would see nothing")
	}
	for _, c := range p.Cookies {
		if c.Name == "probe" && c.Refused == "" {
			return "allowed", p.Title, nil
		}
	}
	return "refused", p.Title, nil
}

// probePage serves the page and its pixel, under a path that every filter list knows.
func probePage(port string, asked *atomic.Bool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>probe</title><img src="http://localhost:%s/pagead/ads.gif">
			<script>document.title = Intl.DateTimeFormat().resolvedOptions().timeZone</script>`, port)
	})
	mux.HandleFunc("GET /pagead/ads.gif", func(w http.ResponseWriter, _ *http.Request) {
		asked.Store(true)
		http.SetCookie(w, &http.Cookie{Name: "probe", Value: "1", SameSite: http.SameSiteNoneMode, Secure: true})
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}
