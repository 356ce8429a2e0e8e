package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/cmd/trackscan/config"
	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// adopted is the job that a configuration makes for its one site.
func adopted(t *testing.T, site string) (*job, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.yaml")
	require.NoError(t, os.WriteFile(path, []byte("sites:\n  - name: shop\n    url: www.shop.test\n"+site), 0o600))
	conf, err := config.Load(path, configKeys)
	require.NoError(t, err)
	n := &nights{app: &app{}, flags: &nightlyFlags{}, conf: conf}
	return n.job(conf.Site("shop"))
}

func TestAdopt(t *testing.T) {
	t.Setenv("KEY", "canary 1")
	t.Setenv("PW", "canary 2")
	j, err := adopted(t, `    headers: [{name: X-Key, value: "Bearer ${KEY}"}]
    cookies: [{name: gate, value: "${PW}", domain: shop.test}]
    auth: {user: "${KEY}", password: "${PW}"}
    login: {url: www.shop.test/login, steps: [{fill: "#pw", with: "${PW}"}, {click: button}], expect: .menu}
    banner: [{scenario: accept, click: ["#a", "#b"]}]
`)
	require.NoError(t, err)
	require.Equal(t, []crawler.Header{{Name: "X-Key", Value: "Bearer canary 1"}}, j.credentials.Headers)
	require.Equal(t, []crawler.GivenCookie{{Name: "gate", Value: "canary 2", Domain: "shop.test"}}, j.credentials.Cookies)
	require.Equal(t, []crawler.Login{{User: "canary 1", Password: "canary 2"}}, j.credentials.Logins)
	require.True(t, j.credentials.Scope.Contains("https://www.shop.test/"))
	require.False(t, j.credentials.Scope.Contains("https://tracker.test/"))
	require.Equal(t, &browser.Login{
		URL: "https://www.shop.test/login", Expect: ".menu", Steps: []browser.LoginStep{{Fill: "#pw", With: "canary 2"}, {Click: "button"}},
	}, j.login)
	require.Equal(t, browser.Steps{crawler.Accept: {"#a", "#b"}}, j.steps)
	for _, shown := range []string{fmt.Sprintf("%v %+v", j.credentials, j.login), j.fingerprint()} {
		require.NotContains(t, shown, "canary")
	}
}

// What cannot be sent is told before anything is, and without the secret.
func TestAdoptFails(t *testing.T) {
	t.Setenv("BREAK", "canary\nX-Other: 1")
	t.Setenv("KEY", "canary")
	for site, want := range map[string]string{
		`    headers: [{name: X-Key, value: "${BREAK}"}]`:                       `header "X-Key" cannot be sent`,
		`    headers: [{name: "X Key", value: "${KEY}"}]`:                       `header "X Key" cannot be sent`,
		`    headers: [{name: Host, value: "${KEY}"}]`:                          `header "Host" cannot be sent`,
		`    headers: [{name: X, value: "${NOT_THERE}"}]`:                       "header X: the environment has no NOT_THERE",
		`    cookies: [{name: "a;b", value: "${KEY}"}]`:                         `cookie "a;b": the name of the cookie is none`,
		`    cookies: [{name: a, value: "${BREAK}"}]`:                           `cookie "a": the value of the cookie`,
		`    cookies: [{name: a, value: "file:none"}]`:                          "cookie a: read a secret:",
		`    auth: {user: "${KEY}", password: "${NOT_THERE}"}`:                  "auth: the environment has no NOT_THERE",
		`    login: {url: a.test, steps: [{fill: "#a", with: "${NOT_THERE}"}]}`: "login: fill #a: the environment has no NOT_THERE",
	} {
		_, err := adopted(t, site+"\n")
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "site shop")
		require.NotContains(t, err.Error(), "canary", site)
		require.ErrorAs(t, err, new(usageError))
	}
	require.NotContains(t, strings.ToLower(fmt.Sprint(config.Secret{})), "canary")
}
