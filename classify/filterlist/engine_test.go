package filterlist

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func engineOf(t testing.TB, rules ...string) *Engine {
	t.Helper()
	l, err := Parse(strings.NewReader(strings.Join(rules, "\n")))
	require.NoError(t, err)
	e, err := NewEngine(l)
	require.NoError(t, err)
	return e
}

const (
	shop    = "https://www.shop.test/basket"
	tracker = "https://px.tracker.test/t.gif?id=1"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name  string
		rules string // separated by spaces
		url   string
		page  string
		kind  string
		want  string // the rule that blocks; empty for none; "@@..." for an exception
	}{
		{"host", "||tracker.test^", tracker, shop, "image", "||tracker.test^"},
		{"host itself", "||px.tracker.test^", tracker, shop, "image", "||px.tracker.test^"},
		{"host with port", "||tracker.test^", "https://tracker.test:8443/x", shop, "image", "||tracker.test^"},
		{"host with user", "||tracker.test^", "https://me:pw@tracker.test/x", shop, "image", "||tracker.test^"},
		{"user is no host", "||tracker.test^", "https://tracker.test@shop.test/x", shop, "image", ""},
		{"host in upper case", "||Tracker.TEST^", "HTTPS://PX.TRACKER.test/T", shop, "image", "||Tracker.TEST^"},
		{"host is no tail of a label", "||tracker.test^", "https://nottracker.test/", shop, "image", ""},
		{"host is no parent's name", "||tracker.test^", "https://tracker.test.evil.test/", shop, "image", ""},
		{"host in the query", "||tracker.test^", "https://shop.test/?u=https://tracker.test/", shop, "image", ""},
		{"host without separator", "||tracker.test", tracker, shop, "image", "||tracker.test"},
		{"host without separator keeps labels whole", "||tracker.te", tracker, shop, "image", ""},
		{"host without separator may be a front", "||px.tracker", tracker, shop, "image", "||px.tracker"},
		{"host that ends in a dot", "||tracker.", tracker, shop, "image", "||tracker."},
		{"host that ends in a hyphen", "||ads-", "https://ads-7.test/", shop, "image", "||ads-"},
		{"host and path", "||tracker.test/t.gif", tracker, shop, "image", "||tracker.test/t.gif"},
		{"host and another path", "||tracker.test/x.gif", tracker, shop, "image", ""},
		{"host, wildcard, path", "||tracker.*/t.gif", tracker, shop, "image", "||tracker.*/t.gif"},
		{"wildcard in front of host", "||*.test/t.gif", tracker, shop, "image", "||*.test/t.gif"},
		{"address", "||192.0.2.1^", "http://192.0.2.1/x", shop, "image", "||192.0.2.1^"},
		{"host with end anchor", "||tracker.test|", "https://tracker.test/", shop, "image", "||tracker.test|"},
		{"international host", "||bücher.test^", "https://xn--bcher-kva.test/", shop, "image", "||bücher.test^"},

		{"plain text", "/t.gif?", tracker, shop, "image", "/t.gif?"},
		{"plain text in capitals", "/T.GIF?", tracker, shop, "image", "/T.GIF?"},
		{"plain text elsewhere", "/u.gif?", tracker, shop, "image", ""},
		{"a part of a word", "acker.test/t.g", tracker, shop, "image", "acker.test/t.g"},
		{"separator", "^t.gif^", tracker, shop, "image", "^t.gif^"},
		{"separator is no dot", "^t^gif", tracker, shop, "image", ""},
		{"separator is no percent sign", "/a^b", "https://a.test/a%b", shop, "image", ""},
		{"separator at the end", "id=1^", tracker, shop, "image", "id=1^"},
		{"separators at the end", "id=1^^|", tracker, shop, "image", "id=1^^|"},
		{"separator beyond", "id=^1", tracker, shop, "image", ""},
		{"wildcard", "tracker*gif?id", tracker, shop, "image", "tracker*gif?id"},
		{"wildcards around", "*tracker.*", tracker, shop, "image", "*tracker.*"},
		{"wildcards in order", "gif*tracker", tracker, shop, "image", ""},
		{"wildcards need the last place", "/a*b^|", "https://a.test/a/b/xb", shop, "image", "/a*b^|"},
		{"start", "|https://px.", tracker, shop, "image", "|https://px."},
		{"start elsewhere", "|px.", tracker, shop, "image", ""},
		{"end", "id=1|", tracker, shop, "image", "id=1|"},
		{"end elsewhere", "gif|", tracker, shop, "image", ""},
		{"both", "|https://px.tracker.test/t.gif?id=1|", tracker, shop, "image", "|https://px.tracker.test/t.gif?id=1|"},
		{"both with wildcard", "|https://*id=1|", tracker, shop, "image", "|https://*id=1|"},
		{"fragment is never sent", "/frag", "https://a.test/#/frag", shop, "image", ""},
		{"a line that is a host", "tracker.test", tracker, shop, "image", "tracker.test"},
		{"a line that is a host is no text", "tracker.test", "https://a.test/tracker.test", shop, "image", ""},
		{"everything", "*", tracker, shop, "image", ""},
		{"everything from a host", "||", tracker, shop, "image", ""},

		{"regexp", `/t\.gif\?id=\d/`, tracker, shop, "image", `/t\.gif\?id=\d/`},
		{"regexp in capitals", `/T\.GIF/`, tracker, shop, "image", `/T\.GIF/`},
		{"regexp with case", `/T\.GIF/$match-case`, tracker, shop, "image", ""},
		{"regexp with options", `/gif$|t\.gif/$image`, tracker, shop, "image", `/gif$|t\.gif/$image`},
		{"regexp with dollar", `/id=1$/`, tracker, shop, "image", `/id=1$/`},
		{"regexp with slashes", `/^https?:\/\/px\./`, tracker, shop, "image", `/^https?:\/\/px\./`},
		{"regexp with unicode escape", `/\u0074racker/`, tracker, shop, "image", `/\u0074racker/`},
		{"regexp that RE2 lacks", `/(?=t)t\.gif/`, tracker, shop, "image", ""},
		{"text with case", "/T.gif$match-case", tracker, shop, "image", ""},
		{"text with case that fits", "/T.gif$match-case", "https://a.test/T.gif", shop, "image", "/T.gif$match-case"},

		{"type", "||tracker.test^$image", tracker, shop, "image", "||tracker.test^$image"},
		{"other type", "||tracker.test^$script", tracker, shop, "image", ""},
		{"types", "||tracker.test^$script,image", tracker, shop, "image", "||tracker.test^$script,image"},
		{"type excluded", "||tracker.test^$~image", tracker, shop, "image", ""},
		{"type not excluded", "||tracker.test^$~script", tracker, shop, "image", "||tracker.test^$~script"},
		{"fetch is xhr", "||tracker.test^$xmlhttprequest", tracker, shop, "fetch", "||tracker.test^$xmlhttprequest"},
		{"frame is subdocument", "||tracker.test^$subdocument", tracker, shop, "frame", "||tracker.test^$subdocument"},
		{"all", "||tracker.test^$all", tracker, shop, "font", "||tracker.test^$all"},
		{"unknown type", "||tracker.test^$script", tracker, shop, "", "||tracker.test^$script"},
		{"unknown type and an exception of one", "||tracker.test^ @@||tracker.test^$script", tracker, shop, "", "||tracker.test^"},
		{"unknown type and an exception of all", "||tracker.test^ @@||tracker.test^", tracker, shop, "", "@@||tracker.test^"},
		{"unknown type and no pattern", "$ping,third-party", tracker, shop, "", ""},
		{"no pattern", "$ping,third-party", tracker, shop, "ping", "$ping,third-party"},
		{"a word for no type", "||tracker.test^$other", tracker, shop, "quux", "||tracker.test^$other"},
		{"websocket", "||tracker.test^$websocket", "wss://tracker.test/", shop, "other", "||tracker.test^$websocket"},
		{"windows only", "||tracker.test^$popup", tracker, shop, "image", ""},
		{"windows and documents", "||tracker.test^$document,popup", tracker, shop, "document", ""},
		{"windows and frames", "||tracker.test^$popup,subdocument", tracker, shop, "frame", "||tracker.test^$popup,subdocument"},

		{"third party", "||tracker.test^$third-party", tracker, shop, "image", "||tracker.test^$third-party"},
		{"third party at home", "||tracker.test^$3p", tracker, "https://tracker.test/", "image", ""},
		{"first party", "/t.gif$~third-party", "https://img.shop.test/t.gif", shop, "image", "/t.gif$~third-party"},
		{"first party elsewhere", "/t.gif$1p", tracker, shop, "image", ""},
		{"both parties", "/t.gif$1p,3p", tracker, shop, "image", "/t.gif$1p,3p"},
		{"two customers of a host", "/t.gif$3p", "https://b.github.io/t.gif", "https://a.github.io/", "image", "/t.gif$3p"},
		{"a customer of a host", "/t.gif$3p", "https://b.github.io/t.gif", "https://github.io/", "image", "/t.gif$3p"},
		{"page unknown", "||tracker.test^$3p", tracker, "", "image", ""},
		{"own host", "/t.gif$strict1p", "https://www.shop.test/t.gif", shop, "image", "/t.gif$strict1p"},
		{"own site is another host", "/t.gif$strict1p", "https://img.shop.test/t.gif", shop, "image", ""},
		{"another host", "/t.gif$strict3p", "https://img.shop.test/t.gif", shop, "image", "/t.gif$strict3p"},

		{"domain", "/t.gif$domain=shop.test", tracker, shop, "image", "/t.gif$domain=shop.test"},
		{"other domain", "/t.gif$domain=news.test", tracker, shop, "image", ""},
		{"domains", "/t.gif$domain=news.test|shop.test", tracker, shop, "image", "/t.gif$domain=news.test|shop.test"},
		{"domain excluded", "/t.gif$domain=~shop.test", tracker, shop, "image", ""},
		{"domain not excluded", "/t.gif$domain=~news.test", tracker, shop, "image", "/t.gif$domain=~news.test"},
		{"host of a domain excluded", "/t.gif$domain=shop.test|~www.shop.test", tracker, shop, "image", ""},
		{"entity", "/t.gif$domain=shop.*", tracker, "https://shop.co.uk/", "image", "/t.gif$domain=shop.*"},
		{"host of an entity", "/t.gif$domain=shop.*", tracker, shop, "image", "/t.gif$domain=shop.*"},
		{"entity is no label", "/t.gif$domain=co.*", tracker, "https://shop.co.uk/", "image", ""},
		{"entity excluded", "/t.gif$from=~shop.*", tracker, shop, "image", ""},
		{"top-level domain", "/t.gif$domain=test", tracker, shop, "image", "/t.gif$domain=test"},
		{"domain as regexp", `/t.gif$domain=/^www\.shop[a-z,|]*\./`, tracker, shop, "image", `/t.gif$domain=/^www\.shop[a-z,|]*\./`},
		{"domain as another regexp", `/t.gif$domain=/^news\./|~a.test`, tracker, shop, "image", ""},
		{"domain excluded by regexp", `/t.gif$domain=shop.test|~/^www\./`, tracker, shop, "image", ""},
		{"domain beside regexp", `/t.gif$domain=/^x/|shop.test`, tracker, shop, "image", `/t.gif$domain=/^x/|shop.test`},
		{"domain and no pattern", "$image,domain=shop.test", tracker, shop, "image", "$image,domain=shop.test"},
		{"to", "/t.gif$to=tracker.test", tracker, shop, "image", "/t.gif$to=tracker.test"},
		{"to elsewhere", "/t.gif$to=other.test", tracker, shop, "image", ""},
		{"to entity", "/t.gif$to=tracker.*", tracker, shop, "image", "/t.gif$to=tracker.*"},
		{"to excluded", "/t.gif$to=~tracker.test", tracker, shop, "image", ""},
		{"denyallow", "*$3p,denyallow=cdn.test,domain=shop.test", tracker, shop, "image", "*$3p,denyallow=cdn.test,domain=shop.test"},
		{"denyallow allows", "*$3p,denyallow=tracker.test,domain=shop.test", tracker, shop, "image", ""},
		{"denyallow alone", "*$3p,denyallow=cdn.test", tracker, shop, "image", ""},

		{"exception", "||tracker.test^ @@/t.gif", tracker, shop, "image", "@@/t.gif"},
		{"exception alone", "@@/t.gif", tracker, shop, "image", ""},
		{"exception for another page", "||tracker.test^ @@/t.gif$domain=news.test", tracker, shop, "image", "||tracker.test^"},
		{"important", "||tracker.test^$important @@/t.gif", tracker, shop, "image", "||tracker.test^$important"},
		{"important exception", "||tracker.test^$important @@/t.gif$important", tracker, shop, "image", "@@/t.gif$important"},
		{"bad filter", "||tracker.test^$image ||tracker.test^$image,badfilter", tracker, shop, "image", ""},
		{"bad filter in another order", "/t.gif$image,3p /t.gif$3p,badfilter,image", tracker, shop, "image", ""},
		{"bad filter for another rule", "||tracker.test^ ||tracker.test^$image,badfilter", tracker, shop, "image", "||tracker.test^"},
		{"bad filter with domains", "/t.gif$domain=a.test|shop.test /t.gif$domain=shop.test|a.test,badfilter", tracker, shop, "image", ""},
		{"bad filter for an exception", "/t.gif @@/t.gif$3p @@/t.gif$3p,badfilter", tracker, shop, "image", "/t.gif"},
		{"bad filter tells redirects", "/t.gif$redirect=a /t.gif$redirect=b,badfilter", tracker, shop, "image", "/t.gif$redirect=a"},
		{"bad filter for a regexp", `/t\.gif/$image /t\.gif/$badfilter,image`, tracker, shop, "image", ""},

		{"redirect", "||tracker.test^$redirect=noop.js", tracker, shop, "image", "||tracker.test^$redirect=noop.js"},
		{"redirect only when blocked", "||tracker.test^$redirect-rule=noop.js", tracker, shop, "image", ""},
		{"changes of the answer", "||tracker.test^$csp=script-src", tracker, shop, "image", ""},
		{"changes of the address", "||tracker.test^$removeparam=id", tracker, shop, "image", ""},
		{"replace with a dollar", `||tracker.test^$replace=/a$image/b/`, tracker, shop, "image", ""},
		{"needs the answer", "||tracker.test^$header=server:x", tracker, shop, "image", ""},
		{"option that nobody knows", "||tracker.test^$frobnicate", tracker, shop, "image", ""},
		{"filler", "||tracker.test^$image,_____", tracker, shop, "image", "||tracker.test^$image,_____"},
		{"dollar in the pattern", "/t$x.gif$image", "https://a.test/t$x.gif", shop, "image", "/t$x.gif$image"},
		{"method unknown", "||tracker.test^$method=get", tracker, shop, "image", ""},

		{"not of the web", "/t.gif", "data:image/gif;base64,/t.gif", shop, "image", ""},
		{"no address", "/t.gif", "/t.gif", shop, "image", ""},
		{"empty host", "/t.gif", "https:///t.gif", shop, "image", ""},
		{"no request", "/t.gif", "", "", "", ""},
		{"page is no address", "/t.gif$domain=~a.test", tracker, "about:blank", "image", "/t.gif$domain=~a.test"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := engineOf(t, strings.Fields(c.rules)...)
			v := e.Match(Request{URL: c.url, Page: c.page, Type: c.kind})
			require.Equal(t, c.want, v.Rule)
			require.Equal(t, c.want != "" && !strings.HasPrefix(c.want, "@@"), v.Blocked)
			require.Equal(t, strings.HasPrefix(c.want, "@@"), v.Excepted)
		})
	}
}

