package browser

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// setCookie is a cookie line, of a Set-Cookie header or of document.cookie, as browsers read it (RFC 6265bis 5.6):
// tolerant, last attribute wins.
type setCookie struct {
	name, value string
	domain      string // lower case, without a leading dot; empty for the host only
	path        string // empty for the default path
	maxAge      *int64
	expires     time.Time // zero when not given
	secure      bool
	httpOnly    bool
	partitioned bool
	sameSite    string
}

func parseSetCookie(line string) (setCookie, bool) {
	var c setCookie
	pair, attributes, _ := strings.Cut(line, ";")
	name, value, has := strings.Cut(pair, "=")
	if !has {
		name, value = "", pair
	}
	c.name, c.value = trim(name), trim(value)
	if c.name == "" && c.value == "" {
		return c, false
	}
	for attributes != "" {
		var a string
		a, attributes, _ = strings.Cut(attributes, ";")
		key, val, _ := strings.Cut(a, "=")
		c.attribute(strings.ToLower(trim(key)), trim(val))
	}
	return c, true
}

func trim(s string) string { return strings.Trim(s, " \t\r\n") }

func (c *setCookie) attribute(key, val string) {
	switch key {
	case "domain":
		c.domain = strings.ToLower(strings.TrimPrefix(val, "."))
	case "path":
		c.path = ""
		if strings.HasPrefix(val, "/") {
			c.path = val
		}
	case "max-age":
		if n, err := strconv.ParseInt(val, 10, 64); err == nil {
			c.maxAge = &n
		}
	case "expires":
		c.expires = parseDate(val)
	case "secure":
		c.secure = true
	case "httponly":
		c.httpOnly = true
	case "partitioned":
		c.partitioned = true
	case "samesite":
		c.sameSite = ""
		for _, s := range []string{"Strict", "Lax", "None"} {
			if strings.EqualFold(s, val) {
				c.sameSite = s
			}
		}
	}
}

// dateForms are the forms of cookie dates that servers and scripts send besides those of http.ParseTime.
var dateForms = []string{
	"Mon, 02-Jan-2006 15:04:05 MST", "Mon, 02-Jan-06 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05 MST",
	"Mon Jan 02 2006 15:04:05 MST-0700", time.RFC1123Z, "02 Jan 2006 15:04:05 MST", time.RFC3339,
}

func parseDate(s string) time.Time {
	if t, err := http.ParseTime(s); err == nil {
		return t
	}
	s, _, _ = strings.Cut(s, " (") // "(Central European Standard Time)" after Date.toString
	for _, form := range dateForms {
		if t, err := time.Parse(form, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// askedDays is the lifetime that the setter asked for, in days: 0 for a session, negative for a deletion.
func (c setCookie) askedDays(now time.Time) float64 {
	switch {
	case c.maxAge != nil && *c.maxAge <= 0:
		return -1
	case c.maxAge != nil:
		return days(time.Duration(min(*c.maxAge, int64(maxLifetime/time.Second))) * time.Second)
	case c.expires.IsZero():
		return 0
	case !c.expires.After(now):
		return -1
	}
	return days(min(c.expires.Sub(now), maxLifetime))
}

// maxLifetime bounds what is computed, not what is asked for: a few servers ask for the year 9999.
const maxLifetime = 100 * 365 * 24 * time.Hour

// capDays is the longest lifetime that browsers keep a cookie for, in days (RFC 6265bis 5.5, Chrome since 104).
const capDays = 400

// days rounds a lifetime so that the same cookie has the same lifetime every night, although the clock of the setter
// ticks between its sum and ours: to a minute above an hour, to ten seconds above a minute.
func days(d time.Duration) float64 {
	switch {
	case d > time.Hour:
		d = d.Round(time.Minute)
	case d > time.Minute:
		d = d.Round(10 * time.Second)
	default:
		d = max(d.Round(time.Second), time.Second)
	}
	return math.Round(d.Hours()/24*1e6) / 1e6
}

// defaultPath is the path of a cookie that names none: the directory of the URL's path.
func defaultPath(path string) string {
	i := strings.LastIndexByte(path, '/')
	if !strings.HasPrefix(path, "/") || i == 0 {
		return "/"
	}
	return path[:i]
}
