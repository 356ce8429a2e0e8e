package crawler

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNormalise(t *testing.T) {
	cases := map[string]struct{ in, want string }{
		"already normal":         {"https://www.shop.test/a/b?c=d", "https://www.shop.test/a/b?c=d"},
		"no path":                {"https://www.shop.test", "https://www.shop.test/"},
		"case":                   {"HTTPS://WWW.Shop.TEST/Path", "https://www.shop.test/Path"},
		"default https port":     {"https://shop.test:443/", "https://shop.test/"},
		"default http port":      {"http://shop.test:80/", "http://shop.test/"},
		"other port":             {"https://shop.test:8443/", "https://shop.test:8443/"},
		"empty port":             {"https://shop.test:/", "https://shop.test/"},
		"fragment":               {"https://shop.test/a#b", "https://shop.test/a"},
		"user and password":      {"https://me:secret@shop.test/", "https://shop.test/"},
		"dot segments":           {"https://shop.test/a/./b/../c", "https://shop.test/a/c"},
		"escaped dot segments":   {"https://shop.test/a/%2e%2E/c", "https://shop.test/c"},
		"above the root":         {"https://shop.test/../../etc/passwd", "https://shop.test/etc/passwd"},
		"dots at the end":        {"https://shop.test/a/b/..", "https://shop.test/a/"},
		"double slashes":         {"https://shop.test/a//b", "https://shop.test/a//b"},
		"backslashes":            {`https:\\shop.test\a`, "https://shop.test/a"},
		"missing slashes":        {"https:shop.test/a", "https://shop.test/a"},
		"trailing dot of host":   {"https://shop.test./a", "https://shop.test/a"},
		"blanks around":          {" \thttps://shop.test/a\n", "https://shop.test/a"},
		"line break within":      {"https://shop.test/a\n/b", "https://shop.test/a/b"},
		"blank within":           {"https://shop.test/a b?c d", "https://shop.test/a%20b?c%20d"},
		"needless escape":        {"https://shop.test/%7Euser/%61", "https://shop.test/~user/a"},
		"escape in lower case":   {"https://shop.test/%c3%bc", "https://shop.test/%C3%BC"},
		"raw UTF-8":              {"https://shop.test/ü", "https://shop.test/%C3%BC"},
		"stray percent":          {"https://shop.test/100%", "https://shop.test/100%25"},
		"escaped slash stays":    {"https://shop.test/a%2Fb", "https://shop.test/a%2Fb"},
		"script in the address":  {"https://shop.test/<script>\"", "https://shop.test/%3Cscript%3E%22"},
		"NUL":                    {"https://shop.test/a\x00b", "https://shop.test/a%00b"},
		"campaign":               {"https://shop.test/?utm_source=x&a=1&gclid=2&fbclid=3", "https://shop.test/?a=1"},
		"campaign, upper case":   {"https://shop.test/?UTM_Source=x", "https://shop.test/"},
		"only campaign":          {"https://shop.test/a?utm_medium=x", "https://shop.test/a"},
		"session in the query":   {"https://shop.test/?PHPSESSID=1&b=2", "https://shop.test/?b=2"},
		"session in the path":    {"https://shop.test/a;jsessionid=1F2E?b=2", "https://shop.test/a?b=2"},
		"session, then more":     {"https://shop.test/a;JSESSIONID=1/b", "https://shop.test/a/b"},
		"other path parameter":   {"https://shop.test/a;v=1/b", "https://shop.test/a;v=1/b"},
		"ASP.NET session":        {"https://shop.test/(S(abc123))/page.aspx", "https://shop.test/page.aspx"},
		"order of parameters":    {"https://shop.test/?b=1&a=2&&", "https://shop.test/?b=1&a=2"},
		"empty query":            {"https://shop.test/?", "https://shop.test/"},
		"international host":     {"https://Müller.test/", "https://xn--mller-kva.test/"},
		"underscore in host":     {"https://my_shop.test/", "https://my_shop.test/"},
		"IPv4":                   {"http://127.0.0.1:8080/", "http://127.0.0.1:8080/"},
		"IPv4 as one number":     {"http://2130706433/", "http://127.0.0.1/"},
		"IPv4, hexadecimal":      {"http://0x7f.1/", "http://127.0.0.1/"},
		"IPv4, wide digits":      {"http://１２７。1/", "http://127.0.0.1/"},
		"a dot at the end, wide": {"http://shop.test。/", "http://shop.test/"},
		"IPv4, octal":            {"http://0177.0.0.01/", "http://127.0.0.1/"},
		"IPv6":                   {"http://[2001:DB8::0:1]:80/", "http://[2001:db8::1]/"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Normalise(c.in)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			again, err := Normalise(got)
			require.NoError(t, err)
			require.Equal(t, got, again, "the normal form is its own")
		})
	}
}

