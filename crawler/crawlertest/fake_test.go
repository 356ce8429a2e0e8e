package crawlertest_test

import (
	"testing"

	"trackscan/crawler"
	"trackscan/crawler/crawlertest"
)

func TestFake(t *testing.T) {
	crawlertest.TestRenderer(t, func(*testing.T) crawler.Renderer { return crawlertest.Fake{} })
}
