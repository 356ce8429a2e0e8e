package filterlist

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
)

// asked is a request as the oracle reads it.
type asked struct {
	URL  string `json:"url"`
	Page string `json:"page"`
	Type string `json:"type"`
	why  string // what it was made for
}

var typeWords = []string{
	"script", "image", "xhr", "fetch", "frame", "stylesheet", "font", "media", "ping", "websocket", "other", "document",
	"object", "eventsource",
}

var pages = []string{
	"https://www.shop.test/", "https://news.example.com/2026/11/story.html", "https://blog.example.co.uk/?p=1",
	"https://www.google.com/search?q=shoes", "https://www.youtube.com/watch?v=abc", "https://example.de/impressum",
	"https://forum.example.org/viewtopic.php?t=12", "http://intranet.example.net:8080/", "https://www.reddit.com/r/golang",
	"https://m.facebook.com/", "https://someone.github.io/", "https://example.com.br/produtos", "https://192.0.2.7/",
}

// generator makes requests out of rules, so that the rules are really exercised.
type generator struct {
	*rand.Rand
	store *store
}

func newGenerator(s *store, seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 1)), store: s}
}

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// forRule makes a request that the rule should match.
func (g *generator) forRule(r *rule) asked {
	text := g.store.str(r.text)
	page := g.page(text)
	return asked{URL: g.url(r, page), Page: page, Type: g.typeFor(r), why: text}
}

func (g *generator) typeFor(r *rule) string {
	for range 40 {
		if word := pick(g, typeWords); typeOf(word)&r.types != 0 {
			return word
		}
	}
	return "other"
}

// page takes a page out of the rule's $domain where it has one.
func (g *generator) page(text string) string {
	_, opts := cutOptions(text)
	var hosts []string
	for opts != "" {
		name, _, value, rest := nextOption(opts)
		opts = rest
		if name == "domain" || name == "from" {
			hosts = strings.Split(value, "|")
		}
	}
	if len(hosts) == 0 {
		return pick(g, pages)
	}
	host := strings.TrimPrefix(pick(g, hosts), "~")
	host = strings.Replace(host, ".*", pick(g, []string{".com", ".co.uk", ".de", ".to"}), 1)
	return "https://" + pick(g, []string{"", "www.", "m."}) + host + pick(g, []string{"/", "/a/b.html?x=1"})
}

func (g *generator) url(r *rule, page string) string {
	pattern := g.store.str(r.pattern)
	scheme := pick(g, []string{"https://", "https://", "http://"})
	switch {
	case r.flags&expression != 0:
		return g.urlFor(pattern)
	case r.flags&hostOnly != 0:
		return scheme + pick(g, []string{"", "", "cdn.", "a.b."}) + pattern + g.path()
	}
	filled := g.fill(pattern)
	switch {
	case r.flags&hostAnchor != 0:
		if r.flags&(wholeLabels|rightAnchor) == 0 && g.IntN(2) == 0 || strings.HasSuffix(pattern, ".") {
			filled += "x.com"
		}
		url := scheme + pick(g, []string{"", "", "www."}) + filled
		if r.flags&rightAnchor == 0 && g.IntN(2) == 0 {
			url += g.path()
		}
		return url
	case r.flags&leftAnchor != 0:
		return filled + g.path()
	}
	return g.embed(filled, r, page)
}

// embed puts what an unanchored pattern stands for into an address.
func (g *generator) embed(filled string, r *rule, page string) string {
	base := "https://" + pick(g, []string{"cdn.other.example", "www.third.test", "static.example.com"})
	if _, start, end, ok := cutHost(page); ok && (r.flags&firstParty != 0 || g.IntN(3) == 0) {
		base = "https://" + page[start:end]
	}
	switch {
	case filled == "":
		base += "/"
	case filled[0] == '/':
	case filled[0] == '.' && g.IntN(2) == 0 && strings.Contains(filled, "/"):
		return "https://www.example" + filled
	default:
		base += "/x"
	}
	if base += filled; r.flags&rightAnchor == 0 {
		base += pick(g, []string{"", "", "1", "/y?z=2", "?q=a.b-c", "&t=1"})
	}
	return base
}

