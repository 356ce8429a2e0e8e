package crawler

import (
	"context"
	"maps"
	"strings"
)

// Resume returns a Renderer that answers a visit with the page that an earlier, interrupted part of the same scan has
// of it, and hands every other visit to r. Crawl over it sees what an uninterrupted Crawl sees, as long as the site
// stays the same.
//
// A banner is answered again: the Session that came of it lived in memory only.
//
// A page that earlier has with a Failure is visited again: its evidence may be cut off. A policy is fetched again, for
// its links, and the earlier text stands in when that fails. Pages of earlier need their Links.
func Resume(r Renderer, earlier *Scan) Renderer {
	s := &resumed{next: r, pages: map[visitKey]*Page{}, documents: map[string]*Document{}}
	for i := range earlier.Pages {
		if p := &earlier.Pages[i]; p.Consent == nil || p.Consent.Result == "" {
			s.pages[keyOf(p.URL, p.Scenario, p.Journey)] = p
		}
	}
	failed := map[failedKey]bool{}
	for _, f := range earlier.Failures {
		if f.Stage != StagePolicy {
			failed[failedKey{f.URL, f.Scenario, f.OnJourney()}] = true
		}
	}
	maps.DeleteFunc(s.pages, func(k visitKey, _ *Page) bool { return failed[failedKey{k.url, k.scenario, k.journey != ""}] })
	for i := range earlier.Policies {
		d := &earlier.Policies[i]
		s.documents[documentKey(d.URL)] = d
	}
	return s
}

type resumed struct {
	next      Renderer
	pages     map[visitKey]*Page
	documents map[string]*Document
}

// visitKey is the identity of a visit within a scan.
type visitKey struct {
	url      string
	scenario Scenario
	journey  string // the further pages, one a line
}

// failedKey is what a Failure tells of a visit.
type failedKey struct {
	url      string
	scenario Scenario
	journey  bool
}

func keyOf(url string, s Scenario, journey []string) visitKey {
	return visitKey{url, s, strings.Join(journey, "\n")}
}

func (s *resumed) Render(ctx context.Context, v Visit) (Page, error) {
	if v.Document {
		return s.document(ctx, v)
	}
	if page := s.pages[keyOf(v.URL, v.Scenario, v.Journey)]; page != nil && !v.Answer {
		return *page, nil
	}
	return s.next.Render(ctx, v)
}

func (s *resumed) document(ctx context.Context, v Visit) (Page, error) {
	page, err := s.next.Render(ctx, v)
	kept := s.documents[documentKey(v.URL)]
	if kept == nil || err == nil && page.Status < 400 && page.Document != nil && len(page.Document.Bytes) > 0 {
		return page, err
	}
	return Page{URL: v.URL, FinalURL: kept.URL, Status: 200, MIME: kept.MIME, Scenario: v.Scenario, Document: kept}, nil
}
