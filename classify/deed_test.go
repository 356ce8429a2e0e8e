package classify

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func tells(url string, events ...crawler.PixelEvent) crawler.Request {
	r := ping(url)
	r.Events = events
	return r
}

func TestDeeds(t *testing.T) {
	r := Classify(visits(perScenario{
		crawler.NoChoice: asks(
			tells("https://www.facebook.com/tr/", crawler.PixelEvent{Name: "PageView"}),
			tells("https://www.facebook.com/tr/", crawler.PixelEvent{Name: "Purchase", Tells: []string{"amount", "phone"}}),
			tells("https://www.facebook.com/tr/", crawler.PixelEvent{Name: "Purchase", Tells: []string{"e-mail", "products"}}),
		),
		crawler.Accept: asks(tells("https://www.facebook.com/tr/", crawler.PixelEvent{Name: "Bought_Sofa"}, crawler.PixelEvent{},
			crawler.PixelEvent{Tells: []string{"customer number", "e-mail in plain text"}})),
	}), nil, catalogue)
	want := []Deed{
		{Scenario: "no-choice", Name: "PageView", Says: "a page was opened"},
		{Scenario: "no-choice", Name: "Purchase", Says: "something was bought, with amount and products", Identity: []string{"e-mail", "phone"}},
		{Scenario: "accept", Says: "who the visitor is", Identity: []string{"customer number", "e-mail in plain text"}},
		{Scenario: "accept", Name: "Bought_Sofa", Says: "something that the site has a name of its own for"},
	}
	require.Equal(t, want, tracker(t, r, "request www.facebook.com").Events)
	require.Equal(t, want, tracker(t, r, "beacon www.facebook.com/tr/").Events)
	require.Equal(t, "Purchase: something was bought, with amount and products; with the visitor's hashed e-mail and hashed phone", want[1].Words())
	require.Equal(t, "who the visitor is; with the visitor's customer number and e-mail in plain text", want[2].Words())
}

// TestDeedsAreBounded: of many events the same ones are kept, whatever the order they come in.
func TestDeedsAreBounded(t *testing.T) {
	var up, down []scenarioEvent
	for i := range 3 * maxDeeds {
		up = keepEvent(up, scenarioEvent{0, crawler.PixelEvent{Name: strconv.Itoa(i), Tells: []string{"amount"}}})
		down = keepEvent(down, scenarioEvent{0, crawler.PixelEvent{Name: strconv.Itoa(3*maxDeeds - 1 - i), Tells: []string{"amount"}}})
	}
	require.Len(t, up, maxDeeds)
	require.Equal(t, up, down)
}

// TestEventWords: names of all companies mean the same in every spelling.
func TestEventWords(t *testing.T) {
	for words, names := range map[string][]string{
		"a page was opened":                 {"PageView", "page_view", "PAGE_VIEW", "pagevisit", "pageLoad", "Pageview", "page view"},
		"something was put into the basket": {"AddToCart", "add_to_cart", "ADD_CART", "addtocart"},
		"something was bought":              {"Purchase", "CompletePayment", "PURCHASE"},
	} {
		for _, name := range names {
			require.Equal(t, words, eventWords(name, nil), name)
		}
	}
	require.Equal(t, "something whose name is not kept", eventWords("", nil))
}
