// Package crawler gathers evidence: which pages a site has and what each one did in a visitor's browser.
//
// It holds the words of the evidence (Scan, Page, Cookie, Request, Storage, Document) and the loop that fills them
// (Crawl). It knows neither HTTP nor Chrome: pages are found by a Discoverer (crawler/discover) and rendered by a
// Renderer (crawler/browser). It never judges: a Cookie has no category, so that stored evidence can be judged again
// with better knowledge. Judging is the work of package classify.
//
// Values of cookies, storage items, headers and form fields never enter these types; only their Traits do.
package crawler

import (
	"strings"
	"time"
)

// Scan is everything that one run saw on one site.
type Scan struct {
	Site      string     `json:"site"` // the address that was scanned, normalised; after a redirect its target
	Started   time.Time  `json:"started"`
	Ended     time.Time  `json:"ended"`
	Agent     Agent      `json:"agent"`
	Scenarios []Answer   `json:"scenarios"`
	Pages     []Page     `json:"pages"`
	Policies  []Document `json:"policies"`
	Failures  []Failure  `json:"failures"`
	Warnings  []string   `json:"warnings,omitempty"` // what a reader must know before any number, one sentence each
}

// Whole reports whether nothing that was to be seen was missed: no Failure, and no scenario left not-confirmed.
func (s *Scan) Whole() bool {
	for _, a := range s.Scenarios {
		if a.Result == NotConfirmed {
			return false
		}
	}
	return len(s.Failures) == 0
}

// Agent tells as whom and with what the site was visited.
type Agent struct {
	Trackscan         string `json:"trackscan"` // version of this program
	Browser           string `json:"browser"`   // as the browser names itself, "Chromium 156.0.8078.79"
	UserAgent         string `json:"user_agent"`
	ThirdPartyCookies string `json:"third_party_cookies"` // "allowed" or "refused", as probed at start
	Language          string `json:"language"`
	Timezone          string `json:"timezone"`           // IANA name
	Viewport          string `json:"viewport,omitempty"` // "1280x900", or "mobile 412x915"
	Proxy             string `json:"proxy,omitempty"`    // without credentials; empty for none
}

// Scenario is what the visitor answered or signalled.
type Scenario string

// The scenarios.
const (
	NoChoice Scenario = "no-choice" // the banner, if any, is left alone
	Accept   Scenario = "accept"
	Reject   Scenario = "reject"
	GPC      Scenario = "gpc" // Sec-GPC: 1, the banner left alone
	DNT      Scenario = "dnt" // DNT: 1, the banner left alone
)

// Scenarios lists every Scenario in the order in which they are run and reported.
var Scenarios = []Scenario{NoChoice, Accept, Reject, GPC, DNT}

// Outcome tells what came of a Scenario.
type Outcome string

// The outcomes of a scenario.
const (
	Answered      Outcome = "answered"
	NotApplicable Outcome = "not-applicable" // no banner, or no such button: no failure
	NotConfirmed  Outcome = "not-confirmed"  // the answer could not be given or not be read back: never clean
)

// Answer is a Scenario and what came of it.
type Answer struct {
	Scenario Scenario `json:"name"`
	Result   Outcome  `json:"result"`
	Why      string   `json:"why"`    // empty when answered
	Banner   string   `json:"banner"` // the consent manager seen, HomeMade when nobody can name it, empty for no banner
}

// HomeMade stands for a banner of no known consent manager.
const HomeMade = "home-made"

// Visit is one URL seen by one fresh visitor.
type Visit struct {
	URL      string
	Scenario Scenario
	Session  *Session // cookies and storage that the visitor brings along; nil for none
	Document bool     // keep the page's content as a Document: a policy
	Answer   bool     // answer the banner as Scenario says, live on there, and return the Session that came of it
	Journey  []string // pages that the visitor goes on to in the same context, by clicking their links
	Forgets  bool     // ... and deletes the cookies, nothing else, before the last one
	Clicked  bool     // arrive by an advertisement: with made-up numbers of clicks in the address, see ClickParams
}

// Session is what a visitor carries from the page where the banner was answered to the next visit. It holds values,
// so it lives in memory only: it has no exported fields and encodes to nothing.
//
// What was brought along and is still there at the end of a visit is evidence of that visit, as Brought. What the
// visit set - for the first time or once more - is not: so what a tracker sets after a rejection can be told from what
// the rejection left in place.
//
// Of a visit that answers, only what came after the answer is evidence, and what was there before and still is, as
// Brought: before the answer the visitor was one without a choice.
type Session struct {
	state []byte // in a form known to the Renderer that made it
}

// NewSession wraps what a Renderer wants to find again in a later Visit.
func NewSession(state []byte) *Session { return &Session{state: state} }

// State returns what NewSession was given.
func (s *Session) State() []byte { return s.state }

// Stage names the step of a scan that failed.
type Stage string

// The stages.
const (
	StageDiscover Stage = "discover"
	StageRender   Stage = "render"
	StagePolicy   Stage = "policy"
	StageConsent  Stage = "consent"
	StageMessage  Stage = "message" // of messages: URL is the file
)

// Failure is something that was to be seen and was not.
type Failure struct {
	URL      string   `json:"url"`
	Scenario Scenario `json:"scenario"`
	Stage    Stage    `json:"stage"`
	Error    string   `json:"error"` // in words a user understands, without the URL
}

// OnJourney reports whether it is the way from page to page that failed: each of the pages may have been seen by itself.
func (f Failure) OnJourney() bool { return strings.HasPrefix(f.Error, onJourney) }

// Interrupted reports whether it was not the site that failed: the scan was stopped, or had no time left.
func (f Failure) Interrupted() bool {
	return strings.HasPrefix(strings.TrimPrefix(f.Error, onJourney), WhyInterrupted)
}

// Document is the bytes of a policy as they were served or rendered.
type Document struct {
	URL     string    `json:"url"`
	MIME    string    `json:"mime"` // without parameters: "text/html", "application/pdf", "text/plain"
	Charset string    `json:"charset,omitempty"`
	Bytes   []byte    `json:"bytes"`
	Fetched time.Time `json:"fetched"`
}
