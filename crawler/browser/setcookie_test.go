package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestParseSetCookie(t *testing.T) {
	for line, want := range map[string]setCookie{
		"a=1":                         {name: "a", value: "1"},
		" a = 1 ; Path = /x ":         {name: "a", value: "1", path: "/x"},
		"a=b=c; Domain=.Shop.Test":    {name: "a", value: "b=c", domain: "shop.test"},
		"nameless":                    {value: "nameless"},
		"=v":                          {value: "v"},
		"a=1; path=relative":          {name: "a", value: "1"},
		"a=1; Path=/x; Path=/y":       {name: "a", value: "1", path: "/y"},
		"a=1; secure; HttpOnly":       {name: "a", value: "1", secure: true, httpOnly: true},
		"a=1; SameSite=none":          {name: "a", value: "1", sameSite: "None"},
		"a=1; SameSite=weird":         {name: "a", value: "1"},
		"a=1; Partitioned; Max-Age=x": {name: "a", value: "1", partitioned: true},
		`a="q"; Max-Age=60`:           {name: "a", value: `"q"`, maxAge: new(int64(60))},
	} {
		got, ok := parseSetCookie(line)
		require.True(t, ok, line)
		require.Equal(t, want, got, line)
	}
	for _, line := range []string{"", ";", " = ; Path=/"} {
		_, ok := parseSetCookie(line)
		require.False(t, ok, line)
	}
}

func TestAskedDays(t *testing.T) {
	for attributes, want := range map[string]float64{
		"":                                       0,
		"; Max-Age=86400":                        1,
		"; Max-Age=1800":                         0.020833,
		"; Max-Age=0":                            -1,
		"; Max-Age=-5; Expires=Wed, 22 Nov 2028": -1,
		"; Max-Age=86400; Expires=Thu, 01 Jan 1970 00:00:00 GMT": 1,
		"; Expires=Mon, 23 Nov 2026 12:00:00 GMT":                1,
		"; Expires=Mon, 23-Nov-2026 12:00:00 GMT":                1,
		"; Expires=Mon, 23-Nov-26 12:00:00 GMT":                  1,
		"; Expires=Mon Nov 23 2026 13:00:00 GMT+0100 (CET)":      1,
		"; Expires=Thu, 01 Jan 1970 00:00:00 GMT":                -1,
		"; Expires=tomorrow":                                     0,
		"; Max-Age=99999999999999":                               36500,
	} {
		c, ok := parseSetCookie("a=1" + attributes)
		require.True(t, ok)
		require.InDelta(t, want, c.askedDays(noon), 1e-6, attributes)
	}
}

// TestDaysAreSteady: the setter's clock and ours tick between its sum and ours, the lifetime must not.
func TestDaysAreSteady(t *testing.T) {
	for _, lifetime := range []time.Duration{30 * time.Minute, 24 * time.Hour, 365 * 24 * time.Hour} {
		for lost := range 10 {
			require.InDelta(t, lifetime.Hours()/24, days(lifetime-time.Duration(lost)*400*time.Millisecond), 1e-6)
		}
	}
}

func TestDefaultPath(t *testing.T) {
	for path, want := range map[string]string{"": "/", "/": "/", "/a": "/", "/a/": "/a", "/a/b": "/a", "x": "/"} {
		require.Equal(t, want, defaultPath(path), path)
	}
}

func TestStackURL(t *testing.T) {
	for stack, want := range map[string]string{
		"Error\n    at get (<anonymous>:10:2)\n    at https://cdn.test/a.js?v=1:3:14": "https://cdn.test/a.js?v=1",
		"Error\n    at f (http://127.0.0.1:8080/x.js:1:2)":                            "http://127.0.0.1:8080/x.js",
		"Error": "", "": "",
	} {
		require.Equal(t, want, stackURL(stack))
	}
}

func FuzzParseSetCookie(f *testing.F) {
	for _, s := range []string{"a=1; Max-Age=1", "=;=;=", "a=1; Expires=Mon, 23-Nov-26 12:00:00 GMT", strings.Repeat(";", 500)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		c, ok := parseSetCookie(line)
		if !ok {
			return
		}
		require.False(t, c.name == "" && c.value == "")
		require.LessOrEqual(t, c.askedDays(noon), 36500.0)
		require.True(t, c.path == "" || c.path[0] == '/')
	})
}
