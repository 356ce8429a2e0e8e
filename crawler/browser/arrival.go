package browser

import (
	"crypto/rand"
	"encoding/hex"
	"maps"
	"net/url"
	"slices"
	"strings"

	"trackscan/crawler"
)

// arrival is how a visitor comes to a page: the address, and the numbers of clicks in it.
type arrival struct {
	address string
	made    string            // of its query: the part that is made up
	whole   []string          // addresses as code tells them to others, plain and encoded, the longest first
	clicks  map[string]string // by value: the parameter
	looked  int               // bytes in which they were looked for
}

// minClick is the shortest value that is looked for, in bytes: what is shorter is found by chance.
const minClick = 6

// maxValue and maxLooked bound what they are looked for in, in bytes: of one value, and of a visit. The states of the
// busiest counters have some kilobytes.
const (
	maxValue  = 64 << 10
	maxLooked = 32 << 20
)

// maxClicks bounds the numbers of clicks that are looked for in one visit, maxArrival the address that they are read from,
// in bytes.
const (
	maxClicks  = 100
	maxArrival = 8 << 10
)

// arrive reads the numbers of clicks in the address of a visit, and makes up those that are not there for a visitor who
// has clicked an advertisement. A script that keeps numbers of clicks has nothing to keep without.
func arrive(visit crawler.Visit) arrival {
	a := arrival{address: visit.URL, clicks: map[string]string{}}
	if u, err := url.Parse(visit.URL); err == nil && visit.Clicked {
		a.made = madeClicks(u.Query())
		u.RawQuery = strings.TrimPrefix(u.RawQuery+"&"+a.made, "&")
		a.address = u.String()
	}
	if a.made != "" {
		a.whole = forms(a.made)
	}
	a.pass(a.address)
	return a
}

// pass learns the numbers of clicks in an address that the visitor is led to.
func (a *arrival) pass(address string) {
	u, err := url.Parse(address)
	if err != nil || u.RawQuery == "" || len(address) > maxArrival || len(a.clicks) >= maxClicks {
		return
	}
	for param, values := range u.Query() {
		if crawler.ClickParams[param] != "" && len(values[0]) >= minClick {
			a.clicks[values[0]] = param
		}
	}
	_, whole, _ := strings.Cut(address, "://")
	a.whole = append(forms(whole), a.whole...)
}

// forms are a text as it is, and encoded once and twice.
func forms(text string) []string {
	once := url.QueryEscape(text)
	return []string{text, once, url.QueryEscape(once)}
}

// madeClicks is a query with the numbers of clicks that are not in the one given, in the shapes that they have.
func madeClicks(given url.Values) string {
	random := func() string { return rand.Text() + strings.ToLower(rand.Text()) }
	id := func() string {
		b := make([]byte, 16)
		_, _ = rand.Read(b) // never fails
		s := hex.EncodeToString(b)
		return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
	}
	made := map[string]string{
		"gclid": "Cj0KCQ" + random() + "_wcB", "dclid": "CJ" + random(), "fbclid": "IwZXh0" + random(),
		"msclkid": strings.ReplaceAll(id(), "-", ""), "ttclid": "E.C.P." + random(), "twclid": "2-" + random()[:23],
		"li_fat_id": id(), "ScCid": id(), "epik": "dj0y" + random(), "rdt_cid": random()[:20], "irclickid": random()[:32],
	}
	var parts []string
	for _, param := range slices.Sorted(maps.Keys(made)) {
		if !given.Has(param) {
			parts = append(parts, param+"="+made[param])
		}
	}
	return strings.Join(parts, "&")
}

// plain is an address of the page without what was made up for the arrival.
func (a *arrival) plain(address string) string {
	if a.made == "" {
		return address
	}
	return strings.NewReplacer("?"+a.made+"&", "?", "?"+a.made, "", "&"+a.made, "").Replace(address)
}

// within reports whether text is a number of a click, or part of one.
func (a *arrival) within(text string) bool {
	for value := range a.clicks {
		if strings.Contains(value, text) {
			return true
		}
	}
	return false
}

// in are the parameters of the numbers of clicks that a text holds other than in the whole address, sorted: where a
// visitor is may be told, and kept, without an interest in the click.
func (a *arrival) in(text string) []string {
	text = text[:min(len(text), maxValue)]
	if a.looked += len(text); len(a.clicks) == 0 || len(text) < minClick || a.looked > maxLooked {
		return nil
	}
	var found []string
	look := func(text string) {
		for _, whole := range a.whole {
			text = strings.ReplaceAll(text, whole, "")
		}
		for value, param := range a.clicks {
			if strings.Contains(text, value) && !slices.Contains(found, param) {
				found = append(found, param)
			}
		}
	}
	eachForm(text, look)
	for token := range strings.FieldsFuncSeq(text, func(r rune) bool { return !isWord(r) && !strings.ContainsRune("+/-_", r) }) {
		if plain := fromBase64(token); plain != "" {
			look(plain)
		}
	}
	slices.Sort(found)
	return found
}

// toldBy are the parameters of the numbers of clicks that a request takes along other than in the page's address, sorted.
func (a *arrival) toldBy(h *hop) []string {
	if len(a.clicks) == 0 {
		return nil
	}
	_, address, _ := strings.Cut(h.url, "://")
	return union(a.in(address), a.in(string(h.body)))
}

// union is what is in one of two lists, sorted; nil for nothing.
func union(a, b []string) []string {
	if len(a)+len(b) == 0 {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}