func (g *generator) fill(pattern string) string {
	var b strings.Builder
	for i, c := range pattern {
		switch {
		case c == '*':
			b.WriteString(pick(g, g.anything(pattern[:i])))
		case c == '^' && i == len(pattern)-1:
			b.WriteString(pick(g, []string{"/", "", "?", "/x"}))
		case c == '^':
			b.WriteString(pick(g, g.separators(pattern[:i])))
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// anything returns what "*" may stand for behind text: right behind a host's dot the rest of a host.
func (g *generator) anything(text string) []string {
	if strings.HasSuffix(text, ".") && isHostname(strings.TrimSuffix(text, ".")+".x") {
		return []string{"com", "co.uk", "de"}
	}
	return []string{"", "a", "1/b", "x.y-z", "longer/path/with?query=1"}
}

// separators returns what "^" may stand for behind text: right behind a host only what can follow one.
func (g *generator) separators(text string) []string {
	if strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == "" {
		return []string{"/", "/", ":8443/"}
	}
	return []string{"/", "?", "&", "="}
}

func (g *generator) path() string {
	return pick(g, []string{"/", "/a.js", "/pixel.gif?id=1", "/collect?v=2&tid=G-1", "/p/a/t/h", "/?x"})
}

// urlFor makes an address that a regular expression matches.
func (g *generator) urlFor(pattern string) string {
	_, tree := translate(pattern[1:len(pattern)-1], false)
	text := g.expand(tree)
	for range 20 {
		if _, _, _, ok := cutHost(text); ok || !strings.HasPrefix(text, "http") {
			break
		}
		text = g.expand(tree) // a host was left empty
	}
	switch {
	case strings.HasPrefix(text, "http"):
		return text
	case strings.HasPrefix(text, "/"), strings.HasPrefix(text, ":"):
		return "https://www.example.com" + strings.TrimPrefix(text, ":/")
	case strings.HasPrefix(text, "."):
		return "https://www.abc" + text
	}
	return "https://www.example.com/" + text
}

func (g *generator) expand(tree *syntax.Regexp) string {
	switch tree.Op {
	case syntax.OpLiteral:
		return string(tree.Rune)
	case syntax.OpCharClass:
		return g.oneOf(tree.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "x"
	case syntax.OpAlternate:
		return g.expand(pick(g, tree.Sub))
	case syntax.OpConcat, syntax.OpCapture:
		var b strings.Builder
		for _, sub := range tree.Sub {
			b.WriteString(g.expand(sub))
		}
		return b.String()
	}
	return g.repeat(tree)
}

func (g *generator) repeat(tree *syntax.Regexp) string {
	least, more := 0, 3
	switch tree.Op {
	case syntax.OpStar:
	case syntax.OpPlus:
		least = 1
	case syntax.OpQuest:
		more = 1
	case syntax.OpRepeat:
		least, more = tree.Min, max(0, min(tree.Max-tree.Min, 3))
	default:
		return ""
	}
	var b strings.Builder
	for range least + g.IntN(more+1) {
		b.WriteString(g.expand(tree.Sub[0]))
	}
	return b.String()
}

// oneOf picks a character of a class that may stand in an address.
func (g *generator) oneOf(class []rune) string {
	for range 50 {
		i := 2 * g.IntN(len(class)/2)
		c := class[i] + rune(g.IntN(int(min(class[i+1], 'z')-class[i]+1)+1))
		if c <= class[i+1] && (isWord(byte(c)) || isUpper(byte(c)) || strings.ContainsRune("-_./", c)) && c < 0x80 {
			return string(c)
		}
	}
	return string(class[0])
}

// mutate changes a request a little, so that near misses are held against the lists as well.
func (g *generator) mutate(a asked) asked {
	switch g.IntN(7) {
	case 0:
		a.Type = pick(g, typeWords)
	case 1:
		a.Page = pick(g, pages)
	case 2:
		if _, start, end, ok := cutHost(a.URL); ok {
			a.Page = "https://" + a.URL[start:end] + "/"
		}
	case 3:
		a.URL = strings.Replace(a.URL, "://", "://sub.", 1)
	case 4:
		a.URL = strings.Replace(a.URL, "://", "://x", 1)
	case 5:
		a.URL = strings.ToUpper(a.URL[:len(a.URL)-1]) + a.URL[len(a.URL)-1:]
		a.URL = strings.Replace(a.URL, a.URL[:strings.Index(a.URL, "://")], "https", 1)
	case 6:
		if n := len(a.URL); n > 20 {
			at := 8 + g.IntN(n-9)
			a.URL = a.URL[:at] + a.URL[at+1:]
		}
	}
	a.why = "mutation of " + a.why
	return a
}

// realistic makes the requests of an ordinary page: mostly the site's own, then libraries, fonts and trackers.
func (g *generator) realistic() asked {
	page := pick(g, pages)
	_, start, end, _ := cutHost(page)
	own := "https://" + page[start:end]
	id := pick(g, []string{"a1b2c3d4", "G-7XK2L9", "1699871234", "main.4f9c2", "UA-1234-1"})
	kind := pick(g, []struct{ url, word string }{
		{own + "/static/js/" + id + ".chunk.js", "script"},
		{own + "/assets/css/app." + id + ".css", "stylesheet"},
		{own + "/images/products/" + id + "_800x600.jpg?v=3", "image"},
		{own + "/api/v2/items?page=2&sort=price&cursor=" + id, "fetch"},
		{own + "/wp-content/plugins/woocommerce/assets/js/frontend/cart.min.js?ver=9.1.2", "script"},
		{own + "/wp-includes/js/jquery/jquery.min.js?ver=3.7.1", "script"},
		{own + "/favicon.ico", "image"},
		{own + "/fonts/inter-latin-" + id + ".woff2", "font"},
		{"https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/dist/js/bootstrap.bundle.min.js", "script"},
		{"https://fonts.googleapis.com/css2?family=Inter:wght@400;700&display=swap", "stylesheet"},
		{"https://fonts.gstatic.com/s/inter/v18/" + id + ".woff2", "font"},
		{"https://cdnjs.cloudflare.com/ajax/libs/lodash.js/4.17.21/lodash.min.js", "script"},
		{"https://www.google-analytics.com/g/collect?v=2&tid=" + id + "&_p=1&cid=12.34&en=page_view", "ping"},
		{"https://www.googletagmanager.com/gtag/js?id=" + id, "script"},
		{"https://connect.facebook.net/en_US/fbevents.js", "script"},
		{"https://www.facebook.com/tr/?id=" + id + "&ev=PageView&dl=https%3A%2F%2Fshop.test%2F&rl=&if=false", "image"},
		{"https://stats.g.doubleclick.net/j/collect?t=dc&aip=1&_r=3&v=1&tid=" + id, "xhr"},
		{"https://securepubads.g.doubleclick.net/tag/js/gpt.js", "script"},
		{"https://bat.bing.com/action/0?ti=" + id + "&Ver=2&mid=x&evt=pageLoad", "image"},
		{"https://static.hotjar.com/c/hotjar-" + id + ".js?sv=6", "script"},
		{"https://px.ads.linkedin.com/collect/?pid=" + id + "&fmt=gif", "image"},
		{"https://www.youtube.com/embed/" + id + "?rel=0", "frame"},
		{"https://i.ytimg.com/vi/" + id + "/hqdefault.jpg", "image"},
		{"https://js.stripe.com/v3/", "script"},
		{"https://cdn.shopify.com/s/files/1/0001/0002/products/" + id + ".png?v=169", "image"},
		{"https://d111111abcdef8.cloudfront.net/media/" + id + "/hero.mp4", "media"},
		{"https://consent.cookiebot.com/uc.js?cbid=" + id, "script"},
		{"https://browser.sentry-cdn.com/7.100.0/bundle.min.js", "script"},
		{"https://o1.ingest.sentry.io/api/1/envelope/?sentry_key=" + id, "fetch"},
		{"https://widget.intercom.io/widget/" + id, "script"},
		{"wss://nexus-websocket-a.intercom.io/pubsub/5-" + id, "websocket"},
		{"https://maps.googleapis.com/maps/api/js?key=" + id + "&libraries=places", "script"},
	})
	return asked{URL: kind.url, Page: page, Type: kind.word, why: "realistic mix"}
}