func TestNormaliseRefuses(t *testing.T) {
	cases := map[string]string{
		"empty":              "",
		"relative":           "/a/b",
		"no scheme":          "www.shop.test",
		"mail":               "mailto:a@shop.test",
		"script":             "javascript:alert(1)",
		"script in disguise": "java\nscript:alert(1)",
		"data":               "data:text/html,x",
		"file":               "file:///etc/passwd",
		"browser":            "chrome://settings",
		"no host":            "https:///",
		"only a user":        "https://user@/",
		"blank in the host":  "https://shop .test/",
		"host with markup":   "https://<b>.test/",
		"bad port":           "https://shop.test:port/",
		"bad IPv6":           "https://[::1/",
		"IPv6 with a zone":   "https://[fe80::1%25eth0]/",
		"endless":            "https://shop.test/" + strings.Repeat("a", 3000),
		"a megabyte":         "https://shop.test/" + strings.Repeat("a", 1<<20),
		"host too long":      "https://" + strings.Repeat("a.", 200) + "test/",
	}
	for name, in := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Normalise(in)
			require.Error(t, err, "got %q", got)
		})
	}
}

func FuzzNormalise(f *testing.F) {
	for _, seed := range []string{
		"https://www.shop.test/a/../b;jsessionid=1?utm_source=x&b=%zz#c", "HTTP://0x7f.1:80//a//./..", `https:\\a\b`,
		"https://[::1]:443/%2e%2e/(S(x))/?&&=&a", "https://Müller.test/ü?ü=%C3", "https://a/..;sid=/b", "http://1.2.3.4.5/", "http:４", "http://１２７。1.",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		address, err := Normalise(raw)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(address), maxAddress)
		require.True(t, strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://"), address)
		require.NotContains(t, address, "#")
		again, err := Normalise(address)
		require.NoError(t, err, address)
		require.Equal(t, address, again)
		require.NotEmpty(t, HostOf(address), address)
		require.Equal(t, identity(address), identity(again))
		endless(address)
	})
}

func TestIdentity(t *testing.T) {
	same := [][2]string{
		{"https://shop.test/a", "http://shop.test/a"},
		{"https://shop.test/a/", "https://shop.test/a"},
		{"https://shop.test/index.html", "https://shop.test/"},
		{"https://shop.test/a/index.php?x=1", "https://shop.test/a?x=1"},
		{"https://shop.test/?a=1&b=2", "https://shop.test/?b=2&a=1"},
	}
	for _, pair := range same {
		require.Equal(t, identity(pair[0]), identity(pair[1]))
	}
	different := [][2]string{
		{"https://shop.test/a", "https://shop.test/A"},
		{"https://shop.test/a", "https://www.shop.test/a"},
		{"https://shop.test:8443/a", "https://shop.test/a"},
		{"https://shop.test/?a=1", "https://shop.test/?a=2"},
	}
	for _, pair := range different {
		require.NotEqual(t, identity(pair[0]), identity(pair[1]))
	}
}

func TestEndless(t *testing.T) {
	cases := map[string]bool{
		"https://shop.test/":                                          false,
		"https://shop.test/a/b/c/d/e":                                 false,
		"https://shop.test/en/shop/en/shop":                           false,
		"https://shop.test/2024/01/01":                                false,
		"https://shop.test/a/a/a/":                                    true,
		"https://shop.test/x/a/b/a/b/a/b":                             true,
		"https://shop.test/a/x/a/y/a/z/a":                             true,
		"https://shop.test/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17": true,
		"https://shop.test/?a=1&a=1":                                  true,
		"https://shop.test/?" + strings.Repeat("f=1&", 20):            true,
	}
	for address, want := range cases {
		require.Equal(t, want, endless(address), address)
	}
}

func TestIsLocal(t *testing.T) {
	for _, host := range []string{
		"localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "::1", "0.0.0.0", "[::]",
		"169.254.169.254", "[fe80::1]", "[::ffff:127.0.0.1]", "127.0.0.1:9222", "[::1]:80", "224.0.0.251",
	} {
		require.True(t, IsLocal(host), host)
	}
	for _, host := range []string{"shop.test", "10.0.0.1", "8.8.8.8", "localhost.shop.test", "[2001:db8::1]", ""} {
		require.False(t, IsLocal(host), host)
	}
}
