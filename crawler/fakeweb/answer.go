package fakeweb

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ServeHTTP answers one request as the web's files say. A path that a host does not have, and a host that the web
// does not have, is answered with 404.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		panic(http.ErrAbortHandler)
	}
	defer s.running.Done()
	host := hostOf(r)
	handler := s.handler(host, r.URL.Path)
	f := s.web.lookup(host, r.URL.Path, r.URL.RawQuery)
	s.hits.add(r, host, handler != nil || s.web.hosts[host] != nil)
	s.log.Printf("%s %s %s", r.Method, host, r.URL.RequestURI())
	switch {
	case handler != nil:
		handler.ServeHTTP(w, r)
	case f == nil:
		wait(r.Context(), s.opts.Delay)
		notFound(w)
	default:
		s.answer(w, r, f.pick(r, s.web.hosts[host]))
	}
}

func hostOf(r *http.Request) string {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func notFound(w http.ResponseWriter) {
	w.Header().Set("Content-Type", mimeByExtension[".html"])
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte("<!doctype html><title>Not found</title><h1>Not found</h1>\n"))
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, f *file) {
	if f.hang {
		<-r.Context().Done()
	}
	delay := s.opts.Delay
	if f.delay != nil {
		delay = *f.delay
	}
	if !wait(r.Context(), delay) || f.drop {
		panic(http.ErrAbortHandler) // closes the connection, or resets the stream, without an answer
	}
	if f.webSocket {
		echoWebSocket(w, r, f.header)
		return
	}
	f.writeTo(w, r)
}

// wait pauses for d and tells whether the client is still there.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func (f *file) writeTo(w http.ResponseWriter, r *http.Request) {
	for name, values := range f.header {
		w.Header()[name] = values
	}
	if f.cors && f.allowOrigin(w.Header(), r) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if !f.hold && bodyAllowed(f.status) {
		w.Header().Set("Content-Length", strconv.Itoa(len(f.body)))
	}
	w.WriteHeader(f.status)
	if bodyAllowed(f.status) {
		_, _ = w.Write(f.body) // a client that has gone needs no answer
	}
	if f.hold {
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

func bodyAllowed(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// allowOrigin lets the asking origin read the answer, and tells whether r is a preflight, which needs no more.
func (f *file) allowOrigin(h http.Header, r *http.Request) (preflight bool) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Vary", "Origin")
	if r.Method != http.MethodOptions {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT")
	h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
	return true
}