func TestMatchOfMethods(t *testing.T) {
	e := engineOf(t, "||a.test^$method=post|put", "||b.test^$method=~get")
	for _, c := range []struct {
		host, method string
		want         bool
	}{
		{"a.test", "POST", true},
		{"a.test", "put", true},
		{"a.test", "GET", false},
		{"a.test", "", false},
		{"a.test", "BREW", false},
		{"b.test", "POST", true},
		{"b.test", "GET", false},
	} {
		v := e.Match(Request{URL: "https://" + c.host + "/", Page: shop, Type: "xhr", Method: c.method})
		require.Equal(t, c.want, v.Blocked, "%s %s", c.method, c.host)
	}
}

func TestVerdictNamesTheList(t *testing.T) {
	first, err := Parse(strings.NewReader("! Title: EasyList\n||a.test^\n"))
	require.NoError(t, err)
	second, err := Parse(strings.NewReader("! Title: EasyPrivacy\n||b.test^\n@@||a.test^\n"))
	require.NoError(t, err)
	e, err := NewEngine(first, second)
	require.NoError(t, err)
	v := e.Match(Request{URL: "https://b.test/", Page: shop, Type: "image"})
	require.Equal(t, Verdict{Blocked: true, Rule: "||b.test^", List: "EasyPrivacy", Kind: KindPrivacy}, v)
	v = e.Match(Request{URL: "https://a.test/", Page: shop, Type: "image"})
	require.Equal(t, Verdict{Excepted: true, Rule: "@@||a.test^", List: "EasyPrivacy", Kind: KindPrivacy}, v)
}

