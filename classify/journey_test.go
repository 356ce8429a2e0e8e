package classify

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// TestJourneyTellsItsPages: what a journey saw on its second page is told of that page, and what the page list saw too
// is the same as without the journey.
func TestJourneyTellsItsPages(t *testing.T) {
	const home, story = "https://shop.test/", "https://shop.test/story.html"
	cookie := func(name, on string) crawler.Cookie {
		return crawler.Cookie{
			Name: name, Domain: "shop.test", Path: "/", Party: crawler.First, SetVia: crawler.ViaScript, SetBy: on,
			Initiators: []string{on},
		}
	}
	scan := &crawler.Scan{Site: home, Pages: []crawler.Page{
		{URL: home, FinalURL: home, Scenario: crawler.NoChoice, Cookies: []crawler.Cookie{cookie("first", home)}},
		{URL: story, FinalURL: story, Scenario: crawler.NoChoice, Depth: 1, Cookies: []crawler.Cookie{cookie("told", story)}},
		{
			URL: home, FinalURL: home, Scenario: crawler.NoChoice, Journey: []string{story},
			Cookies: []crawler.Cookie{cookie("first", home), cookie("told", story), cookie("later", story)},
			Requests: []crawler.Request{
				{URL: "https://px.example/a.gif", Type: "image", Party: crawler.Third, Initiators: []string{story}},
				{URL: "https://px.example/b.gif", Type: "image", Party: crawler.Third},
			},
		},
	}}
	pages := map[string][]string{}
	for _, f := range Classify(scan, nil, Catalogs{}).Trackers {
		pages[f.Name] = f.Pages
	}
	require.Equal(t, map[string][]string{
		"first": {home}, "told": {story}, "later": {story}, "px.example": {home, story},
	}, pages)
}
