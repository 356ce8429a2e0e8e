package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// resumeSite has links that only rendering shows, a page that fails and a policy that links to another.
func resumeSite() *fakeSite {
	return &fakeSite{pages: map[string]fakePage{
		"/":        {links: []string{"/a/1", "/b", "Privacy policy -> /privacy"}, rendered: []string{"/a/1", "/b", "/c"}},
		"/a/1":     {links: []string{"/d"}},
		"/b":       {broken: errors.New("crashed")},
		"/c":       {links: []string{"/a/2"}},
		"/d":       {},
		"/a/2":     {},
		"/privacy": {links: []string{"Cookie policy -> /cookies"}, document: "privacy"},
		"/cookies": {document: "cookies"},
	}}
}

// keeper keeps what a crawl tells, as a store does, and interrupts it after some pages.
type keeper struct {
	kept  Scan
	after int
	stop  context.CancelFunc
}

func (k *keeper) observe(e Event) {
	switch {
	case e.Page != nil:
		k.kept.Pages = append(k.kept.Pages, *e.Page)
	case e.Failure != nil:
		k.kept.Failures = append(k.kept.Failures, *e.Failure)
	case e.Policy != nil:
		k.kept.Policies = append(k.kept.Policies, *e.Policy)
	}
	if len(k.kept.Pages) == k.after {
		k.stop()
	}
}

func resumeOptions(observe func(Event)) Options {
	opts := testOptions()
	opts.Tabs, opts.Observe = 1, observe
	opts.Now = func() time.Time { return time.Unix(1_800_000_000, 0) }
	return opts
}

func TestResumeGivesTheSameScan(t *testing.T) {
	site := resumeSite()
	whole, err := Crawl(t.Context(), resumeOptions(nil), site, site)
	require.NoError(t, err)
	want, err := json.Marshal(whole)
	require.NoError(t, err)
	require.Len(t, whole.Policies, 2)
	for after := 1; after <= len(whole.Pages); after++ {
		ctx, cancel := context.WithCancel(t.Context())
		k := &keeper{after: after, stop: cancel}
		site := resumeSite()
		_, err := Crawl(ctx, resumeOptions(k.observe), site, site)
		require.NoError(t, err)
		visited := map[string]bool{}
		again := resumeSite()
		r := renderFunc(func(ctx context.Context, v Visit) (Page, error) {
			key := v.URL + strings.Join(v.Journey, " ")
			visited[key] = visited[key] || !v.Document
			return again.Render(ctx, v)
		})
		resumed, err := Crawl(t.Context(), resumeOptions(nil), again, Resume(r, &k.kept))
		require.NoError(t, err)
		got, err := json.Marshal(resumed)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
		for _, p := range k.kept.Pages {
			require.False(t, visited[p.URL+strings.Join(p.Journey, " ")], "%s is visited again after %d pages", p.URL, after)
		}
	}
}

func TestResume(t *testing.T) {
	const page, policy = fakeHome + "/a/1", fakeHome + "/privacy"
	failed := func(s Stage) []Failure { return []Failure{{URL: page, Scenario: NoChoice, Stage: s, Error: "x"}} }
	kept := Page{URL: page, Scenario: NoChoice, Title: "kept"}
	text := Document{URL: policy, MIME: "text/html", Bytes: []byte("kept")}
	for _, c := range []struct {
		name    string
		earlier Scan
		visit   Visit
		broken  bool
		asked   int
		title   string
		text    string
	}{
		{"nothing kept", Scan{}, Visit{URL: page, Scenario: NoChoice}, false, 1, "seen", ""},
		{"kept", Scan{Pages: []Page{kept}}, Visit{URL: page, Scenario: NoChoice}, false, 0, "kept", ""},
		{"a page is no journey", Scan{Pages: []Page{kept}}, Visit{URL: page, Scenario: NoChoice, Journey: []string{policy}}, false, 1, "seen", ""},
		{"answered", Scan{Pages: []Page{kept}}, Visit{URL: page, Scenario: NoChoice, Answer: true}, false, 1, "seen", ""},
		{"another scenario", Scan{Pages: []Page{kept}}, Visit{URL: page, Scenario: Accept}, false, 1, "seen", ""},
		{"failed", Scan{Pages: []Page{kept}, Failures: failed(StageRender)}, Visit{URL: page, Scenario: NoChoice}, false, 1, "seen", ""},
		{"failed as a policy", Scan{Pages: []Page{kept}, Failures: failed(StagePolicy)}, Visit{URL: page, Scenario: NoChoice}, false, 0, "kept", ""},
		{"a page is no policy", Scan{Pages: []Page{kept}}, Visit{URL: page, Scenario: NoChoice, Document: true}, false, 1, "seen", "seen"},
		{"policy", Scan{Policies: []Document{text}}, Visit{URL: policy, Document: true}, false, 1, "seen", "seen"},
		{"policy that is gone", Scan{Policies: []Document{text}}, Visit{URL: policy, Document: true}, true, 1, "", "kept"},
		{"a policy is no page", Scan{Policies: []Document{text}}, Visit{URL: policy}, false, 1, "seen", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			next := renderFunc(func(_ context.Context, v Visit) (Page, error) {
				asked++
				if c.broken {
					return Page{}, errors.New("gone")
				}
				p := Page{URL: v.URL, Status: 200, Title: "seen"}
				if v.Document {
					p.Document = &Document{URL: v.URL, Bytes: []byte("seen")}
				}
				return p, nil
			})
			got, err := Resume(next, &c.earlier).Render(t.Context(), c.visit)
			require.NoError(t, err)
			require.Equal(t, c.asked, asked)
			require.Equal(t, c.title, got.Title)
			if c.text != "" {
				require.Equal(t, c.text, string(got.Document.Bytes))
			}
		})
	}
}
