package crawler

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// maxAddress is the longest address that is followed, in bytes: what servers and sitemaps (sitemaps.org: 2,048
// characters) commonly accept. Addresses that grow without end are longer.
const maxAddress = 2048

var errNotWeb = errors.New("not an http or https address")

// Normalise returns the one form under which trackscan knows an absolute http or https address.
//
// Scheme and host are lower case, an international host is in its ASCII form, default ports, user names, the fragment
// and dot segments are gone, unreserved characters are not escaped and the others are. Parameters that only carry a
// campaign or a session (utm_source, gclid, PHPSESSID, ;jsessionid=) are gone too; the others keep their order, since
// servers may depend on it. An error tells why the address is not followed: no web address, no host, too long.
func Normalise(raw string) (string, error) {
	if len(raw) > 2*maxAddress {
		return "", fmt.Errorf("longer than %d bytes", maxAddress)
	}
	u, err := parseLenient(raw)
	if err != nil {
		return "", err
	}
	host, err := normalHost(u)
	if err != nil {
		return "", err
	}
	out := u.Scheme + "://" + host + normalPath(u.EscapedPath())
	if query := normalQuery(u.RawQuery); query != "" {
		out += "?" + query
	}
	if len(out) > maxAddress {
		return "", fmt.Errorf("longer than %d bytes", maxAddress)
	}
	return out, nil
}

