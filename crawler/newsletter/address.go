package newsletter

import (
	"net/url"
	"path"
	"strings"

	"trackscan/crawler"
)

// maxAddress is the longest address that is kept, in bytes; of longer ones only the host is.
const maxAddress = 2 << 10

// longToken is the length from which a part of an address is no name: a hash of 128 bits in hexadecimal.
const longToken = 32

// address is an address of a message in the making: what was made for one reader is taken out and told as a trait.
type address struct{ crawler.Remote }

// newRemote describes an address. False for what is not fetched from the web - attachments (cid:), data, mail and
// telephone addresses - and for what is no address.
func newRemote(kind crawler.RemoteKind, raw string) (crawler.Remote, bool) {
	raw = strings.TrimSpace(strings.NewReplacer("\n", "", "\r", "", "\t", "").Replace(raw))
	if strings.HasPrefix(raw, "//") {
		raw = "https:" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return crawler.Remote{}, false
	}
	a := address{crawler.Remote{Kind: kind}}
	kept, rest := u.Scheme+"://"+a.host(u.Hostname()), a.path(u.EscapedPath())+a.query(u.RawQuery)
	if len(kept)+len(rest) > maxAddress {
		rest = "/*"
	}
	a.URL = kept + rest
	return a.Remote, len(a.URL) <= maxAddress
}

// host keeps the labels that are no identifiers.
func (a *address) host(name string) string {
	labels := strings.Split(strings.ToLower(name), ".")
	if len(labels) == 4 && strings.Trim(name, "0123456789.") == "" {
		return name
	}
	for i, label := range labels[:max(0, len(labels)-2)] {
		if a.made(label) {
			labels[i], a.InPath = "*", true
		}
	}
	return strings.Join(labels, ".")
}

// path keeps the segments that are no identifiers, and of the others the extension.
func (a *address) path(escaped string) string {
	segments := strings.Split(escaped, "/")
	for i, s := range segments {
		ext := path.Ext(s)
		if !extensions[strings.ToLower(ext)] {
			ext = ""
		}
		if a.made(strings.TrimSuffix(s, ext)) {
			segments[i], a.InPath = "*"+ext, true
		} else if isCode(strings.TrimSuffix(s, ext)) {
			segments[i] = "*" + ext
		}
	}
	return strings.Join(segments, "/")
}

// isCode reports whether a segment mixes small and capital letters and digits: too little to say that it was made for
// one reader, enough not to keep it.
func isCode(segment string) bool {
	return len(segment) >= 8 && strings.ContainsAny(segment, "0123456789") &&
		strings.ToLower(segment) != segment && strings.ToUpper(segment) != segment
}

// extensions are those that say what answers; any other end of a segment may be a part of a value.
var extensions = map[string]bool{
	".gif": true, ".png": true, ".jpg": true, ".jpeg": true, ".webp": true, ".svg": true, ".css": true, ".js": true, ".html": true,
	".htm": true, ".php": true, ".aspx": true, ".ashx": true, ".jsp": true, ".woff": true, ".woff2": true,
}

// query keeps the names of parameters; of what has no name nothing.
func (a *address) query(raw string) string {
	if raw == "" {
		return ""
	}
	params := strings.FieldsFunc(raw, func(r rune) bool { return r == '&' || r == ';' })
	for i, p := range params {
		name, value, named := strings.Cut(p, "=")
		if !named {
			name, value = "", p
		}
		if a.made(name) {
			name, a.InQuery = "*", true
		}
		if a.made(value) && !campaignParam(name) {
			a.InQuery = true
		}
		switch {
		case !named:
			params[i] = "*"
		case value == "":
			params[i] = name + "="
		default:
			params[i] = name + "=*"
		}
	}
	return "?" + strings.Join(params, "&")
}

// made reports whether a part of an address looks made for one reader or one message: an identifier, a mail address.
func (a *address) made(part string) bool {
	if plain, err := url.PathUnescape(part); err == nil {
		part = plain
	}
	long := len(part) >= longToken && !strings.ContainsAny(part, " /") && strings.Count(part, "-") < 4
	made := long || strings.Contains(part, "@") || crawler.LooksLikeIdentifier(part)
	a.Long = a.Long || long
	return made
}

// campaignParam recognises parameters that name a campaign and are the same for every reader.
func campaignParam(name string) bool {
	return strings.HasPrefix(strings.ToLower(name), "utm_") || strings.EqualFold(name, "mc_cid")
}
