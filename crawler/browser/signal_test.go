package browser_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// showSignals sends what a document or worker finds, and how its getter looks; and a request of every kind.
const showSignals = `
	const proto = Object.getPrototypeOf(navigator);
	const name = 'globalPrivacyControl' in proto ? 'globalPrivacyControl' : 'doNotTrack';
	const d = Object.getOwnPropertyDescriptor(proto, name);
	let illegal = 'none'; try { proto[name]; } catch (e) { illegal = e.name; }
	fetch('https://log.test/found?' + new URLSearchParams({ who: WHO, gpc: String(navigator.globalPrivacyControl),
		dnt: String(navigator.doNotTrack), own: Object.keys(navigator).length,
		look: d ? d.get.name + ' ' + /\[native code\]/.test(String(d.get)) + ' ' + illegal : '' }), { mode: 'no-cors' });
	fetch('https://api.track.test/simple-' + WHO, { headers: { Accept: 'application/json' } }).catch(() => {});`

func signalDoc(who, more string) string {
	return `<!doctype html><title>` + who + `</title><p>Hello.<script>{ const WHO = '` + who + `';` + showSignals + `}</script>` + more
}

var signalPages = map[string]string{
	"www.shop.test/": signalDoc("main", `<img src="https://px.track.test/i.gif"><link rel=stylesheet href="https://px.track.test/s.css">
		<iframe src="https://frame.test/f"></iframe><iframe srcdoc="<script>new Image().src = 'https://log.test/found?who=srcdoc&gpc=' + navigator.globalPrivacyControl + '&dnt=' + navigator.doNotTrack</script>"></iframe><script>
		{ const f = document.createElement('iframe'); document.body.append(f);
		  new Image().src = 'https://log.test/found?who=blank&gpc=' + f.contentWindow.navigator.globalPrivacyControl + '&dnt=' + f.contentWindow.navigator.doNotTrack; }
		new Worker('/w.js'); new SharedWorker('/shared.js'); navigator.serviceWorker.register('/sw.js');
		open('https://popup.test/p'); navigator.sendBeacon('https://px.track.test/beacon');
		</script>`),
	"frame.test/f":            signalDoc("frame", `<script>new Worker('/fw.js')</script>`),
	"popup.test/p":            signalDoc("popup", ""),
	"www.shop.test/w.js":      "{ const WHO = 'worker';" + showSignals + "}",
	"frame.test/fw.js":        "{ const WHO = 'frame-worker';" + showSignals + "}",
	"www.shop.test/shared.js": "{ const WHO = 'shared';" + showSignals + "}",
	"www.shop.test/sw.js":     "{ const WHO = 'service';" + showSignals + "}",
}

var signalPlaces = []string{"main", "frame", "srcdoc", "blank", "popup", "worker", "frame-worker", "shared", "service"}

// signalFiles are the requests that must carry the header besides those of showSignals.
var signalFiles = []string{
	"www.shop.test/", "frame.test/f", "popup.test/p", "px.track.test/i.gif", "px.track.test/s.css", "px.track.test/beacon",
	"www.shop.test/w.js", "www.shop.test/shared.js", "www.shop.test/sw.js", "frame.test/fw.js",
}

func TestSignals(t *testing.T) {
	s := newScene(t, signalPages)
	for _, c := range []struct {
		scenario         crawler.Scenario
		header, gpc, dnt string
		look             string
	}{
		{crawler.NoChoice, "", "undefined", "null", "get doNotTrack true TypeError"},
		{crawler.GPC, "Sec-Gpc", "true", "null", "get globalPrivacyControl true TypeError"},
		{crawler.DNT, "Dnt", "undefined", "1", "get doNotTrack true TypeError"},
	} {
		t.Run(string(c.scenario), func(t *testing.T) {
			_, err := s.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/", Scenario: c.scenario})
			require.NoError(t, err)
			found := map[string]url.Values{}
			for _, r := range s.asked("log.test/found") {
				found[r.URL.Query().Get("who")] = r.URL.Query()
				s.checkHeader(t, c.header, r.Header, r.Host+r.URL.Path)
			}
			for _, place := range signalPlaces {
				got := found[place]
				require.NotNil(t, got, "%s told nothing", place)
				require.Equal(t, c.gpc, got.Get("gpc"), place)
				if dnt := got.Get("dnt"); dnt != "undefined" { // workers of plain browsers have none
					require.Equal(t, c.dnt, dnt, place)
				}
				if place == "main" {
					require.Equal(t, c.look, got.Get("look"))
					require.Equal(t, "0", got.Get("own"))
				}
			}
			for _, file := range signalFiles {
				hits := s.asked(file)
				require.NotEmpty(t, hits, file)
				for _, r := range hits {
					s.checkHeader(t, c.header, r.Header, file)
				}
			}
			for _, place := range []string{"main", "frame", "popup", "worker", "frame-worker", "shared", "service"} {
				for _, r := range s.asked("api.track.test/simple-" + place) {
					require.Equal(t, "GET", r.Method, "no preflight")
					s.checkHeader(t, c.header, r.Header, "fetch of "+place)
				}
			}
		})
	}
}

// checkHeader: the header of the scenario's signal and no other.
func (s *scene) checkHeader(t *testing.T, want string, got map[string][]string, what string) {
	t.Helper()
	for _, name := range []string{"Sec-Gpc", "Dnt"} {
		if name == want {
			require.Equal(t, []string{"1"}, got[name], "%s of %s", name, what)
		} else {
			require.Empty(t, got[name], "%s of %s", name, what)
		}
	}
}
