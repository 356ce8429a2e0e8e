package browser

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"trackscan/crawler"
)

// Bounds of what one visit may cost the network.
const (
	dialTimeout = 12 * time.Second // of names and connections together, as long as a page may take to load
	maxReasons  = 10_000           // failures whose reasons are kept; as many as there are exchanges
)

// gate is the only way out of a visit: a SOCKS5 proxy (RFC 1928) on loopback that its browser context uses for every
// connection of every target. Names are looked up here, so that what is dialled is what the guard has seen: no page
// reaches this machine by a name that means it. Bytes pass as they are; nothing is decrypted.
type gate struct {
	listener net.Listener
	guard    *crawler.Guard
	resolver *net.Resolver // nil for the system's
	closed   string        // "host:port" that is never connected to: the browser's own debugging port

	mu      sync.Mutex
	conns   map[net.Conn]bool
	reasons map[string]error // by "host:port", why the last connection was not made
	over    bool
	end     context.CancelFunc
}

// openGate starts a gate. It must be closed.
func openGate(guard *crawler.Guard, resolver *net.Resolver, closed string) (*gate, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the way out: %w", err)
	}
	ctx, end := context.WithCancel(context.Background())
	g := &gate{
		listener: listener, guard: guard, resolver: resolver, closed: closed,
		conns: map[net.Conn]bool{}, reasons: map[string]error{}, end: end,
	}
	go g.serve(ctx)
	return g, nil
}

// address is the gate as the browser wants it named.
func (g *gate) address() string { return "socks5://" + g.listener.Addr().String() }

// close ends the gate and every connection through it.
func (g *gate) close() {
	g.end()
	_ = g.listener.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	for c := range g.conns {
		_ = c.Close()
	}
}

// hold registers a connection, so that it ends with the gate.
func (g *gate) hold(c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.conns[c] = true; g.over {
		_ = c.Close()
	}
}

func (g *gate) drop(c net.Conn) {
	_ = c.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, c)
}

func (g *gate) serve(ctx context.Context) {
	for {
		c, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.hold(c)
		go func() {
			defer g.drop(c)
			g.connect(ctx, c)
		}()
	}
}

// connect reads where one connection is to lead, and joins it to what is there.
func (g *gate) connect(ctx context.Context, c net.Conn) {
	_ = c.SetDeadline(time.Now().Add(dialTimeout))
	to, err := greet(c)
	if err != nil {
		return
	}
	_ = c.SetDeadline(time.Time{})
	out, err := g.dial(ctx, to)
	if err != nil {
		g.note(to, err)
		_, _ = c.Write([]byte{5, hostUnreachable, 0, 1, 0, 0, 0, 0, 0, 0})
		return
	}
	g.hold(out)
	defer g.drop(out)
	if _, err := c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}); err != nil {
		return
	}
	join(c, out)
}

// hostUnreachable is what a browser is told of every failure (RFC 1928, section 6); why tells more.
const hostUnreachable = 4

// dial connects to "host:port", unless that turns out to be nearer than the guard lets the visit go.
func (g *gate) dial(ctx context.Context, hostport string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	to, check, err := g.guard.Dial(hostport)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Resolver: g.resolver}
	if check {
		host, _, _ := net.SplitHostPort(hostport)
		dialer.Control = func(_, resolved string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(resolved)
			if err != nil {
				return fmt.Errorf("dial %s: %w", resolved, err)
			}
			if resolved == g.closed {
				return crawler.ErrNearby
			}
			return g.guard.Check(host, at.Addr())
		}
	}
	return dialer.DialContext(ctx, "tcp", to)
}

// join carries bytes both ways until the browser has done, or the server breaks off: a break must not look like an end.
func join(browser, server net.Conn) {
	done := make(chan bool, 2)
	go func() {
		_, _ = io.Copy(server, browser)
		done <- true
	}()
	go func() {
		_, err := io.Copy(browser, server)
		if c, ok := browser.(*net.TCPConn); ok && err != nil {
			_ = c.SetLinger(0)
			done <- true
		} else if ok {
			_ = c.CloseWrite()
		}
	}()
	<-done
}

func (g *gate) note(hostport string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.reasons) < maxReasons {
		g.reasons[hostport] = err
	}
}

// why tells why "host:port" could not be reached, in the browser's words where it has some; empty when it could.
func (g *gate) why(hostport string) string {
	g.mu.Lock()
	err := g.reasons[hostport]
	g.mu.Unlock()
	var dns *net.DNSError
	switch {
	case err == nil:
		return ""
	case errors.Is(err, crawler.ErrNearby):
		return crawler.ErrNearby.Error()
	case errors.As(err, &dns) && !dns.IsTimeout:
		return "net::ERR_NAME_NOT_RESOLVED"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "net::ERR_CONNECTION_REFUSED"
	case errors.Is(err, syscall.ECONNRESET):
		return "net::ERR_CONNECTION_RESET"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "net::ERR_ADDRESS_UNREACHABLE"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), dns != nil:
		return "net::ERR_CONNECTION_TIMED_OUT"
	}
	return "net::ERR_CONNECTION_FAILED"
}

// hostPort is the "host:port" that an address is reached at; empty for what is none.
func hostPort(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "ws": "80", "https": "443", "wss": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

var errGreeting = errors.New("not a SOCKS5 request")

// greet takes the browser's greeting and returns the "host:port" that it asks for.
func greet(c net.Conn) (string, error) {
	var head [2]byte
	if _, err := io.ReadFull(c, head[:]); err != nil || head[0] != 5 {
		return "", errGreeting
	}
	if _, err := io.CopyN(io.Discard, c, int64(head[1])); err != nil {
		return "", errGreeting
	}
	if _, err := c.Write([]byte{5, 0}); err != nil {
		return "", err
	}
	var ask [4]byte
	if _, err := io.ReadFull(c, ask[:]); err != nil || ask[0] != 5 || ask[1] != 1 {
		return "", errGreeting
	}
	host, err := readHost(c, ask[3])
	if err != nil {
		return "", err
	}
	var port [2]byte
	if _, err := io.ReadFull(c, port[:]); err != nil {
		return "", errGreeting
	}
	return net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(port[:])))), nil
}

// readHost reads an address of a kind: 1 is IPv4, 3 a name, 4 IPv6.
func readHost(c net.Conn, kind byte) (string, error) {
	size := map[byte]int{1: 4, 4: 16}[kind]
	if kind == 3 {
		var length [1]byte
		if _, err := io.ReadFull(c, length[:]); err != nil {
			return "", errGreeting
		}
		size = int(length[0])
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(c, text); err != nil || size == 0 {
		return "", errGreeting
	}
	if kind == 3 {
		return string(text), nil
	}
	addr, _ := netip.AddrFromSlice(text)
	return addr.String(), nil
}
