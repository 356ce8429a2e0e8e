package crawler

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestConsentIn: what the bodies of pixels tell of a choice is kept, and nothing else of them.
func TestConsentIn(t *testing.T) {
	multipart := "--X\r\nContent-Disposition: form-data; name=\"dpo\"\r\n\r\nLDU\r\n--X\r\nContent-Disposition: form-data; name=\"ud[em]\"\r\n\r\n" + hexHash + "\r\n--X--\r\n"
	for name, c := range map[string]struct{ url, body, want string }{
		"Meta, a form":           {"https://www.facebook.com/tr/", "id=1&ev=Purchase&dpo=LDU&dpoco=1000&ud%5Bem%5D=" + hexHash, "dpo=LDU"},
		"Meta, as files":         {"https://www.facebook.com/tr/", multipart, "dpo=LDU"},
		"TikTok":                 {"https://analytics.tiktok.com/api/v2/pixel", `{"event":"Pageview","context":{"user":{"email":"` + hexHash + `"}},"limited_data_use":true}`, "limited_data_use=true"},
		"Microsoft":              {"https://bat.bing.com/actionp/0?ti=1", "evt=pageHide&asc=D&vid=8f14e45fceea167a5a36dedd4bea2543", "asc=D"},
		"the first of several":   {"https://bat.bing.com/action/0", "evt=a\nevt=b&asc=G\nevt=c&asc=D", "asc=G"},
		"an identifier in guise": {"https://www.facebook.com/tr/", "ev=PageView&dpo=8f14e45fceea167a5a36dedd4bea2543", ""},
		"no body":                {"https://www.facebook.com/tr/?dpo=LDU", "", ""},
		"no pixel":               {"https://shop.test/api", "dpo=LDU", ""},
		"too long":               {"https://www.facebook.com/tr/", "dpo=LDU&x=" + strings.Repeat("x", maxEventBody), ""},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, ConsentIn(c.url, []byte(c.body))) })
	}
}
