package crawler

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
)

// The reasons for which a Guard refuses an address.
var (
	ErrNearby  = errors.New("refused: it leads to this machine or its private network")
	ErrNotHTTP = errors.New("refused: not an http or https address")
)

// Guard decides how near connections may lead. What a site links to, loads or redirects to may be as near as the site
// itself, and no nearer: a site of the web has no business with the private network that trackscan runs in, and a site
// of that network none with the machine itself. Chrome draws the same line, with a question to its user (Local Network
// Access). What the user has given an address (Resolve) is admitted. A Guard makes no connections, and is safe for
// concurrent use. The zero value admits the web alone.
type Guard struct {
	resolves Resolves

	mu   sync.Mutex
	site string // its host
	near Nearness
}

// NewGuard returns the Guard of what the user gave an address; it knows no site before Trust.
func NewGuard(rs Resolves) *Guard { return &Guard{resolves: rs} }

// Trust tells the address of the site, with or without its scheme. How near it is shows when its name is looked up.
func (g *Guard) Trust(site string) {
	if !strings.Contains(site, "://") {
		site = "https://" + site
	}
	host := HostOf(site)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.site, g.near = host, max(g.near, nearnessOfHost(host))
}

// Admit refuses an address by what it says. Names are checked once more when they have become numbers, by Check.
func (g *Guard) Admit(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ErrNotHTTP
	}
	port := u.Port()
	if port == "" {
		port = defaultPorts[u.Scheme]
	}
	return g.admitHost(net.JoinHostPort(u.Hostname(), port))
}

func (g *Guard) admitHost(hostport string) error {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return ErrNotHTTP
	}
	_, given := g.resolves.find(hostport)
	g.mu.Lock()
	defer g.mu.Unlock()
	if given || nearnessOfHost(host) <= g.near {
		return nil
	}
	return ErrNearby
}

// Dial returns the address to connect to for "host:port", and whether its numbers must pass Check: those that the user
// gave need not.
func (g *Guard) Dial(hostport string) (to string, check bool, err error) {
	to, given := g.resolves.find(hostport)
	return to, !given, g.admitHost(hostport)
}

// Check refuses the address that a host's name stands for. That of the site tells how near the site is.
func (g *Guard) Check(host string, addr netip.Addr) error {
	near := NearnessOf(addr)
	g.mu.Lock()
	defer g.mu.Unlock()
	if strings.EqualFold(host, g.site) {
		g.near = max(g.near, near)
	}
	if near > g.near {
		return ErrNearby
	}
	return nil
}

// Nearness is how near an address is to us.
type Nearness int

// The degrees of Nearness, the farthest first.
const (
	OnTheWeb    Nearness = iota
	InOurNet             // private networks: RFC 1918, RFC 4193, shared address space (RFC 6598)
	OnOurDevice          // loopback, link-local (where clouds have their metadata), multicast, and addresses that mean "this"
)

var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// nat64 is the prefix behind which networks without IPv4 reach it (RFC 6052).
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// thisNetwork means "this host on this network" (RFC 1122); systems connect to themselves.
var thisNetwork = netip.MustParsePrefix("0.0.0.0/8")

// NearnessOf tells how near an address is.
func NearnessOf(addr netip.Addr) Nearness {
	addr = addr.Unmap().WithZone("")
	if nat64.Contains(addr) {
		whole := addr.As16()
		addr, _ = netip.AddrFromSlice(whole[12:])
	}
	switch {
	case addr.IsLoopback(), addr.IsLinkLocalUnicast(), addr.IsMulticast(), addr.IsUnspecified(), thisNetwork.Contains(addr),
		addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return OnOurDevice
	case addr.IsPrivate(), sharedSpace.Contains(addr):
		return InOurNet
	}
	return OnTheWeb
}

// nearnessOfHost is that of a host's name as far as it tells: of numbers, and of localhost and what is under it.
func nearnessOfHost(host string) Nearness {
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return OnOurDevice
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return NearnessOf(addr)
	}
	return OnTheWeb
}

// IsLocal reports whether host, with or without a port, is this machine or a link-local neighbour as far as its name
// tells: an address that a page of the web has no business to send anybody to.
func IsLocal(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return nearnessOfHost(host) == OnOurDevice
}
