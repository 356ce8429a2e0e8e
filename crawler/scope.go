package crawler

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Scope is the set of hosts that belong to the site: pages elsewhere are not visited, and credentials go nowhere
// else. The zero Scope holds nothing.
type Scope struct {
	hosts []string // in lower case, without port; the host itself and every host under it
	ports []string // of hosts[i]; empty for any port
}

// NewScope returns the scope of a site: the hosts given, each with every host under it, else every host under the
// registrable domain of site. A site at an IP address or a single-label name (localhost) is that host and port alone,
// since its other ports are other people's. A host may carry a port. It is an error when site or a host is none.
func NewScope(site string, hosts []string) (Scope, error) {
	var s Scope
	for _, h := range hosts {
		host, port, err := splitScope(h)
		if err != nil {
			return Scope{}, err
		}
		s.hosts, s.ports = append(s.hosts, host), append(s.ports, port)
	}
	if len(hosts) > 0 {
		return s, nil
	}
	address, err := Normalise(site)
	if err != nil {
		return Scope{}, fmt.Errorf("scope of %q: %w", site, err)
	}
	host, port := hostAndPort(address)
	if !single(host) {
		host, port = RegistrableDomain(host), ""
	}
	return Scope{hosts: []string{host}, ports: []string{port}}, nil
}

func splitScope(h string) (host, port string, err error) {
	address, err := Normalise("http://" + strings.TrimPrefix(h, "*."))
	if err != nil {
		return "", "", fmt.Errorf("scope %q: %w", h, err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Path != "/" || u.RawQuery != "" {
		return "", "", fmt.Errorf("scope %q: want a host, with or without a port", h)
	}
	port = u.Port()
	if port == "443" {
		port = "default"
	}
	return u.Hostname(), port, nil
}

// single reports whether host has no owner but the machine it names: an IP address or a single label.
func single(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || !strings.Contains(host, ".")
}

func hostAndPort(address string) (host, port string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	port = u.Port()
	if port == defaultPorts[u.Scheme] || port == "" {
		port = "default"
	}
	return strings.ToLower(u.Hostname()), port
}

// Contains reports whether an absolute address belongs to the scope.
func (s Scope) Contains(address string) bool {
	host, port := hostAndPort(address)
	if host == "" {
		return false
	}
	for i, h := range s.hosts {
		if s.ports[i] != "" && s.ports[i] != port {
			continue
		}
		if host == h || !single(h) && strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// holds reports whether a host belongs to the scope, at whatever port.
func (s Scope) holds(host string) bool {
	return slices.ContainsFunc(s.hosts, func(h string) bool {
		return host == h || !single(h) && strings.HasSuffix(host, "."+h)
	})
}

// Patterns are address patterns with "*" for anything that fit every address of the scope, and some more.
func (s Scope) Patterns() []string {
	var list []string
	for _, h := range s.hosts {
		if strings.Contains(h, ":") {
			h = "[" + h + "]"
		}
		list = append(list, "*://"+h+"/*", "*://"+h+":*", "*."+h+"/*", "*."+h+":*")
	}
	return list
}

// Local reports whether the scope itself is on this machine or its link.
func (s Scope) Local() bool { return slices.ContainsFunc(s.hosts, IsLocal) }

// String lists the hosts of the scope.
func (s Scope) String() string {
	names := make([]string, len(s.hosts))
	for i, h := range s.hosts {
		names[i] = h
		if s.ports[i] != "" && s.ports[i] != "default" {
			names[i] = net.JoinHostPort(h, s.ports[i])
		}
	}
	return strings.Join(names, ", ")
}
