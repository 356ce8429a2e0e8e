package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler/fakeweb"
	"trackscan/crawler/fakeweb/npm"
	"trackscan/report"
)

// libraries are what sites bundle or copy, with the file that they serve, where its maker keeps it, and for what it is
// taken.
var libraries = []struct{ name, file, home, vendor, rule string }{
	{"@fingerprintjs/fingerprintjs@4.5.1", "dist/fp.umd.min.js", "openfpcdn.io/fingerprintjs/v4", "Fingerprint", classify.RuleFingerprinting},
	{"clientjs@0.2.1", "dist/client.base.min.js", "cdn.jsdelivr.net/npm/clientjs@0.2.1/dist/client.base.min.js", "ClientJS", classify.RuleFingerprinting},
	{"rrweb@2.2.2", "umd/rrweb.min.js", "cdn.jsdelivr.net/npm/rrweb@2.2.2/umd/rrweb.min.js", "rrweb", classify.RuleRecording},
	{"posthog-js@1.449.2", "dist/array.js", "us-assets.i.posthog.com/static/array.js", "PostHog", ""},
	{"clarity-js@0.8.70", "build/clarity.min.js", "www.clarity.ms/s/0.8.70/clarity.js", "Microsoft Clarity", classify.RuleRecording},
	{"@openreplay/tracker@19.0.1", "dist/lib/entry.js", "static.openreplay.com/latest/openreplay.js", "OpenReplay", classify.RuleRecording},
	{"logrocket@12.4.0", "dist/build.umd.js", "cdn.lr-ingest.com/LogRocket.min.js", "LogRocket", classify.RuleRecording},
	{"mixpanel-browser@2.83.0", "dist/mixpanel-core.cjs.js", "cdn.mxpnl.com/libs/mixpanel-2-latest.min.js", "Mixpanel", ""},
	{"amplitude-js@8.21.10", "amplitude.umd.min.js", "cdn.amplitude.com/libs/amplitude-8.21.10-min.gz.js", "Amplitude", ""},
	{"@amplitude/analytics-browser@2.48.1", "lib/scripts/amplitude-min.js", "cdn.eu.amplitude.com/script/key.js", "Amplitude", ""},
	{"@snowplow/browser-tracker@4.10.1", "dist/index.umd.min.js", "unpkg.com/@snowplow/browser-tracker@4.10.1/dist/index.umd.min.js", "Snowplow", ""},
	{"@segment/analytics-next@1.84.3", "dist/umd/standalone.js", "cdn.segment.com/analytics.js/v1/key/analytics.min.js", "Segment", ""},
	{"@sentry/browser@6.19.7", "build/bundle.min.js", "browser.sentry-cdn.com/6.19.7/bundle.min.js", "Sentry", ""},
	{"@datadog/browser-rum@7.16.2", "bundle/datadog-rum.js", "www.datadoghq-browser-agent.com/us1/v7/datadog-rum.js", "Datadog", ""},
	{"@datadog/browser-rum@5.35.0", "bundle/datadog-rum.js", "www.datadoghq-browser-agent.com/us1/v7/datadog-rum.js", "Datadog", ""}, // holds a recorder, which is off
}

// TestLibraries serves real libraries from the site's own host and from one that nobody knows, under names that say
// nothing, and from where their makers keep them: each is told by what it is.
func TestLibraries(t *testing.T) {
	var site strings.Builder
	site.WriteString("-- www.libs.test/index.html --\n<!doctype html><html lang=\"en\"><title>Libraries</title><h1>Libraries</h1>\n")
	for i := range libraries {
		for _, place := range placesOf(i) {
			fmt.Fprintf(&site, "<script src=\"https://%s\"></script>\n", place)
		}
	}
	web, err := fakeweb.Parse([]byte(site.String()))
	require.NoError(t, err)
	server, err := fakeweb.Serve(web, fakeweb.Options{})
	require.NoError(t, err)
	defer server.Close()
	for i, l := range libraries {
		file := npm.Handler(t, l.name, "/")
		for _, place := range placesOf(i) {
			host, path, _ := strings.Cut(place, "/")
			server.Handle(host, "/"+path, rewritten(file, "/"+l.file))
		}
	}
	got := scanJSON(t, server, "https://www.libs.test/", "--pages", "1")
	for i, l := range libraries {
		for _, name := range placesOf(i) {
			at := requestNamed(got, name)
			if at < 0 { // a host of the maker's own goes by itself
				host, _, _ := strings.Cut(name, "/")
				at = requestNamed(got, host)
			}
			if !assert.GreaterOrEqual(t, at, 0, "%s: %s is not there", l.name, name) {
				continue
			}
			assert.Equal(t, l.vendor, string(got.Trackers[at].Vendor), "%s: %s", l.name, name)
			found := slices.ContainsFunc(got.Findings, func(f classify.Finding) bool { return f.Rule == l.rule && f.Tracker == got.Trackers[at].ID })
			assert.Equal(t, l.rule != "", found, "%s: %s: %s", l.name, name, l.rule)
		}
	}
}

// requestNamed is the place of a host or script among the trackers, negative when it is not there.
func requestNamed(got report.Facts, name string) int {
	return slices.IndexFunc(got.Trackers, func(tr classify.Tracker) bool { return tr.Kind == classify.KindRequest && tr.Name == name })
}

// placesOf are where a library is served from, by its number.
func placesOf(i int) []string {
	return []string{fmt.Sprintf("www.libs.test/own%d.js", i), fmt.Sprintf("host%d.example/l.js", i), libraries[i].home}
}

// rewritten answers every request with one file of h.
func rewritten(h http.Handler, path string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.URL.Path = path
		h.ServeHTTP(w, r)
	})
}
