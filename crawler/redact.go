package crawler

import (
	"net/url"
	"strings"
)

// openParams are query parameters whose values say what happens and never who: names of events, the public ids of tags
// and protocol versions, each with its shape. Of what tells the visitor's choices see consentParams; every other value is
// a secret.
var openParams = map[string]func(string) bool{
	"en": IsEventName, "ev": IsEventName, "event": IsEventName, "t": IsEventName, "v": isVersion,
	"tid": isTagID, "id": isTagID,
}

// isVersion: "2.9.155".
func isVersion(v string) bool {
	return len(v) <= 16 && madeOf(v, digits+".") && strings.Contains(v, ".")
}

// maxRedacted bounds the length of a kept URL in bytes; longer ones lose their query, then their tail.
const maxRedacted = 2 << 10

// Redact returns a URL that is safe to keep: without credentials and fragment, and of the query only the names of the
// parameters, their values replaced by "*" unless they are known to say nothing about a visitor.
func Redact(rawURL string) string {
	if scheme, _, ok := strings.Cut(rawURL, ":"); ok && (scheme == "data" || scheme == "blob" || scheme == "javascript") {
		return redactOpaque(scheme, rawURL)
	}
	rawURL, _, _ = strings.Cut(rawURL, "#")
	base, query, has := strings.Cut(rawURL, "?")
	base = withoutUser(base)
	if !has || len(base) > maxRedacted {
		return base[:min(len(base), maxRedacted)]
	}
	return redactQuery(base, query, redactParam)
}

func redactQuery(base, query string, redact func(param string) string) string {
	parts := strings.Split(query, "&")
	for i, p := range parts {
		parts[i] = redact(p)
	}
	if all := base + "?" + strings.Join(parts, "&"); len(all) <= maxRedacted {
		return all
	}
	return base
}

// Landing is the address of a page at which a visitor arrived who asked for another, safe to keep: whatever a redirect, a
// form or a script has put into its query is redacted, also where a tracker's would be known to say nothing. An address
// that was asked for is kept as it is, or it could not be asked for again.
func Landing(asked, final string) string {
	if final == asked {
		return final
	}
	final, _, _ = strings.Cut(final, "#")
	base, query, has := strings.Cut(final, "?")
	if base = withoutUser(base); !has || len(base) > maxRedacted {
		return base[:min(len(base), maxRedacted)]
	}
	return redactQuery(base, query, func(p string) string {
		if name, value, has := strings.Cut(p, "="); has && value != "" && !isPlain(value) {
			return name + "=*"
		}
		return redactParam(p)
	})
}

// askable is the address of a landing that can be asked for: without a query that holds, or held, secrets.
func askable(landing string) string {
	base, query, _ := strings.Cut(landing, "?")
	if strings.Contains(query, "*") || Landing("", landing) != landing {
		return base
	}
	return landing
}

// redactOpaque keeps the origin of a blob URL and nothing of the others.
func redactOpaque(scheme, rawURL string) string {
	if scheme != "blob" {
		return scheme + ":"
	}
	u, err := url.Parse(strings.TrimPrefix(rawURL, "blob:"))
	if err != nil || u.Host == "" {
		return "blob:"
	}
	return "blob:" + u.Scheme + "://" + u.Host + "/"
}

func redactParam(p string) string {
	name, value, has := strings.Cut(p, "=")
	switch {
	case !has && isIdentifier(name): // "?1234567890abcdef" is a value without a name
		return "*"
	case !has || value == "" || isPlain(value):
		return p
	case isOpen(name, value), isConsent(name, value):
		return p
	}
	return name + "=*"
}

func isOpen(name, escaped string) bool {
	shape, known := openParams[name]
	value, err := url.QueryUnescape(escaped)
	return known && err == nil && shape(value)
}

// isTagID recognises the public ids of Google's tags and containers, which stand in the page's source.
func isTagID(v string) bool {
	for _, prefix := range []string{"GTM-", "G-", "UA-", "AW-", "DC-", "GT-"} {
		if strings.HasPrefix(v, prefix) && len(v) <= 24 && madeOf(v, upperLetters+digits+"-") {
			return true
		}
	}
	return false
}

// isPlain recognises versions, counts and flags: too short to tell visitors apart.
func isPlain(v string) bool {
	return v == "true" || v == "false" || len(v) <= 4 && strings.Trim(v, "0123456789.") == ""
}

func withoutUser(base string) string {
	scheme, rest, ok := strings.Cut(base, "://")
	if !ok {
		return base
	}
	host, path, slash := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	if slash {
		return scheme + "://" + host + "/" + path
	}
	return scheme + "://" + host
}