func TestEngineWithoutLists(t *testing.T) {
	e, err := NewEngine()
	require.NoError(t, err)
	require.Zero(t, e.Match(Request{URL: tracker, Page: shop, Type: "image"}))
	require.Empty(t, e.Lists())
}

func TestMatchFromManyGoroutines(t *testing.T) {
	e := engineOf(t, someRules...)
	requests := []Request{
		{URL: tracker, Page: shop, Type: "image"},
		{URL: "https://px7.test/", Page: "https://news.test/", Type: "script"},
		{URL: "https://c.test/", Page: "https://a.test/", Type: "xhr", Method: "POST"},
		{URL: "https://none.test/", Page: shop},
	}
	var want []Verdict
	for _, r := range requests {
		want = append(want, e.Match(r))
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := range 400 {
				assert.Equal(t, want[i%len(want)], e.Match(requests[i%len(requests)]))
			}
		})
	}
	wait.Wait()
}

// bruteForce judges without the indexes.
func bruteForce(e *Engine, disabled func(*rule) bool, r Request) (blocked, excepted bool) {
	q := &question{}
	if !q.ask(r) {
		return false, false
	}
	any := func(kind int, needed flags) bool {
		for i := range e.store.rules {
			one := &e.store.rules[i]
			if kindOfRule(one.flags) == kind && !disabled(one) && e.applies(uint32(i), q, needed) {
				return true
			}
		}
		return false
	}
	if any(kindImportant, 0) {
		excepted = any(kindException, important)
		return !excepted, excepted
	}
	if any(kindBlock, 0) {
		excepted = any(kindException, 0)
		return !excepted, excepted
	}
	return false, false
}

