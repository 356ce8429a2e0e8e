package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"trackscan/cmd/trackscan/config"
	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// adopt takes over what a configuration says of the site beyond run's flags: what is sent to it, how its visitors log
// in and answer its banner. Secrets are read here, and told to nobody.
func (j *job) adopt(k configured) error {
	j.conf = k
	if k.site == nil {
		return nil
	}
	c, err := k.credentials()
	if err == nil {
		c.Headers = append(c.Headers, j.credentials.Headers...)
		c.Cookies = append(c.Cookies, j.credentials.Cookies...)
		c.Logins = append(c.Logins, j.credentials.Logins...)
		err = j.take(c)
	}
	if err == nil {
		j.login, err = k.login()
	}
	if err != nil {
		return usageError{fmt.Errorf("%s: site %s: %w", k.config.Path, k.site.Name, err)}
	}
	j.steps = k.steps()
	return nil
}

// read reads a secret of the configuration.
func (k configured) read(s config.Secret) (string, error) {
	return s.Read(filepath.Dir(k.config.Path), os.LookupEnv)
}

// credentials are the headers, cookies and logins of the site, checked as those of files are.
func (k configured) credentials() (c crawler.Credentials, err error) {
	for _, h := range k.site.Headers {
		value, err := k.read(h.Value)
		if err != nil {
			return c, fmt.Errorf("header %s: %w", h.Name, err)
		}
		parsed, err := parseHeaders(h.Name + ": " + value)
		if err != nil || len(parsed) != 1 {
			return c, fmt.Errorf("header %q cannot be sent", h.Name)
		}
		c.Headers = append(c.Headers, parsed...)
	}
	for _, one := range k.site.Cookies {
		value, err := k.read(one.Value)
		if err != nil {
			return c, fmt.Errorf("cookie %s: %w", one.Name, err)
		}
		given := crawler.GivenCookie{Name: one.Name, Value: value, Domain: one.Domain}
		if err := checkCookie(given); err != nil {
			return c, fmt.Errorf("cookie %q: %w", one.Name, err)
		}
		c.Cookies = append(c.Cookies, given)
	}
	if auth := k.site.Auth; auth != nil {
		user, err := k.read(auth.User)
		password, err2 := k.read(auth.Password)
		if err != nil || err2 != nil {
			return c, fmt.Errorf("auth: %w", cmp.Or(err, err2))
		}
		c.Logins = append(c.Logins, crawler.Login{User: user, Password: password})
	}
	return c, nil
}

// login is how visitors of the site log in; nil when they do not.
func (k configured) login() (*browser.Login, error) {
	l := k.site.Login
	if l == nil {
		return nil, nil
	}
	door, err := crawler.Normalise(withScheme(string(l.URL)))
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	out := &browser.Login{URL: door, Expect: l.Expect}
	for _, s := range l.Steps {
		step := browser.LoginStep{Fill: s.Fill, Click: s.Click, Wait: s.Wait}
		if s.With.Set() {
			if step.With, err = k.read(s.With); err != nil {
				return nil, fmt.Errorf("login: fill %s: %w", s.Fill, err)
			}
		}
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

// steps are how the banner of the site is answered; nil for as its words say.
func (k configured) steps() browser.Steps {
	var steps browser.Steps
	for _, a := range k.site.Banner {
		if steps == nil {
			steps = browser.Steps{}
		}
		steps[crawler.Scenario(a.Scenario)] = a.Click
	}
	return steps
}
