package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"trackscan/crawler"
)

// maxCredentials bounds a file of headers, cookies or logins in bytes: a browser's whole jar has some hundred kB.
const maxCredentials = 16 << 20

// lineError is a mistake in a file of secrets: it tells where, and never what stands there.
type lineError struct {
	line int
	why  string
}

func (e lineError) Error() string { return fmt.Sprintf("%d: %s", e.line, e.why) }

// checkCredentials reads the files of what is sent to the site alone.
func (j *job) checkCredentials() error {
	f := j.flags
	c := crawler.Credentials{}
	err := errors.Join(
		readSecrets("--header-file", f.headerFile, parseHeaders, &c.Headers),
		readSecrets("--cookie-file", f.cookieFile, parseCookies, &c.Cookies),
		readSecrets("--auth-file", f.authFile, parseLogins, &c.Logins),
	)
	if err != nil {
		return err
	}
	return j.take(c)
}

// take has credentials sent to the site, and to hosts of its scope alone.
func (j *job) take(c crawler.Credentials) (err error) {
	if len(c.Headers)+len(c.Cookies)+len(c.Logins) == 0 {
		return nil
	}
	c.Scope, err = crawler.NewScope(withScheme(j.site), j.flags.scopes)
	j.credentials = c
	return err
}

// readSecrets reads one file, if one is named.
func readSecrets[T any](flag, path string, parse func(text string) ([]T, error), into *[]T) error {
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxCredentials+1))
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", flag, err)
	case len(text) > maxCredentials:
		return fmt.Errorf("%s %s: more than %d MB", flag, path, maxCredentials>>20)
	}
	*into, err = parse(strings.TrimPrefix(string(text), "\ufeff"))
	switch {
	case err != nil:
		return fmt.Errorf("%s %s:%w", flag, path, err)
	case len(*into) == 0:
		return fmt.Errorf("%s %s: nothing in it", flag, path)
	}
	return nil
}

// eachLine hands the lines of a file to take, without empty ones and # comments, and says at which line it failed.
func eachLine(text string, take func(line string) error) error {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if trimmed := strings.TrimSpace(line); trimmed == "" || trimmed[0] == '#' && !strings.HasPrefix(trimmed, httpOnlyPrefix) {
			continue
		}
		if err := take(line); err != nil {
			return lineError{n, err.Error()}
		}
	}
	return nil
}

// ownHeaders are not the user's to send: the browser makes them, or they belong to the connection.
var ownHeaders = []string{
	"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "keep-alive", "origin",
}

// parseHeaders reads "Name: value" lines.
func parseHeaders(text string) ([]crawler.Header, error) {
	var all []crawler.Header
	err := eachLine(text, func(line string) error {
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case !ok || !httpguts.ValidHeaderFieldName(name):
			return errors.New(`want "Name: value"`)
		case !httpguts.ValidHeaderFieldValue(value):
			return errors.New("a value with control characters")
		case strings.EqualFold(name, "cookie"):
			return errors.New("cookies have a file of their own, --cookie-file")
		case slices.Contains(ownHeaders, strings.ToLower(name)):
			return errors.New("a header that only the browser may send")
		}
		all = append(all, crawler.Header{Name: name, Value: value})
		return nil
	})
	return all, err
}

// parseLogins reads "host user:password" and "user:password" lines.
func parseLogins(text string) ([]crawler.Login, error) {
	var all []crawler.Login
	err := eachLine(text, func(line string) error {
		var host string
		rest := strings.TrimSpace(line)
		if before, after, ok := strings.Cut(rest, " "); ok && !strings.Contains(before, ":") {
			host, rest = strings.ToLower(before), strings.TrimSpace(after)
			if crawler.HostOf("http://"+host+"/") != host {
				return errors.New("the host is none")
			}
		}
		user, password, ok := strings.Cut(rest, ":")
		if portAndLogin.MatchString(rest) {
			return errors.New("write the host without its port")
		}
		if !ok || user == "" || strings.ContainsFunc(rest, isControl) {
			return errors.New(`want "user:password" or "host user:password"`)
		}
		all = append(all, crawler.Login{Host: host, User: user, Password: password})
		return nil
	})
	return all, err
}

