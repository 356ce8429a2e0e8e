package crawler

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLanding(t *testing.T) {
	for _, c := range []struct{ name, asked, final, want, askable string }{
		{"as asked", "https://shop.test/?id=canary-1234", "https://shop.test/?id=canary-1234", "https://shop.test/?id=canary-1234", "https://shop.test/"},
		{"elsewhere", "https://shop.test/", "https://shop.test/de/", "https://shop.test/de/", "https://shop.test/de/"},
		{"a page by its number", "https://shop.test/", "https://shop.test/?page=7", "https://shop.test/?page=7", "https://shop.test/?page=7"},
		{"a field of a form", "https://shop.test/", "https://shop.test/sent?t=canary&event=1", "https://shop.test/sent?t=*&event=1", "https://shop.test/sent"},
		{"a fragment and a user", "https://shop.test/", "https://me:canary@shop.test/#canary", "https://shop.test/", "https://shop.test/"},
		{"a session", "https://shop.test/", "https://shop.test/de?sid=canary-1234", "https://shop.test/de?sid=*", "https://shop.test/de"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, Landing(c.asked, c.final))
			require.Equal(t, c.askable, askable(Landing(c.asked, c.final)))
		})
	}
}
