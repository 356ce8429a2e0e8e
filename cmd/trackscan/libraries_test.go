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
)

// libraries are what sites bundle or copy, with the file that they serve and for what it is taken.
var libraries = []struct{ name, file, vendor, rule string }{
	{"@fingerprintjs/fingerprintjs@4.5.1", "dist/fp.umd.min.js", "Fingerprint", classify.RuleFingerprinting},
	{"clientjs@0.2.1", "dist/client.base.min.js", "ClientJS", classify.RuleFingerprinting},
	{"rrweb@2.2.2", "umd/rrweb.min.js", "rrweb", classify.RuleRecording},
	{"posthog-js@1.449.2", "dist/array.js", "PostHog", ""},
	{"clarity-js@0.8.70", "build/clarity.min.js", "Microsoft Clarity", classify.RuleRecording},
	{"@openreplay/tracker@19.0.1", "dist/lib/entry.js", "OpenReplay", classify.RuleRecording},
	{"logrocket@12.4.0", "dist/build.umd.js", "LogRocket", classify.RuleRecording},
	{"mixpanel-browser@2.83.0", "dist/mixpanel-core.cjs.js", "Mixpanel", ""},
	{"amplitude-js@8.21.10", "amplitude.umd.min.js", "Amplitude", ""},
	{"@amplitude/analytics-browser@2.48.1", "lib/scripts/amplitude-min.js", "Amplitude", ""},
	{"@snowplow/browser-tracker@4.10.1", "dist/index.umd.min.js", "Snowplow", ""},
	{"@segment/analytics-next@1.84.3", "dist/umd/standalone.js", "Segment", ""},
	{"@sentry/browser@6.19.7", "build/bundle.min.js", "Sentry", ""},
	{"@datadog/browser-rum@7.16.2", "bundle/datadog-rum.js", "Datadog", ""},
	{"@datadog/browser-rum@5.35.0", "bundle/datadog-rum.js", "Datadog", ""}, // holds a recorder, which is off
}

// TestLibraries serves real libraries from the site's own host and from one that nobody knows, under names that say
// nothing: each is told by what it is.
func TestLibraries(t *testing.T) {
	var site strings.Builder
	site.WriteString("-- www.libs.test/index.html --\n<!doctype html><html lang=\"en\"><title>Libraries</title><h1>Libraries</h1>\n")
	for i := range libraries {
		fmt.Fprintf(&site, "<script src=\"/own%d.js\"></script><script src=\"https://host%d.example/l.js\"></script>\n", i, i)
	}
	web, err := fakeweb.Parse([]byte(site.String()))
	require.NoError(t, err)
	server, err := fakeweb.Serve(web, fakeweb.Options{})
	require.NoError(t, err)
	defer server.Close()
	for i, l := range libraries {
		file := npm.Handler(t, l.name, "/")
		for host, path := range map[string]string{"www.libs.test": fmt.Sprintf("/own%d.js", i), fmt.Sprintf("host%d.example", i): "/l.js"} {
			server.Handle(host, path, rewritten(file, "/"+l.file))
		}
	}
	got := scanJSON(t, server, "https://www.libs.test/", "--pages", "1")
	for i, l := range libraries {
		for _, name := range []string{fmt.Sprintf("www.libs.test/own%d.js", i), fmt.Sprintf("host%d.example", i)} {
			at := slices.IndexFunc(got.Trackers, func(tr classify.Tracker) bool { return tr.Kind == classify.KindRequest && tr.Name == name })
			if !assert.GreaterOrEqual(t, at, 0, "%s: %s is not there", l.name, name) {
				continue
			}
			assert.Equal(t, l.vendor, string(got.Trackers[at].Vendor), "%s: %s", l.name, name)
			found := slices.ContainsFunc(got.Findings, func(f classify.Finding) bool { return f.Rule == l.rule && f.Tracker == got.Trackers[at].ID })
			assert.Equal(t, l.rule != "", found, "%s: %s: %s", l.name, name, l.rule)
		}
	}
}

// rewritten answers every request with one file of h.
func rewritten(h http.Handler, path string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.URL.Path = path
		h.ServeHTTP(w, r)
	})
}
