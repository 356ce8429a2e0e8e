// Package report turns a judged scan into words and pictures: text for a terminal, JSON for programs, CSV for
// spreadsheets, Markdown for a pull request, HTML for the people who own the site.
//
// It is pure: values in, bytes out; no paths, no sockets, no clock, and the same evidence gives the same bytes. It
// never judges: verdicts and findings come from package classify, and so do the words that explain a rule. Sending a
// report is the work of report/mail.
//
// Whatever a site says is hostile: control characters and whatever hides or reorders text are made visible, long
// names are cut in the middle, and each format escapes what it prints in its own way.
//
// It is one room, for a format is little more than the words that all of them share. Build (report.go) makes the values:
// facts.go is what programs read; cards are what people read, put together in group.go and worded in matter.go,
// headline.go, brief.go and cardwords.go. Compare (compare.go) holds nights against each other, with noise.go for what
// comes and goes by itself. format.go lists the formats, each in a file of its name; the templates of the page lie in
// page. What is no format of a scan stands beside them: diff.go, declaration.go, newsletters.go, and summary.go for mails.
package report

import (
	"slices"

	"trackscan/classify"
	"trackscan/crawler"
)

// Options is what a report tells beyond the scan and its judgement.
type Options struct {
	Catalog string // the version of the catalogue that judged; empty when not known
	Lists   []List // the filter lists that were loaded

	// Earlier are the scans before this one, oldest first, judged with the same knowledge: what changed, the trend and
	// since when something is open come from them. Empty for a first scan, and for a report that is not to compare.
	Earlier  []Night
	Exempted []Exemption
}

// List is a filter list that was loaded.
type List struct {
	Name  string `json:"name"`
	Date  string `json:"date"`  // of the list itself, as it states it; empty when it does not
	Rules int    `json:"rules"` // network rules that are in use
}

// Report is a judged scan, ready to be written by any Format. Facts holds what the site said, in its own bytes; every
// other string is inert and bounded.
type Report struct {
	Facts    Facts
	Host     string    // of the site, for people
	Dead     bool      // nothing could be scanned
	Warnings []Warning // to be read before any number; empty for a scan that is whole
	Counts   Counts
	ToDo     []Card    // what has findings, worst first
	Declared []Card    // what the policy declares and nothing is wrong with
	Rest     []Card    // what could not be compared with a policy and has no finding
	Harmless []Card    // what is no tracker: fonts, libraries, the site's own hosts
	Claims   []Claim   // promises of the policy, broken ones first
	Unseen   []Missing // declared and never seen
	Loads    []Loader  // who brings whom
	Visits   []Visit   // the pages, and how much was seen on each
	Accepted []Card    // would be to do, but that all its findings are exempted
	Changes  Changes   // since earlier scans; zero when there are none
	Trend    []Point   // earlier scans and this one; empty without earlier ones
	Matrix   Matrix    // what was there in which scenario
	Banner   Banner    // how the site asked for consent
	Policies []Read    // the documents that were read
}

// Read is a policy that was read, and when.
type Read struct {
	URL  string
	When string // empty when not known
}

// Build makes the Report of a scan. Policies are as they were read: one, several, or one merged from several. Build
// changes none of its arguments.
func Build(scan *crawler.Scan, result classify.Result, policies []classify.Policy, opts Options) Report {
	facts := newFacts(scan, result, policies, opts)
	r := Report{Facts: facts, Host: show(hostOrSite(facts.Site)), Dead: dead(facts)}
	expired := r.Facts.exempt(opts.Exempted)
	facts = r.Facts
	r.Warnings = append(warnings(facts), expiredWarnings(expired)...)
	cards := group(facts)
	r.deal(cards)
	r.ToDo = append(siteCards(facts), r.ToDo...)
	sortCards(r.ToDo)
	r.Claims = claims(facts.Claims, cards)
	r.Unseen = missing(facts)
	r.Loads = loaders(slices.Concat(r.ToDo, r.Declared, r.Rest), bringerNames{scriptNames(facts.Trackers), hostOwners(cards)})
	r.Visits = visits(scan)
	r.Banner = newBanner(scan)
	r.Matrix = newMatrix(scan.Scenarios, slices.Concat(r.ToDo, r.Accepted, r.Declared, r.Rest))
	r.Policies = mapped(scan.Policies, func(d crawler.Document) Read { return Read{show(d.URL), when(d.Fetched)} })
	r.Counts = count(cards, r.Unseen)
	night := NewNight(scan, result, policies)
	r.Changes = Compare(opts.Earlier, night)
	r.Trend = trend(opts.Earlier, opts.Exempted, newPoint(night.Started, night.Whole, r.Counts))
	for i := range r.ToDo {
		r.ToDo[i].follow(r.Changes, opts.Earlier, night)
	}
	newFirst(r.ToDo)
	return r
}

// dead reports whether not one page of the site could be seen.
func dead(f Facts) bool {
	for _, p := range f.Pages {
		if p.Status > 0 && p.Status < 400 {
			return false
		}
	}
	return true
}

// hostOrSite returns the host of a site's address, and the address itself when it has none.
func hostOrSite(site string) string {
	if host := crawler.HostOf(site); host != "" {
		return host
	}
	return site
}
