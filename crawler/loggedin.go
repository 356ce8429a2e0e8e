package crawler

import (
	"context"
	"errors"
	"net/url"
	"strings"
)

// LoggedIn returns a Renderer whose visitors bring along what a login has left them with, unless they bring a Session of
// their own, which began with that one. door is the address of the login: a page that leads there, or is nothing but
// a login, is a failure, for its visitor is no longer logged in.
func LoggedIn(r Renderer, session *Session, door string) Renderer {
	return &loggedIn{next: r, session: session, door: placeOf(door)}
}

type loggedIn struct {
	next    Renderer
	session *Session
	door    string
}

// errLoggedOut is the failure of a page whose visitor is not logged in any more.
var errLoggedOut = errors.New("logged out: the page asks for a login that was done before")

func (l *loggedIn) Render(ctx context.Context, v Visit) (Page, error) {
	if v.Session == nil {
		v.Session = l.session
	}
	page, err := l.next.Render(ctx, v)
	if err == nil && placeOf(v.URL) != l.door && (placeOf(page.FinalURL) == l.door || loginWall(&page)) {
		err = errLoggedOut
	}
	return page, err
}

// placeOf is an address without query and fragment.
func placeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.ToLower(u.Host) + "/" + strings.Trim(u.Path, "/")
}
