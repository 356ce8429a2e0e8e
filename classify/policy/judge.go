package policy

import (
	"slices"
	"strings"

	"trackscan/classify"
)

// judge reads the sentences, in the order of the document.
func (d *document) judge() {
	for i := range d.statements {
		s := &d.statements[i]
		d.readDNT(s)
		d.readEffective(s)
		if s.kind == heading {
			if !strings.HasSuffix(s.p.text.s, "?") {
				d.claimSentence(s)
			}
			d.vendorHeading(i)
			if s.sec.third && len(s.found) > 0 && !s.sec.manage && !s.sec.general {
				d.thirdParty = declared // "Cookies of third parties", then "Google Analytics"
			}
			continue
		}
		d.purposeSentence(s)
		d.toolSentence(s)
		d.labelSentence(s)
		d.vendorSentence(s)
		d.technologySentence(s)
		d.thirdPartySentence(s)
		d.claimSentence(s)
		d.cookieSentence(s, i)
	}
	d.optOuts()
	d.settle()
}

// settle draws what follows from all sentences together.
func (d *document) settle() {
	if i := slices.IndexFunc(d.cookies, func(c classify.PolicyCookie) bool { return c.Storage == "cookie" }); i >= 0 && !d.hasTechnology("cookie") {
		d.addTechnology("cookie", span{d.cookies[i].Start, d.cookies[i].End})
	}
	if i := slices.IndexFunc(d.categories, d.labelsCookies); i >= 0 && !d.hasTechnology("cookie") {
		d.technologies = append(d.technologies, classify.Technology{ID: "cookie", Quote: d.categories[i].Quote})
	}
	for _, c := range d.cookies {
		if strings.HasSuffix(c.Storage, "_storage") {
			d.addTechnology("local_storage", span{c.Start, c.End})
			break
		}
	}
	d.dropGeneral()
	d.dropContradicted()
	d.onlyNecessary()
	d.dropEmpty()
	d.withoutCookies()
	if d.thirdParty == silent && (d.onlyFirst || d.hasClaim("no_third_party_cookies")) {
		d.thirdParty = denied
	}
}

// labelsCookies reports whether the label of a category speaks of cookies itself: "Analytics cookies".
func (d *document) labelsCookies(c categoryFact) bool {
	return c.basis == basisLabel && d.phrase(text{s: c.Label}).has("cookie")
}

// dropGeneral takes back the purposes that are only told where cookies are explained, when labels tell what there is.
func (d *document) dropGeneral() {
	if slices.ContainsFunc(d.categories, func(c categoryFact) bool { return c.basis == basisLabel }) {
		d.categories = slices.DeleteFunc(d.categories, func(c categoryFact) bool { return c.basis == basisGeneral })
	}
}

// dropContradicted takes back the promises that no cookie, no storage or nothing that lasts is used where the policy lists
// such: they are meant of a part of the site, or of a tool.
func (d *document) dropContradicted() {
	listed := func(is func(classify.PolicyCookie) bool) bool { return slices.ContainsFunc(d.cookies, is) }
	d.claims = slices.DeleteFunc(d.claims, func(c classify.Claim) bool {
		switch {
		case c.Scope != "":
		case c.ID == "no_cookies":
			return listed(func(c classify.PolicyCookie) bool { return c.Storage == "cookie" })
		case c.ID == "no_local_storage":
			return d.hasTechnology("local_storage")
		case c.ID == "session_only":
			return listed(func(c classify.PolicyCookie) bool { return c.Storage == "cookie" && c.DurationClass == persistent })
		}
		return false
	})
}

// deniedBy are the promises that deny a category.
var deniedBy = map[classify.Category]string{
	classify.Advertising: "no_advertising_cookies", classify.Analytics: "no_analytics_cookies",
}

// dropEmpty takes back the categories whose own section, or a promise, says that there are no such cookies, unless one
// is listed.
func (d *document) dropEmpty() {
	for _, c := range d.catDenied {
		if promise := deniedBy[c.ID]; promise != "" && d.hasClaim(promise) {
			d.emptyLabels = append(d.emptyLabels, c.ID)
		}
	}
	for _, id := range d.emptyLabels {
		if slices.ContainsFunc(d.cookies, func(c classify.PolicyCookie) bool { return classify.Category(c.Category) == id }) {
			continue
		}
		d.categories = slices.DeleteFunc(d.categories, func(c categoryFact) bool { return c.ID == id })
	}
}

// withoutCookies takes a policy at its word that there are no cookies, when it tells of none.
func (d *document) withoutCookies() {
	ofCookies := slices.ContainsFunc(d.cookies, func(c classify.PolicyCookie) bool { return c.Storage == "cookie" })
	labelled := len(d.cookies) == 0 && slices.ContainsFunc(d.categories, func(c categoryFact) bool { return c.basis == basisLabel })
	if ofCookies || labelled || d.thirdParty == declared || !slices.ContainsFunc(d.claims, func(c classify.Claim) bool { return c.ID == "no_cookies" && c.Scope == "" }) {
		return
	}
	d.technologies = slices.DeleteFunc(d.technologies, func(t classify.Technology) bool { return t.ID == "cookie" })
}

// onlyNecessary takes a policy at its word that all its cookies are necessary, unless it labels others.
func (d *document) onlyNecessary() {
	if !d.hasClaim("only_necessary_cookies") {
		return
	}
	kept := d.categories[:0:0]
	for _, c := range d.categories {
		if c.ID == classify.Necessary || c.basis > basisCookie {
			kept = append(kept, c)
		}
		if c.ID != classify.Necessary && c.basis == basisLabel {
			return
		}
	}
	d.categories = kept
	for i := range d.cookies {
		d.cookies[i].Category = classify.Text(classify.Necessary)
	}
}
