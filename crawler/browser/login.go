package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"

	"trackscan/crawler"
)

// Login is how a visitor logs in: what is done on a page, one thing after the other.
type Login struct {
	URL    string
	Steps  []LoginStep
	Expect string // selector of what only somebody who is logged in sees; empty to take the end of password fields for it
}

// LoginStep is one thing that is done. One of Fill, Click and Wait is set. Selectors are CSS.
type LoginStep struct {
	Fill  string // a field
	With  string // what is typed into it: a secret, which goes nowhere else
	Click string
	Wait  string // until it is to be seen
}

// String never tells what is typed.
func (s LoginStep) String() string {
	switch {
	case s.Fill != "":
		return "fill " + s.Fill
	case s.Click != "":
		return "click " + s.Click
	}
	return "wait for " + s.Wait
}

// GoString is String.
func (s LoginStep) GoString() string { return s.String() }

// stepCap is how long a step waits for its element: a login may lead over several pages.
const stepCap = 10 * time.Second

// Login logs in with a fresh visitor and returns what visitors who are logged in bring along. The error says which step
// failed, and nothing of what was typed.
func (b *Browser) Login(ctx context.Context, l Login) (*crawler.Session, error) {
	c, err := b.acquire()
	if err != nil {
		return nil, err
	}
	defer b.release(c)
	ctx, cancel := context.WithTimeout(ctx, b.opts.PageTimeout)
	defer cancel()
	var guard *crawler.Guard
	if b.opts.Proxy == "" {
		guard = cmp.Or(b.guard, b.guardOf(l.URL))
	}
	v := newVisit(b, c, crawler.Visit{URL: l.URL, Scenario: crawler.NoChoice, Answer: true}, guard)
	v.stop = cancel
	err = v.logIn(ctx, l)
	v.collect(ctx.Err() != nil)
	v.close()
	switch {
	case err != nil:
		return nil, err
	case l.Expect == "" && v.page.Password:
		return nil, errors.New("there is still a field that asks for a password")
	case v.page.Session == nil:
		return nil, errors.New("the browser tells nothing of its cookies")
	}
	return v.page.Session, nil
}

// logIn opens the page and takes the steps. A visit with a consent that was answered has a Session to return.
func (v *visit) logIn(ctx context.Context, l Login) error {
	if err := v.open(ctx); err != nil {
		return err
	}
	v.intercept(v.main)
	res, err := call(ctx, v.main.session, page.Navigate, page.NavigateParams{URL: l.URL})
	switch {
	case err != nil:
		return v.explain(ctx, err)
	case res.ErrorText != "":
		return errors.New(v.whyNot(res.ErrorText))
	}
	a := &answer{visit: v}
	for i, step := range l.Steps {
		if err := a.take(ctx, step); err != nil {
			return fmt.Errorf("step %d, %v: %w", i+1, step, err)
		}
	}
	if l.Expect == "" {
		a.until(ctx, stepCap, func() bool { v.rest(ctx); return !a.shows(ctx, "input[type=password]") })
	} else if err := a.take(ctx, LoginStep{Wait: l.Expect}); err != nil {
		return fmt.Errorf("after the last step, %s: %w", l.Expect, err)
	}
	v.rest(ctx)
	v.page.Consent = &crawler.ConsentState{Result: crawler.Answered}
	return nil
}

// rest waits until the page is there and quiet.
func (v *visit) rest(ctx context.Context) {
	for at := -1; at != v.navigation() && ctx.Err() == nil; {
		at = v.navigation()
		v.awaitLoad(ctx)
		v.quiet(ctx, quietCap)
	}
}

// shows reports whether an element is to be seen.
func (a *answer) shows(ctx context.Context, selector string) bool {
	_, n := a.search(ctx, selector)
	return n >= 0
}

// take takes one step as a person does: the page is there, the element is seen, the mouse goes to it.
func (a *answer) take(ctx context.Context, step LoginStep) error {
	a.rest(ctx)
	selector := cmp.Or(step.Fill, step.Click, step.Wait)
	var at spot
	n := -1
	if !a.until(ctx, stepCap, func() bool { at, n = a.search(ctx, selector); return n >= 0 }) {
		return errors.New("there is no such element to be seen")
	}
	switch {
	case step.Wait != "":
		return nil
	case step.Click != "":
		return at.click(ctx, n)
	}
	return at.fill(ctx, selector, step.With)
}

// fill types into a field, in place of what stands there.
func (s spot) fill(ctx context.Context, selector, text string) error {
	var focused bool
	err := s.ask(ctx, `(() => {
		const field = document.querySelector(`+strconv.Quote(selector)+`);
		if (field) { field.focus(); if (field.select) field.select(); }
		return JSON.stringify(!!field && document.activeElement === field);
	})()`, &focused)
	switch {
	case err != nil:
		return err
	case !focused:
		return errors.New("it takes no text")
	}
	_, err = call(ctx, s.place.session, input.InsertText, input.InsertTextParams{Text: text})
	return err
}

// CookiesOf are the cookies of a Session, for who fetches pages without a browser. They are secrets.
func CookiesOf(s *crawler.Session) []crawler.GivenCookie {
	var c carried
	if s == nil || json.Unmarshal(s.State(), &c) != nil {
		return nil
	}
	var out []crawler.GivenCookie
	for _, p := range c.Cookies {
		domain := p.Domain
		if domain == "" {
			domain = crawler.HostOf(p.URL)
		}
		out = append(out, crawler.GivenCookie{
			Name: p.Name, Value: p.Value, Domain: strings.TrimPrefix(domain, "."), HostOnly: !strings.HasPrefix(domain, "."),
			Path: p.Path, Secure: p.Secure, HTTPOnly: p.HTTPOnly,
		})
	}
	return out
}