// portAndLogin is "host:8080 user:password", which reads as a password with a blank in it.
var portAndLogin = regexp.MustCompile(`^[^ :]+:[0-9]+ +[^ :]+:`)

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// parseCookies reads cookies as a browser's extensions export them: JSON, the cookies.txt of Netscape, or "name=value"
// lines, also several on a line as in a Cookie header.
func parseCookies(text string) ([]crawler.GivenCookie, error) {
	if start := strings.TrimLeft(text, " \t\r\n"); start != "" && (start[0] == '[' || start[0] == '{') {
		return parseJSONCookies(text)
	}
	var all []crawler.GivenCookie
	err := eachLine(text, func(line string) error {
		if strings.Contains(line, "\t") {
			c, err := parseNetscapeCookie(line)
			if err == nil {
				all = append(all, c)
			}
			return err
		}
		for pair := range strings.SplitSeq(line, ";") {
			name, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if !ok {
				return errors.New(`want "name=value", or the seven fields of a cookies.txt`)
			}
			c := crawler.GivenCookie{Name: name, Value: value, Secure: strings.HasPrefix(name, "__")} // as those names want
			if err := checkCookie(c); err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// checkCookie tells what keeps a browser from taking a cookie (RFC 6265bis).
func checkCookie(c crawler.GivenCookie) error {
	bad := func(r rune) bool { return isControl(r) || r == ';' }
	switch {
	case c.Name == "" || strings.ContainsFunc(c.Name, func(r rune) bool { return bad(r) || r == '=' }):
		return errors.New("the name of the cookie is none")
	case strings.ContainsFunc(c.Value, bad):
		return errors.New("the value of the cookie has control characters or a semicolon")
	case len(c.Name)+len(c.Value) > 4096:
		return errors.New("name and value of the cookie have more than 4096 bytes")
	case strings.ContainsFunc(c.Path, bad) || c.Path != "" && c.Path[0] != '/':
		return errors.New("the path of the cookie is none")
	case c.Domain != "" && crawler.HostOf("http://"+c.Domain+"/") != c.Domain:
		return errors.New("the domain of the cookie is none")
	}
	return nil
}

// httpOnlyPrefix marks a cookie of a cookies.txt that scripts cannot read.
const httpOnlyPrefix = "#HttpOnly_"

// parseNetscapeCookie reads a line of a cookies.txt: domain, whether the hosts under it get it, path, whether over https
// alone, expiry in Unix seconds (0 for a session), name, value.
func parseNetscapeCookie(line string) (crawler.GivenCookie, error) {
	line, httpOnly := strings.CutPrefix(strings.TrimLeft(line, " "), httpOnlyPrefix)
	f := strings.Split(line, "\t")
	if len(f) == 6 { // an empty value whose tab an editor has cut off
		f = append(f, "")
	}
	if len(f) != 7 {
		return crawler.GivenCookie{}, fmt.Errorf("%d fields with tabs between them, a cookies.txt has 7", len(f))
	}
	under, err1 := parseFlag(f[1])
	secure, err2 := parseFlag(f[3])
	seconds, err3 := strconv.ParseFloat(f[4], 64)
	switch {
	case err1 != nil || err2 != nil:
		return crawler.GivenCookie{}, errors.New("the second and fourth field must be TRUE or FALSE")
	case err3 != nil:
		return crawler.GivenCookie{}, errors.New("the fifth field must be a time in seconds since 1970")
	}
	c := crawler.GivenCookie{
		Name: f[5], Value: f[6], Domain: strings.ToLower(strings.TrimPrefix(f[0], ".")), HostOnly: !under, Path: f[2],
		Secure: secure, HTTPOnly: httpOnly, Expires: unixTime(seconds),
	}
	if c.Domain == "" {
		return c, errors.New("no domain")
	}
	return c, checkCookie(c)
}

func parseFlag(s string) (bool, error) {
	switch strings.ToUpper(s) {
	case "TRUE":
		return true, nil
	case "FALSE":
		return false, nil
	}
	return false, errors.New("neither TRUE nor FALSE")
}

// unixTime is zero for what is no moment to come: a session cookie.
func unixTime(seconds float64) time.Time {
	if !(seconds > 0 && seconds < 1e11) {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}

// exportedCookie is a cookie in the JSON of browser extensions and of test tools, which differ in the name of the expiry.
type exportedCookie struct {
	Name           *string `json:"name"`
	Value          *string `json:"value"`
	Domain         string  `json:"domain"`
	HostOnly       *bool   `json:"hostOnly"`
	Path           string  `json:"path"`
	Secure         bool    `json:"secure"`
	HTTPOnly       bool    `json:"httpOnly"`
	SameSite       *string `json:"sameSite"`
	ExpirationDate float64 `json:"expirationDate"`
	Expires        float64 `json:"expires"`
}

// parseJSONCookies reads an array of cookies, or an object that has one called "cookies".
func parseJSONCookies(text string) ([]crawler.GivenCookie, error) {
	start := strings.IndexAny(text, "[{")
	if text[start] == '{' {
		var whole struct {
			Cookies json.RawMessage `json:"cookies"`
		}
		if err := json.Unmarshal([]byte(text), &whole); err != nil {
			return nil, lineError{lineAt(text, offsetOf(err)), "this is no JSON"}
		}
		start = strings.Index(text, string(whole.Cookies))
		if len(whole.Cookies) == 0 || whole.Cookies[0] != '[' {
			return nil, lineError{1, `want an array of cookies, or an object with "cookies"`}
		}
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text[start:])))
	if _, err := d.Token(); err != nil {
		return nil, lineError{lineAt(text, int64(start)), "this is no JSON"}
	}
	var all []crawler.GivenCookie
	for d.More() {
		var e exportedCookie
		err := d.Decode(&e)
		at := lineAt(text, int64(start)+d.InputOffset())
		if err != nil {
			return nil, lineError{at, "this is no cookie in JSON"}
		}
		c, err := e.cookie()
		if err != nil {
			return nil, lineError{at, err.Error()}
		}
		all = append(all, c)
	}
	if _, err := d.Token(); err != nil {
		return nil, lineError{lineAt(text, int64(len(text))), "the JSON breaks off"}
	}
	return all, nil
}

func (e exportedCookie) cookie() (crawler.GivenCookie, error) {
	if e.Name == nil || e.Value == nil {
		return crawler.GivenCookie{}, errors.New(`a cookie without "name" or "value"`)
	}
	domain := strings.ToLower(e.Domain)
	c := crawler.GivenCookie{
		Name: *e.Name, Value: *e.Value, Domain: strings.TrimPrefix(domain, "."), Path: e.Path, Secure: e.Secure,
		HTTPOnly: e.HTTPOnly, Expires: unixTime(max(e.ExpirationDate, e.Expires)),
	}
	if c.HostOnly = domain != "" && domain[0] != '.'; e.HostOnly != nil {
		c.HostOnly = *e.HostOnly
	}
	if e.SameSite != nil {
		c.SameSite = sameSites[strings.ToLower(*e.SameSite)]
	}
	return c, checkCookie(c)
}

// sameSites are the words of exports; others say nothing.
var sameSites = map[string]string{"strict": "Strict", "lax": "Lax", "none": "None", "no_restriction": "None"}

func offsetOf(err error) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset
	case errors.As(err, &kind):
		return kind.Offset
	}
	return 0
}

// lineAt is the line of a byte in a text.
func lineAt(text string, offset int64) int {
	return 1 + strings.Count(text[:min(max(int(offset), 0), len(text))], "\n")
}

// credentialNames name what is sent to the site, without any value.
func credentialNames(c crawler.Credentials) []string {
	var names []string
	for _, h := range c.Headers {
		names = append(names, "header "+strings.ToLower(h.Name))
	}
	for _, g := range c.Cookies {
		names = append(names, "cookie "+g.Name)
	}
	for _, l := range c.Logins {
		names = append(names, "login "+l.Host)
	}
	return names
}
