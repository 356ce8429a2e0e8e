package crawlertest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"trackscan/crawler"
)

// jar holds the cookies of one visit of the Fake.
type jar struct {
	*cookiejar.Jar
	at      *url.URL
	brought carried
}

// carried is the Session of the Fake: the cookies of one site, and their evidence.
type carried struct {
	Cookies []*http.Cookie
	Seen    []crawler.Cookie
}

func newJar(v crawler.Visit) (*jar, error) {
	plain, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	j := &jar{Jar: plain}
	if j.at, err = url.Parse(v.URL); err != nil || v.Session == nil {
		return j, err
	}
	err = json.Unmarshal(v.Session.State(), &j.brought)
	j.SetCookies(j.at, j.brought.Cookies)
	return j, err
}

// stillThere adds the cookies that were brought along and that the visit did not set, and takes the Session of a visit
// that answered.
func (j *jar) stillThere(v crawler.Visit, page *crawler.Page) {
	set := map[string]bool{}
	for _, c := range page.Cookies {
		set[c.Name] = true
	}
	there := map[string]bool{}
	for _, c := range j.Cookies(j.at) {
		there[c.Name] = true
	}
	for _, c := range j.brought.Seen {
		if c.Brought = true; there[c.Name] && !set[c.Name] {
			page.Cookies = append(page.Cookies, c)
		}
	}
	if v.Answer && page.Consent != nil && page.Consent.Result == crawler.Answered {
		state, _ := json.Marshal(carried{j.Cookies(j.at), page.Cookies}) // of strings
		page.Session = crawler.NewSession(state)
	}
}

// answer follows the link of a banner that bears the scenario's name. A banner is what has the role of a dialog. What
// came before the answer is no evidence.
func answer(ctx context.Context, client *http.Client, v crawler.Visit, body []byte, page *crawler.Page) error {
	page.Cookies, page.Requests = nil, nil
	links, banner := bannerLinks(body)
	if !banner {
		return nil
	}
	page.Consent = &crawler.ConsentState{Banner: true, Choice: len(links) > 0, Result: crawler.NotApplicable, Why: "no such button"}
	base, err := url.Parse(page.FinalURL)
	if err != nil {
		return err
	}
	for text, href := range links {
		if !strings.HasPrefix(strings.ToLower(text), string(v.Scenario)) {
			continue
		}
		to, err := base.Parse(href)
		if err != nil {
			return err
		}
		page.Consent.Result, page.Consent.Why = crawler.Answered, ""
		_, err = get(ctx, client, to.String(), page)
		return err
	}
	return nil
}

// bannerLinks are the links of a banner by their texts.
func bannerLinks(body []byte) (links map[string]string, banner bool) {
	links = map[string]string{}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return links, false
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || attr(n, "role") != "dialog" {
			continue
		}
		banner = true
		for a := range n.Descendants() {
			if a.DataAtom == atom.A {
				links[strings.TrimSpace(textOf(a))] = attr(a, "href")
			}
		}
	}
	return links, banner
}
