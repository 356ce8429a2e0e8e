package crawler_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

type renderFunc func(ctx context.Context, v crawler.Visit) (crawler.Page, error)

func (f renderFunc) Render(ctx context.Context, v crawler.Visit) (crawler.Page, error) {
	return f(ctx, v)
}

func TestLoggedIn(t *testing.T) {
	const door = "https://www.shop.test/login?next=/"
	session, own := crawler.NewSession([]byte("in")), crawler.NewSession([]byte("in, and accepted"))
	broken := errors.New("the server answered 500")
	for _, c := range []struct {
		name string
		v    crawler.Visit
		page crawler.Page
		err  error
		want string
	}{
		{"a page", crawler.Visit{URL: "https://www.shop.test/a"}, crawler.Page{FinalURL: "https://www.shop.test/a"}, nil, ""},
		{
			"a page with a search field and a password",
			crawler.Visit{URL: "https://www.shop.test/profile"},
			crawler.Page{FinalURL: "https://www.shop.test/profile", Title: "Your profile", Password: true},
			nil, "",
		},
		{"led to the login", crawler.Visit{URL: "https://www.shop.test/a"}, crawler.Page{FinalURL: "https://www.shop.test/login/?back=a"}, nil, "logged out"},
		{
			"nothing but a login",
			crawler.Visit{URL: "https://www.shop.test/a"},
			crawler.Page{FinalURL: "https://sso.shop.test/x", Title: "Sign in", Password: true},
			nil, "logged out",
		},
		{"the login itself", crawler.Visit{URL: "https://www.shop.test/login"}, crawler.Page{FinalURL: "https://www.shop.test/login"}, nil, ""},
		{"a failure", crawler.Visit{URL: "https://www.shop.test/a"}, crawler.Page{FinalURL: "https://www.shop.test/login"}, broken, "500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for brought, want := range map[*crawler.Session]*crawler.Session{nil: session, own: own} {
				c.v.Session = brought
				r := crawler.LoggedIn(renderFunc(func(_ context.Context, v crawler.Visit) (crawler.Page, error) {
					require.Same(t, want, v.Session)
					return c.page, c.err
				}), session, door)
				page, err := r.Render(t.Context(), c.v)
				require.Equal(t, c.page, page)
				if c.want == "" {
					require.NoError(t, err)
				} else {
					require.ErrorContains(t, err, c.want)
				}
			}
		})
	}
}
