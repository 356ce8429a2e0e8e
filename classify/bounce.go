package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// findBounces adds a finding for each host that a visitor is led through on the way to a page, and that keeps an
// identifier while passing. Where the way ends is a page that the visitor wanted, a login for instance.
func (j *judge) findBounces() {
	passed := map[string]bool{}
	for i := range j.scan.Pages {
		p := &j.scan.Pages[i]
		end := crawler.RegistrableDomain(crawler.HostOf(p.FinalURL))
		for k := range p.Requests {
			host := crawler.HostOf(p.Requests[k].URL)
			if p.Requests[k].Type == "document" && crawler.RegistrableDomain(host) != end && keepsIdentifier(p, p.Requests[k].URL) {
				passed[host] = true
			}
		}
	}
	for _, f := range j.found {
		if f.Kind == KindRequest && f.Path == "" && f.Party == string(crawler.Third) && passed[f.Host] {
			message := capital(f.party()) + " is passed on the way from one page to the next and keeps an identifier in the " +
				"visitor's browser there, as if it had been visited."
			j.about(f, RuleBounce, Low, Saying{Remark: message}, j.followFix(f, RuleBounce))
		}
	}
}

// keepsIdentifier reports whether an answer stored a cookie that outlives the visit and tells visitors apart.
func keepsIdentifier(p *crawler.Page, hop string) bool {
	return slices.ContainsFunc(p.Cookies, func(c crawler.Cookie) bool {
		return c.SetBy == hop && c.Refused == "" && c.StoredDays != nil && *c.StoredDays > 0 && c.Traits.Identifier
	})
}

// findDecoration adds a finding for each tracker whose identifier, or click number, is put into links to other sites, and
// for each that keeps, or is told, the number of the click that led here.
func (j *judge) findDecoration() {
	told := map[string]bool{}
	for i := range j.scan.Pages {
		p := &j.scan.Pages[i]
		for _, d := range p.Decorated {
			f := j.decorator(p, d)
			switch on := "to " + d.Host; {
			case d.Passed && !told[on]:
				told[on] = true
				j.passes(p, d)
			case !d.Passed && f != nil && !told[f.ID]:
				told[f.ID] = true
				message := "Links to " + visible(d.Host) + " carry the parameter " + quoted(d.Param) + decorates(d) +
					", so that the visitor is recognised there."
				j.about(f, RuleDecoration, Low, Saying{Remark: message}, "Have the decoration of links switched off, or name it in the policy.")
			}
		}
	}
	for _, f := range j.found {
		if params := j.clicksOf(f); len(params) > 0 && !told[f.ID] {
			j.about(f, RuleDecoration, Low, Saying{Remark: j.arrivalMessage(f, params)}, j.followFix(f, RuleDecoration))
		}
	}
}

// passes adds a finding for links of the site's own that carry on the number of the click by which the visitor came.
func (j *judge) passes(p *crawler.Page, d crawler.Decoration) {
	host := visible(d.Host)
	j.findings = append(j.findings, Finding{
		ID: RuleDecoration + " " + clipID(host), Rule: RuleDecoration, Severity: Low, Subject: d.Host, Pages: []string{p.URL},
		Message: "Links to " + host + " carry on the parameter " + quoted(d.Param) + decorates(d) + ", the number of the click by " +
			"which the visitor came, so that the visitor is recognised there.",
		Fix: "Have the numbers of clicks taken out of links to others, or say in the policy for what they are passed on.",
	})
}

// clicksOf are the numbers of clicks that f keeps or is told and by which it joins the visit to what is known where the
// link was: those of its own company, and of any when nobody knows whose f is. A service that counts visits notes those of
// others as it does every address. Nobody is surprised by what the policy names and the visitor was asked for.
func (j *judge) clicksOf(f *found) []string {
	named := f.Verdict == DeclaredByName || f.Verdict == DeclaredByVendor
	unasked := f.in[crawler.NoChoice] != nil && j.asksConsent()
	if f.benign() || !f.stored() && f.Party == string(crawler.First) || named && !unasked {
		return nil
	}
	var params []string
	for _, param := range f.clicks {
		if !f.named() || f.reads(crawler.ClickParams[param]) {
			params = append(params, param)
		}
	}
	return params
}

// arrivalMessage says which numbers of clicks f keeps or is told.
func (j *judge) arrivalMessage(f *found, params []string) string {
	var numbers []string
	for _, param := range params[:min(len(params), maxShared)] {
		numbers = append(numbers, quoted(param)+" of "+crawler.ClickParams[param])
	}
	does := capital(f.party()) + " is told "
	switch f.Kind {
	case KindCookie:
		does = "The cookie " + quoted(f.Name) + " of " + j.whose(f) + " keeps "
	case KindStorage:
		does = "The storage item " + quoted(f.Name) + " of " + j.whose(f) + " keeps "
	}
	return does + enumerate(numbers, "and") + ", the number of the click by which the visitor came, so that the visit is joined to what is known where the link was."
}

func decorates(d crawler.Decoration) string {
	if who := crawler.ClickParams[d.Param]; who != "" {
		return " of " + who
	}
	return " with the visitor's identifier"
}

// decorator is the tracker that a decorated link speaks of: what holds the identifier, or else what its reader does on
// the page.
func (j *judge) decorator(p *crawler.Page, d crawler.Decoration) *found {
	for _, f := range j.found {
		if _, on := f.seenOn[p.URL]; on && f.stored() && slices.ContainsFunc(d.Carries, func(h string) bool { return slices.Contains(f.values, h) }) {
			return f
		}
	}
	who := crawler.ClickParams[d.Param]
	if who == "" {
		return nil
	}
	for _, f := range j.found {
		if _, on := f.seenOn[p.URL]; on && f.named() && f.reads(who) {
			return f
		}
	}
	return nil
}

// reads reports whether f belongs to who reads the numbers of some clicks.
func (f *found) reads(who string) bool {
	return strings.HasPrefix(string(f.Vendor), who) || strings.HasPrefix(f.Owner, strings.Fields(who)[0])
}
