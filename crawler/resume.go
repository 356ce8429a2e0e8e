package crawler

import "context"

// Resume returns a Renderer that answers a visit with the page that an earlier, interrupted part of the same scan has
// of it, and hands every other visit to r. Crawl over it sees what an uninterrupted Crawl sees, as long as the site
// stays the same.
//
// A page that earlier has with a Failure is visited again: its evidence may be cut off. A policy is fetched again, for
// its links, and the earlier text stands in when that fails. Pages of earlier need their Links.
func Resume(r Renderer, earlier *Scan) Renderer {
	s := &resumed{next: r, pages: map[visitKey]*Page{}, documents: map[string]*Document{}}
	for i := range earlier.Pages {
		p := &earlier.Pages[i]
		s.pages[visitKey{p.URL, p.Scenario}] = p
	}
	for _, f := range earlier.Failures {
		if f.Stage != StagePolicy {
			delete(s.pages, visitKey{f.URL, f.Scenario})
		}
	}
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
}

func (s *resumed) Render(ctx context.Context, v Visit) (Page, error) {
	if v.Document {
		return s.document(ctx, v)
	}
	if page := s.pages[visitKey{v.URL, v.Scenario}]; page != nil {
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
