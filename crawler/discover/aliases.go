package discover

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"trackscan/crawler"
)

const (
	aliasTimeout = 2 * time.Second // of one question; resolvers answer within some hundred milliseconds
	maxChain     = 16              // names; resolvers themselves give up after about as many
	maxHosts     = 200             // of one site that are asked about
	deadAfter    = 3               // questions without an answer after which a resolver is not asked again
)

// WithAliases returns a Renderer that adds to each Page what the DNS says of the site's other hosts: of which names
// they are aliases. server is the resolver's address, HOST:PORT; empty for that of the system. Hosts that known leads
// elsewhere are asked about only when a server is given. What cannot be looked up is left out: it is no failure.
func WithAliases(r crawler.Renderer, server string, known crawler.Resolves) crawler.Renderer {
	a := &aliases{next: r, server: server, chains: map[string][]string{}}
	if server == "" {
		a.server, a.known = systemResolver(), known
	}
	return a
}

type aliases struct {
	next   crawler.Renderer
	server string // empty for none
	known  crawler.Resolves

	mu     sync.Mutex
	chains map[string][]string // by host
	silent int                 // questions in a row that were not answered
}

// Render implements crawler.Renderer.
func (a *aliases) Render(ctx context.Context, v crawler.Visit) (crawler.Page, error) {
	page, err := a.next.Render(ctx, v)
	if a.server != "" {
		page.Aliases = a.of(ctx, &page)
	}
	return page, err
}

// of looks up the hosts of the site, but not that of the page itself.
func (a *aliases) of(ctx context.Context, p *crawler.Page) []crawler.Alias {
	own := crawler.HostOf(p.URL)
	hosts := map[string]bool{}
	for i := range p.Requests {
		if host := crawler.HostOf(p.Requests[i].URL); host != own && crawler.PartyOf(p.URL, host) == crawler.First {
			hosts[host] = true
		}
	}
	var out []crawler.Alias
	for host := range hosts {
		if chain := a.chain(ctx, host); len(chain) > 0 {
			out = append(out, crawler.Alias{Host: host, Chain: chain})
		}
	}
	slices.SortFunc(out, func(x, y crawler.Alias) int { return cmp.Compare(x.Host, y.Host) })
	return out
}

// chain returns the names that host stands for. Each host is asked about once.
func (a *aliases) chain(ctx context.Context, host string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	chain, asked := a.chains[host]
	if asked || len(a.chains) >= maxHosts || a.silent >= deadAfter || a.leadsElsewhere(host) {
		return chain
	}
	chain, err := askAliases(ctx, a.server, host)
	if err != nil {
		a.silent++
		return nil
	}
	a.silent = 0
	a.chains[host] = chain
	return chain
}

// leadsElsewhere reports whether the user said where the host is: the DNS need not know it.
func (a *aliases) leadsElsewhere(host string) bool {
	return slices.ContainsFunc(a.known, func(r crawler.Resolve) bool { return r.Host == "*" || r.Host == host })
}

// systemResolver is the first name server that the system uses, empty when it does not say.
func systemResolver() string {
	f, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(io.LimitReader(f, 64<<10))
	for lines.Scan() {
		if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] == "nameserver" {
			return net.JoinHostPort(words[1], "53")
		}
	}
	return ""
}

// askAliases asks a resolver for the address of host and returns the names on the way to it. An answer that is cut off
// is asked for again by TCP.
func askAliases(ctx context.Context, server, host string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, aliasTimeout)
	defer cancel()
	name, err := dnsmessage.NewName(strings.TrimSuffix(host, ".") + ".")
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", host, err)
	}
	query := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: uint16(rand.Uint32()), RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}},
	}
	for _, network := range []string{"udp", "tcp"} {
		answer, err := exchange(ctx, network, server, query)
		if err != nil {
			return nil, fmt.Errorf("look up %s: %w", host, err)
		}
		if !answer.Truncated || network == "tcp" {
			return follow(name, answer.Answers), nil
		}
	}
	return nil, nil
}

// exchange sends one question and reads its answer.
func exchange(ctx context.Context, network, server string, query dnsmessage.Message) (answer dnsmessage.Message, err error) {
	packed, err := query.Pack()
	if err != nil {
		return answer, err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, server)
	if err != nil {
		return answer, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	if network == "tcp" {
		packed = append(binary.BigEndian.AppendUint16(nil, uint16(len(packed))), packed...)
	}
	if _, err := conn.Write(packed); err != nil {
		return answer, err
	}
	for range 10 { // a stranger's answers are passed over
		buf, err := readAnswer(conn, network)
		if err != nil {
			return answer, err
		}
		if answer.Unpack(buf) == nil && answer.ID == query.ID && answer.Response {
			return answer, nil
		}
	}
	return answer, errors.New("no answer to this question")
}

func readAnswer(conn net.Conn, network string) ([]byte, error) {
	if network == "udp" {
		buf := make([]byte, 4<<10)
		n, err := conn.Read(buf)
		return buf[:n], err
	}
	var size [2]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return nil, err
	}
	buf := make([]byte, binary.BigEndian.Uint16(size[:]))
	_, err := io.ReadFull(conn, buf)
	return buf, err
}

// follow walks the aliases of an answer, beginning with name.
func follow(name dnsmessage.Name, answers []dnsmessage.Resource) []string {
	next := map[string]string{}
	for _, r := range answers {
		if c, ok := r.Body.(*dnsmessage.CNAMEResource); ok {
			next[strings.ToLower(r.Header.Name.String())] = strings.ToLower(c.CNAME.String())
		}
	}
	var chain []string
	for at := strings.ToLower(name.String()); next[at] != "" && len(chain) < maxChain; {
		at = next[at]
		chain = append(chain, strings.TrimSuffix(at, "."))
	}
	return chain
}
