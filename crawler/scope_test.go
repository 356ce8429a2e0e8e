package crawler

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestScope(t *testing.T) {
	cases := map[string]struct {
		site    string
		hosts   []string
		in, out []string
	}{
		"registrable domain": {
			"https://www.shop.test/", nil,
			[]string{"https://www.shop.test/a", "http://shop.test/", "https://deep.blog.shop.test/", "https://shop.test:8443/"},
			[]string{"https://myshop.test/", "https://shop.test.evil.test/", "https://test/", "mailto:a@shop.test", ""},
		},
		"public suffix of two labels": {
			"https://www.shop.co.uk/", nil,
			[]string{"https://blog.shop.co.uk/"},
			[]string{"https://other.co.uk/"},
		},
		"given hosts": {
			"https://www.shop.test/",
			[]string{"www.shop.test", "*.shop-blog.test", "Pay.test:8443"},
			[]string{"https://www.shop.test/", "https://a.shop-blog.test/", "https://pay.test:8443/"},
			[]string{"https://blog.shop.test/", "https://pay.test/"},
		},
		"address": {
			"http://127.0.0.1:8080/", nil,
			[]string{"http://127.0.0.1:8080/a"},
			[]string{"http://127.0.0.1:9222/", "http://localhost:8080/", "http://1.127.0.0.1:8080/"},
		},
		"address, both default ports": {
			"http://127.0.0.1/", nil,
			[]string{"https://127.0.0.1/a", "http://127.0.0.1/"},
			[]string{"http://127.0.0.1:9222/"},
		},
		"single label": {
			"http://intranet/", nil,
			[]string{"http://intranet/a"},
			[]string{"http://other.intranet/", "http://intranet:81/"},
		},
		"IPv6": {
			"http://[::1]:8080/", nil,
			[]string{"http://[::1]:8080/a"},
			[]string{"http://[::1]/"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			scope, err := NewScope(c.site, c.hosts)
			require.NoError(t, err)
			for _, address := range c.in {
				require.True(t, scope.Contains(address), address)
			}
			for _, address := range c.out {
				require.False(t, scope.Contains(address), address)
			}
		})
	}
}

func TestScopeRefuses(t *testing.T) {
	for _, host := range []string{"", "https://shop.test", "shop.test/path", "a b"} {
		_, err := NewScope("https://shop.test/", []string{host})
		require.Error(t, err, host)
	}
	_, err := NewScope("no address", nil)
	require.Error(t, err)
}

func TestScopeZeroHoldsNothing(t *testing.T) {
	require.False(t, Scope{}.Contains("https://shop.test/"))
	require.False(t, Scope{}.Local())
}

func TestScopeString(t *testing.T) {
	scope, err := NewScope("https://shop.test/", []string{"shop.test", "[::1]:8080"})
	require.NoError(t, err)
	require.Equal(t, "shop.test, [::1]:8080", scope.String())
	require.True(t, scope.Local())
}
