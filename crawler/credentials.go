package crawler

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Credentials are what the user wants sent to the site: to hosts of the Scope and never to others, over whatever
// redirects, frames or parts. They are secrets: nothing prints, logs or stores them. The zero value sends nothing.
type Credentials struct {
	Scope   Scope
	Headers []Header
	Cookies []GivenCookie
	Logins  []Login
}

// Header is a request header.
type Header struct{ Name, Value string }

// GivenCookie is a cookie that the visitor has before the first page.
type GivenCookie struct {
	Name, Value string
	Domain      string // in lower case, without a leading dot; empty for every host of the scope
	HostOnly    bool   // of Domain alone, not of the hosts under it
	Path        string // empty for "/"
	Secure      bool   // sent over https alone
	HTTPOnly    bool
	SameSite    string    // "Strict", "Lax" or "None"; empty when not told
	Expires     time.Time // zero for a session cookie
}

// Login answers a server that asks for a name and a password.
type Login struct {
	Host           string // in lower case; empty for every host of the scope
	User, Password string
}

// String tells that there are credentials, and nothing of them.
func (Credentials) String() string { return "(credentials)" }

// GoString is String.
func (c Credentials) GoString() string { return c.String() }

// HeadersFor are the headers for a request to an absolute address; nil outside the scope.
func (c Credentials) HeadersFor(address string) []Header {
	if len(c.Headers) == 0 || !c.Scope.Contains(address) {
		return nil
	}
	return c.Headers
}

// LoginFor is the login for the server of an absolute address; one for its host comes before one for every host.
func (c Credentials) LoginFor(address string) (Login, bool) {
	if len(c.Logins) == 0 || !c.Scope.Contains(address) {
		return Login{}, false
	}
	for _, host := range []string{HostOf(address), ""} {
		if i := slices.IndexFunc(c.Logins, func(l Login) bool { return l.Host == host }); i >= 0 {
			return c.Logins[i], true
		}
	}
	return Login{}, false
}

// CookiesFor are the cookies for a request to an absolute address; nil outside the scope.
func (c Credentials) CookiesFor(address string) []GivenCookie {
	u, err := url.Parse(address)
	if len(c.Cookies) == 0 || err != nil || !c.Scope.Contains(address) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Cookies), func(g GivenCookie) bool { return !g.applies(u) })
}

// applies reports whether a cookie is for an address (RFC 6265, section 5.4).
func (g GivenCookie) applies(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return (!g.Secure || u.Scheme == "https" || IsLocal(host)) &&
		(g.Domain == "" || host == g.Domain || !g.HostOnly && strings.HasSuffix(host, "."+g.Domain)) &&
		underPath(u.EscapedPath(), g.Path)
}

func underPath(path, of string) bool {
	if path == "" {
		path = "/"
	}
	rest, ok := strings.CutPrefix(path, of)
	return of == "" || of == "/" || ok && (rest == "" || rest[0] == '/' || strings.HasSuffix(of, "/"))
}

// Jar returns the cookies as a browser keeps them: each with a domain, and none for a host outside the scope.
func (c Credentials) Jar() []GivenCookie {
	var jar []GivenCookie
	for _, g := range c.Cookies {
		domains := []string{g.Domain}
		if g.Domain == "" {
			domains = c.Scope.hosts
		}
		for _, g.Domain = range domains {
			g.HostOnly = g.HostOnly || single(g.Domain) || strings.HasPrefix(g.Name, "__Host-")
			if c.Scope.holds(g.Domain) {
				jar = append(jar, g)
			}
		}
	}
	return jar
}
