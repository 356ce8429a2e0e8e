package fakeweb

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"trackscan/crawler"
)

// Options change how a Web is served. The zero value answers at once and logs nothing.
type Options struct {
	Delay time.Duration // before each answer whose file does not say otherwise
	Log   io.Writer     // one line for each request; nil for none
}

// Server serves a Web on two ports of 127.0.0.1, plain HTTP and TLS (HTTP/1.1 and HTTP/2).
type Server struct {
	web  *Web
	opts Options
	ca   *authority
	log  *log.Logger
	hits hits

	mu       sync.Mutex
	handlers []route
	closed   bool

	plain, secure net.Listener
	servers       []*http.Server
	stop          context.CancelFunc
	running       sync.WaitGroup // listeners, and handlers that still answer
}

// route is a programmed endpoint.
type route struct {
	host, prefix string
	handler      http.Handler
}

// Serve starts to serve w. Close ends it.
func Serve(w *Web, opts Options) (*Server, error) {
	ca, err := newAuthority()
	if err != nil {
		return nil, fmt.Errorf("serve fake web: %w", err)
	}
	s := &Server{web: w, opts: opts, ca: ca, hits: hits{unknown: map[string]bool{}}}
	if opts.Log == nil {
		s.opts.Log = io.Discard
	}
	s.log = log.New(s.opts.Log, "", 0)
	if err := s.listen(); err != nil {
		return nil, fmt.Errorf("serve fake web: %w", err)
	}
	s.start()
	return s, nil
}

func (s *Server) listen() (err error) {
	if s.plain, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	if s.secure, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return errors.Join(err, s.plain.Close())
	}
	return nil
}

func (s *Server) start() {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	for range 2 {
		s.servers = append(s.servers, &http.Server{
			Handler:           s,
			BaseContext:       func(net.Listener) context.Context { return ctx },
			ErrorLog:          log.New(io.Discard, "", 0), // clients that break off are no news
			ReadHeaderTimeout: time.Minute,
			TLSConfig:         &tls.Config{GetCertificate: s.ca.certificate, MinVersion: tls.VersionTLS12},
		})
	}
	s.running.Go(func() { _ = s.servers[0].Serve(s.plain) })             // ErrServerClosed
	s.running.Go(func() { _ = s.servers[1].ServeTLS(s.secure, "", "") }) // ErrServerClosed
}

// Close ends the server, breaks off what hangs, and returns when nothing of it runs any more.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	err := errors.Join(s.servers[0].Close(), s.servers[1].Close())
	s.running.Wait()
	return err
}

// enter counts a request in, so that Close can wait for it; false when the server is closed.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.running.Add(1)
	}
	return !s.closed
}

// Resolves returns the rules that lead every host to this server: its plain port for 80, its TLS port for 443.
func (s *Server) Resolves() crawler.Resolves {
	loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	return crawler.Resolves{
		{Host: "*", Port: 80, Addr: loopback, To: portOf(s.plain)},
		{Host: "*", Port: 443, Addr: loopback, To: portOf(s.secure)},
	}
}

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// CAPool returns the root that signs the certificates of every host.
func (s *Server) CAPool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.ca.root)
	return pool
}

// Handle answers requests for host ("*" for every host) whose path begins with pathPrefix by h instead of a file.
// The longest prefix counts, among equals the one that was added last.
func (s *Server) Handle(host, pathPrefix string, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers = append(s.handlers, route{host: host, prefix: pathPrefix, handler: h})
}

func (s *Server) handler(host, path string) http.Handler {
	s.mu.Lock()
	defer s.mu.Unlock()
	var best route
	for _, r := range s.handlers {
		if (r.host == host || r.host == "*") && strings.HasPrefix(path, r.prefix) && len(r.prefix) >= len(best.prefix) {
			best = r
		}
	}
	return best.handler
}

// Seen lists the requests so far, in the order in which they arrived.
func (s *Server) Seen() []Hit { return s.hits.list() }

// Unknown lists the hosts that were asked for and that the web does not have, sorted.
func (s *Server) Unknown() []string { return s.hits.unknownHosts() }

// Forget empties Seen and Unknown.
func (s *Server) Forget() { s.hits.forget() }