// parseLenient reads an address as browsers do: blanks around it, backslashes and stray characters are forgiven.
func parseLenient(raw string) (*url.URL, error) {
	raw = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, strings.TrimFunc(raw, func(r rune) bool { return r <= ' ' }))
	raw, _, _ = strings.Cut(raw, "#")
	scheme, rest, ok := strings.Cut(raw, ":")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "http" && scheme != "https" {
		return nil, errNotWeb
	}
	rest, query, asked := strings.Cut(rest, "?")
	rest = strings.ReplaceAll(rest, `\`, "/")
	rest = "//" + strings.TrimLeft(rest, "/")
	authority, tail, _ := strings.Cut(rest[2:], "/")
	full := scheme + "://" + authority + "/" + escapeStray(tail)
	if asked {
		full += "?" + escapeStray(query)
	}
	u, err := url.Parse(full)
	if err != nil {
		return nil, errors.New("not a readable address")
	}
	return u, nil
}

const upperHex = "0123456789ABCDEF"

// escapeStray escapes what may not stand in a path or query, writes escapes in one way and leaves the rest alone.
func escapeStray(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '%' {
			writeByte(&b, c, mayStand(c))
			continue
		}
		v, ok := unhex(s, i+1)
		if !ok {
			b.WriteString("%25")
			continue
		}
		writeByte(&b, v, unreserved(v))
		i += 2
	}
	return b.String()
}

func writeByte(b *strings.Builder, c byte, plain bool) {
	if plain {
		b.WriteByte(c)
		return
	}
	b.WriteByte('%')
	b.WriteByte(upperHex[c>>4])
	b.WriteByte(upperHex[c&15])
}

func unhex(s string, i int) (byte, bool) {
	if i+2 > len(s) {
		return 0, false
	}
	hi := strings.IndexByte(upperHex, upper(s[i]))
	lo := strings.IndexByte(upperHex, upper(s[i+1]))
	return byte(hi<<4 | lo&15), hi >= 0 && lo >= 0
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func mayStand(c byte) bool {
	return unreserved(c) || strings.IndexByte("/:@!$&'()*+,;=?[]", c) >= 0
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

func normalHost(u *url.URL) (string, error) {
	host := strings.ToLower(u.Hostname())
	if host == "" {
		return "", errors.New("no host")
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
		if addr.Zone() != "" {
			return "", errors.New("host with a zone")
		}
		host = "[" + addr.String() + "]"
	} else if host, err = asciiHost(host); err != nil {
		return "", err
	} else if n, ok := numericHost(host); ok {
		host = n
	}
	port := u.Port()
	if port == "" || port == defaultPorts[u.Scheme] {
		return host, nil
	}
	return host + ":" + port, nil
}

// numericHost reads the other spellings of an IPv4 address that browsers know: "127.1", "0x7f000001", "2130706433".
func numericHost(host string) (string, bool) {
	parts := strings.Split(host, ".")
	if len(parts) > 4 {
		return "", false
	}
	var n uint64
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 0, 32)
		last := i == len(parts)-1
		if err != nil || strings.ContainsAny(p, "_ob") && !strings.HasPrefix(p, "0x") || !last && v > 255 {
			return "", false
		}
		if !last {
			n |= v << (24 - 8*i)
			continue
		}
		if v >= 1<<(8*(5-len(parts))) {
			return "", false
		}
		n |= v
	}
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}).String(), true
}

// asciiHost is a name as it is looked up. Digits and dots have spellings of their own too: "１２７。1".
func asciiHost(host string) (string, error) {
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		ascii = host // names with an underscore and the like exist, and browsers open them
	}
	ascii = strings.TrimSuffix(ascii, ".")
	for i := range len(ascii) {
		if c := ascii[i]; !unreserved(c) || c == '~' {
			return "", fmt.Errorf("no host name: %q", host)
		}
	}
	if ascii == "" || len(ascii) > 253 || strings.Contains("."+ascii+".", "..") {
		return "", fmt.Errorf("no host name: %q", host)
	}
	return ascii, nil
}

func normalPath(p string) string {
	p = withoutSession(p)
	clean := path.Clean("/" + strings.TrimLeft(p, "/"))
	if strings.HasPrefix(p, "//") || strings.Contains(p, "//") {
		clean = withoutDots(p)
	}
	last := p[strings.LastIndexByte(p, '/')+1:]
	if clean != "/" && !strings.HasSuffix(clean, "/") && (last == "" || last == "." || last == "..") {
		clean += "/"
	}
	return clean
}

// withoutDots removes dot segments and keeps empty ones, which path.Clean would fold.
func withoutDots(p string) string {
	var kept []string
	for segment := range strings.SplitSeq(strings.TrimPrefix(p, "/"), "/") {
		switch segment {
		case ".":
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		default:
			kept = append(kept, segment)
		}
	}
	return "/" + strings.Join(kept, "/")
}

// withoutSession drops session ids that servers write into the path: ";jsessionid=1F2E" and "/(S(abc123))/".
func withoutSession(p string) string {
	for i := strings.IndexByte(p, ';'); i >= 0; {
		end := i + 1 + strings.IndexAny(p[i+1:]+"/", ";/")
		name, _, _ := strings.Cut(p[i+1:end], "=")
		if sessionNames[strings.ToLower(name)] {
			p = p[:i] + p[end:]
		} else {
			i = end
		}
		next := strings.IndexByte(p[i:], ';')
		if next < 0 {
			break
		}
		i += next
	}
	if i := strings.Index(p, "/(S("); i >= 0 {
		if end := strings.Index(p[i:], "))"); end > 0 {
			p = p[:i] + p[i+end+2:]
		}
	}
	return "/" + strings.TrimPrefix(p, "/")
}

// normalQuery drops parameters that tell where a visitor came from or who it is; what is left keeps its order.
func normalQuery(query string) string {
	if query == "" {
		return ""
	}
	kept := make([]string, 0, 4)
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if name = strings.ToLower(name); name != "" && !trackingName(name) && !sessionNames[name] {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

func trackingName(name string) bool {
	return trackingNames[name] || slices.ContainsFunc(trackingPrefixes, func(p string) bool {
		return strings.HasPrefix(name, p)
	})
}

// trackingPrefixes and trackingNames are the click and campaign parameters that vendors document for link decoration.
var trackingPrefixes = []string{"utm_", "mtm_", "pk_", "hsa_", "matomo_", "at_campaign", "at_medium", "__hs", "trk_"}

var trackingNames = set(
	"gclid", "gclsrc", "gbraid", "wbraid", "gad_source", "gad_campaignid", "dclid", "fbclid", "msclkid", "twclid",
	"ttclid", "li_fat_id", "igshid", "igsh", "yclid", "ysclid", "_openstat", "epik", "scid", "sccid", "rdt_cid",
	"mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "hsctatracking", "vero_id", "vero_conv", "oly_anon_id",
	"oly_enc_id", "_ga", "_gl", "_ke", "_kx", "s_cid", "icid", "cvid", "wickedid", "rb_clickid", "irclickid",
	"irgwc", "cjevent", "awc", "tduid", "zanpid", "sv1", "elqtrackid", "elqtrack", "ml_subscriber", "ml_subscriber_hash",
	"ref_src", "ref_url", "gdfms", "gdftrk", "gdffi", "srsltid", "_branch_match_id", "adjust_tracker", "obclid", "tblci",
)

var sessionNames = set(
	"jsessionid", "phpsessid", "sessionid", "session_id", "sessid", "sess", "aspsessionid", "asp.net_sessionid", "cfid",
	"cftoken", "zenid", "oscsid", "osid", "xtc_sid", "sid", "s_id", "phpsid", "sessionkey", "jsession", "___sid",
)

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// identity tells whether two normalised addresses are one page in all likelihood: the scheme (of default ports), a
// slash at the end, an index file and the order of the parameters do not count.
func identity(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	rest, query, _ := strings.Cut(rest, "?")
	host, p, _ := strings.Cut(rest, "/")
	dir, file := path.Split(p)
	if indexFiles[strings.ToLower(file)] {
		p = dir
	}
	p = strings.TrimRight(p, "/")
	if query == "" {
		return host + "/" + p
	}
	pairs := strings.Split(query, "&")
	slices.Sort(pairs)
	return host + "/" + p + "?" + strings.Join(slices.Compact(pairs), "&")
}

var indexFiles = set("index.html", "index.htm", "index.php", "index.shtml", "default.htm", "default.html",
	"default.asp", "default.aspx", "index.asp", "index.aspx", "index.jsp", "index.cfm")

// endless reports whether an address looks like one of a series that never stops: the same directories again and
// again (a relative link on a page that answers everywhere), or more parts than people make.
func endless(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	segments := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	if len(segments) > 16 || strings.Count(u.RawQuery, "&") >= 16 || repeats(strings.Split(u.RawQuery, "&"), 2) {
		return true
	}
	return repeats(segments, 3)
}

// repeats reports whether a run of up to four parts of a path stands n times in a row, or one part 4 times at all.
func repeats(parts []string, n int) bool {
	count := map[string]int{}
	for _, p := range parts {
		if count[p]++; count[p] > 3 {
			return true
		}
	}
	for size := 1; size <= 4; size++ {
		for at := 0; at+size*n <= len(parts); at++ {
			if sameRuns(parts[at:at+size*n], size) {
				return true
			}
		}
	}
	return false
}

func sameRuns(parts []string, size int) bool {
	for i := size; i < len(parts); i++ {
		if parts[i] != parts[i-size] || parts[i] == "" {
			return false
		}
	}
	return true
}
