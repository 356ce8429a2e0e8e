package discover

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/sync/singleflight"

	"trackscan/crawler"
)

const (
	maxRobots      = 500 << 10 // bytes that are read, as RFC 9309 section 2.5 asks for at least
	maxRobotsLine  = 2048      // bytes; a longer line is left out
	maxRobotsRules = 5000      // allow and disallow lines
)

// robotsFile is the robots.txt of one origin.
type robotsFile struct {
	status   int      // 200, or 404 for none
	rules    []byte   // what a strict parser can read: user-agent, allow and disallow lines in a sensible order
	sitemaps []string // absolute, in the order of the file
	trouble  error    // why it could not be had
}

// robots reads each origin's robots.txt once.
type robots struct {
	client *http.Client
	flight singleflight.Group
	mu     sync.Mutex
	files  map[string]*robotsFile
}

func newRobots(client *http.Client) *robots {
	return &robots{client: client, files: map[string]*robotsFile{}}
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (r *robots) known(address string) *robotsFile {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.files[originOf(address)]
}

// trouble tells why an origin's robots.txt could not be had; nil when it could.
func (r *robots) trouble(address string) error {
	if f := r.known(address); f != nil {
		return f.trouble
	}
	return nil
}

// load makes the robots.txt of address known. An error means that its server cannot be reached.
func (r *robots) load(ctx context.Context, address string) error {
	_, err := r.get(ctx, address)
	return err
}

func (r *robots) get(ctx context.Context, address string) (*robotsFile, error) {
	if f := r.known(address); f != nil {
		return f, nil
	}
	origin := originOf(address)
	found, err, _ := r.flight.Do(origin, func() (any, error) {
		f, err := r.fetch(ctx, origin)
		if err != nil {
			return nil, err
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.files[origin] = f
		return f, nil
	})
	if err != nil {
		return nil, err
	}
	return found.(*robotsFile), nil
}

// fetch follows RFC 9309: a client error or redirects without end mean that there are no rules, a server error that
// nothing is allowed.
func (r *robots) fetch(ctx context.Context, origin string) (*robotsFile, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/robots.txt", nil)
	if err != nil {
		return nil, fmt.Errorf("robots.txt of %s: %w", origin, err)
	}
	req.Header.Set("User-Agent", Agent)
	resp, err := r.client.Do(req)
	if err != nil && resp == nil && !errors.Is(err, crawler.ErrNearby) && !errors.Is(err, crawler.ErrNotHTTP) &&
		!strings.Contains(err.Error(), "too many redirects") {
		return nil, err
	}
	if err != nil {
		return &robotsFile{status: http.StatusNotFound}, nil
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode >= 500:
		why := fmt.Errorf("robots.txt could not be read (the server answered %d), so nothing may be visited", resp.StatusCode)
		// A status of 503 would be the same to a reader of RFC 9309, but colly takes it for leave to go everywhere.
		return &robotsFile{status: http.StatusOK, rules: []byte("User-agent: *\nDisallow: /\n"), trouble: why}, nil
	case resp.StatusCode != http.StatusOK:
		return &robotsFile{status: http.StatusNotFound}, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxRobots))
	if err != nil {
		return nil, fmt.Errorf("robots.txt of %s: %w", origin, err)
	}
	return parseRobots(body, resp.Request.URL), nil
}

// parseRobots keeps what can be understood of a robots.txt. What is no robots.txt at all (an HTML page) has no rules.
func parseRobots(body []byte, base *url.URL) *robotsFile {
	f := &robotsFile{status: http.StatusOK}
	var rules bytes.Buffer
	agents, count := false, 0
	lines := bufio.NewScanner(bytes.NewReader(bytes.ReplaceAll(body, []byte("\r"), []byte("\n"))))
	lines.Buffer(nil, maxRobots+1)
	for lines.Scan() {
		name, value, ok := robotsLine(lines.Text())
		switch {
		case !ok:
		case name == "sitemap":
			f.addSitemap(base, value)
		case name == "user-agent":
			agents = true
			fmt.Fprintf(&rules, "User-agent: %s\n", value)
		case agents && count < maxRobotsRules:
			count++
			fmt.Fprintf(&rules, "%s: %s\n", name, value)
		}
	}
	f.rules = rules.Bytes()
	return f
}

// robotsLine splits a line into its name, in lower case, and its value; false for what is no line of robots.txt.
func robotsLine(line string) (name, value string, ok bool) {
	if len(line) > maxRobotsLine {
		return "", "", false
	}
	line, _, _ = strings.Cut(strings.TrimPrefix(line, "\ufeff"), "#")
	name, value, ok = strings.Cut(line, ":")
	name = strings.ToLower(strings.TrimSpace(name))
	value = strings.TrimSpace(value)
	if strings.IndexFunc(value, func(r rune) bool { return r <= ' ' && r != ' ' || r == 0xfffd }) >= 0 {
		return "", "", false
	}
	switch name {
	case "user-agent", "useragent":
		return "user-agent", value, ok && value != ""
	case "allow", "disallow":
		return name, value, ok && (value == "" || value[0] == '/' || value[0] == '*')
	case "sitemap":
		return name, value, ok && value != ""
	default:
		return "", "", false
	}
}

func (f *robotsFile) addSitemap(base *url.URL, value string) {
	u, err := base.Parse(value)
	if err != nil || len(f.sitemaps) >= maxSitemaps {
		return
	}
	f.sitemaps = append(f.sitemaps, u.String())
}

// robotsTransport answers colly's own requests for robots.txt from memory, cleaned of what its parser stumbles over.
type robotsTransport struct {
	next   http.RoundTripper
	robots *robots
}

func (t *robotsTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path != "/robots.txt" || req.URL.RawQuery != "" {
		return t.next.RoundTrip(req)
	}
	f, err := t.robots.get(req.Context(), req.URL.String())
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: f.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(bytes.NewReader(f.rules)),
		ContentLength: int64(len(f.rules)),
	}, nil
}
