package policy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// TestReadable holds the texts of quotes to what a person reads: no halves of markup, no cell twice that spans rows.
func TestReadable(t *testing.T) {
	for _, c := range []struct{ mime, src, name, want string }{
		{"text/markdown", "# Cookies\n\nWe use these cookies on our website:\n\n| Name | Purpose | Expires |\n|---|---|---|\n| **sid** | [Keeps](https://example.com) you signed in | session |\n", "sid", "sid | Keeps you signed in | session"},
		{"text/html", "<h1>Cookies</h1><table><tr><th>Name</th><th>Purpose</th><th>Expires</th></tr><tr><td>_ga</td><td rowspan=2>Counts <b>visits</b></td><td>2 years</td></tr><tr><td>_gid</td><td>1 day</td></tr></table>", "_gid", "Counts visits | 2 years _gid | 1 day"},
	} {
		p, err := (&Reader{}).Read(crawler.Document{MIME: c.mime, Bytes: []byte(c.src)})
		require.NoError(t, err)
		found := false
		for _, cookie := range p.Cookies {
			if cookie.Name == c.name {
				found = true
				assert.Equal(t, c.want, cookie.Text)
			}
		}
		assert.True(t, found, c.name)
	}
}
