package browser_test

import (
	"testing"

	"trackscan/crawler"
	"trackscan/crawler/crawlertest"
)

func TestBrowserIsARenderer(t *testing.T) {
	crawlertest.TestRenderer(t, func(*testing.T) crawler.Renderer { return testBrowser })
}
