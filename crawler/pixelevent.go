package crawler

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// PixelEvent is what one request tells an advertiser or a counter that the visitor did. Values are not kept.
type PixelEvent struct {
	// Name is as it was sent, "Purchase"; "conversion" where a number stands in its place, "page view" or "visit" where a
	// request says so by being made, and empty when it does not look like a name.
	Name string `json:"name,omitempty"`

	// Tells is what goes along, in words, sorted: "amount", "e-mail", "phone in plain text". What does not say "in plain
	// text" of e-mail and phone is hashed.
	Tells []string `json:"tells,omitempty"`
}

// Bounds of what is read of one request: pixels send one event, or some dozen together.
const (
	maxEvents    = 20
	maxEventURL  = 64 << 10 // bytes
	maxEventBody = 64 << 10 // bytes
)

// EventsOf reads what a request to a pixel tells, from its address and its body; nil for every other request.
func EventsOf(rawURL string, body []byte) []PixelEvent {
	p, query := pixelAt(rawURL, body)
	if p == nil {
		return nil
	}
	return p.events(query, body)
}

// pixelAt is the pixel to which a request goes and the query of its address; nil for every other request, and for what
// is longer than pixels are.
func pixelAt(rawURL string, body []byte) (p *pixel, query string) {
	if len(rawURL) > maxEventURL || len(body) > maxEventBody {
		return nil, ""
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, ""
	}
	for i := range pixels {
		if p := &pixels[i]; p.at(strings.ToLower(u.Hostname()), u.Path) {
			return p, u.RawQuery
		}
	}
	return nil, ""
}

func (p *pixel) events(query string, body []byte) []PixelEvent {
	tells := map[string][]string{}
	for _, m := range p.messages(query, body) {
		name, ok := p.name(m)
		told := p.told(m)
		if _, known := tells[name]; !ok && len(told) == 0 || !known && len(tells) == maxEvents {
			continue
		}
		tells[name] = append(tells[name], told...)
	}
	var out []PixelEvent
	for name, told := range tells {
		slices.Sort(told)
		out = append(out, PixelEvent{Name: name, Tells: slices.Compact(told)})
	}
	slices.SortFunc(out, func(a, b PixelEvent) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// name is that of the event in a message; false when there is none.
func (p *pixel) name(m fields) (string, bool) {
	for _, field := range p.names {
		if v := m.get(field); v != "" {
			if !IsEventName(v) {
				v = ""
			}
			return v, true
		}
	}
	if v := m.get(p.number); v != "" && strings.Contains(v, p.numbered) {
		return "conversion", true
	}
	return p.otherwise, p.otherwise != ""
}

// told is what goes along with an event.
func (p *pixel) told(m fields) []string {
	var told []string
	for field, what := range p.tells {
		for _, v := range m[field] {
			if word := telling(what, v); word != "" {
				told = append(told, word)
			}
		}
	}
	return told
}

// telling is the word for a value, empty when the value says nothing.
func telling(what, value string) string {
	value, _, _ = strings.Cut(value, ",") // several are joined by commas
	switch {
	case isHashed(value):
		return what
	case what == email && strings.Contains(value, "@"), what == phone && isPhone(value):
		return what + " in plain text"
	case what == email || what == phone || what == person || what == address:
		return ""
	case strings.Trim(value, "0.") == "" || slices.Contains([]string{"null", "undefined", "false", "NaN", "N"}, value):
		return ""
	}
	return what
}

// isHashed recognises MD5, SHA-1 and SHA-256 in hex, and SHA-256 in base64.
func isHashed(v string) bool {
	switch len(v) {
	case 32, 40, 64:
		return isHex(v)
	case 43, 44:
		return madeOf(strings.TrimRight(v, "="), base64URL+"+/")
	}
	return false
}

func isPhone(v string) bool { return len(v) >= 7 && len(v) <= 20 && madeOf(v, digits+"+-() ") }

// maxEventName bounds the name of an event in bytes: GA4, which is the strictest, allows 40.
const maxEventName = 40

// IsEventName reports whether s looks like the name of an event, and not like something about one visitor.
func IsEventName(s string) bool {
	return s != "" && len(s) <= maxEventName && madeOf(s[:1], lowerLetters+upperLetters) &&
		madeOf(s, base64URL+" .") && !hasIdentifier(s)
}
