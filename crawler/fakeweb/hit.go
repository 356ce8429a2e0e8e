package fakeweb

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
)

// Hit is one request that reached the fake web.
type Hit struct {
	Method string
	Scheme string // "http" or "https"
	Host   string // lower case, without a port
	Path   string // with the query, as it was sent
	Header http.Header
	Body   int64 // bytes of the request's body, counted up to 64 MiB
}

// URL returns the address that was asked for.
func (h Hit) URL() string { return h.Scheme + "://" + h.Host + h.Path }

const (
	maxHits    = 200_000  // the most that a Server remembers; later ones are answered and forgotten
	maxUpload  = 64 << 20 // bytes of a request's body that are read
	maxUnknown = 10_000   // unknown hosts that are remembered
)

// hits keeps what was asked, in the order in which the requests arrived.
type hits struct {
	mu      sync.Mutex
	seen    []Hit
	unknown map[string]bool
}

func (h *hits) add(r *http.Request, host string, known bool) {
	hit := Hit{Method: r.Method, Scheme: "http", Host: host, Path: r.URL.RequestURI(), Header: r.Header.Clone()}
	if r.TLS != nil {
		hit.Scheme = "https"
	}
	var body bytes.Buffer
	hit.Body, _ = io.Copy(&body, io.LimitReader(r.Body, maxUpload)) // a body that breaks off is counted so far
	r.Body = io.NopCloser(&body)                                    // for a handler
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.seen) < maxHits {
		h.seen = append(h.seen, hit)
	}
	if !known && len(h.unknown) < maxUnknown {
		h.unknown[host] = true
	}
}

func (h *hits) list() []Hit {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.seen)
}

func (h *hits) unknownHosts() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(maps.Keys(h.unknown))
}

func (h *hits) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen, h.unknown = nil, map[string]bool{}
}
