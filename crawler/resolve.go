package crawler

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Resolve sends the connections for one host and port to an address of the user's choice, as curl's --resolve does.
// Unlike curl's, the address may carry a port of its own.
type Resolve struct {
	Host string // "*" for every host
	Port int
	Addr netip.Addr
	To   int // the port to connect to instead; Port when not given
}

// ParseResolve reads "HOST:PORT:ADDR" or "HOST:PORT:ADDR:PORT"; an IPv6 address stands in brackets.
func ParseResolve(s string) (Resolve, error) {
	bad := func(why string) (Resolve, error) {
		return Resolve{}, fmt.Errorf("resolve %q: %s, want HOST:PORT:ADDR", s, why)
	}
	host, rest, ok := strings.Cut(s, ":")
	if !ok || host == "" {
		return bad("no host")
	}
	port, target, ok := strings.Cut(rest, ":")
	if !ok {
		return bad("no address")
	}
	from, err := parsePort(port)
	if err != nil {
		return bad(err.Error())
	}
	addr, to, err := parseTarget(target, from)
	if err != nil {
		return bad(err.Error())
	}
	return Resolve{Host: strings.ToLower(host), Port: from, Addr: addr, To: to}, nil
}

func parseTarget(s string, port int) (netip.Addr, int, error) {
	if addr, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return addr, port, nil
	}
	host, p, err := net.SplitHostPort(s)
	if err != nil {
		return netip.Addr{}, 0, fmt.Errorf("%q is no IP address", s)
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}, 0, fmt.Errorf("%q is no IP address", host)
	}
	to, err := parsePort(p)
	return addr, to, err
}

func parsePort(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no port", s)
	}
	return int(n), nil
}

// String returns r in the form that ParseResolve reads.
func (r Resolve) String() string {
	return fmt.Sprintf("%s:%d:%s", r.Host, r.Port, net.JoinHostPort(r.Addr.String(), strconv.Itoa(r.To)))
}

// Resolves are tried in order; the first that applies wins.
type Resolves []Resolve

// Dial returns the address to connect to for "host:port": addr itself when no Resolve applies.
func (rs Resolves) Dial(addr string) string {
	to, _ := rs.find(addr)
	return to
}

// find is Dial, and tells whether a Resolve applies.
func (rs Resolves) find(addr string) (to string, ok bool) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr, false
	}
	for _, r := range rs {
		if port == strconv.Itoa(r.Port) && (r.Host == "*" || r.Host == strings.ToLower(host)) {
			return net.JoinHostPort(r.Addr.String(), strconv.Itoa(r.To)), true
		}
	}
	return addr, false
}
