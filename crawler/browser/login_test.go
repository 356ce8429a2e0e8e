package browser_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// loginPages: a login in two steps whose second page comes by script, an account that asks who is there, and a frame of
// another site with a login of its own.
var loginPages = map[string]string{
	"www.shop.test/login": `<!doctype html><title>Log in</title><form onsubmit="return go()"><input id="user" value="old text">
		<button type="submit">Next</button></form>
		<script>function go() { setTimeout(() => { location = '/second?u=' + document.getElementById('user').value; }, 300); return false; }</script>`,
	"www.shop.test/second": `<!doctype html><title>Log in</title><input type="password" name="pw"><div id="in">Log in</div><script>
		document.getElementById('in').onclick = () => {
			if (document.querySelector('[name=pw]').value !== 'pass word"\\ü') return;
			document.cookie = 'session=' + new URLSearchParams(location.search).get('u') + '; path=/; secure';
			localStorage.setItem('token', 'from the login');
			setTimeout(() => { location = '/account'; }, 200);
		}</script>`,
	"www.shop.test/account": `<!doctype html><title>Account</title><p>Hello.</p><script>
		document.write(document.cookie.includes('session=ada') ? '<nav class="menu">Log out</nav>' : '<input type=password>');
		new Image().src = '/who.gif?' + (localStorage.getItem('token') || 'nobody').replaceAll(' ', '-');</script>`,
}

func loginSteps() []browser.LoginStep {
	return []browser.LoginStep{
		{Fill: "#user", With: "ada"}, {Click: "button"}, {Wait: "[name=pw]"}, {Fill: "[name=pw]", With: `pass word"\ü`}, {Click: "#in"},
	}
}

func TestLogin(t *testing.T) {
	s := newScene(t, loginPages)
	for _, expect := range []string{"", ".menu"} {
		session, err := s.Login(t.Context(), browser.Login{URL: "https://www.shop.test/login", Steps: loginSteps(), Expect: expect})
		require.NoError(t, err)
		page, err := s.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/account", Scenario: crawler.NoChoice, Session: session})
		require.NoError(t, err)
		require.False(t, page.Password, "the visitor is logged in")
		asked := s.asked("www.shop.test/who.gif")
		require.Equal(t, "from-the-login", asked[len(asked)-1].URL.RawQuery)
		require.NotContains(t, fmt.Sprintf("%+v", page), "pass word")
	}
	stranger, err := s.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/account", Scenario: crawler.NoChoice})
	require.NoError(t, err)
	require.True(t, stranger.Password, "nobody else is")
	for _, hit := range s.hits {
		require.NotContains(t, hit.URL.String(), "word")
	}
}

func TestLoginThatFails(t *testing.T) {
	s := newScene(t, loginPages)
	wrong := loginSteps()
	wrong[3].With = "canary"
	gone := loginSteps()
	gone[1].Click = "#nothing"
	for _, c := range []struct {
		name  string
		login browser.Login
		want  string
	}{
		{"the wrong password", browser.Login{Steps: wrong}, "there is still a field that asks for a password"},
		{"no such element", browser.Login{Steps: gone}, "step 2, click #nothing: there is no such element to be seen"},
		{"not a field", browser.Login{Steps: []browser.LoginStep{{Fill: "form", With: "canary"}}}, "step 1, fill form: it takes no text"},
		{"not a selector", browser.Login{Steps: []browser.LoginStep{{Click: "<<"}}}, "step 1, click <<"},
		{"what is expected does not come", browser.Login{Steps: loginSteps()[:1], Expect: ".menu"}, "after the last step, .menu"},
		{"nobody is there", browser.Login{URL: "https://127.0.0.1:47123/", Steps: loginSteps()}, "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.login.URL == "" {
				c.login.URL = "https://www.shop.test/login"
			}
			session, err := s.Login(t.Context(), c.login)
			require.Nil(t, session)
			require.Error(t, err)
			require.Contains(t, strings.ToLower(err.Error()), strings.ToLower(c.want))
			require.NotContains(t, err.Error(), "canary")
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Login(ctx, browser.Login{URL: "https://www.shop.test/login", Steps: loginSteps()})
	require.ErrorIs(t, err, context.Canceled)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", wrong, wrong, wrong), "canary")
}