func TestHostileRulesDoNotTakeLong(t *testing.T) {
	star := strings.Repeat("*a", 1000)
	caret := strings.Repeat("a^", 1000)
	deep := "/" + strings.Repeat("(a*)*", 100) + "b$/"
	var rules []string
	for range 2000 {
		rules = append(rules, star+"$image", caret+"x$image", deep+"$image")
	}
	e := engineOf(t, rules...)
	url := "https://a.test/" + strings.Repeat("a/", 1<<20)
	v := e.Match(Request{URL: url, Page: shop, Type: "image"})
	require.False(t, v.Excepted)
	q := &question{}
	require.True(t, q.ask(Request{URL: url, Page: shop, Type: "image"}))
	require.LessOrEqual(t, len(q.url), maxURL)
	for i := range e.store.rules {
		e.applies(uint32(i), q, 0)
	}
	require.LessOrEqual(t, q.work, 0, "the work was to be used up")
	require.False(t, e.applies(0, q, 0), "and nothing tried after that")
}

func TestHostileListsDoNotTakeMuch(t *testing.T) {
	var hosts strings.Builder
	for i := range maxHosts {
		fmt.Fprintf(&hosts, "%x.t|", i)
	}
	domains := strings.TrimSuffix(hosts.String(), "|")
	var rules []string
	for i := range 2 * maxSpread / maxHosts {
		rules = append(rules, "$image,domain="+domains, fmt.Sprintf("/x{%d}[a-z]{9}/", i%90))
	}
	for range 200 {
		rules = append(rules, "/"+strings.Repeat("x{1000}", 17)+"/", "$image,domain="+domains+"|one.more")
	}
	l, err := Parse(strings.NewReader(strings.Join(rules, "\n")))
	require.NoError(t, err)
	require.Len(t, l.store.keys, maxHosts, "equal lists of domains are kept once")
	require.Equal(t, 400, l.Skipped.TooLong)
	e, err := NewEngine(l)
	require.NoError(t, err)
	require.LessOrEqual(t, len(e.indexes[kindBlock].entries), maxSpread+len(rules))
	v := e.Match(Request{URL: tracker, Page: "https://7.t/", Type: "image"})
	require.True(t, v.Blocked)
}

func TestProgramsAreBounded(t *testing.T) {
	p := newParser(0)
	for range 2 * maxPrograms / 10_000 {
		p.line("/(x{1000}){10}/")
		p.line("/[a-z]{999}[0-9]{999}[^a]{999}.{999}y{999}(z|b){999}/")
	}
	require.LessOrEqual(t, p.programs, maxPrograms)
	require.Equal(t, outcomeTooLong, p.line("/[a-z]{999}[0-9]{999}[^a]{999}.{999}y{999}(z|b){999}/"))
}
